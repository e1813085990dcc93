"""Small furniture that plain Qt lacks: a card, a divider, a drop-down with our arrow."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QComboBox, QFrame, QVBoxLayout, QWidget

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
        pen = QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 2)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        middle = QPointF(18 if mirrored else self.width() - 18, self.height() / 2)
        wing = 4.5
        painter.drawPolyline(
            [
                middle + QPointF(-wing, -wing / 2),
                middle + QPointF(0, wing / 2),
                middle + QPointF(wing, -wing / 2),
            ]
        )
