"""Events and batches as a stream brings them."""

from __future__ import annotations

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.stream import Batch, Live, Row

DEVICE = "0123456789abcdef01234567"
OTHER = "ffffffffffffffffffffffff"


def event(data: str | None = "1", name: str = "temperature", device: str = DEVICE) -> DeviceEvent:
    return DeviceEvent(name, data, "2026-01-01T00:00:00.000Z", device)


def batch(*rows: Row, moment: float = 0.0, unreadable: int = 0) -> Batch:
    """One second after 1970 for each second of the steady clock, and a million more."""
    return Batch(rows, Live(), 1_000_000.0 + moment, moment, unreadable)
