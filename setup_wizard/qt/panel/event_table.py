"""The table of events: it follows the newest, or stays exactly where the person reads."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QModelIndex,
    QRect,
    Qt,
    Signal,
    Slot,
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
    QTableView,
    QWidget,
)

from setup_wizard.live.export import json_lines
from setup_wizard.qt.panel.event_model import Column, EventModel
from setup_wizard.qt.theme import Space, Theme, Type

_ROW = 26  # px
_WIDTHS = {Column.TIME: 104, Column.DEVICE: 164, Column.NAME: 136}
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

    def __init__(self, theme: Theme, model: EventModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._events = model
        self._follows = True
        self._placeholder = ""
        self._keeping = False
        self.setObjectName("events_table")
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

    @Slot()
    def reveal_choice(self) -> None:
        """After the table has become smaller."""
        if self.currentIndex().isValid():
            self._keeping = True
            self.scrollTo(self.currentIndex())
            self._keeping = False

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
        height = theme.scaled(_ROW)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        fonts = [theme.font(Type.SMALL)] * len(Column)
        fonts[Column.DATA] = theme.font(Type.MONO)
        quiet, text = theme.colour("text_quiet"), theme.colour("text")
        colours = (quiet, quiet, text, text)
        metrics = [QFontMetrics(font) for font in fonts]
        self._ink = tuple(zip(Column, fonts, metrics, colours, strict=True))
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the data are seen all the same."""
        super().resizeEvent(event)
        columns, theme = self.horizontalHeader(), self._theme
        others = sum(map(columns.sectionSize, (Column.TIME, Column.DEVICE, Column.NAME)))
        short = theme.scaled(_DATA_LEAST) - (self.viewport().width() - others)
        for column in (Column.NAME, Column.DEVICE):
            if short > 0:
                size = columns.sectionSize(column)
                given = min(short, max(0, size - theme.scaled(_LEAST)))
                columns.resizeSection(column, size - given)
                short -= given

    def paintEvent(self, _event: QPaintEvent) -> None:
        """All rows in sight at once: a fleet fills the table thirty times in a second, and going
        through a delegate took three times as long.
        """
        painter = QPainter(self.viewport())
        if self._events.rowCount():
            self._paint_rows(painter)
        elif self._placeholder:
            self._paint_placeholder(painter)

    def _paint_rows(self, painter: QPainter) -> None:
        model, chosen, width = self._events, self.selectionModel(), self.viewport().width()
        height, rows = self.verticalHeader().defaultSectionSize(), model.rowCount()
        first = max(0, self.rowAt(0))
        top = self.rowViewportPosition(first)
        last = min(rows, first + (self.viewport().height() - top) // height + 1)
        places = [(self.columnViewportPosition(c), self.columnWidth(c)) for c in Column]
        texts = [model.cells(row) for row in range(first, last)]
        any_chosen = chosen.hasSelection()
        for place, row in enumerate(range(first, last)):
            if any_chosen and chosen.isRowSelected(row):
                ground = QRect(0, top + place * height, width, height)
                painter.fillRect(ground, self._theme.colour("chosen"))
        gap_colour = self._theme.colour("warn")
        for column, font, metrics, colour in self._ink:  # a change of font takes long
            painter.setFont(font)
            painter.setPen(colour)
            left, room = places[column][0] + Space.TIGHT, places[column][1] - 2 * Space.TIGHT
            widest = metrics.maxWidth()
            base = top + (height + metrics.ascent() - metrics.descent()) // 2
            for place, (cells, is_gap) in enumerate(texts):
                text = cells[column]
                if len(text) * widest > room:  # measuring takes as long as drawing
                    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
                if is_gap and column is Column.DATA:
                    painter.setPen(gap_colour)
                    painter.drawText(left, base + place * height, text)
                    painter.setPen(colour)
                elif text:
                    painter.drawText(left, base + place * height, text)
        if self.hasFocus() and self.currentIndex().isValid():
            y = self.rowViewportPosition(self.currentIndex().row())
            painter.setPen(self._theme.colour("focus"))
            painter.drawRect(0, y, width - 1, height - 1)

    def _paint_placeholder(self, painter: QPainter) -> None:
        painter.setFont(self._theme.font(Type.BODY))
        painter.setPen(self._theme.colour("text_quiet"))
        inside = self.viewport().rect().adjusted(Space.WIDE, Space.BASE, -Space.WIDE, -Space.BASE)
        wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(inside, wrapped, self._placeholder)
