"""Whatever a device answers, the client ends: with a result or with an error of ours."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Security
from setup_wizard.ports import Cancellation
from setup_wizard.simulators.photon import Photon
from setup_wizard.softap import codec
from setup_wizard.softap.client import SoftapLink
from setup_wizard.softap.codec import Command
from setup_wizard.softap.crypto import DeviceKey
from setup_wizard.softap.framing import Framing
from tests.softap.links import CODE, HOME, over_http, over_tcp, replies
from tests.softap.mutations import HTTP, TCP, Answer, mutated, recorded, simulated
from tests.softap.stage import Door, Person, ScriptedDevice, Visit, command_of

SEED = 5609
MUTATIONS = 10_000
MUTATIONS_OVER_SOCKETS = 300
MUTATIONS_WEIGHED = 500
MOST_MEMORY = 4 * 1024 * 1024  # bytes; the largest answer here is a hundredth of it

pytestmark = pytest.mark.slow


def read(command: Command, body: bytes) -> None:
    """What the client makes of the JSON of an answer."""
    match command:
        case Command.DEVICE_ID:
            codec.decode_identity(body)
        case Command.SCAN:
            for network in codec.decode_scan(body):
                assert network.name.isprintable()
                assert network.bars in range(5)
                assert network.security.kind
        case Command.PUBLIC_KEY:
            key = DeviceKey.parse(codec.decode_public_key(body))
            assert len(key.encrypt(Secret("correct horse battery"), Security.WPA2)) == 256
        case Command.CONFIGURE:
            codec.require_stored(HOME, body)
        case _:
            codec.require_success(command, body)


def hear(command: Command, framing: Framing, data: bytes, chance: random.Random) -> None:
    """Take an answer in pieces, as sockets give it, up to where it is one; then read it."""
    heard = 0
    while heard < len(data):
        heard = min(len(data), heard + chance.choice((1, 7, 100, 65536)))
        if framing.is_complete(command, data[:heard], ended=False):
            read(command, framing.body(command, data[:heard]))
            return
    if framing.is_complete(command, data, ended=True):
        read(command, framing.body(command, data))


def choose(answers: list[Answer], chance: random.Random, only: Framing | None = None) -> Answer:
    """Each command as often as any other, though there are more recordings of some."""
    command = chance.choice(list(Command))
    return chance.choice(
        [given for given in answers if given[0] is command and only in (None, given[1])]
    )


@pytest.fixture(scope="module")
def answers() -> list[Answer]:
    with Photon() as photon:
        return [*recorded(), *simulated(photon)]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(SEED)


@pytest.fixture
def memory() -> Iterator[Callable[[], int]]:
    """The most bytes that were in use at once since the test began."""
    tracemalloc.start()
    try:
        yield lambda: tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_answers_that_are_spoilt_are_read_when_they_are_whole(
    answers: list[Answer], chance: random.Random
) -> None:
    heard = 0
    for command, framing, data in answers:
        with suppress(SetupError):  # some recorded answers are refusals
            hear(command, framing, data, chance)
            heard += 1

    assert {command for command, _, _ in answers} == set(Command)
    assert heard > len(answers) / 2


def test_spoilt_answers_raise_nothing_but_our_own_errors(
    answers: list[Answer], chance: random.Random
) -> None:
    ends = {"read": 0, "named": 0}
    for _ in range(MUTATIONS):
        command, framing, data = choose(answers, chance)
        spoilt = mutated(data, chance)
        try:
            hear(command, framing, spoilt, chance)
        except SetupError:
            ends["named"] += 1
        except Exception as error:
            raise AssertionError(f"{command} {framing} {spoilt[:4000]!r}") from error
        else:
            ends["read"] += 1

    assert min(ends.values()) > MUTATIONS / 10  # neither harmless nor hopeless


def test_spoilt_keys_raise_nothing_but_our_own_errors(chance: random.Random) -> None:
    """The digits that a device sends as its key go into a library that is not ours."""
    key = replies()["public-key"]
    for _ in range(MUTATIONS // 10):
        spoilt = bytearray(key)
        for _ in range(chance.randint(1, 3)):
            spoilt[chance.randint(6, 330)] = chance.choice(b"0123456789ABCDEF")
        with suppress(SetupError):
            read(Command.PUBLIC_KEY, bytes(spoilt))


def test_spoilt_answers_take_no_more_memory_than_they_are_long(
    answers: list[Answer], chance: random.Random, memory: Callable[[], int]
) -> None:
    for _ in range(MUTATIONS_WEIGHED):
        command, framing, data = choose(answers, chance)
        with suppress(SetupError):
            hear(command, framing, mutated(data, chance), chance)

    assert memory() < MOST_MEMORY


ASKED: dict[Command, Callable[[SoftapLink, Cancellation], object]] = {
    Command.DEVICE_ID: lambda link, person: link.identify(person),
    Command.SCAN: lambda link, person: link.scan(person),
    Command.SET: lambda link, person: link.store_claim_code(CODE, person),
    Command.PUBLIC_KEY: lambda link, person: link.store_network(HOME, person),
    Command.CONFIGURE: lambda link, person: link.store_network(HOME, person),
    Command.CONNECT: lambda link, person: link.connect(person),
}


@pytest.mark.parametrize("framing", [TCP, HTTP], ids=["tcp", "http"])
def test_a_device_that_answers_anything_never_keeps_the_person_waiting(
    answers: list[Answer], chance: random.Random, framing: Framing
) -> None:
    """Over sockets; the device closes, or stays as if more were to come."""
    device = ScriptedDevice(replies())
    spoilt_command, spoilt, stays = Command.DEVICE_ID, b"", False
    person = Person()

    def answer(visit: Visit) -> None:
        asked, waiting = command_of(visit.request), person
        if not asked:
            return  # time ran out before the client had said anything
        with suppress(OSError):  # or before it had heard everything
            if asked != spoilt_command:
                device.answers(visit)
                return
            visit.stays_open = stays
            visit.say(spoilt)
        if stays:
            waiting.jump(120.0)

    ends = {"done": 0, "named": 0}
    with Door(answer) as door:
        for _ in range(MUTATIONS_OVER_SOCKETS // 2):
            spoilt_command, _, data = choose(answers, chance, framing)
            spoilt, stays = mutated(data, chance), chance.random() < 0.1
            person = Person()
            link = over_tcp(door) if framing is TCP else over_http(door)
            try:
                ASKED[spoilt_command](link, person)
            except SetupError:
                ends["named"] += 1
            else:
                ends["done"] += 1

    assert min(ends.values()) > MUTATIONS_OVER_SOCKETS / 20
