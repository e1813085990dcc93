"""Networks as radios know them: an SSID is bytes, security is a number, strength is in dBm."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import ClassVar

from setup_wizard.domain.enterprise import SignIn
from setup_wizard.domain.errors import (
    JoinError,
    NetworkJoinFailed,
    NetworkNameImpossible,
    NetworkNameLength,
    NetworkSignInRefused,
    PassphraseImpossible,
    PassphraseLength,
    PassphraseMissing,
    PassphraseNeedless,
    SignInMissing,
    SignInNeedless,
    WepKeyImpossible,
    WrongPassphrase,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.value import value

LONGEST_SSID = 32  # bytes, IEEE 802.11
LONGEST_PASSPHRASE = 64  # bytes
_WPA_LENGTHS = range(8, LONGEST_PASSPHRASE + 1)  # bytes; the device takes 64 too, a raw key in hex
_WEP_TEXT_LENGTHS = (5, 13)
_WEP_HEX_LENGTHS = (10, 26)


class SecurityKind(Enum):
    """The families of Wi-Fi security that a person or a check tells apart."""

    OPEN = "open"
    WEP = "wep"
    WPA = "wpa"
    WPA2 = "wpa2"
    ENTERPRISE = "enterprise"
    UNKNOWN = "unknown"

    @property
    def takes_passphrase(self) -> bool:
        """Rather than nothing, or a sign-in."""
        return self not in (SecurityKind.OPEN, SecurityKind.ENTERPRISE)


@value
class Security:
    """A WICED security number: what the device scans, stores and is told."""

    code: int

    OPEN: ClassVar[Security]
    WEP: ClassVar[Security]
    WPA: ClassVar[Security]
    WPA2: ClassVar[Security]
    WPA_ENTERPRISE: ClassVar[Security]
    WPA2_ENTERPRISE: ClassVar[Security]

    @property
    def kind(self) -> SecurityKind:
        """Unknown and negative numbers occur in the wild and are no reason to stop."""
        if self.code == 0:
            return SecurityKind.OPEN
        if self.code in (0x1, 0x8001):
            return SecurityKind.WEP
        return _FAMILIES.get(self.code & ~_CIPHERS, SecurityKind.UNKNOWN)


_CIPHERS = 0x6  # TKIP 2, AES 4, both 6
_FAMILIES = {
    0x0200000: SecurityKind.WPA,
    0x0400000: SecurityKind.WPA2,
    0x2200000: SecurityKind.ENTERPRISE,
    0x2400000: SecurityKind.ENTERPRISE,
}
Security.OPEN = Security(0)
Security.WEP = Security(0x1)
Security.WPA = Security(0x200002)
Security.WPA2 = Security(0x400004)
Security.WPA_ENTERPRISE = Security(0x2200002)
Security.WPA2_ENTERPRISE = Security(0x2400004)


@value
class Network:
    """A Wi-Fi network as a radio sees it, or as a person names it."""

    ssid: bytes
    security: Security
    rssi: int | None = None
    """dBm, for example -41; None for a network that was typed in."""
    channel: int = 0
    max_data_rate: int | None = None
    """kbit/s."""

    @property
    def name(self) -> str:
        """The SSID for people: UTF-8 where it is, escapes where it is not."""
        text = self.ssid.decode("utf-8", "backslashreplace")
        return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)

    @property
    def bars(self) -> int:
        """Strength from 0 to 4."""
        if self.rssi is None:
            return 0
        return sum(self.rssi > limit for limit in (-88, -77, -66, -55))


def strongest_first(networks: Iterable[Network]) -> tuple[Network, ...]:
    """One entry for each SSID and kind of security, the strongest station, strongest first."""
    best: dict[tuple[bytes, SecurityKind], Network] = {}
    for network in networks:
        key = (network.ssid, network.security.kind)
        if key not in best or _strength(network) > _strength(best[key]):
            best[key] = network
    return tuple(sorted(best.values(), key=lambda n: (-_strength(n), n.name.casefold())))


def _strength(network: Network) -> int:
    return -1000 if network.rssi is None else network.rssi


@value
class Credentials:
    """The network that a device is to use, checked: whatever is here can be stored exactly."""

    network: Network
    passphrase: Secret | None = None
    sign_in: SignIn | None = None
    """For a company network, and only for that, in place of a passphrase."""

    def __post_init__(self) -> None:
        check_ssid(self.network.ssid)
        kind = self.network.security.kind
        if self.sign_in is not None:
            if kind is not SecurityKind.ENTERPRISE:
                raise SignInNeedless(network=self.network.name)
        elif kind is SecurityKind.OPEN and self.passphrase:
            # Whoever has one expects another network than this, of the same name perhaps.
            raise PassphraseNeedless(network=self.network.name)
        else:
            check_passphrase(self.network.security, self.passphrase)


def join_failure(credentials: Credentials) -> JoinError:
    """What it means that a device came back from a network that it could see."""
    network = credentials.network
    if network.security.kind is SecurityKind.ENTERPRISE:
        return NetworkSignInRefused(network=network.name)
    if network.security.kind is SecurityKind.OPEN:
        return NetworkJoinFailed(network=network.name)
    return WrongPassphrase(network=network.name)


def check_ssid(ssid: bytes) -> None:
    """Raise what is wrong with a network name before anything is sent.

    The device takes the SSID raw and never un-escapes it, so the two characters that end a
    JSON string early cannot be sent at all, nor the one that ends the device's own string.
    """
    if not 1 <= len(ssid) <= LONGEST_SSID:
        raise NetworkNameLength(length=len(ssid))
    if b'"' in ssid or b"\\" in ssid or b"\0" in ssid:
        raise NetworkNameImpossible


def check_passphrase(security: Security, passphrase: Secret | None) -> None:
    """Raise what is wrong with a passphrase for this kind of security."""
    length = 0 if passphrase is None else len(passphrase)
    match security.kind:
        case SecurityKind.OPEN:
            return
        case SecurityKind.ENTERPRISE:
            raise SignInMissing
        case SecurityKind.WEP if length and not _is_wep_key(passphrase):
            if length in _WEP_HEX_LENGTHS:
                raise WepKeyImpossible(length=length)
            raise PassphraseLength(length=length, allowed="5, 10, 13, 26")
        case SecurityKind.WPA | SecurityKind.WPA2 if length and length not in _WPA_LENGTHS:
            raise PassphraseLength(length=length, allowed="8–64")
        case SecurityKind.UNKNOWN if length > LONGEST_PASSPHRASE:
            raise PassphraseLength(length=length, allowed="1–64")
    if passphrase is None or not length:
        raise PassphraseMissing
    if passphrase.has_end_byte:
        raise PassphraseImpossible


def _is_wep_key(key: Secret | None) -> bool:
    if key is None:
        return False
    if len(key) in _WEP_HEX_LENGTHS:
        return key.is_hexadecimal
    return len(key) in _WEP_TEXT_LENGTHS
