"""The border: whatever goes wrong inside becomes one answer, and the log stays clean."""

from __future__ import annotations

import dataclasses
import io
import logging
import socket
import uuid
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest

from setup_wizard.service import bodies
from setup_wizard.service.provisioning import Provisioning
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import Caller, code_of


def test_a_failure_that_nobody_foresaw_is_answered_and_its_words_are_not_logged(
    caller: Caller,
    token: str,
    log: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
):
    words = str(uuid.uuid4())  # not to be found in this source, which a traceback quotes

    async def fail(*_: object) -> None:
        raise ZeroDivisionError(words)

    monkeypatch.setattr(Provisioning, "devices", fail)

    answer = caller.ask("GET", "/v1/devices", token=token)

    assert (answer.status_code, code_of(answer)) == (500, "internal_error")
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert answer.headers["X-Request-Id"] in errors[0].getMessage()
    assert "ZeroDivisionError" in errors[0].getMessage()
    assert "in list_devices" in errors[0].getMessage()
    assert words not in log.getvalue() + answer.text


def test_our_log_names_the_route_and_not_the_customer(
    caller: Caller, caplog: pytest.LogCaptureFixture
):
    caller.delete_customer("somebody%40example.com")

    ours = [r.getMessage() for r in caplog.records if r.name.startswith("setup_wizard.")]

    assert any("method=DELETE route=/v1/customers/{email:path} status=204" in line for line in ours)
    assert not any("somebody" in line for line in ours)


def test_every_request_has_an_id_of_its_own(caller: Caller):
    ids = {caller.ask("GET", "/healthz").headers["X-Request-Id"] for _ in range(5)}

    assert len(ids) == 5


def test_a_body_that_never_comes_is_answered_in_time(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bodies, "BODY_TIMEOUT", 0.1)

    with RunningService(settings) as service:
        answer = _send(service.url, b"Content-Length: 5\r\n\r\n{")

    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"body_too_slow"' in answer


def test_a_body_without_a_length_is_bounded_too(settings: ServiceSettings):
    chunk = b"2000\r\n" + b" " * 0x2000 + b"\r\n"

    with RunningService(settings) as service:
        answer = _send(service.url, b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 3)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"code":"body_too_large"' in answer


def _send(url: str, rest: bytes) -> bytes:
    address = urlsplit(url)
    assert address.hostname
    assert address.port
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(b"POST /v1/sessions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n")
        connection.sendall(b"Content-Type: application/json\r\n" + rest)
        received = b""
        while block := connection.recv(65536):
            received += block
    return received


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/openapi.json", "/v1/devices"])
def test_every_answer_tells_browsers_to_leave_it_alone(caller: Caller, path: str):
    headers = caller.ask("GET", path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers  # it would mean nothing without TLS
    assert "Server" not in headers


def test_behind_a_proxy_with_tls_browsers_are_told_to_come_back_with_tls(
    settings: ServiceSettings,
):
    behind = dataclasses.replace(settings, trusted_proxies=(ip_network("127.0.0.1"),))
    with RunningService(behind) as service, Caller(service.url) as caller:
        answer = caller.ask("GET", "/healthz", headers={"X-Forwarded-Proto": "https"})

    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
