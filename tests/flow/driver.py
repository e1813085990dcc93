"""A front end without a window: presses, the machine and the work, in one thread."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from setup_wizard.flow import life_messages as life
from setup_wizard.flow import messages as m
from setup_wizard.flow.machine import advance, start
from setup_wizard.flow.runner import perform
from setup_wizard.flow.state import State
from tests.flow.fakes import World

BESIDE = (m.KeepChecking, m.Watch, m.Rename, life.TestLife)
"""Work that does not replace other work."""


class Driver:
    """Feeds presses and reports to the machine, and its commands to the work."""

    def __init__(self, world: World, *, needs_sign_in: bool = False) -> None:
        self.world = world
        self.state = start(needs_sign_in=needs_sign_in)
        self.shown: list[State] = [self.state]
        self.commands: list[m.Command] = []
        self.pressed: m.Action | None = None
        self.while_working: Callable[[State], m.Action | None] = lambda state: None
        """Asked after every report: what the person does meanwhile."""
        self.late: list[m.KeepChecking] = []
        """Devices that are looked for by and by: a round each, when `time_passes`."""
        self._waiting: deque[tuple[int, m.Work]] = deque()
        self._busy = False

    def press(self, *actions: m.Action) -> State:
        """Do it, and let all the work that follows run to its end."""
        for action in actions:
            self.pressed = action
            self._happened(action)
            self._work()
        return self.state

    def _happened(self, event: m.Event) -> None:
        self.state, command = advance(self.state, event)
        self.shown.append(self.state)
        if command is None:
            return
        self.commands.append(command)
        if self._busy and not isinstance(command, BESIDE):
            self.world.clock.cancelled = True
        if isinstance(command, m.KeepChecking):
            self.late.append(command)
        elif not isinstance(command, m.Stop):
            self._waiting.append((self.state.run, command))

    def time_passes(self) -> State:
        """One round for each device that is looked for."""
        late, self.late = self.late, []
        for work in late:
            if work.number in self.state.at_work:
                self.world.clock.cancelled = False
                listener = self._listener(work.number)
                perform(work, self.world.outside, self.world.clock, listener)
        self._work()
        return self.state

    def _work(self) -> None:
        while self._waiting:
            run, work = self._waiting.popleft()
            if run != self.state.run:
                continue  # it was replaced before it began
            self.world.clock.cancelled = False
            self._busy = True
            perform(work, self.world.outside, self.world.clock, self._listener(run))
            self._busy = False

    def _listener(self, run: int) -> Callable[[m.Report], None]:
        def tell(report: m.Report) -> None:
            self._happened(m.Reported(run, report))
            action = self.while_working(self.state)
            if action is not None:
                self._happened(action)

        return tell
