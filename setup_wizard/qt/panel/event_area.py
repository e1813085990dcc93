"""Everything about events: what is looked for, the table, one event in full, and the counts."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QWidget,
)

from setup_wizard.domain.stream import Batch
from setup_wizard.live.export import csv_lines, json_lines
from setup_wizard.live.filter import Filter
from setup_wizard.live.log import Drop, Entry, EventLog, Sieve
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.details import Details
from setup_wizard.qt.panel.event_model import EventModel
from setup_wizard.qt.panel.event_table import EventTable
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.panel.saving import Writing, ask_where, why_not_saved
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets.buttons import quiet_button
from setup_wizard.qt.widgets.fields import Card, CheckBox

TYPING_MS = 200  # after the last key, before a hundred thousand rows are looked through
SIEVING = 0.008  # s of that at a time: half a picture, so that the window never stands still
_DROPPED = {
    Drop.FILTERED: "panel.dropped_filtered",
    Drop.PAUSED: "panel.dropped_paused",
    Drop.UNREADABLE: "panel.dropped_unreadable",
    Drop.SURPLUS: "panel.dropped_surplus",
}


class EventArea(Card):
    """Signals: told(str): something happened that a person should hear of."""

    told = Signal(str)

    def __init__(
        self, look: Look, names: Names, log: EventLog, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("events_area")
        self._words = words = look.words
        self.log = log
        self.splitter = QSplitter(Qt.Orientation.Vertical, self)
        self.model = EventModel(log, words, names)
        self.table = EventTable(look.theme, self.model, self.splitter)
        self.table.setAccessibleName(words("panel.events"))
        self._devices: frozenset[str] | None = None
        self._details = Details(look.theme, words, names, self.splitter)
        self._details.hide()
        self.splitter.setObjectName("events_splitter")
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self._counts = QLabel()
        self._counts.setObjectName("counts")
        self._counts.setProperty("kind", "small")
        self._counts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._look_for)
        self._sieve: Sieve | None = None
        self._sieving = QTimer(self)
        self._sieving.setSingleShot(True)
        self._sieving.timeout.connect(self._sift)
        self._writing = Writing()
        self._writing.ended.connect(self._saved)
        self._saved_rows = 0
        self.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.TIGHT)
        self.body.addLayout(self._tools())
        self.body.addWidget(self.splitter, 1)
        self.body.addLayout(self._foot())
        self.table.follow_changed.connect(self._follow_changed)
        self.table.entry_chosen.connect(self._show_details)
        self._details.closed.connect(self._close_details)
        self.refresh()

    def _tools(self) -> QHBoxLayout:
        words = self._words
        self._prefix = self._field("prefix", "panel.prefix")
        self._search = self._field("search", "panel.search")
        self._pause = self._button("pause", "panel.pause")
        self._pause.clicked.connect(self._pause_pressed)
        clear = self._button("clear", "panel.clear")
        clear.clicked.connect(self._clear_pressed)
        save = self._button("save_events", "panel.save")
        save.clicked.connect(self._save_pressed)
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._prefix, 3)
        row.addWidget(self._search, 4)
        for button in (self._pause, clear, save):
            row.addWidget(button)
        self._follow = CheckBox(words("panel.follow"))
        self._follow.setObjectName("follow")
        self._follow.setChecked(True)
        self._follow.clicked.connect(self.table.set_follow)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._counts, 1)
        row.addWidget(self._follow)
        return row

    def _field(self, name: str, key: str) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setPlaceholderText(self._words(key))
        field.setAccessibleName(self._words(key))
        field.setClearButtonEnabled(False)
        field.textChanged.connect(self._typed)
        return field

    def _button(self, name: str, key: str) -> QPushButton:
        button = quiet_button(self._words(key))
        button.setObjectName(name)
        return button

    # --- what comes in ------------------------------------------------------------------------

    def take(self, batches: list[Batch]) -> None:
        self.model.take(batches)

    def refresh(self) -> None:
        """The counts, a few times in a second: figures that race cannot be read."""
        words, counted = self._words, self.log.counters(time.monotonic())
        count = counted.received
        one = count == 1
        parts = [words("panel.count_one") if one else words("panel.count", count=f"{count:,}")]
        if counted.per_second:
            rate = counted.per_second
            parts.append(words("panel.rate", count=f"{rate:,.0f}" if rate >= 3 else f"{rate:.1f}"))
        for drop, key in _DROPPED.items():
            if counted.dropped[drop]:
                parts.append(words(key, count=f"{counted.dropped[drop]:,}"))
        self._counts.setText("   ·   ".join(parts))
        if self.model.rowCount():
            return
        paused = counted.dropped[Drop.PAUSED]
        if self.log.paused:
            text = words("panel.empty_paused", count=f"{paused:,}")
        elif counted.received and not self.log.filter.wants_all:
            text = words("panel.empty_filtered", count=f"{counted.received:,}")
        else:
            text = words("panel.empty")
        self.table.set_placeholder(text)

    # --- what is looked for -------------------------------------------------------------------

    def set_devices(self, devices: frozenset[str] | None) -> None:
        if devices != self._devices:
            self._devices = devices
            self._look_for()

    def focus_search(self) -> None:
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def _typed(self) -> None:
        self._typing.start()

    def _look_for(self) -> None:
        self._typing.stop()
        wanted = Filter(self._prefix.text(), self._devices, self._search.text())
        if wanted != (self._sieve.wanted if self._sieve else self.log.filter):
            self._sieve = Sieve(self.log, wanted)
            self._sift()

    def _sift(self) -> None:
        """A part of it; until the last of them what was looked for before is shown."""
        sieve = self._sieve
        if sieve is None:
            return
        until = time.monotonic() + SIEVING
        while not sieve.step():
            if time.monotonic() >= until:
                self._sieving.start()
                return
        self._sieve = None
        self.model.set_filter(sieve)
        self.refresh()

    def _follow_changed(self, follows: bool) -> None:
        self._follow.setChecked(follows)

    def _pause_pressed(self) -> None:
        if self.log.paused:
            self.model.resume()
        else:
            self.log.pause()
        paused = self.log.paused
        self._pause.setText(self._words("panel.resume" if paused else "panel.pause"))
        self.refresh()

    def _clear_pressed(self) -> None:
        self.model.clear()
        self.refresh()

    # --- one event ----------------------------------------------------------------------------

    def _show_details(self, entry: Entry | None) -> None:
        if entry is None:
            self._details.hide()
            return
        row = entry.number - self.log.first_number
        text = self.model.gap_text(entry.row) if self.model.is_gap(row) else ""  # type: ignore[arg-type]
        self._details.show_entry(entry, text)
        if self._details.isHidden():
            self._details.show()
            QTimer.singleShot(0, self.table.reveal_choice)

    def _close_details(self) -> None:
        self.table.forget_choice()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- saving -------------------------------------------------------------------------------

    def _save_pressed(self) -> None:
        words = self._words
        kinds = (f"{words('panel.save_table')} (*.csv)", f"{words('panel.save_lines')} (*.jsonl)")
        name = f"events-{time.strftime('%Y-%m-%d-%H%M')}"
        file = ask_where(self, words("panel.save_dialog"), name, kinds)
        if file is not None:
            self.save_to(file)

    def save_to(self, file: Path) -> None:
        """What is shown at this moment."""
        entries = list(self.log.entries())
        self._saved_rows = len(entries)
        lines = json_lines(entries) if file.suffix == ".jsonl" else csv_lines(entries)
        self._writing.begin(file, lines)

    def _saved(self, file: Path, there: bool, reason: str) -> None:
        words = self._words
        if there:
            folder = file.parent.name or str(file.parent)
            self.told.emit(words("panel.saved", count=f"{self._saved_rows:,}", folder=folder))
        else:
            self.told.emit(why_not_saved(words, reason))
