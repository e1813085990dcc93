"""What the maker's side and the cloud hand to a set-up, and what a device publishes."""

from __future__ import annotations

from dataclasses import field
from typing import NamedTuple

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.value import value


@value
class CloudAccess:
    """A customer's way into the cloud: where it is, and the access token."""

    url: str
    access_token: Secret
    product: str | None = None
    lifetime: int | None = field(default=None, compare=False)
    """Seconds that the token is good for, from when it was handed out, where that was said."""


@value
class Provision:
    """Everything that a set-up needs from the internet, fetched before the computer leaves it."""

    claim_code: Secret
    """63 characters, for one device, valid for one hour."""
    access: CloudAccess
    owned: tuple[DeviceId, ...] = ()
    """Devices that the customer already owns."""


class DeviceEvent(NamedTuple):
    """One event that a device published, as the stream tells it.

    A tuple, because a fleet publishes tens of thousands in a second.
    """

    name: str
    data: str | None
    published_at: str
    device_id: str
    """24 hex digits, or `api` and `particle-internal` for events that no device sent."""
    ttl: int = 60
