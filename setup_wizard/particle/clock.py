"""A clock that only moves forward, and does so while the computer sleeps."""

from __future__ import annotations

import sys
import time

# Linux stops its monotonic clock in sleep and has another one; macOS stops the one that Python
# takes and not its CLOCK_MONOTONIC; Windows lets its own go on.
_CLOCK = {"linux": "CLOCK_BOOTTIME", "darwin": "CLOCK_MONOTONIC"}.get(sys.platform, "")
_NUMBER: int | None = getattr(time, _CLOCK, None)


def seconds_awake_or_asleep() -> float:
    return time.monotonic() if _NUMBER is None else time.clock_gettime(_NUMBER)
