"""One simulated Photon for a test module, as new for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from setup_wizard.simulators.photon import Photon, parse_scan

GOLDEN = Path(__file__).parents[2] / "golden"


@pytest.fixture(scope="module")
def running_photon() -> Iterator[Photon]:
    key = json.loads((GOLDEN / "key.json").read_text())
    setup = json.loads((GOLDEN / "setup.json").read_text())
    with Photon(
        key=bytes.fromhex(key["private_pkcs1_der_hex"]), scan=parse_scan(setup["scan"])
    ) as photon:
        yield photon


@pytest.fixture
def photon(running_photon: Photon) -> Photon:
    running_photon.reset()
    return running_photon
