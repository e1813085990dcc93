"""A fresh world for each journey, and the promise that nothing secret is ever logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from setup_wizard.simulators.world import World


@pytest.fixture
def world(caplog: pytest.LogCaptureFixture) -> Iterator[World]:
    """Two radios' worth of reach; everything happens ten times faster than in the demo."""
    with watched(World(pace=0.1, scan_seconds=0.0), caplog) as running:
        yield running


@pytest.fixture
def laptop(caplog: pytest.LogCaptureFixture) -> Iterator[World]:
    """One radio: the computer is on one network at a time."""
    with watched(World(single_radio=True, pace=0.1, scan_seconds=0.0), caplog) as running:
        yield running


class watched:  # noqa: N801 - reads as a word
    """A world whose secrets must not be in the log when it ends."""

    def __init__(self, world: World, caplog: pytest.LogCaptureFixture) -> None:
        self._world = world
        self._caplog = caplog

    def __enter__(self) -> World:
        self._caplog.set_level(logging.DEBUG)
        return self._world.__enter__()

    def __exit__(self, *details: object) -> None:
        found = secrets_of(self._world)
        self._world.__exit__(None, None, None)
        log = self._caplog.text
        leaked = [kind for kind, secret in found if secret and secret in log]
        assert leaked == []


def secrets_of(world: World) -> list[tuple[str, str]]:
    """Everything in this world that nobody may read in a log."""
    networks = [("passphrase", network.passphrase) for network in world.networks]
    return [
        *networks,
        ("wrong passphrase", "not the password"),
        ("installer key", world.installer_key),
        ("client secret", world.cloud.client_secret),
        ("claim code", world.photon.claim_code or ""),
        *(("token", token) for token in world.cloud.tokens()),
    ]
