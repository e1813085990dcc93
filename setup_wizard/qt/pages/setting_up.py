"""The unattended work: three figures, four lines, and honest states."""

from __future__ import annotations

from setup_wizard.flow.light import Phase
from setup_wizard.flow.state import StageProgress, State, Status
from setup_wizard.flow.steps import Stage
from setup_wizard.qt.pages.light import LightQuestion
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.pages.stages import stage_list, stage_rows
from setup_wizard.qt.widgets import Figure, LightPattern, Story

# Which line between the figures is being drawn: to the device, or from it to the router.
_REACHED = {
    Stage.SAVE: 0,
    Stage.JOIN_NETWORK: 1,
    Stage.GO_ONLINE: 1,
    Stage.MAKE_YOURS: 1,
}


class SettingUpPage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "setting_up")
        figures = (Figure.COMPUTER, Figure.DEVICE, Figure.ROUTER)
        self._story = Story(look.theme, look.brand.device, figures=figures)
        self._story.set_description(self.words("setting_up.picture"))
        self.column.addStretch(1)
        self.column.addWidget(self._story)
        self.add_title(self.words("setting_up.headline"), self.words("setting_up.text"))
        self._light = LightQuestion(self, Phase.LISTENING)
        self._waits = False
        """For the person to bring this computer back to the device's network."""
        self._stages = stage_list(look)
        self.column.addWidget(self._stages)
        self.column.addStretch(2)

    def render_state(self, state: State) -> None:
        words = self.words
        network = state.credentials.network.name if state.credentials else ""
        labels = {
            line.stage: words(f"setting_up.{line.stage.value}", network=network)
            for line in state.stages
        }
        # After a failure the lines draw together, for the words of what to do need the room.
        self._stages.set_spacious(spacious=state.error is None)
        self._stages.set_rows(stage_rows(state.stages, labels, words, updating=state.updating))
        self._say_what_to_do(state)
        self._text.setVisible(state.error is None)
        self._light.set_phase(Phase.AWAY if state.saved else Phase.LISTENING)
        self._draw(state)

    def _say_what_to_do(self, state: State) -> None:
        """Nothing as a rule; but a computer that left the device's network has to go back."""
        words = self.words
        self._waits = state.join_needed
        if not state.join_needed:
            text = "setting_up.updating_text" if state.updating else "setting_up.text"
            self.set_title(words("setting_up.headline"), words(text))
            return
        access_point = (state.access_point or b"").decode("utf-8", "replace")
        wanted = access_point or f"{self.look.brand.device.ssid_prefix}-…"
        self.set_title(
            words("setting_up.join_headline", access_point=wanted), words("setting_up.join_text")
        )

    def footer(self, state: State) -> Footer:
        # Only a person can see the light when this computer cannot see the air.
        return Footer(
            back=self.words("cancel" if state.working else "back"),
            secondary=self.words("light.question"),
        )

    def progress(self) -> str:
        """The stage; or what the person has to do before it can go on."""
        return f"{self.title}\n{self._text.text()}" if self._waits else self._stages.now()

    def press_secondary(self) -> None:
        self._light.ask()

    def _draw(self, state: State) -> None:
        device = self.look.brand.device
        light = device.connecting if state.saved else device.listening
        if state.updating:
            light = device.update
        self._story.set_light(light.colour, LightPattern.BLINKING)
        current = _current(state.stages)
        self._story.set_failed(current is not None and current.status is Status.FAILED)
        if current is None:
            self._story.set_progress(1, 1.0, active=False)
        else:
            running = current.status is Status.RUNNING
            half = 0.5 if current.stage in (Stage.GO_ONLINE, Stage.MAKE_YOURS) else 0.0
            self._story.set_progress(_REACHED[current.stage], half, active=running)


def _current(stages: tuple[StageProgress, ...]) -> StageProgress | None:
    """The first stage that is not done."""
    return next((line for line in stages if line.status is not Status.DONE), None)
