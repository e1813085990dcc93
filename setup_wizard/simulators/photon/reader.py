"""The device's odd JSON reader: a flat tokeniser, no un-escaping, first error ends the reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a token is; the device tells numbers, true, false, null and bare words not apart."""

    STRING = auto()
    PRIMITIVE = auto()
    OBJECT = auto()
    ARRAY = auto()


class DoesNotParse(Exception):
    """The device refuses the whole request and answers without any JSON."""


@dataclass
class _Token:
    kind: Kind
    text: bytes
    size: int = 0
    """How many values hang on it: the pairs of an object, the one value of a key."""


_SPACE = b" \t\r\n"
_PRIMITIVE_ENDS = _SPACE + b",:]}"
_ESCAPED = b'"/\\bfnrt'
_HEX = b"0123456789abcdefABCDEF"
_INT_LIMITS = (-(2**31), 2**31 - 1)


def read_request(body: bytes, kinds: Mapping[bytes, Kind]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the keys and values of a request, in order, duplicates included.

    A body that does not begin with an object has no keys: that is no error to the device.
    """
    tokens = _tokens(body.split(b"\0", 1)[0])  # the device handles it as a C string
    unread, index, key = 1, 0, None
    while unread:
        if index == len(tokens) > 0:
            raise DoesNotParse  # the device reads on in memory that it never set
        token = tokens[index] if tokens else _Token(Kind.PRIMITIVE, b"")
        if token.kind in (Kind.OBJECT, Kind.ARRAY):
            unread += token.size * 2
        if index > 0 and key is None:
            if token.text not in kinds:
                raise DoesNotParse
            key = token.text
        elif key is not None:
            if token.kind is not kinds[key]:
                raise DoesNotParse
            yield key, token.text
            key = None
        index += 1
        unread -= 1


def to_int(text: bytes) -> int:
    """Read a leading integer as C does: 0 where there is none, limited to 32 bits."""
    text = text.lstrip(b" \t\n\v\f\r")
    sign = -1 if text[:1] == b"-" else 1
    digits = text[1:] if text[:1] in (b"-", b"+") else text
    length = next((i for i, byte in enumerate(digits) if byte not in b"0123456789"), len(digits))
    lowest, highest = _INT_LIMITS
    return max(lowest, min(highest, sign * int(digits[:length] or b"0")))


def from_hex(text: bytes) -> bytes:
    """Decode hexadecimal digits of either case; no other character is refused."""
    if len(text) % 2:
        text += b"0"
    pairs = zip(text[::2], text[1::2], strict=True)
    return bytes(((_nibble(high) << 4) & 0xFF) | _nibble(low) for high, low in pairs)


def _nibble(character: int) -> int:
    if character < ord("0"):
        return 0
    for last, zero in ((b"9", ord("0")), (b"Z", ord("A") - 10), (b"z", ord("a") - 10)):
        if character <= last[0]:
            return (character - zero) & 0xFF
    return 0


def unescape(text: bytes) -> bytes:
    r"""Undo JSON escapes, all but \u: the device does so for certificates only."""
    plain = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t"}
    result, position = b"", 0
    while (found := text.find(b"\\", position)) >= 0:
        character = text[found + 1 : found + 2]
        result += text[position:found] + plain.get(character, character)
        position = found + 2
    return result + text[position:]


def _tokens(text: bytes) -> list[_Token]:
    """Cut the text in tokens up to its end or its first error."""
    tokens: list[_Token] = []
    opened: list[_Token] = []
    holder: _Token | None = None
    position = 0

    def add(token: _Token) -> None:
        if holder is not None:
            holder.size += 1
        tokens.append(token)

    while position < len(text):
        character = text[position : position + 1]
        match character:
            case b"{" | b"[":
                container = _Token(Kind.OBJECT if character == b"{" else Kind.ARRAY, b"")
                add(container)
                opened.append(container)
                holder = container
            case b"}" | b"]":
                closes = Kind.OBJECT if character == b"}" else Kind.ARRAY
                if not opened or opened.pop().kind is not closes:
                    break
                holder = opened[-1] if opened else None
            case b'"':
                end = _end_of_string(text, position + 1)
                if end is None:
                    break
                add(_Token(Kind.STRING, text[position + 1 : end]))
                position = end
            case b":":
                holder = tokens[-1] if tokens else None
            case b",":
                if opened and holder is not None and holder.kind in (Kind.STRING, Kind.PRIMITIVE):
                    holder = opened[-1]
            case _ if character not in _SPACE:
                end = _end_of_primitive(text, position)
                if end is None:
                    break
                add(_Token(Kind.PRIMITIVE, text[position:end]))
                position = end - 1
        position += 1
    return tokens


def _end_of_string(text: bytes, position: int) -> int | None:
    """Where the closing quote is; None if there is none or an escape is wrong."""
    while position < len(text):
        if text[position] == ord('"'):
            return position
        if text[position] == ord("\\"):
            position += 1
            digits = text[position + 1 : position + 5]
            if text[position : position + 1] == b"u":
                if len(digits) < 4 or any(digit not in _HEX for digit in digits):
                    return None
                position += 4
            elif text[position : position + 1] not in _ESCAPED:
                return None
        position += 1
    return None


def _end_of_primitive(text: bytes, position: int) -> int | None:
    """Where a bare word ends; None if it holds a byte that is not printable ASCII."""
    while position < len(text) and text[position] not in _PRIMITIVE_ENDS:
        if not 32 <= text[position] < 127:
            return None
        position += 1
    return position
