"""Signing in, on and out at the maker's backend, which a script plays."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.errors import (
    AccountRefused,
    AccountsUnreachable,
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    CodeRefused,
    RoleRefused,
    SetupError,
    SignInExpired,
    SignInNotOffered,
    TooManyTries,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.domain.sign_in import Session, SignInWay
from tests.backend.test_backend import SESSION, SIGNED_IN, TOKEN_ISSUED, problem
from tests.particle.leaks import everything_said
from tests.particle.servers import Answer, ScriptedServer, refused_url, scripted_server

NEVER = StopSwitch()
JANE = "jane@example.com"
CODE = "271828"
ID_TOKEN = "header.claims.signature"
SIGN_OUT = "DELETE /v1/sessions/current"

Ask = Callable[[HttpBackend], object]
BY_CODE: Ask = lambda backend: backend.sign_in_by_code(JANE, Secret(CODE), NEVER)  # noqa: E731
BY_ACCOUNT: Ask = lambda backend: backend.sign_in_by_account(Secret(ID_TOKEN), NEVER)  # noqa: E731
SEND_CODE: Ask = lambda backend: backend.send_code(JANE, NEVER)  # noqa: E731
WAYS_IN: Ask = lambda backend: backend.ways_in(NEVER)  # noqa: E731
SIGN_OFF: Ask = lambda backend: backend.sign_out(NEVER)  # noqa: E731


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.answers["POST /v1/sessions"] = SIGNED_IN
        server.answers["POST /v1/access-tokens"] = Answer(201, TOKEN_ISSUED)
        server.answers[SIGN_OUT] = Answer(204, "")
        yield server


@pytest.fixture
def backend(server: ScriptedServer) -> HttpBackend:
    return HttpBackend(server.url)


def test_the_ways_in_are_those_that_are_offered_and_known(
    backend: HttpBackend, server: ScriptedServer
) -> None:
    offered = ["code", "carrier_pigeon", 7, "oidc", "installer_key"]
    server.answers["GET /v1/"] = Answer(body={"product": "lamp", "sign_in": offered})

    ways = backend.ways_in(NEVER)

    assert ways == (SignInWay.CODE, SignInWay.ACCOUNT, SignInWay.INSTALLER_KEY)


def test_a_code_is_asked_for_by_address(backend: HttpBackend, server: ScriptedServer) -> None:
    server.answers["POST /v1/sign-in-codes"] = Answer(202, {"expires_in": 600})

    seconds = backend.send_code(JANE, NEVER)

    assert seconds == 600
    assert server.asked[0].json == {"customer": JANE}


@pytest.mark.parametrize(
    ("sign_in", "proof"),
    [(BY_CODE, {"customer": JANE, "code": CODE}), (BY_ACCOUNT, {"id_token": ID_TOKEN})],
)
def test_a_proof_opens_a_session_which_everything_else_is_asked_in(
    backend: HttpBackend, server: ScriptedServer, sign_in: Ask, proof: dict[str, str]
) -> None:
    opened = sign_in(backend)
    backend.renew_access(NEVER)

    assert opened == Session(Secret(SESSION), JANE, 3600)
    assert server.asked[0].json == proof
    assert server.asked[1].headers["authorization"] == f"Bearer {SESSION}"


def test_a_session_of_yesterday_is_resumed(backend: HttpBackend, server: ScriptedServer) -> None:
    backend.resume(Secret(SESSION))

    backend.renew_access(NEVER)

    assert [(asked.path, asked.headers["authorization"]) for asked in server.asked] == [
        ("/v1/access-tokens", f"Bearer {SESSION}")
    ]


@pytest.mark.parametrize("answer", [Answer(204, ""), problem(401, "session_expired")])
def test_to_sign_out_ends_the_session_here_and_there(
    backend: HttpBackend, server: ScriptedServer, answer: Answer
) -> None:
    server.answers[SIGN_OUT] = answer
    backend.resume(Secret(SESSION))

    backend.sign_out(NEVER)
    backend.sign_out(NEVER)

    assert [asked.headers["authorization"] for asked in server.asked] == [f"Bearer {SESSION}"]
    with pytest.raises(SignInExpired):
        backend.renew_access(NEVER)


def test_a_session_is_forgotten_also_when_the_backend_cannot_be_told() -> None:
    backend = HttpBackend(refused_url())
    backend.resume(Secret(SESSION))

    with pytest.raises(BackendUnreachable):
        backend.sign_out(NEVER)
    with pytest.raises(SignInExpired):
        backend.renew_access(NEVER)


@pytest.mark.parametrize(
    ("ask", "answer", "error", "parameters"),
    [
        (BY_CODE, problem(401, "code_refused"), CodeRefused, {}),
        (BY_CODE, problem(422, "sign_in_not_offered"), SignInNotOffered, {}),
        (BY_CODE, problem(403, "role_refused"), RoleRefused, {}),
        (BY_CODE, problem(429, "too_many_tries", Retry_After="9"), TooManyTries, {"seconds": 9}),
        (BY_CODE, Answer(201, {"session_token": SESSION}), BackendBroken, {"status": 200}),
        (BY_ACCOUNT, problem(401, "account_refused"), AccountRefused, {}),
        (BY_ACCOUNT, problem(502, "accounts_unreachable"), AccountsUnreachable, {}),
        (SEND_CODE, problem(503, "mail_busy", Retry_After="30"), BackendBusy, {"seconds": 30}),
        (SEND_CODE, problem(429, "too_many_tries"), TooManyTries, {"seconds": 60}),
        (SEND_CODE, Answer(202, {"expires_in": "soon"}), BackendBroken, {"status": 200}),
        (SEND_CODE, Answer(202, {"expires_in": True}), BackendBroken, {"status": 200}),
        (WAYS_IN, Answer(200, {"sign_in": "code"}), BackendBroken, {"status": 200}),
        (WAYS_IN, Answer(200, "<html>a hotel</html>"), BackendUnreachable, {"status": 200}),
        (SIGN_OFF, problem(503, "storage_unavailable"), BackendBroken, {"status": 503}),
    ],
)
def test_a_refusal_is_named_and_tells_no_secret(
    backend: HttpBackend,
    server: ScriptedServer,
    ask: Ask,
    answer: Answer,
    error: type[SetupError],
    parameters: dict[str, object],
) -> None:
    backend.resume(Secret(SESSION))
    server.answers.clear()
    server.answer = answer

    with pytest.raises(error) as raised:
        ask(backend)

    assert type(raised.value) is error
    assert raised.value.parameters == parameters
    said = everything_said(raised.value)
    assert [secret for secret in (CODE, ID_TOKEN, SESSION) if secret in said] == []
