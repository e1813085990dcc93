"""Small furniture that plain Qt lacks: a card, a divider, a drop-down with our arrow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.qt.theme import Space


def mark_invalid(widget: QWidget, *, invalid: bool) -> None:
    """Give a field the edge of a mistake, or take it back."""
    if bool(widget.property("invalid")) == invalid:
        return
    widget.setProperty("invalid", invalid)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def divider(parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("kind", "divider")
    return line


class Card(QFrame):
    """A raised sheet; what belongs on it goes into `body`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(Space.BASE, Space.BASE, Space.BASE, Space.BASE)
        self.body.setSpacing(Space.TIGHT)


class CheckBox(QCheckBox):
    """A check box with our tick: style sheets can only load ticks from files."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(box.topLeft())
        painter.scale(box.width() / 18, box.height() / 18)
        painter.setPen(_round_pen(self.palette().color(QPalette.ColorRole.BrightText)))
        painter.drawPolyline([QPointF(4.6, 9.4), QPointF(7.6, 12.4), QPointF(13.4, 5.8)])


class DropDown(QComboBox):
    """A combo box with an arrow that follows the theme; quiet ones have no edge."""

    def __init__(self, parent: QWidget | None = None, *, quiet: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("kind", "quiet" if quiet else "plain")
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_round_pen(self.palette().color(QPalette.ColorRole.PlaceholderText)))
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        wing = self.fontInfo().pixelSize() * 0.3
        inset = wing * 4
        middle = QPointF(inset if mirrored else self.width() - inset, self.height() / 2)
        painter.drawPolyline(
            [
                middle + QPointF(-wing, -wing / 2),
                middle + QPointF(0, wing / 2),
                middle + QPointF(wing, -wing / 2),
            ]
        )


def _round_pen(colour: QColor) -> QPen:
    pen = QPen(colour, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen
