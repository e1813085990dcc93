"""Who is it for: the customer's address, and the installer's key where none is set up."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from setup_wizard.domain.errors import CustomerRefused
from setup_wizard.flow.messages import SignInPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import PassphraseField, PassphraseWords


class SignInPage(Page):
    def __init__(self, look: Look, *, asks_key: bool) -> None:
        super().__init__(look, "sign_in")
        words = self.words
        self.column.addStretch(1)
        self.add_title(words("sign_in.headline"), words("sign_in.text"))
        self.column.addSpacing(Space.NEAR)
        self._email = QLineEdit()
        self._email.setObjectName("email")
        self._email.setAccessibleName(words("sign_in.email"))
        self._email.setPlaceholderText(words("sign_in.email_hint"))
        self._email.textChanged.connect(self._typed)
        self.add_field(words("sign_in.email"), self._email)
        self._key: PassphraseField | None = None
        if asks_key:
            self._key = PassphraseField(
                look.theme, PassphraseWords(words("network.show"), words("network.hide"))
            )
            self._key.setObjectName("installer_key")
            self._key.set_name(words("sign_in.key"))
            self._key.text_changed.connect(self._typed)
            self.add_field(words("sign_in.key"), self._key)
        self.column.addStretch(2)
        self._address_refused = False

    def render_state(self, state: State) -> None:
        self._address_refused = isinstance(state.error, CustomerRefused)
        if not self._email.text():
            self._email.setText(state.customer)

    def fill_in(self, customer: str) -> None:
        self._email.setText(customer)

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self.words("sign_in.primary"),
            enabled=self._complete(),
            back=self.words("back"),
        )

    def first_focus(self) -> QWidget:
        """The first field to fill, or the one to put right."""
        if self._key is not None and self._email.text() and not self._address_refused:
            return self._key.line_edit
        return self._email

    def press_primary(self) -> None:
        if self._complete():
            key = self._key.secret() if self._key is not None else None
            self.happened.emit(SignInPressed(self._email.text().strip(), key))

    def _complete(self) -> bool:
        """Only what makes it worth asking: the backend judges addresses and keys."""
        return "@" in self._email.text() and (self._key is None or bool(self._key.text()))

    def _typed(self, _text: str) -> None:
        self.footer_changed.emit()
