"""Getting ready: ticks for everything that needs the internet; goes on by itself when green."""

from __future__ import annotations

from setup_wizard.flow.messages import ContinuePressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.page import Footer, GoOn, Look, Page
from setup_wizard.qt.pages.stages import stage_list, stage_rows
from setup_wizard.qt.theme import Space

SEEN_MS = 900  # long enough to see three ticks


class PreparePage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "prepare")
        self.column.addStretch(1)
        self.add_title(self.words("prepare.headline"), self.words("prepare.text"))
        self.column.addSpacing(Space.WIDE)
        self._checks = stage_list(look)
        self.column.addWidget(self._checks)
        self.column.addStretch(2)
        self._go_on = GoOn(self, SEEN_MS)

    def render_state(self, state: State) -> None:
        labels = {line.stage: self.words(f"prepare.{line.stage.value}") for line in state.checks}
        self._checks.set_rows(stage_rows(state.checks, labels, self.words))
        self._go_on.when(ready=state.provision is not None)

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("continue"),
            enabled=state.provision is not None,
            back=self.words("cancel" if state.working else "back"),
        )

    def progress(self) -> str:
        return self._checks.now()

    def press_primary(self) -> None:
        self._go_on.stop()
        self.happened.emit(ContinuePressed())
