"""What every screen is: a centred column with one question, and a footer described as data."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from setup_wizard.brand import Brand
from setup_wizard.flow.state import State
from setup_wizard.qt.theme import Space, Theme
from setup_wizard.qt.widgets.headline import body, headline
from setup_wizard.words import Words


@dataclass(frozen=True)
class Look:
    """What a page needs to draw and to speak."""

    theme: Theme
    brand: Brand
    words: Words


@dataclass(frozen=True)
class Footer:
    """The buttons under the column; an empty label means that there is none."""

    primary: str = ""
    enabled: bool = True
    back: str = ""
    secondary: str = ""


class Page(QWidget):
    """Base of all pages.

    Signals:
        happened(object): an Action.
        footer_changed(): what the person typed makes the footer look different.
    """

    happened = Signal(object)
    footer_changed = Signal()

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.look = look
        self.words = look.words
        self.column = QVBoxLayout()
        self.column.setSpacing(Space.BASE)
        self.column.setContentsMargins(0, 0, 0, 0)
        self._column_widget = QWidget()
        self._column_widget.setLayout(self.column)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._column_widget.setSizePolicy(policy)
        self._column_widget.setMaximumWidth(look.theme.column_width)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(Space.WIDE, 0, Space.WIDE, 0)
        outer.addStretch(1)
        outer.addWidget(self._column_widget, 1000)
        outer.addStretch(1)
        self._headline = headline()
        self._headline.setObjectName("headline")
        self._headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._text = body()
        self._text.setObjectName("text")
        self._text.setAlignment(Qt.AlignmentFlag.AlignHCenter)

    def set_theme(self, theme: Theme) -> None:
        self._column_widget.setMaximumWidth(theme.column_width)

    def add_title(self, headline_text: str = "", text: str = "") -> None:
        """The headline and its lines of text, at this place of the column."""
        self.column.addWidget(self._headline)
        self.column.addWidget(self._text)
        self.set_title(headline_text, text)

    def set_title(self, headline_text: str, text: str) -> None:
        self._headline.setText(headline_text)
        self._text.setText(text)
        self._text.setVisible(bool(text))
        self.setAccessibleName(headline_text)
        self.setAccessibleDescription(text)

    @property
    def title(self) -> str:
        return self._headline.text()

    def add_centred(self, widget: QWidget) -> None:
        self.column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def render_state(self, state: State) -> None:
        """Show this state. Called for every change while the page is in front."""

    def footer(self, state: State) -> Footer:
        raise NotImplementedError

    def press_primary(self) -> None:
        """The person chose the one obvious way on."""

    def press_secondary(self) -> None: ...

    def start_over(self) -> None:
        """Forget what was typed: the next device begins."""

    def first_focus(self) -> QWidget | None:
        """Where typing should go when the page appears; None: the primary button."""
        return None


def label_for(text: str, buddy: QWidget) -> QLabel:
    """A small label that belongs to a field, for eyes and for screen readers."""
    label = QLabel(text)
    label.setBuddy(buddy)
    label.setProperty("type", "small")
    return label
