"""What becomes of the device in the simulated world, when nothing is as it was expected."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from setup_wizard.simulators.world import World

PACE = 0.01  # a device that is let down is back after 12 ms
NOT_YET = 0.2  # seconds; much longer than that
LIMIT = 10.0  # seconds; for a computer that is busy


class Departures(World):
    """A world in which it is heard when the device leaves."""

    def __init__(self) -> None:
        self.left = threading.Event()
        super().__init__(pace=PACE, scan_seconds=0.0)

    def _device_left(self) -> None:
        super()._device_left()
        self.left.set()


@pytest.fixture
def world() -> Iterator[Departures]:
    with Departures() as world:
        world.hold_button()
        yield world


def sent_away(world: Departures) -> None:
    """Told to connect, with no network that it knows."""
    host, _, port = world.photon.tcp_address.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=LIMIT) as device:
        device.sendall(b'connect-ap\n9\n\n{"idx":0}')
        while device.recv(1024):
            pass
    assert world.left.wait(LIMIT)


def deeds_done(world: World, *, limit: float = LIMIT) -> bool:
    for timer in world._timers:
        timer.join(limit)
    return not any(timer.is_alive() for timer in world._timers)


def test_a_device_that_nobody_missed_is_not_back_yet(world: Departures) -> None:
    sent_away(world)

    assert not deeds_done(world, limit=NOT_YET)
    assert world.photon.state != "listening"
    world.wifi.state()
    assert deeds_done(world)
    assert world.photon.state == "listening"


def test_a_device_that_is_online_by_then_stays_there(world: Departures) -> None:
    sent_away(world)
    world.hold_button()
    world.come_online()
    world.wifi.state()

    assert deeds_done(world)
    assert world.photon.state == "online"
    assert world.cloud.device(world.photon.device_id)["online"]


def test_a_device_whose_button_was_held_meanwhile_does_not_go_online(world: Departures) -> None:
    world._set_out(1.0, world.come_online)
    world.hold_button()

    assert deeds_done(world)
    assert world.photon.state == "listening"
