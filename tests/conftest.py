"""What is slow by nature: rooms whose every test starts servers, processes or whole windows."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
SLOW_ROOMS = ("cli", "conformance", "journeys", "qt/pages", "service", "simulators")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    rooms = tuple(HERE / room for room in SLOW_ROOMS)
    for item in items:
        if any(room in item.path.parents for room in rooms):
            item.add_marker(pytest.mark.slow)
