"""The device's key, read from its answer, and passphrases that only the device can read."""

from __future__ import annotations

import random
import traceback
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from setup_wizard.domain.errors import DeviceGarbled
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Security
from setup_wizard.softap.crypto import DeviceKey
from tests.softap.recorded import PUBLIC_DER, PUBLIC_KEY_FIELD, decrypt

KEY = DeviceKey.parse(PUBLIC_KEY_FIELD)
passphrases = st.binary(min_size=8, max_size=64)


def spki(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("padding", [0, 1, 132])
def test_the_key_is_read_with_padding_and_without(padding):
    key = DeviceKey.parse((PUBLIC_DER + bytes(padding)).hex())

    assert key.der == PUBLIC_DER
    assert key == KEY


def test_keys_of_two_devices_differ():
    other = rsa.generate_private_key(65537, 1024).public_key()

    assert DeviceKey.parse(spki(other).hex()) != KEY


@settings(max_examples=40)
@given(passphrase=passphrases)
def test_the_device_reads_exactly_the_bytes_of_the_passphrase(passphrase):
    digits = KEY.encrypt(Secret(passphrase), Security.WPA2)

    assert len(digits) == 256
    assert set(digits) <= set("0123456789abcdef")
    assert decrypt(digits) == passphrase


def test_leading_zeros_are_kept():
    # One ciphertext in 256 begins with a zero byte.
    encrypted = (KEY.encrypt(Secret("hunter22"), Security.WPA2) for _ in range(20_000))
    digits = next(digits for digits in encrypted if digits.startswith("00"))

    assert len(digits) == 256
    assert decrypt(digits) == b"hunter22"


@pytest.mark.parametrize(
    ("key", "stored"),
    [
        (b"abcde", b"6162636465"),
        (b"thirteen char", b"746869727465656e2063686172"),
        ("é1234"[:4].encode(), b"c3a9313233"),
        (b"0123456789", b"0123456789"),
        (b"0123456789ABCDEF0123456789", b"0123456789ABCDEF0123456789"),
    ],
)
def test_wep_text_keys_become_hexadecimal(key, stored):
    assert decrypt(KEY.encrypt(Secret(key), Security.WEP)) == stored


def test_a_wpa_passphrase_of_13_characters_stays_as_it_is():
    assert decrypt(KEY.encrypt(Secret("thirteen char"), Security.WPA2)) == b"thirteen char"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "zz",
        "3",
        "30",
        "308",
        "3081",
        "30ff",
        "3080",
        "<html>",
        "00" * 294,
        PUBLIC_DER[:-1].hex(),
        ("é" * 10),
        spki(rsa.generate_private_key(65537, 2048).public_key()).hex(),
        spki(ec.generate_private_key(ec.SECP256R1()).public_key()).hex(),
    ],
)
def test_what_is_no_key_of_a_device_is_garbled(text):
    with pytest.raises(DeviceGarbled):
        DeviceKey.parse(text)


def test_a_spoilt_key_raises_nothing_but_garbled():
    chance = random.Random(1024)
    for _ in range(2000):
        der = bytearray(PUBLIC_DER)
        for _ in range(chance.randint(1, 3)):
            der[chance.randrange(len(der))] = chance.randrange(256)
        with suppress(DeviceGarbled):
            digits = DeviceKey.parse(der.hex()).encrypt(Secret("hunter22"), Security.WPA2)
            assert len(digits) == 256


def test_a_passphrase_that_cannot_be_encrypted_is_not_shown():
    passphrase = "a passphrase " * 10

    with pytest.raises(DeviceGarbled) as error:
        KEY.encrypt(Secret(passphrase), Security.WPA2)

    shown = "".join(traceback.format_exception(error.value))
    assert "a passphrase" not in shown


def test_the_key_shows_no_more_than_itself():
    assert "RSA" not in repr(KEY)
