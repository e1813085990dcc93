"""The HTTP framing: packets in, commands and pages out."""

from __future__ import annotations

import pytest

from setup_wizard.simulators.photon.wire_http import TO_INDEX, WRONG_TYPE, Command, HttpReader


def read(*packets: bytes) -> Command | bytes | None:
    http = HttpReader()
    result: Command | bytes | None = None
    for packet in packets:
        result = http.packet(packet)
    return result


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_method_does_not_matter(method: str) -> None:
    request = f"{method} /connect-ap HTTP/1.1\r\n\r\n".encode()

    assert read(request) == Command("connect-ap", None)


@pytest.mark.parametrize(
    "request_head",
    [
        b"HEAD /version HTTP/1.1\r\n\r\n",
        b"OPTIONS /set HTTP/1.1\r\n\r\n",
        b"DELETE /version HTTP/1.1\r\n\r\n",
        b"GET /version HTTP/1.0\r\n\r\n",
        b"GET /version HTTP/1.1\n\n",
        b"GET /version HTTP/1.1\r\nX: " + b"x" * 1460 + b"\r\n\r\n",
    ],
)
def test_request_is_never_answered(request_head: bytes) -> None:
    assert read(request_head) is None


def test_head_in_two_packets_is_never_answered() -> None:
    assert read(b"GET /version HT", b"TP/1.1\r\n\r\n") is None


@pytest.mark.parametrize(
    "packets",
    [
        (b"POST /set HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody",),
        (b"POST /set HTTP/1.1\r\nContent-Length: 4\r\n\r\n", b"body"),
        (b"POST /set HTTP/1.1\r\nContent-Length: 4\r\n\r\nbo", b"d", b"y"),
    ],
)
def test_body_may_follow_the_head(packets: tuple[bytes, ...]) -> None:
    assert read(*packets) == Command("set", b"body")


@pytest.mark.parametrize("header", [b"", b"content-length: 4\r\n", b"Content-Length:4\r\n"])
def test_body_without_its_length_is_ignored(header: bytes) -> None:
    assert read(b"POST /set HTTP/1.1\r\n" + header + b"\r\nbody") == Command("set", None)


@pytest.mark.parametrize("length", [b"5", b"3"])
def test_wrong_length_is_never_answered(length: bytes) -> None:
    assert read(b"POST /set HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\nbody") is None


@pytest.mark.parametrize("kind", [b"application/json", b"text/plain;charset=UTF-8", b"text/html"])
def test_known_content_type_finds_no_page(kind: bytes) -> None:
    request = b"POST /set HTTP/1.1\r\nContent-Type: " + kind + b"\r\nContent-Length: 2\r\n\r\n{}"

    assert read(request) == WRONG_TYPE


@pytest.mark.parametrize(
    "kind", [b"application/octet-stream", b"application/x-www-form-urlencoded", b"x/y", b"*/*"]
)
def test_octets_and_unknown_content_types_are_welcome(kind: bytes) -> None:
    request = b"POST /set HTTP/1.1\r\nContent-Type: " + kind + b"\r\nContent-Length: 2\r\n\r\n{}"

    assert read(request) == Command("set", b"{}")


def test_paths() -> None:
    assert read(b"GET / HTTP/1.1\r\n\r\n") == TO_INDEX
    assert read(b"GET /%76ersion?a=b HTTP/1.1\r\n\r\n") == Command("version", None)
    index, unknown = read(b"GET /index HTTP/1.1\r\n\r\n"), read(b"GET /nope HTTP/1.1\r\n\r\n")
    assert isinstance(index, bytes)
    assert index.startswith(b"HTTP/1.1 301\r\n")
    assert b"Location: /hello\r\n" in index
    assert isinstance(unknown, bytes)
    assert unknown.startswith(b"HTTP/1.1 404 Not Found\r\nContent-Type: */*\r\n")


def test_connection_closes_after_the_whole_request_only() -> None:
    http = HttpReader()
    head = b"POST /set HTTP/1.1\r\nConnection: close\r\nContent-Length: 2\r\n\r\n"

    http.packet(head)
    done_before_body = http.is_done
    http.packet(b"{}")

    assert (done_before_body, http.is_done) == (False, True)
