"""The maker's own test on the last page: what to do, what came of it, and another try."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from setup_wizard.domain.life import (
    EventTest,
    FunctionTest,
    LifeDue,
    LifeFailed,
    LifePassed,
    LifeProof,
    LifeWaiting,
)
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.pages.stages import stage_list
from setup_wizard.qt.theme import Type
from setup_wizard.qt.widgets import StageRow, StageState, quiet_button

_LONGEST_ANSWER = 40  # characters; the events below have all of it
_SHORTEST = 0.1  # seconds; nobody believes in none
_NOTE_LINES = 2  # what is kept free for a longer sentence: nothing below may jump


class ProofRow(QWidget):
    """One line with a tick, and a button beside it that is there when it is of use.

    Signals:
        again_pressed(): the test is to be tried again.
    """

    again_pressed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._words = look.words
        self._line = stage_list(look)
        self._line.setObjectName("proof")
        self._line.set_spacious(spacious=True)
        theme = look.theme
        self.setMinimumHeight(
            theme.line_height(Type.BODY) + _NOTE_LINES * theme.line_height(Type.SMALL)
        )
        self._again = quiet_button(self._words("done.proof_again"))
        self._again.setObjectName("proof_again")
        self._again.clicked.connect(self.again_pressed)
        policy = self._again.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._again.setSizePolicy(policy)
        self._again.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._line, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
        if look.brand.life_test is None:
            self.hide()
        self.spoken = ""
        """What ears hear when it changes."""

    def render_life(self, life: LifeProof | None) -> None:
        self.setVisible(life is not None)
        if life is None:
            self.spoken = ""
            return
        row = self._row(life)
        self._line.set_rows([row])
        self.spoken = f"{row.text}\n{row.note}"
        useful = isinstance(life, LifeFailed)
        if not useful:
            self._again.clearFocus()  # the window finds a better place for it
        self._again.setVisible(useful)

    def _row(self, life: LifeProof) -> StageRow:
        text = self._words.fill(life.test.sentence)
        match life:
            case LifeDue(asked=asked):
                note = self._words("done.proof_waiting" if asked else "done.proof_due")
                return StageRow("proof", text, StageState.WAITING, note=note)
            case LifeWaiting(test=EventTest()):
                note = self._words("done.proof_waiting")
                budget = life.until - life.began
                return StageRow("proof", text, StageState.RUNNING, note=note, budget=budget)
            case LifeWaiting():
                note = self._words("done.proof_asking")
                return StageRow("proof", text, StageState.RUNNING, note=note)
            case LifePassed():
                return StageRow("proof", text, StageState.DONE, note=self._passed(life))
            case LifeFailed():
                return StageRow("proof", text, self._failed_state(life), note=self._failed(life))

    def _passed(self, life: LifePassed) -> str:
        seconds = f"{max(_SHORTEST, life.seconds):.1f}"
        if isinstance(life.test, EventTest) and life.answer:
            value = str(life.answer)
            if len(value) > _LONGEST_ANSWER:
                value = value[: _LONGEST_ANSWER - 1] + "…"
            return self._words("done.proof_said", value=value, seconds=seconds)
        return self._words("done.proof_came", seconds=seconds)

    def _failed_state(self, life: LifeFailed) -> StageState:
        """Silence is no fault: perhaps nobody pressed. An answer that is wrong is one."""
        silent = life.answer is None and life.error is None
        return StageState.WAITING if silent else StageState.FAILED

    def _failed(self, life: LifeFailed) -> str:
        if life.error is not None:
            return self._words.error(life.error).sentence
        if isinstance(life.test, FunctionTest) and life.answer is not None:
            wanted = life.test.returns
            return self._words("done.proof_other", value=life.answer, wanted=wanted)
        return self._words("done.proof_silent", seconds=round(life.seconds))
