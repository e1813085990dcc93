"""The event log as a table model: it grows until the ring is full, then its rows move on."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum
from typing import TypeAlias, assert_never

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from setup_wizard.domain.stream import Batch, Gap, Loss
from setup_wizard.live.log import Entry, EventLog, Sieve
from setup_wizard.qt.panel.names import Names, clock_of
from setup_wizard.words import Words

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SHOWN = 400  # characters of the data: more than any column shows, and 64 KB in a cell take long


class Column(IntEnum):
    TIME = 0
    DEVICE = 1
    NAME = 2
    DATA = 3


class EventModel(QAbstractTableModel):
    """One signal for each batch, never one for each event.

    Signals:
        moved_on(int): so many of the oldest rows fell out, and all others moved up by as many.
    """

    moved_on = Signal(int)

    def __init__(self, log: EventLog, words: Words, names: Names) -> None:
        super().__init__()
        self.log = log
        self._words = words
        self._names = names
        self._rows = len(log)
        self._first = log.first_number
        self._headings = [
            words("panel.time"),
            words("panel.device"),
            words("panel.name"),
            words("panel.data"),
        ]

    # --- what comes in ------------------------------------------------------------------------

    def take(self, batches: Iterable[Batch]) -> None:
        for batch in batches:
            self.log.add_many(batch)
        self._catch_up()

    def resume(self) -> None:
        self.log.resume()
        self._catch_up()

    def set_filter(self, sieve: Sieve) -> None:
        """What it has not looked at yet is looked at now."""
        self.beginResetModel()
        sieve.apply()
        self._end_reset()

    def clear(self) -> None:
        self.beginResetModel()
        self.log.clear()
        self._end_reset()

    def names_changed(self) -> None:
        if self._rows:
            self.dataChanged.emit(
                self.index(0, Column.DEVICE), self.index(self._rows - 1, Column.DEVICE)
            )

    def _end_reset(self) -> None:
        self._rows, self._first = len(self.log), self.log.first_number
        self.endResetModel()

    def _catch_up(self) -> None:
        rows, first = len(self.log), self.log.first_number
        fallen = first - self._first
        self._first = first
        if rows > self._rows:
            self.beginInsertRows(_ROOT, self._rows, rows - 1)
            self._rows = rows
            self.endInsertRows()
        if fallen:
            self.dataChanged.emit(self.index(0, 0), self.index(rows - 1, Column.DATA))
            self.moved_on.emit(fallen)

    # --- what is shown ------------------------------------------------------------------------

    def entry(self, row: int) -> Entry:
        return self.log.entry(row)

    def cells(self, row: int) -> tuple[tuple[str, str, str, str], bool]:
        """One line for each column, whatever a device sent; and whether it is a gap."""
        _, received_at, told = self.log.entry(row)
        time = clock_of(received_at)
        if isinstance(told, Gap):
            return (time, "", "", self.gap_text(told)), True
        sender = self._names.sender(told.device_id)
        return (time, sender, _one_line(told.name), _one_line(told.data or "")), False

    def text(self, row: int, column: int) -> str:
        return self.cells(row)[0][column]

    def gap_text(self, gap: Gap) -> str:
        match gap.loss:
            case Loss.TOO_LONG:
                return self._words("panel.gap_long")
            case Loss.TURNED:
                return self._words("panel.gap_turned")
            case Loss.DISCONNECTED:
                return self._words("panel.gap", seconds=round(gap.seconds))
            case _:
                assert_never(gap.loss)

    def is_gap(self, row: int) -> bool:
        return isinstance(self.log.entry(row).row, Gap)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._rows

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.text(index.row(), index.column())
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._headings[section]
            if role == Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None


def _one_line(text: str) -> str:
    return " ".join(text[:_SHOWN].split())
