"""Puts the window together: application, theme, pages, controller, and the demo's extras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from setup_wizard.brand import Brand
from setup_wizard.flow.machine import start
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside, Rehearsal
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.done import DonePage
from setup_wizard.qt.pages.join import JoinPage
from setup_wizard.qt.pages.listening import ListeningPage
from setup_wizard.qt.pages.network import NetworkPage
from setup_wizard.qt.pages.page import Look, Page
from setup_wizard.qt.pages.prepare import PreparePage
from setup_wizard.qt.pages.setting_up import SettingUpPage
from setup_wizard.qt.pages.sign_in import SignInPage
from setup_wizard.qt.pages.still_checking import StillCheckingPage
from setup_wizard.qt.pages.welcome import WelcomePage
from setup_wizard.qt.pages.wrong_passphrase import WrongPassphrasePage
from setup_wizard.qt.theme import apply_theme, system_is_dark
from setup_wizard.qt.window import Window
from setup_wizard.words import Words


@dataclass(frozen=True)
class Opening:
    """What the window needs to begin."""

    brand: Brand
    words: Words
    open_outside: Callable[[], Outside]
    needs_sign_in: bool
    asks_key: bool
    customer: str = ""
    rehearsal: Rehearsal | None = None
    autopilot: Path | None = None


def run(opening: Opening) -> int:
    """Show the window until it closes; the exit status."""
    app = QApplication([])
    app.setApplicationDisplayName(opening.words("window.title"))
    theme = apply_theme(
        app,
        opening.brand,
        dark=system_is_dark(app),
        motion=False if opening.autopilot else None,
    )
    look = Look(theme, opening.brand, opening.words)
    controller = Controller(
        start(needs_sign_in=opening.needs_sign_in, customer=opening.customer),
        opening.open_outside,
    )
    window = Window(look, controller, build_pages(look, asks_key=opening.asks_key))
    dresser = Dresser(app, opening.brand)
    QGuiApplication.styleHints().colorSchemeChanged.connect(dresser.dress)
    if opening.rehearsal is not None:
        from setup_wizard.qt.rehearsal import RehearsalBar

        bar = RehearsalBar(look, controller, window, opening.rehearsal)
        window.foot.addWidget(bar)
    if opening.autopilot is not None:
        from setup_wizard.qt.autopilot import Autopilot

        pilot = Autopilot(app, look, controller, window, opening.autopilot)
        pilot.begin()
    window.show()
    controller.start()
    status = app.exec()
    window.hide()
    stopped = controller.stop()
    if opening.autopilot is not None:
        return pilot.report(stopped=stopped)
    return status


def build_pages(look: Look, *, asks_key: bool) -> dict[Step, Page]:
    return {
        Step.WELCOME: WelcomePage(look),
        Step.SIGN_IN: SignInPage(look, asks_key=asks_key),
        Step.PREPARE: PreparePage(look),
        Step.LISTENING: ListeningPage(look),
        Step.JOIN: JoinPage(look),
        Step.NETWORK: NetworkPage(look),
        Step.SETTING_UP: SettingUpPage(look),
        Step.WRONG_PASSPHRASE: WrongPassphrasePage(look),
        Step.STILL_CHECKING: StillCheckingPage(look),
        Step.DONE: DonePage(look),
    }


class Dresser(QObject):
    """Follows the system from light to dark and back."""

    def __init__(self, app: QApplication, brand: Brand) -> None:
        super().__init__()
        self._app = app
        self._brand = brand

    @Slot(Qt.ColorScheme)
    def dress(self, scheme: Qt.ColorScheme) -> None:
        apply_theme(self._app, self._brand, dark=scheme is Qt.ColorScheme.Dark)
