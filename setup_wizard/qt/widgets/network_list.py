"""The Wi-Fi networks in the air: choose one by mouse, arrow keys or its first letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QWidget

from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.choice_list import ChoiceDelegate, ChoiceList, ChoiceModel, Index
from setup_wizard.qt.widgets.picture import icon_path, pixmap

_ROW = 48  # px; taller where there is a note
_ROW_WITH_NOTE = 60
_ICON = 20
_VISIBLE_ROWS = 3.5  # what the list asks for; it takes more when there is room
_FEWEST_ROWS = 2  # where words need the room
_STRONGEST = 4


@dataclass(frozen=True)
class NetworkRow:
    """One network as the list shows it; the key is the page's own and comes back with it."""

    key: object
    name: str
    bars: int
    secured: bool
    note: str = ""


@dataclass(frozen=True)
class NetworkWords:
    """What ears get for what eyes see in the signal bars and the lock."""

    signals: tuple[str, str, str, str, str] = (
        "no signal",
        "weak signal",
        "fair signal",
        "good signal",
        "strong signal",
    )
    secured: str = "secured"
    open: str = "open"


class NetworkModel(ChoiceModel[NetworkRow]):
    """Networks, with their strength and lock in words."""

    def __init__(self, words: NetworkWords) -> None:
        super().__init__()
        self._words = words

    def spoken(self, row: NetworkRow) -> str:
        lock = self._words.secured if row.secured else self._words.open
        parts = [row.name, self._words.signals[_bars(row)], lock, row.note]
        return ", ".join(part for part in parts if part)


class NetworkList(ChoiceList[NetworkRow]):
    """A list that keeps its choice and its place through every rescan.

    Signals: selection_changed(NetworkRow | None).
    """

    selection_changed = Signal(object)

    def __init__(
        self, theme: Theme, words: NetworkWords = NetworkWords(), parent: QWidget | None = None
    ) -> None:
        super().__init__(NetworkModel(words), _NetworkDelegate(theme), parent)
        self._placeholder = ""
        self._announced: NetworkRow | None = None
        self.selectionModel().selectionChanged.connect(self._tell)
        self.set_theme(theme)

    def set_rows(self, rows: Sequence[NetworkRow]) -> None:
        """Show these networks; the choice and the scroll place stay with their networks."""
        new, old = tuple(rows), self._model.rows
        if new == old:
            return
        if [row.key for row in new] == [row.key for row in old]:
            self._model.refresh(new)
        else:
            self._replace(new)
        self._tell()

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self.setAccessibleDescription(text if not self._model.rows else "")
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.column_width, self._theme.scaled(_ROW * _VISIBLE_ROWS) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_ROW * _FEWEST_ROWS))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What was chosen stays in sight when something else on the page needs the room."""
        super().resizeEvent(event)
        if self.selected() is not None and event.size().height() < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._model.rows or not self._placeholder:
            return
        painter = QPainter(self.viewport())
        painter.setFont(self._theme.font(Type.BODY))
        painter.setPen(self._theme.colour("text_quiet"))
        area = self.viewport().rect().adjusted(Space.WIDE, 0, -Space.WIDE, 0)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(area, wrapped, self._placeholder)

    def _replace(self, rows: tuple[NetworkRow, ...]) -> None:
        chosen, bar = self.selected(), self.verticalScrollBar()
        anchor, offset = self._anchor()
        quiet = self.selectionModel().blockSignals(True)
        self._model.replace(rows)
        if chosen is not None:
            self.select(chosen.key)
        self.selectionModel().blockSignals(quiet)
        self.doItemsLayout()
        for place, row in enumerate(rows):
            if anchor is not None and row.key == anchor:
                top = self.visualRect(self._model.index(place)).top()
                bar.setValue(bar.value() + top - offset)
        self.setAccessibleDescription("" if rows else self._placeholder)
        self.viewport().update()

    def _anchor(self) -> tuple[object | None, int]:
        """The topmost visible network and where it is; none while the list is at its top."""
        top = self.indexAt(self.viewport().rect().topLeft())
        if self.verticalScrollBar().value() == 0 or not top.isValid():
            return None, 0
        return self._model.rows[top.row()].key, self.visualRect(top).top()

    def _tell(self) -> None:
        chosen = self.selected()
        if chosen != self._announced:
            self._announced = chosen
            self.selection_changed.emit(chosen)


class _NetworkDelegate(ChoiceDelegate):
    """Paints one row: strength, name, note, lock."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row: NetworkRow = index.data(NetworkModel.ROW)
        return QSize(0, self.theme.scaled(_ROW_WITH_NOTE if row.note else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row: NetworkRow = index.data(NetworkModel.ROW)
        view = option.widget
        area: QRect = option.rect.adjusted(Space.HAIR, 2, -Space.HAIR, -2)
        self.paint_ground(painter, option, QRectF(area))
        inner = area.adjusted(Space.NEAR, 0, -Space.NEAR, 0)
        size = self.theme.scaled(_ICON)
        ratio = view.devicePixelRatioF()
        bars, lock = _sides(inner, size, option.direction)
        self._paint_icon(painter, bars, f"wifi-{_bars(row)}", "accent", ratio)
        if row.secured:
            self._paint_icon(painter, lock, "lock", "text_quiet", ratio)
        gap = size + Space.BASE
        self._paint_text(painter, inner.adjusted(gap, 0, -gap, 0), row, option.state)
        painter.restore()

    def _paint_icon(
        self, painter: QPainter, area: QRect, name: str, role: str, ratio: float
    ) -> None:
        ink = self.theme.colour(role).name()
        drawing = pixmap(self.theme, icon_path(name), area.size(), ratio, ink=ink)
        painter.drawPixmap(area.topLeft(), drawing)

    def _paint_text(
        self, painter: QPainter, area: QRect, row: NetworkRow, state: QStyle.StateFlag
    ) -> None:
        theme = self.theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        lines = [(row.name, Type.STRONG if chosen else Type.BODY, "text")]
        if row.note:
            lines.append((row.note, Type.SMALL, "text_quiet"))
        height = sum(theme.line_height(type_) for _, type_, _ in lines)
        top = area.y() + (area.height() - height) // 2
        for text, type_, colour in lines:
            font = theme.font(type_)
            painter.setFont(font)
            painter.setPen(theme.colour(colour))
            line = QRect(area.x(), top, area.width(), theme.line_height(type_))
            elided = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(
                line, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading, elided
            )
            top += line.height()


def _sides(area: QRect, size: int, direction: Qt.LayoutDirection) -> tuple[QRect, QRect]:
    top = area.y() + (area.height() - size) // 2
    first = QRect(area.x(), top, size, size)
    last = QRect(area.right() + 1 - size, top, size, size)
    return (first, last) if direction == Qt.LayoutDirection.LeftToRight else (last, first)


def _bars(row: NetworkRow) -> int:
    return min(_STRONGEST, max(0, row.bars))
