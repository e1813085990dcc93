"""The table of events: it follows the newest, or stays exactly where the person reads."""

from __future__ import annotations

from typing import TypeAlias

from PySide6.QtCore import (
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from setup_wizard.live.export import json_lines
from setup_wizard.qt.panel.event_model import Column, EventModel
from setup_wizard.qt.theme import Space, Theme, Type

_Index: TypeAlias = QModelIndex | QPersistentModelIndex
_ROW = 26  # px
_WIDTHS = {Column.TIME: 108, Column.DEVICE: 128, Column.NAME: 168}
_DATA_LEAST = 120
_LEAST = 72
_MOST_COPIED = 10_000  # rows; a clipboard is no export


class EventTable(QTableView):
    """Rows of one line, in the order in which they came.

    Signals:
        follow_changed(bool): the newest row is kept in sight, or no longer.
        entry_chosen(object): the Entry that the person looks at, or None.
    """

    follow_changed = Signal(bool)
    entry_chosen = Signal(object)

    def __init__(self, theme: Theme, model: EventModel) -> None:
        super().__init__()
        self._events = model
        self._follows = True
        self._placeholder = ""
        self._keeping = False
        self.setObjectName("events_table")
        self.setItemDelegate(_RowDelegate(theme, self))
        self.setModel(model)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        columns = self.horizontalHeader()
        columns.setStretchLastSection(True)
        columns.setHighlightSections(False)
        columns.setMinimumSectionSize(48)
        for column, width in _WIDTHS.items():
            columns.resizeSection(column, theme.scaled(width))
        self.set_theme(theme)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        model.rowsInserted.connect(self._grown)
        model.moved_on.connect(self._moved_on)
        model.modelReset.connect(self._began_anew)
        self.selectionModel().selectionChanged.connect(self._chosen)

    # --- its place ----------------------------------------------------------------------------

    @property
    def follows(self) -> bool:
        return self._follows

    def set_follow(self, follows: bool) -> None:
        if follows != self._follows:
            self._follows = follows
            self.follow_changed.emit(follows)
        if follows:
            self._to_the_end()

    def _to_the_end(self) -> None:
        self._keeping = True
        self.scrollToBottom()
        self._keeping = False

    def _grown(self) -> None:
        if self._follows:
            self._to_the_end()

    def _moved_on(self, fallen: int) -> None:
        """The rows moved up under the person's eyes: move with them."""
        self._move_selection(fallen)
        if self._follows:
            self._to_the_end()
            return
        bar = self.verticalScrollBar()
        self._keeping = True
        bar.setValue(max(0, bar.value() - fallen))
        self._keeping = False

    def _move_selection(self, fallen: int) -> None:
        chosen = self.selectionModel()
        current = chosen.currentIndex()
        if not current.isValid() and not chosen.hasSelection():
            return
        model, last = self._events, Column.DATA
        moved = QItemSelection()
        for part in chosen.selection().toList():
            if part.bottom() >= fallen:
                top = model.index(max(0, part.top() - fallen), 0)
                moved.select(top, model.index(part.bottom() - fallen, last))
        quiet = chosen.blockSignals(True)
        flags = chosen.SelectionFlag
        chosen.select(moved, flags.ClearAndSelect)
        row = current.row() - fallen
        place = model.index(row, current.column()) if row >= 0 else QModelIndex()
        chosen.setCurrentIndex(place, flags.NoUpdate)
        chosen.blockSignals(quiet)
        self.viewport().update()

    def _began_anew(self) -> None:
        self.entry_chosen.emit(None)
        if self._follows:
            self._to_the_end()

    def _scrolled(self, value: int) -> None:
        """The person's own hand says whether to follow."""
        if not self._keeping:
            at_end = value >= self.verticalScrollBar().maximum()
            if at_end != self._follows:
                self._follows = at_end
                self.follow_changed.emit(at_end)

    # --- what is chosen -----------------------------------------------------------------------

    def _chosen(self) -> None:
        current = self.currentIndex()
        if current.isValid() and self.selectionModel().isRowSelected(current.row()):
            self.set_follow(False)  # what is being read stays in sight
            self.entry_chosen.emit(self._events.entry(current.row()))
        else:
            self.entry_chosen.emit(None)

    def forget_choice(self) -> None:
        self.clearSelection()
        self.setCurrentIndex(QModelIndex())

    def copy(self) -> None:
        """The chosen rows, exactly as they came."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        lines = json_lines(self._events.entry(row) for row in rows[:_MOST_COPIED])
        text = "".join(lines)
        if text:
            QGuiApplication.clipboard().setText(text)

    def moveCursor(
        self,
        action: QAbstractItemView.CursorAction,
        modifiers: Qt.KeyboardModifier,
    ) -> QModelIndex:
        """The keyboard begins where the eye is: with the last row in sight."""
        rows = self._events.rowCount()
        if rows and not self.selectionModel().hasSelection():
            last = self.rowAt(self.viewport().height() - 1)
            return self._events.index(rows - 1 if last < 0 else last, 0)
        return super().moveCursor(action, modifiers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() == Qt.Key.Key_Escape and self.currentIndex().isValid():
            self.forget_choice()
        elif event.key() == Qt.Key.Key_End:
            self.set_follow(True)
        else:
            super().keyPressEvent(event)

    # --- looks --------------------------------------------------------------------------------

    def set_placeholder(self, text: str) -> None:
        if text != self._placeholder:
            self._placeholder = text
            self.setAccessibleDescription(text)
            self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.verticalHeader().setDefaultSectionSize(theme.scaled(_ROW))
        self.verticalHeader().setMinimumSectionSize(theme.scaled(_ROW))
        delegate = self.itemDelegate()
        if isinstance(delegate, _RowDelegate):
            delegate.set_theme(theme)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the data are seen all the same."""
        super().resizeEvent(event)
        columns, theme = self.horizontalHeader(), self._theme
        short = theme.scaled(_DATA_LEAST) - columns.sectionSize(Column.DATA)
        for column in (Column.NAME, Column.DEVICE):
            if short > 0:
                size = columns.sectionSize(column)
                given = min(short, max(0, size - theme.scaled(_LEAST)))
                columns.resizeSection(column, size - given)
                short -= given

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._events.rowCount() or not self._placeholder:
            return
        painter = QPainter(self.viewport())
        painter.setFont(self._theme.font(Type.BODY))
        painter.setPen(self._theme.colour("text_quiet"))
        inside = self.viewport().rect().adjusted(Space.WIDE, Space.BASE, -Space.WIDE, -Space.BASE)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, wrapped, self._placeholder)


