"""The device's words: bodies of its commands as bytes, and what its answers mean. No I/O.

The device never un-escapes an SSID and never escapes one, so JSON libraries are of no use where
an SSID is: requests are put together from bytes, and scans are read by their fixed structure.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from setup_wizard.domain.device import DeviceId, DeviceIdentity
from setup_wizard.domain.enterprise import CertificateSignIn, PasswordSignIn
from setup_wizard.domain.errors import (
    DeviceGarbled,
    DeviceRefused,
    NetworkNameLength,
    NetworkUnseen,
    PassphraseLength,
    SignInNotStored,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.wifi import LONGEST_SSID, Credentials, Network, Security, SecurityKind

LONGEST_CLAIM_CODE = 63  # bytes; the device drops the rest silently, and the claim then fails
UNREAD = "unread"
"""Stands for the result of a request that the device could not parse: it gives no number then."""

_TAIL = rb'","rssi":(-?\d{1,10}),"sec":(-?\d{1,10}),"ch":(-?\d{1,10}),"mdr":(-?\d{1,10})\}'
# A tail is longer than an SSID can be, so no SSID can pretend to be one: this reads any bytes.
_ENTRY = re.compile(rb'\{"ssid":"(.{0,%d}?)%s' % (LONGEST_SSID, _TAIL), re.DOTALL)
_SCAN_HEAD = b'{"scans":['
_SCAN_END = re.compile(_TAIL + rb"\]\}\Z")
_LENIENT = json.JSONDecoder(strict=False)  # control bytes stand bare in what a device says
_RESULT_ALONE = re.compile(rb'\{"r":-?\d{1,10}\}')
_LONGEST_SCAN_END = 100  # bytes: the tail with the longest numbers


class Command(StrEnum):
    """The device's commands, as far as a set-up needs them."""

    DEVICE_ID = "device-id"
    SCAN = "scan-ap"
    PUBLIC_KEY = "public-key"
    SET = "set"
    CONFIGURE = "configure-ap"
    CONNECT = "connect-ap"


class _Result(IntEnum):
    """The device's `r`."""

    DONE = 0
    SIGN_IN_REFUSED = 1
    CODE_REFUSED = -1
    NETWORK_UNSEEN = -2
    SSID_LENGTH = -3
    PASSPHRASE_LENGTH = -4


class _Eap(IntEnum):
    """The kinds of sign-in to a company network, by their number in RFC 3748's registry."""

    TLS = 13
    PEAP = 25


def encode_claim_code(code: Secret) -> bytes:
    """Body of `set`. Raises DeviceRefused for a code that the device cannot keep as it is."""
    raw = code.reveal_bytes()
    if not 1 <= len(raw) <= LONGEST_CLAIM_CODE or b'"' in raw or b"\\" in raw:
        raise DeviceRefused(command=Command.SET, result=int(_Result.CODE_REFUSED))
    return b'{"k":"cc","v":"%s"}' % raw


@dataclass(frozen=True)
class SealedKey:
    """A private key as it travels: hexadecimal, made readable for one device only."""

    key: str
    session_key: str


def encode_network(network: Network, encrypted_passphrase: str | None) -> bytes:
    """Body of `configure-ap`: the SSID raw, no `pwd` for an open network."""
    return _object(_place(network, encrypted_passphrase))


def encode_password_sign_in(
    network: Network, sign_in: PasswordSignIn, encrypted_password: str
) -> bytes:
    """Body of `configure-ap` for PEAP: the identities raw, as the SSID."""
    fields = [*_place(network, encrypted_password), _text("ii", sign_in.identity)]
    if sign_in.outer_identity:
        fields.append(_text("oi", sign_in.outer_identity))
    return _object([*fields, _number_field("eap", _Eap.PEAP)])


def encode_certificate_sign_in(
    network: Network, sign_in: CertificateSignIn, sealed: SealedKey
) -> bytes:
    """Body of `configure-ap` for EAP-TLS. Certificates are the only texts that are un-escaped."""
    fields = [*_place(network, None), _number_field("eap", _Eap.TLS)]
    if sign_in.outer_identity:
        fields.append(_text("oi", sign_in.outer_identity))
    fields.append(_text("crt", _escaped(sign_in.certificate)))
    fields.append(_text("key", sealed.key.encode()))
    fields.append(_text("ek", sealed.session_key.encode()))
    if sign_in.ca:
        fields.append(_text("ca", _escaped(sign_in.ca)))
    return _object(fields)


def encode_connect() -> bytes:
    """Body of `connect-ap`."""
    return b'{"idx":0}'


def is_whole(command: Command, body: bytes) -> bool:
    """Whether the JSON of an answer has arrived completely. Never raises."""
    if command is not Command.SCAN:
        return b"}" in body  # one flat object of numbers and hexadecimal digits
    body = body.rstrip()
    if not body.endswith(b"]}"):
        return _RESULT_ALONE.fullmatch(body) is not None
    if _SCAN_END.search(body[-_LONGEST_SCAN_END:]):
        return True
    try:
        _read_scan_as_json(body)
    except (ValueError, DeviceGarbled, DeviceRefused):
        return False
    return True


def decode_identity(body: bytes) -> DeviceIdentity:
    answer = _read_object(Command.DEVICE_ID, body)
    text = answer.get("id")
    if not isinstance(text, str):
        raise DeviceGarbled(command=Command.DEVICE_ID)
    try:
        device_id = DeviceId.parse(text)
    except ValueError as error:
        raise DeviceGarbled(command=Command.DEVICE_ID) from error
    return DeviceIdentity(device_id, claimed_before=_read_flag(answer.get("c", "0")))


