"""What each device of an installation answered, one row for each, as it comes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from setup_wizard.domain.device import DeviceId
from setup_wizard.live.export import as_text
from setup_wizard.qt.panel.errands import Answer
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.panel.variables import written
from setup_wizard.qt.theme import Theme
from setup_wizard.words import Words

_DEVICE, _RESULT, _TOOK = range(3)
_HEADINGS = ("panel.device", "panel.result", "panel.took")
_ROW = 28  # px
_SHOWN = 400  # characters: a variable of 64 KB would make a row higher than any screen
_AROUND = 10  # px left and right of the words in a cell, and some more
_FIT_MS = 50  # between an answer and the height of its row: answers may come by the dozen
_WHOLE = Qt.ItemDataRole.UserRole


class ResultTable(QTableWidget):
    """Device, result and how long it took; a failure is a sentence in the device's own row."""

    def __init__(self, theme: Theme, words: Words, names: Names) -> None:
        super().__init__(0, 3)
        self.setObjectName("results")
        self._words = words
        self._names = names
        self._rows: dict[DeviceId, int] = {}
        self._answered: dict[DeviceId, bool] = {}
        """Whether it went well, of all that answered."""
        self._asked: set[DeviceId] = set()
        self._fit = QTimer(self)
        self._fit.setSingleShot(True)
        self._fit.setInterval(_FIT_MS)
        self._fit.timeout.connect(self._fit_rows)
        self.setAccessibleName(words("panel.results"))
        self.setHorizontalHeaderLabels([words(key) for key in _HEADINGS])
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(_RESULT, QHeaderView.ResizeMode.Stretch)
        header.sectionResized.connect(self._fit.start)
        header.resizeSection(_DEVICE, theme.scaled(84))
        header.resizeSection(_TOOK, theme.scaled(70))
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._row = theme.scaled(_ROW)
        self.verticalHeader().setMinimumSectionSize(self._row)
        self.verticalHeader().setDefaultSectionSize(theme.scaled(_ROW))
        self._fit.start()

    # --- what comes in ------------------------------------------------------------------------

    def expect(self, device_ids: Iterable[DeviceId]) -> None:
        """One row for each of them, and nothing of the last time."""
        self._rows = {device_id: row for row, device_id in enumerate(device_ids)}
        self._answered, self._asked = {}, set()
        self.setRowCount(0)
        self.setRowCount(len(self._rows))
        for device_id, row in self._rows.items():
            told = (self._names.sender(str(device_id)), self._words("panel.waiting"), "")
            for column, text in enumerate(told):
                self.setItem(row, column, QTableWidgetItem())
                self._write(row, column, text)
            self._quieten(row)
        if self._rows:
            self.setCurrentCell(0, _DEVICE)
        self._fit.start()

    def ask(self, device_id: DeviceId) -> None:
        self._asked.add(device_id)
        self._write(self._rows[device_id], _RESULT, self._words("panel.asking"))

    def answer(self, device_id: DeviceId, answer: Answer) -> None:
        row = self._rows[device_id]
        self._answered[device_id] = answer.error is None
        if answer.error is None:
            text = written(answer.result)
        else:
            text = self._words.error(answer.error).sentence
        self._write(row, _RESULT, text)
        self._write(row, _TOOK, f"{answer.seconds:.2f}")
        self._quieten(row, quiet=answer.error is not None)
        self._fit.start()

    def end(self) -> None:
        """Whoever did not answer will not be heard any more."""
        for device_id, row in self._rows.items():
            if device_id not in self._answered:
                key = "panel.given_up" if device_id in self._asked else "panel.cancelled"
                self._write(row, _RESULT, self._words(key))
        self._fit.start()

    def progress(self) -> str:
        failed = sum(not good for good in self._answered.values())
        done, count = len(self._answered), len(self._rows)
        return self._words("panel.progress", done=done, count=count, failed=failed)

    def _write(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is not None:
            item.setText(" ".join(text[:_SHOWN].split()))
            item.setData(_WHOLE, text)

    def _fit_rows(self) -> None:
        """Each as high as its words need in the column as it is now."""
        room = self.columnWidth(_RESULT) - 2 * _AROUND
        flags = Qt.TextFlag.TextWordWrap
        for row in range(self.rowCount()):
            item = self.item(row, _RESULT)
            if item is not None:
                metrics = QFontMetrics(item.font() if item.font().italic() else self.font())
                words = metrics.boundingRect(QRect(0, 0, room, 10_000), flags, item.text())
                self.setRowHeight(row, max(self._row, words.height() + _AROUND))

    def _quieten(self, row: int, *, quiet: bool = True) -> None:
        item = self.item(row, _RESULT)
        if item is not None:
            font = item.font()
            font.setItalic(quiet)
            item.setFont(font)

    # --- copying ------------------------------------------------------------------------------

    def copy(self) -> int:
        """All rows, as a spreadsheet takes them; how many."""
        text = io.StringIO()
        writer = csv.writer(text, dialect="excel-tab")
        columns = range(self.columnCount())
        writer.writerow([self._words(key) for key in _HEADINGS])
        for row in range(self.rowCount()):
            items = [self.item(row, column) for column in columns]
            writer.writerow([as_text(item.data(_WHOLE)) for item in items if item is not None])
        QGuiApplication.clipboard().setText(text.getvalue())
        return self.rowCount()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)
