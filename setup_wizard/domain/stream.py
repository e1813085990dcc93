"""The live event stream in values: where it listens, how it stands, and what it brought."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple, TypeAlias

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.value import value


@value
class Source:
    """Whose events: those of all my devices unless told otherwise."""

    device_id: DeviceId | None = None
    """Of this device only."""
    product: str | None = None
    """Of the product, for its staff, instead of my own devices."""
    prefix: str = ""
    """Only events whose name begins so."""


class Loss(Enum):
    """Why there is a hole in what the stream told."""

    DISCONNECTED = "disconnected"
    """The connection was lost and came back; what was published meanwhile cannot be replayed."""
    TOO_LONG = "too_long"
    """Something longer than any event was passed over."""
    TURNED = "turned"
    """Another source was chosen, which is not heard from one moment to the next."""


class Gap(NamedTuple):
    """A hole in the stream: events may be missing here."""

    loss: Loss
    seconds: float
    """How long nothing could be heard."""


Row: TypeAlias = DeviceEvent | Gap


@value
class Connecting:
    """The stream is being opened for the first time."""


@value
class Live:
    """The cloud spoke within its usual time."""


@value
class Quiet:
    """The connection stands, but not even a sign of life came lately."""

    seconds: float
    """Since the last byte."""


@value
class Reconnecting:
    """The connection was lost."""

    seconds: float
    """Until the next attempt; 0 while it is made."""
    cause: SetupError


@value
class Stopped:
    """The stream will tell nothing more."""

    cause: SetupError | None = None
    """None: it was asked to stop."""


StreamState: TypeAlias = Connecting | Live | Quiet | Reconnecting | Stopped


@value
class Batch:
    """What a stream brought since it was last asked."""

    rows: tuple[Row, ...]
    state: StreamState
    received_at: float
    """Seconds since 1970, by this computer's clock: for people."""
    moment: float
    """Seconds on a clock that only moves forward: for plots and rates."""
    unreadable: int = 0
    """Events whose data were not the cloud's JSON, and which are therefore no rows."""
