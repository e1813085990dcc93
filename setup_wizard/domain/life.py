"""The maker's own test that a device is alive, and what became of it."""

from __future__ import annotations

from typing import TypeAlias

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.value import value


@value
class EventTest:
    """A person does something to the device, and it says so."""

    sentence: str
    """What to do, in the maker's words."""
    event: str
    seconds: float
    data: str | None = None
    """What it has to say; None: anything."""

    def is_passed_by(self, event: DeviceEvent) -> bool:
        return event.name == self.event and self.data in (None, event.data)


@value
class FunctionTest:
    """The device is asked to do something, and answers as it should."""

    sentence: str
    """What is to be seen, in the maker's words."""
    function: str
    returns: int
    argument: str = ""


LifeTest: TypeAlias = EventTest | FunctionTest


@value
class LifeDue:
    """It has not begun: the device is not there yet, or it is about to."""

    test: LifeTest
    asked: bool = False
    """Whether it was asked for."""


@value
class LifeWaiting:
    """It runs, on the clock of the work."""

    test: LifeTest
    began: float
    until: float


@value
class LifePassed:
    test: LifeTest
    seconds: float
    answer: str | int | None
    """What the event said, or the function returned."""


@value
class LifeFailed:
    """The set-up is good all the same."""

    test: LifeTest
    seconds: float
    answer: int | None = None
    """What the function returned in place of what it should."""
    error: SetupError | None = None
    """Why there was no answer; None with no answer: nothing came in time."""


LifeProof: TypeAlias = LifeDue | LifeWaiting | LifePassed | LifeFailed
