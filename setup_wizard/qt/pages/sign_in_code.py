"""The code from the e-mail: one field, and another code for whoever has waited for a while."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from setup_wizard.domain.errors import CodeExpired, CodeRefused, CodeSpent, CodeWrong, SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByCode
from setup_wizard.flow.sign_in_messages import CodeSent, CodeWanted, SignInPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import link_button, small

FEWEST_DIGITS = 6  # a backend's codes have six to eight
LONGEST = 16  # with blanks, as some mails write them
WAIT_SECONDS = 30  # a mail takes seconds; whoever asks at once gets two and types the wrong one
WIDTH = 260  # px at the default text size


class SignInCodePage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "sign_in_code")
        words = self.words
        self._code: CodeSent | None = None
        self._error: SetupError | None = None
        self._working = False
        self._wait = 0
        self.column.addStretch(1)
        self.add_title(words("sign_in_code.headline"))
        self.column.addSpacing(Space.NEAR)
        self._field = QLineEdit()
        self._field.setObjectName("code")
        self._field.setProperty("kind", "code")
        self._field.setAccessibleName(words("sign_in_code.code"))
        self._field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._field.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self._field.setMaxLength(LONGEST)
        self._field.setFixedWidth(look.theme.scaled(WIDTH))
        self._field.textChanged.connect(self._typed)
        self.add_centred(self._field)
        self.column.addSpacing(Space.NEAR)
        nothing = small(words("sign_in_code.nothing"))
        nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.column.addWidget(nothing)
        self._again = link_button("")
        self._again.setObjectName("again")
        self._again.clicked.connect(self._again_pressed)
        self.add_centred(self._again)
        self.column.addStretch(2)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._second_passed)
        self._show_wait()

    def render_state(self, state: State) -> None:
        self._working = state.working
        if state.code is not None and state.code is not self._code:
            self._begin(state.code)
        if state.error is not self._error:
            self._error = state.error
            if isinstance(state.error, CodeExpired | CodeSpent):
                self._end_wait()  # only another code helps
            if isinstance(state.error, CodeRefused | CodeWrong):
                self._field.selectAll()  # typing replaces it
        self._show_wait()

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("sign_in.checking" if self._working else "continue"),
            enabled=len(self._digits()) >= FEWEST_DIGITS and not self._working,
            back=self.words("cancel" if self._working else "back"),
        )

    def progress(self) -> str:
        return self.words("sign_in.checking") if self._working else ""

    def first_focus(self) -> QWidget:
        return self._field

    def fill_in(self, code: str) -> None:
        self._field.setText(code)

    def forget_customer(self) -> None:
        self._field.clear()

    def press_primary(self) -> None:
        if self._code is not None and len(self._digits()) >= FEWEST_DIGITS and not self._working:
            proof = ByCode(self._code.customer, Secret(self._digits()))
            self.happened.emit(SignInPressed(proof))

    # --- another code ---------------------------------------------------------------------------

    def _begin(self, code: CodeSent) -> None:
        """A code is on its way; an older one is void."""
        self._code = code
        self._field.clear()
        minutes = max(1, round(code.expires_in / 60))
        text = self.words("sign_in_code.text", customer=code.customer, minutes=minutes)
        self.set_title(self.words("sign_in_code.headline"), text)
        self._wait = WAIT_SECONDS
        self._clock.start()

    def _second_passed(self) -> None:
        self._wait -= 1
        if self._wait <= 0:
            self._end_wait()
        self._show_wait()

    def _end_wait(self) -> None:
        self._wait = 0
        self._clock.stop()

    def _show_wait(self) -> None:
        waits = self._wait > 0
        soon = self.words("sign_in_code.again_soon", seconds=self._wait)
        self._again.setText(soon if waits else self.words("sign_in_code.again"))
        self._again.setEnabled(not waits and not self._working)

    def _again_pressed(self) -> None:
        if self._code is not None:
            self.happened.emit(CodeWanted(self._code.customer))
            self._field.setFocus()

    def _digits(self) -> str:
        return "".join(character for character in self._field.text() if character.isdecimal())

    def _typed(self, _text: str) -> None:
        self.footer_changed.emit()
