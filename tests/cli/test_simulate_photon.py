"""`simulate photon`: every option reaches the device, and what cannot be is said in a sentence."""

from __future__ import annotations

import json
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import Running, ask, refuses, run
from tests.forked import ROOT

GOLDEN_KEY = json.loads((ROOT / "tests/golden/key.json").read_text("utf-8"))


def device_says(running: Running, command: str) -> dict[str, Any]:
    """The device's answer to a command without a body, over its TCP door."""
    host, _, port = running.told["photon"]["tcp"].rpartition(":")
    with socket.create_connection((host, int(port)), timeout=10) as device:
        device.sendall(f"{command}\n0\n\n".encode())
        received = b"".join(iter(lambda: device.recv(65536), b""))
    answer = json.loads(received)
    assert isinstance(answer, dict)
    return answer


def test_a_device_is_what_the_options_say() -> None:
    given = ("--device-id", "AB" * 12, "--suffix", "ZZ99ZZ", "--claimed")
    with Running("simulate", "photon", *given) as running:
        identity = device_says(running, "device-id")

    assert running.told["photon"]["device_id"] == "ab" * 12
    assert running.told["photon"]["ssid"] == "Photon-ZZ99ZZ"
    assert identity == {"id": "AB" * 12, "c": "1"}


def test_a_device_without_options_is_new() -> None:
    with Running("simulate", "photon") as running:
        identity = device_says(running, "device-id")
        state = ask(f"{running.told['control']}/state")

    assert identity["c"] == "0"
    assert (state["state"], state["commands"]) == ("listening", 1)
    assert state["stored"]["networks"] == []


def test_a_device_has_the_key_that_it_is_given(tmp_path: Path) -> None:
    key = tmp_path / "key.der"
    key.write_bytes(bytes.fromhex(GOLDEN_KEY["private_pkcs1_der_hex"]))
    with Running("simulate", "photon", "--key", str(key)) as running:
        answer = device_says(running, "public-key")

    assert answer == {"b": GOLDEN_KEY["public_key_field"], "r": 0}


def test_a_device_hears_the_networks_that_it_is_given(tmp_path: Path) -> None:
    scan = tmp_path / "scan.json"
    networks = [
        {"ssid": "Café ☕", "rssi": -40, "sec": 0x400004, "ch": 6, "mdr": 144000},
        {"ssid_hex": "e9", "rssi": -60, "sec": 0, "ch": 11, "mdr": 54000},
    ]
    scan.write_text(json.dumps(networks, ensure_ascii=False), "utf-8")
    with Running("simulate", "photon", "--scan", str(scan)) as running:
        host, _, port = running.told["photon"]["tcp"].rpartition(":")
        with socket.create_connection((host, int(port)), timeout=10) as device:
            device.sendall(b"scan-ap\n0\n\n")
            received = b"".join(iter(lambda: device.recv(65536), b""))

    assert '{"ssid":"Café ☕","rssi":-40,"sec":4194308,"ch":6,"mdr":144000}'.encode() in received
    assert b'{"ssid":"\xe9","rssi":-60,"sec":0,"ch":11,"mdr":54000}' in received


def test_a_device_listens_where_it_is_told() -> None:
    doors = [socket.create_server(("127.0.0.1", 0)) for _ in range(3)]
    http, tcp, control = (door.getsockname()[1] for door in doors)
    for door in doors:
        door.close()
    ports = ("--http-port", http, "--tcp-port", tcp, "--control-port", control)
    with Running("simulate", "photon", *map(str, ports)) as running:
        told = running.told

    assert told["photon"]["http"] == f"127.0.0.1:{http}"
    assert told["photon"]["tcp"] == f"127.0.0.1:{tcp}"
    assert told["control"] == f"http://127.0.0.1:{control}"


def test_a_device_takes_the_time_that_it_is_given() -> None:
    with Running("simulate", "photon", "--latency", "150", "--scan-latency", "300") as running:
        began = time.monotonic()
        device_says(running, "device-id")
        answered = time.monotonic()
        device_says(running, "scan-ap")
        scanned = time.monotonic()

    assert answered - began >= 0.15
    assert scanned - answered >= 0.45


@pytest.mark.parametrize("content", [b"", b"\x30\x82\x02\x5d\x02\x01\x00"])
def test_a_key_that_is_none_is_said(content: bytes, tmp_path: Path) -> None:
    key = tmp_path / "key.der"
    key.write_bytes(content)

    sentence = refuses(run("simulate", "photon", "--key", str(key)))

    assert str(key) in sentence
    assert "RSA-1024" in sentence


@pytest.mark.parametrize(
    "content",
    [
        b"not JSON",
        b"\xe9",
        b"{}",
        b"[1, 2]",
        b'[{"ssid_hex": "zz"}]',
        b'[{"ssid": "a", "rssi": "loud"}]',
    ],
)
def test_a_scan_list_that_is_none_is_said(content: bytes, tmp_path: Path) -> None:
    scan = tmp_path / "scan.json"
    scan.write_bytes(content)

    assert str(scan) in refuses(run("simulate", "photon", "--scan", str(scan)))


@pytest.mark.parametrize("option", ["--key", "--scan"])
def test_a_file_that_is_not_there_is_said(option: str, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")

    assert missing in refuses(run("simulate", "photon", option, missing))


@pytest.mark.parametrize(
    ("option", "value", "hint"),
    [
        ("--device-id", "xyz", "24 hexadecimal digits"),
        ("--device-id", "3a001b00044734313833303", "24 hexadecimal digits"),
        ("--suffix", "", "25 bytes"),
        ("--suffix", "a name that is far too long", "25 bytes"),
        ("--latency", "nan", "milliseconds"),
        ("--scan-latency", "inf", "milliseconds"),
        ("--control-port", "x", "65535"),
    ],
)
def test_a_value_that_cannot_be_is_said(option: str, value: str, hint: str) -> None:
    assert hint in refuses(run("simulate", "photon", f"{option}={value}"))
