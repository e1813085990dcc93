"""The bench that stages work at: the ports, the wish to stop, a voice, and bounded retries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from setup_wizard.domain.errors import SetupError
from setup_wizard.flow.messages import Report, StageDone, StageStarted
from setup_wizard.flow.steps import Stage
from setup_wizard.ports import Cancellation, Outside

logger = logging.getLogger(__name__)

ATTEMPTS = 3  # one hiccup is common, three in a row are a finding
PAUSE = 1.0  # seconds between attempts: long enough for a stale route to go

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

    def stage(self, stage: Stage, act: Callable[[], Result], *, attempts: int = 1) -> Result:
        """Do one stage and report it; try again what is worth trying again."""
        self._stage_started = self.cancel.now()
        for attempt in range(1, attempts + 1):
            self.tell(StageStarted(stage, attempt))
            self.cancel.check()
            logger.info("stage=%s attempt=%d/%d", stage.value, attempt, attempts)
            try:
                result = act()
            except SetupError as error:
                if not error.retryable or attempt == attempts:
                    raise
                logger.info("stage=%s attempt=%d error=%s", stage.value, attempt, error)
                self.cancel.wait(PAUSE)
            else:
                seconds = self.stage_seconds(self._stage_started)
                logger.info("stage=%s done seconds=%.2f", stage.value, seconds)
                self.tell(StageDone(stage, seconds))
                return result
        raise AssertionError("a stage has at least one attempt")

    def stage_seconds(self, otherwise: float) -> float:
        """Seconds since the newest stage began, or since `otherwise` when none did."""
        since = otherwise if self._stage_started is None else self._stage_started
        return round(self.cancel.now() - since, 3)
