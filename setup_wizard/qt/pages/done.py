"""Done: its name, the maker's own test with its tick, and the device's live events."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from setup_wizard.domain.device import LONGEST_NAME
from setup_wizard.flow.life_messages import LifeTestPressed
from setup_wizard.flow.messages import NamePressed, SetUpAnotherPressed
from setup_wizard.flow.state import State
from setup_wizard.live.numbers import numbers_in
from setup_wizard.qt.pages.page import Footer, Look, Page, label_for
from setup_wizard.qt.pages.proof import ProofRow
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import (
    Card,
    DevicePicture,
    EventList,
    EventRow,
    LightPattern,
    Sparkline,
    quiet_button,
    small,
)

PICTURE_HEIGHT = 72  # beside the words: the page's room belongs to the living device


class DonePage(Page):
    """Signals: panel_wanted(): the person wants to see more of the device."""

    panel_wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(look, "done")
        words = self.words
        self._picture = DevicePicture(look.theme, look.brand.device, height=PICTURE_HEIGHT)
        self._picture.set_description(words("done.picture"))
        self.column.setSpacing(Space.NEAR)
        self.column.addLayout(self._head())
        self.column.addLayout(self._naming())
        self._proof = ProofRow(look)
        self._proof.again_pressed.connect(self._again_pressed)
        self.column.addWidget(self._proof)
        card = Card()
        card.body.setContentsMargins(Space.BASE, Space.NEAR, Space.BASE, Space.NEAR)
        self._plot = Sparkline(look.theme)
        self._plot.setObjectName("plot")
        self._events = EventList(look.theme)
        self._events.setObjectName("events")
        self._events.setAccessibleName(words("done.events"))
        self._events.set_placeholder(words("done.empty"))
        card.body.addWidget(small(words("done.events")))
        card.body.addWidget(self._plot)
        card.body.addWidget(self._events, 1)
        self.column.addWidget(card, 1)
        self._named = ""

    def _head(self) -> QHBoxLayout:
        words_column = QVBoxLayout()
        words_column.setSpacing(Space.HAIR)
        words_column.addStretch(1)
        for label in (self._headline, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignLeft)
            words_column.addWidget(label)
        words_column.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(Space.BASE)
        row.addWidget(self._picture)
        row.addLayout(words_column, 1)
        return row

    def _naming(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.TIGHT)
        self._name = QLineEdit()
        self._name.setObjectName("name")
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setAccessibleName(self.words("done.name"))
        self._name.setPlaceholderText(self.words("done.name_hint"))
        self._name.textChanged.connect(self._typed)
        self._rename = quiet_button(self.words("done.rename"))
        self._rename.setObjectName("rename")
        self._rename.clicked.connect(self._rename_pressed)
        row.addWidget(label_for(self.words("done.name"), self._name))
        row.addWidget(self._name, 1)
        row.addWidget(self._rename)
        return row

    # --- showing ------------------------------------------------------------------------------

    def render_state(self, state: State) -> None:
        words, device = self.words, state.device
        if device is None:
            return
        shown = state.name or self.look.brand.device.name
        online = device.online or bool(state.spoken)
        suffix = "" if online else "_offline"
        text = "_updating" if state.updating else suffix
        self.set_title(words(f"done.headline{suffix}", name=shown), words(f"done.text{text}"))
        well = online and not state.updating
        lamp = self.look.brand.device.online if well else self.look.brand.device.update
        self._picture.set_light(lamp.colour, LightPattern.BREATHING)
        if self._named != state.name:
            self._named = state.name
            self._name.setText(state.name)
        self._typed("")
        self._proof.render_life(state.life)
        self._events.set_rows(
            [EventRow(_clock(e.published_at), e.name, e.data or "") for e in reversed(state.spoken)]
        )
        self._plot.set_values(_numbers(state))

    def start_over(self) -> None:
        self._named = ""
        self._name.clear()
        self._plot.clear()

    def progress(self) -> str:
        return self._proof.spoken

    def footer(self, state: State) -> Footer:
        return Footer(primary=self.words("panel.open"), secondary=self.words("done.another"))

    def took_enter(self, focus: QWidget | None) -> bool:
        """Enter after typing a name saves it: closing the window would lose it."""
        if focus is not self._name:
            return False
        if self._rename.isEnabled():
            self._rename_pressed()
        return True

    # --- acting -------------------------------------------------------------------------------

    def press_primary(self) -> None:
        self.panel_wanted.emit()

    def press_secondary(self) -> None:
        self.happened.emit(SetUpAnotherPressed())

    def _rename_pressed(self) -> None:
        self.happened.emit(NamePressed(self._name.text().strip()))

    def _again_pressed(self) -> None:
        self.happened.emit(LifeTestPressed())

    def _typed(self, _text: str) -> None:
        name = self._name.text().strip()
        self._rename.setEnabled(bool(name) and name != self._named)


def _clock(published_at: str) -> str:
    """The person's own time of day for the cloud's ISO 8601 date."""
    try:
        return f"{datetime.fromisoformat(published_at).astimezone():%H:%M:%S}"
    except (ValueError, OverflowError):  # the last year of all has no later hours
        return published_at


def _numbers(state: State) -> list[float]:
    """The newest numbers of the first event that carries numbers."""
    series: dict[str, list[float]] = {}
    for event in state.spoken:
        for path, number in numbers_in(event.data):
            if not path:
                series.setdefault(event.name, []).append(number)
    return next((numbers for numbers in series.values() if len(numbers) > 1), [])
