"""The TCP framing: what is a request, and when more is needed."""

from __future__ import annotations

import pytest

from setup_wizard.simulators.photon.wire_tcp import Request, read_request

WITH_BODY = frozenset({"set"})


@pytest.mark.parametrize(
    ("received", "request_read"),
    [
        (b"version\n0\n\n", Request("version", None)),
        (b"version\nabc\n\n", Request("version", None)),
        (b"version\n0\nX-Foo: 1\n\n", Request("version", None)),
        (b"version\n5\n\nhello", Request("version", None)),
        (b"version\0\n0\n\n", Request("version", None)),
        (b"set\n3\n\nabcdef", Request("set", b"abc")),
        (b"set\n0\n\n", Request("set", None)),
        (b"set\n-5\n\nabc", Request("set", None)),
        (b"n" * 35 + b"\n0\n\n", Request("n" * 30, None)),
    ],
)
def test_request_is_complete(received: bytes, request_read: Request) -> None:
    assert read_request(received, ended=False, with_body=WITH_BODY) == request_read


@pytest.mark.parametrize(
    "received",
    [
        b"",
        b"vers",
        b"version\n",
        b"version\n0\n",
        b"version\r\n0\r\n\r\n",
        b"set\n4\n\nabc",
        b"set\n3 \n\nabc",
    ],
)
def test_device_waits_for_more(received: bytes) -> None:
    assert read_request(received, ended=False, with_body=WITH_BODY) is None


@pytest.mark.parametrize(
    ("received", "request_read"),
    [
        (b"version", Request("version", None)),
        (b"version\n0\n", Request("version", None)),
        (b"set\n4\n\nabc", Request("set", None)),
    ],
)
def test_device_makes_do_when_the_client_has_ended(received: bytes, request_read: Request) -> None:
    assert read_request(received, ended=True, with_body=WITH_BODY) == request_read
