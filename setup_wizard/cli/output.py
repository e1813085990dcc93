"""Standard output and standard error, which may be full or gone: the work is done all the same."""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_log = logging.getLogger(__name__)


class OutputLost(Exception):
    """Standard output cannot be written: what a command is for fails with it."""

    def __init__(self, reason: str | None) -> None:
        self.reason = reason
        super().__init__(f"standard output cannot be written: {reason}")


class ReaderGone(OutputLost):
    """Whoever read it wants no more."""


def say(*lines: str) -> None:
    """Print lines at once. A reader that went away changes neither the work nor its status."""
    try:
        put(*lines)
    except OutputLost as error:
        _log.warning("%s", error)


def put(*lines: str) -> None:
    """Print at once the lines that a command is for, if any. Raises OutputLost."""
    if not lines:
        return
    try:
        print(*lines, sep="\n", flush=True)
    except OSError as error:
        # What is left in its buffer would fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        kind = ReaderGone if isinstance(error, BrokenPipeError) else OutputLost
        raise kind(error.strerror) from error


def forgive_standard_error() -> None:
    """From now on what cannot be written there is left out: nobody's work depends on it."""
    if sys.stderr is None:
        # What is printed to no stream would be printed to standard output instead.
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # it stays
    elif isinstance(sys.stderr, io.TextIOWrapper):
        buffer: Any = sys.stderr.buffer
        raw = getattr(buffer, "raw", buffer)  # unbuffered, it is that already
        sys.stderr = io.TextIOWrapper(
            io.BufferedWriter(_Forgiving(raw)),
            encoding=sys.stderr.encoding,
            errors=sys.stderr.errors,
            line_buffering=True,
        )


class _Forgiving(io.RawIOBase):
    """A stream that takes everything and passes on what it can."""

    def __init__(self, stream: io.RawIOBase) -> None:
        self._stream = stream

    def write(self, data: ReadableBuffer) -> int:
        try:
            written = self._stream.write(data)
        except OSError:
            written = None
        return memoryview(data).nbytes if written is None else written

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()
