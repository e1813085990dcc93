"""Welcome: what is needed, how long it takes, one button."""

from __future__ import annotations

from setup_wizard.flow.messages import StartPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.widgets.device_picture import DevicePicture, LightPattern


class WelcomePage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "welcome")
        picture = DevicePicture(look.theme, look.brand.device)
        picture.set_light(look.brand.device.online.colour, LightPattern.BREATHING)
        picture.set_description(self.words("welcome.picture"))
        self.column.addStretch(1)
        self.add_centred(picture)
        self.add_title(self.words("welcome.headline"), self.words("welcome.text"))
        self.column.addStretch(2)

    def footer(self, state: State) -> Footer:
        leaving = state.working  # the only work that is done here
        label = "sign_out.working" if leaving else "welcome.primary"
        return Footer(primary=self.words(label), enabled=not leaving)

    def press_primary(self) -> None:
        self.happened.emit(StartPressed())
