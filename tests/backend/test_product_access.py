"""The way to the product's events, asked of a backend that a script plays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendUnreachable,
    KeyRefused,
    ProductEventsNotOffered,
    RoleRefused,
    SetupError,
    SignInExpired,
    TooManyTries,
)
from setup_wizard.domain.secret import Secret
from tests.backend.test_backend import ACCESS_TOKEN, KEY, SESSION, SIGNED_IN, problem
from tests.particle.leaks import everything_said
from tests.particle.servers import Answer, ScriptedServer, scripted_server

NEVER = StopSwitch()
PATH = "/v1/staff/events-token"
GIVEN = {
    "access_token": ACCESS_TOKEN,
    "cloud_url": "https://cloud.example.com",
    "product": "demo-product",
}


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.answers[f"POST {PATH}"] = Answer(201, GIVEN)
        yield server


@pytest.fixture
def backend(server: ScriptedServer) -> HttpBackend:
    return HttpBackend(server.url, Secret(KEY))


def test_where_nobody_signed_in_the_key_asks_and_the_token_has_no_end(
    backend: HttpBackend, server: ScriptedServer
) -> None:
    access = backend.product_access(NEVER)

    assert access == CloudAccess("https://cloud.example.com", Secret(ACCESS_TOKEN), "demo-product")
    assert access.lifetime is None
    (asked,) = server.asked
    assert (asked.path, asked.json) == (PATH, {})
    assert asked.headers["x-installer-key"] == KEY
    assert "authorization" not in asked.headers


def test_somebody_who_is_signed_in_asks_by_their_session(
    backend: HttpBackend, server: ScriptedServer
) -> None:
    backend.resume(Secret(SESSION))

    backend.product_access(NEVER)

    assert server.asked[0].headers["authorization"] == f"Bearer {SESSION}"
    assert "x-installer-key" not in server.asked[0].headers


def test_without_key_and_session_nothing_is_asked(server: ScriptedServer) -> None:
    with pytest.raises(SignInExpired):
        HttpBackend(server.url).product_access(NEVER)

    assert server.asked == []


def test_a_key_that_no_header_can_hold_is_not_quoted(server: ScriptedServer) -> None:
    key = "k" + chr(0xE9) + "y"  # never whole in a line of code, which a traceback quotes

    with pytest.raises(KeyRefused) as raised:
        HttpBackend(server.url, Secret(key)).product_access(NEVER)

    assert key not in everything_said(raised.value)
    assert server.asked == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (problem(403, "role_refused"), RoleRefused),
        (problem(401, "key_refused"), KeyRefused),
        (problem(401, "session_expired"), SignInExpired),
        (problem(404, "product_events_not_offered"), ProductEventsNotOffered),
        (problem(404, "not_found"), ProductEventsNotOffered),
        (problem(404, "no_such_shop"), BackendBroken),
        (Answer(404, {"code": "not_found"}), BackendUnreachable),
        (Answer(404, {"detail": "Not Found"}), BackendUnreachable),
        (Answer(404, "<html>a hotel</html>"), BackendUnreachable),
        (problem(429, "too_many_tries"), TooManyTries),
        (Answer(201, {"access_token": ACCESS_TOKEN}), BackendBroken),
        (Answer(201, {key: GIVEN[key] for key in ("access_token", "cloud_url")}), BackendBroken),
    ],
)
def test_a_refusal_is_named_and_tells_no_secret(
    backend: HttpBackend, server: ScriptedServer, answer: Answer, error: type[SetupError]
) -> None:
    server.answers[f"POST {PATH}"] = answer

    with pytest.raises(error) as raised:
        backend.product_access(NEVER)

    assert type(raised.value) is error
    said = everything_said(raised.value)
    assert [secret for secret in (KEY, ACCESS_TOKEN) if secret in said] == []


@pytest.mark.parametrize(("told", "may"), [({}, False), ({"watches_product": True}, True)])
def test_a_session_says_whether_its_staff_may(
    backend: HttpBackend, server: ScriptedServer, told: dict[str, object], may: bool
) -> None:
    assert isinstance(SIGNED_IN.body, dict)
    server.answers["POST /v1/sessions"] = Answer(201, SIGNED_IN.body | told)

    session = backend.sign_in("jane@example.com", None, NEVER)

    assert session.watches_product is may
