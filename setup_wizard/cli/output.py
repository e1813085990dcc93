"""Standard output, which may be full or gone: then what was done is done all the same."""

from __future__ import annotations

import logging
import os
import sys

_log = logging.getLogger(__name__)


def say(*lines: str) -> None:
    """Print lines at once. A reader that went away changes neither the work nor its status."""
    try:
        print(*lines, sep="\n", flush=True)
    except OSError as error:
        _log.warning("standard output cannot be written (%s)", error.strerror)
        # What is left in its buffer would fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
