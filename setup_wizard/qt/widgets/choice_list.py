"""What every list to choose from has in common: its rows, its keys, and the ground of a row."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from setup_wizard.qt.theme import Theme

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()
_EDGE = 1.5  # px of the line around what is chosen
_EDGE_WITH_FOCUS = 2


class Row(Protocol):
    """What a row is known by, and what it says to eyes and for type-ahead."""

    @property
    def key(self) -> object: ...
    @property
    def name(self) -> str: ...


AnyRow = TypeVar("AnyRow", bound=Row)


class ChoiceModel(QAbstractListModel, Generic[AnyRow]):
    """Rows for the view; tells names for type-ahead and whole phrases for ears."""

    ROW = Qt.ItemDataRole.UserRole

    def __init__(self) -> None:
        super().__init__()
        self.rows: tuple[AnyRow, ...] = ()

    def replace(self, rows: tuple[AnyRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def refresh(self, rows: tuple[AnyRow, ...]) -> None:
        """The same rows in the same order, which look another way."""
        self.rows = rows
        if rows:
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.spoken(row)
            case self.ROW:
                return row
        return None

    def spoken(self, row: AnyRow) -> str:
        raise NotImplementedError


class ChoiceDelegate(QStyledItemDelegate):
    """Paints rows in the brand's way."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, area: QRectF) -> None:
        """What shows that a row is chosen, or under the mouse."""
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (chosen or hovered):
            return
        focused = option.widget.hasFocus()
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen:
            colour = self.theme.colour("focus" if focused else "accent")
            painter.setPen(QPen(colour, _EDGE_WITH_FOCUS if focused else _EDGE))
        painter.setBrush(self.theme.colour("chosen" if chosen else "hover"))
        radius = min(float(self.theme.radius), area.height() / 2)
        painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


class ChoiceList(QListView, Generic[AnyRow]):
    """One row is chosen by mouse, arrow keys or first letters.

    Signals: row_activated(row): Enter, double click.
    """

    row_activated = Signal(object)

    def __init__(
        self, model: ChoiceModel[AnyRow], delegate: ChoiceDelegate, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        model.setParent(self)
        delegate.setParent(self)
        self._model, self._delegate = model, delegate
        self._theme = delegate.theme
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._activate_index)

    def rows(self) -> tuple[AnyRow, ...]:
        return self._model.rows

    def selected(self) -> AnyRow | None:
        chosen = self.selectionModel().selectedIndexes()
        return self._model.rows[chosen[0].row()] if chosen else None

    def select(self, key: object) -> bool:
        """Choose the row with this key, if it is there."""
        for place, row in enumerate(self._model.rows):
            if row.key == key:
                self.setCurrentIndex(self._model.index(place))
                return True
        return False

    def set_theme(self, theme: Theme) -> None:
        self._theme = self._delegate.theme = theme
        self.scheduleDelayedItemsLayout()
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selected()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen is not None:
            self.row_activated.emit(chosen)
            return
        super().keyPressEvent(event)

    def _activate_index(self, index: QModelIndex) -> None:
        self.row_activated.emit(self._model.rows[index.row()])
