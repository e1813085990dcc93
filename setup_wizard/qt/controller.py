"""Turns events into state with the machine, and hands commands to the workers."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QThread, QTimer, Signal, Slot

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.life import LifeWaiting
from setup_wizard.flow import messages as m
from setup_wizard.flow.budgets import KEEP_PAUSE
from setup_wizard.flow.life_messages import LifeTimeOver, Listening
from setup_wizard.flow.machine import advance
from setup_wizard.flow.state import State
from setup_wizard.ports import Outside
from setup_wizard.qt.worker import Worker

if TYPE_CHECKING:
    from setup_wizard.flow.journal import Journal

logger = logging.getLogger(__name__)

# All work looks at its switch twenty times a second; this is for faults of ours.
END_MILLISECONDS = 3_000
_LIVE = 1  # the place of its thread


class Controller(QObject):
    """Owns the state and three threads: set-up, live events, and devices that were left behind.

    The third is for what goes on beside both: a late success is to be seen on the done page too.

    Signals:
        state_changed(object): the new State.
    """

    state_changed = Signal(object)
    _setup_wanted = Signal(int, object, object)
    _watch_wanted = Signal(int, object, object)
    _look_wanted = Signal(int, object, object)

    def __init__(self, state: State, open_outside: Callable[[], Outside]) -> None:
        super().__init__()
        self.state = state
        self.journal: Journal | None = None
        """Set after the first paint, which must not wait for it."""
        self._journal_failed = False
        self._unnoted: list[tuple[m.Event, State, State, m.Command | None]] = []
        """Turns that the journal is still to be told of."""
        self._switches: dict[int, list[StopSwitch]] = {}
        """By the number of the work that they stop."""
        self._pauses: dict[int, _Pause] = {}
        """Before the next look for a device, by the number of the work."""
        self._watch: tuple[int, m.Watch, StopSwitch] | None = None
        """The newest, which waits while the thread of live events is lent."""
        self._lent = False
        self._life_clock = QTimer(self)
        self._life_clock.setSingleShot(True)
        self._life_clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._life_clock.timeout.connect(self._end_life_test)
        self._life_until: float | None = None
        self._threads: list[QThread] = []
        self._workers: list[Worker] = []
        for name, wanted in (
            ("set-up", self._setup_wanted),
            ("live", self._watch_wanted),
            ("late", self._look_wanted),
        ):
            thread = QThread(self)
            thread.setObjectName(name)
            worker = Worker(open_outside)
            worker.moveToThread(thread)
            wanted.connect(worker.perform)
            worker.reported.connect(self._hear)
            self._threads.append(thread)
            self._workers.append(worker)

    def start(self) -> None:
        for thread in self._threads:
            thread.start()
        self.state_changed.emit(self.state)

    def stop(self) -> bool:
        """Stop all work and all threads; False if one of them does not end in time."""
        self._turn_switches(wanted=frozenset())
        self._life_clock.stop()
        for thread in self._threads:
            thread.quit()
        return all(thread.wait(END_MILLISECONDS) for thread in self._threads)

    def lend_live(self) -> QThread:
        """The thread of live events, for the panel. What it is to watch meanwhile waits."""
        self._lent = True
        if self._watch is not None:
            self._watch[2].turn()
        return self._threads[_LIVE]

    def take_live_back(self) -> None:
        """The panel is closed: watch again, if that is still wanted."""
        self._lent = False
        if self._watch is not None and self._watch[0] == self.state.run:
            run, work, _ = self._watch
            self._begin_watch(run, work)

    @Slot(object)
    def dispatch(self, event: m.Event) -> None:
        before = self.state
        self.state, command = advance(before, event)
        self._unnoted.append((event, before, self.state, command))
        run = self.state.run
        self._time_life_test()
        self._turn_switches(wanted=self.state.at_work)
        if self.state is not before:
            self.state_changed.emit(self.state)
        # Unless whoever was shown this state answered it: then something newer is on its way.
        if run == self.state.run and command is not None and not isinstance(command, m.Stop):
            self._hand_over(command)
        self._note()

    @Slot(int, object)
    def _hear(self, run: int, report: m.Report) -> None:
        self.dispatch(m.Reported(run, report))

    def _note(self) -> None:
        """Last, for it writes to a disk; in the order in which it happened."""
        unnoted, self._unnoted = self._unnoted, []
        if self.journal is None or self._journal_failed:
            return
        try:
            for turn in unnoted:
                self.journal.note(*turn)
        except Exception as error:  # noqa: BLE001 - a border: a set-up goes on without its journal
            # Its text may hold anything, so only its kind is told.
            self._journal_failed = True
            logger.warning("journal=off kind=%s", type(error).__name__)

    def _hand_over(self, work: m.Work) -> None:
        if isinstance(work, m.Watch):
            self._begin_watch(self.state.run, work)
            return
        switch = StopSwitch()
        if isinstance(work, m.KeepChecking):
            self._switches[work.number] = [switch]  # the round before is over
            self._look_later(work, switch)
            return
        self._switches.setdefault(self.state.run, []).append(switch)
        self._setup_wanted.emit(self.state.run, work, switch)

    def _begin_watch(self, run: int, work: m.Watch) -> None:
        switch = StopSwitch()
        self._watch = run, work, switch
        self._switches.setdefault(run, []).append(switch)
        if self._lent:
            QTimer.singleShot(0, self._tell_listening)
        else:
            self._watch_wanted.emit(run, work, switch)

    @Slot()
    def _tell_listening(self) -> None:
        """Whoever has the thread listens already, to this device too."""
        if self._lent and self._watch is not None:
            self._hear(self._watch[0], Listening())

    def _time_life_test(self) -> None:
        life = self.state.life
        until = life.until if isinstance(life, LifeWaiting) else None
        if until == self._life_until:
            return
        self._life_until = until
        self._life_clock.stop()
        if until is not None:
            left = max(0.0, until - time.monotonic())
            self._life_clock.start(math.ceil(left * 1000))

    @Slot()
    def _end_life_test(self) -> None:
        self._hear(self.state.run, LifeTimeOver(time.monotonic()))

    def _look_later(self, work: m.KeepChecking, switch: StopSwitch) -> None:
        """After a pause that is not spent in the thread, where other devices are looked for."""
        self._end_pause(work.number)
        pause = self._pauses[work.number] = _Pause(work, switch, self)
        pause.over.connect(self._look_wanted)
        pause.start(round(KEEP_PAUSE * 1000))

    def _end_pause(self, number: int) -> None:
        pause = self._pauses.pop(number, None)
        if pause is not None:
            pause.stop()
            pause.deleteLater()

    def _turn_switches(self, *, wanted: frozenset[int]) -> None:
        for number in self._switches.keys() - wanted:
            self._end_pause(number)
            for switch in self._switches.pop(number):
                switch.turn()


class _Pause(QTimer):
    """Before a look.

    Signals:
        over(int, object, object): the look's number, the look, and the switch that stops it.
    """

    over = Signal(int, object, object)

    def __init__(self, work: m.KeepChecking, switch: StopSwitch, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._switch = switch
        self.setSingleShot(True)
        self.timeout.connect(self._end)

    @Slot()
    def _end(self) -> None:
        self.over.emit(self._work.number, self._work, self._switch)
