"""The maker's own test as work: a call to the device, or the moment from which it is waited for."""

from __future__ import annotations

import logging

from setup_wizard.domain.errors import SetupError
from setup_wizard.domain.life import EventTest, FunctionTest
from setup_wizard.flow.budgets import LIFE_CALL_BUDGET
from setup_wizard.flow.life_messages import LifeAnswered, LifeAwaited, LifeRefused, TestLife
from setup_wizard.flow.work import Bench

logger = logging.getLogger(__name__)


def test_life(work: TestLife, bench: Bench) -> None:
    """The events that a test waits for are heard by those who watch the device anyway."""
    began = bench.cancel.now()
    match work.test:
        case EventTest(seconds=seconds):
            bench.tell(LifeAwaited(began, began + seconds))
        case FunctionTest():
            bench.tell(LifeAwaited(began, began + LIFE_CALL_BUDGET))
            _call(work, work.test, bench)


def _call(work: TestLife, test: FunctionTest, bench: Bench) -> None:
    """What goes wrong is told, and is no failure of the set-up."""
    cloud = bench.outside.open_cloud(work.access)
    try:
        value = cloud.call(work.device_id, test.function, test.argument, bench.cancel)
    except SetupError as error:
        logger.info("work=TestLife ended=failed error=%s", error)
        bench.tell(LifeRefused(error, bench.cancel.now()))
    else:
        bench.tell(LifeAnswered(value, bench.cancel.now()))
