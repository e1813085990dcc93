"""A device's variables: name, type and value, read when asked for or every few seconds."""

from __future__ import annotations

import json
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from setup_wizard.domain.device import Device, DeviceId
from setup_wizard.ports import Cancellation, Cloud
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.errands import Answer, Errands, Question
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.buttons import plain_button, quiet_button
from setup_wizard.qt.widgets.fields import Card, DropDown
from setup_wizard.qt.widgets.labels import small, strong

_NAME, _TYPE, _VALUE = range(3)
_ROW = 28  # px
_EVERY = {
    "panel.read_by_hand": 0,
    "panel.read_two": 2_000,
    "panel.read_ten": 10_000,
    "panel.read_minute": 60_000,
}
"""Milliseconds."""


class Variables(Card):
    """Signals: told(str): what a person should hear of."""

    told = Signal(str)

    def __init__(
        self, look: Look, errands: Errands, names: Names, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("variables_area")
        self._words = words = look.words
        self._theme = look.theme
        self._errands = errands
        self._names = names
        self._device: Device | None = None
        self._asked: set[tuple[DeviceId, str]] = set()
        self._none = small()
        self._none.setObjectName("no_variables")
        self._table = self._make_table()
        self._read = quiet_button(words("panel.read"))
        self._read.setObjectName("read")
        self._read.clicked.connect(self._read_pressed)
        self._all = plain_button(words("panel.read_all"))
        self._all.setObjectName("read_all")
        self._all.clicked.connect(self.read_all)
        self._every = DropDown()
        self._every.setObjectName("read_every")
        self._every.setAccessibleName(words("panel.read_how_often"))
        for key, milliseconds in _EVERY.items():
            self._every.addItem(words(key), milliseconds)
        self._every.currentIndexChanged.connect(self._every_chosen)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self.read_all)
        self._trouble = small()
        self._trouble.setObjectName("variable_trouble")
        self._trouble.setProperty("kind", "mistake")
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        row.addWidget(self._every, 1)
        row.addWidget(self._read)
        row.addWidget(self._all)
        self.body.setContentsMargins(Space.NEAR, Space.NEAR, Space.NEAR, Space.NEAR)
        self.body.addWidget(strong(words("panel.variables")))
        self.body.addWidget(self._none)
        self.body.addWidget(self._table, 1)
        self.body.addWidget(self._trouble)
        self.body.addLayout(row)
        self._ground = QWidget()  # keeps the words at the top while there is nothing else
        self.body.addWidget(self._ground, 1)
        self.show_device(None)

    def _make_table(self) -> QTableWidget:
        words = self._words
        table = QTableWidget(0, 3)
        table.setObjectName("variables")
        table.setAccessibleName(words("panel.variables"))
        table.setHorizontalHeaderLabels(
            [words("panel.name"), words("panel.variable_type"), words("panel.variable_value")]
        )
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.verticalHeader().setDefaultSectionSize(self._theme.scaled(_ROW))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setStretchLastSection(True)
        header.setHighlightSections(False)
        header.resizeSection(_NAME, self._theme.scaled(104))
        header.resizeSection(_TYPE, self._theme.scaled(64))
        table.itemActivated.connect(self._read_pressed)
        return table

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._table.verticalHeader().setDefaultSectionSize(theme.scaled(_ROW))

    # --- showing ------------------------------------------------------------------------------

    def show_device(self, device: Device | None) -> None:
        before, self._device = self._device, device
        other = before is None or device is None or before.device_id != device.device_id
        if other:
            self._trouble.setText("")
            self._trouble.hide()
        offered = dict(device.variables) if device else {}
        if other or list(offered) != self._shown():
            self._table.setRowCount(0)
            for name, kind in offered.items():
                row = self._table.rowCount()
                self._table.insertRow(row)
                for column, text in ((_NAME, name), (_TYPE, kind), (_VALUE, "")):
                    self._table.setItem(row, column, QTableWidgetItem(text))
            if offered:
                self._table.setCurrentCell(0, _NAME)
        if device is None:
            self._none.setText(self._words("panel.choose_device"))
        else:
            self._none.setText(self._words("panel.no_variables", name=self._names.of(device)))
        for part in (self._table, self._read, self._all, self._every):
            part.setVisible(bool(offered))
        self._none.setVisible(not offered)
        self._ground.setVisible(not offered)

    def _shown(self) -> list[str]:
        items = (self._table.item(row, _NAME) for row in range(self._table.rowCount()))
        return [item.text() for item in items if item is not None]

    def _every_chosen(self) -> None:
        milliseconds = int(self._every.currentData())
        if milliseconds:
            self._clock.start(milliseconds)
            self.read_all()
        else:
            self._clock.stop()

    # --- reading ------------------------------------------------------------------------------

    def _read_pressed(self) -> None:
        item = self._table.item(self._table.currentRow(), _NAME)
        if item is not None:
            self.read(item.text())

    def read_all(self) -> None:
        for name in self._shown():
            self.read(name)

    def read(self, name: str) -> None:
        if self._device is None or (self._device.device_id, name) in self._asked:
            return  # the answer to the last time is still to come
        device_id = self._device.device_id
        self._asked.add((device_id, name))
        cell = self._value_cell(name)
        if cell is not None and not cell.text():
            cell.setText(self._words("panel.reading"))
        self._errands.ask(_question(device_id, name), partial(self._show_answer, device_id, name))

    def _show_answer(self, device_id: DeviceId, name: str, answer: Answer) -> None:
        self._asked.discard((device_id, name))
        if self._device is None or self._device.device_id != device_id:
            return
        cell = self._value_cell(name)
        if answer.error is not None:
            said = self._words.error(answer.error)
            self._trouble.setText(f"{name}: {said.sentence} {said.advice}")
            self._trouble.show()
            self.told.emit(self._trouble.text())
            if cell is not None and cell.text() == self._words("panel.reading"):
                cell.setText("")
            return
        self._trouble.hide()
        if cell is not None:
            cell.setText(written(answer.result))

    def _value_cell(self, name: str) -> QTableWidgetItem | None:
        shown = self._shown()
        return self._table.item(shown.index(name), _VALUE) if name in shown else None


def written(result: object) -> str:
    """Text as it is, everything else as JSON has it."""
    return result if isinstance(result, str) else json.dumps(result, ensure_ascii=False)


def _question(device_id: DeviceId, name: str) -> Question:
    def ask(cloud: Cloud, cancel: Cancellation) -> object:
        return cloud.read(device_id, name, cancel)

    return ask
