"""The network did not accept the password: everything is kept, one field, one click to resend."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from setup_wizard.domain.secret import Secret
from setup_wizard.flow.light import Phase
from setup_wizard.flow.messages import SendAgainPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.hints import password_hint, password_is_possible
from setup_wizard.qt.pages.light import LightQuestion
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import (
    DevicePicture,
    LightPattern,
    PassphraseField,
    PassphraseWords,
)


class WrongPassphrasePage(Page):
    def __init__(self, look: Look) -> None:
        super().__init__(look, "wrong_passphrase")
        words = self.words
        picture = DevicePicture(look.theme, look.brand.device)
        picture.set_light(look.brand.device.listening.colour, LightPattern.BLINKING)
        self.column.addStretch(1)
        self.add_centred(picture)
        self.add_title()
        self.column.addSpacing(Space.NEAR)
        self._field = PassphraseField(
            look.theme, PassphraseWords(words("network.show"), words("network.hide"))
        )
        self._field.setObjectName("passphrase_again")
        self._field.text_changed.connect(self._typed)
        self._label = self.add_field("", self._field)
        light = LightQuestion(self, Phase.LISTENING)
        self.add_centred(light.button(words("light.question")))
        self.column.addStretch(2)
        self._state: State | None = None
        self._refused: Secret | None = None

    def render_state(self, state: State) -> None:
        self._state = state
        if state.credentials is None:
            return
        network = state.credentials.network
        words = self.words
        self.set_title(
            words("wrong_passphrase.headline", network=network.name),
            words("wrong_passphrase.text"),
        )
        label = words("network.password", network=network.name)
        self._label.setText(label)
        self._field.set_name(label)
        if state.credentials.passphrase != self._refused and not state.working:
            # What was typed is kept, and shown: the slip is easier to see than to guess.
            self._refused = state.credentials.passphrase
            self._field.set_secret(self._refused)
            self._field.set_shown(True)
        self._typed("")

    def fill_in(self, passphrase: str) -> None:
        self._field.set_text(passphrase)

    def start_over(self) -> None:
        self._refused = None
        self._field.clear()
        self._field.set_shown(False)

    def footer(self, state: State) -> Footer:
        possible = state.credentials is not None and password_is_possible(
            state.credentials.network.security, self._field.text()
        )
        return Footer(
            primary=self.words("wrong_passphrase.primary"),
            enabled=possible,
            back=self.words("wrong_passphrase.other"),
        )

    def first_focus(self) -> QWidget:
        return self._field.line_edit

    def press_primary(self) -> None:
        self.happened.emit(SendAgainPressed(self._field.secret()))

    def _typed(self, _text: str) -> None:
        if self._state and self._state.credentials:
            security = self._state.credentials.network.security
            typed = self._field.text()
            # That the length is right is no comfort here, where the password was wrong.
            possible = password_is_possible(security, typed)
            hint = "" if possible else password_hint(self.words, security, typed)
            self._field.set_hint(hint)
        self.footer_changed.emit()
