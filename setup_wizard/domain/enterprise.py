"""How a device signs in to a company network: by user name and password, or by certificate."""

from __future__ import annotations

from pathlib import Path

from setup_wizard.domain.errors import (
    CertificateTooLong,
    PassphraseImpossible,
    PassphraseLength,
    PassphraseMissing,
    UserNameImpossible,
    UserNameLength,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.value import value

LONGEST_IDENTITY = 64  # bytes; the device leaves out a longer outer one without a word
LONGEST_PASSWORD = 64  # bytes
LONGEST_CERTIFICATE = 4094  # bytes of PEM: the device keeps 4096, one is its end, one stays free
LONGEST_PRIVATE_KEY = 4079  # bytes of DER: with its padding it has to stay below 4096

_PEM_BEGIN = b"-----BEGIN CERTIFICATE-----\r\n"
_PEM_END = b"-----END CERTIFICATE-----\r\n"


@value
class PasswordSignIn:
    """A user name and a password (PEAP), checked: whatever is here can be stored exactly."""

    identity: bytes
    password: Secret
    outer_identity: bytes = b""
    """What is said in the clear instead of the user name; empty: the device says nothing."""

    def __post_init__(self) -> None:
        if not self.identity:
            raise UserNameLength(length=0)
        check_identity(self.identity)
        check_identity(self.outer_identity)
        if not self.password:
            raise PassphraseMissing
        if len(self.password) > LONGEST_PASSWORD:
            raise PassphraseLength(length=len(self.password), allowed=f"1–{LONGEST_PASSWORD}")
        if self.password.has_end_byte:
            raise PassphraseImpossible


@value
class CertificateSignIn:
    """A client certificate with its private key (EAP-TLS), in the forms that the device takes."""

    certificate: bytes
    """PEM with CRLF at each line end; what signed it may follow."""
    private_key: Secret
    """DER, whatever the person's file was: the device refuses PEM."""
    ca: bytes = b""
    """PEM of whoever signed the network's own certificate; empty: the device trusts any."""
    outer_identity: bytes = b""

    def __post_init__(self) -> None:
        check_identity(self.outer_identity)
        for pem in filter(None, (self.certificate, self.ca)):
            _check_length(len(pem), LONGEST_CERTIFICATE)
        _check_length(len(self.private_key), LONGEST_PRIVATE_KEY)
        if not _is_pem(self.certificate) or not self.private_key:
            raise ValueError("a sign-in by certificate needs PEM with CRLF, and a key")
        if self.ca and not _is_pem(self.ca):
            raise ValueError("a CA certificate is PEM with CRLF")


SignIn = PasswordSignIn | CertificateSignIn


@value
class CertificateFiles:
    """Where a sign-in by certificate is to be read from."""

    certificate: Path
    private_key: Path | None = None
    """None: it is in the same file as the certificate."""
    key_password: Secret | None = None
    ca: Path | None = None
    outer_identity: bytes = b""


def check_identity(identity: bytes) -> None:
    """Raise what is wrong with a user name; an empty one is nobody's and fine here.

    The device never un-escapes it, so the characters that end a JSON string early, or the
    device's own string, cannot be sent.
    """
    if len(identity) > LONGEST_IDENTITY:
        raise UserNameLength(length=len(identity))
    if set(b'"\\\0') & set(identity):
        raise UserNameImpossible


def _check_length(length: int, longest: int) -> None:
    if length > longest:
        raise CertificateTooLong(length=length, allowed=longest)


def _is_pem(text: bytes) -> bool:
    plain = not set(b'"\\\0') & set(text)
    return plain and text.startswith(_PEM_BEGIN) and text.endswith(_PEM_END)
