"""What is told of a computer: how it is wired, and nothing that says whose it is."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from setup_wizard.report import computer
from setup_wizard.report.computer import network, shown_name, versions
from tests.report.samples import BRAND

ROUTES = """\
Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask
wg-jane	00000000	00000000	0003	0	0	700	00000000
wlp3s0	00000000	0100A8C0	0003	0	0	600	00000000
wlp3s0	0000A8C0	00000000	0001	0	0	600	00FFFFFF
"""
MAC = "b8:27:eb:12:34:56"


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Linux's files about three interfaces."""
    interface(tmp_path, "wlp3s0", address=MAC, flags="0x1003", mtu="1500", operstate="up")
    (tmp_path / "wlp3s0" / "wireless").mkdir()
    interface(tmp_path, "enxb827eb123456", address=MAC, flags="0x1002", operstate="down")
    (tmp_path / "enxb827eb123456" / "device").mkdir()
    interface(tmp_path, "wg-jane", type="65534", flags="0x91", operstate="unknown")
    interface(tmp_path, "wlan0", address="02:11:22:33:44:55", operstate="<script>")
    return tmp_path


def interface(folder: Path, name: str, **content: str) -> None:
    (folder / name).mkdir()
    for file, text in content.items():
        (folder / name / file).write_text(f"{text}\n")


def told(house: Path) -> Any:
    routes = house.with_name("route")
    routes.write_text(ROUTES)
    return json.loads(json.dumps(network(sysfs=house, routes=routes)))


def test_each_interface_is_told(house: Path) -> None:
    found = {each["name"]: each for each in told(house)["interfaces"]}

    wifi = found["wlp3s0"]
    assert (wifi["kind"], wifi["up"], wifi["state"], wifi["mtu"]) == ("wifi", True, "up", 1500)
    assert wifi["maker"] == "b8:27:eb"
    assert wifi["default_route"] is True
    assert found["<name, 15 bytes>"]["kind"] == "wired"
    assert found["<name, 15 bytes>"]["up"] is False
    assert found["<name, 7 bytes>"]["kind"] == "tunnel"
    assert found["wlan0"]["maker"] == "made up"
    assert found["wlan0"]["state"] is None


def test_no_hardware_address_and_no_made_up_name_is_told(house: Path) -> None:
    text = json.dumps(told(house)).lower()

    for hidden in ("12:34:56", "123456", "jane", "33:44:55", "script"):
        assert hidden not in text


@pytest.mark.parametrize(
    "name",
    [
        *("lo", "eth0", "wlan1", "enp0s31f6", "wlp3s0", "eno1", "wlo1", "enp3s0f0u1", "tun0"),
        *("en0", "utun3", "awdl0", "docker0", "wg0", "ethernet_32768", "wireless_32769"),
    ],
)
def test_names_that_systems_give_are_told(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize("name", ["jane", "wg-home", "enx001122334455", "eth0.jane", "vpn-acme"])
def test_names_that_people_give_are_not(name: str) -> None:
    assert shown_name(name) == f"<name, {len(name)} bytes>"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("192.168.0.17", "192.168.0.17"),
        ("10.1.2.3", "10.1.2.3"),
        ("93.184.216.34", "93.x.x.x"),
        ("100.64.1.2", "100.x.x.x"),
        (None, None),
    ],
)
def test_only_addresses_of_a_house_are_told_whole(
    house: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, shown: str | None
) -> None:
    monkeypatch.setattr(computer, "_ipv4", lambda _name: address)
    monkeypatch.setattr(computer, "_source_towards", lambda _host: address)

    found = told(house)

    assert found["way_to_device"] == shown
    assert {each["ipv4"] for each in found["interfaces"]} == {shown}


@pytest.mark.parametrize(
    ("address", "is_there"), [("192.168.0.17", True), ("192.168.1.17", False), (None, None)]
)
def test_it_is_told_whether_this_computer_is_on_the_devices_network(
    house: Path, monkeypatch: pytest.MonkeyPatch, address: str | None, is_there: bool | None
) -> None:
    monkeypatch.setattr(computer, "_ipv4", lambda _name: address)
    monkeypatch.setattr(computer, "_source_towards", lambda _host: address)

    found = told(house)

    assert found["way_to_device_is_of_its_network"] is is_there
    assert found["interfaces"][0]["is_of_the_devices_network"] is is_there


def test_a_system_that_tells_no_more_is_told_by_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "if_nameindex", lambda: [(1, "en0"), (2, "Jane's")])

    found = network(sysfs=tmp_path / "none", routes=tmp_path / "none")

    assert found["interfaces"] == [{"name": "en0"}, {"name": "<name, 6 bytes>"}]
    assert found["unknown"]


def test_this_computer_can_be_told() -> None:
    found = network()

    assert found["interfaces"]
    assert socket.gethostname() not in json.dumps(found)


def test_versions_name_the_brand_by_folder_and_maker_only() -> None:
    found = versions(BRAND)

    assert found["brand"] == {"maker": "Northlight", "folder": "default"}
    assert "/" not in json.dumps({**found, "release": ""})
    assert isinstance(found["libraries"], dict)
    assert found["libraries"]["requests"]
