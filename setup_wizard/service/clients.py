"""Who asks: the address behind the proxies that are trusted, on nobody else's word."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import TYPE_CHECKING, cast

from starlette.datastructures import Headers
from starlette.types import Scope

if TYPE_CHECKING:  # who lists the staff need not wait for a web framework
    from fastapi import Request

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address

_HARMLESS_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HOUSEHOLD = 64  # bits: whoever has one IPv6 address has all that begin with these


def parse_networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, separated by spaces or commas. Raises ValueError."""
    return tuple(ip_network(part) for part in text.replace(",", " ").split())


def client_address(request: Request) -> str:
    """Whom to count a request for: an IPv4 address, or an IPv6 network of 64 bits.

    It is empty where there is no address, as behind a Unix socket.
    """
    address = _client(request.scope, trusted_by(request.scope))
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _HOUSEHOLD), strict=False))
    return str(address or "")


def trusted_by(scope: Scope) -> tuple[Network, ...]:
    """The proxies that this backend trusts."""
    return cast(tuple[Network, ...], scope["app"].state.settings.trusted_proxies)


def is_from_proxy(scope: Scope, trusted: Collection[Network]) -> bool:
    """Whether a trusted proxy sent this request, so that its headers can be believed."""
    if not trusted:
        return False
    peer = _peer(scope)
    return peer is not None and any(peer in network for network in trusted)


def scheme(scope: Scope, trusted: Collection[Network]) -> str:
    """`https` when the client used it, though perhaps only as far as the proxy."""
    if is_from_proxy(scope, trusted):
        # The nearest proxy appends: what stands before may be the client's own invention.
        told = Headers(scope=scope).get("x-forwarded-proto", "").rpartition(",")[2].strip()
        if told in ("http", "https"):
            return told
    return str(scope["scheme"])


def request_id(scope: Scope, trusted: Collection[Network]) -> str | None:
    """The id that a trusted proxy gave to the request; None when there is no harmless one."""
    if not is_from_proxy(scope, trusted):
        return None
    told = Headers(scope=scope).get("x-request-id", "")
    return told if _HARMLESS_ID.fullmatch(told) else None


def _client(scope: Scope, trusted: tuple[Network, ...]) -> Address | None:
    """From the nearest to the farthest: the first that no trusted proxy is."""
    address = _peer(scope)
    told = ",".join(Headers(scope=scope).getlist("x-forwarded-for"))
    for part in reversed(told.split(",")):
        if address is None or not any(address in network for network in trusted):
            return address
        farther = _parse(part.strip())
        if farther is None:
            return address
        address = farther
    return address


def _peer(scope: Scope) -> Address | None:
    client = scope.get("client")
    return _parse(client[0]) if client else None


def _parse(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # Where a socket takes both kinds, IPv4 arrives dressed as IPv6.
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address
