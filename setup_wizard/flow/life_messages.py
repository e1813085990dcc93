"""What can happen around the maker's own test, and what can be asked for."""

from __future__ import annotations

from typing import TypeAlias

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import LifeTest
from setup_wizard.domain.value import value

# Every `at` is a time on the clock of the work.


@value
class LifeTestPressed:
    """Try the test again."""


Action: TypeAlias = LifeTestPressed


@value
class Listening:
    """From now on the device's events are heard."""


@value
class LifeAwaited:
    """The test has begun."""

    at: float
    until: float


@value
class LifeAnswered:
    """The function returned."""

    value: int
    at: float


@value
class LifeRefused:
    """The function could not be called, or did not return."""

    error: SetupError
    at: float


@value
class LifeTimeOver:
    """Told by the front end, whose clock it is that a person looks at."""

    at: float


Report: TypeAlias = Listening | LifeAwaited | LifeAnswered | LifeRefused | LifeTimeOver


@value
class TestLife:
    """Begin to wait for the event, or call the function."""

    access: CloudAccess
    device_id: DeviceId
    test: LifeTest


Work: TypeAlias = TestLife
