"""What `configure-ap` asks for and what the device makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from setup_wizard.simulators.photon import radio
from setup_wizard.simulators.photon.crypto import DeviceKey, Undecipherable, decrypt_private_key
from setup_wizard.simulators.photon.reader import Kind, from_hex, read_request, to_int, unescape

_KINDS = {
    b"idx": Kind.PRIMITIVE,
    b"ssid": Kind.STRING,
    b"pwd": Kind.STRING,
    b"ch": Kind.PRIMITIVE,
    b"sec": Kind.PRIMITIVE,
    b"eap": Kind.PRIMITIVE,
    b"oi": Kind.STRING,
    b"ii": Kind.STRING,
    b"crt": Kind.STRING,
    b"ek": Kind.STRING,
    b"key": Kind.STRING,
    b"ca": Kind.STRING,
}

NOT_SEEN = -2
BAD_SSID = -3
BAD_PASSPHRASE_LENGTH = -4
ENTERPRISE_REFUSED = 1

_SLOTS = 5
_WEP_LENGTHS = range(5, 59)
_WPA_LENGTHS = range(8, 65)
_LONGEST_KEY = 64
_LONGEST_IDENTITY = 64
_CERTIFICATE_SIZE = 4096  # with its end byte
_PRIVATE_KEY_SIZE = 4096

EAP_NONE = 0
EAP_TLS = 13
EAP_PEAP = 25


class Refused(Exception):
    """The request was understood and turned down; the code is the answer's `r`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"r {code}")
        self.code = code


@dataclass(frozen=True)
class StoredNetwork:
    """One of the five networks that the device remembers."""

    ssid: bytes
    passphrase: bytes | None = field(repr=False)
    """None for a network without one; the raw key for WEP."""
    security: int
    channel: int


@dataclass(frozen=True)
class Enterprise:
    """The one set of enterprise credentials that the device remembers."""

    eap: int
    inner_identity: bytes
    outer_identity: bytes
    password: bytes = field(repr=False)
    ca: bytes
    client_certificate: bytes
    private_key: bytes = field(repr=False)


@dataclass
class Request:
    """The fields of one `configure-ap`, decrypted as they were read."""

    ssid: bytes = b""
    password: bytes = field(default=b"", repr=False)
    channel: int = 0
    security: int = 0
    eap: int = EAP_NONE
    outer_identity: bytes = b""
    inner_identity: bytes = b""
    certificate: bytes = b""
    private_key: bytes = field(default=b"", repr=False)
    ca: bytes = b""
    undecipherable: int = 0
    """The code of the last ciphertext that did not open, 0 if it did."""

    @property
    def needs_scan(self) -> bool:
        """Whether the device looks for the network itself before it stores it."""
        return self.security != 0 and not self.security & radio.WEP


def parse(body: bytes, key: DeviceKey) -> Request:
    """Read the request; an empty value leaves what an earlier duplicate has set."""
    request = Request()
    session_key: bytes | None = None
    encrypted_key = b""
    for name, value in read_request(body, _KINDS):
        match name:
            case b"ssid":
                request.ssid = value or request.ssid
            case b"pwd":
                request.password = _decrypt(request, key, value) or request.password
            case b"ch":
                request.channel = to_int(value) & 0xFF
            case b"sec":
                request.security = to_int(value)
            case b"eap":
                request.eap = to_int(value)
            case b"oi":
                request.outer_identity = value or request.outer_identity
            case b"ii":
                request.inner_identity = value or request.inner_identity
            case b"crt":
                request.certificate = _pem(value)
            case b"ca":
                request.ca = _pem(value)
            case b"ek" if len(value) > 1:
                session_key = _decrypt(request, key, value, text=False)
            case b"key":
                encrypted_key = value
                # The device would take a network without a password for an open one.
                request.password = b"1"
    if encrypted_key and session_key is not None:
        request.private_key = decrypt_private_key(from_hex(encrypted_key), session_key)
        request.undecipherable = 0  # the device forgets the error here
    return request


def _decrypt(request: Request, key: DeviceKey, value: bytes, *, text: bool = True) -> bytes:
    if len(value) < 2:
        return value  # too short to be hexadecimal: taken as it is
    try:
        plaintext = key.decrypt(from_hex(value))
    except Undecipherable as error:
        request.undecipherable = error.code
        return b""
    request.undecipherable = 0
    return plaintext.split(b"\0", 1)[0] if text else plaintext


