"""The device leaves the air when it is told to connect: what that may look like."""

from __future__ import annotations

import logging

import pytest

from setup_wizard.domain.errors import DeviceGarbled, DeviceVanished, WrongDevice
from setup_wizard.softap.client import PAUSE, TRIES, TRUST
from tests.softap.links import HOME, OTHER_ID, ROUTER, over_http, over_tcp, replies
from tests.softap.recorded import RECORDED
from tests.softap.stage import Act, Door, Person, ScriptedDevice, resets, says, stays_silent

NOISE = b'\x00\xff{"scans":[{"ssid":"\xc3('
TYPES = b'{"r":"0"}'


def in_http(body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


@pytest.mark.parametrize(
    "end", ["full", "held", "reset", "empty", "half", "newlines", "silent", "noise", "types"]
)
@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_a_lost_answer_to_connect_is_no_error(link_over, end, caplog):
    person = Person()
    device = ScriptedDevice(replies())
    full = RECORDED["tcp-connect" if link_over is over_tcp else "http-connect"].answer
    acts: dict[str, Act] = {
        "full": says(full),
        "held": says(full, stays_open=True),
        "reset": resets(),
        "empty": says(b""),
        "half": says(full[:5]),
        "newlines": says(full[:2]),
        "silent": stays_silent(person),
        "noise": says(b"\n\n" + NOISE if link_over is over_tcp else in_http(NOISE)),
        "types": says(b"\n\n" + TYPES if link_over is over_tcp else in_http(TYPES)),
    }
    with Door(device.answers, acts[end]) as door, caplog.at_level(logging.INFO):
        link = link_over(door)
        link.identify(person)
        link.connect(person)

    assert door.commands == ["device-id", "connect-ap"]
    assert "command=connect-ap answer=" in caplog.text


def test_a_device_that_cannot_be_reached_was_not_sent_to_its_network():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.identify(person)
    with pytest.raises(DeviceVanished):
        link.connect(person)

    assert person.waits == [PAUSE] * (TRIES - 1)


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_a_router_that_answers_connect_is_no_success(link_over):
    with Door(ScriptedDevice(replies()).answers, ROUTER) as door:
        link = link_over(door)
        link.identify(Person())
        with pytest.raises(DeviceGarbled):
            link.connect(Person())

    assert door.commands.count("connect-ap") == 1


def test_after_connect_the_device_proves_itself_anew():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.identify(person)
        link.connect(person)
        link.store_network(HOME, person)

    assert door.commands[2:] == ["device-id", "public-key", "configure-ap"]


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_another_device_is_not_sent_away(link_over):
    """It came to the address while nobody looked."""
    device = ScriptedDevice(replies())
    person = Person()
    with Door(device.answers) as door:
        link = link_over(door)
        link.identify(person)
        device.replies["device-id"] = OTHER_ID
        person.jump(TRUST + 1)
        with pytest.raises(WrongDevice):
            link.connect(person)

    assert set(door.commands) == {"device-id"}
