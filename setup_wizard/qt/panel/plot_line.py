"""Draws one line of the plot: a curve where numbers are few, a band where they are many."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from setup_wizard.live.series import Column
from setup_wizard.qt.panel.plot_view import Line, View

_DENSE = 3  # one column in so many holds several numbers: it is a band and no curve
_THICK = 2.0  # px


def paint_line(painter: QPainter, view: View, line: Line, columns: list[Column]) -> None:
    if is_band(columns):
        _paint_band(painter, view, line, columns)
    else:
        _paint_curve(painter, view, line, columns)


def is_band(columns: list[Column]) -> bool:
    return sum(column.high > column.low for column in columns) * _DENSE > len(columns)


def paint_holes(
    painter: QPainter, view: View, lines: Iterable[list[Column]], colour: QColor
) -> None:
    """Where events may be missing, in one tint however many lines have a hole there."""
    shape = QPainterPath()
    shape.setFillRule(Qt.FillRule.WindingFill)
    for columns in lines:
        for before, after in pairwise(columns):
            if after.broken:
                left = view.frame.left() + (before.place + 1) * view.column
                width = max((after.place - before.place - 1) * view.column, 3.0)
                shape.addRect(QRectF(left, view.frame.top(), width, view.frame.height()))
    if not shape.isEmpty():
        shade = QColor(colour)
        shade.setAlphaF(0.16)
        painter.fillPath(shape, shade)


def _paint_band(painter: QPainter, view: View, line: Line, columns: list[Column]) -> None:
    """From the lowest to the highest of each column: a curve of that many would take long."""
    # Without a call for each number: there are thousands, ten times in a second.
    left, width, ground = view.frame.left(), view.column, view.frame.bottom()
    zero, each = view.low, view.frame.height() / (view.high - view.low)
    bars: list[QRectF] = []
    joint: float | None = None
    for place, low, high, last, broken in columns:
        lowest, highest = low, high
        if joint is not None and not broken:  # no crack between two columns
            lowest = min(low, joint)
            highest = max(high, joint)
        height = (highest - lowest) * each
        top = ground - (highest - zero) * each
        bars.append(QRectF(left + place * width, top, width, max(_THICK, height)))
        joint = last
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line.colour)
    painter.drawRects(bars)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_curve(painter: QPainter, view: View, line: Line, columns: list[Column]) -> None:
    run: list[QPointF] = []
    runs, bars = [run], []
    for place, low, high, last, broken in columns:
        x = view.middle(place)
        if broken:
            run = []
            runs.append(run)
        run.append(QPointF(x, view.y(last)))
        if high > low:
            bars.append(QLineF(x, view.y(low), x, view.y(high)))
    pen = QPen(line.colour, _THICK)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    for each in runs:
        if len(each) == 1:
            painter.drawEllipse(each[0], 1.5, 1.5)
        elif each:
            painter.drawPolyline(each)
    if bars:
        painter.drawLines(bars)
