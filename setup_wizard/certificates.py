"""Certificates and private keys from a person's files, in whatever form those are."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import load_pkcs12
from cryptography.x509 import (
    Certificate,
    load_der_x509_certificate,
    load_pem_x509_certificates,
)

from setup_wizard.domain.enterprise import CertificateFiles, CertificateSignIn
from setup_wizard.domain.errors import (
    FileUnreadable,
    KeyMismatch,
    KeyPasswordMissing,
    KeyPasswordWrong,
    NoCertificate,
    NoPrivateKey,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.interruptible import interruptible
from setup_wizard.ports import Cancellation, CertificateReader

LARGEST_FILE = 1_000_000  # bytes; certificates and keys have thousands
READ_LIMIT = 10.0  # seconds for one file; a dead network folder would block for ever
OPEN_LIMIT = 10.0  # seconds for all of them; a key with millions of rounds takes two
_PFX_VERSION = b"\x02\x01\x03"  # a PKCS#12 file begins with the number 3, no other kind does
_UNUSABLE = (ValueError, UnsupportedAlgorithm)
"""What the library raises for data that it cannot make sense of."""

_log = logging.getLogger(__name__)
PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey


@dataclass(frozen=True)
class _File:
    """One file that a person chose. Failures tell its name, never what is in it."""

    name: str
    data: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> _File:
        try:
            # Only files: a pipe could keep us waiting for ever.
            if not path.is_file() or path.stat().st_size > LARGEST_FILE:
                raise FileUnreadable(name=path.name)
            return cls(path.name, path.read_bytes())
        except OSError as error:
            raise FileUnreadable(name=path.name) from error

    @property
    def is_pem(self) -> bool:
        return b"-----BEGIN " in self.data

    @property
    def is_pkcs12(self) -> bool:
        if self.data[:1] != b"\x30" or len(self.data) < 2:
            return False
        long_form = self.data[1] & 0x7F if self.data[1] & 0x80 else 0
        return self.data[2 + long_form :].startswith(_PFX_VERSION)


class CertificateFileReader(CertificateReader):
    """PEM, DER and PKCS#12; keys in PKCS#1, PKCS#8 and SEC 1, protected or not."""

    def read(self, files: CertificateFiles, cancel: Cancellation) -> CertificateSignIn:
        """Raises leaves of ChoiceError, one for each thing that can be wrong."""
        chosen = _fetch(files.certificate, cancel)
        key_file = chosen
        if files.private_key not in (None, files.certificate):
            key_file = _fetch(files.private_key, cancel)
        ca_file = None if files.ca is None else _fetch(files.ca, cancel)
        try:
            sign_in = interruptible(
                lambda: _decode(files, chosen, key_file, ca_file), cancel, limit=OPEN_LIMIT
            )
        except TimeoutError as error:
            raise FileUnreadable(name=key_file.name) from error
        cancel.check()  # the library lets no other thread run while it opens a key
        return sign_in


def _fetch(path: Path, cancel: Cancellation) -> _File:
    try:
        return interruptible(lambda: _File.read(path), cancel, limit=READ_LIMIT)
    except TimeoutError as error:
        raise FileUnreadable(name=path.name) from error


def _decode(
    files: CertificateFiles, chosen: _File, key_file: _File, ca_file: _File | None
) -> CertificateSignIn:
    password = files.key_password
    ca = [] if ca_file is None else _certificates(ca_file, password)
    certificates, key = _pair(chosen, key_file, password)
    chain = _own_first(certificates, key)
    _log.info("certificates=%d ca=%d key_bits=%d", len(chain), len(ca), key.key_size)
    return CertificateSignIn(
        certificate=_as_pem(chain),
        private_key=Secret(
            # The traditional form: what the device's own reader is known to take.
            key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        ),
        ca=_as_pem(ca),
        outer_identity=files.outer_identity,
    )


def _pair(
    chosen: _File, key_file: _File, password: Secret | None
) -> tuple[list[Certificate], PrivateKey]:
    if key_file is chosen and chosen.is_pkcs12:
        key, found = _open_pkcs12(chosen, password)  # once for both, because it may take seconds
        return _some(found, chosen), _usable(key, chosen)
    return _certificates(chosen, password), _private_key(key_file, password)


def _certificates(file: _File, password: Secret | None) -> list[Certificate]:
    """Every certificate in a file, in its order; at least one."""
    found: list[Certificate] = []
    if file.is_pkcs12:
        _, found = _open_pkcs12(file, password)
    else:
        with suppress(*_UNUSABLE):
            if file.is_pem:
                found = load_pem_x509_certificates(file.data)
            else:
                found = [load_der_x509_certificate(file.data)]
    return _some(found, file)


def _some(found: list[Certificate], file: _File) -> list[Certificate]:
    if not found:
        raise NoCertificate(name=file.name)
    return found


def _private_key(file: _File, password: Secret | None) -> PrivateKey:
    if file.is_pkcs12:
        key, _ = _open_pkcs12(file, password)
    else:
        key = _open_key(file, password)
    return _usable(key, file)


def _usable(key: object, file: _File) -> PrivateKey:
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise NoPrivateKey(name=file.name)
    return key


def _open_key(file: _File, password: Secret | None) -> object:
    """The key of a PEM or DER file; None if there is none."""
    load = load_pem_private_key if file.is_pem else load_der_private_key
    try:
        return load(file.data, None)
    except _UNUSABLE:
        return None
    except TypeError:  # how the library says that a password is needed
        if not password:
            raise KeyPasswordMissing(name=file.name) from None
    with suppress(*_UNUSABLE):
        return load(file.data, password.reveal_bytes())
    # Only now and without a cause: what the library says of a password goes nowhere.
    raise KeyPasswordWrong(name=file.name)


def _open_pkcs12(file: _File, password: Secret | None) -> tuple[object, list[Certificate]]:
    """Key and certificates, the key's own first. Without a password it may have an empty one."""
    with suppress(*_UNUSABLE):
        bundle = load_pkcs12(file.data, password.reveal_bytes() if password else None)
        own = [bundle.cert.certificate] if bundle.cert else []
        return bundle.key, own + [other.certificate for other in bundle.additional_certs]
    if not password:
        raise KeyPasswordMissing(name=file.name)
    raise KeyPasswordWrong(name=file.name)


def _own_first(certificates: Sequence[Certificate], key: PrivateKey) -> list[Certificate]:
    """The certificate of this key, then those between it and a root, which nobody needs sent."""
    own = next((each for each in certificates if _fits(each, key)), None)
    if own is None:
        raise KeyMismatch
    others = [each for each in certificates if each != own and each.subject != each.issuer]
    return [own, *others]


def _fits(certificate: Certificate, key: PrivateKey) -> bool:
    with suppress(*_UNUSABLE):
        return certificate.public_key() == key.public_key()
    return False


def _as_pem(certificates: Sequence[Certificate]) -> bytes:
    """One after the other, with the line ends that the device's reader wants."""
    pem = b"".join(each.public_bytes(Encoding.PEM) for each in certificates)
    return pem.replace(b"\n", b"\r\n")
