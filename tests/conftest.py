"""What holds for all tests: nobody's own files are touched, some are slow, one has a table."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import setup_wizard.qt  # noqa: F401  # before pytest-qt: it takes PySide's slow import back
from tests.journeys.fault_table import PROPERTY, table

HERE = Path(__file__).parent
# Their every test starts servers, processes or whole windows.
SLOW_ROOMS = ("cli", "conformance", "journeys", "qt/pages", "qt/panel", "service", "simulators")

# A fifth of a second for one example: a computer that is busy is no fault of it.
settings.register_profile(
    "patient", settings.get_profile(settings.get_current_profile_name()), deadline=None
)
settings.load_profile("patient")

# Nothing that is loaded with the tests goes away: to look for it over and over was a third of the
# time before the first test.
gc.disable()

# Where the environment forbids to keep bytecode, each of the many child processes would compile
# the whole program again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Texts, because thousands of paths take a second to compare.
    rooms = tuple(f"{HERE / room}{os.sep}" for room in SLOW_ROOMS)
    for item in items:
        if str(item.path).startswith(rooms):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The programs that tests start keep their journals here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Here and not in the room of journeys: with workers, the one who reports opens no room."""
    cells = [
        tuple(value)
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, ())
        for name, value in getattr(report, "user_properties", ())
        if name == PROPERTY
    ]
    if cells:
        terminalreporter.section(PROPERTY)
        for line in table(cells):
            terminalreporter.line(line)
