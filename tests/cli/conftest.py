"""One simulated world for all, and a device in it that listens for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.world import QuickWorld, World, quick_world


@pytest.fixture(scope="session")
def running_world() -> Iterator[QuickWorld]:
    with quick_world() as running:
        yield running


@pytest.fixture
def world(running_world: QuickWorld, tmp_path: Path) -> World:
    """The world with its device as new and listening."""
    world = World(running_world, tmp_path)
    world.listen()
    return world
