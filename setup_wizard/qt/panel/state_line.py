"""How the stream stands, in a few words beside a light."""

from __future__ import annotations

import math
from typing import assert_never

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from setup_wizard.domain.stream import (
    Connecting,
    Live,
    Quiet,
    Reconnecting,
    Stopped,
    StreamState,
)
from setup_wizard.qt.theme import Space, Theme, Type
from setup_wizard.qt.widgets.themed import ThemedWidget
from setup_wizard.words import Words

_DOT = 10  # px
_HEIGHT = 28


def said_of(state: StreamState, words: Words) -> tuple[str, str]:
    """The words, and the colour of the light."""
    match state:
        case Connecting():
            return words("panel.connecting"), "line"
        case Live():
            return words("panel.live"), "good"
        case Quiet(seconds):
            return words("panel.quiet", seconds=int(seconds)), "warn"
        case Reconnecting(seconds) if seconds > 0:
            return words("panel.reconnecting", seconds=math.ceil(seconds)), "warn"
        case Reconnecting():
            return words("panel.reconnecting_now"), "warn"
        case Stopped(cause):
            if cause is None:
                return words("panel.stopped"), "line"
            said = words.error(cause)
            return words("panel.stopped_why", sentence=said.sentence, advice=said.advice), "bad"
        case _:
            assert_never(state)


class StateLine(ThemedWidget):
    """One line; too long a sentence is cut for the eye and whole for the hovering mouse."""

    def __init__(self, theme: Theme, words: Words) -> None:
        super().__init__(theme)
        self.setObjectName("stream_state")
        self._words = words
        self._text, self._role = "", "line"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_state(Connecting())

    @property
    def text(self) -> str:
        return self._text

    def show_state(self, state: StreamState) -> bool:
        """Whether it stands otherwise than before: only that is worth saying aloud."""
        text, role = said_of(state, self._words)
        changed, turned = text != self._text, role != self._role
        if changed:
            self._text, self._role = text, role
            self.setAccessibleName(text)
            self.setToolTip(text)
            self.update()
        return turned

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(240), self._theme.scaled(_HEIGHT))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dot, middle = theme.scaled(_DOT), self.height() / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._role))
        painter.drawEllipse(QRectF(2, middle - dot / 2, dot, dot))
        font = theme.font(Type.STRONG)
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        left = 2 + dot + Space.TIGHT
        room = self.width() - left
        text = QFontMetrics(font).elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(left, 0, room, self.height()), flags, text)
