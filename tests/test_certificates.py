"""Whatever form a person's files have, the device gets PEM with CRLF and a key in DER."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from setup_wizard.cancellation import StopSwitch
from setup_wizard.certificates import LARGEST_FILE, CertificateFileReader
from setup_wizard.domain.enterprise import CertificateFiles
from setup_wizard.domain.errors import (
    CertificateTooLong,
    ChoiceError,
    FileUnreadable,
    KeyMismatch,
    KeyPasswordMissing,
    KeyPasswordWrong,
    NoCertificate,
    NoPrivateKey,
)
from setup_wizard.domain.secret import Secret
from tests.identities import (
    KEY_PASSWORD,
    as_the_device_takes_it,
    bundle,
    certificate,
    der_key,
    ec_key,
    key_file,
    pem,
    rsa_key,
)

PKCS1 = PrivateFormat.TraditionalOpenSSL
PKCS8 = PrivateFormat.PKCS8
READER = CertificateFileReader()
NEVER = StopSwitch()
"""Nobody turns it."""


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write(name: str, data: bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


@pytest.mark.parametrize("key", [rsa_key(), ec_key()], ids=["rsa", "ec"])
@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER], ids=["pem", "der"])
@pytest.mark.parametrize("form", [PKCS1, PKCS8], ids=["traditional", "pkcs8"])
def test_a_key_of_any_form_becomes_der(file, key, encoding, form) -> None:
    own = certificate(key)
    files = CertificateFiles(
        file("jane.crt", own.public_bytes(encoding)),
        file("jane.key", key_file(key, encoding, form)),
    )

    sign_in = READER.read(files, NEVER)

    assert sign_in.certificate == as_the_device_takes_it(own)
    assert sign_in.private_key == Secret(der_key(key))
    assert sign_in.ca == b""


PROTECTED = {
    "pkcs8 pem": lambda: key_file(rsa_key(), password=KEY_PASSWORD),
    "pkcs8 der": lambda: key_file(rsa_key(), Encoding.DER, password=KEY_PASSWORD),
    "traditional pem": lambda: key_file(rsa_key(), form=PKCS1, password=KEY_PASSWORD),
    "ec pem": lambda: key_file(ec_key(), form=PKCS1, password=KEY_PASSWORD),
    "pkcs12": lambda: bundle(rsa_key(), certificate(rsa_key())),
}


def files_with(file, kind: str, password: str | None) -> CertificateFiles:
    key = ec_key() if kind.startswith("ec") else rsa_key()
    return CertificateFiles(
        file("jane.crt", pem(certificate(key))),
        file("jane.key", PROTECTED[kind]()),
        None if password is None else Secret(password),
    )


@pytest.mark.parametrize("kind", PROTECTED)
def test_a_protected_key_opens_with_its_password(file, kind: str) -> None:
    sign_in = READER.read(files_with(file, kind, KEY_PASSWORD), NEVER)

    key = ec_key() if kind.startswith("ec") else rsa_key()
    assert sign_in.private_key == Secret(der_key(key))


@pytest.mark.parametrize("kind", PROTECTED)
@pytest.mark.parametrize("password", [None, ""])
def test_a_protected_key_asks_for_its_password(file, kind: str, password: str | None) -> None:
    with pytest.raises(KeyPasswordMissing) as caught:
        READER.read(files_with(file, kind, password), NEVER)

    assert caught.value.parameters == {"name": "jane.key"}


@pytest.mark.parametrize("kind", PROTECTED)
@pytest.mark.parametrize("password", ["hidden-mistake", "hidden-ü"])
def test_a_wrong_password_is_said_and_goes_nowhere(file, kind: str, password: str, caplog) -> None:
    caplog.set_level("DEBUG")
    with pytest.raises(KeyPasswordWrong) as caught:
        READER.read(files_with(file, kind, password), NEVER)

    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert caught.value.parameters == {"name": "jane.key"}
    assert "hidden-" not in told
    assert caught.value.__context__ is None or "hidden-" not in repr(caught.value.__context__)


def test_a_password_that_nobody_asked_for_is_no_mistake(file) -> None:
    files = CertificateFiles(
        file("jane.crt", pem(certificate(ec_key()))),
        file("jane.key", key_file(ec_key())),
        Secret(KEY_PASSWORD),
    )

    assert READER.read(files, NEVER).private_key == Secret(der_key(ec_key()))


@pytest.mark.parametrize("password", [KEY_PASSWORD, ""])
def test_one_p12_file_has_it_all(file, password: str) -> None:
    own = certificate(rsa_key())
    path = file("jane.p12", bundle(rsa_key(), own, password=password))

    sign_in = READER.read(CertificateFiles(path, key_password=Secret(password)), NEVER)

    assert sign_in.certificate == as_the_device_takes_it(own)
    assert sign_in.private_key == Secret(der_key(rsa_key()))


def test_one_pem_file_may_have_it_all_with_words_in_between(file) -> None:
    own = certificate(ec_key())
    data = (
        b"Bag Attributes\r\n  friendlyName: jane\r\n" + pem(own) + b"\nkey:\n" + key_file(ec_key())
    )

    sign_in = READER.read(CertificateFiles(file("jane.pem", data)), NEVER)

    assert sign_in.certificate == as_the_device_takes_it(own)
    assert sign_in.private_key == Secret(der_key(ec_key()))


@pytest.mark.parametrize("as_p12", [True, False], ids=["p12", "pem"])
def test_what_signed_it_comes_along_after_it_and_the_root_stays_at_home(file, as_p12) -> None:
    root = certificate(ec_key(1), "root")
    between = certificate(ec_key(2), "between", issuer="root", signed_by=ec_key(1))
    own = certificate(ec_key(), issuer="between", signed_by=ec_key(2))
    data = bundle(ec_key(), own, between, root) if as_p12 else pem(root, between, own)
    key = file("jane.key", key_file(ec_key()))

    files = CertificateFiles(file("jane.p12", data), key, Secret(KEY_PASSWORD))

    assert READER.read(files, NEVER).certificate == as_the_device_takes_it(own, between)


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER], ids=["pem", "der"])
def test_the_network_can_be_checked_by_a_certificate_of_its_own(file, encoding) -> None:
    ca = certificate(ec_key(1), "CA")
    files = CertificateFiles(
        file("jane.p12", bundle(ec_key(), certificate(ec_key()), password="")),
        ca=file("ca.crt", ca.public_bytes(encoding)),
        outer_identity=b"anonymous",
    )

    sign_in = READER.read(files, NEVER)

    assert sign_in.ca == as_the_device_takes_it(ca)
    assert sign_in.outer_identity == b"anonymous"


def test_a_key_of_another_certificate_is_found_out(file) -> None:
    files = CertificateFiles(
        file("jane.crt", pem(certificate(ec_key()))), file("jane.key", key_file(ec_key(1)))
    )

    with pytest.raises(KeyMismatch):
        READER.read(files, NEVER)


def ed25519_key() -> bytes:
    key = ed25519.Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PKCS8, NoEncryption())


NO_CERTIFICATE = {
    "nothing": lambda: b"",
    "words": lambda: b"-----BEGIN of a letter",
    "a key": lambda: key_file(ec_key()),
    "a key in DER": lambda: der_key(ec_key()),
    "broken PEM": lambda: pem(certificate(ec_key())).replace(b"M", b"!"),
    "a cut": lambda: pem(certificate(ec_key()))[:200],
    "a picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "a key alone in p12": lambda: bundle(ec_key(), None),
}
NO_KEY = {
    "nothing": lambda: b"",
    "words": lambda: b"-----BEGIN of a letter",
    "a certificate": lambda: pem(certificate(ec_key())),
    "a certificate in DER": lambda: certificate(ec_key()).public_bytes(Encoding.DER),
    "a cut": lambda: key_file(ec_key())[:100],
    "a kind that no device has": ed25519_key,
    "a certificate alone in p12": lambda: bundle(None, certificate(ec_key())),
}


@pytest.mark.parametrize("kind", NO_CERTIFICATE)
@pytest.mark.parametrize("role", ["certificate", "ca"])
def test_a_file_without_a_certificate_is_said(file, kind: str, role: str) -> None:
    odd = file("odd.pem", NO_CERTIFICATE[kind]())
    good = file("jane.crt", pem(certificate(ec_key())))
    key = file("jane.key", key_file(ec_key()))
    files = (
        CertificateFiles(odd, key, Secret(KEY_PASSWORD))
        if role == "certificate"
        else CertificateFiles(good, key, Secret(KEY_PASSWORD), odd)
    )

    with pytest.raises(NoCertificate) as caught:
        READER.read(files, NEVER)

    assert caught.value.parameters == {"name": "odd.pem"}


@pytest.mark.parametrize("kind", NO_KEY)
def test_a_file_without_a_key_is_said(file, kind: str) -> None:
    files = CertificateFiles(
        file("jane.crt", pem(certificate(ec_key()))),
        file("odd.key", NO_KEY[kind]()),
        Secret(KEY_PASSWORD),
    )

    with pytest.raises(NoPrivateKey) as caught:
        READER.read(files, NEVER)

    assert caught.value.parameters == {"name": "odd.key"}


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "film"])
def test_a_file_that_cannot_be_opened_is_said_at_once(tmp_path: Path, kind: str) -> None:
    path = tmp_path / kind
    if kind == "folder":
        path.mkdir()
    if kind == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("this system has no pipes with a name")
        os.mkfifo(path)
    if kind == "film":
        path.write_bytes(b"x" * (LARGEST_FILE + 1))

    with pytest.raises(FileUnreadable) as caught:
        READER.read(CertificateFiles(path), NEVER)

    assert caught.value.parameters == {"name": kind}


def test_a_certificate_that_is_too_long_is_refused_by_name(file) -> None:
    own = certificate(ec_key(), filler=4000)
    path = file("jane.p12", bundle(ec_key(), own, password=""))

    with pytest.raises(CertificateTooLong) as caught:
        READER.read(CertificateFiles(path), NEVER)

    assert caught.value.parameters == {"length": len(as_the_device_takes_it(own)), "allowed": 4094}


@pytest.mark.parametrize("seed", range(40))
def test_no_damage_raises_anything_but_a_refusal(file, seed: int) -> None:
    """A file that a disk or a mail programme spoilt."""
    forms = [bundle(ec_key(), certificate(ec_key())), pem(certificate(ec_key())), der_key(ec_key())]
    data = bytearray(forms[seed % 3])
    for place in range(seed % 7, len(data), 97):
        data[place] ^= seed + 1
    path = file("jane.p12", bytes(data))

    with pytest.raises(ChoiceError):
        READER.read(CertificateFiles(path, path, Secret(KEY_PASSWORD)), NEVER)
