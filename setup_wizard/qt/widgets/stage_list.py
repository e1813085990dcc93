"""Work that goes on by itself, stage by stage, each with its honest state and its time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.qt.theme import SPINNER_DELAY_MS, Space, Theme, Type
from setup_wizard.qt.widgets.labels import body, small
from setup_wizard.qt.widgets.themed import FRAME_MS, ThemedWidget, Ticker

_GLYPH = 22  # px
_TURN = 0.9  # s for one turn of the spinner
_FIRST_SECOND = 1  # shorter stages need no figure
_CLOCK_FROM = 60  # s; what is left is counted in minutes before, in seconds after


class StageState(Enum):
    """How far a stage is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WARN = "warn"


@dataclass(frozen=True)
class StageRow:
    """One stage as the list shows it."""

    key: object
    text: str
    state: StageState = StageState.WAITING
    note: str = ""
    """A quiet line under the text."""
    seconds: float | None = None
    """How long it took; None while it runs: the list counts."""
    budget: float | None = None
    """Seconds that it has at most from now on, while it runs; the list counts them down."""


@dataclass(frozen=True)
class StageWords:
    """What ears get for the glyphs, and how a time is written."""

    waiting: str = "waiting"
    running: str = "running"
    done: str = "done"
    failed: str = "failed"
    warn: str = "needs attention"
    seconds: str = "{seconds} s"
    minutes_left: str = "at most {minutes} minutes more"
    clock_left: str = "{clock} left"


class StageList(ThemedWidget):
    """Rows of stages that are updated in place."""

    def __init__(
        self,
        theme: Theme,
        words: StageWords = StageWords(),
        parent: QWidget | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(theme, parent)
        self._words = words
        self._clock = clock
        self._rows: dict[object, _Row] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.TIGHT)
        self._spacious = True
        self._ticker = Ticker(self, FRAME_MS if theme.motion else 1000, self._tick)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def set_rows(self, rows: Sequence[StageRow]) -> None:
        """Show these stages; those with a known key change in place."""
        for key in self._rows.keys() - {row.key for row in rows}:
            gone = self._rows.pop(key)
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for place, row in enumerate(rows):
            if row.key not in self._rows:
                self._rows[row.key] = _Row(self._theme, self._words, self._clock, self)
                self._rows[row.key].set_spacious(spacious=self._spacious)
            widget = self._rows[row.key]
            widget.show_row(row)
            if self._column.indexOf(widget) != place:
                self._column.insertWidget(place, widget)
        self._rows = {row.key: self._rows[row.key] for row in rows}
        self._follow()

    def set_spacious(self, *, spacious: bool) -> None:
        """Whether the quiet lines have their place even while they are silent."""
        self._spacious = spacious
        for widget in self._rows.values():
            widget.set_spacious(spacious=spacious)

    def now(self) -> str:
        """The stage that runs, as it is said aloud; empty when none does."""
        running = (row for row in self.rows() if row.state is StageState.RUNNING)
        return next((f"{row.text}\n{row.note}".strip() for row in running), "")

    def rows(self) -> tuple[StageRow, ...]:
        return tuple(widget.row for widget in self._rows.values())

    def is_moving(self) -> bool:
        return self._ticker.is_running()

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._ticker.set_interval(FRAME_MS if theme.motion else 1000)

    def _tick(self) -> None:
        for widget in self._rows.values():
            widget.tick()

    def _follow(self) -> None:
        running = any(row.state is StageState.RUNNING for row in self.rows())
        self._ticker.run(wanted=running)


