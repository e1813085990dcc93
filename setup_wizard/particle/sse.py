"""Server-sent events by the rules of the WHATWG: bytes in, whole events out; no I/O."""

from __future__ import annotations

from operator import itemgetter

LONGEST_EVENT = 256 * 1024  # bytes; devices publish less than 1 kB, product descriptions some kB
HOPELESS = 10 * 1024 * 1024  # bytes without the end of an event: this is no event stream at all
_BYTE_ORDER_MARK = "\ufeff"
_NAME = "event: "
_separator = itemgetter(1)


class EventTooLong(ValueError):
    """More bytes without the blank line that ends an event than are worth passing over."""


class SseParser:
    """Parses one stream from its first byte; a new connection needs a new parser."""

    def __init__(self) -> None:
        self.passed_over = 0
        """Events so far that were too long to be kept."""
        self._rest = b""
        self._skipped = 0
        """Bytes of the present event that were too many; 0 while there is none such."""
        self._ended_with_return = False
        self._at_start = True

    def feed(self, block: bytes) -> str:
        """The text of the events that this block completes, for `events_of`.

        Each line ends with a line feed, only the last blank line is left out; empty where nothing
        was completed. Raises EventTooLong.
        """
        data = self._rest + self._with_line_feeds(block)
        if self._skipped:
            data = self._after_the_long_one(data)
        finished, blank_line, rest = data.rpartition(b"\n\n")
        if len(rest) > LONGEST_EVENT:
            self.passed_over += 1
            self._skipped = len(rest)
            rest = rest[-1:]
        self._rest = rest
        if not blank_line:
            return ""
        if len(finished) > LONGEST_EVENT:
            finished = self._without_long_ones(finished)
        # A line feed is never part of a longer UTF-8 sequence, so nothing is cut here.
        text = finished.decode("utf-8", "replace")
        if self._at_start:
            self._at_start = False
            text = text.removeprefix(_BYTE_ORDER_MARK)
        return text

    def _with_line_feeds(self, block: bytes) -> bytes:
        """CR and CRLF made LF. A CR ends its line at once; the LF of a torn CRLF is dropped."""
        if self._ended_with_return and block:
            self._ended_with_return = False
            block = block.removeprefix(b"\n")
        if b"\r" not in block:
            return block
        self._ended_with_return = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _after_the_long_one(self, data: bytes) -> bytes:
        _, blank_line, after = data.partition(b"\n\n")
        if blank_line:
            self._skipped = 0
            return after
        self._skipped += len(data)
        if self._skipped > HOPELESS:
            raise EventTooLong
        return data[-1:]  # it may be the first half of the blank line

    def _without_long_ones(self, finished: bytes) -> bytes:
        """As if they had come in pieces."""
        parts = finished.split(b"\n\n")
        kept = [part for part in parts if len(part) <= LONGEST_EVENT]
        self.passed_over += len(parts) - len(kept)
        return b"\n\n".join(kept)


def events_of(text: str) -> list[tuple[str, str]]:
    """The events in whole blocks of lines, each as (event, data)."""
    return _usual(text) or _any(text)


def _usual(text: str) -> list[tuple[str, str]] | None:
    """What the cloud sends, a name and one line of data each; None where anything else is there.

    Whole blocks are looked at instead of lines: twice as quick.
    """
    if not text.startswith(_NAME):
        return None
    parts = text[len(_NAME) :].split("\n\n" + _NAME)
    # As many line feeds as there must be, and one in each part: so there is no other line.
    if text.count("\n") != 3 * len(parts) - 2:
        return None
    split = [part.partition("\ndata: ") for part in parts]
    if not all(map(_separator, split)):
        return None
    return [(name or "message", data) for name, _, data in split]


def _any(text: str) -> list[tuple[str, str]]:
    return [event for part in text.split("\n\n") if (event := _parse(part)) is not None]


def _parse(part: str) -> tuple[str, str] | None:
    """The event between two blank lines; None where there is no data, as in a comment."""
    name = ""
    values = []
    for line in part.split("\n"):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data":
            values.append(value)
        elif field == "event":
            name = value
    return (name or "message", "\n".join(values)) if values else None
