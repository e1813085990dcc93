"""How devices and moments are written in the panel."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime

from setup_wizard.domain.device import Device, shortened
from setup_wizard.words import Words

PROGRAMS = frozenset({"api", "particle-internal"})
"""Who speaks and is no device: a program with the account's token, and the cloud itself."""
_JUST_NOW = 5  # s
_MINUTE = 60
_HOUR = 3_600


class Names:
    """What each sender of events is called."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: dict[str, str] = {}
        self.know(())

    def know(self, devices: Iterable[Device]) -> None:
        self._known = {
            "api": self._words("panel.program"),
            "particle-internal": self._words("panel.maker"),
        }
        self._known |= {str(d.device_id): self.of(d) for d in devices}

    def of(self, device: Device) -> str:
        return device.name or self.unnamed(str(device.device_id))

    def sender(self, device_id: str) -> str:
        return self._known.get(device_id) or self.unnamed(device_id)

    def unnamed(self, device_id: str) -> str:
        return self._words("late.unnamed", short_id=shortened(device_id))


def clock_of(moment: float) -> str:
    """The person's own time of day."""
    whole = time.localtime(moment)
    return (
        f"{whole.tm_hour:02d}:{whole.tm_min:02d}:{whole.tm_sec:02d}.{int(moment * 1000) % 1000:03d}"
    )


def heard_ago(words: Words, moment: float | None) -> str:
    """When a device was heard last; None: not yet."""
    if moment is None:
        return words("panel.unheard")
    seconds = max(0.0, time.time() - moment)
    if seconds < _JUST_NOW:
        return words("panel.heard_now")
    if seconds < _MINUTE:
        return words("panel.heard_seconds", seconds=int(seconds))
    if seconds < _HOUR:
        return words("panel.heard_minutes", minutes=int(seconds / _MINUTE))
    return words("panel.heard_at", time=f"{datetime.fromtimestamp(moment).astimezone():%x %H:%M}")


def moment_of(iso: str | None) -> float | None:
    """Seconds since 1970 of the cloud's date; None for none."""
    try:
        return datetime.fromisoformat(iso).timestamp() if iso else None
    except ValueError:
        return None
