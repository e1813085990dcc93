"""What the device stores and what it turns down, where the recorded cases do not reach."""

from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from setup_wizard.simulators.photon.crypto import DeviceKey
from setup_wizard.simulators.photon.device import Device
from setup_wizard.simulators.photon.radio import ScanEntry

WEP, WEP_SHARED = 0x1, 0x8001
WPA2_AES = 0x400004
WPA2_ENTERPRISE = 0x2400004
SCAN = (
    ScanEntry(b"Home", security=WPA2_AES),
    ScanEntry(b"Old", security=WEP_SHARED),
    ScanEntry(b"Silent", rssi=0, security=WPA2_AES),
    ScanEntry(b"Office", security=WPA2_ENTERPRISE),
    ScanEntry(b"Campus", security=WPA2_ENTERPRISE),
)

Fields = dict[str, object]


@pytest.fixture(scope="module")
def key() -> DeviceKey:
    return DeviceKey()


@pytest.fixture
def device(key: DeviceKey) -> Device:
    return Device(device_id="00" * 12, key=key, claimed=False, scan=SCAN)


def configure(device: Device, **values: object) -> int:
    answer = device.answer("configure-ap", json.dumps(values, ensure_ascii=False).encode())
    result: int = json.loads(b"".join(answer.pieces))["r"]
    return result


def encrypted(device: Device, plaintext: bytes) -> str:
    spki = device.key.public_key_field[:162]
    public_key = serialization.load_der_public_key(spki)
    assert isinstance(public_key, rsa.RSAPublicKey)
    return public_key.encrypt(plaintext, padding.PKCS1v15()).hex()


@pytest.mark.parametrize(
    ("length", "result"), [(1, -4), (7, -4), (8, 0), (63, 0), (64, 0), (65, -4), (117, -4)]
)
def test_wpa_passphrase_has_8_to_64_bytes(device: Device, length: int, result: int) -> None:
    pwd = encrypted(device, b"p" * length)

    assert configure(device, ssid="Home", sec=WPA2_AES, pwd=pwd) == result
    assert len(device.networks) == (result == 0)


@pytest.mark.parametrize(
    ("length", "result"), [(0, -4), (4, -4), (5, 0), (26, 0), (58, 0), (59, -4)]
)
def test_wep_key_has_5_to_58_characters(device: Device, length: int, result: int) -> None:
    pwd = encrypted(device, b"a" * length)

    assert configure(device, ssid="Anything", sec=WEP, pwd=pwd) == result


def test_wep_asked_for_is_stored_decoded_whatever_its_kind(device: Device) -> None:
    pwd = encrypted(device, b"0123456789")

    assert configure(device, ssid="Anything", sec=WEP_SHARED, pwd=pwd) == 0
    assert device.networks[0].security == WEP
    assert device.networks[0].passphrase == bytes.fromhex("0123456789")


def test_wep_found_by_the_scan_is_stored_as_the_radio_says(device: Device) -> None:
    pwd = encrypted(device, b"0123456789")

    assert configure(device, ssid="Old", sec=WPA2_AES, pwd=pwd) == 0
    assert device.networks[0].security == WEP_SHARED
    assert device.networks[0].passphrase == b"0123456789"


def test_network_without_signal_counts_as_not_seen(device: Device) -> None:
    pwd = encrypted(device, b"passphrase")

    assert configure(device, ssid="Silent", sec=WPA2_AES, pwd=pwd) == -2


@pytest.mark.parametrize(("ssid", "result"), [("", -3), ("x" * 32, 0), ("é" * 17, -3)])
def test_ssid_is_counted_in_bytes(device: Device, ssid: str, result: int) -> None:
    assert configure(device, ssid=ssid, sec=0) == result


def test_passphrase_ends_at_a_zero_byte(device: Device) -> None:
    pwd = encrypted(device, b"passphrase\0rest")

    configure(device, ssid="Home", sec=WPA2_AES, pwd=pwd)

    assert device.networks[0].passphrase == b"passphrase"


@pytest.mark.parametrize(("pwd", "result"), [("00" * 128, -16640), ("ff" * 128, -17156)])
def test_undecipherable_passphrase_is_named_before_anything_else(
    device: Device, pwd: str, result: int
) -> None:
    assert configure(device, ssid="", sec=WPA2_AES, pwd=pwd) == result


def test_same_network_keeps_its_slot(device: Device) -> None:
    for ssid in ("One", "Two", "Three", "Two"):
        configure(device, ssid=ssid, sec=0, ch=len(device.networks) + 1)

    stored = [(network.ssid, network.channel) for network in device.networks]
    assert stored == [(b"Three", 3), (b"Two", 4), (b"One", 1)]


def test_only_one_enterprise_network_is_kept(device: Device) -> None:
    fields: Fields = {"sec": WPA2_ENTERPRISE, "eap": 25, "ii": "jane"}
    fields["pwd"] = encrypted(device, b"secret")
    for ssid in ("Office", "Campus"):
        assert configure(device, ssid=ssid, **fields) == 0

    assert [network.ssid for network in device.networks] == [b"Campus"]


@pytest.mark.parametrize(
    "changes",
    [{"ii": "x" * 65}, {"eap": 26}, {"ca": "x" * 4096}, {"eap": 13}],
    ids=["identity too long", "unknown eap", "certificate too long", "no client certificate"],
)
def test_incomplete_enterprise_credentials_are_refused(device: Device, changes: Fields) -> None:
    fields: Fields = {"ssid": "Office", "sec": WPA2_ENTERPRISE, "eap": 25, "ii": "jane"}
    fields["pwd"] = encrypted(device, b"secret")

    assert configure(device, **(fields | changes)) == 1
    assert device.networks == ()


def test_scan_shows_names_as_c_strings(device: Device) -> None:
    device.scan = (ScanEntry(b"\0hidden"), ScanEntry(b"cut\0off"), ScanEntry(b"x" * 40))

    answer = json.loads(b"".join(device.answer("scan-ap", None).pieces))

    assert [entry["ssid"] for entry in answer["scans"]] == ["cut", "x" * 32]


def test_secrets_stay_out_of_the_representation(device: Device) -> None:
    configure(device, ssid="Home", sec=WPA2_AES, pwd=encrypted(device, b"passphrase"))

    assert "passphrase" not in repr(device.networks).replace("passphrase=", "")
    assert "b'" not in repr(device.networks).replace("b'Home'", "")
