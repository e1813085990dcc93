"""The panel's window: devices left, plot above the table, functions and variables right."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from setup_wizard.domain.device import Device, DeviceId, Installation
from setup_wizard.domain.stream import Batch, StreamState
from setup_wizard.live.log import EventLog
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.device_card import DeviceCard
from setup_wizard.qt.panel.device_list import DeviceList
from setup_wizard.qt.panel.device_row import Whole
from setup_wizard.qt.panel.errands import Answer, Errands
from setup_wizard.qt.panel.event_area import EventArea
from setup_wizard.qt.panel.feed import Feed
from setup_wizard.qt.panel.functions import Functions
from setup_wizard.qt.panel.memory import Memory
from setup_wizard.qt.panel.names import PROGRAMS, Names
from setup_wizard.qt.panel.plot_area import PlotArea
from setup_wizard.qt.panel.sources import Sources
from setup_wizard.qt.panel.state_line import StateLine
from setup_wizard.qt.panel.together import Together
from setup_wizard.qt.panel.variables import Variables
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import icon_button
from setup_wizard.qt.widgets.labels import small, strong

SIZE = (1240, 800)
TICK_MS = 16
# In ticks. What takes time has ticks of its own, so that no two of them stand in line.
ROWS_EVERY = 2  # thirty pictures in a second look smooth and leave the thread idle in between
PLOT_EVERY = 6  # its columns are a good part of a second wide
FIGURES_EVERY = 16  # figures that change more often cannot be read
DEVICES_EVERY = 64
LIST_MS = 30_000  # what the cloud's list says about devices that do not speak
STIR_MS = 1_000  # after news of a device: an update tells several things at once
SHARES = (250, 690, 300)  # px of the three columns


class PanelWindow(QWidget):
    """Takes what the feed holds, at the display's pace.

    Signals:
        heard(object): a Batch that has rows, for whoever else wants to know.
        renamed(object, str): the id and the new name of a device.
        closed(): the person closed it.
    """

    heard = Signal(object)
    renamed = Signal(object, str)
    closed = Signal()

    def __init__(
        self,
        look: Look,
        session: PanelAccess,
        feed: Feed,
        memory: Memory,
        *,
        device_id: DeviceId | None = None,
        log: EventLog | None = None,
        in_steps: bool = False,
    ) -> None:
        """Complete, or with `in_steps` by as many calls of `build` as it takes."""
        super().__init__()
        self.setObjectName("panel")
        self.setProperty("dense", True)  # before any part is made: style sheets look once
        self._words = words = look.words
        self._feed = feed
        self._memory = memory
        self._wanted_id = device_id
        self._ticks = 0
        self._behind = False
        self._hears_product = False
        self._listing = False
        self._grouping = False
        self._session = session
        self.errands = Errands(session)
        self._sources = Sources(session, feed, self.errands, self)
        self._names = Names(words)
        self.setWindowTitle(words("panel.title"))
        self.resize(*SIZE)
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        self._list_clock = QTimer(self)
        self._list_clock.timeout.connect(self.look_again)
        self._stir_clock = QTimer(self)
        self._stir_clock.setSingleShot(True)
        self._stir_clock.setInterval(STIR_MS)
        self._stir_clock.timeout.connect(self._list_devices)
        self._parts = self._build(look, session, log or EventLog())
        while not in_steps and self.build():
            pass

    def build(self) -> bool:
        """Make the next part; False when there is none left.

        All of them at once would hold up the window behind this one for a tenth of a second.
        """
        return next(self._parts, False)

    def _build(self, look: Look, session: PanelAccess, log: EventLog) -> Iterator[bool]:
        """From the outside in: a part that moves with all that is in it is dressed once more."""
        theme, words, names = look.theme, self._words, self._names
        self._state = StateLine(theme, words)
        self._told = small()
        self._told.setObjectName("panel_told")
        self._told.setWordWrap(False)
        top = QHBoxLayout()
        top.setSpacing(Space.BASE)
        top.addWidget(self._state, 1)
        top.addWidget(self._told)
        across = _splitter(Qt.Orientation.Horizontal, "across_splitter", self)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.BASE, Space.NEAR, Space.BASE, Space.BASE)
        whole.setSpacing(Space.NEAR)
        whole.addLayout(top)
        whole.addWidget(across, 1)
        left = QWidget(across)
        head = QHBoxLayout()
        refresh = icon_button(theme, "refresh", words("panel.refresh"), left)
        refresh.setObjectName("refresh_devices")
        refresh.clicked.connect(self.look_again)
        refresh.clicked.connect(self._sources.look_again)
        head.addWidget(strong(words("panel.devices"), left), 1)
        head.addWidget(refresh)
        with_product = session.may_watch_product
        self.devices = DeviceList(theme, words, names, left, with_product=with_product)
        rows = QVBoxLayout(left)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.addLayout(head)
        rows.addWidget(self.devices, 1)
        yield True
        middle = _splitter(Qt.Orientation.Vertical, "middle_splitter", across)
        self.plot = PlotArea(look, names, middle)
        yield True
        self.events = EventArea(look, names, log, middle)
        middle.setStretchFactor(0, 2)
        middle.setStretchFactor(1, 3)
        yield True
        right = QWidget(across)
        rows = QVBoxLayout(right)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.TIGHT)
        self._card = DeviceCard(look, session, self.errands, names, right)
        self._abilities = QStackedWidget(right)
        rows.addWidget(self._card)
        rows.addWidget(self._abilities, 1)
        abilities = _splitter(Qt.Orientation.Vertical, "abilities_splitter", self._abilities)
        self._abilities.addWidget(abilities)
        self._functions = Functions(look, self.errands, names, abilities)
        yield True
        self._variables = Variables(look, self.errands, names, abilities)
        yield True
        self._together = Together(look, self.errands, names, self._abilities)
        self._abilities.addWidget(self._together)
        yield True
        across.setStretchFactor(1, 1)
        across.setSizes([theme.scaled(share) for share in SHARES])
        self._connect()
        self._memory.bring_back(self)
        yield True  # to be shown is as long a step as any of these

    def _connect(self) -> None:
        self.devices.chosen.connect(self._show_choice)
        self.devices.stirred.connect(self._stirred)
        self._sources.turned.connect(self._show_again)
        self._sources.failed.connect(self._product_refused)
        self._card.changed.connect(self.look_again)
        self._card.renamed.connect(self.renamed)
        for part in (self.events, self.plot, self._card, self._functions, self._variables):
            part.told.connect(self._tell)
        self._together.told.connect(self._tell)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self, self.close)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self.events.focus_search)

    def begin(self) -> None:
        """Listen, and ask which devices there are."""
        self._feed.begin()
        self._clock.start(TICK_MS)
        self._list_clock.start(LIST_MS)
        self.look_again()
        self.devices.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- what comes in ------------------------------------------------------------------------

    def _tick(self) -> None:
        self._ticks += 1
        if self._ticks % PLOT_EVERY == 1:
            self.plot.refresh()
        elif self._ticks % FIGURES_EVERY == 3:
            self.events.refresh()
        elif self._ticks % DEVICES_EVERY == 5:
            self.devices.refresh()
        elif self._behind or self._ticks % ROWS_EVERY == 0:
            batches = self._feed.take()
            if batches:
                self._take(batches)
            self._behind = self._feed.has_more

    def _take(self, batches: list[Batch]) -> None:
        self._show_stream(batches[-1].state)
        heard_product, self._hears_product = self._hears_product, self._feed.of_product
        if heard_product and not self._hears_product:
            self.plot.keep_only(self._ids)
        spoken = [batch for batch in batches if batch.rows or batch.unreadable]
        if not spoken:
            return
        self.events.take(spoken)
        self.plot.take(spoken)
        for batch in spoken:
            self.devices.hear(batch, of_product=self._hears_product)
            self.heard.emit(batch)

    def _show_stream(self, state: StreamState) -> None:
        if self._state.show_state(state):
            self._announce(self._state.text)

    # --- devices ------------------------------------------------------------------------------

    def look_again(self) -> None:
        self._list_devices()
        if not self._grouping:
            self._grouping = True
            session = self._session

            def ask(_cloud: Cloud, cancel: Cancellation) -> object:
                return session.installations(cancel)

            self.errands.ask(ask, self._grouped)

    def _list_devices(self) -> None:
        if not self._listing:
            self._listing = True
            self.errands.ask(_list, self._listed)

    def _grouped(self, answer: Answer) -> None:
        """While the maker's side does not answer, the groups stay as they were."""
        self._grouping = False
        if isinstance(answer.result, tuple):
            self.devices.show_installations(answer.result)

    def _listed(self, answer: Answer) -> None:
        self._listing = False
        if answer.error is not None:
            said = self._words.error(answer.error)
            self._tell(f"{said.sentence} {said.advice}")
        elif isinstance(answer.result, tuple):
            self._names.know(answer.result)
            self.devices.show_devices(answer.result)
            if self._wanted_id is not None:
                wanted, self._wanted_id = self._wanted_id, None
                self.devices.choose(wanted)
            self.events.model.names_changed()
            self.plot.names_changed()

    def _stirred(self) -> None:
        self._stir_clock.start()

    def _show_choice(self, choice: Device | Installation | Whole | None) -> None:
        senders: frozenset[str] | None
        self._sources.want(product=choice is Whole.PRODUCT)
        match choice:
            case Whole.PRODUCT:
                senders = None
                self._card.show_product(self._no_product)
                self._functions.show_device(None)
                self._variables.show_device(None)
            case Installation():
                senders = frozenset(map(str, choice.device_ids))
                self._card.show_installation(choice)
                self._together.show_installation(choice, self.devices.known)
            case _:
                senders = frozenset({str(choice.device_id)}) if choice else self._mine
                self._card.show_device(choice)
                self._functions.show_device(choice)
                self._variables.show_device(choice)
        self._abilities.setCurrentIndex(1 if isinstance(choice, Installation) else 0)
        self.events.set_devices(senders)
        self.plot.set_devices(senders)

    def _show_again(self) -> None:
        self._show_choice(self.devices.choice)

    @property
    def _mine(self) -> frozenset[str] | None:
        """Whose events all my devices' are; None: there are no others."""
        return self._ids if self._sources.heard_others else None

    @property
    def _ids(self) -> frozenset[str]:
        return frozenset(self.devices.known) | PROGRAMS

    @property
    def _no_product(self) -> str:
        """Why there is no way to the product's events, if there is none."""
        if self._sources.error is None:
            return ""
        said = self._words.error(self._sources.error)
        return f"{said.sentence} {said.advice}"

    def _product_refused(self) -> None:
        self._show_again()
        self._tell(self._no_product)

    # --- telling, and the end -----------------------------------------------------------------

    def _tell(self, text: str) -> None:
        self._told.setText(text)
        self._announce(text)

    def _announce(self, text: str) -> None:
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        if text and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def closeEvent(self, event: QCloseEvent) -> None:
        self._memory.keep(self)
        self._clock.stop()
        self._list_clock.stop()
        self._stir_clock.stop()
        self._sources.stop()
        self._feed.stop()
        self._card.leave_no_light()
        self.errands.stop()
        super().closeEvent(event)
        self.closed.emit()


def _list(cloud: Cloud, cancel: Cancellation) -> object:
    return cloud.devices(cancel)


def _splitter(orientation: Qt.Orientation, name: str, parent: QWidget) -> QSplitter:
    splitter = QSplitter(orientation, parent)
    splitter.setObjectName(name)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(Space.NEAR)
    return splitter
