"""The thin line at the top: where the person is, what lies behind and what comes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.domain.value import value
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget

_MOST_STEPS = 6  # more are not read but counted, and then feared
_DOT = 5.0  # radius in px


@value
class StepWords:
    """What ears get for a step that lies behind, is here, or comes."""

    done: str
    now: str
    next: str


class StepLine(ThemedWidget):
    """Dots with words under them, joined by a line that fills."""

    def __init__(self, theme: Theme, words: StepWords, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._words = words
        self._labels: tuple[str, ...] = ()
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_words(self, words: StepWords) -> None:
        self._words = words
        self._speak()

    def set_steps(self, labels: Sequence[str]) -> None:
        if len(labels) > _MOST_STEPS:
            raise ValueError(f"{len(labels)} steps; a person takes in {_MOST_STEPS}")
        self._labels = tuple(labels)
        self._speak()
        self.updateGeometry()
        self.update()

    def set_current(self, index: int) -> None:
        """The step that is now; the number of steps means that all are done."""
        self._current = index
        self._speak()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._theme.font(Type.SMALL))
        widest = max((metrics.horizontalAdvance(label) for label in self._labels), default=0)
        width = (widest + Space.WIDE) * len(self._labels)
        return QSize(width, self._label_top() + self._theme.line_height(Type.SMALL) + Space.HAIR)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._labels:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cell = self.width() / len(self._labels)
        for place in range(1, len(self._labels)):
            self._paint_line(painter, place, cell)
        for place, label in enumerate(self._labels):
            self._paint_dot(painter, place, self._centre(place, cell))
            self._paint_label(painter, place, label, cell)

    def _paint_line(self, painter: QPainter, place: int, cell: float) -> None:
        theme = self._theme
        clear = theme.scaled(_DOT * 2.4)
        start, end = self._centre(place - 1, cell), self._centre(place, cell)
        passed = place <= self._current
        pen = QPen(theme.colour("accent" if passed else "hairline"), theme.scaled(2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        towards = 1 if end.x() > start.x() else -1
        painter.drawLine(start + QPointF(clear * towards, 0), end - QPointF(clear * towards, 0))

    def _paint_dot(self, painter: QPainter, place: int, centre: QPointF) -> None:
        theme = self._theme
        radius = float(theme.scaled(_DOT))
        accent = theme.colour("accent")
        painter.setPen(Qt.PenStyle.NoPen)
        if place == self._current:
            halo = theme.colour("accent")
            halo.setAlphaF(0.22)
            painter.setBrush(halo)
            painter.drawEllipse(centre, radius * 1.8, radius * 1.8)
        if place <= self._current:
            painter.setBrush(accent)
            painter.drawEllipse(centre, radius, radius)
        else:
            painter.setBrush(theme.colour("surface"))
            painter.setPen(QPen(theme.colour("line"), theme.scaled(1.5)))
            painter.drawEllipse(centre, radius - 0.5, radius - 0.5)
        if place < self._current:
            pen = QPen(theme.colour("on_accent"), radius * 0.32)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            tick = ((-0.42, 0.04), (-0.1, 0.36), (0.45, -0.32))
            painter.drawPolyline([centre + QPointF(x * radius, y * radius) for x, y in tick])

    def _paint_label(self, painter: QPainter, place: int, label: str, cell: float) -> None:
        theme = self._theme
        now = place == self._current
        font = theme.font(Type.SMALL)
        if now:
            font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if now else "text_quiet"))
        centre = self._centre(place, cell)
        height = theme.line_height(Type.SMALL)
        area = QRectF(centre.x() - cell / 2, self._label_top(), cell, height)
        text = QFontMetrics(font).elidedText(
            label, Qt.TextElideMode.ElideRight, int(cell) - Space.TIGHT
        )
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

    def _centre(self, place: int, cell: float) -> QPointF:
        x = (place + 0.5) * cell
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            x = self.width() - x
        return QPointF(round(x), self._theme.scaled(_DOT * 2))

    def _label_top(self) -> int:
        return self._theme.scaled(_DOT * 4) + Space.HAIR

    def _speak(self) -> None:
        spoken = []
        for place, label in enumerate(self._labels):
            words = self._words
            state = words.done if place < self._current else words.next
            spoken.append(f"{label}, {words.now if place == self._current else state}")
        self.setAccessibleName("; ".join(spoken))
