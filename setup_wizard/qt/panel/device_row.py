"""How a row of the device list is drawn, and what it knows."""

from __future__ import annotations

from enum import Enum, IntEnum
from typing import TypeAlias

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from setup_wizard.qt.theme import Space, Theme, Type

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
ROW = 52  # px
HEADING = 38
_DOT = 9


class Whole(Enum):
    """What can be chosen besides my devices, their groups and all of them."""

    PRODUCT = "product"
    """Everything that the product's devices say, whoever has them."""


class Role(IntEnum):
    """What an item holds besides its words."""

    KEY = Qt.ItemDataRole.UserRole
    STATUS = Qt.ItemDataRole.UserRole + 1
    """One quiet line."""
    DOT = Qt.ItemDataRole.UserRole + 2
    """The colour; only devices have one."""


class DeviceDelegate(QStyledItemDelegate):
    """A device: a dot, the name, and one quiet line. A heading: its words, and how many are on."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(80, self._theme.scaled(ROW if index.data(Role.DOT) else HEADING))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = self._theme
        area: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, QRectF(area).adjusted(3, 2, -3, -2), state)
        left = area.left() + Space.NEAR
        dot = theme.scaled(_DOT)
        text_left = left + dot + Space.NEAR
        inside = QRect(text_left, area.top(), area.right() - text_left - Space.TIGHT, area.height())
        if index.data(Role.DOT):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(index.data(Role.DOT)))
            middle = area.top() + area.height() * 0.34
            painter.drawEllipse(QRectF(left, middle - dot / 2, dot, dot))
            upper = QRect(inside.left(), area.top() + 6, inside.width(), area.height() // 2 - 6)
            lower = QRect(upper.left(), upper.bottom(), upper.width(), area.height() // 2 - 4)
            self._write(painter, upper, index.data() or "", Type.STRONG, theme.colour("text"))
            quiet = theme.colour("text_quiet")
            self._write(painter, lower, index.data(Role.STATUS) or "", Type.SMALL, quiet)
        else:
            inside.setLeft(left)
            chosen = bool(option.state & QStyle.StateFlag.State_Enabled)
            colour = theme.colour("text" if chosen else "text_quiet")
            status = index.data(Role.STATUS) or ""
            if status:
                room = QFontMetrics(theme.font(Type.SMALL)).horizontalAdvance(status)
                beside = inside.adjusted(max(0, inside.width() - room - 2), 0, 0, 0)
                quiet = theme.colour("text_quiet")
                self._write(painter, beside, status, Type.SMALL, quiet)
                inside.setRight(beside.left() - Space.TIGHT)
            self._write(painter, inside, index.data() or "", Type.STRONG, colour)
        painter.restore()

    def _paint_ground(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag) -> None:
        theme = self._theme
        painter.setPen(Qt.PenStyle.NoPen)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(theme.colour("chosen"))
            painter.drawRoundedRect(area, 6, 6)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(area, 6, 6)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("focus"))
            painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def _write(
        self, painter: QPainter, area: QRect, text: str, type_: Type, colour: QColor
    ) -> None:
        font = self._theme.font(type_)
        painter.setFont(font)
        painter.setPen(colour)
        elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, flags, elided)
