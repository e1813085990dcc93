"""Join the device's network by hand; the page notices by itself when the device answers."""

from __future__ import annotations

from setup_wizard.flow.budgets import FIND_BUDGET
from setup_wizard.flow.light import Phase
from setup_wizard.flow.messages import ContinuePressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.light import LightQuestion
from setup_wizard.qt.pages.page import Footer, GoOn, Look, Page
from setup_wizard.qt.pages.stages import stage_list
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import Figure, LightPattern, StageRow, StageState, Story

SEEN_MS = 700  # long enough to read that it was found


class JoinPage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "join")
        self._story = Story(look.theme, look.brand.device, figures=(Figure.COMPUTER, Figure.DEVICE))
        self._story.set_light(look.brand.device.listening.colour, LightPattern.BLINKING)
        self._story.set_description(self.words("join.picture"))
        self.column.addStretch(1)
        self.column.addWidget(self._story)
        self.add_title(self.words("join.headline"), self.words("join.text"))
        self.column.addSpacing(Space.TIGHT)
        self._rows = stage_list(look)
        self.column.addWidget(self._rows)
        light = LightQuestion(self, Phase.LISTENING)
        self.add_centred(light.button(self.words("light.question")))
        self.column.addStretch(2)
        self._search = 0
        """Number of the search that is shown."""
        self._go_on = GoOn(self, SEEN_MS)

    def render_state(self, state: State) -> None:
        words = self.words
        found = state.identity is not None
        if state.working and not found and state.run != self._search:
            self._search = state.run
            self._rows.set_rows(())  # another search has all its time again
        failed = StageState.FAILED if state.error else StageState.RUNNING
        find = StageRow(
            "find",
            words("join.found", short_id=short_id(state)) if found else words("join.waiting"),
            StageState.DONE if found else failed,
            budget=FIND_BUDGET,
        )
        rows = [find]
        if found:
            state_of_scan = StageState.DONE if state.scanned else failed
            rows.append(StageRow("scan", words("join.searching_networks"), state_of_scan))
        self._rows.set_spacious(spacious=False)
        self._rows.set_rows(rows)
        self._story.set_progress(0, 1.0 if found else 0.0, active=state.working and not found)
        self._go_on.when(ready=state.scanned)

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("continue"),
            enabled=state.identity is not None,
            back=self.words("back"),
        )

    def progress(self) -> str:
        return self._rows.now()

    def press_primary(self) -> None:
        self._go_on.stop()
        self.happened.emit(ContinuePressed())


def short_id(state: State) -> str:
    return state.identity.device_id.short if state.identity else ""
