"""Buttons: one primary on a page, quiet ones beside it, links in the text, icons in corners."""

from __future__ import annotations

from PySide6.QtCore import Property, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from setup_wizard.qt.theme import Theme
from setup_wizard.qt.widgets.picture import icon

_RING = 2.0  # px
_ICON = 20


def primary_button(text: str, parent: QWidget | None = None) -> QPushButton:
    return Button(text, "primary", parent)


def plain_button(text: str, parent: QWidget | None = None) -> QPushButton:
    """A second choice of equal weight, with an edge."""
    return Button(text, "plain", parent)


def quiet_button(text: str, parent: QWidget | None = None) -> QPushButton:
    return Button(text, "quiet", parent)


def link_button(text: str, parent: QWidget | None = None) -> QPushButton:
    return Button(text, "link", parent)


def danger_button(text: str, parent: QWidget | None = None) -> QPushButton:
    return Button(text, "danger", parent)


class Button(QPushButton):
    """A push button whose focus is plain to see when it came by keyboard."""

    def __init__(self, text: str, kind: str, parent: QWidget | None) -> None:
        super().__init__(text, parent)
        self._ring = False
        self._ring_radius = 0
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def _get_ring_radius(self) -> int:
        return self._ring_radius

    def _set_ring_radius(self, radius: int) -> None:
        self._ring_radius = radius

    ringRadius = Property(int, _get_ring_radius, _set_ring_radius)  # the style sheet's to say

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._ring = event.reason() != Qt.FocusReason.MouseFocusReason
        super().focusInEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click: the page that came meanwhile was not meant."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._ring = True
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not (self.hasFocus() and self._ring):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        self._draw_ring(painter, palette.color(QPalette.ColorRole.Accent), _RING / 2)
        self._draw_ring(painter, palette.color(QPalette.ColorRole.Light), _RING * 1.5)

    def _draw_ring(self, painter: QPainter, colour: QColor, inset: float) -> None:
        area = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
        radius = max(2.0, self._ring_radius - inset)
        painter.setPen(QPen(colour, _RING))
        painter.drawRoundedRect(area, radius, radius)


def icon_button(
    theme: Theme, icon_name: str, name: str, parent: QWidget | None = None
) -> IconButton:
    return IconButton(theme, icon_name, name, parent)


class IconButton(QToolButton):
    """A button that is only a picture, with its name for ears and for the hovering mouse."""

    def __init__(
        self, theme: Theme, icon_name: str, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon_name
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.set_name(name)
        self.set_theme(theme)

    def set_name(self, name: str) -> None:
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon(self, icon_name: str) -> None:
        self._icon_name = icon_name
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        size = theme.scaled(_ICON)
        self.setIconSize(QSize(size, size))
        self.setIcon(icon(theme, self._icon_name, size=size, role="text_quiet"))
