"""A sign-in to a company network: what is here can be stored exactly, or it cannot be here."""

from __future__ import annotations

import pytest

from setup_wizard.domain.enterprise import CertificateSignIn, PasswordSignIn
from setup_wizard.domain.errors import (
    CertificateTooLong,
    ChoiceError,
    PassphraseImpossible,
    PassphraseLength,
    PassphraseMissing,
    UserNameImpossible,
    UserNameLength,
)
from setup_wizard.domain.secret import Secret

PASSWORD = Secret("secret of jane")
KEY = Secret(b"0 of a key")
BEGIN, END = b"-----BEGIN CERTIFICATE-----\r\n", b"-----END CERTIFICATE-----\r\n"
PEM = BEGIN + b"MII=\r\n" + END


def pem_of(length: int) -> bytes:
    return BEGIN + b"x" * (length - len(BEGIN + END)) + END


@pytest.mark.parametrize("name", [b"j", b"x" * 64, "jörg@firma ☕".encode(), b"\xff\xfe", b" "])
@pytest.mark.parametrize("password", ["x", "x" * 64, "ü" * 32, " "])
def test_a_user_name_and_a_password_have_1_to_64_bytes(name: bytes, password: str) -> None:
    sign_in = PasswordSignIn(name, Secret(password), name)

    assert (sign_in.identity, sign_in.outer_identity) == (name, name)


@pytest.mark.parametrize(("name", "length"), [(b"", 0), (b"x" * 65, 65), ("ü".encode() * 33, 66)])
def test_a_user_name_is_measured_in_bytes(name: bytes, length: int) -> None:
    with pytest.raises(UserNameLength) as caught:
        PasswordSignIn(name, PASSWORD)

    assert caught.value.parameters == {"length": length}


@pytest.mark.parametrize("odd", [b'ja"ne', b"COMPANY\\jane", b"ja\0ne"])
@pytest.mark.parametrize("outer", [False, True])
def test_a_user_name_that_cannot_be_told_is_refused(odd: bytes, outer: bool) -> None:
    with pytest.raises(UserNameImpossible):
        PasswordSignIn(b"jane", PASSWORD, odd) if outer else PasswordSignIn(odd, PASSWORD)


@pytest.mark.parametrize(
    ("password", "leaf"),
    [
        ("", PassphraseMissing),
        ("x" * 65, PassphraseLength),
        ("ü" * 33, PassphraseLength),
        ("pass\0word", PassphraseImpossible),
    ],
)
def test_a_password_that_cannot_be_kept_is_refused_in_silence(
    password: str, leaf: type[ChoiceError]
) -> None:
    with pytest.raises(leaf) as caught:
        PasswordSignIn(b"jane", Secret(password))

    assert not password or password not in str(caught.value)


def test_a_certificate_and_its_key_fit_to_the_last_byte() -> None:
    CertificateSignIn(pem_of(4094), Secret(b"0" * 4079), pem_of(4094), b"x" * 64)


@pytest.mark.parametrize(
    ("certificate", "key", "ca", "facts"),
    [
        (pem_of(4095), KEY, b"", (4095, 4094)),
        (PEM, Secret(b"0" * 4080), b"", (4080, 4079)),
        (PEM, KEY, pem_of(4095), (4095, 4094)),
    ],
    ids=["certificate", "key", "ca"],
)
def test_what_the_device_would_cut_or_drop_is_refused(
    certificate: bytes, key: Secret, ca: bytes, facts: tuple[int, int]
) -> None:
    with pytest.raises(CertificateTooLong) as caught:
        CertificateSignIn(certificate, key, ca)

    assert tuple(caught.value.parameters.values()) == facts


@pytest.mark.parametrize("outer", [b'"', b"x" * 65])
def test_the_outer_identity_of_a_certificate_is_checked_too(outer: bytes) -> None:
    with pytest.raises(ChoiceError):
        CertificateSignIn(PEM, KEY, outer_identity=outer)


@pytest.mark.parametrize(
    ("certificate", "ca"),
    [
        (b"", b""),
        (b"0 DER", b""),
        (PEM.replace(b"\r", b""), b""),
        (PEM.replace(b"M", b'"'), b""),
        (PEM, b"0 DER"),
        (PEM, PEM[:-2]),
    ],
)
def test_any_other_form_is_a_fault_of_ours(certificate: bytes, ca: bytes) -> None:
    with pytest.raises(ValueError, match="PEM with CRLF"):
        CertificateSignIn(certificate, KEY, ca)


def test_a_sign_in_is_silent() -> None:
    shown = repr(PasswordSignIn(b"jane", PASSWORD)) + repr(CertificateSignIn(PEM, KEY))

    assert "secret of jane" not in shown
    assert "of a key" not in shown
