"""Asks the cloud off the window's thread, a few questions at a time, and brings the answers."""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal, Slot

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled, SetupError, TokenRefused, Unexpected
from setup_wizard.domain.value import value
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.panel.access import PanelAccess

logger = logging.getLogger(__name__)

AT_ONCE = 6  # a device that is away takes a minute to be told so; others must not wait for it
END_MILLISECONDS = 1_000  # all of them hear a stop within 50 ms; this is for faults of ours


@value
class Answer:
    """What came back: a result, or why there is none."""

    seconds: float
    result: object = None
    error: SetupError | None = None


Question: TypeAlias = Callable[[Cloud, Cancellation], object]
Hear: TypeAlias = Callable[[Answer], None]


class Errands(QObject):
    """Every answer is heard in the window's thread, unless the panel was closed meanwhile.

    Signals:
        ended(int, object): the number of the errand and its Answer; None: it was stopped.
    """

    ended = Signal(int, object)

    def __init__(self, session: PanelAccess) -> None:
        super().__init__()
        self._session = session
        self._waiting: dict[int, tuple[Hear, StopSwitch]] = {}
        self._switch = StopSwitch()
        """For all that are asked without one of their own."""
        self._number = 0
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(AT_ONCE)
        self.ended.connect(self._end)

    def ask(self, question: Question, hear: Hear, *, switch: StopSwitch | None = None) -> None:
        """What is stopped by a switch of its own is not heard of any more."""
        self._number += 1
        used = switch or self._switch
        self._waiting[self._number] = (hear, used)
        self._pool.start(_Errand(self, self._number, question, used))

    def stop(self) -> bool:
        """Nobody hears of anything any more; False when one of them does not end in time."""
        self._switch.turn()
        for _, switch in self._waiting.values():
            switch.turn()
        self._waiting.clear()
        self._pool.clear()
        return self._pool.waitForDone(END_MILLISECONDS)

    def answer(self, question: Question, cancel: Cancellation) -> object:
        """In the errand's own thread. A refused token is renewed once."""
        cloud = self._session.cloud()
        try:
            return question(cloud, cancel)
        except TokenRefused:
            return question(self._session.renewed(cloud, cancel), cancel)

    @Slot(int, object)
    def _end(self, number: int, answer: Answer | None) -> None:
        waiting = self._waiting.pop(number, None)
        if waiting is None:
            return
        hear, switch = waiting
        if answer is not None and not switch.turned:
            hear(answer)


class _Errand(QRunnable):
    def __init__(
        self, errands: Errands, number: int, question: Question, switch: StopSwitch
    ) -> None:
        super().__init__()
        self._errands = errands
        self._number = number
        self._question = question
        self._switch = switch

    def run(self) -> None:
        started = time.monotonic()
        result: object = None
        failure: SetupError | None = None
        try:
            result = self._errands.answer(self._question, self._switch)
        except Cancelled:
            self._errands.ended.emit(self._number, None)
            return
        except SetupError as error:
            failure = error
        except Exception as error:  # noqa: BLE001 - a border: whoever asked waits for an end
            # Its text may hold anything, a secret too, so only its kind and its place are told.
            kind = type(error).__name__
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("errand=failed kind=%s\n%s", kind, place)
            failure = Unexpected(kind=kind)
        answer = Answer(time.monotonic() - started, result, failure)
        self._errands.ended.emit(self._number, answer)
