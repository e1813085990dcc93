"""The door between the last page and the live panel."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, Slot

from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.window import Window

if TYPE_CHECKING:
    from setup_wizard.qt.panel.host import PanelHost


# What the panel is made of, from the leaves up. While a device's first words are read on the last
# page there is time to load it, a piece at a time; all at once would be seen.
_PIECES = (
    *("live.log", "live.series", "qt.panel.event_table", "qt.panel.event_area"),
    *("qt.panel.plot", "qt.panel.plot_area", "qt.panel.device_list", "qt.panel.device_card"),
    *("qt.panel.functions", "qt.panel.variables", "qt.panel.together", "qt.panel.host"),
)
_PIECE_MS = 40  # between two of them


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
        self._pieces = iter(_PIECES)
        self._clock = QTimer(self)
        self._clock.setInterval(_PIECE_MS)
        self._clock.timeout.connect(self._load)

    def attend(self) -> None:
        from setup_wizard.qt.pages.done import DonePage

        page = self._window.page_of(Step.DONE)
        if isinstance(page, DonePage):
            page.panel_wanted.connect(self.open)
        self._controller.state_changed.connect(self._look)

    @Slot(object)
    def _look(self, state: State) -> None:
        if state.step is Step.DONE:
            self._controller.state_changed.disconnect(self._look)
            self._clock.start()

    @Slot()
    def _load(self) -> None:
        piece = next(self._pieces, None)
        if piece is None:
            self._clock.stop()
        else:
            import_module(f"setup_wizard.{piece}")

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
