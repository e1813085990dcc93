"""The device's public key, and a passphrase made readable for that device only."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_der_public_key

from setup_wizard.domain.errors import DeviceGarbled
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import Security, SecurityKind
from setup_wizard.softap.codec import Command, SealedKey

_KEY_BITS = 1024  # every device; other lengths give other than 256 digits and corrupt its memory
_WEP_TEXT_LENGTHS = (5, 13)
_SEQUENCE = 0x30
_SESSION_KEY = 16  # bytes: AES-128, and as many for the vector that begins the chain


@dataclass(frozen=True)
class DeviceKey:
    """The public key of one device. Two are equal when they are the same key."""

    der: bytes
    _rsa: RSAPublicKey = field(repr=False, compare=False)

    @classmethod
    def parse(cls, hexadecimal: str) -> DeviceKey:
        """From the device's answer, padded with zero bytes or not. Raises DeviceGarbled."""
        try:
            der = _without_padding(bytes.fromhex(hexadecimal))
            key = load_der_public_key(der)
        except (ValueError, UnsupportedAlgorithm) as error:
            raise DeviceGarbled(command=Command.PUBLIC_KEY) from error
        if not isinstance(key, RSAPublicKey) or key.key_size != _KEY_BITS:
            raise DeviceGarbled(command=Command.PUBLIC_KEY)
        return cls(der, key)

    def encrypt(self, passphrase: Secret, security: Security) -> str:
        """256 lower-case hexadecimal digits, leading zeros kept."""
        return self._encrypt(_as_the_device_keeps_it(passphrase.reveal_bytes(), security))

    def seal(self, private_key: Secret) -> SealedKey:
        """A DER private key, too long for RSA, under a key of its own that is used once."""
        session_key, vector = secrets.token_bytes(_SESSION_KEY), secrets.token_bytes(_SESSION_KEY)
        padder = PKCS7(AES.block_size).padder()
        padded = padder.update(private_key.reveal_bytes()) + padder.finalize()
        encryptor = Cipher(AES(session_key), CBC(vector)).encryptor()
        encrypted = encryptor.update(padded) + encryptor.finalize()
        return SealedKey(key=encrypted.hex(), session_key=self._encrypt(session_key + vector))

    def _encrypt(self, plain: bytes) -> str:
        try:
            encrypted = self._rsa.encrypt(plain, padding.PKCS1v15())
        except ValueError:
            # Not chained: nothing that has seen the passphrase goes into a log.
            raise DeviceGarbled(command=Command.PUBLIC_KEY) from None
        return encrypted.hex()


def _as_the_device_keeps_it(passphrase: bytes, security: Security) -> bytes:
    """The device always hex-decodes WEP keys, so text keys must become hexadecimal first."""
    if security.kind is SecurityKind.WEP and len(passphrase) in _WEP_TEXT_LENGTHS:
        return passphrase.hex().encode()
    return passphrase


def _without_padding(padded: bytes) -> bytes:
    """The DER value alone: the device writes its whole buffer, 132 zero bytes too many."""
    if len(padded) < 2 or padded[0] != _SEQUENCE:
        raise ValueError("not a DER sequence")
    start, length = 2, padded[1]
    if length & 0x80:  # the long form: the low bits say how many bytes the length takes
        start += length & 0x7F
        length = int.from_bytes(padded[2:start], "big")
    if start + length > len(padded):
        raise ValueError("the DER value is cut short")
    return padded[: start + length]
