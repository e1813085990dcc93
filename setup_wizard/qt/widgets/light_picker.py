"""A question with a list of lights: each with its colour and its word, and what it means below."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QStackedWidget,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from setup_wizard.qt.theme import Space, Theme, Type, mix
from setup_wizard.qt.widgets.buttons import primary_button, quiet_button
from setup_wizard.qt.widgets.choice_list import ChoiceDelegate, ChoiceList, ChoiceModel, Index
from setup_wizard.qt.widgets.device_picture import LightPattern, brightness
from setup_wizard.qt.widgets.labels import body, quiet, strong
from setup_wizard.qt.widgets.themed import FRAME_MS, Ticker

_ROW = 32  # px
_DOT = 18
_FEWEST_ROWS = 4  # in a low window with large text the list scrolls
_WIDTH = 460
_SCREEN = 0.9  # the share of the screen that the question may take


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
        row = self._list.selected()
        self._meanings.setCurrentIndex(0 if row is None else self._list.currentIndex().row() + 1)
        self._go_on.setText(row.action if row else "")
        self._go_on.setVisible(bool(row and row.action))

    def _act(self) -> None:
        """Enter, or the button: tell the program if it should know, and go."""
        row = self._list.selected()
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


class LightList(ChoiceList[LightRow]):
    """The lights to choose from.

    Signals: row_chosen(): another one is marked, or none.
    """

    row_chosen = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(_LightModel(), _LightDelegate(theme), parent)
        self.selectionModel().selectionChanged.connect(self._changed)
        self._ticker = Ticker(self, FRAME_MS, self.viewport().update)
        self.set_theme(theme)

    def set_rows(self, rows: Sequence[LightRow]) -> None:
        chosen = self.selected()
        self._model.replace(tuple(rows))
        if chosen is not None:
            self.select(chosen.key)
        self.updateGeometry()

    def is_moving(self) -> bool:
        return self._ticker.is_running()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._ticker.run(wanted=theme.motion)

    def sizeHint(self) -> QSize:
        rows = max(1, len(self._model.rows))
        return QSize(self._theme.scaled(_WIDTH), self._theme.scaled(_ROW) * rows + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_ROW) * _FEWEST_ROWS)

    def _changed(self) -> None:
        self.row_chosen.emit()


class _LightModel(ChoiceModel[LightRow]):
    """Lights, with what they mean for ears."""

    def spoken(self, row: LightRow) -> str:
        return f"{row.name}. {row.means} {row.advice}"


class _LightDelegate(ChoiceDelegate):
    """Paints one row: the light as it shines, and its word."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self.theme.scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self.theme
        row: LightRow = index.data(_LightModel.ROW)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect.adjusted(Space.HAIR, 1, -Space.HAIR, -1)
        self.paint_ground(painter, option, QRectF(area))
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

    def _paint_dot(self, painter: QPainter, row: LightRow, dot: QRectF) -> None:
        theme = self.theme
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
