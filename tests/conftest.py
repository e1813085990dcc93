"""What holds for all tests: nobody's own files are touched, and some are slow by nature."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# Their every test starts servers, processes or whole windows.
SLOW_ROOMS = ("cli", "conformance", "journeys", "qt/pages", "service", "simulators")

# Where the environment forbids to keep bytecode, each of the many child processes would compile
# the whole program again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rooms = tuple(HERE / room for room in SLOW_ROOMS)
    for item in items:
        if any(room in item.path.parents for room in rooms):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session", autouse=True)
def state_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The programs that tests start keep their journals here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield
