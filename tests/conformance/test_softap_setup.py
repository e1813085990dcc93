"""The official JavaScript client sets the simulated Photon up, over TCP and over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization

from setup_wizard.simulators.photon import Photon, StoredNetwork

RunNode = Callable[..., dict[str, Any]]
LEAVING_TIMEOUT = 5  # seconds; the device takes a tenth of one
WPA2_AES = 0x400004
NEIGHBOUR = "Maple Street 12"
PASSPHRASE = "correct horse, Batterie & Käfig"

pytestmark = pytest.mark.slow


@pytest.fixture
def left() -> threading.Event:
    return threading.Event()


@pytest.fixture
def photon(left: threading.Event) -> Iterator[Photon]:
    with Photon(on_connect=left.set) as device:
        yield device


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_official_client_sets_the_photon_up(
    run_node: RunNode, photon: Photon, left: threading.Event, protocol: str
) -> None:
    network = {
        "ssid": NEIGHBOUR,
        "security": "wpa2_aes",
        "password": PASSPHRASE,
        "channel": 6,
    }

    heard = set_up(run_node, photon, protocol, claim_code="Y2xhaW0+/w==", network=network)

    assert heard["version"] == {"v": 2}
    assert heard["info"] == {"id": photon.device_id, "claimed": False}
    assert {"ssid": NEIGHBOUR, "rssi": -41, "sec": WPA2_AES, "ch": 6, "mdr": 144000} in heard[
        "scan"
    ]
    assert is_rsa_1024(heard["publicKey"])
    assert heard["configure"] == {"r": 0}
    assert photon.commands == (8 if protocol == "tcp" else 7)  # over TCP it warms up first
    assert photon.claim_code == "Y2xhaW0+/w=="
    assert left.wait(LEAVING_TIMEOUT)
    assert photon.state == "connecting"
    assert photon.networks == (
        StoredNetwork(NEIGHBOUR.encode(), PASSPHRASE.encode(), WPA2_AES, channel=6),
    )


@pytest.mark.parametrize("protocol", ["tcp", "http"])
def test_official_client_stores_an_open_network(
    run_node: RunNode, photon: Photon, protocol: str
) -> None:
    network = {"ssid": "Library (free)", "security": "open", "channel": 10}

    heard = set_up(run_node, photon, protocol, claim_code="code", network=network)

    assert heard["configure"] == {"r": 0}
    assert photon.networks == (StoredNetwork(b"Library (free)", None, 0, channel=10),)


def set_up(run_node: RunNode, photon: Photon, protocol: str, **wanted: Any) -> dict[str, Any]:
    address = photon.tcp_address if protocol == "tcp" else photon.http_address
    wishes = {"claimCode": wanted["claim_code"], "network": wanted["network"]}
    port = address.rpartition(":")[2]
    return run_node("softap_setup.js", protocol, port, stdin=json.dumps(wishes))


def is_rsa_1024(pem: str) -> bool:
    key = serialization.load_pem_public_key(pem.encode())
    return getattr(key, "key_size", 0) == 1024
