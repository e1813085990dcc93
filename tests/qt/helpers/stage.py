"""The real window with the real pages over a real controller, put together as the program does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QWidget
from shiboken6 import isValid

from setup_wizard.bootstrap import words_of
from setup_wizard.brand import Brand, load_brand
from setup_wizard.flow import messages as m
from setup_wizard.flow.state import State
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.rehearsal import RehearsalBar
from setup_wizard.qt.report_bar import ReportBar
from setup_wizard.qt.sign_out import SignOutLink
from setup_wizard.qt.theme import apply_theme
from setup_wizard.qt.window import Window
from setup_wizard.words import Words

Part = TypeVar("Part", bound=QWidget)

POINTS = 10.0  # what systems without a size of their own ship with


def nowhere() -> Outside:
    raise AssertionError("this controller has no threads")


class Hands:
    """A person of the simulated world, who does nothing."""

    customer = "jane@example.com"
    access_point = "Photon-AB12CD"

    installer_key = "installer's key"

    def __init__(self) -> None:
        self.done: list[str] = []

    def code(self, customer: str) -> str:
        return "123456"

    def begin(self) -> None:
        self.done.append("begin")

    def hold_button(self) -> None:
        self.done.append("hold")

    def join_access_point(self) -> None:
        self.done.append("join")

    def press_button(self) -> None:
        self.done.append("press")

    def passphrase(self, ssid: str) -> str:
        return f"password of {ssid}"

    def user_name(self, ssid: str) -> str:
        return "jane@office.example" if ssid == "Office" else ""


class Paper:
    """A journal that only remembers where it was to be saved."""

    def __init__(self) -> None:
        self.noted: list[m.Event] = []
        self.saved: list[Path] = []
        self.trouble: Exception | None = None
        self.closed = False

    def note(self, event: m.Event, before: State, after: State, command: m.Command | None) -> None:
        self.noted.append(event)

    def save(self, file: Path) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.saved.append(file)

    def close(self) -> None:
        self.closed = True


class Hearing(Controller):
    """Remembers what the person did."""

    def __init__(self, state: State) -> None:
        super().__init__(state, nowhere)
        self.said: list[m.Action] = []

    def dispatch(self, event: m.Event) -> None:
        if not isinstance(event, m.Reported):
            self.said.append(event)
        super().dispatch(event)


@dataclass(frozen=True)
class Dress:
    """How the window is to look."""

    brand: str = "default"
    dark: bool = False
    scale: float = 1.0
    """Size of the text; 2.0 is 200 %."""
    size: tuple[int, int] = (920, 640)
    demo: bool = False
    asks_key: bool = True
    motion: bool = False
    painted: bool = True
    """False: everything has its place and its words, and no pixel is drawn, which takes long."""


@cache
def spoken(brand: str) -> tuple[Brand, Words]:
    """A brand's file says the same to all tests."""
    loaded = load_brand(brand)
    return loaded, words_of(loaded)


def dress(app: QApplication, look: Dress) -> Look:
    brand, words = spoken(look.brand)
    font = app.font()
    font.setPointSizeF(POINTS * look.scale)
    app.setFont(font)
    app.styleHints().setCursorFlashTime(0)  # one that blinks is another picture now and then
    theme = apply_theme(app, brand, dark=look.dark, motion=look.motion)
    return Look(theme, brand, words)


def undress(app: QApplication) -> None:
    # First what is closed: Qt may dress a widget that outlived a style sheet even after its end.
    app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    font = app.font()
    font.setPointSizeF(POINTS)
    app.setFont(font)
    app.setStyleSheet("")
    app.setPalette(QPalette())


class Stage:
    """A window whose states are set, or reported, by the test; no thread runs."""

    def __init__(self, app: QApplication, as_: Dress, state: State) -> None:
        self.app = app
        self.look = dress(app, as_)
        hearing = Hearing(state)
        self.controller: Controller = hearing
        self.said = hearing.said
        self.pages = PageBook(asks_key=as_.asks_key)
        self.window = Window(self.look, self.controller, self.pages)
        self.window.setUpdatesEnabled(as_.painted)
        self.paper = Paper()
        self.window.show_report_bar(ReportBar(self.look, self.paper))
        self.window.show_in_corner(SignOutLink(self.look, self.controller))
        self.hands = Hands()
        if as_.demo:
            bar = RehearsalBar(self.look, self.controller, self.window, self.hands)
            self.window.foot.addWidget(bar)
        self.window.resize(*as_.size)

    def open(self) -> None:
        self.window.show()
        self.window.activateWindow()
        self.controller.state_changed.emit(self.controller.state)
        settle(self.app)

    def show(self, state: State) -> None:
        """Put the window before this state, wherever it comes from."""
        self.controller.state = state
        self.controller.state_changed.emit(state)
        settle(self.app)

    def start_over(self) -> None:
        """Before the first page, with nothing typed or chosen on any other."""
        for page in self.pages.opened():
            page.start_over()
        self.show(State())

    def hear(self, *reports: m.Report) -> State:
        """What the newest work reports."""
        for report in reports:
            self.controller.dispatch(m.Reported(self.controller.state.run, report))
        settle(self.app)
        return self.controller.state

    def close(self) -> None:
        """Without a question, whatever runs; once more does nothing."""
        if not isValid(self.window):
            return
        self.window.hide()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def press(self, key: Qt.Key | str, *, times: int = 1) -> None:
        """Press a key where the focus is, as a keyboard does."""
        for _ in range(times):
            target = self.window.focusWidget() or self.window
            if isinstance(key, str):
                QTest.keyClicks(target, key)
            else:
                QTest.keyClick(target, key)
            settle(self.app)

    @property
    def state(self) -> State:
        return self.controller.state

    def button(self, name: str) -> QPushButton:
        return part(self.window, QPushButton, name)

    def button_named(self, name: str) -> QAbstractButton:
        """Any kind of button, on the page in front."""
        return part(self.window.page, QAbstractButton, name)

    def field(self, name: str) -> QLineEdit:
        return part(self.window.page, QLineEdit, name)

    def focus(self) -> str:
        """The name of what has the focus."""
        widget = self.window.focusWidget()
        return "" if widget is None else widget.objectName()


def part(root: QWidget, kind: type[Part], name: str) -> Part:
    """The one visible part with this name."""
    found = [child for child in root.findChildren(kind, name) if child.isVisibleTo(root)]
    assert len(found) == 1, f"{name}: {len(found)} of them"
    return found[0]


def settle(app: QApplication) -> None:
    """Let layouts and focus come to rest."""
    for _ in range(3):
        app.sendPostedEvents()
        app.processEvents()
