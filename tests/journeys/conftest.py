"""A world that is as new for each journey, and the promise that nothing secret is ever logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from setup_wizard.simulators.cloud import Cloud
from tests.journeys.traveller import WRONG_PASSPHRASE, WatchedWorld

PACE = 0.1
NOISE = ("aiosqlite", "aiohttp")
"""What the simulated servers log for themselves, statements and requests included."""


@pytest.fixture(scope="session")
def lasting_world() -> Iterator[WatchedWorld]:
    """One world for many journeys: to start one takes longer than most of them."""
    world = WatchedWorld(scan_seconds=0.0)
    world.cloud = Cloud(limits=False)
    with world:
        yield world


@pytest.fixture
def world(lasting_world: WatchedWorld, caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """Two radios' worth of reach, a new device; everything ten times faster than in the demo."""
    lasting_world.begin_anew(pace=PACE)
    with nothing_secret_logged(lasting_world, caplog):
        yield lasting_world


@pytest.fixture
def hasty_world(
    lasting_world: WatchedWorld, caplog: pytest.LogCaptureFixture
) -> Iterator[WatchedWorld]:
    """The same where nobody looks whether the device comes back."""
    lasting_world.begin_anew(pace=PACE / 10)
    with nothing_secret_logged(lasting_world, caplog):
        yield lasting_world


@pytest.fixture
def own_world(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """A world that need not be fit for another journey."""
    yield from watch(WatchedWorld(pace=PACE, scan_seconds=0.0), caplog)


@pytest.fixture
def laptop(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """One radio: the computer is on one network at a time."""
    yield from watch(WatchedWorld(single_radio=True, pace=PACE, scan_seconds=0.0), caplog)


def watch(world: WatchedWorld, caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """Run a world whose secrets must not be in the log when it ends."""
    with world, nothing_secret_logged(world, caplog):
        yield world


@contextmanager
def nothing_secret_logged(world: WatchedWorld, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    for others in NOISE:
        caplog.set_level(logging.INFO, logger=others)
    yield
    found = secrets_of(world)
    log = "\n".join(
        record.getMessage() + (record.exc_text or "")
        for record in caplog.records
        if record.name.split(".")[0] not in NOISE
    )
    assert [kind for kind, secret in found if secret and secret in log] == []


def secrets_of(world: WatchedWorld) -> list[tuple[str, str]]:
    """Everything in this world that nobody may read in a log."""
    return [
        *(("passphrase", network.passphrase) for network in world.networks),
        ("wrong passphrase", WRONG_PASSPHRASE),
        ("installer key", world.installer_key),
        ("client secret", world.cloud.client_secret),
        ("events token", world.cloud.events_token),
        *world.told,
    ]
