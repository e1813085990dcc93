"""The control port of a simulator: JSON in, JSON out, and nothing that it is sent ends it."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import pytest

from setup_wizard.simulators.control_server import ControlServer

LIMIT = 5.0  # seconds; an answer takes milliseconds


def echo(method: str, path: str, sent: Any) -> tuple[HTTPStatus, object]:
    if path == "/refuse":
        raise ValueError("that cannot be")
    return HTTPStatus.OK, [method, path, sent]


@pytest.fixture
def server() -> Iterator[ControlServer]:
    server = ControlServer(echo)
    server.start()
    yield server
    server.stop()


def ask(
    server: ControlServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=LIMIT)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def test_it_answers_what_was_asked(server: ControlServer) -> None:
    assert ask(server, "GET", "/a") == (200, ["GET", "/a", None])
    assert ask(server, "POST", "/b", b'{"c": 1}') == (200, ["POST", "/b", {"c": 1}])
    assert ask(server, "POST", "/b", b"") == (200, ["POST", "/b", {}])


@pytest.mark.parametrize("body", [b"{", b"\xff", b"nonsense"])
def test_what_is_no_json_is_refused_in_json(server: ControlServer, body: bytes) -> None:
    status, told = ask(server, "POST", "/b", body)

    assert (status, list(told)) == (400, ["error"])


def test_a_length_that_is_none_is_refused(server: ControlServer) -> None:
    headers = {"Content-Length": "many"}

    assert ask(server, "POST", "/b", b"", **headers)[0] == 400


def test_what_cannot_be_is_told_with_its_reason(server: ControlServer) -> None:
    assert ask(server, "GET", "/refuse") == (400, {"error": "that cannot be"})
    assert ask(server, "POST", "/refuse", b"{}") == (400, {"error": "that cannot be"})
