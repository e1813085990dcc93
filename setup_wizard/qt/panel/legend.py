"""What each line of the plot is, with its newest number."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from setup_wizard.live.series import Series
from setup_wizard.qt.panel.plot_view import Line
from setup_wizard.qt.panel.scale import figure
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget

_HEIGHT = 28  # px
_MARK = 10
_TITLE = 96  # px; what is longer is cut
_TITLE_ALONE = 240


class Legend(ThemedWidget):
    """As many lines as there is room for, in one row."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setObjectName("legend")
        self._lines: tuple[tuple[Line, Series], ...] = ()
        self._shared = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_lines(self, lines: Sequence[tuple[Line, Series]], shared: str = "") -> None:
        """`shared` is what all of them measure, where it is the same."""
        self._shared = shared
        self._lines = tuple(lines)
        titles = [line.title for line, _ in lines]
        self.setAccessibleName(", ".join(filter(None, [shared, *titles])))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(80), self._theme.scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        title, number = theme.font(Type.SMALL), theme.font(Type.STRONG)
        titles, numbers = QFontMetrics(title), QFontMetrics(number)
        mark, x, middle = theme.scaled(_MARK), 2.0, self.height() / 2
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if self._shared:
            painter.setFont(title)
            painter.setPen(theme.colour("text_quiet"))
            painter.drawText(QRectF(x, 0, self.width(), self.height()), flags, self._shared)
            x += titles.horizontalAdvance(self._shared) + Space.BASE
        first = x
        longest = theme.scaled(_TITLE if len(self._lines) > 1 else _TITLE_ALONE)
        for line, series in self._lines:
            last = "" if series.last is None else figure(series.last, 0.0)
            name = titles.elidedText(line.title, Qt.TextElideMode.ElideRight, longest)
            wide = titles.horizontalAdvance(name)
            wanted = mark + Space.TIGHT + numbers.horizontalAdvance(last) + Space.TIGHT + wide
            if x + wanted > self.width() and x > first:
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line.colour)
            painter.drawEllipse(QRectF(x, middle - mark / 2, mark, mark))
            x += mark + Space.TIGHT
            painter.setFont(number)
            painter.setPen(theme.colour("text"))
            painter.drawText(QRectF(x, 0, self.width() - x, self.height()), flags, last)
            x += numbers.horizontalAdvance(last) + Space.TIGHT
            painter.setFont(title)
            painter.setPen(theme.colour("text_quiet"))
            painter.drawText(QRectF(x, 0, self.width() - x, self.height()), flags, name)
            x += wide + Space.BASE