class _RowDelegate(QStyledItemDelegate):
    """Draws a cell with two calls: a fleet fills the table thirty times in a second."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        self._fonts = {column: theme.font(Type.SMALL) for column in Column}
        self._fonts[Column.DATA] = theme.font(Type.MONO)
        self._metrics = {column: QFontMetrics(font) for column, font in self._fonts.items()}
        quiet, text = theme.colour("text_quiet"), theme.colour("text")
        self._colours = dict.fromkeys(Column, quiet)
        self._colours[Column.NAME] = self._colours[Column.DATA] = text
        self._ground, self._gap, self._focus = (
            theme.colour("chosen"),
            theme.colour("warn"),
            theme.colour("focus"),
        )
        self._height = theme.scaled(_ROW)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(80, self._height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        area: QRect = option.rect
        state = option.state
        model, row, column = index.model(), index.row(), Column(index.column())
        if not isinstance(model, EventModel):
            return
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, self._ground)
        text = model.text(row, column)
        if text:
            painter.setFont(self._fonts[column])
            gap = column is Column.DATA and model.is_gap(row)
            painter.setPen(self._gap if gap else self._colours[column])
            metrics, room = self._metrics[column], area.width() - 2 * Space.TIGHT
            if len(text) * metrics.maxWidth() > room:  # measuring takes as long as drawing
                text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
            middle = (area.height() + metrics.ascent() - metrics.descent()) // 2
            painter.drawText(area.left() + Space.TIGHT, area.top() + middle, text)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self._focus)
            painter.drawRect(area.adjusted(0, 0, -1, -1))
