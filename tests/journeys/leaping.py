"""A journey in borrowed time: waiting takes none, and budgets of minutes are over at once.

Time is real while something happens. It leaps when somebody asks it to pass, and whenever the
client looks at the clock after a whole slice in which no byte came. So a slow computer makes no
budget run out by itself: each leap needs one idle slice, and a budget many of them.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.journeys.traveller import QuickClock, QuickTime, Traveller, WatchedWorld

SLICE = 0.005  # seconds; what the client's transport is to wait for at once in these tests
_IDLE = 0.8 * SLICE  # clocks are not exact
_LEAP = 1.0  # seconds; finer than any budget
_GLANCE = 0.001  # seconds of real time between the device's looks at the clock


class LeapingTime(QuickTime):
    """Seconds that client and device agree on."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0
        self._looked = time.monotonic()

    def now(self) -> float:
        return time.monotonic() + self._ahead

    def look(self) -> float:
        """The client's look, which may find that it waits for nothing."""
        if time.monotonic() - self._looked >= _IDLE:
            self._ahead += _LEAP
        self._looked = time.monotonic()
        return self.now()

    def leap(self, seconds: float) -> None:
        self._ahead += seconds
        self._looked = time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """How the device lets time pass."""
        until = self.now() + seconds
        while self.now() < until:
            await asyncio.sleep(_GLANCE)


class LeapingClock(QuickClock):
    """The switch and the clock of one command."""

    def __init__(self, leaping: LeapingTime, *, stride: float) -> None:
        super().__init__(1.0, leaping, stride=stride)
        self._leaping = leaping

    def wait(self, seconds: float) -> None:
        super().wait(0.0)
        self._leaping.leap(seconds * self.stride)

    def now(self) -> float:
        return self._leaping.look()


class LeapingTraveller(Traveller):
    """Waits for nothing; the world's device lives in the same time."""

    def __init__(self, world: WatchedWorld, **changes: Any) -> None:
        super().__init__(world, **changes)
        self.time = LeapingTime()
        world.photon.sleep = self.time.sleep

    def clock(self) -> QuickClock:
        return LeapingClock(self.time, stride=self.stride)
