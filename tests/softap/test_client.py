"""The device link against whole devices, refusing ones and unreliable ones."""

from __future__ import annotations

import json
import logging

import pytest

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    Cancelled,
    DeviceRefused,
    DeviceSilent,
    DeviceVanished,
    NetworkNameLength,
    NetworkUnseen,
    PassphraseLength,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials
from setup_wizard.softap.client import FIRST_CONTACT, PAUSE, TRIES, SoftapLink
from tests.softap.links import (
    CAFE,
    CODE,
    DEVICE_ID,
    HOME,
    HTML,
    ROUTER,
    over_http,
    over_tcp,
    replies,
)
from tests.softap.recorded import RECORDED, decrypt
from tests.softap.stage import (
    Act,
    Door,
    Person,
    ScriptedDevice,
    black_hole,
    cancels,
    refusing,
    resets,
    says,
    stays_silent,
)


def set_up(link: SoftapLink, person: Person) -> None:
    link.identify(person)
    link.scan(person)
    link.store_claim_code(CODE, person)
    link.store_network(HOME, person)
    link.connect(person)


# --- the whole set-up


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_a_set_up_takes_one_connection_for_each_command(link_over):
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        set_up(link_over(door), Person())

    assert door.commands == [
        "device-id", "scan-ap", "set", "public-key", "configure-ap", "connect-ap",
    ]  # fmt: skip


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_what_was_typed_arrives_exactly(link_over):
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        set_up(link_over(door), Person())

    network = json.loads(device.body_of("configure-ap"))
    assert decrypt(network.pop("pwd")) == b"hunter2 hunter2"
    assert network == {"idx": 0, "ssid": "HomeNet", "sec": 0x400004, "ch": 6}
    assert device.body_of("set") == b'{"k":"cc","v":"a claim code"}'
    assert device.body_of("connect-ap") == b'{"idx":0}'


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_the_device_says_who_it_is_and_what_it_hears(link_over):
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        link = link_over(door)

        assert link.identify(Person()).device_id == DeviceId(DEVICE_ID)
        assert link.scan(Person()) == RECORDED["tcp-scan-default"].heard


def test_a_device_that_hears_nothing_gives_an_empty_list():
    with Door(ScriptedDevice(replies(scan_ap=b'{"scans":[]}')).answers) as door:
        assert over_tcp(door).scan(Person()) == ()


def test_an_open_network_is_stored_without_key_and_passphrase():
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(Person())
        link.store_network(CAFE, Person())

    assert door.commands == ["device-id", "configure-ap"]
    assert device.body_of("configure-ap") == RECORDED["tcp-open-no-pwd"].request_body


def test_an_empty_passphrase_for_an_open_network_is_not_sent():
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        over_tcp(door).store_network(Credentials(CAFE.network, Secret("")), Person())

    assert b"pwd" not in device.body_of("configure-ap")


# --- two ways


def test_tcp_is_asked_first():
    with Door(ScriptedDevice(replies()).answers) as tcp, Door(ROUTER) as http:
        SoftapLink(tcp=tcp.address, http=http.address).identify(Person())

    assert (len(tcp.requests), len(http.requests)) == (1, 0)


def test_http_helps_out_when_tcp_is_refused_and_stays_the_way():
    device = ScriptedDevice(replies())
    with refusing() as tcp, Door(device.answers) as http:
        set_up(SoftapLink(tcp=tcp, http=http.address), Person())

    assert len(http.requests) == 6
    assert http.requests[-1].startswith(b"POST /connect-ap HTTP/1.1\r\n")


def test_http_helps_out_when_tcp_swallows_everything():
    with black_hole() as tcp, Door(ScriptedDevice(replies()).answers) as http:
        link = SoftapLink(tcp=tcp, http=http.address)

        assert link.identify(Person(hurry=0.5)).device_id == DeviceId(DEVICE_ID)


def test_http_helps_out_when_another_client_blocks_tcp():
    person = Person()
    with Door(stays_silent(person)) as tcp, Door(ScriptedDevice(replies()).answers) as http:
        link = SoftapLink(tcp=tcp.address, http=http.address)

        assert link.identify(person).device_id == DeviceId(DEVICE_ID)


