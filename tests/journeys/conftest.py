"""A fresh world for each journey, and the promise that nothing secret is ever logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from tests.journeys.traveller import WRONG_PASSPHRASE, WatchedWorld


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """Two radios' worth of reach; everything happens ten times faster than in the demo."""
    yield from watch(WatchedWorld(pace=0.1, scan_seconds=0.0), caplog)


@pytest.fixture
def laptop(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """One radio: the computer is on one network at a time."""
    yield from watch(WatchedWorld(single_radio=True, pace=0.1, scan_seconds=0.0), caplog)


def watch(world: WatchedWorld, caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """Run a world whose secrets must not be in the log when it ends."""
    caplog.set_level(logging.DEBUG)
    with world:
        yield world
        found = secrets_of(world)
    log = "\n".join(
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        if record.name.split(".")[0] not in ("aiosqlite", "aiohttp")
    )
    assert [kind for kind, secret in found if secret and secret in log] == []


def secrets_of(world: WatchedWorld) -> list[tuple[str, str]]:
    """Everything in this world that nobody may read in a log."""
    return [
        *(("passphrase", network.passphrase) for network in world.networks),
        ("wrong passphrase", WRONG_PASSPHRASE),
        ("installer key", world.installer_key),
        ("client secret", world.cloud.client_secret),
        *world.told,
    ]
