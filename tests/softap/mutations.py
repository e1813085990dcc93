"""Answers of devices, recorded and simulated, and seeded ways to spoil their bytes."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

from setup_wizard.simulators.photon import Photon, ScanEntry
from setup_wizard.softap.address import Address
from setup_wizard.softap.codec import Command
from setup_wizard.softap.framing import Framing, HttpFraming, TcpFraming
from setup_wizard.softap.transport import exchange
from tests.softap.stage import Person, command_of

GOLDEN = Path(__file__).parents[1] / "golden" / "shared.jsonl"
TCP, HTTP = TcpFraming(), HttpFraming(("192.168.0.1", 80))
COMMANDS = frozenset(Command)
ODD_NEIGHBOURS = (
    ScanEntry(b'say "hi"'),
    ScanEntry(b"back\\slash", -99, -1),
    ScanEntry(b"\xff\x01\t", security=0x400004),
    ScanEntry(b'"}],"scans":[{'),
)
# What readers of JSON, HTTP and DER stumble over.
SPLINTERS = (
    b'"', b"\\", b"{", b"}", b"[", b"]", b"]}", b",", b":", b"\n\n", b"\r\n", b"\r\n\r\n", b"\0",
    b"\xff", b"\xef\xbb\xbf", b"-", b"e999", b"1" * 5000, b"99999999999", b"null", b"true", b"NaN",
    b'"r":0', b'"scans":', b'"ssid":"', b"0\r\n\r\n", b"FFFFFFFF\r\n", b"Content-Length: 99999999",
    b"HTTP/1.1 200 OK\r\n", b"30820000", b"[" * 2000, b'{"a":' * 2000,
)  # fmt: skip

Answer = tuple[Command, Framing, bytes]


def recorded() -> Iterator[Answer]:
    """Every answer of the recorded cases to a command that set-up uses."""
    for line in GOLDEN.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        for request, reply in zip(case["requests"], case["replies_hex"], strict=True):
            command = command_of(bytes.fromhex(request["send_hex"]))
            if reply and command in COMMANDS:
                framing = TCP if case["transport"] == "tcp" else HTTP
                yield Command(command), framing, bytes.fromhex(reply)


def simulated(photon: Photon) -> Iterator[Answer]:
    """What the simulated photon says, with neighbours as odd as they come."""
    photon.set_scan(ODD_NEIGHBOURS)
    for command in (Command.DEVICE_ID, Command.SCAN, Command.PUBLIC_KEY):
        for framing, text in ((TCP, photon.tcp_address), (HTTP, photon.http_address)):
            yield command, framing, _whole_answer(framing, command, text)


def _whole_answer(framing: Framing, command: Command, text: str) -> bytes:
    host, _, port = text.rpartition(":")
    address: Address = (host, int(port))
    return exchange(
        address,
        framing.request(command, b""),
        lambda _data, ended: ended,
        command=command,
        connect_timeout=5.0,
        answer_budget=5.0,
        cancel=Person(),
    )


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The same bytes, spoilt in one to four places."""
    spoilt = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        chance.choice(_WAYS)(spoilt, chance)
    return bytes(spoilt)


def _place(spoilt: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(spoilt))
    return start, min(len(spoilt), start + chance.choice((1, 1, 2, 8, 64)))


def _change(spoilt: bytearray, chance: random.Random) -> None:
    start, end = _place(spoilt, chance)
    spoilt[start:end] = chance.randbytes(end - start)


def _flip(spoilt: bytearray, chance: random.Random) -> None:
    if spoilt:
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)


def _drop(spoilt: bytearray, chance: random.Random) -> None:
    start, end = _place(spoilt, chance)
    del spoilt[start:end]


def _double(spoilt: bytearray, chance: random.Random) -> None:
    start, end = _place(spoilt, chance)
    spoilt[start:start] = spoilt[start:end]


def _cut(spoilt: bytearray, chance: random.Random) -> None:
    del spoilt[chance.randint(0, len(spoilt)) :]


def _splinter(spoilt: bytearray, chance: random.Random) -> None:
    start, end = _place(spoilt, chance)
    spoilt[start : chance.choice((start, end))] = chance.choice(SPLINTERS)


_WAYS: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _change, _flip, _drop, _double, _cut, _splinter, _splinter,
)  # fmt: skip
