"""One question put to many devices, a few at a time, each with an answer of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.device import DeviceId
from setup_wizard.qt.panel.errands import Answer, Errands, Question

AT_ONCE = 4  # fewer than the errands have, so that the panel's other questions get through


class GroupRun(QObject):
    """Begins with `begin`, ends when everybody answered or somebody cancels.

    Signals:
        asked(object): the id of a device that is being asked now.
        answered(object, object): the id of a device and its Answer.
        ended(): nobody is asked any more.
    """

    asked = Signal(object)
    answered = Signal(object, object)
    ended = Signal()

    def __init__(
        self,
        errands: Errands,
        device_ids: Iterable[DeviceId],
        question: Callable[[DeviceId], Question],
    ) -> None:
        super().__init__()
        self._errands = errands
        self._question = question
        self._left = deque(device_ids)
        self._switch = StopSwitch()
        self._under_way = 0

    def begin(self) -> None:
        for _ in range(AT_ONCE):
            self._next()
        if not self._under_way:
            self.ended.emit()

    def cancel(self) -> None:
        """Ask nobody else, and wait for nobody."""
        if not self._switch.turned:
            self._left.clear()
            self._switch.turn()
            self.ended.emit()

    def _next(self) -> None:
        if self._left:
            device_id = self._left.popleft()
            self._under_way += 1
            self.asked.emit(device_id)
            hear = partial(self._hear, device_id)
            self._errands.ask(self._question(device_id), hear, switch=self._switch)

    def _hear(self, device_id: DeviceId, answer: Answer) -> None:
        self._under_way -= 1
        self.answered.emit(device_id, answer)
        self._next()
        if not self._under_way and not self._switch.turned:
            self._switch.turn()
            self.ended.emit()
