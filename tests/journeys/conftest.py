"""A fresh world for each journey, and the promise that nothing secret is ever logged."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from setup_wizard.simulators.cloud import Cloud
from setup_wizard.simulators.photon import Setup
from tests.journeys.traveller import WRONG_PASSPHRASE, WatchedWorld

NOISE = ("aiosqlite", "aiohttp")
"""What the simulated servers log for themselves, statements and requests included."""


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """Two radios' worth of reach; everything happens ten times faster than in the demo."""
    yield from watch(WatchedWorld(pace=0.1, scan_seconds=0.0), caplog)


@pytest.fixture
def laptop(caplog: pytest.LogCaptureFixture) -> Iterator[WatchedWorld]:
    """One radio: the computer is on one network at a time."""
    yield from watch(WatchedWorld(single_radio=True, pace=0.1, scan_seconds=0.0), caplog)


@pytest.fixture(scope="session")
def lasting_world() -> Iterator[WatchedWorld]:
    """One world for many journeys; each brings its own device."""
    world = WatchedWorld(pace=0.01, scan_seconds=0.0)
    world.cloud = Cloud(limits=False)
    with world:
        yield world


@pytest.fixture
def busy_world(
    lasting_world: WatchedWorld, caplog: pytest.LogCaptureFixture
) -> Iterator[WatchedWorld]:
    """The lasting world with a device that nobody has seen before."""
    world = lasting_world
    world.product.stop()
    another = secrets.token_hex(12)
    world.register(another)
    world.photon.set_up(Setup(reset=True, device_id=another))
    with nothing_secret_logged(world, caplog):
        yield world


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
