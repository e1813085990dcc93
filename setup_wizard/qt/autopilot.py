"""Drives the demo's window as a person would, with a picture of every page, light and dark.

It presses the same buttons and types into the same fields, so what it proves is the window. A
heartbeat measures how long the window ever stood still; while a picture is taken it rests.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

from setup_wizard.domain.life import LifeDue, LifePassed
from setup_wizard.flow.life import told
from setup_wizard.flow.state import State
from setup_wizard.flow.steps import Step
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panels import Panels
from setup_wizard.qt.rehearsal import RehearsalBar
from setup_wizard.qt.theme import apply_theme
from setup_wizard.qt.window import Window

if TYPE_CHECKING:
    from setup_wizard.qt.panel.window import PanelWindow

HEARTBEAT_MS = 5
SETTLE_MS = 50  # after a page appeared, before its picture is taken: nothing moves, all is laid out
LIMIT_MS = 60_000  # a demo journey takes under 20 s
WRONG = "not the password"
PANEL_ROWS = 3  # events; enough for a table and a line
NESTED = 3  # layouts in layouts ask for their place one after the other


class Heartbeat(QObject):
    """Knows the longest time that the event loop did not come round."""

    def __init__(self, where: Callable[[], str]) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self.longest_at = ""
        self._where = where
        self._last = time.perf_counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def begin(self) -> None:
        self._last = time.perf_counter()
        self._timer.start(HEARTBEAT_MS)

    def rest(self) -> None:
        """The autopilot's own work is not the window's."""
        self._timer.stop()

    def _beat(self) -> None:
        now = time.perf_counter()
        late_ms = (now - self._last) * 1000 - HEARTBEAT_MS
        if late_ms > self.longest_ms:
            self.longest_ms, self.longest_at = late_ms, self._where()
        self._last = now


class Autopilot(QObject):
    """Presses, types, looks, and reports in JSON lines on standard output."""

    def __init__(
        self,
        app: QApplication,
        look: Look,
        controller: Controller,
        window: Window,
        folder: Path,
        panels: Panels,
    ) -> None:
        super().__init__()
        self._app = app
        self._look = look
        self._controller = controller
        self._window = window
        self._folder = folder
        self._panels = panels
        self._heartbeat = Heartbeat(self._step)
        self._started = time.perf_counter()
        self._pictures: list[str] = []
        self._shot: set[str] = set()
        self._done: set[str] = set()
        self._seen_since = self._started
        self._seen = ""
        self._timed_out = False
        self._painted = False
        self._dark = False
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._look_again)
        self._limit = QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._give_up)

    def begin(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        apply_theme(self._app, self._look.brand, dark=self._dark, motion=False)
        self._window.installEventFilter(self)
        self._clock.start(30)
        self._limit.start(LIMIT_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._painted:
            self._painted = True
            self._tell({"event": "first_paint"})
            self._heartbeat.begin()
        return super().eventFilter(watched, event)

    def report(self, *, stopped: bool) -> int:
        """One last line; exit status 0 only if the device ended online and owned."""
        state = self._controller.state
        device = state.device
        good = (
            state.step is Step.DONE
            and device is not None
            and device.online
            and self._proved(state)
            and stopped
            and not self._timed_out
        )
        self._tell(
            {
                "event": "finished",
                "result": "success" if good else "failed",
                "step": state.step.value,
                "error": state.error.code if state.error else None,
                "device_id": str(device.device_id) if device else None,
                "online": bool(device and device.online),
                "events": sorted(state.heard),
                "proof": told(state.life),
                "seconds": round(time.perf_counter() - self._started, 2),
                "longest_stall_ms": round(self._heartbeat.longest_ms, 1),
                "longest_stall_at": self._heartbeat.longest_at,
                "pictures": self._pictures,
            }
        )
        return 0 if good else 1

    # --- looking ------------------------------------------------------------------------------

    def _look_again(self) -> None:
        scene = self._scene(self._controller.state)
        now = time.perf_counter()
        if scene != self._seen:
            self._seen, self._seen_since = scene, now
        if (now - self._seen_since) * 1000 < SETTLE_MS:
            return
        if scene and scene not in self._shot:
            self._shot.add(scene)
            self._photograph(scene)
            return
        if scene and scene not in self._done and self._has_hands():
            self._done.add(scene)
            self._act(scene)

    def _scene(self, state: State) -> str:
        """What is to be seen now, worth a picture; empty while things move."""
        again = "again" if "wrong_passphrase" in self._shot else ""
        if state.error is not None and state.step is not Step.WRONG_PASSPHRASE:
            return f"error_{state.error.code}"
        match state.step:
            case Step.SIGN_IN:
                return "" if state.working else "sign_in"
            case Step.SIGN_IN_CODE:
                return "" if state.working or not self._has_hint() else "sign_in_code"
            case Step.PREPARE:
                return "prepare" if state.provision else ""
            case Step.JOIN:
                return "join_found" if state.scanned else "join"
            case Step.NETWORK:
                return "network_filled" if "network" in self._done else "network"
            case Step.SETTING_UP:
                if state.join_needed:
                    return "setting_up_rejoin"
                return f"setting_up{'_' + again if again else ''}" if state.saved else ""
            case Step.WRONG_PASSPHRASE:
                filled = "wrong_passphrase" in self._done
                return "wrong_passphrase_mended" if filled else "wrong_passphrase"
            case Step.DONE if "done" not in self._done:
                return "" if isinstance(state.life, LifeDue) else "done"
            case Step.DONE if "done_alive" in self._done:
                return self._panel_scene()
            case Step.DONE:
                return "done_alive" if self._proved(state) else ""
            case _:
                return str(state.step.value)

    def _panel_scene(self) -> str:
        panel = self._panel()
        if panel is None or not panel.isVisible():  # it is still being built
            return ""
        rows = panel.events.model.rowCount()
        if rows and "panel_button" not in self._done:  # more to see than what comes by itself
            self._done.add("panel_button")
            self._hands()
        if rows < PANEL_ROWS:
            return ""
        panel.events.refresh()  # its figures may be a quarter of a second old
        return "panel_details" if "panel" in self._done else "panel"

    def _panel(self) -> PanelWindow | None:
        return self._panels.host.panel if self._panels.host is not None else None

    def _proved(self, state: State) -> bool:
        """It spoke, and the test that the brand names has its tick."""
        untested = state.life_test is None
        return bool(state.heard) and (untested or isinstance(state.life, LifePassed))

    def _photograph(self, scene: str) -> None:
        self._heartbeat.rest()
        number = len(self._pictures) // 2 + 1
        # It goes on as it looked last: to dress every page anew takes longer than its picture.
        for dark in (self._dark, not self._dark):
            if dark is not self._dark:
                apply_theme(self._app, self._look.brand, dark=dark, motion=False)
                self._dark = dark
            _settle()
            name = f"{number:02d}-{scene}-{'dark' if dark else 'light'}.png"
            if not (self._panel() or self._window).grab().save(str(self._folder / name)):
                sys.stderr.write(f"setup-wizard: {self._folder / name}: was not saved\n")
                self._give_up()
                return
            self._pictures.append(name)
        self._tell({"event": "page", "scene": scene})
        self._heartbeat.begin()

    # --- acting -------------------------------------------------------------------------------

    def _act(self, scene: str) -> None:
        match scene:
            case "sign_in" | "sign_in_code":
                self._hands()
                self._press("primary")
            case "listening":
                self._hands()
                self._press("primary")
            case "join" | "setting_up_rejoin":
                self._hands()
            case "network":
                self._type("passphrase", WRONG)
            case "network_filled" | "wrong_passphrase_mended":
                self._press("primary")
            case "wrong_passphrase":
                self._hands()
            case "done":
                self._hands()
            case "done_alive":
                self._press("primary")
            case "panel":
                self._use_panel()
            case "panel_details":
                self._finish()
            case "welcome":
                self._press("primary")
            case _ if scene.startswith("error_"):
                self._give_up()
            case _:
                pass  # it goes on by itself

    def _use_panel(self) -> None:
        """Call what the device can do, read what it shows, look at one event."""
        panel = self._panel()
        if panel is not None:
            for name in ("call", "read_all"):
                button = panel.findChild(QPushButton, name)
                if button is not None:
                    button.click()
            panel.events.table.selectRow(panel.events.model.rowCount() - 1)

    def _finish(self) -> None:
        self._panels.close()
        self._window.close()

    def _press(self, name: str) -> None:
        button = self._window.page.findChild(QPushButton, name)
        button = button or self._window.findChild(QPushButton, name)
        if button is not None:
            button.click()

    def _type(self, name: str, text: str) -> None:
        field = self._window.page.findChild(QObject, name)
        edit = field.findChild(QLineEdit) if field is not None else None
        if edit is not None:
            edit.setText(text)

    def _has_hands(self) -> bool:
        """On a slow computer the bar with the hands comes after the first page."""
        return self._window.findChild(RehearsalBar) is not None

    def _has_hint(self) -> bool:
        """Whether there is something for hands to do: a letter box may still be empty."""
        bar = self._window.findChild(RehearsalBar)
        return bar is not None and bar.has_hint

    def _hands(self) -> None:
        """What a person does outside the program."""
        bar = self._window.findChild(RehearsalBar)
        if bar is not None:
            bar.press()

    def _step(self) -> str:
        return str(self._controller.state.step.value)

    def _give_up(self) -> None:
        self._timed_out = True
        self._finish()

    def _tell(self, line: dict[str, object]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _settle() -> None:
    """Looks only: news from the workers would turn the page between two pictures of it."""
    for _ in range(NESTED):
        for kind in (QEvent.Type.PolishRequest, QEvent.Type.LayoutRequest):
            QApplication.sendPostedEvents(None, kind)
