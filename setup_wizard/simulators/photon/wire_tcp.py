r"""The device's TCP framing: `NAME\nLENGTH\n\nBODY`, read byte by byte, bytes in and values out."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

PREAMBLE = b"\n\n"
_LONGEST_NAME = 30
_LINE_END = ord("\n")


@dataclass(frozen=True)
class Request:
    """One request; body is None if there is none or it ended too early."""

    command: str
    body: bytes | None


def read_request(received: bytes, *, ended: bool, with_body: Container[str]) -> Request | None:
    """Read the first request; None while more bytes are needed.

    The device never says that a head is wrong. When the client has ended, it makes do with what
    it has.
    """
    head = _read_head(received)
    if head is None:
        name = received[: _end_of_name(received)]
        return Request(name.decode("latin-1"), None) if ended else None
    command, length, size = head
    if command not in with_body or length <= 0:
        return Request(command, None)
    body = received[size : size + length]
    if len(body) == length:
        return Request(command, body)
    return Request(command, None) if ended else None


def answer(pieces: Iterable[bytes]) -> bytes:
    """Frame the answer of a command."""
    return PREAMBLE + b"".join(pieces)


def _read_head(received: bytes) -> tuple[str, int, int] | None:
    """Return command, length of the body and size of the head; None if it is not complete."""
    position = _end_of_name(received)
    name = received[:position]
    if position < _LONGEST_NAME:
        position += 1  # what ended the name
    line_end = received.find(_LINE_END, position)
    if line_end < 0:
        return None
    length = _length(received[position:line_end])
    # What follows is skipped up to an empty line; the end of the length counts as the first half.
    position, at_line_start = line_end + 1, True
    while position < len(received):
        is_line_end = received[position] == _LINE_END
        position += 1
        if is_line_end and at_line_start:
            return name.decode("latin-1"), length, position
        at_line_start = is_line_end
    return None


def _end_of_name(received: bytes) -> int:
    for position, character in enumerate(received[:_LONGEST_NAME]):
        if character in (0, _LINE_END):
            return position
    return min(len(received), _LONGEST_NAME)


def _length(line: bytes) -> int:
    """Count as the device does: any character is taken for a digit, in 32 bits."""
    length = 0
    for character in line:
        length = (length * 10 + character - ord("0") + 2**31) % 2**32 - 2**31
    return length
