"""The official JavaScript client sets the simulated Photon up, over TCP and over HTTP."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from setup_wizard.simulators.photon import Photon, StoredNetwork

HERE = Path(__file__).parent
CHILD_TIMEOUT = 30  # seconds; node needs about one
LEAVING_TIMEOUT = 5  # seconds; the device takes a tenth of one
WPA2_AES = 0x400004
NEIGHBOUR = "Maple Street 12"
PASSPHRASE = "correct horse, Batterie & Käfig"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def official_client() -> None:
    missing = (
        "node is not installed"
        if shutil.which("node") is None
        else "run `npm ci` in tests/conformance"
        if not (HERE / "node_modules" / "softap-setup").is_dir()
        else None
    )
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)


@pytest.fixture
def left() -> threading.Event:
    return threading.Event()


@pytest.fixture
def photon(left: threading.Event) -> Iterator[Photon]:
    with Photon(on_connect=left.set) as device:
        yield device


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_official_client_sets_the_photon_up(
    photon: Photon, left: threading.Event, protocol: str
) -> None:
    network = {
        "ssid": NEIGHBOUR,
        "security": "wpa2_aes",
        "password": PASSPHRASE,
        "channel": 6,
    }

    heard = set_up(photon, protocol, claim_code="Y2xhaW0+/w==", network=network)

    assert heard["version"] == {"v": 2}
    assert heard["info"] == {"id": photon.device_id, "claimed": False}
    assert {"ssid": NEIGHBOUR, "rssi": -41, "sec": WPA2_AES, "ch": 6, "mdr": 144000} in heard[
        "scan"
    ]
    assert is_rsa_1024(heard["publicKey"])
    assert heard["configure"] == {"r": 0}
    assert photon.claim_code == "Y2xhaW0+/w=="
    assert left.wait(LEAVING_TIMEOUT)
    assert photon.state == "connecting"
    assert photon.networks == (
        StoredNetwork(NEIGHBOUR.encode(), PASSPHRASE.encode(), WPA2_AES, channel=6),
    )


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_official_client_stores_an_open_network(photon: Photon, protocol: str) -> None:
    network = {"ssid": "Library (free)", "security": "open", "channel": 10}

    heard = set_up(photon, protocol, claim_code="code", network=network)

    assert heard["configure"] == {"r": 0}
    assert photon.networks == (StoredNetwork(b"Library (free)", None, 0, channel=10),)


def set_up(photon: Photon, protocol: str, **wanted: Any) -> dict[str, Any]:
    address = photon.tcp_address if protocol == "tcp" else photon.http_address
    child = subprocess.run(
        ["node", "--no-deprecation", "softap_setup.js", protocol, address.rpartition(":")[2]],
        cwd=HERE,
        input=json.dumps({"claimCode": wanted["claim_code"], "network": wanted["network"]}),
        capture_output=True,
        text=True,
        timeout=CHILD_TIMEOUT,
    )
    assert child.returncode == 0, child.stderr
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer


def is_rsa_1024(pem: str) -> bool:
    key = serialization.load_pem_public_key(pem.encode())
    return getattr(key, "key_size", 0) == 1024