def test_a_link_without_an_address_cannot_be_made():
    with pytest.raises(ValueError, match="address"):
        SoftapLink(tcp=None, http=None)


# --- what the device refuses


@pytest.mark.parametrize(
    ("reply", "leaf", "parameters"),
    [
        (b'{"r":-2}', NetworkUnseen, {"network": "HomeNet"}),
        (b'{"r":-3}', NetworkNameLength, {"length": 7}),
        (b'{"r":-4}', PassphraseLength, {"length": 15, "allowed": "8–64"}),
        (b'{"r":-16640}', DeviceRefused, {"command": "configure-ap", "result": -16640}),
        (b"", DeviceRefused, {"command": "configure-ap", "result": "unread"}),
    ],
)
@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_a_no_is_final(link_over, reply, leaf, parameters):
    with (
        Door(ScriptedDevice(replies(configure_ap=reply)).answers) as door,
        pytest.raises(leaf) as error,
    ):
        link_over(door).store_network(HOME, Person())

    assert error.value.parameters == parameters
    assert door.commands.count("configure-ap") == 1


def test_a_refused_claim_code_is_named():
    with (
        Door(ScriptedDevice(replies(set=b'{"r":-1}')).answers) as door,
        pytest.raises(DeviceRefused),
    ):
        over_tcp(door).store_claim_code(CODE, Person())


# --- again and again


@pytest.mark.parametrize("spoilt", [resets(), says(b""), says(b'\n\n{"sca'), says(HTML)])
def test_a_spoilt_answer_is_asked_for_again(spoilt):
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers, spoilt, spoilt, device.answers) as door:
        link = over_tcp(door)
        link.identify(person)

        assert link.scan(person) == RECORDED["tcp-scan-default"].heard

    assert door.commands == ["device-id", "scan-ap", "scan-ap", "scan-ap"]
    assert person.waits == [PAUSE, PAUSE]


def test_three_tries_are_enough():
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers, stays_silent(person)) as door:
        link = over_tcp(door)
        link.identify(person)
        with pytest.raises(DeviceSilent) as error:
            link.scan(person)

    assert door.commands.count("scan-ap") == TRIES
    assert error.value.parameters == {"command": "scan-ap"}


def test_the_first_call_after_joining_is_believed_only_after_a_while():
    person = Person()
    with refusing() as address, pytest.raises(DeviceVanished):
        SoftapLink(tcp=address, http=None).identify(person)

    assert sum(person.waits) >= FIRST_CONTACT


def test_the_slow_commands_get_their_time():
    device = ScriptedDevice(replies())
    person = Person()

    def slowly(visit):
        person.jump({b"scan-ap": 15.0, b"configure-ap": 35.0}.get(visit.request.split()[0], 0.0))
        device.answers(visit)

    with Door(slowly) as door:
        set_up(over_tcp(door), person)

    assert person.waits == []


@pytest.mark.parametrize("call", ["identify", "scan", "connect"])
def test_a_wish_to_stop_is_heard_during_every_command(call):
    person = Person()
    device = ScriptedDevice(replies())
    acts: list[Act] = [cancels(person)] if call == "identify" else [device.answers, cancels(person)]
    with Door(*acts) as door, pytest.raises(Cancelled):
        getattr(over_tcp(door), call)(person)


# --- secrets


def test_nothing_secret_is_logged_or_shown(caplog):
    device = ScriptedDevice(replies())
    person = Person()
    acts = [device.answers] * 3 + [resets(), device.answers]
    with Door(*acts) as door, caplog.at_level(logging.DEBUG):
        link = over_tcp(door)
        set_up(link, person)
        device.replies["configure-ap"] = b'{"r":-4}'
        with pytest.raises(PassphraseLength) as error:
            link.store_network(HOME, person)

    encrypted = json.loads(device.body_of("configure-ap"))["pwd"]
    shown = caplog.text + repr(error.value) + repr(vars(link)) + str(error.value.parameters)
    for secret in ("hunter2", "a claim code", encrypted):
        assert secret not in shown