def _pem(value: bytes) -> bytes:
    """Un-escape a certificate and keep its end byte.

    The device un-escapes in place and writes no new end, so after any escape the end byte is
    the character that was there before.
    """
    plain = unescape(value)
    return plain + (value[len(plain) : len(plain) + 1] or b"\0")


def accept(request: Request, scan: Sequence[radio.ScanEntry]) -> StoredNetwork:
    """Make the entry to be stored, or refuse in the order in which the device checks."""
    if request.undecipherable:
        raise Refused(request.undecipherable)
    if not 1 <= len(request.ssid) <= radio.LONGEST_SSID:
        raise Refused(BAD_SSID)
    security = _seen_security(request.ssid, scan) if request.needs_scan else request.security & 1
    length = len(request.password)
    if security & radio.WEP and length not in _WEP_LENGTHS:
        raise Refused(BAD_PASSPHRASE_LENGTH)
    is_wpa = security & (radio.WPA | radio.WPA2) and not security & radio.ENTERPRISE
    if is_wpa and length not in _WPA_LENGTHS:
        raise Refused(BAD_PASSPHRASE_LENGTH)
    passphrase = request.password[:_LONGEST_KEY]
    if security == radio.WEP:
        passphrase = from_hex(passphrase)
    return StoredNetwork(request.ssid, passphrase or None, security, request.channel)


def _seen_security(ssid: bytes, scan: Sequence[radio.ScanEntry]) -> int:
    """Return what the radio says of the network; of several stations the last one counts."""
    stations = [station for station in scan if station.ssid == ssid]
    if not stations or not stations[-1].rssi:
        raise Refused(NOT_SEEN)
    return stations[-1].security


def accept_enterprise(request: Request) -> Enterprise:
    """Make the enterprise credentials to be stored, or refuse."""
    if request.eap == EAP_PEAP:
        complete = (
            1 <= len(request.inner_identity) <= _LONGEST_IDENTITY
            and 1 <= len(request.password) <= _LONGEST_KEY
        )
    elif request.eap == EAP_TLS:
        complete = _is_usable(request.certificate, _CERTIFICATE_SIZE) and _is_usable(
            request.private_key, _PRIVATE_KEY_SIZE
        )
    else:
        complete = False
    if not complete or len(request.ca) > _CERTIFICATE_SIZE:
        raise Refused(ENTERPRISE_REFUSED)
    return Enterprise(
        eap=request.eap,
        inner_identity=_if_at_most(_LONGEST_IDENTITY, request.inner_identity),
        outer_identity=_if_at_most(_LONGEST_IDENTITY, request.outer_identity),
        password=_if_at_most(_LONGEST_KEY, request.password),
        ca=_if_at_most(_CERTIFICATE_SIZE - 1, request.ca),
        client_certificate=request.certificate if request.eap == EAP_TLS else b"",
        private_key=request.private_key if request.eap == EAP_TLS else b"",
    )


def _if_at_most(longest: int, value: bytes) -> bytes:
    """Return the value, or nothing: what is too long is left out without a word."""
    return value if len(value) <= longest else b""


def _is_usable(data: bytes, size: int) -> bool:
    """Whether it is a PEM certificate or begins as DER: so a private key in PEM is refused."""
    if not 0 < len(data) < size:
        return False
    return b"-----BEGIN CERTIFICATE-----" in data or _is_der(data)


def _is_der(data: bytes) -> bool:
    if len(data) < 2 or data[0] != 0x30:
        return False
    count = data[1] & 0x7F if data[1] & 0x80 else 0
    length = int.from_bytes(data[2 : 2 + count], "big") if count else data[1]
    return 0 < length <= len(data) - 2 - count


def remember(networks: Sequence[StoredNetwork], new: StoredNetwork) -> tuple[StoredNetwork, ...]:
    """Put a network in its slot: its own, that of the one enterprise network, or the first."""
    slots = list(networks)
    same = [i for i, old in enumerate(slots) if old.ssid == new.ssid]
    if new.security & radio.ENTERPRISE:
        same += [i for i, old in enumerate(slots) if old.security & radio.ENTERPRISE]
    if not same:
        return (new, *slots)[:_SLOTS]
    place = same[0]
    slots[place] = new
    return tuple(slot for i, slot in enumerate(slots) if i == place or i not in same)
