"""How long a function's argument may be, which depends on the device's own system."""

from __future__ import annotations

import re

# Device OS version to bytes of UTF-8, from that version on, for devices like the Photon and P1.
SHORTEST_LIMIT = 63
_LIMITS = (((3, 0, 0), 864), ((0, 8, 0), 622), ((0, 0, 0), SHORTEST_LIMIT))
_USUAL = 622  # what the Photon takes with the systems that nearly all of them run


def longest_argument(system_version: str | None) -> int:
    """Bytes of UTF-8; the usual when the version is not known."""
    parts = re.match(r"(\d+)\.(\d+)\.(\d+)", system_version or "")
    if parts is None:
        return _USUAL
    version = tuple(map(int, parts.groups()))
    return next(limit for since, limit in _LIMITS if version >= since)


def argument_length(argument: str) -> int:
    """Bytes of UTF-8, which is what devices count."""
    return len(argument.encode("utf-8", "surrogatepass"))
