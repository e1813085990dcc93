"""The question for the light, on every page where the device stands before the person."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QPushButton

from setup_wizard.flow.light import RED, Choice, Phase, Shine, Sight, choices, read
from setup_wizard.qt.pages.page import Page
from setup_wizard.qt.widgets import LightPattern, LightPicker, LightRow, LightWords, link_button
from setup_wizard.words import Words

_OURS = {
    Sight.WIFI_OFF: "light.white",
    Sight.FAULT: "light.red",
    Sight.OFF: "light.dark",
    Sight.OTHER: "light.unknown",
}
_PATTERNS = {
    Shine.ANY: LightPattern.STEADY,
    Shine.BLINKING: LightPattern.BLINKING,
    Shine.BREATHING: LightPattern.BREATHING,
    Shine.FLASHING: LightPattern.BLINKING,
}


class LightQuestion(QObject):
    """Asks over its page, and has the page say what follows from the answer."""

    def __init__(self, page: Page, phase: Phase) -> None:
        super().__init__(page)
        self._page = page
        self._phase = phase
        self._picker: LightPicker | None = None
        page.installEventFilter(self)

    def button(self, text: str) -> QPushButton:
        button = link_button(text)
        button.setObjectName("light_question")
        button.clicked.connect(self.ask)
        return button

    def set_phase(self, phase: Phase) -> None:
        """What the device should be doing now; an open question follows."""
        if phase is not self._phase:
            self._phase = phase
            if self._picker is not None:
                self._picker.set_rows(self._rows())

    def ask(self) -> None:
        words = self._page.words
        if self._picker is None:
            said = ("light.question", "light.choose", "light.list", "light.close")
            spoken = LightWords(*(words(key) for key in said))
            self._picker = LightPicker(self._page.look.theme, spoken, self._page)
            self._picker.answered.connect(self._answered)
            self._picker.set_rows(self._rows())
        self._picker.ask()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """When the page goes, its question goes too."""
        if event.type() == QEvent.Type.Hide and self._picker is not None:
            self._picker.reject()
        return super().eventFilter(watched, event)

    def _rows(self) -> list[LightRow]:
        offered = choices(self._page.look.brand.device)
        return [_row(self._page.words, choice, self._phase) for choice in offered]

    def _answered(self, sight: Sight) -> None:
        follows = read(sight, self._phase).follows
        if follows is not None:
            self._page.happened.emit(follows)


def _row(words: Words, choice: Choice, phase: Phase) -> LightRow:
    reading = read(choice.sight, phase)
    name = choice.name or words(_OURS[choice.sight])
    return LightRow(
        key=choice.sight,
        name=words(f"light.{choice.shine.value}", colour=name[:1].upper() + name[1:]),
        colour=choice.colour,
        pattern=LightPattern.OFF if choice.sight is Sight.OFF else _PATTERNS[choice.shine],
        means=words(reading.means),
        advice=words(reading.advice),
        action=words(reading.button) if reading.button else "",
        flashes=RED if choice.shine is Shine.FLASHING else "",
    )
