"""Whether a device updates itself, from what the cloud tells about it."""

from __future__ import annotations

from collections.abc import Iterable

from setup_wizard.domain.cloud import DeviceEvent

# Nothing else is evidence: the cloud's description of a device has no word for it.
STATUS = "spark/status"
FLASH = "spark/flash/status"
SAFE_MODE_UPDATER = "spark/safe-mode-updater/updating"


def updating_after(event: DeviceEvent, *, updating: bool) -> bool:
    """Begun by the cloud's word; over when it failed, or when the device is back from it."""
    match event.name, event.data:
        case (name, "started") if name == FLASH:
            return True
        case (name, "auto-update") if name == STATUS:
            return True
        case (name, _) if name == SAFE_MODE_UPDATER:
            return True
        case (name, "failed") if name == FLASH:
            return False
        case (name, "online") if name == STATUS:
            return False
    return updating


def updating_after_all(events: Iterable[DeviceEvent], *, updating: bool) -> bool:
    """After one event and the next."""
    for event in events:
        updating = updating_after(event, updating=updating)
    return updating
