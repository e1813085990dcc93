"""What blocks is waited for only as long as somebody wants it."""

from __future__ import annotations

import threading

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled, DeviceSilent
from setup_wizard.interruptible import interruptible

LIMIT = 10.0


def test_what_is_returned_is_handed_on() -> None:
    assert interruptible(lambda: 42, StopSwitch(), limit=LIMIT) == 42


@pytest.mark.parametrize("error", [ValueError("no"), DeviceSilent(command="scan-ap"), SystemExit()])
def test_what_is_raised_is_raised_here(error: BaseException) -> None:
    def act() -> None:
        raise error

    with pytest.raises(type(error)) as raised:
        interruptible(act, StopSwitch(), limit=LIMIT)

    assert raised.value is error


def test_nothing_begins_once_it_is_stopped() -> None:
    switch, begun = StopSwitch(), threading.Event()
    switch.turn()

    with pytest.raises(Cancelled):
        interruptible(begun.set, switch, limit=LIMIT)

    assert not begun.is_set()


def test_a_stop_is_heard_in_the_middle() -> None:
    switch, free = StopSwitch(), threading.Event()

    def act() -> None:
        switch.turn()
        free.wait(LIMIT)

    with pytest.raises(Cancelled):
        interruptible(act, switch, limit=LIMIT)
    free.set()


def test_what_never_ends_has_a_limit() -> None:
    free = threading.Event()

    with pytest.raises(TimeoutError):
        interruptible(lambda: free.wait(LIMIT), StopSwitch(), limit=0.05)
    free.set()


class OnALoadedMachine(StopSwitch):
    """Between two looks at its clock, a minute has passed."""

    def __init__(self) -> None:
        super().__init__()
        self._seconds = 0.0

    def now(self) -> float:
        self._seconds += 60
        return self._seconds


def test_the_limit_is_kept_by_the_clock_however_long_a_look_took() -> None:
    free = threading.Event()

    with pytest.raises(TimeoutError):
        interruptible(lambda: free.wait(LIMIT), OnALoadedMachine(), limit=60)
    free.set()
