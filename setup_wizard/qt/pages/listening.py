"""Hold the mode button: the drawn device shows what the real one should do."""

from __future__ import annotations

from setup_wizard.flow.light import Phase
from setup_wizard.flow.messages import ListeningConfirmed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.light import LightQuestion
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.widgets import DevicePicture, LightPattern


class ListeningPage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "listening")
        picture = DevicePicture(look.theme, look.brand.device)
        picture.set_light(look.brand.device.listening.colour, LightPattern.BLINKING)
        picture.set_finger(True)
        picture.set_description(self.words("listening.picture"))
        self.column.addStretch(1)
        self.add_centred(picture)
        self.add_title(self.words("listening.headline"), self.words("listening.text"))
        light = LightQuestion(self, Phase.WAKING)
        self.add_centred(light.button(self.words("listening.other")))
        self.column.addStretch(2)

    def footer(self, state: State) -> Footer:
        return Footer(primary=self.words("listening.primary"), back=self.words("back"))

    def press_primary(self) -> None:
        self.happened.emit(ListeningConfirmed())
