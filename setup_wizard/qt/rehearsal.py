"""The demo's band under the window: one sentence and one button for what a person would do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Rehearsal
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.network import NetworkPage
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.pages.sign_in import SignInPage
from setup_wizard.qt.pages.sign_in_code import SignInCodePage
from setup_wizard.qt.pages.wrong_passphrase import WrongPassphrasePage
from setup_wizard.qt.widgets.demo_bar import DemoBar
from setup_wizard.qt.window import Window

LOOK_MS = 250  # between looks into the letter box


@dataclass(frozen=True)
class Hint:
    """What the band says, and what its button does."""

    sentence: str
    button: str
    deed: Callable[[], None]


class RehearsalBar(QWidget):
    """Shows the hint that fits the page; hidden where there is nothing to do outside."""

    def __init__(
        self, look: Look, controller: Controller, window: Window, rehearsal: Rehearsal
    ) -> None:
        super().__init__()
        self.setObjectName("rehearsal")
        self._look = look
        self._window = window
        self._rehearsal = rehearsal
        self._hint: Hint | None = None
        self._hears_network = False
        self._bar = DemoBar(look.theme, look.words("demo.word"), "", "")
        self._bar.setObjectName("demo_bar")
        self._bar.pressed.connect(self.press)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._bar)
        self._controller = controller
        self._post = QTimer(self)  # no signal tells when a mail arrives
        self._post.setInterval(LOOK_MS)
        self._post.timeout.connect(self._refresh)
        controller.state_changed.connect(self.show_state)
        self.show_state(controller.state)

    @Slot(object)
    def show_state(self, state: State) -> None:
        if state.step is Step.NETWORK and not self._hears_network:
            self._hears_network = True  # from now on, for the page is made with its first state
            self._window.page.footer_changed.connect(self._refresh)
        self._hint = hint = self._hint_for(state)
        if state.step is Step.SIGN_IN_CODE:
            self._post.start()
        else:
            self._post.stop()
        if hint is not None:
            self._bar.set_words(self._look.words("demo.word"), hint.sentence, hint.button)
        self._bar.setVisible(hint is not None)

    def _refresh(self) -> None:
        self.show_state(self._controller.state)

    @property
    def has_hint(self) -> bool:
        return self._hint is not None

    def press(self) -> None:
        """What the button does."""
        if self._hint is not None:
            self._hint.deed()

    def _hint_for(self, state: State) -> Hint | None:
        hands = self._rehearsal
        match state.step:
            case Step.SIGN_IN:
                return self._say("sign_in", self._sign_in)
            case Step.SIGN_IN_CODE:
                return self._code_hint(state)
            case Step.LISTENING:
                return self._say("listening", hands.hold_button)
            case Step.JOIN if state.identity is None and state.working:
                return self._say("join", hands.join_access_point)
            case Step.SETTING_UP if state.join_needed:
                return self._say("join", hands.join_access_point)
            case Step.NETWORK | Step.WRONG_PASSPHRASE:
                return self._password_hint(state)
            case Step.DONE:
                return self._say("done", hands.press_button)
            case _:
                return None

    def _code_hint(self, state: State) -> Hint | None:
        """None until the mail is there."""
        code = self._rehearsal.code(state.customer)
        return self._say("sign_in_code", self._sign_in, code=code) if code else None

    def _password_hint(self, state: State) -> Hint | None:
        page = self._window.page
        network = page.network if isinstance(page, NetworkPage) else None
        if state.step is Step.WRONG_PASSPHRASE and state.credentials:
            network = state.credentials.network
        passphrase = self._rehearsal.passphrase(network.name) if network else ""
        if network is None or not passphrase:
            return None
        facts = {"network": network.name, "passphrase": passphrase}
        user_name = self._rehearsal.user_name(network.name)
        if user_name:
            return self._say("company", self._fill_in_password, **facts, user_name=user_name)
        return self._say("network", self._fill_in_password, **facts)

    def _say(self, name: str, deed: Callable[[], None], **parameters: str) -> Hint:
        parameters["access_point"] = self._rehearsal.access_point
        words = self._look.words
        return Hint(
            words(f"demo.{name}", **parameters), words(f"demo.{name}.button", **parameters), deed
        )

    def _sign_in(self) -> None:
        page = self._window.page
        if isinstance(page, SignInPage):
            page.fill_in(self._rehearsal.customer, self._rehearsal.installer_key)
        elif isinstance(page, SignInCodePage):
            page.fill_in(self._rehearsal.code(self._controller.state.customer))

    def _fill_in_password(self) -> None:
        page, state = self._window.page, self._controller.state
        if isinstance(page, WrongPassphrasePage) and state.credentials:
            page.fill_in(self._rehearsal.passphrase(state.credentials.network.name))
        elif isinstance(page, NetworkPage) and page.network:
            name = page.network.name
            page.fill_in(self._rehearsal.passphrase(name), self._rehearsal.user_name(name))
