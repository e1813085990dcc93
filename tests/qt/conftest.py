"""The window is tested without a display."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent

from setup_wizard.flow.state import State
from tests.qt.helpers.home import Home
from tests.qt.helpers.stage import Dress, Stage, undress

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Any warning of Qt fails a test, but the one that only says that there is no display."""
    room = f"{_HERE}{os.sep}"
    for item in items:
        if str(item.path).startswith(room):
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints"))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown() -> None:
    """What qtbot closed goes at once, not with the next event loop: each change of theme until
    then would dress the widgets of all tests before."""
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stage(qapp) -> Iterator[Callable[..., Stage]]:
    """Opens windows before a given state; no thread runs."""
    opened: list[Stage] = []

    def open_stage(state: State | None = None, **look: object) -> Stage:
        made = Stage(qapp, Dress(**look), state or State())  # type: ignore[arg-type]
        opened.append(made)
        made.open()
        return made

    yield open_stage
    for made in opened:
        made.close()
    undress(qapp)


@pytest.fixture
def home(qapp, monkeypatch) -> Iterator[Home]:
    """A window with both its threads, in a scripted house where nothing takes long."""
    made = Home(qapp, monkeypatch)
    yield made
    made.close()
    undress(qapp)
