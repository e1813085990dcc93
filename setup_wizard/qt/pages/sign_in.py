"""Who is it for: by a code from an e-mail, the maker's own account, or an installer's key."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from setup_wizard.domain.errors import CustomerRefused, SetupError
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import ByAccount, ByKey, SignInWay
from setup_wizard.flow.sign_in_messages import CodeWanted, SignInPressed
from setup_wizard.flow.state import State
from setup_wizard.qt.pages.page import Footer, Look, Page
from setup_wizard.qt.theme import Space
from setup_wizard.qt.widgets import PassphraseField, PassphraseWords, link_button

_NAMES = {
    SignInWay.CODE: "code",
    SignInWay.ACCOUNT: "account",
    SignInWay.INSTALLER_KEY: "key",
}


class SignInPage(Page):
    """One way at a time; the others are quiet links. What was typed for each is kept."""

    def __init__(self, look: Look, *, asks_key: bool) -> None:
        super().__init__(look, "sign_in")
        words = self.words
        self._asks_key = asks_key
        self._ways: tuple[SignInWay, ...] = ()
        self._way = SignInWay.CODE
        self._working = False
        self._address_refused = False
        self._error: SetupError | None = None
        self.column.addStretch(1)
        self.add_title(words("sign_in.headline"), words("sign_in.code_text"))
        self.column.addSpacing(Space.NEAR)
        self._email = QLineEdit()
        self._email.setObjectName("email")
        self._email.setAccessibleName(words("sign_in.email"))
        self._email.setPlaceholderText(words("sign_in.email_hint"))
        self._email.textChanged.connect(self._typed)
        self._key = self._secret_field("installer_key", words("sign_in.key"))
        self._pass = self._secret_field("account_pass", words("sign_in.pass"))
        self._labels = {
            self._email: self.add_field(words("sign_in.email"), self._email),
            self._key: self.add_field(words("sign_in.key"), self._key),
            self._pass: self.add_field(words("sign_in.pass"), self._pass),
        }
        self.column.addSpacing(Space.NEAR)
        for way, link in self._links.items():
            link.setObjectName(f"by_{_NAMES[way]}")
            link.clicked.connect(self._way_chosen)
            self.add_centred(link)
        self.column.addStretch(2)
        self._show_way()

    @cached_property
    def _links(self) -> dict[SignInWay, QPushButton]:
        """The quietest last."""
        return {way: link_button(self.words(f"sign_in.by_{_NAMES[way]}")) for way in _NAMES}

    # --- showing --------------------------------------------------------------------------------

    def render_state(self, state: State) -> None:
        self._working = state.working
        self._address_refused = isinstance(state.error, CustomerRefused)
        if state.error is not self._error:
            self._error = state.error
            if state.error is not None:
                self.first_focus().setFocus()
        if not self._email.text():
            self._email.setText(state.customer)
        if state.ways != self._ways:
            self._ways = state.ways
            self._way = self._first_way()
            self._show_way()

    def footer(self, state: State) -> Footer:
        return Footer(
            primary=self._primary(),
            enabled=self._complete() and not self._working,
            back=self.words("cancel" if self._working else "back"),
        )

    def progress(self) -> str:
        return self._primary() if self._working else ""

    def first_focus(self) -> QWidget:
        """The first field to fill, or the one to put right."""
        if self._way is SignInWay.ACCOUNT:
            return self._pass.line_edit
        typed = self._email.text() and not self._address_refused
        return self._key.line_edit if self._shows_key and typed else self._email

    def forget_customer(self) -> None:
        self._email.clear()
        for secret in (self._key, self._pass):
            secret.clear()
            secret.set_shown(False)

    # --- hearing --------------------------------------------------------------------------------

    def fill_in(self, customer: str, installer_key: str = "") -> None:
        self._email.setText(customer)
        if self._shows_key:
            self._key.set_text(installer_key)

    def press_primary(self) -> None:
        if not self._complete() or self._working:
            return
        customer = self._email.text().strip()
        match self._way:
            case SignInWay.CODE:
                self.happened.emit(CodeWanted(customer))
            case SignInWay.ACCOUNT:
                self.happened.emit(SignInPressed(ByAccount(_pasted(self._pass))))
            case SignInWay.INSTALLER_KEY:
                key = _pasted(self._key) if self._asks_key else None
                self.happened.emit(SignInPressed(ByKey(customer, key)))

    def _complete(self) -> bool:
        """Only what makes it worth asking: the backend judges addresses, keys and passes."""
        if self._way is SignInWay.ACCOUNT:
            return bool(self._pass.text().strip())
        return "@" in self._email.text() and (not self._shows_key or bool(self._key.text()))

    @property
    def _shows_key(self) -> bool:
        return self._way is SignInWay.INSTALLER_KEY and self._asks_key

    def _first_way(self) -> SignInWay:
        """A computer that was given an installer's key is an installer's."""
        if not self._asks_key and SignInWay.INSTALLER_KEY in self._ways:
            return SignInWay.INSTALLER_KEY
        return self._ways[0] if self._ways else SignInWay.CODE

    def _primary(self) -> str:
        if self._way is SignInWay.CODE:
            return self.words("sign_in.sending" if self._working else "sign_in.send")
        return self.words("sign_in.checking" if self._working else "continue")

    def _show_way(self) -> None:
        shown = {
            self._email: self._way is not SignInWay.ACCOUNT,
            self._key: self._shows_key,
            self._pass: self._way is SignInWay.ACCOUNT,
        }
        for field, visible in shown.items():
            field.setVisible(visible)
            self._labels[field].setVisible(visible)
        for way, link in self._links.items():
            link.setVisible(way in self._ways and way is not self._way)
        text = self.words(f"sign_in.{_NAMES[self._way]}_text")
        self.set_title(self.words("sign_in.headline"), text)

    def _way_chosen(self) -> None:
        self._way = next(way for way, link in self._links.items() if link is self.sender())
        self._show_way()
        self.footer_changed.emit()
        self.first_focus().setFocus()

    def _typed(self, _text: str) -> None:
        self.footer_changed.emit()

    def _secret_field(self, object_name: str, name: str) -> PassphraseField:
        spoken = PassphraseWords(self.words("network.show"), self.words("network.hide"))
        field = PassphraseField(self.look.theme, spoken)
        field.setObjectName(object_name)
        field.set_name(name)
        field.text_changed.connect(self._typed)
        return field


def _pasted(field: PassphraseField) -> Secret:
    """Without what is copied along from a letter: no key and no pass has spaces around it."""
    return Secret(field.line_edit.text().strip())
