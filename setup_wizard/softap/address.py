"""Where a device in listening mode is reached, and how a person writes that down."""

from __future__ import annotations

from ipaddress import IPv4Address
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

Address = tuple[str, int]
"""Host and port."""

LARGEST_PORT = 65535
DEVICE_TCP: Address = ("192.168.0.1", 5609)
DEVICE_HTTP: Address = ("192.168.0.1", 80)
_DEFAULT_PORTS = {"tcp": DEVICE_TCP[1], "http": DEVICE_HTTP[1]}


class DeviceAddresses(NamedTuple):
    """The two doors of a device; None for one that is not to be tried."""

    tcp: Address | None = DEVICE_TCP
    http: Address | None = DEVICE_HTTP


def parse_addresses(text: str) -> DeviceAddresses:
    """From addresses with commas between them; none: the ones that every device has."""
    if not text.strip():
        return DeviceAddresses()
    given = [parse_address(part) for part in text.split(",")]
    return DeviceAddresses(
        tcp=next((address.tcp for address in given if address.tcp), None),
        http=next((address.http for address in given if address.http), None),
    )


def parse_address(text: str) -> DeviceAddresses:
    """From `HOST[:PORT]`, `http://HOST[:PORT]` (both HTTP) or `tcp://HOST[:PORT]`. ValueError.

    HOST is an IPv4 address or `localhost`.
    """
    text = text.strip()
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
    except ValueError:  # brackets without an end
        raise ValueError(f"not an address of a device: {text}") from None
    scheme, host = parts.scheme, parts.hostname
    if scheme not in _DEFAULT_PORTS or not host:
        raise ValueError(f"not an address of a device: {text}")
    if not _is_host(host):
        raise ValueError(f"the host of a device is an IPv4 address or localhost, not {host}")
    if parts.username is not None or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(f"only a host and a port belong into the address of a device: {text}")
    address = (host, _port(parts, _DEFAULT_PORTS[scheme]))
    if scheme == "tcp":
        return DeviceAddresses(tcp=address, http=None)
    return DeviceAddresses(tcp=None, http=address)


def _port(parts: SplitResult, default: int) -> int:
    try:
        port = default if parts.port is None else parts.port
    except ValueError:  # no number, or one that is too large
        port = 0
    if not port:
        raise ValueError(f"a port is a number from 1 to {LARGEST_PORT}: {parts.netloc}")
    return port


def _is_host(host: str) -> bool:
    """Whether no look-up is needed, because nothing ends one early. The device has no IPv6."""
    if host == "localhost":
        return True
    try:
        IPv4Address(host)
    except ValueError:
        return False
    return True
