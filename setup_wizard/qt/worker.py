"""Work off the window's thread: one object in each thread of its own."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Unexpected
from setup_wizard.flow.messages import Report, SetupFailed, Work
from setup_wizard.ports import Outside

logger = logging.getLogger(__name__)


class Worker(QObject):
    """Lives in its own thread and performs one piece of work after another.

    Signals:
        reported(int, object): a report, with the number of the work that it belongs to.
    """

    reported = Signal(int, object)

    def __init__(self, open_outside: Callable[[], Outside]) -> None:
        super().__init__()
        self._open_outside = open_outside
        self._outside: Outside | None = None

    @Slot(int, object, object)
    def perform(self, run: int, work: Work, switch: StopSwitch) -> None:
        def tell(report: Report) -> None:
            self.reported.emit(run, report)

        if switch.turned:
            return
        try:
            from setup_wizard.flow.runner import perform

            if self._outside is None:
                # Here and not at the start: the first paint must not wait for it.
                self._outside = self._open_outside()
            perform(work, self._outside, switch, tell)
        except Exception as error:  # noqa: BLE001 - the one border
            # The one border where a fault of ours becomes a sentence. Its text may hold
            # anything, a secret too, so only its kind and its place are told.
            kind = type(error).__name__
            place = "".join(traceback.format_tb(error.__traceback__))
            logger.error("work=%s ended=fault kind=%s\n%s", type(work).__name__, kind, place)
            tell(SetupFailed(Unexpected(kind=kind)))
