"""Opens the panel beside the window, lends it the thread of live events, and closes it again."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

from setup_wizard.domain.cloud import DeviceEvent
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.life import EventTest, LifeWaiting
from setup_wizard.domain.stream import Batch
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.page import Page
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.feed import Feed
from setup_wizard.qt.panel.memory import Memory
from setup_wizard.qt.panel.window import PanelWindow

END_SECONDS = 0.2  # a stream hears a stop at once; longer is a fault of ours
TOLD = 20  # events at a time: the page shows a handful
TELL_MS = 250  # between two times: the page behind the panel need not race


class PanelHost(QObject):
    """One panel at a time, for the customer whose device is on the last page."""

    def __init__(
        self,
        page: Page,
        controller: Controller,
        open_outside: Callable[[], Outside],
        settings: QSettings | None,
    ) -> None:
        super().__init__()
        self._page = page  # it knows how the program looks now
        self._controller = controller
        self._open_outside = open_outside
        self._memory = Memory(settings)
        self._feed: Feed | None = None
        self._ended_feed: Feed | None = None
        self.panel: PanelWindow | None = None
        self._newest: dict[tuple[str, str | None], DeviceEvent] = {}
        self._tell_clock = QTimer(self)
        self._tell_clock.setSingleShot(True)
        self._tell_clock.setInterval(TELL_MS)
        self._tell_clock.timeout.connect(self._tell)
        self._build_clock = QTimer(self)  # at once, but for what else waits for the thread
        self._build_clock.timeout.connect(self._build)
        self._customer = ""
        controller.state_changed.connect(self._look)

    @Slot()
    def open(self) -> None:
        """Show the panel; the one that is open comes to the front."""
        state = self._controller.state
        if self.panel is None and state.provision is not None and state.device is not None:
            session = PanelAccess(
                state.provision.access,
                self._open_outside,
                session=state.session,
                proof=state.proof,
            )
            self._customer = state.customer.lower()
            self._feed = Feed(session.stream, self._controller.lend_live())
            self.panel = PanelWindow(
                self._page.look,
                session,
                self._feed,
                self._memory,
                device_id=state.device.device_id,
                in_steps=True,
            )
            self.panel.heard.connect(self._hear)
            self.panel.renamed.connect(self._tell_name)
            self.panel.closed.connect(self._closed)
            self._build_clock.start()
        elif self.panel is not None and not self._build_clock.isActive():
            self.panel.show()
            self.panel.activateWindow()

    def close(self) -> None:
        if self.panel is not None:
            while self._build_clock.isActive():
                self._build()
            self.panel.close()

    @Slot(object)
    def _look(self, state: State) -> None:
        """A panel is one customer's: it does not outlive their sign-in, nor show for the next."""
        if self.panel is not None and state.customer.lower() != self._customer:
            self.close()

    @Slot()
    def _build(self) -> None:
        if self.panel is None or self.panel.build():
            return
        self._build_clock.stop()
        self.panel.begin()
        self.panel.show()
        self.panel.activateWindow()

    @Slot(object)
    def _hear(self, batch: Batch) -> None:
        """The last page knows its device by what it says; the panel listens in its place."""
        device = self._controller.state.device
        mine = str(device.device_id) if device else ""
        life = self._controller.state.life
        test = life.test if isinstance(life, LifeWaiting) else None
        awaited: DeviceEvent | None = None
        for row in batch.rows:
            if isinstance(row, DeviceEvent) and row.device_id == mine:
                self._newest[row.name, row.data] = row
                if isinstance(test, EventTest) and test.is_passed_by(row):
                    awaited = row
        if awaited is not None:
            del self._newest[awaited.name, awaited.data]
            self._newest[awaited.name, awaited.data] = awaited  # last, so that it is told for sure
            self._tell()  # at once, for its time counts
        if self._newest and not self._tell_clock.isActive():
            self._tell_clock.start()

    @Slot()
    def _tell(self) -> None:
        told, self._newest = tuple(self._newest.values())[-TOLD:], {}
        state = self._controller.state
        if told and state.step is Step.DONE:
            self._controller.dispatch(m.Reported(state.run, m.DeviceSpoke(told, time.monotonic())))

    @Slot(object, str)
    def _tell_name(self, device_id: DeviceId, name: str) -> None:
        state = self._controller.state
        if state.device is not None and state.device.device_id == device_id:
            self._controller.dispatch(m.Reported(state.run, m.Renamed(name)))

    @Slot()
    def _closed(self) -> None:
        panel, self.panel = self.panel, None
        feed, self._feed = self._feed, None
        if feed is not None:
            feed.wait(END_SECONDS)
            feed.deleteLater()
            # Held until the next one: it lives in the other thread, and to be let go of by Python
            # here while it still hears of a turn there would end the program.
            self._ended_feed = feed
        if panel is not None:
            panel.deleteLater()
        self._controller.take_live_back()
