"""Words on a page: headline, body and the quieter kinds, with the line height of good print."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from setup_wizard.qt.theme import Type

_UNBOUND = 100_000.0  # px; a line that never has to break
_CHANGES_OF_FORM = (
    QEvent.Type.FontChange,
    QEvent.Type.StyleChange,
    QEvent.Type.LayoutDirectionChange,
    QEvent.Type.LocaleChange,
)
_MOST_REMEMBERED = 100  # heights of one label: a countdown says something else each second
_MEASURE = 37  # em; a longer line is hard to read, so no label asks for one


def headline(text: str = "", parent: QWidget | None = None) -> QLabel:
    return Words(text, Type.HEADLINE, "headline", parent)


def body(text: str = "", parent: QWidget | None = None) -> QLabel:
    return Words(text, Type.BODY, "body", parent)


def strong(text: str = "", parent: QWidget | None = None) -> QLabel:
    return Words(text, Type.STRONG, "strong", parent)


def quiet(text: str = "", parent: QWidget | None = None) -> QLabel:
    return Words(text, Type.BODY, "quiet", parent)


def small(text: str = "", parent: QWidget | None = None) -> QLabel:
    return Words(text, Type.SMALL, "small", parent)


def mono(text: str = "", parent: QWidget | None = None) -> QLabel:
    """Ids and codes: selectable, so that they can be copied."""
    label = QLabel(text, parent)
    label.setProperty("kind", "mono")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    label.setWordWrap(True)
    return label


class Words(QLabel):
    """A plain-text label that wraps and keeps its line height in every font."""

    def __init__(self, text: str, type_: Type, kind: str, parent: QWidget | None) -> None:
        super().__init__(text, parent)
        self._lines_per_size = type_.line_height / type_.size
        self._heights: dict[tuple[str, int], int] = {}
        """By text and inner width: layouts ask dozens of times for each change."""
        self._natural: dict[str, tuple[int, int]] = {}
        """By text: the width in px where no line has to break, and the number of lines there."""
        self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        text = self.text()
        height = self._heights.get((text, inner))
        if height is None:
            if len(self._heights) >= _MOST_REMEMBERED:
                self._forget()
            natural, lines = self._unbroken(text)
            if inner < natural:
                lines = self._laid_out(inner).lineCount()
            height = self._heights[text, inner] = max(1, lines) * self._line_height()
        return height + margins.top() + margins.bottom()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in _CHANGES_OF_FORM:
            self._forget()
        super().changeEvent(event)

    def _forget(self) -> None:
        self._heights.clear()
        self._natural.clear()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        natural = self._unbroken(self.text())[0] + 1
        if self.wordWrap():
            natural = min(natural, self.fontInfo().pixelSize() * _MEASURE)
        margins = self.contentsMargins()
        width = natural + margins.left() + margins.right()
        return QSize(width, self.heightForWidth(width))

    def _unbroken(self, text: str) -> tuple[int, int]:
        found = self._natural.get(text)
        if found is None:
            layout = self._laid_out(_UNBOUND)
            lines = [layout.lineAt(place) for place in range(layout.lineCount())]
            widths = (math.ceil(each.naturalTextWidth()) for each in lines)
            found = self._natural[text] = max(widths, default=0), len(lines)
        return found

    def minimumSizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = self.fontMetrics()
        if not self.wordWrap():
            return self.sizeHint()
        longest = max((metrics.horizontalAdvance(word) for word in self.text().split()), default=0)
        # One long word (an SSID, say) may be broken anywhere; it must not hold the page open.
        return QSize(min(longest + 2, metrics.averageCharWidth() * 16), self._line_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        group = palette.ColorGroup.Normal if self.isEnabled() else palette.ColorGroup.Disabled
        painter.setPen(palette.color(group, self.foregroundRole()))
        area = self.contentsRect()
        layout = self._laid_out(area.width())
        height = layout.lineCount() * self._line_height()
        layout.draw(painter, QPointF(area.x(), self._top(area, height)))

    def _top(self, area: QRect, height: int) -> float:
        alignment = self.alignment()
        if alignment & Qt.AlignmentFlag.AlignTop:
            return area.y()
        if alignment & Qt.AlignmentFlag.AlignBottom:
            return area.bottom() + 1 - height
        return area.y() + (area.height() - height) / 2

    def _horizontal_alignment(self) -> Qt.AlignmentFlag:
        alignment = self.alignment()
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            from PySide6.QtWidgets import QStyle  # a large class, which most starts do not need

            alignment = QStyle.visualAlignment(Qt.LayoutDirection.RightToLeft, alignment)
        return alignment & Qt.AlignmentFlag.AlignHorizontal_Mask

    def _line_height(self) -> int:
        return round(self.fontInfo().pixelSize() * self._lines_per_size)

    def _laid_out(self, width: float) -> QTextLayout:
        option = QTextOption(self._horizontal_alignment())
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setTextDirection(self.layoutDirection())
        text = self.text().replace("\n", "\N{LINE SEPARATOR}")
        layout = QTextLayout(text, self.font(), self)
        layout.setTextOption(option)
        layout.beginLayout()
        top = 0.0
        step = self._line_height()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            line.setPosition(QPointF(0, top + (step - line.height()) / 2))
            top += step
        layout.endLayout()
        return layout
