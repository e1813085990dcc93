"""JSON that two readers could understand in two ways is refused, and no refusal quotes it."""

from __future__ import annotations

import io
import socket
from urllib.parse import urlsplit

import pytest

from tests.service.caller import Caller, code_of
from tests.service.fake_cloud import WAIT, FakeCloud

HONEST = b'{"customer": "jane@example.com", "installer_key": "%s"}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"customer": "hush", "customer": "jane"}', "a name occurs twice"),
        (b'{"customer": {"a": 1, "a": 2}}', "a name occurs twice"),
        (b'{"customer": NaN}', "not a number"),
        (b'{"customer": -Infinity}', "not a number"),
        (b'{"customer": 1e999}', "a number that is too large"),
        (b'{"customer": ' + b"[" * 9 + b"]" * 9 + b"}", "nested too deeply"),
        (b"[" * 8000 + b"]" * 8000, "nested too deeply"),
        (b'{"customer": "\\ud800"}', "half a character"),
        (b'{"customer": "hush', "not JSON in UTF-8"),
        (b'{"customer": "\xff"}', "not JSON in UTF-8"),
        ('{"customer": "hush"}'.encode("utf-16"), "not JSON in UTF-8"),
        (b"1" * 5000, "not JSON in UTF-8"),
    ],
)
def test_json_that_is_not_strict_is_refused(asking: Caller, body: bytes, reason: str):
    answer = asking.ask("POST", "/v1/sessions", data=body)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")
    assert answer.json()["detail"] == f"body: {reason}"
    assert "hush" not in answer.text


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
def test_a_body_of_another_kind_is_refused(asking: Caller, kind: str):
    answer = asking.ask("POST", "/v1/sessions", data=HONEST, headers={"Content-Type": kind})

    assert (answer.status_code, code_of(answer)) == (415, "not_json")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_json_by_its_other_names_is_taken(caller: Caller, token: str, kind: str):
    answer = caller.ask(
        "POST", "/v1/provisions", data=b"{}", token=token, headers={"Content-Type": kind}
    )

    assert answer.status_code == 201


def test_a_body_that_is_missing_is_refused(caller: Caller, token: str):
    answer = caller.ask("POST", "/v1/provisions", token=token)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


@pytest.mark.parametrize(
    "part", ["Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", "Content-Length: 3\r\n\r\n{}"]
)
def test_a_request_that_was_broken_off_is_not_carried_out(
    caller: Caller, cloud: FakeCloud, token: str, log: io.StringIO, part: str
):
    address = urlsplit(caller.url)
    head = f"POST /v1/provisions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
    with socket.create_connection((address.hostname, address.port or 0), WAIT) as connection:
        connection.sendall(f"{head}Content-Type: application/json\r\n{part}".encode())

    for _ in range(200):
        caller.ask("GET", "/healthz")
        if "broken_off" in log.getvalue():
            break

    assert cloud.claim_codes == []
    assert "route=/v1/provisions" not in log.getvalue()
    assert "broken_off" in log.getvalue()
