"""A slim striped band that says: this is not the real world."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from setup_wizard.qt.theme import Space, Theme, mix
from setup_wizard.qt.widgets.buttons import link_button
from setup_wizard.qt.widgets.labels import small
from setup_wizard.qt.widgets.themed import ThemedWidget

_STRIPE = 14  # px


class DemoBar(ThemedWidget):
    """A word, a sentence and one button. Signals: pressed()."""

    pressed = Signal()

    def __init__(
        self, theme: Theme, word: str, sentence: str, button: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._word = QLabel(word, self)
        self._word.setProperty("kind", "badge")
        self._sentence = small(sentence, self)
        self._button = link_button(button, self)
        self._button.setObjectName("demo_button")
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.BASE, Space.HAIR, Space.BASE, Space.HAIR)
        row.setSpacing(Space.NEAR)
        row.addWidget(self._word, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._sentence, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignVCenter)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_words(self, word: str, sentence: str, button: str) -> None:
        self._word.setText(word)
        self._sentence.setText(sentence)
        self._button.setText(button)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        surface, warn = self._theme.colour("surface"), self._theme.colour("warn")
        painter.fillRect(self.rect(), mix(surface, warn, 0.1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(surface, warn, 0.16))
        height = float(self.height())
        x = -height
        while x < self.width():
            corners = (
                (x, height),
                (x + height, 0),
                (x + height + _STRIPE, 0),
                (x + _STRIPE, height),
            )
            painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
            x += 2 * _STRIPE
