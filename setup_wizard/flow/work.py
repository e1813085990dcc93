"""The bench that stages work at: the ports, the wish to stop, a voice, and bounded retries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from setup_wizard.domain.errors import SetupError
from setup_wizard.flow.budgets import ATTEMPTS, PAUSE, Within
from setup_wizard.flow.messages import Report, StageDone, StageStarted, StageUnproved
from setup_wizard.flow.steps import Stage
from setup_wizard.ports import Cancellation, Outside

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Bench:
    """What every stage is given."""

    def __init__(
        self, outside: Outside, cancel: Cancellation, tell: Callable[[Report], None]
    ) -> None:
        self.outside = outside
        self.cancel = cancel
        self.tell = tell
        self._stage_started: float | None = None

    def stage(
        self,
        stage: Stage,
        act: Callable[[], Result],
        *,
        attempts: int = 1,
        budget: float | None = None,
        proved: Callable[[Result], bool] = lambda _result: True,
    ) -> Result:
        """Do one stage and report it; a tick only for what is proved.

        The budget is what a person is told; `within` keeps it.
        """
        self._stage_started = self.cancel.now()

        def begin(attempt: int) -> None:
            logger.info("stage=%s attempt=%d/%d", stage.value, attempt, attempts)
            left = None if budget is None else max(0.0, budget - self.stage_seconds(0.0))
            self.tell(StageStarted(stage, attempt, left))

        result = self.persist(act, attempts=attempts, begin=begin)
        seconds = self.stage_seconds(self._stage_started)
        good = proved(result)
        logger.info("stage=%s proved=%s seconds=%.2f", stage.value, good, seconds)
        self.tell(StageDone(stage, seconds) if good else StageUnproved(stage, seconds))
        return result

    def persist(
        self,
        act: Callable[[], Result],
        *,
        attempts: int = ATTEMPTS,
        begin: Callable[[int], None] = lambda _attempt: None,
    ) -> Result:
        """Try again what is worth trying again, so often and no more."""
        for attempt in range(1, attempts + 1):
            begin(attempt)
            self.cancel.check()
            try:
                return act()
            except SetupError as error:
                if not error.retryable or attempt == attempts:
                    raise
                logger.info("attempt=%d/%d error=%s", attempt, attempts, error)
                self.cancel.wait(PAUSE)
        raise AssertionError("there is at least one attempt")

    @contextmanager
    def within(self, seconds: float, late: Callable[[], SetupError]) -> Iterator[None]:
        """Everything in here ends in time, or with that error."""
        cancel, self.cancel = self.cancel, Within(self.cancel, seconds, late)
        try:
            yield
        finally:
            self.cancel = cancel

    def stage_seconds(self, otherwise: float) -> float:
        """Seconds since the newest stage began, or since `otherwise` when none did."""
        since = otherwise if self._stage_started is None else self._stage_started
        return round(self.cancel.now() - since, 3)
