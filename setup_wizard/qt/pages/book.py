"""The pages by step, each made when it is first opened: the first paint waits for one only."""

from __future__ import annotations

from collections.abc import Iterator

from setup_wizard.flow.steps import Step
from setup_wizard.qt.pages.page import Look, Page


class PageBook:
    """Makes pages, and keeps them."""

    def __init__(self, *, asks_key: bool) -> None:
        self._asks_key = asks_key
        self._pages: dict[Step, Page] = {}

    def open(self, step: Step, look: Look) -> Page:
        """The page of a step; where there is none yet, one that looks like this."""
        if step not in self._pages:
            self._pages[step] = self._make(step, look)
        return self._pages[step]

    def opened(self) -> Iterator[Page]:
        return iter(tuple(self._pages.values()))

    def _make(self, step: Step, look: Look) -> Page:
        match step:
            case Step.WELCOME:
                from setup_wizard.qt.pages.welcome import WelcomePage

                return WelcomePage(look)
            case Step.SIGN_IN:
                from setup_wizard.qt.pages.sign_in import SignInPage

                return SignInPage(look, asks_key=self._asks_key)
            case Step.SIGN_IN_CODE:
                from setup_wizard.qt.pages.sign_in_code import SignInCodePage

                return SignInCodePage(look)
            case Step.PREPARE:
                from setup_wizard.qt.pages.prepare import PreparePage

                return PreparePage(look)
            case Step.LISTENING:
                from setup_wizard.qt.pages.listening import ListeningPage

                return ListeningPage(look)
            case Step.JOIN:
                from setup_wizard.qt.pages.join import JoinPage

                return JoinPage(look)
            case Step.NETWORK:
                from setup_wizard.qt.pages.network import NetworkPage

                return NetworkPage(look)
            case Step.SETTING_UP:
                from setup_wizard.qt.pages.setting_up import SettingUpPage

                return SettingUpPage(look)
            case Step.WRONG_PASSPHRASE:
                from setup_wizard.qt.pages.wrong_passphrase import WrongPassphrasePage

                return WrongPassphrasePage(look)
            case Step.STILL_CHECKING:
                from setup_wizard.qt.pages.still_checking import StillCheckingPage

                return StillCheckingPage(look)
            case Step.DONE:
                from setup_wizard.qt.pages.done import DonePage

                return DonePage(look)
