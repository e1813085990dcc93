"""Who a device is: its id, what it says of itself in listening mode, and what the cloud knows."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from setup_wizard.domain.value import value

LONGEST_NAME = 128  # characters; more than any screen shows
# The id of a Photon's chip is its place on the wafer, the wafer and then the lot, which all that
# were made together share: public ids of ten owners end in the same 14 digits.
_OF_ITS_OWN = 10
_DEVICE_ID = re.compile(r"[0-9a-f]{24}")


@dataclass(frozen=True, order=True)
class DeviceId:
    """24 lower-case hexadecimal digits. Always made by `parse`."""

    text: str

    def __post_init__(self) -> None:
        if not _DEVICE_ID.fullmatch(self.text):
            raise ValueError("a device id has 24 hexadecimal digits")

    @classmethod
    def parse(cls, text: str) -> DeviceId:
        """From any spelling; the device itself answers in upper case. Raises ValueError."""
        return cls(text.strip().lower())

    @property
    def short(self) -> str:
        """As much of it as tells it from others of its kind."""
        return shortened(self.text)

    def __str__(self) -> str:
        return self.text


def shortened(device_id: str) -> str:
    """The same for what may be no id at all, such as the sender of an event."""
    return device_id[:_OF_ITS_OWN].upper()


@value
class DeviceIdentity:
    """What a device in listening mode answers to the question who it is."""

    device_id: DeviceId
    claimed_before: bool
    """Was claimed once. A cloud unclaim never clears it, so it does not mean "owned"."""


@value
class Installation:
    """A named group of devices that are handled together."""

    name: str
    device_ids: tuple[DeviceId, ...] = ()


@value
class Device:
    """A device as the cloud lists it for its owner."""

    device_id: DeviceId
    name: str = ""
    online: bool = False
    functions: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict, hash=False)
    """Name to type: int32, double, string or bool."""
    last_heard: str | None = None
    firmware_version: str | None = None
    system_version: str | None = None
    """Of the device's own system, which decides how much it can be told at once."""