class _Row(ThemedWidget):
    def __init__(
        self, theme: Theme, words: StageWords, clock: Callable[[], float], parent: QWidget
    ) -> None:
        super().__init__(theme, parent)
        self.row = StageRow(key=None, text="")
        self._words = words
        self._clock = clock
        self._since = 0.0
        self._until: float | None = None
        self._spacious = True
        self._glyph = _Glyph(theme, self)
        self._text = body("", self)
        self._note = small("", self)
        self._seconds = small("", self)
        self._seconds.setWordWrap(False)
        self._seconds.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
        words_column = QVBoxLayout()
        words_column.setSpacing(0)
        words_column.addWidget(self._text)
        words_column.addWidget(self._note)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.NEAR)
        line.addWidget(self._glyph, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words_column, 1)
        line.addWidget(self._seconds, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._reserve()
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._seconds.setMinimumHeight(theme.line_height(Type.BODY))

    def set_spacious(self, *, spacious: bool) -> None:
        self._spacious = spacious
        self._reserve()

    def _reserve(self) -> None:
        """The quiet line has its place even when it is silent: a list that grows jumps."""
        self._note.setMinimumHeight(self._theme.line_height(Type.SMALL))
        self._note.setVisible(self._spacious or bool(self._note.text()))

    def show_row(self, row: StageRow) -> None:
        begins = row.state is StageState.RUNNING and self.row.state is not StageState.RUNNING
        if begins:
            self._since = self._clock()
        if begins or row.budget != self.row.budget:
            self._until = None if row.budget is None else self._clock() + row.budget
        self.row = row
        _set_text(self._text, row.text)
        # Ears hear of a stage, not of each second: with a name of its own, a label that counts
        # is no news to them.
        self._note.setAccessibleName(row.note or row.text)
        kind = "quiet" if row.state is StageState.WAITING else "body"
        if self._text.property("kind") != kind:
            self._text.setProperty("kind", kind)
            self._text.style().polish(self._text)
        self.tick()
        state = getattr(self._words, row.state.value)
        spoken = [row.text, state, self._seconds_of(row.seconds), row.note]
        self.setAccessibleName(", ".join(part for part in spoken if part))

    def tick(self) -> None:
        running = self.row.state is StageState.RUNNING
        note = " · ".join(part for part in (self.row.note, self._left()) if part)
        if note != self._note.text():
            self._note.setText(note)
            self._reserve()
        elapsed = self._clock() - self._since if running else None
        self._glyph.show_state(self.row.state, elapsed or 0.0)
        _set_text(
            self._seconds,
            self._seconds_of(elapsed if self.row.seconds is None else self.row.seconds),
        )

    def _left(self) -> str:
        """What is left of the budget: calm while there is much of it, to the second at the end."""
        if self._until is None or self.row.state is not StageState.RUNNING:
            return ""
        left = max(0, math.ceil(self._until - self._clock()))
        if left > _CLOCK_FROM:
            return self._words.minutes_left.format(minutes=math.ceil(left / 60))
        return self._words.clock_left.format(clock=f"{left // 60}:{left % 60:02d}")

    def _seconds_of(self, seconds: float | None) -> str:
        if seconds is None or seconds < _FIRST_SECOND:
            return ""
        return self._words.seconds.format(seconds=int(seconds))


class _Glyph(ThemedWidget):
    """Ring, spinner, tick, cross or warning, drawn in one size."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._state = StageState.WAITING
        self._elapsed = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, state: StageState, elapsed: float) -> None:
        if state is not self._state or state is StageState.RUNNING:
            self._state, self._elapsed = state, elapsed
            self.update()

    def sizeHint(self) -> QSize:
        size = self._theme.scaled(_GLYPH)
        return QSize(size, size)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = self.width() / _GLYPH
        painter.scale(unit, unit)
        match self._state:
            case StageState.WAITING:
                painter.setPen(QPen(self._theme.colour("line"), 1.6))
                painter.drawEllipse(QPointF(11, 11), 5, 5)
            case StageState.RUNNING:
                self._paint_spinner(painter)
            case StageState.DONE:
                self._paint_disc(painter, "good", ((6.6, 11.4), (9.8, 14.4), (15.4, 8)))
            case StageState.FAILED:
                self._paint_disc(painter, "bad", ((7.6, 7.6), (14.4, 14.4)))
                painter.drawLine(QPointF(14.4, 7.6), QPointF(7.6, 14.4))
            case StageState.WARN:
                self._paint_disc(painter, "warn", ((11, 6.4), (11, 12)))
                painter.drawPoint(QPointF(11, 15.4))

    def _paint_spinner(self, painter: QPainter) -> None:
        area = QRectF(3, 3, 16, 16)
        painter.setPen(QPen(self._theme.colour("hairline"), 2.6))
        painter.drawEllipse(area)
        if self._elapsed * 1000 < SPINNER_DELAY_MS and self._theme.motion:
            return
        turns = self._elapsed / _TURN if self._theme.motion else 0.0
        painter.setPen(_round_pen(self._theme.colour("accent"), 2.6))
        painter.drawArc(area, round((90 - 360 * turns) * 16), -100 * 16)

    def _paint_disc(
        self, painter: QPainter, role: str, stroke: tuple[tuple[float, float], ...]
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour(role))
        painter.drawEllipse(QPointF(11, 11), 9, 9)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_round_pen(self._theme.colour("raised"), 2.2))
        painter.drawPolyline([QPointF(x, y) for x, y in stroke])


def _round_pen(colour: QColor, width: float) -> QPen:
    style, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(colour, width, style, cap, join)


def _set_text(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)


CheckList = StageList
"""Ticks of a page that gets things ready: the same rows."""
