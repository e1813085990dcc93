"""A small line of recent numbers, with the last one in figures."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget

CAPACITY = 120  # two minutes at one value a second
_HEIGHT = 64
_WIDTH = 220
_FIGURES = 88  # px for the last value
_ROOM = 0.15  # share of the height above and below the line


class Sparkline(ThemedWidget):
    """Numbers as they come; the scale follows what is seen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._values: deque[float] = deque(maxlen=CAPACITY)
        self._description = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def add(self, value: float) -> None:
        self._values.append(value)
        self._changed()

    def set_values(self, values: Iterable[float]) -> None:
        self._values.clear()
        self._values.extend(values)
        self._changed()

    def values(self) -> tuple[float, ...]:
        return tuple(self._values)

    def clear(self) -> None:
        self.set_values(())

    def set_description(self, text: str) -> None:
        """What the numbers are; ears get it with the last value."""
        self._description = text
        self._changed()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_WIDTH), self._theme.scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_FIGURES + 60), self._theme.scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        figures = self._theme.scaled(_FIGURES)
        plot = QRectF(2, 0, self.width() - figures - Space.NEAR, self.height())
        if len(self._values) > 1:
            self._paint_line(painter, plot)
        else:
            painter.setPen(QPen(self._theme.colour("hairline"), 2))
            painter.drawLine(
                plot.bottomLeft() - QPointF(0, plot.height() / 2),
                plot.center() + QPointF(plot.width() / 2, 0),
            )
        if self._values:
            self._paint_figures(
                painter, QRectF(plot.right() + Space.NEAR, 0, figures, self.height())
            )

    def _paint_line(self, painter: QPainter, area: QRectF) -> None:
        points = self._points(area)
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        ground = QPainterPath(line)
        ground.lineTo(points[-1].x(), area.bottom())
        ground.lineTo(points[0].x(), area.bottom())
        accent = self._theme.colour("accent")
        fade = QLinearGradient(0, area.top(), 0, area.bottom())
        for place, alpha in ((0.0, 0.22), (1.0, 0.0)):
            shade = self._theme.colour("accent")
            shade.setAlphaF(alpha)
            fade.setColorAt(place, shade)
        painter.fillPath(ground, fade)
        pen = QPen(accent, 2)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.strokePath(line, pen)
        painter.setPen(QPen(self._theme.colour("raised"), 2))
        painter.setBrush(accent)
        painter.drawEllipse(points[-1], 4.5, 4.5)

    def _paint_figures(self, painter: QPainter, area: QRectF) -> None:
        last = f"{self._values[-1]:g}"
        painter.setFont(self._theme.font(Type.HEADLINE))
        painter.setPen(self._theme.colour("text"))
        left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, left, last)

    def _points(self, area: QRectF) -> list[QPointF]:
        low, high = min(self._values), max(self._values)
        span = (high - low) or 1.0
        middle = 0.5 if high == low else 0.0  # a value that stays runs through the middle
        step = (area.width() - 6) / (len(self._values) - 1)
        tall = area.height() * (1 - 2 * _ROOM)
        bottom = area.bottom() - area.height() * _ROOM
        return [
            QPointF(area.x() + place * step, bottom - tall * ((value - low) / span + middle))
            for place, value in enumerate(self._values)
        ]

    def _changed(self) -> None:
        last = f"{self._values[-1]:g}" if self._values else ""
        self.setAccessibleName(", ".join(filter(None, (self._description, last))))
        self.update()
