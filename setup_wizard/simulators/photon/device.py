"""The device without its sockets: who it is, what it remembers, and its answer to each command."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from setup_wizard.simulators.photon import credentials, radio
from setup_wizard.simulators.photon.credentials import Enterprise, Refused, StoredNetwork
from setup_wizard.simulators.photon.crypto import DeviceKey
from setup_wizard.simulators.photon.reader import DoesNotParse, Kind, read_request

COMMANDS = frozenset(
    {"version", "device-id", "scan-ap", "public-key", "set", "configure-ap", "connect-ap"}
)
COMMANDS_WITH_BODY = frozenset({"set", "configure-ap"})
"""The others do not even read what follows their head."""

_SET_KINDS = {b"k": Kind.STRING, b"v": Kind.STRING}
_LONGEST_NAME = 2
_LONGEST_CLAIM_CODE = 63
_CIPHERS = {radio.TKIP: "tkip", radio.AES: "aes", radio.TKIP | radio.AES: "mixed"}


@dataclass(frozen=True)
class Answer:
    """What the device writes, piece by piece: over HTTP each piece becomes a chunk."""

    pieces: tuple[bytes, ...] = ()
    """Nothing at all if the request did not parse."""
    scanned: bool = False
    leaves: bool = False


class Device:
    """A Photon in listening mode."""

    def __init__(
        self, *, device_id: str, key: DeviceKey, claimed: bool, scan: Sequence[radio.ScanEntry]
    ) -> None:
        self.key = key
        self.commands = 0
        self._as_new = (device_id, claimed, tuple(scan))
        self.reset()

    def reset(self) -> None:
        """Become as new: nothing stored, the first identity and neighbourhood; the key stays."""
        self.device_id, self.claimed, self.scan = self._as_new
        self.networks: tuple[StoredNetwork, ...] = ()
        self.enterprise: Enterprise | None = None
        self.claim_code = b""

    def answer(self, command: str, body: bytes | None) -> Answer:
        """Carry out one of the COMMANDS; body is None if none came or it could not be read."""
        self.commands += 1
        match command:
            case "version":
                return Answer((b'{"v":2}',))
            case "device-id":
                return Answer(tuple(self._identity()))
            case "public-key":
                return Answer(tuple(self._public_key()))
            case "scan-ap":
                return Answer(tuple(self._scan()), scanned=True)
            case "connect-ap":
                return replace(_result(0), leaves=True)
        try:
            return self._set(body) if command == "set" else self._configure(body)
        except DoesNotParse:
            return Answer()

    def _set(self, body: bytes | None) -> Answer:
        values = {b"k": b"", b"v": b""}
        values.update(read_request(_present(body), _SET_KINDS))
        name = values[b"k"][:_LONGEST_NAME]
        value = values[b"v"][:_LONGEST_CLAIM_CODE]
        if name != b"cc" or not value:
            return _result(-1)
        self.claim_code = value
        return _result(0)

    def _configure(self, body: bytes | None) -> Answer:
        request = credentials.parse(_present(body), self.key)
        try:
            network = credentials.accept(request, self.scan)
            if request.eap != credentials.EAP_NONE:
                self.enterprise = credentials.accept_enterprise(request)
        except Refused as refusal:
            return replace(_result(refusal.code), scanned=request.needs_scan)
        self.networks = credentials.remember(self.networks, network)
        return replace(_result(0), scanned=request.needs_scan)

    def _identity(self) -> Iterator[bytes]:
        yield b"{"
        yield from _string(b"id", self.device_id.upper().encode())
        yield b","
        yield from _string(b"c", b"1" if self.claimed else b"0")
        yield b"}"

    def _public_key(self) -> Iterator[bytes]:
        yield b"{"
        yield b'"b":"'
        for digit in self.key.public_key_field.hex().upper():
            yield digit.encode()
        yield b'"'
        yield b","
        yield from _number(b"r", 0)
        yield b"}"

    def _scan(self) -> Iterator[bytes]:
        yield b'{"scans":['
        shown = [station for station in self.scan if station.shown]
        for position, station in enumerate(shown):
            if position:
                yield b","
            yield b"{"
            yield from _string(b"ssid", station.shown)
            numbers = (
                (b"rssi", station.rssi),
                (b"sec", station.security),
                (b"ch", station.channel),
                (b"mdr", station.max_data_rate),
            )
            for name, value in numbers:
                yield b","
                yield from _number(name, value)
            yield b"}"
        yield b"]}"

    @property
    def stored(self) -> dict[str, object]:
        """What is remembered, in the form of the recorded cases (tests/golden/README)."""
        try:
            text: str | None = self.claim_code.decode()
        except UnicodeDecodeError:
            text = None
        return {
            "claim_code": text,
            "claim_code_hex": self.claim_code.hex(),
            "networks": [self._stored_network(network) for network in self.networks],
        }

    def _stored_network(self, network: StoredNetwork) -> dict[str, object]:
        entry: dict[str, object] = {
            "ssid_hex": network.ssid.hex(),
            "passphrase_hex": (network.passphrase or b"").hex(),
            "security": network.security,
            "channel": network.channel,
        }
        cipher = _CIPHERS.get(network.security & (radio.TKIP | radio.AES))
        if cipher and network.security & (radio.WPA | radio.WPA2):
            entry["cipher"] = cipher
        if self.enterprise is not None and network.security & radio.ENTERPRISE:
            entry |= _stored_enterprise(self.enterprise)
        return entry


def _stored_enterprise(enterprise: Enterprise) -> dict[str, object]:
    entry: dict[str, object] = {
        "eap": enterprise.eap,
        "inner_identity_hex": enterprise.inner_identity.hex(),
        "outer_identity_hex": enterprise.outer_identity.hex(),
        "eap_password_hex": enterprise.password.hex(),
    }
    if enterprise.ca:
        entry["ca_hex"] = enterprise.ca[:-1].hex()
    if enterprise.eap == credentials.EAP_TLS:
        entry["client_cert_hex"] = enterprise.client_certificate.split(b"\0", 1)[0].hex()
        entry["private_key_hex"] = enterprise.private_key.hex()
    return entry


def _present(body: bytes | None) -> bytes:
    if not body:
        raise DoesNotParse
    return body


def _result(code: int) -> Answer:
    return Answer((b"{", *_number(b"r", code), b"}"))


def _number(name: bytes, value: int) -> Iterator[bytes]:
    yield from (b'"', name, b'"', b":", str(value).encode())


def _string(name: bytes, value: bytes) -> Iterator[bytes]:
    yield from (b'"', name, b'"', b":", b'"', value, b'"')
