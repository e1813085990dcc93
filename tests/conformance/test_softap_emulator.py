"""Our client sets up the device that the maker's own emulator pretends to be.

The emulator departs from a real device (tests/golden/README): its answers have no empty line
before them and come in pieces of ten characters, `claimed` is a boolean, the public key has no
padding, the security of its networks is a number that means nothing, `version` is not answered,
nothing is stored, and it stays in the air after `connect-ap`. A client that copes with both
leans on no accident of either.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Credentials, Network, Security, SecurityKind
from setup_wizard.softap.client import SoftapLink
from tests.conformance.conftest import HERE, SCRIPT_TIMEOUT

CLAIM_CODE = "Y2xhaW0+/w=="
CAFE = Network("Café ☕ d'Ani & Co <2.4>".encode(), Security.WPA2, channel=6)
GUESTS = Network(b"Library (free)", Security.OPEN, channel=10)

pytestmark = pytest.mark.slow


@dataclass
class Emulator:
    """The emulator's process, and what it was told once it has ended."""

    process: subprocess.Popen[str]
    port: int
    device_id: str
    told: list[dict[str, str]] = field(default_factory=list)

    @property
    def link(self) -> SoftapLink:
        return SoftapLink(tcp=("127.0.0.1", self.port), http=None)

    def end(self) -> None:
        rest, _ = self.process.communicate(timeout=SCRIPT_TIMEOUT)
        self.told = json.loads(rest.splitlines()[-1])["told"]

    @property
    def commands(self) -> list[str]:
        return [told["command"] for told in self.told]

    def body_of(self, command: str) -> Any:
        return json.loads(next(told["body"] for told in self.told if told["command"] == command))


@pytest.fixture
def emulator(node: str) -> Iterator[Emulator]:
    with subprocess.Popen(
        [node, "--no-deprecation", "softap_emulator.js"],
        cwd=HERE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        try:
            address = json.loads(process.stdout.readline())
            yield Emulator(process, address["port"], address["device_id"])
        finally:
            process.kill()


def test_our_client_sets_the_emulator_up(emulator: Emulator) -> None:
    link, person = emulator.link, StopSwitch()

    identity = link.identify(person)
    networks = link.scan(person)
    link.store_claim_code(Secret(CLAIM_CODE), person)
    link.store_network(Credentials(CAFE, Secret("correct horse, Batterie & Käfig")), person)
    link.connect(person)
    emulator.end()

    assert str(identity.device_id) == emulator.device_id
    assert not identity.claimed_before
    assert [network.name for network in networks] == ["ssid-name1", "ssid-name2", "ssid-name3"]
    assert {network.security.kind for network in networks} == {SecurityKind.UNKNOWN}
    assert emulator.commands == [
        "device-id", "scan-ap", "set", "public-key", "configure-ap", "connect-ap",
    ]  # fmt: skip
    assert emulator.body_of("set") == {"k": "cc", "v": CLAIM_CODE}
    stored = emulator.body_of("configure-ap")
    assert len(bytes.fromhex(stored.pop("pwd"))) == 128
    assert stored == {"idx": 0, "ssid": CAFE.name, "sec": CAFE.security.code, "ch": 6}


def test_our_client_stores_an_open_network_in_the_emulator(emulator: Emulator) -> None:
    emulator.link.store_network(Credentials(GUESTS), StopSwitch())
    emulator.end()

    assert emulator.commands == ["device-id", "configure-ap"]
    assert emulator.body_of("configure-ap") == {
        "idx": 0,
        "ssid": "Library (free)",
        "sec": 0,
        "ch": 10,
    }