def decode_public_key(body: bytes) -> str:
    """The key as the device writes it: hexadecimal DER with padding."""
    answer = _read_object(Command.PUBLIC_KEY, body)
    if "r" in answer:
        _require_success(Command.PUBLIC_KEY, _read_result(Command.PUBLIC_KEY, answer))
    key = answer.get("b")
    if not isinstance(key, str):
        raise DeviceGarbled(command=Command.PUBLIC_KEY)
    return key


def decode_scan(body: bytes) -> tuple[Network, ...]:
    """Every network in the answer, whatever bytes its neighbours have in their names."""
    if not body.strip():
        raise DeviceRefused(command=Command.SCAN, result=UNREAD)
    entries = list(_ENTRY.finditer(body))
    networks = tuple(_network(entry[1], *(int(entry[n]) for n in range(2, 6))) for entry in entries)
    if body.strip() == _SCAN_HEAD + b",".join(entry[0] for entry in entries) + b"]}":
        return networks
    # Not quite the structure that the device writes: JSON says whether it is something else.
    try:
        return _read_scan_as_json(body)
    except ValueError as error:
        if networks:
            return networks
        raise DeviceGarbled(command=Command.SCAN) from error


def require_success(command: Command, body: bytes) -> None:
    """Raise DeviceRefused unless the device says that it did what it was told."""
    _require_success(command, _read_result(command, _read_object(command, body)))


def require_stored(credentials: Credentials, body: bytes) -> None:
    """Raise what the device says against a network, in set-up's words."""
    result = _read_result(Command.CONFIGURE, _read_object(Command.CONFIGURE, body))
    match result:
        case _Result.DONE:
            return
        case _Result.NETWORK_UNSEEN:
            raise NetworkUnseen(network=credentials.network.name)
        case _Result.SSID_LENGTH:
            raise NetworkNameLength(length=len(credentials.network.ssid))
        case _Result.SIGN_IN_REFUSED if credentials.sign_in is not None:
            raise SignInNotStored
        case _Result.PASSPHRASE_LENGTH:
            length = 0 if credentials.passphrase is None else len(credentials.passphrase)
            raise PassphraseLength(length=length, allowed="8–64")
        case _:
            raise DeviceRefused(command=Command.CONFIGURE, result=result)


def _place(network: Network, encrypted_passphrase: str | None) -> list[bytes]:
    """What every network has, always in this order."""
    fields = [_number_field("idx", 0), _text("ssid", network.ssid)]
    if encrypted_passphrase is not None:
        fields.append(_text("pwd", encrypted_passphrase.encode()))
    security = network.security
    if security.kind is SecurityKind.UNKNOWN:
        # An odd number makes the device take the passphrase for a WEP key. What it is told here
        # it only stores when it is too old to look for the network itself.
        security = Security.WPA2
    return [*fields, _number_field("sec", security.code), _number_field("ch", network.channel)]


def _object(fields: list[bytes]) -> bytes:
    return b"{" + b",".join(fields) + b"}"


def _text(name: str, value: bytes) -> bytes:
    return b'"%s":"%s"' % (name.encode(), value)


def _number_field(name: str, value: int) -> bytes:
    return b'"%s":%d' % (name.encode(), value)


def _escaped(pem: bytes) -> bytes:
    return pem.replace(b"\r", b"\\r").replace(b"\n", b"\\n")


def _read_scan_as_json(body: bytes) -> tuple[Network, ...]:
    """Raises ValueError for what is no JSON, DeviceGarbled or DeviceRefused for what is no scan."""
    answer = _parse(body)
    scans = answer.get("scans")
    if scans is None and "r" in answer:
        _require_success(Command.SCAN, _read_result(Command.SCAN, answer))
    if not isinstance(scans, list):
        raise DeviceGarbled(command=Command.SCAN)
    return tuple(_read_scan_entry(entry) for entry in scans)


def _read_scan_entry(entry: object) -> Network:
    if not isinstance(entry, dict) or not isinstance(entry.get("ssid"), str):
        raise DeviceGarbled(command=Command.SCAN)
    ssid: str = entry["ssid"]
    try:
        raw = ssid.encode("latin-1")
    except UnicodeEncodeError:  # somebody else's escapes: no device of ours writes them
        raw = ssid.encode("utf-8", "surrogatepass")
    return _network(raw, *(_number(entry.get(key)) for key in ("rssi", "sec", "ch", "mdr")))


def _network(ssid: bytes, rssi: int, security: int, channel: int, rate: int) -> Network:
    return Network(ssid, Security(security), rssi=rssi, channel=channel, max_data_rate=rate)


def _read_result(command: Command, answer: dict[str, object]) -> int:
    result = answer.get("r")
    if not isinstance(result, int) or isinstance(result, bool):
        raise DeviceGarbled(command=command)
    return result


def _require_success(command: Command, result: int) -> None:
    if result != _Result.DONE:
        raise DeviceRefused(command=command, result=result)


def _read_flag(value: object) -> bool:
    """The device writes "0" and "1"; numbers and booleans mean the same."""
    match value:
        case "0" | 0 | False:
            return False
        case "1" | 1 | True:
            return True
        case _:
            raise DeviceGarbled(command=Command.DEVICE_ID)


def _read_object(command: Command, body: bytes) -> dict[str, object]:
    if not body.strip():
        raise DeviceRefused(command=command, result=UNREAD)
    try:
        return _parse(body)
    except ValueError as error:
        raise DeviceGarbled(command=command) from error


def _parse(body: bytes) -> dict[str, object]:
    """A JSON object, each byte of it one character, so that any bytes pass. Raises ValueError."""
    try:
        answer = _LENIENT.decode(body.decode("latin-1"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(answer, dict):
        raise ValueError("not an object")
    return answer


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise DeviceGarbled(command=Command.SCAN)
    return value
