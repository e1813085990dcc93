"""Whose request it is: only trusted proxies are believed, and only as far as they reach."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from fastapi import Request

from setup_wizard.service.clients import client_address, parse_networks, request_id, scheme

TRUSTED = "10.0.0.0/8, 2001:db8:1::1"


def _request(peer: str | None, *headers: tuple[str, str], trusted: str = TRUSTED) -> Request:
    settings = SimpleNamespace(trusted_proxies=parse_networks(trusted))
    return Request(
        {
            "type": "http",
            "scheme": "http",
            "client": None if peer is None else (peer, 4711),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
            "app": SimpleNamespace(state=SimpleNamespace(settings=settings)),
        }
    )


@pytest.mark.parametrize(
    ("peer", "told", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger's word counts for nothing
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # who lied is before the proxy
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.9.9.9", "10.9.9.9"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("2001:db8:1::1", "2001:db8:2:3:4:5:6:7", "2001:db8:2:3::/64"),
        (None, "198.51.100.1", ""),
    ],
)
def test_the_client_is_the_first_address_that_is_no_trusted_proxy(
    peer: str | None, told: str, expected: str
):
    headers = [("X-Forwarded-For", told)] if told else []

    assert client_address(_request(peer, *headers)) == expected


def test_a_list_may_come_in_several_headers():
    request = _request(
        "10.0.0.1", ("X-Forwarded-For", "192.0.2.66"), ("X-Forwarded-For", "198.51.100.1")
    )

    assert client_address(request) == "198.51.100.1"


@pytest.mark.parametrize(
    ("peer", "told", "expected"),
    [
        ("10.0.0.1", "https", "https"),
        ("203.0.113.9", "https", "http"),
        ("10.0.0.1", "https, http", "http"),
        ("10.0.0.1", "gopher", "http"),
    ],
)
def test_the_scheme_is_what_the_nearest_trusted_proxy_says(peer: str, told: str, expected: str):
    request = _request(peer, ("X-Forwarded-Proto", told))

    assert scheme(request.scope, parse_networks(TRUSTED)) == expected


@pytest.mark.parametrize(
    ("peer", "told", "expected"),
    [
        ("10.0.0.1", "7f3a-11.b_2", "7f3a-11.b_2"),
        ("203.0.113.9", "7f3a", None),
        ("10.0.0.1", "jane@example.com", None),
        ("10.0.0.1", "a" * 65, None),
        ("10.0.0.1", 'x"} {"y', None),
        ("10.0.0.1", "", None),
    ],
)
def test_a_request_id_is_taken_from_a_trusted_proxy_when_it_is_harmless(
    peer: str, told: str, expected: str | None
):
    request = _request(peer, ("X-Request-Id", told))

    assert request_id(request.scope, parse_networks(TRUSTED)) == expected


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(text: str):
    with pytest.raises(ValueError, match=r"\S"):
        parse_networks(text)
