"""Stored, and no evidence yet: calm, honest, and open-ended."""

from __future__ import annotations

from setup_wizard.flow.light import Phase
from setup_wizard.flow.messages import RetryPressed, SetUpAnotherPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.light import LightQuestion
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.widgets import DevicePicture, LightPattern


class StillCheckingPage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "still_checking")
        picture = DevicePicture(look.theme, look.brand.device)
        picture.set_light(look.brand.device.update.colour, LightPattern.BREATHING)
        self.column.addStretch(1)
        self.add_centred(picture)
        self.add_title(self.words("still_checking.headline"), self.words("still_checking.text"))
        light = LightQuestion(self, Phase.AWAY)
        self.add_centred(light.button(self.words("light.question")))
        self.column.addStretch(2)

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("still_checking.primary"),
            enabled=not state.working,
            secondary=self.words("done.another"),
        )

    def press_primary(self) -> None:
        self.happened.emit(RetryPressed())

    def press_secondary(self) -> None:
        self.happened.emit(SetUpAnotherPressed())
