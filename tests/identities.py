"""Keys and certificates made for the tests, in every form in which people have them."""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from setup_wizard.domain.enterprise import CertificateSignIn
from setup_wizard.domain.secret import Secret

KEY_PASSWORD = "hidden-key-password"
_BORN = datetime(2026, 1, 1, tzinfo=UTC)

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@functools.cache
def rsa_key(number: int = 0) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@functools.cache
def ec_key(number: int = 0) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    key: Key, name: str = "jane", *, issuer: str = "", signed_by: Key | None = None, filler: int = 0
) -> x509.Certificate:
    """A certificate; with nobody else to sign it, it signs itself."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(name))
        .issuer_name(_name(issuer or name))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(_BORN)
        .not_valid_after(_BORN + timedelta(days=36500))
    )
    if filler:
        names = x509.SubjectAlternativeName([x509.DNSName("x" * filler)])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(signed_by or key, SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(each.public_bytes(Encoding.PEM) for each in certificates)


def as_the_device_takes_it(*certificates: x509.Certificate) -> bytes:
    return pem(*certificates).replace(b"\n", b"\r\n")


def der_key(key: Key) -> bytes:
    """PKCS#1 or SEC 1: what the device is to store."""
    return key_file(key, Encoding.DER, PrivateFormat.TraditionalOpenSSL)


def key_file(
    key: Key,
    encoding: Encoding = Encoding.PEM,
    form: PrivateFormat = PrivateFormat.PKCS8,
    *,
    password: str = "",
) -> bytes:
    return key.private_bytes(encoding, form, _protection(password))


def bundle(
    key: Key | None,
    own: x509.Certificate | None,
    *others: x509.Certificate,
    password: str = KEY_PASSWORD,
) -> bytes:
    """A .p12 file."""
    return pkcs12.serialize_key_and_certificates(
        b"jane", key, own, others or None, _protection(password)
    )


def _protection(password: str) -> KeySerializationEncryption:
    return BestAvailableEncryption(password.encode()) if password else NoEncryption()


def certificate_sign_in(*, ca: bool = False, outer: bytes = b"") -> CertificateSignIn:
    """One that a device can be given."""
    key = rsa_key()
    return CertificateSignIn(
        as_the_device_takes_it(certificate(key)),
        Secret(der_key(key)),
        as_the_device_takes_it(certificate(ec_key(), "CA")) if ca else b"",
        outer,
    )
