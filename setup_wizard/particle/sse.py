"""Server-sent events, bytes in and (event, data) out, by the rules of the WHATWG; no I/O."""

from __future__ import annotations

LONGEST_EVENT = 256 * 1024  # bytes; devices publish less than 1 kB, product descriptions some kB
_BYTE_ORDER_MARK = "\ufeff"


class EventTooLong(ValueError):
    """More bytes without the blank line that ends an event than any event has."""


class SseParser:
    """Parses one stream from its first byte; a new connection needs a new parser."""

    def __init__(self) -> None:
        self._rest = b""
        self._ended_with_return = False
        self._at_start = True

    def feed(self, block: bytes) -> list[tuple[str, str]]:
        """The events that this block completes. Raises EventTooLong."""
        finished, blank_line, rest = (self._rest + self._with_line_feeds(block)).rpartition(b"\n\n")
        self._rest = rest
        if len(rest) > LONGEST_EVENT:
            raise EventTooLong
        if not blank_line:
            return []
        # A line feed is never part of a longer UTF-8 sequence, so nothing is cut here.
        text = finished.decode("utf-8", "replace")
        if self._at_start:
            self._at_start = False
            text = text.removeprefix(_BYTE_ORDER_MARK)
        events = []
        for part in text.split("\n\n"):
            event = _parse(part)
            if event is not None:
                events.append(event)
        return events

    def _with_line_feeds(self, block: bytes) -> bytes:
        """CR and CRLF made LF. A CR ends its line at once; the LF of a torn CRLF is dropped."""
        if self._ended_with_return and block:
            self._ended_with_return = False
            block = block.removeprefix(b"\n")
        if b"\r" not in block:
            return block
        self._ended_with_return = block.endswith(b"\r")
        return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _parse(part: str) -> tuple[str, str] | None:
    """The event between two blank lines; None where there is no data, as in a comment."""
    # What the cloud sends, without a loop over lines.
    head, data_line, data = part.partition("\ndata: ")
    if data_line and head.startswith("event: ") and "\n" not in head and "\n" not in data:
        return head[7:] or "message", data
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
