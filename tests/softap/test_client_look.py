"""A look is a glance: one short question on each way, and no introduction."""

from __future__ import annotations

import pytest

from setup_wizard.domain.device import DeviceId, DeviceIdentity
from setup_wizard.domain.errors import Cancelled, WrongDevice
from setup_wizard.softap.client import CONNECT_TIMEOUT, GLANCE, TRUST, SoftapLink
from tests.softap.links import (
    CODE,
    DEVICE_ID,
    HOME,
    HTML,
    OTHER_ID,
    ROUTER,
    over_http,
    over_tcp,
    replies,
)
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

IDENTITY = DeviceIdentity(DeviceId(DEVICE_ID), claimed_before=False)
OTHER = DeviceIdentity(DeviceId("ff001b000447343138333038"), claimed_before=False)


# --- a glance


@pytest.mark.parametrize("link_over", [over_tcp, over_http])
def test_a_device_that_is_there_is_seen_with_one_question(link_over):
    with Door(ScriptedDevice(replies()).answers) as door:
        assert link_over(door).look(Person()) == IDENTITY

    assert door.commands == ["device-id"]


def test_a_device_that_is_seen_on_one_way_is_not_asked_on_the_other():
    device = ScriptedDevice(replies())
    with Door(device.answers) as tcp, Door(device.answers) as http:
        assert SoftapLink(tcp=tcp.address, http=http.address).look(Person()) == IDENTITY

    assert (len(tcp.requests), len(http.requests)) == (1, 0)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(ROUTER, id="a router"),
        pytest.param(says(HTML), id="html without a header"),
        pytest.param(says(b""), id="nothing"),
        pytest.param(says(b'\n\n{"id":"3a0'), id="half an answer"),
        pytest.param(says(b'\n\n{"id":"no number","c":"0"}'), id="no number"),
        pytest.param(says(b'\n\n{"r":-1}'), id="a refusal"),
        pytest.param(resets(), id="a reset"),
    ],
)
def test_what_does_not_answer_like_a_device_is_none_and_each_way_is_tried_once(answer: Act):
    person = Person()
    with Door(answer) as tcp, Door(answer) as http:
        assert SoftapLink(tcp=tcp.address, http=http.address).look(person) is None

    assert (tcp.commands, http.commands) == (["device-id"], ["device-id"])
    assert person.waits == []


def test_where_nobody_listens_nothing_is_seen():
    person = Person()
    with refusing() as tcp, refusing() as http:
        assert SoftapLink(tcp=tcp, http=http).look(person) is None

    assert person.waits == []


def test_who_takes_the_question_and_stays_silent_is_waited_for_a_glance_long():
    person = Person()
    silent = stays_silent(person, for_seconds=GLANCE)
    with Door(silent) as tcp, Door(silent) as http:
        before = person.now()
        assert SoftapLink(tcp=tcp.address, http=http.address).look(person) is None

    # Both ways in turn; each would get its whole usual time if it were no glance.
    assert 2 * GLANCE <= person.now() - before < 3 * GLANCE


def test_an_address_that_swallows_everything_is_given_up_after_a_glance():
    person = Person(hurry=0.1)
    with black_hole() as address:
        before = person.now()
        assert SoftapLink(tcp=address, http=None).look(person) is None

    assert GLANCE <= person.now() - before < CONNECT_TIMEOUT


def test_a_wish_to_stop_is_heard_during_a_look():
    person = Person()
    with Door(cancels(person)) as door, pytest.raises(Cancelled):
        over_tcp(door).look(person)


# --- two ways


@pytest.mark.parametrize("shut", [says(b""), resets(), ROUTER])
def test_the_way_on_which_it_was_seen_is_the_first_from_then_on(shut: Act):
    person = Person()
    device = ScriptedDevice(replies())
    with Door(shut) as tcp, Door(device.answers) as http:
        link = SoftapLink(tcp=tcp.address, http=http.address)
        assert link.look(person) == IDENTITY
        assert link.look(person) == IDENTITY
        link.identify(person)

    assert len(tcp.requests) == 1
    assert http.commands == ["device-id"] * 3


def test_the_ways_may_change_places_again():
    device = ScriptedDevice(replies())
    with Door(says(b""), device.answers) as tcp, Door(device.answers, says(b"")) as http:
        link = SoftapLink(tcp=tcp.address, http=http.address)

        assert [link.look(Person()) for _ in range(3)] == [IDENTITY] * 3

    assert (len(tcp.requests), len(http.requests)) == (3, 2)


def test_where_nothing_is_seen_the_order_stays():
    device = ScriptedDevice(replies())
    with Door(says(b""), device.answers) as tcp, Door(says(b"")) as http:
        link = SoftapLink(tcp=tcp.address, http=http.address)
        assert link.look(Person()) is None
        assert link.look(Person()) == IDENTITY

    assert (len(tcp.requests), len(http.requests)) == (2, 1)


# --- no introduction


def test_a_look_at_the_identified_device_is_proof_enough_for_a_secret():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.identify(person)
        person.jump(TRUST + 1)
        link.look(person)
        link.store_claim_code(CODE, person)

    assert door.commands == ["device-id", "device-id", "set"]


def test_a_device_that_was_only_looked_at_must_still_say_who_it_is():
    person = Person()
    with Door(ScriptedDevice(replies()).answers) as door:
        link = over_tcp(door)
        link.look(person)
        link.store_claim_code(CODE, person)

    assert door.commands == ["device-id", "device-id", "set"]


@pytest.mark.parametrize("pause", [0.0, TRUST + 1])
def test_another_device_that_a_look_sees_is_told_no_secret(pause: float):
    person = Person()
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        device.replies["device-id"] = OTHER_ID
        person.jump(pause)
        assert link.look(person) == OTHER
        for store in (
            lambda: link.store_claim_code(CODE, person),
            lambda: link.store_network(HOME, person),
        ):
            with pytest.raises(WrongDevice) as error:
                store()
            assert error.value.parameters == {"device": DEVICE_ID}

    assert set(door.commands) == {"device-id"}


def test_a_look_that_sees_nothing_ends_the_proof():
    person = Person()
    device = ScriptedDevice(replies())
    with Door(device.answers, says(b""), device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        assert link.look(person) is None
        link.store_claim_code(CODE, person)

    assert door.commands == ["device-id", "device-id", "device-id", "set"]


def test_the_first_device_is_still_the_one_after_a_look_at_another():
    person = Person()
    device = ScriptedDevice(replies())
    with Door(device.answers) as door:
        link = over_tcp(door)
        link.identify(person)
        device.replies["device-id"] = OTHER_ID
        link.look(person)
        device.replies |= replies()
        link.store_network(HOME, person)

    assert door.commands[2:] == ["device-id", "public-key", "configure-ap"]
