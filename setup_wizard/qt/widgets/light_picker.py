"""A question with a list of lights: each with its colour and its word, and what it means below."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.qt.theme import Space, Theme, Type, mix
from setup_wizard.qt.widgets.buttons import primary_button, quiet_button
from setup_wizard.qt.widgets.device_picture import LightPattern, brightness
from setup_wizard.qt.widgets.labels import body, quiet, strong
from setup_wizard.qt.widgets.themed import FRAME_MS, Ticker

_ROW = 32  # px
_DOT = 18
_FEWEST_ROWS = 4  # in a low window with large text the list scrolls
_WIDTH = 460
_SCREEN = 0.9  # the share of the screen that the question may take

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True)
class LightRow:
    """One light as the list shows it, with what it means and what can be done about it."""

    key: object
    name: str
    colour: str
    """Empty: dark, or not known."""
    pattern: LightPattern
    means: str
    advice: str
    action: str = ""
    """The label of the button that tells the program; empty where there is nothing to tell."""
    flashes: str = ""
    """A second colour that shows in between."""


@dataclass(frozen=True)
class LightWords:
    """The words around the list."""

    question: str
    choose: str
    list: str
    close: str


class LightPicker(QDialog):
    """Asks what the light looks like, and says what that means.

    Signals:
        answered(object): the key of the light that the program should hear of.
    """

    answered = Signal(object)

    def __init__(self, theme: Theme, words: LightWords, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("light_picker")
        self.setWindowTitle(words.question)
        self.setModal(True)
        self._theme = theme
        title = strong(words.question)
        self._list = LightList(theme)
        self._list.setObjectName("lights")
        self._list.setAccessibleName(words.list)
        self._list.row_chosen.connect(self._show)
        self._list.row_activated.connect(self._act)
        self._meanings = QStackedWidget()  # as high as its tallest page: nothing jumps
        self._meanings.addWidget(_Meaning(words.choose))
        self._close = quiet_button(words.close)
        self._close.setObjectName("light_close")
        self._close.clicked.connect(self.reject)
        self._go_on = primary_button("")
        self._go_on.setObjectName("light_go_on")
        self._go_on.clicked.connect(self._act)
        self._go_on.hide()
        buttons = QHBoxLayout()
        buttons.addWidget(self._close)
        buttons.addStretch(1)
        buttons.addWidget(self._go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.WIDE, Space.WIDE, Space.WIDE, Space.BASE)
        column.setSpacing(Space.NEAR)
        column.addWidget(title)
        column.addWidget(self._list, 1)
        column.addWidget(self._meanings)
        column.addLayout(buttons)
        self.set_theme(theme)

    def ask(self) -> None:
        """Begin anew: nothing is chosen until the person chooses."""
        self._list.clearSelection()
        self._list.setCurrentIndex(QModelIndex())
        # By itself a dialog takes no more than two thirds of the screen, and the list would scroll.
        self.resize(self.sizeHint().boundedTo(self.screen().availableSize() * _SCREEN))
        self.open()
        self._list.setFocus(Qt.FocusReason.TabFocusReason)

    def set_rows(self, rows: Sequence[LightRow]) -> None:
        """Offer these; an answer that was chosen before stays chosen."""
        while (page := self._meanings.widget(1)) is not None:
            self._meanings.removeWidget(page)
            page.deleteLater()
        for row in rows:
            self._meanings.addWidget(_Meaning(row.advice, title=row.means))
        self._list.set_rows(rows)
        self._show()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.setMinimumWidth(theme.scaled(_WIDTH))

    def _show(self) -> None:
        row = self._list.chosen()
        self._meanings.setCurrentIndex(0 if row is None else self._list.currentIndex().row() + 1)
        self._go_on.setText(row.action if row else "")
        self._go_on.setVisible(bool(row and row.action))

    def _act(self) -> None:
        """Enter, or the button: tell the program if it should know, and go."""
        row = self._list.chosen()
        if row is None:
            return
        self.accept()
        if row.action:
            self.answered.emit(row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = self.focusWidget()
            if focus in (self._close, self._go_on):
                focus.click()
            return
        super().keyPressEvent(event)


class _Meaning(QWidget):
    """What it means, and what to do."""

    def __init__(self, text: str, *, title: str = "") -> None:
        super().__init__()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(Space.HAIR)
        if title:
            rows.addWidget(strong(title))
        rows.addWidget(body(text) if title else quiet(text))
        rows.addStretch(1)


class LightList(QListView):
    """The lights to choose from, by mouse, arrow keys or first letters.

    Signals:
        row_chosen(): another one is marked, or none.
        row_activated(): Enter or a double click.
    """

    row_chosen = Signal()
    row_activated = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _LightModel(self)
        self._delegate = _LightDelegate(theme, self)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._activated)
        self.selectionModel().selectionChanged.connect(self._changed)
        self._ticker = Ticker(self, FRAME_MS, self.viewport().update)
        self.set_theme(theme)

    def set_rows(self, rows: Sequence[LightRow]) -> None:
        chosen = self.chosen()
        self._model.replace(tuple(rows))
        for place, row in enumerate(rows):
            if chosen is not None and row.key == chosen.key:
                self.setCurrentIndex(self._model.index(place))
        self.updateGeometry()

    def chosen(self) -> LightRow | None:
        marked = self.selectionModel().selectedIndexes()
        return self._model.rows[marked[0].row()] if marked else None

    def is_moving(self) -> bool:
        return self._ticker.is_running()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._delegate.set_theme(theme)
        self._ticker.run(wanted=theme.motion)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        rows = max(1, len(self._model.rows))
        return QSize(self._theme.scaled(_WIDTH), self._theme.scaled(_ROW) * rows + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_ROW) * _FEWEST_ROWS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.row_activated.emit()
            return
        super().keyPressEvent(event)

    def _changed(self) -> None:
        self.row_chosen.emit()

    def _activated(self, _index: QModelIndex) -> None:
        self.row_activated.emit()


class _LightModel(QAbstractListModel):
    """Rows for the view; names for type-ahead, names and meanings for ears."""

    ROW = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[LightRow, ...] = ()

    def replace(self, rows: tuple[LightRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.name}. {row.means} {row.advice}"
            case self.ROW:
                return row
        return None


class _LightDelegate(QStyledItemDelegate):
    """Paints one row: the light as it shines, and its word."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(0, self._theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme = self._theme
        row: LightRow = index.data(_LightModel.ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect.adjusted(Space.HAIR, 1, -Space.HAIR, -1)
        self._paint_ground(painter, option, QRectF(area))
        inner = area.adjusted(Space.NEAR, 0, -Space.NEAR, 0)
        size = theme.scaled(_DOT)
        left = option.direction == Qt.LayoutDirection.LeftToRight
        x = inner.x() if left else inner.right() + 1 - size
        dot = QRectF(x, inner.y() + (inner.height() - size) / 2, size, size)
        self._paint_dot(painter, row, dot)
        gap = size + Space.NEAR
        words = inner.adjusted(gap, 0, 0, 0) if left else inner.adjusted(0, 0, -gap, 0)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(theme.font(Type.STRONG if chosen else Type.BODY))
        painter.setPen(theme.colour("text"))
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, row.name
        )
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRectF) -> None:
        theme = self._theme
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (chosen or hovered):
            return
        focused = option.widget.hasFocus()
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setPen(QPen(theme.colour("focus" if focused else "accent"), 2))
        painter.setBrush(theme.colour("chosen" if chosen else "hover"))
        radius = min(float(theme.radius), area.height() / 2)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)

    def _paint_dot(self, painter: QPainter, row: LightRow, dot: QRectF) -> None:
        theme = self._theme
        dark = theme.colour("faint" if row.pattern is LightPattern.OFF else "raised")
        edge = QPen(theme.colour("line"), 1.5)
        if not row.colour and row.pattern is not LightPattern.OFF:
            edge.setStyle(Qt.PenStyle.DashLine)  # no colour that we know
        strength = brightness(row.pattern, time.monotonic()) if theme.motion else 1.0
        painter.setPen(edge)
        painter.setBrush(mix(dark, QColor(row.colour), strength) if row.colour else dark)
        painter.drawEllipse(dot)
        if row.flashes:
            painter.setBrush(QColor(row.flashes))
            painter.drawPie(dot, -90 * 16, 180 * 16)
