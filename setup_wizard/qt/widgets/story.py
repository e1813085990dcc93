"""The figures that tell the whole story, and the line between them that fills as stages pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from setup_wizard.brand import DeviceLook
from setup_wizard.qt.theme import Theme
from setup_wizard.qt.widgets.device_picture import DevicePainter, LightPattern
from setup_wizard.qt.widgets.picture import pixmap, shape_of
from setup_wizard.qt.widgets.themed import FRAME_MS, ThemedWidget, Ticker

_HEIGHT = 112  # px at the default text size
_LOWEST = 56  # px; where words need the room, the figures give way
_LONGEST_LINE = 120  # px; further apart the figures are no longer one picture
_SHORTEST_LINE = 36
_MARGIN = 10  # px between a figure and its line
_LINE_PLACE = 0.6  # share of the height
_LINE_WIDTH = 4
_DOTS = 3
_TRAVEL = 1.6  # s for a dot from end to end


class Figure(Enum):
    """Who takes part."""

    DEVICE = "device"
    COMPUTER = "computer"
    ROUTER = "router"
    ONLINE = "online"


_ALL = (Figure.DEVICE, Figure.COMPUTER, Figure.ROUTER)


class Story(ThemedWidget):
    """Two to four figures in a row; the line of segment n joins figure n to its right neighbour."""

    def __init__(
        self,
        theme: Theme,
        device: DeviceLook,
        figures: tuple[Figure, ...] = _ALL,
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(theme, parent)
        self._device = DevicePainter(device, clock)
        self._figures = figures
        self._clock = clock
        self._segment = 0
        self._progress = 0.0
        self._active = False
        self._failed = False
        self._ticker = Ticker(self, FRAME_MS, self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_figures(self, figures: tuple[Figure, ...]) -> None:
        self._figures = figures
        self.updateGeometry()
        self.update()

    def set_progress(self, segment: int, progress: float, *, active: bool = True) -> None:
        """Segments before this one are full, this one as far as progress says (0 to 1)."""
        self._segment = segment
        self._progress = min(1.0, max(0.0, progress))
        self._active = active
        self._follow()

    def set_light(self, colour: str | None, pattern: LightPattern = LightPattern.STEADY) -> None:
        self._device.set_light(colour, pattern)
        self._follow()

    def set_failed(self, failed: bool) -> None:
        """The active segment is broken: nothing travels there."""
        self._failed = failed
        self._follow()

    def set_description(self, text: str) -> None:
        self.setAccessibleName(text)

    def is_moving(self) -> bool:
        return self._ticker.is_running()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._follow()

    def sizeHint(self) -> QSize:
        tall = self._theme.scaled(_HEIGHT)
        return QSize(self._wide(_LONGEST_LINE, tall), tall)

    def minimumSizeHint(self) -> QSize:
        lowest = self._theme.scaled(_LOWEST)
        return QSize(self._wide(_SHORTEST_LINE, lowest), lowest)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        areas = self._areas()
        for place, (left, right) in enumerate(pairwise(areas)):
            y = left.height() * _LINE_PLACE
            margin = self._theme.scaled(_MARGIN)
            self._paint_line(
                painter, place, QPointF(left.right() + margin, y), QPointF(right.left() - margin, y)
            )
        for figure, area in zip(self._figures, areas, strict=True):
            self._paint_figure(painter, figure, area)

    def _paint_figure(self, painter: QPainter, figure: Figure, area: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        if figure is Figure.DEVICE:
            self._device.paint(painter, self._theme, area, ratio)
        else:
            reached = figure is Figure.ONLINE and self._is_complete()
            name = "online-reached" if reached else figure.value
            drawing = pixmap(self._theme, name, area.size().toSize(), ratio)
            painter.drawPixmap(area.topLeft(), drawing)

    def _is_complete(self) -> bool:
        return self._segment + self._progress >= len(self._figures) - 1 and not self._failed

    def _paint_line(self, painter: QPainter, place: int, start: QPointF, end: QPointF) -> None:
        theme = self._theme
        here = place == self._segment
        full = 1.0 if place < self._segment else self._progress if here else 0.0
        width = theme.scaled(_LINE_WIDTH)
        self._stroke(painter, start, end, theme.colour("hairline"), width)
        middle = start + (end - start) * full
        if full > 0:
            colour = theme.colour("bad" if here and self._failed else "accent")
            self._stroke(painter, start, middle, colour, width)
        if here and self._failed:
            self._paint_break(painter, start + (end - start) * max(0.5, full))
        elif here and self._active and full < 1:
            self._paint_travellers(painter, start, end, full)

    def _paint_travellers(
        self, painter: QPainter, start: QPointF, end: QPointF, full: float
    ) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        now = self._clock() / _TRAVEL if theme.motion else 0.5 / _DOTS
        for dot in range(_DOTS):
            place = (now + dot / _DOTS) % 1
            if place < full:
                continue
            colour = theme.colour("accent")
            colour.setAlphaF(min(1.0, 4 * place, 4 * (1 - place)))
            painter.setBrush(colour)
            radius = theme.scaled(_LINE_WIDTH) * 0.9
            painter.drawEllipse(start + (end - start) * place, radius, radius)

    def _paint_break(self, painter: QPainter, middle: QPointF) -> None:
        theme = self._theme
        radius = float(theme.scaled(11))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("surface"))
        painter.drawEllipse(middle, radius * 1.35, radius * 1.35)
        painter.setBrush(theme.colour("bad"))
        painter.drawEllipse(middle, radius, radius)
        arm = radius * 0.36
        painter.setPen(_round_pen(theme.colour("surface"), radius * 0.22))
        painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
        painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))

    @staticmethod
    def _stroke(
        painter: QPainter, start: QPointF, end: QPointF, colour: QColor, width: int
    ) -> None:
        painter.setPen(_round_pen(colour, width))
        painter.drawLine(start, end)

    def _areas(self) -> list[QRectF]:
        tall = self._tall()
        widths = self._widths(tall)
        gaps = max(1, len(widths) - 1)
        room = (self.width() - sum(widths)) / gaps
        room = min(room, self._theme.scaled(_LONGEST_LINE) + 2 * self._theme.scaled(_MARGIN))
        x = (self.width() - sum(widths) - room * (len(widths) - 1)) / 2
        areas = []
        for width in widths:
            areas.append(QRectF(round(x), 0, width, tall))
            x += width + room
        return areas

    def _tall(self) -> int:
        """As tall as there is room, across too."""
        room = self.width() - self._gaps(_SHORTEST_LINE)
        fitting = room * _HEIGHT // sum(self._widths(_HEIGHT))
        return max(1, min(self.height(), self._theme.scaled(_HEIGHT), fitting))

    def _widths(self, tall: int) -> list[int]:
        widths = []
        for figure in self._figures:
            if figure is Figure.DEVICE:
                width, height = self._device.shape()
            else:
                shape = shape_of(figure.value)
                width, height = shape.width(), shape.height()
            widths.append(round(tall * width / height))
        return widths

    def _wide(self, line: int, tall: int) -> int:
        return sum(self._widths(tall)) + self._gaps(line)

    def _gaps(self, line: int) -> int:
        theme = self._theme
        gap = theme.scaled(line) + 2 * theme.scaled(_MARGIN)
        return gap * (len(self._figures) - 1)

    def _follow(self) -> None:
        travels = self._active and not self._failed and self._progress < 1
        self._ticker.run(wanted=self._theme.motion and (travels or self._device.moves))
        self.update()


def _round_pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
