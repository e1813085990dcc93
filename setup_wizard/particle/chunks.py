"""HTTP's chunked framing, bytes in and bytes out; no I/O.

The cloud sends each event as a chunk of its own. The standard library reads chunk by chunk, with
several reads for each, which takes longer than all the rest that is done with an event.
"""

from __future__ import annotations

LONGEST_SIZE_LINE = 1024  # bytes; a size has up to 16 digits, and extensions are never sent
MOST_DIGITS = 16
SIZES_REMEMBERED = 1000  # events are of few different lengths


class BadChunk(ValueError):
    """The framing is not that of HTTP."""


class ChunkParser:
    """Takes the framing off one answer's body. Whatever is there of a chunk is given at once."""

    def __init__(self) -> None:
        self.is_over = False
        """The last chunk came; trailers are not looked at."""
        self._rest = b""
        self._left = 0
        """Bytes of the present chunk that are still to come."""
        self._wants_end = False
        """The line end after a chunk is still to come."""
        self._known_sizes: dict[bytes, int] = {}

    def feed(self, block: bytes) -> bytes:
        """What the chunks in this block hold. Raises BadChunk."""
        data = self._rest + block if self._rest else block
        size, place = len(data), 0
        body: list[bytes] = []
        add, known = body.append, self._known_sizes
        while place < size and not self.is_over:
            if self._left:
                piece = data[place : place + self._left]
                add(piece)
                place += len(piece)
                self._left -= len(piece)
                continue
            if self._wants_end:
                if size - place < 2:
                    break
                if data[place : place + 2] != b"\r\n":
                    raise BadChunk("no line end after a chunk")
                place += 2
                self._wants_end = False
                continue
            end = data.find(b"\r\n", place)
            if end < 0:
                if size - place > LONGEST_SIZE_LINE:
                    raise BadChunk("no size of a chunk")
                break
            line = data[place:end]
            length = known.get(line)
            if length is None:
                length = self._size(line)
            place = end + 2
            after = place + length
            if not length:
                self.is_over = True
            elif data[after : after + 2] == b"\r\n":  # the usual: all of it is here
                add(data[place:after])
                place = after + 2
            else:
                self._left, self._wants_end = length, True
        self._rest = data[place:]
        return b"".join(body)

    def _size(self, line: bytes) -> int:
        digits = line if line.isalnum() else line.partition(b";")[0].strip(b" \t")
        # int() also takes signs and underscores.
        if not digits.isalnum() or len(digits) > MOST_DIGITS:
            raise BadChunk("no size of a chunk")
        try:
            size = int(digits, 16)
        except ValueError as error:
            raise BadChunk("no size of a chunk") from error
        if len(self._known_sizes) < SIZES_REMEMBERED:
            self._known_sizes[line] = size
        return size
