"""One connection against devices that answer, dawdle, break off or are not there."""

from __future__ import annotations

import socket
import time

import pytest

from setup_wizard.domain.errors import Cancelled, DeviceGarbled, DeviceSilent, DeviceVanished
from setup_wizard.softap.transport import LARGEST_ANSWER, SocketOption, exchange
from tests.softap.stage import (
    Door,
    Person,
    Visit,
    black_hole,
    cancels,
    refusing,
    resets,
    says,
    stays_silent,
)

REQUEST = b"device-id\n0\n\n"
QUICKLY = 1.0  # seconds; the promise is 0.1, the rest is for a busy computer


def ends_with_brace(data: bytes, _ended: bool) -> bool:
    return data.endswith(b"}")


def ask(address, person: Person, *, bind: tuple[SocketOption, ...] = ()) -> bytes:
    return exchange(
        address,
        REQUEST,
        ends_with_brace,
        command="device-id",
        connect_timeout=5.0,
        answer_budget=10.0,
        cancel=person,
        bind=bind,
    )


def test_an_answer_is_handed_over_though_the_device_keeps_the_connection():
    with Door(says(b"\n\n{}", stays_open=True)) as door:
        assert ask(door.address, Person()) == b"\n\n{}"

    assert door.requests == [REQUEST]


def test_an_answer_in_many_pieces_is_put_together():
    def drips(visit: Visit) -> None:
        visit.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(50):
            visit.say(b"%02d" % number)
        visit.say(b"}")

    with Door(drips) as door:
        assert ask(door.address, Person()) == b"".join(b"%02d" % n for n in range(50)) + b"}"


def test_the_connection_is_closed_when_the_answer_is_there():
    ends = []

    def waits_for_the_end(visit: Visit) -> None:
        visit.say(b"{}")
        ends.append(visit.connection.recv(1))

    with Door(waits_for_the_end) as door:
        ask(door.address, Person())

    assert ends == [b""]


def test_drops_do_not_stretch_the_budget():
    person = Person()

    def drips_for_ever(visit: Visit) -> None:
        for _ in range(20):
            person.jump(1.0)
            try:
                visit.say(b".")
            except OSError:
                return
        visit.stays_open = True

    with Door(drips_for_ever) as door, pytest.raises(DeviceSilent):
        ask(door.address, person)


@pytest.mark.parametrize("said", [b"", b"\n\n", b'{"id":'])
def test_silence_has_a_limit(said):
    person = Person()
    with Door(stays_silent(person, said)) as door, pytest.raises(DeviceSilent) as error:
        ask(door.address, person)

    assert error.value.parameters == {"command": "device-id"}


@pytest.mark.parametrize("act", [says(b""), says(b'{"id":'), resets(), resets(b'{"id":')])
def test_a_broken_off_answer_is_a_device_that_vanished(act):
    with Door(act) as door, pytest.raises(DeviceVanished) as error:
        ask(door.address, Person())

    assert error.value.parameters == {"command": "device-id"}


def test_a_refused_connection_is_a_device_that_vanished():
    with refusing() as address, pytest.raises(DeviceVanished):
        ask(address, Person())


def test_an_address_that_swallows_everything_is_a_silent_device():
    with black_hole() as address, pytest.raises(DeviceSilent):
        ask(address, Person(hurry=1.0))


def test_an_endless_answer_is_cut_off():
    def floods(visit: Visit) -> None:
        try:
            visit.say(b"." * (LARGEST_ANSWER * 40))
        except OSError:
            return

    with Door(floods) as door, pytest.raises(DeviceGarbled):
        ask(door.address, Person())


def test_a_wish_to_stop_is_heard_while_the_device_is_silent():
    person = Person()
    with Door(cancels(person)) as door:
        with pytest.raises(Cancelled):
            ask(door.address, person)
        stopped = time.monotonic()

    assert person.cancelled_at is not None
    assert stopped - person.cancelled_at < QUICKLY


def test_a_wish_to_stop_is_heard_while_connecting():
    class Impatient(Person):
        looks = 0

        def now(self) -> float:
            self.looks += 1
            if self.looks == 4:
                self.cancel()
            return super().now()

    person = Impatient()
    with black_hole() as address:
        with pytest.raises(Cancelled):
            ask(address, person)
        stopped = time.monotonic()

    assert person.cancelled_at is not None
    assert stopped - person.cancelled_at < QUICKLY


def test_who_has_stopped_already_sends_nothing():
    person = Person()
    person.cancel()
    with Door(says(b"{}")) as door, pytest.raises(Cancelled):
        ask(door.address, person)

    assert door.requests == []


def test_a_socket_option_that_is_not_taken_is_never_passed_over():
    bind = ((socket.SOL_SOCKET, 0x7FFF, 1),)
    with Door(says(b"{}")) as door, pytest.raises(DeviceVanished):
        ask(door.address, Person(), bind=bind)

    assert door.requests == []


@pytest.mark.skipif(not hasattr(socket, "SO_BINDTODEVICE"), reason="Linux only")
def test_a_socket_bound_to_another_interface_does_not_reach_the_device():
    bind = ((socket.SOL_SOCKET, getattr(socket, "SO_BINDTODEVICE", 25), b"no-such-if\0"),)
    with Door(says(b"{}")) as door, pytest.raises(DeviceVanished):
        ask(door.address, Person(), bind=bind)

    assert door.requests == []


# --- what the journal hears


def counts(caplog: pytest.LogCaptureFixture) -> list[dict[str, object]]:
    return [
        dict(record.args)
        for record in caplog.records
        if record.name.endswith(".counts") and isinstance(record.args, dict)
    ]


def test_the_bytes_of_each_connection_are_counted(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    with Door(says(b"\n\n{}", stays_open=True)) as door:
        ask(door.address, Person())

    (told,) = counts(caplog)
    seconds = told.pop("seconds")
    assert isinstance(seconds, float)
    assert told == {
        "command": "device-id",
        "port": door.address[1],
        "sent": len(REQUEST),
        "received": 4,
        "error": None,
    }


def test_a_connection_that_fails_is_counted_with_its_code(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    with refusing() as address, pytest.raises(DeviceVanished):
        ask(address, Person())
    with Door(says(b"half")) as door, pytest.raises(DeviceVanished):
        ask(door.address, Person())

    found = [(told["sent"], told["received"], told["error"]) for told in counts(caplog)]
    assert found == [(0, 0, "SW-DEVICE-GONE"), (len(REQUEST), 4, "SW-DEVICE-GONE")]


def test_a_connection_that_the_person_ends_is_counted_too(caplog: pytest.LogCaptureFixture):
    caplog.set_level("DEBUG")
    person = Person()
    person.cancel()
    with pytest.raises(Cancelled):
        ask(("127.0.0.1", 9), person)

    (told,) = counts(caplog)
    assert (told["sent"], told["error"]) == (0, None)
