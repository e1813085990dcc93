"""Time that passes only when the work waits, and calls that fail as they are told."""

from __future__ import annotations

from collections.abc import Callable

from setup_wizard.domain.errors import Cancelled, SetupError
from setup_wizard.ports import Cancellation

TOO_LONG = 3600.0  # seconds; work that waits longer than an hour has no limit at all


class Clock(Cancellation):
    """Waiting takes no time, and the clock moves all the same."""

    def __init__(self) -> None:
        self.time = 0.0
        self.waits: list[float] = []
        self.looks = 0
        self.cancelled = False
        self.cancel_at: int | None = None
        """The number of the look at the wish to stop that finds it."""
        self._due: list[tuple[float, Callable[[], None]]] = []

    def at(self, seconds: float, act: Callable[[], None]) -> None:
        """Let something happen so many seconds from now."""
        self._due.append((self.time + seconds, act))

    def check(self) -> None:
        self.looks += 1
        if self.cancelled or self.looks == self.cancel_at:
            self.cancelled = True
            raise Cancelled

    def wait(self, seconds: float) -> None:
        self.check()
        assert seconds >= 0
        self.waits.append(seconds)
        self.pass_time(seconds)
        assert self.time < TOO_LONG, "this work has no limit"

    def pass_time(self, seconds: float) -> None:
        until = self.time + seconds
        while due := sorted((d for d in self._due if d[0] <= until), key=lambda d: d[0]):
            self._due.remove(due[0])
            self.time = max(self.time, due[0][0])
            due[0][1]()
        self.time = until

    def now(self) -> float:
        return self.time


class Scripted:
    """Remembers what it was asked, and fails as told."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._failures: dict[str, list[SetupError]] = {}

    def fail(self, call: str, *errors: SetupError) -> None:
        """Let the next calls of that name fail, once for each error."""
        self._failures.setdefault(call, []).extend(errors)

    def count(self, call: str) -> int:
        return self.calls.count(call)

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if self._failures.get(call):
            raise self._failures[call].pop(0)
