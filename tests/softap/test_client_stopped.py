"""Whoever stops leaves the device free: the next client is answered, at whatever moment it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import count

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import Cancelled
from setup_wizard.ports import Cancellation
from setup_wizard.simulators.photon import Faults, Photon, parse_scan
from setup_wizard.softap.address import parse_addresses
from setup_wizard.softap.client import SoftapLink
from tests.silence import AT_ONCE
from tests.softap.links import CODE, HOME

Act = Callable[[SoftapLink, Cancellation], object]
COMMANDS: dict[str, Act] = {
    "device-id": lambda link, cancel: link.identify(cancel),
    "scan-ap": lambda link, cancel: link.scan(cancel),
    "set": lambda link, cancel: link.store_claim_code(CODE, cancel),
    "configure-ap": lambda link, cancel: link.store_network(HOME, cancel),
    "connect-ap": lambda link, cancel: link.connect(cancel),
}
SILENT_LOOKS = range(4, 14, 3)  # looks at the wish to stop; the silence has begun by the fourth
AIR = parse_scan([{"ssid": "HomeNet", "rssi": -41, "sec": 0x400004, "ch": 6, "mdr": 144000}])


class StopsAt(StopSwitch):
    """A person who stops between two looks of the client at that wish."""

    def __init__(self, look: int) -> None:
        super().__init__()
        self._look = look
        self._looks = 0

    def check(self) -> None:
        self._looks += 1
        if self._looks >= self._look:
            self.turn()
        super().check()


@pytest.fixture
def photon() -> Iterator[Photon]:
    with Photon(scan=AIR) as photon:
        yield photon


def link(photon: Photon) -> SoftapLink:
    addresses = parse_addresses(f"tcp://{photon.tcp_address}")
    return SoftapLink(tcp=addresses.tcp, http=None)


@pytest.mark.parametrize("command", COMMANDS)
def test_after_a_stop_at_any_moment_the_next_client_is_answered(
    photon: Photon, command: str
) -> None:
    for look in count(1):
        photon.listen()
        try:
            COMMANDS[command](link(photon), StopsAt(look))
        except Cancelled:
            photon.listen()
            assert link(photon).look(StopSwitch()) is not None, look
        else:
            break

    assert look > 2  # a stop before the connection and one before the answer were among them


@pytest.mark.slow
@pytest.mark.parametrize("command", ["device-id", "scan-ap", "set", "configure-ap"])
def test_a_device_that_is_silent_is_left_at_once_and_free(photon: Photon, command: str) -> None:
    photon.faults = Faults(silent=True, command=command)
    for look in SILENT_LOOKS:
        photon.listen()
        begun = time.monotonic()
        with pytest.raises(Cancelled):
            COMMANDS[command](link(photon), StopsAt(look))

        assert time.monotonic() - begun < AT_ONCE + look * 0.05
        photon.faults = Faults()
        photon.listen()
        assert link(photon).look(StopSwitch()) is not None, look
        photon.faults = Faults(silent=True, command=command)
