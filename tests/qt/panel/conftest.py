"""A panel of its own thread and house for each test; all of it ends with the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QSettings, QThread

from setup_wizard.live.log import EventLog
from setup_wizard.qt.pages.page import Look
from setup_wizard.qt.panel.access import PanelAccess
from setup_wizard.qt.panel.errands import Errands
from setup_wizard.qt.panel.feed import Feed
from setup_wizard.qt.panel.memory import Memory
from setup_wizard.qt.panel.names import Names
from setup_wizard.qt.panel.window import PanelWindow
from tests.flow.samples import ACCESS, BY_KEY
from tests.qt.helpers.stage import Dress, dress, undress
from tests.qt.panel.outside import House


@pytest.fixture
def look(qapp) -> Iterator[Look]:
    yield dress(qapp, Dress())
    undress(qapp)


@pytest.fixture
def names(look) -> Names:
    return Names(look.words)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def session(house) -> PanelAccess:
    return PanelAccess(ACCESS, house.open, proof=BY_KEY)


@pytest.fixture
def errands(qapp, session) -> Iterator[Errands]:
    made = Errands(session)
    yield made
    assert made.stop()


@pytest.fixture
def thread(qapp) -> Iterator[QThread]:
    made = QThread()
    made.start()
    yield made
    made.quit()
    assert made.wait(3_000), "a thread outlived the panel"


@pytest.fixture
def settings(tmp_path) -> QSettings:
    return QSettings(str(tmp_path / "panel.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def open_panel(
    qapp, look, house, session, thread, settings
) -> Iterator[Callable[..., PanelWindow]]:
    """Opens panels that have asked for their devices; `capacity` of their logs."""
    opened: list[tuple[PanelWindow, Feed]] = []

    def open_(capacity: int = 1000, **more: object) -> PanelWindow:
        feed = Feed(session.stream, thread)
        log = EventLog(capacity)
        panel = PanelWindow(look, session, feed, Memory(settings), log=log, **more)  # type: ignore[arg-type]
        opened.append((panel, feed))
        panel.begin()
        panel.show()
        panel.activateWindow()
        return panel

    yield open_
    for panel, feed in opened:
        panel.close()
        assert feed.wait(1.0), "the stream outlived the panel"
        panel.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
