"""The door between the last page and the live panel."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Slot

from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.window import Window

if TYPE_CHECKING:
    from setup_wizard.qt.panel.host import PanelHost


class Panels(QObject):
    """The way to the live panel, whose code is loaded when the person first asks for it."""

    def __init__(
        self,
        controller: Controller,
        window: Window,
        open_outside: Callable[[], Outside],
        *,
        remembers: bool,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._window = window
        self._open_outside = open_outside
        self._remembers = remembers
        self.host: PanelHost | None = None

    def attend(self) -> None:
        from setup_wizard.qt.pages.done import DonePage

        page = self._window.page_of(Step.DONE)
        if isinstance(page, DonePage):
            page.panel_wanted.connect(self.open)

    @Slot()
    def open(self) -> None:
        if self.host is None:
            from setup_wizard.qt.panel.host import PanelHost

            settings = QSettings("setup-wizard", "window") if self._remembers else None
            self.host = PanelHost(
                self._window.page_of(Step.DONE),
                self._controller,
                self._open_outside,
                settings,
            )
        self.host.open()

    def close(self) -> None:
        if self.host is not None:
            self.host.close()
