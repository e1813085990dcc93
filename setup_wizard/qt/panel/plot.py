"""Numbers over time, drawn by hand: lowest and highest of each column, so that no peak is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy

from setup_wizard.live.series import SeriesBook
from setup_wizard.qt.panel.names import clock_of
from setup_wizard.qt.panel.plot_line import is_band, paint_holes, paint_line
from setup_wizard.qt.panel.plot_view import Line, View
from setup_wizard.qt.panel.scale import figure, ticks, time_ticks
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget

_FINE = 2  # px; a line is that wide, so finer columns are not seen
_COARSE = 3  # px; of bands: the eye sees no difference, the processor does
_ROOM = 0.08  # share of the height above and below
_BETWEEN = 32  # px between two figures of the vertical axis, at least
_BETWEEN_TIMES = 110
_LOWEST = 110
_SHORTEST = 20.0  # s; less is no curve
_HINT = (420, 220)
_STEPS = 60  # arrow keys from one end to the other


class Plot(ThemedWidget):
    """Draws lines of a book of series between a moment and now."""

    def __init__(
        self, theme: Theme, book: SeriesBook, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(theme)
        self.setObjectName("panel_plot")
        self._book = book
        self._now = now
        self._lines: tuple[Line, ...] = ()
        self._span: float | None = None
        self._placeholder = ""
        self._column_width = _FINE
        self._at: float | None = None
        """Where the person points, as a share of the width."""
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def set_lines(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        self.update()

    def set_span(self, seconds: float | None) -> None:
        """The last so many seconds; None: everything."""
        self._span = seconds
        self.update()

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(*map(self._theme.scaled, _HINT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_LOWEST * 2), self._theme.scaled(_LOWEST))

    # --- what is in sight ---------------------------------------------------------------------

    def bounds(self) -> tuple[float, float]:
        """The first and the last moment in sight."""
        end = self._now()
        spans = [s for line in self._lines if (s := self._book.series[line.key].span)]
        first = min((start for start, _ in spans), default=end)
        # What has just begun fills the picture all the same.
        start = min(first, end - _SHORTEST)
        return (start if self._span is None else max(start, end - self._span)), end

    def seconds_per_column(self) -> float:
        """How long it takes until a quiet picture has moved by one column."""
        start, end = self.bounds()
        return (end - start) / max(1, self.width() // self._column_width)

    def _frame(self) -> QRectF:
        theme = self._theme
        left, below = theme.scaled(64), theme.scaled(24)
        return QRectF(self.rect()).adjusted(left, Space.TIGHT, -Space.TIGHT, -below)

    # --- painting -----------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if not self._lines:
            self._paint_placeholder(painter)
        else:
            self._paint_all(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _paint_placeholder(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font(Type.BODY))
        painter.setPen(self._theme.colour("text_quiet"))
        inside = self.rect().adjusted(Space.WIDE, 0, -Space.WIDE, 0)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, wrapped, self._placeholder)

    def _paint_all(self, painter: QPainter) -> None:
        frame = self._frame()
        start, end = self.bounds()
        count = max(1, int(frame.width()) // self._column_width)
        drawn = [
            (line, self._book.columns(line.key, start, end, count=count)) for line in self._lines
        ]
        banded = any(is_band(columns) for _, columns in drawn)
        self._column_width = _COARSE if banded else _FINE
        lows = [column.low for _, columns in drawn for column in columns]
        highs = [column.high for _, columns in drawn for column in columns]
        low, high = min(lows, default=0.0), max(highs, default=1.0)
        spare = (high - low) * _ROOM or abs(high) * _ROOM or 1.0
        view = View(frame, start, end, low - spare, high + spare, frame.width() / count)
        self._paint_grid(painter, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.adjusted(0, 0, Space.HAIR, 0))
        missing = self._theme.colour("warn")
        paint_holes(painter, view, [columns for _, columns in drawn], missing)
        for line, columns in drawn:
            paint_line(painter, view, line, columns)
        painter.setClipping(False)
        if self._at is not None:
            self._paint_hover(painter, view, start + (end - start) * self._at)

    def _paint_grid(self, painter: QPainter, view: View) -> None:
        theme, frame = self._theme, view.frame
        painter.setFont(theme.font(Type.SMALL))
        grid, quiet = theme.colour("hairline"), theme.colour("text_quiet")
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        most = int(frame.height() // theme.scaled(_BETWEEN))
        for number in ticks(view.low, view.high, max(1, most)):
            y = view.y(number)
            painter.setPen(grid)
            painter.drawLine(QLineF(frame.left(), y, frame.right(), y))
            painter.setPen(quiet)
            label = QRectF(0, y - 12, frame.left() - Space.TIGHT, 24)
            painter.drawText(label, right, figure(number, view.high - view.low))
        offset = self._book.time_of(0.0)
        most = int(frame.width() // theme.scaled(_BETWEEN_TIMES))
        short = view.end - view.start < 600
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop
        half = theme.scaled(40)
        for moment in time_ticks(view.start + offset, view.end + offset, max(1, most)):
            x = view.x(moment - offset)
            painter.setPen(grid)
            painter.drawLine(QLineF(x, frame.bottom(), x, frame.bottom() + Space.HAIR))
            if frame.left() + half / 2 < x < frame.right() - half + Space.TIGHT:
                painter.setPen(quiet)
                label = QRectF(x - half, frame.bottom() + Space.HAIR, 2 * half, theme.scaled(20))
                text = time.strftime("%H:%M:%S" if short else "%H:%M", time.localtime(moment))
                painter.drawText(label, middle, text)
        painter.setPen(grid)
        painter.drawLine(QLineF(frame.bottomLeft(), frame.bottomRight()))

    def _paint_hover(self, painter: QPainter, view: View, moment: float) -> None:
        theme = self._theme
        rows = self._values_at(view, moment)
        if not rows:
            return
        x = view.x(moment)
        painter.setPen(QPen(theme.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(x, view.frame.top(), x, view.frame.bottom()))
        for line, when, number in rows:
            painter.setBrush(line.colour)
            painter.setPen(QPen(theme.colour("raised"), 2))
            painter.drawEllipse(QPointF(view.x(when), view.y(number)), 4.5, 4.5)
        font = theme.font(Type.SMALL)
        metrics = QFontMetrics(font)
        texts = [clock_of(self._book.time_of(rows[0][1]))]
        texts += [f"{figure(number, 0.0)}  {line.title}" for line, _, number in rows]
        height = metrics.height() + Space.HAIR
        width = max(map(metrics.horizontalAdvance, texts)) + 2 * Space.TIGHT
        left = x + Space.NEAR if x + Space.NEAR + width < view.frame.right() else x - width - 12
        box = QRectF(left, view.frame.top() + Space.HAIR, width, height * len(texts) + Space.TIGHT)
        painter.setPen(theme.colour("hairline"))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(box, 6, 6)
        painter.setFont(font)
        colours = [theme.colour("text_quiet"), *(line.colour for line, _, _ in rows)]
        for place, (text, colour) in enumerate(zip(texts, colours, strict=True)):
            row = QRectF(box.left() + Space.TIGHT, box.top() + 4 + place * height, width, height)
            painter.setPen(colour)
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, text)

    def _values_at(self, view: View, moment: float) -> list[tuple[Line, float, float]]:
        rows = []
        for line in self._lines:
            near = self._book.series[line.key].near(moment)
            if near is not None and view.start <= near[0] <= view.end:
                rows.append((line, *near))
        return rows

    # --- pointing -----------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        frame = self._frame()
        share = (event.position().x() - frame.left()) / max(1.0, frame.width())
        self._point(share if 0 <= share <= 1 else None)

    def leaveEvent(self, event: QEvent) -> None:
        self._point(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape and self._at is not None:
            self._point(None)
        elif steps is None or not self._lines:
            super().keyPressEvent(event)
        else:
            at = 1.0 if self._at is None else self._at
            self._point(min(1.0, max(0.0, at + steps / _STEPS)))

    def _point(self, share: float | None) -> None:
        if share != self._at:
            self._at = share
            self.setAccessibleDescription(self._spoken())
            self.update()

    def _spoken(self) -> str:
        """The values where the person points, for ears."""
        if self._at is None or not self._lines:
            return ""
        start, end = self.bounds()
        view = View(self._frame(), start, end, 0.0, 1.0, 1.0)
        rows = self._values_at(view, start + (end - start) * self._at)
        parts = [f"{line.title}: {figure(number, 0.0)}" for line, _, number in rows]
        time_ = [clock_of(self._book.time_of(rows[0][1]))] if rows else []
        return ", ".join([*time_, *parts])
