"""A whole program in one process: the window, its two threads, and a scripted house outside."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.device import DeviceIdentity
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import SignInWay
from setup_wizard.flow.budgets import GONE_LOOKS
from setup_wizard.flow.machine import start
from setup_wizard.flow.steps import Step
from setup_wizard.ports import Cancellation, Cloud, Outside
from setup_wizard.qt.controller import Controller
from setup_wizard.qt.pages.book import PageBook
from setup_wizard.qt.window import Window
from tests.flow.clock import Clock
from tests.flow.fake_backend import FakeBackend, FakeSessions
from tests.flow.fake_cloud import FakeCloud
from tests.flow.fakes import FakeFiles, FakeLink, FakeWifi
from tests.flow.samples import DEVICE, FRESH_ACCESS, IDENTITY, PASSPHRASE, event
from tests.qt.helpers.scenes import AIR
from tests.qt.helpers.stage import Dress, Stage, dress, settle

LOOK_MS = 5
LOOKS = 2_000
_QUICK = 0.01  # seconds; every pause of the work and of the pages


class Link(FakeLink):
    """A device that leaves when told to, and comes back from a network that it cannot join."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.scans = [AIR]
        self.on_connect = house.device_leaves
        self.comes_back = False
        self._missed = 0
        self.patience = threading.Event()
        """Cleared: every conversation takes until it is set, or the work is cancelled."""
        self.patience.set()

    def look(self, cancel: Cancellation) -> DeviceIdentity | None:
        self._converse(cancel)
        seen = super().look(cancel)
        self._missed = self._missed + 1 if seen is None else 0
        if self.comes_back and self._missed >= GONE_LOOKS:
            self.comes_back, self.answering = False, IDENTITY
        return seen

    def _converse(self, cancel: Cancellation) -> None:
        while not self.patience.is_set():
            cancel.wait(_QUICK)


class Backend(FakeBackend):
    def renew_access(self, cancel: Cancellation) -> CloudAccess:
        self._called("renew_access")
        return FRESH_ACCESS


class House:
    """Where one device, one network and one right passphrase are."""

    def __init__(self) -> None:
        self.link = Link(self)
        self.wifi = FakeWifi()
        self.files = FakeFiles()
        self.backend = Backend()
        self.backend.ways = (SignInWay.INSTALLER_KEY,)
        self.sessions = FakeSessions()
        self.cloud = FakeCloud(Clock())
        self.cloud.goes_on = True
        self.cloud.live = (event(20), event(21))
        self.right = PASSPHRASE

    def open(self) -> Outside:
        return Outside(
            self.link, self.wifi, self.files, self.backend, self.sessions, self._open_cloud
        )

    def _open_cloud(self, access: object) -> Cloud:
        return self.cloud

    def device_leaves(self) -> None:
        self.link.answering = None
        stored = self.link.stored
        assert stored is not None
        if stored.passphrase == self.right:
            self.cloud.listed = (replace(DEVICE, online=True),)
            self.cloud.answering = True
        else:
            self.link.comes_back = True

    @property
    def told(self) -> Secret | None:
        """The passphrase that the device was given."""
        return self.link.stored.passphrase if self.link.stored else None


class Home(Stage):
    """Everything that the program starts, but for the pauses; ends with both threads."""

    def __init__(self, app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (
            "flow.preparation.FIND_PAUSE",
            "flow.preparation.SCAN_PAUSE",
            "flow.evidence.EVIDENCE_PAUSE",
            "flow.setup.LEAVE_PAUSE",
            "flow.work.PAUSE",
            "qt.controller.KEEP_PAUSE",
        ):
            monkeypatch.setattr(f"setup_wizard.{name}", _QUICK)
        for name in ("prepare", "join"):
            monkeypatch.setattr(f"setup_wizard.qt.pages.{name}.SEEN_MS", 1)
        self.app = app
        self.house = House()
        self.look = dress(app, Dress())
        self.controller = Controller(start(needs_sign_in=True), self.house.open)
        self.window = Window(self.look, self.controller, PageBook(asks_key=True))
        self.window.show()
        self.window.activateWindow()
        self.controller.start()
        settle(app)

    def start(self) -> None:
        """Press the first button, and wait for the question who it is for."""
        self.button("primary").click()
        for _ in range(LOOKS):
            settle(self.app)
            if self.state.step is Step.SIGN_IN:
                return
            QTest.qWait(LOOK_MS)
        raise AssertionError(f"still at {self.state.step}")

    def close(self) -> None:
        stopped = self.controller.stop()
        super().close()
        assert stopped, "a thread outlived the window"
