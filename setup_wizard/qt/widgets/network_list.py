"""The Wi-Fi networks in the air: choose one by mouse, arrow keys or its first letters."""

from __future__ import annotations

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
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.picture import icon_path, pixmap

_ROW = 48  # px; taller where there is a note
_ROW_WITH_NOTE = 60
_ICON = 20
_VISIBLE_ROWS = 3.5  # what the list asks for; it takes more when there is room
_FEWEST_ROWS = 2  # where words need the room
_STRONGEST = 4

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


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


class NetworkModel(QAbstractListModel):
    """Rows for the view; tells names for type-ahead and whole phrases for ears."""

    ROW = Qt.ItemDataRole.UserRole

    def __init__(self, words: NetworkWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = words
        self.rows: tuple[NetworkRow, ...] = ()

    def replace(self, rows: tuple[NetworkRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def refresh(self, rows: tuple[NetworkRow, ...]) -> None:
        """The same networks in the same order, with other strengths or notes."""
        self.rows = rows
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(row)
            case self.ROW:
                return row
        return None

    def _spoken(self, row: NetworkRow) -> str:
        lock = self._words.secured if row.secured else self._words.open
        parts = [row.name, self._words.signals[_bars(row)], lock, row.note]
        return ", ".join(part for part in parts if part)


class NetworkList(QListView):
    """A list that keeps its choice and its place through every rescan.

    Signals: selection_changed(NetworkRow | None), row_activated(NetworkRow): Enter, double click.
    """

    selection_changed = Signal(object)
    row_activated = Signal(object)

    def __init__(
        self, theme: Theme, words: NetworkWords = NetworkWords(), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._placeholder = ""
        self._announced: NetworkRow | None = None
        self._model = NetworkModel(words, self)
        self._delegate = _NetworkDelegate(theme, self)
        self._theme = theme
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._activate_index)
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

    def rows(self) -> tuple[NetworkRow, ...]:
        return self._model.rows

    def selected(self) -> NetworkRow | None:
        chosen = self.selectionModel().selectedIndexes()
        return self._model.rows[chosen[0].row()] if chosen else None

    def select(self, key: object) -> bool:
        """Choose the network with this key, if it is there."""
        for place, row in enumerate(self._model.rows):
            if row.key == key:
                self.setCurrentIndex(self._model.index(place))
                return True
        return False

    def set_placeholder(self, text: str) -> None:
        self._placeholder = text
        self.setAccessibleDescription(text if not self._model.rows else "")
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._delegate.set_theme(theme)
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.column_width, self._theme.scaled(_ROW * _VISIBLE_ROWS) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self._theme.scaled(_ROW * _FEWEST_ROWS))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.row_activated.emit(chosen)
            return
        super().keyPressEvent(event)

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

    def _activate_index(self, index: QModelIndex) -> None:
        self.row_activated.emit(self._model.rows[index.row()])

    def _tell(self) -> None:
        chosen = self.selected()
        if chosen != self._announced:
            self._announced = chosen
            self.selection_changed.emit(chosen)


class _NetworkDelegate(QStyledItemDelegate):
    """Paints one row: strength, name, note, lock."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: NetworkRow = index.data(NetworkModel.ROW)
        return QSize(0, self._theme.scaled(_ROW_WITH_NOTE if row.note else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row: NetworkRow = index.data(NetworkModel.ROW)
        view = option.widget
        area: QRect = option.rect.adjusted(Space.HAIR, 2, -Space.HAIR, -2)
        self._paint_ground(painter, option.state, QRectF(area), focused=view.hasFocus())
        inner = area.adjusted(Space.NEAR, 0, -Space.NEAR, 0)
        size = self._theme.scaled(_ICON)
        ratio = view.devicePixelRatioF()
        bars, lock = _sides(inner, size, option.direction)
        self._paint_icon(painter, bars, f"wifi-{_bars(row)}", "accent", ratio)
        if row.secured:
            self._paint_icon(painter, lock, "lock", "text_quiet", ratio)
        gap = size + Space.BASE
        self._paint_text(painter, inner.adjusted(gap, 0, -gap, 0), row, option.state)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, state: QStyle.StateFlag, area: QRectF, *, focused: bool
    ) -> None:
        theme = self._theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if not (chosen or hovered):
            return
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            painter.setPen(
                QPen(theme.colour("focus" if focused else "accent"), 2 if focused else 1.5)
            )
        painter.setBrush(theme.colour("chosen" if chosen else "hover"))
        radius = min(float(theme.radius), area.height() / 2)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)

    def _paint_icon(
        self, painter: QPainter, area: QRect, name: str, role: str, ratio: float
    ) -> None:
        ink = self._theme.colour(role).name()
        drawing = pixmap(self._theme, icon_path(name), area.size(), ratio, ink=ink)
        painter.drawPixmap(area.topLeft(), drawing)

    def _paint_text(
        self, painter: QPainter, area: QRect, row: NetworkRow, state: QStyle.StateFlag
    ) -> None:
        theme = self._theme
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
