"""What the maker's backend and the cloud have in common when they are asked over HTTP."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from setup_wizard.domain.device import DeviceId

_log = logging.getLogger(__name__)


def usable_ids(listed: Sequence[object]) -> tuple[DeviceId, ...]:
    """The ids that are a device's; one of another shape is no reason to set up none."""
    usable = tuple(_usable(listed))
    if len(usable) < len(listed):
        _log.warning("device_ids=%d unusable=%d", len(listed), len(listed) - len(usable))
    return usable


def _usable(listed: Sequence[object]) -> Iterator[DeviceId]:
    for text in listed:
        try:
            yield DeviceId.parse(str(text))
        except ValueError:
            continue
