"""The last things that a device said, newest on top."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget

CAPACITY = 100
_ROW = 28  # px
_FEWEST_ROWS = 1  # what it asks for; it takes more when there is room
_SPOKEN = 3  # more at once is noise to ears


@dataclass(frozen=True)
class EventRow:
    """One event, its time as it is to be shown."""

    time: str
    name: str
    data: str


class EventList(ThemedWidget):
    """Time, name and data, as many rows as there is room for."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._rows: deque[EventRow] = deque(maxlen=CAPACITY)
        self._placeholder = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def add(self, row: EventRow) -> None:
        self._rows.appendleft(row)
        self._changed()

    def set_rows(self, rows: Iterable[EventRow]) -> None:
        """Newest first."""
        self._rows.clear()
        self._rows.extend(tuple(rows)[:CAPACITY])
        self._changed()

    def rows(self) -> tuple[EventRow, ...]:
        return tuple(self._rows)

    def clear(self) -> None:
        self.set_rows(())

    def set_placeholder(self, text: str) -> None:
        """What to do to see something, while there is nothing."""
        self._placeholder = text
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.column_width, self._theme.scaled(_ROW * _FEWEST_ROWS))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_ROW * _FEWEST_ROWS))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._rows:
            painter.setFont(self._theme.font(Type.BODY))
            painter.setPen(self._theme.colour("text_quiet"))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), wrapped, self._placeholder)
            return
        height = self._theme.scaled(_ROW)
        widths = self._widths()
        for place, row in enumerate(self._rows):
            if (place + 1) * height > self.height():
                break
            self._paint_row(painter, row, QRect(0, place * height, self.width(), height), widths)

    def _paint_row(
        self, painter: QPainter, row: EventRow, area: QRect, widths: tuple[int, int]
    ) -> None:
        theme = self._theme
        painter.setPen(theme.colour("hairline"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        rest = area.width() - sum(widths)
        parts = (
            (row.time, Type.SMALL, "text_quiet", widths[0]),
            (row.name, Type.SMALL, "text", widths[1]),
            (row.data, Type.MONO, "text", rest),
        )
        x = area.x()
        for text, type_, role, width in parts:
            font = theme.font(type_)
            painter.setFont(font)
            painter.setPen(theme.colour(role))
            # A device may send anything: one line, whatever is in it.
            line = " ".join(text.split())
            elided = QFontMetrics(font).elidedText(line, Qt.TextElideMode.ElideRight, width)
            cell = QRect(x, area.y(), width, area.height())
            painter.drawText(
                cell, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided
            )
            x += width

    def _widths(self) -> tuple[int, int]:
        metrics = QFontMetrics(self._theme.font(Type.SMALL))
        times = max(metrics.horizontalAdvance(row.time) for row in self._rows) + Space.BASE
        names = max(metrics.horizontalAdvance(row.name) for row in self._rows) + Space.BASE
        return times, min(names, self.width() // 3)

    def _changed(self) -> None:
        recent = [f"{row.time}, {row.name}, {row.data}" for row in list(self._rows)[:_SPOKEN]]
        self.setAccessibleDescription("; ".join(recent) or self._placeholder)
        self.update()
