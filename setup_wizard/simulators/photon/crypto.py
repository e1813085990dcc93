"""The device's key pair and how it opens what is sent to it, its error codes included."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_KEY_BITS = 1024
_KEY_BYTES = _KEY_BITS // 8
_PUBLIC_KEY_FIELD = 294  # bytes of flash that are kept for the public key, unused ones are zero
_SHORTEST_PADDING = 8

BAD_PADDING = -16640
NOT_BELOW_MODULUS = -17156


class Undecipherable(Exception):
    """A ciphertext was not made for this key; the code is what the device answers."""

    def __init__(self, code: int) -> None:
        super().__init__(f"r {code}")
        self.code = code


class DeviceKey:
    """An RSA-1024 key pair."""

    def __init__(self, pkcs1_der: bytes | None = None) -> None:
        if pkcs1_der is None:
            # The real device has 1024 bits: this is a simulator of it.
            key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
        else:
            loaded = serialization.load_der_private_key(
                pkcs1_der, password=None, unsafe_skip_rsa_key_validation=True
            )
            if not isinstance(loaded, rsa.RSAPrivateKey) or loaded.key_size != _KEY_BITS:
                raise ValueError("the device needs an RSA private key of 1024 bits")
            key = loaded
        numbers = key.private_numbers()
        self._exponent = numbers.d
        self._modulus = numbers.public_numbers.n
        self.public_key_field = (
            key.public_key()
            .public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            )
            .ljust(_PUBLIC_KEY_FIELD, b"\0")
        )

    def decrypt(self, ciphertext: bytes) -> bytes:
        """Open one PKCS#1 v1.5 block; bytes after the first 128 are not looked at.

        Done by hand: libraries answer bad padding with made-up bytes, the device with an error.
        """
        number = int.from_bytes(ciphertext[:_KEY_BYTES].ljust(_KEY_BYTES, b"\0"), "big")
        if number >= self._modulus:
            raise Undecipherable(NOT_BELOW_MODULUS)
        block = pow(number, self._exponent, self._modulus).to_bytes(_KEY_BYTES, "big")
        padding, separator, plaintext = block[2:].partition(b"\0")
        if block[:2] != b"\x00\x02" or not separator or len(padding) < _SHORTEST_PADDING:
            raise Undecipherable(BAD_PADDING)
        return plaintext


def decrypt_private_key(ciphertext: bytes, key_and_vector: bytes) -> bytes:
    """Open the private key of an EAP-TLS client: AES-128-CBC, padding left where it is."""
    material = key_and_vector.ljust(32, b"\0")
    cipher = Cipher(algorithms.AES(material[:16]), modes.CBC(material[16:32]))
    whole = ciphertext + b"\0" * (-len(ciphertext) % 16)
    decryptor = cipher.decryptor()
    return (decryptor.update(whole) + decryptor.finalize())[: len(ciphertext)]
