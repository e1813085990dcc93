"""Puts the window together: application, theme, pages, controller, and the demo's extras."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QThreadPool, QTimer, Slot
from PySide6.QtGui import QGuiApplication, QStyleHints
from PySide6.QtWidgets import QApplication

from setup_wizard.brand import Brand
from setup_wizard.domain.value import value
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside, Rehearsal
from setup_wizard.qt.controller import END_MILLISECONDS, Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panels import Panels
from setup_wizard.qt.theme import apply_theme, system_is_dark
from setup_wizard.qt.window import Window
from setup_wizard.words import Words

if TYPE_CHECKING:
    from setup_wizard.flow.journal import Journal

logger = logging.getLogger(__name__)

# The window asks for the interpreter often and briefly. With the usual 5 ms each time that a
# worker is busy, ten of them in one paint were a stall that a person sees.
SWITCH_SECONDS = 0.001


@value
class Opening:
    """What the window needs to begin."""

    brand: Brand
    words: Words
    open_outside: Callable[[], Outside]
    state: State
    """Where the journey begins."""
    asks_key: bool
    open_journal: Callable[[], Journal]
    rehearsal: Rehearsal | None = None
    autopilot: Path | None = None


def run(opening: Opening) -> int:
    """Show the window until it closes; the exit status."""
    sys.setswitchinterval(SWITCH_SECONDS)
    app = QApplication([])
    app.setApplicationDisplayName(opening.words("window.title"))
    theme = apply_theme(
        app,
        opening.brand,
        dark=system_is_dark(app),
        motion=False if opening.autopilot else None,
    )
    look = Look(theme, opening.brand, opening.words)
    controller = Controller(opening.state, opening.open_outside)
    window = Window(look, controller, PageBook(asks_key=opening.asks_key))
    dresser = Dresser(app, opening.brand)
    dresser.follow(QGuiApplication.styleHints())
    panels = Panels(
        controller,
        window,
        opening.open_outside,
        remembers=opening.autopilot is None,  # pictures must not depend on what was before
    )
    later = Later(controller, window, opening, panels)
    window.installEventFilter(later)
    if opening.autopilot is not None:
        from setup_wizard.qt.autopilot import Autopilot

        pilot = Autopilot(app, look, controller, window, opening.autopilot, panels)
        pilot.begin()
    controller.start()
    window.show()
    window.activateWindow()
    status = app.exec()
    window.hide()
    panels.close()
    stopped = controller.stop()
    QThreadPool.globalInstance().waitForDone(END_MILLISECONDS)  # a report that is being saved
    if controller.journal is not None:
        controller.journal.close()
    if opening.autopilot is not None:
        status = pilot.report(stopped=stopped)
    if not stopped:
        # A fault of ours: all work hears a stop at once. It holds nothing that could be lost, and
        # Qt would abort on the way out.
        logger.warning("threads=waiting ended=by force")
        logging.shutdown()
        os._exit(status)
    return status


class Later(QObject):
    """What can wait until the window is on the screen."""

    def __init__(
        self,
        controller: Controller,
        window: Window,
        opening: Opening,
        panels: Panels,
    ) -> None:
        super().__init__()
        self._panels = panels
        self._controller = controller
        self._window = window
        self._opening = opening
        self._unopened = [open_ for step in Step for open_ in self._halves(step)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            QTimer.singleShot(0, self._begin)
        return super().eventFilter(watched, event)

    @Slot()
    def _begin(self) -> None:
        self._window.greet()
        if self._opening.rehearsal is not None:
            self._opening.rehearsal.begin()
        self._controller.journal = self._opening.open_journal()
        QTimer.singleShot(0, self._open_pages)

    def _halves(self, step: Step) -> tuple[Callable[[], object], ...]:
        return partial(self._window.make_page, step), partial(self._window.page_of, step)

    @Slot()
    def _open_pages(self) -> None:
        """Half a page at a time, so that the window never stands still for them."""
        if self._unopened:
            self._unopened.pop(0)()
            QTimer.singleShot(0, self._open_pages)
            return
        if self._controller.journal is not None:
            from setup_wizard.qt.report_bar import ReportBar

            self._window.show_report_bar(ReportBar(self._window.look, self._controller.journal))
        self._panels.attend()
        if self._opening.state.needs_sign_in:
            from setup_wizard.qt.sign_out import SignOutLink

            self._window.show_in_corner(SignOutLink(self._window.look, self._controller))
        gc.freeze()  # pages live as long as the window: no collection need look through them
        if self._opening.rehearsal is not None:
            from setup_wizard.qt.rehearsal import RehearsalBar

            rehearsal = self._opening.rehearsal
            bar = RehearsalBar(self._window.look, self._controller, self._window, rehearsal)
            self._window.foot.addWidget(bar)


class Dresser(QObject):
    """Follows the system from light to dark and back, and to high contrast."""

    def __init__(self, app: QApplication, brand: Brand) -> None:
        super().__init__()
        self._app = app
        self._brand = brand

    def follow(self, hints: QStyleHints) -> None:
        hints.colorSchemeChanged.connect(self.dress)
        if hasattr(hints, "accessibility"):  # Qt < 6.10 does not tell
            hints.accessibility().contrastPreferenceChanged.connect(self.dress)

    @Slot()
    def dress(self) -> None:
        apply_theme(self._app, self._brand, dark=system_is_dark(self._app))
