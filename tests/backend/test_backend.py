"""The maker's backend, played by a script: every answer it gives and every way it can fail."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from setup_wizard import backend as backend_module
from setup_wizard.backend import HttpBackend
from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import DeviceId, Installation
from setup_wizard.domain.errors import (
    BackendBroken,
    BackendBusy,
    BackendUnreachable,
    CloudBroken,
    CloudBusy,
    CloudUnreachable,
    CustomerRefused,
    DeviceNotInProduct,
    DeviceNotYours,
    DeviceOfSomebodyElse,
    KeyRefused,
    SetupError,
    SignInExpired,
    TokenRefused,
)
from setup_wizard.domain.secret import Secret
from tests.particle.leaks import everything_said
from tests.particle.servers import (
    Answer,
    ScriptedServer,
    raw_server,
    refused_url,
    scripted_server,
    until_hung_up,
)

NEVER = StopSwitch()
"""Nobody turns it."""
DEVICE = DeviceId("0123456789abcdef01234567")
KEY = "installer-key-1"
SESSION = "session-token-1"
ACCESS_TOKEN = "254406f79c1999af65a7df4388971354f85cfee9"
CLAIM_CODE = "rCFr2KAJNgzJ2rR3Jm1ZoUd7G4Sr3ak7MRHdWrM274eYzInP1+psZ0fP2qNehlj"
SECRETS = (KEY, SESSION, ACCESS_TOKEN, CLAIM_CODE)

SIGNED_IN = Answer(
    201, {"session_token": SESSION, "customer": "jane@example.com", "expires_in": 3600}
)
TOKEN_ISSUED = {
    "access_token": ACCESS_TOKEN,
    "expires_in": 3600,
    "cloud_url": "https://cloud.example.com",
    "product": "demo-product",
}
PROVISIONED = TOKEN_ISSUED | {"claim_code": CLAIM_CODE, "device_ids": [DEVICE.text.upper()]}
ACCESS = CloudAccess("https://cloud.example.com", Secret(ACCESS_TOKEN), "demo-product")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        server.answers["POST /v1/sessions"] = SIGNED_IN
        yield server


@pytest.fixture
def backend(server: ScriptedServer) -> HttpBackend:
    return HttpBackend(server.url + "/")


@pytest.fixture
def signed_in(backend: HttpBackend, server: ScriptedServer) -> HttpBackend:
    backend.sign_in("jane@example.com", Secret(KEY), NEVER)
    server.asked.clear()
    return backend


def test_a_sign_of_life_needs_no_sign_in(backend: HttpBackend, server: ScriptedServer) -> None:
    server.answers["GET /healthz"] = Answer(body={"status": "ok"})

    backend.reach(NEVER)

    assert [(asked.method, asked.path) for asked in server.asked] == [("GET", "/healthz")]


def test_signing_in_sends_customer_and_key(backend: HttpBackend, server: ScriptedServer) -> None:
    backend.sign_in("jane@example.com", Secret(KEY), NEVER)

    (asked,) = server.asked
    assert (asked.method, asked.path) == ("POST", "/v1/sessions")
    assert asked.json == {"customer": "jane@example.com", "installer_key": KEY}
    assert "authorization" not in asked.headers


def test_a_provision_has_everything_that_a_set_up_needs(
    signed_in: HttpBackend, server: ScriptedServer
) -> None:
    server.answers["POST /v1/provisions"] = Answer(201, PROVISIONED)

    provision = signed_in.provision(NEVER)

    assert provision == Provision(Secret(CLAIM_CODE), ACCESS, (DEVICE,))
    assert server.asked[0].json == {}
    assert server.asked[0].headers["authorization"] == f"Bearer {SESSION}"


def test_an_id_of_another_shape_is_left_out_and_not_quoted(
    signed_in: HttpBackend, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    ids: list[object] = ["a-strange-one", None, DEVICE.text, {}]
    server.answers["POST /v1/provisions"] = Answer(201, PROVISIONED | {"device_ids": ids})

    assert signed_in.provision(NEVER).owned == (DEVICE,)
    assert caplog.messages == ["device_ids=4 unusable=3"]


def test_an_access_token_is_renewed(signed_in: HttpBackend, server: ScriptedServer) -> None:
    server.answers["POST /v1/access-tokens"] = Answer(201, TOKEN_ISSUED)

    assert signed_in.renew_access(NEVER) == ACCESS


@pytest.mark.parametrize("status", [200, 201])
def test_a_device_is_recorded(signed_in: HttpBackend, server: ScriptedServer, status: int) -> None:
    server.answers["POST /v1/devices"] = Answer(status, {"device_id": DEVICE.text})

    signed_in.record(DEVICE, "Küche", NEVER)

    assert server.asked[0].json == {"device_id": DEVICE.text, "name": "Küche"}
    assert server.asked[0].headers["authorization"] == f"Bearer {SESSION}"


Ask = Callable[[HttpBackend], object]
REACH: Ask = lambda backend: backend.reach(NEVER)  # noqa: E731
PROVISION: Ask = lambda backend: backend.provision(NEVER)  # noqa: E731
RENEW: Ask = lambda backend: backend.renew_access(NEVER)  # noqa: E731


def test_installations_are_listed(signed_in: HttpBackend, server: ScriptedServer) -> None:
    hall = {"name": "Hall 7", "device_ids": [DEVICE.text.upper(), "strange"]}
    listed = {"installations": [hall, {"name": "Attic", "device_ids": []}]}
    server.answers["GET /v1/installations"] = Answer(body=listed)

    groups = signed_in.installations(NEVER)

    assert groups == (Installation("Hall 7", (DEVICE,)), Installation("Attic"))
    assert server.asked[0].headers["authorization"] == f"Bearer {SESSION}"


def test_a_backend_that_knows_no_installations_has_none(
    signed_in: HttpBackend, server: ScriptedServer
) -> None:
    server.answers["GET /v1/installations"] = Answer(404, {"detail": "Not Found"})

    assert signed_in.installations(NEVER) == ()


@pytest.mark.parametrize(
    "body",
    [{}, {"installations": 7}, {"installations": [None]}, {"installations": [{"name": ""}]}],
    ids=str,
)
def test_installations_of_another_shape_are_broken(
    signed_in: HttpBackend, server: ScriptedServer, body: object
) -> None:
    server.answers["GET /v1/installations"] = Answer(body=body)

    with pytest.raises(BackendBroken):
        signed_in.installations(NEVER)


def test_an_expired_session_lists_no_installations(
    signed_in: HttpBackend, server: ScriptedServer
) -> None:
    server.answers["GET /v1/installations"] = Answer(401, {"code": "session_expired"})

    with pytest.raises(SignInExpired):
        signed_in.installations(NEVER)


def sign_in(backend: HttpBackend) -> None:
    backend.sign_in("jane@example.com", Secret(KEY), NEVER)


def check(backend: HttpBackend) -> None:
    backend.check_device(DEVICE, NEVER)


def record(backend: HttpBackend) -> None:
    backend.record(DEVICE, "Kitchen", NEVER)


@pytest.mark.parametrize("ask", [PROVISION, RENEW, record])
def test_nothing_is_asked_before_the_sign_in(
    backend: HttpBackend, server: ScriptedServer, ask: Ask
) -> None:
    with pytest.raises(SignInExpired):
        ask(backend)

    assert server.asked == []


def test_a_refused_sign_in_ends_the_session_before(
    signed_in: HttpBackend, server: ScriptedServer
) -> None:
    server.answers["POST /v1/sessions"] = problem(401, "key_refused")

    with pytest.raises(KeyRefused):
        sign_in(signed_in)
    with pytest.raises(SignInExpired):
        signed_in.provision(NEVER)


def problem(status: int, code: str, **headers: str) -> Answer:
    body = json.dumps({"type": "urn:x", "title": "No.", "status": status, "code": code})
    retry = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, body, {"Content-Type": "application/problem+json"} | retry)


@pytest.mark.parametrize(
    ("ask", "answer", "error", "parameters"),
    [
        (sign_in, problem(401, "key_refused"), KeyRefused, {}),
        (sign_in, problem(422, "customer_refused"), CustomerRefused, {}),
        (PROVISION, problem(401, "session_expired"), SignInExpired, {}),
        (PROVISION, problem(502, "cloud_unreachable"), CloudUnreachable, {}),
        (PROVISION, problem(502, "cloud_refused"), TokenRefused, {}),
        (PROVISION, problem(502, "cloud_broken"), CloudBroken, {"status": 502}),
        (PROVISION, problem(503, "cloud_busy", Retry_After="30"), CloudBusy, {"seconds": 30}),
        (PROVISION, problem(503, "cloud_busy"), CloudBusy, {"seconds": 60}),
        (record, problem(409, "device_not_verified"), DeviceNotYours, {"device": DEVICE.text}),
        (check, problem(404, "device_not_in_product"), DeviceNotInProduct, {"device": DEVICE.text}),
        (
            check,
            problem(409, "device_of_somebody_else"),
            DeviceOfSomebodyElse,
            {"device": DEVICE.text},
        ),
        (PROVISION, problem(404, "device_not_in_product"), BackendBroken, {"status": 404}),
        (sign_in, problem(429, "too_many", Retry_After="5"), BackendBusy, {"seconds": 5}),
        (REACH, Answer(429, ""), BackendBusy, {"seconds": 60}),
        (REACH, Answer(429, "", {"Retry-After": "soon"}), BackendBusy, {"seconds": 60}),
        (PROVISION, problem(500, "internal_error"), BackendBroken, {"status": 500}),
        (PROVISION, problem(503, "not_ready"), BackendBroken, {"status": 503}),
        (PROVISION, Answer(502, "<html>Bad Gateway</html>"), BackendBroken, {"status": 502}),
        (PROVISION, Answer(401, "<html>"), BackendUnreachable, {"status": 401}),
        (PROVISION, problem(409, "device_not_verified"), BackendBroken, {"status": 409}),
        (record, problem(422, "request_refused"), BackendBroken, {"status": 422}),
        (REACH, Answer(200, "<html>a hotel</html>"), BackendUnreachable, {"status": 200}),
        (REACH, problem(404, "not_found"), BackendUnreachable, {"status": 404}),
        (REACH, Answer(404, {}), BackendUnreachable, {"status": 404}),
        (REACH, Answer(302, "", {"Location": "/healthz"}), BackendUnreachable, {"status": 302}),
        (sign_in, Answer(201, {}), BackendBroken, {"status": 200}),
        (sign_in, Answer(201, {"session_token": 5}), BackendBroken, {"status": 200}),
        (PROVISION, Answer(201, "[]"), BackendUnreachable, {"status": 201}),
        (PROVISION, Answer(201, b"\xff"), BackendUnreachable, {"status": 201}),
        (PROVISION, Answer(201, TOKEN_ISSUED), BackendBroken, {"status": 200}),
        (PROVISION, Answer(201, PROVISIONED | {"claim_code": ""}), BackendBroken, {"status": 200}),
        (PROVISION, Answer(201, PROVISIONED | {"product": 7}), BackendBroken, {"status": 200}),
        (PROVISION, Answer(201, PROVISIONED | {"device_ids": 1}), BackendBroken, {"status": 200}),
    ],
)
def test_a_refusal_is_named_and_tells_no_secret(
    signed_in: HttpBackend,
    server: ScriptedServer,
    ask: Ask,
    answer: Answer,
    error: type[SetupError],
    parameters: dict[str, object],
) -> None:
    server.answers.clear()
    server.answer = answer

    with pytest.raises(error) as raised:
        ask(signed_in)

    assert type(raised.value) is error
    assert raised.value.parameters == parameters
    assert_silent(everything_said(raised.value))


def assert_silent(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []


def test_a_redirect_takes_no_secret_elsewhere(backend: HttpBackend, server: ScriptedServer) -> None:
    server.answers["POST /v1/sessions"] = Answer(307, "", {"Location": server.url + "/elsewhere"})

    with pytest.raises(BackendUnreachable):
        sign_in(backend)

    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda backend: backend.send_code("jane\udcff@example.com", NEVER),
        lambda backend: backend.sign_in("jane\udcff@example.com", Secret("a key"), NEVER),
        lambda backend: backend.sign_in_by_code("\ud83d@example.com", Secret("123456"), NEVER),
    ],
)
def test_half_a_character_is_nobodys_address_and_never_sent(
    backend: HttpBackend, server: ScriptedServer, ask: Ask
) -> None:
    with pytest.raises(CustomerRefused):
        ask(backend)

    assert server.asked == []


def test_nobody_there_is_unreachable_and_tells_no_key() -> None:
    with pytest.raises(BackendUnreachable) as raised:
        sign_in(HttpBackend(refused_url()))

    assert raised.value.__cause__ is not None
    assert_silent(everything_said(raised.value))


def test_silence_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backend_module, "ANSWER_TIMEOUT", 0.05)

    with raw_server(until_hung_up) as server, pytest.raises(BackendUnreachable):
        HttpBackend(server.url).reach(NEVER)


@pytest.mark.parametrize("token", ["line\nfeed", "gr\u00fcn"])
def test_a_session_token_that_no_header_can_hold_is_not_quoted(
    backend: HttpBackend, server: ScriptedServer, token: str
) -> None:
    server.answers["POST /v1/sessions"] = Answer(
        201, {"session_token": token, "customer": "jane@example.com", "expires_in": 3600}
    )
    sign_in(backend)

    with pytest.raises(SignInExpired) as raised:
        backend.provision(NEVER)

    assert token not in everything_said(raised.value)


def test_a_netrc_entry_is_not_sent_along(
    backend: HttpBackend,
    server: ScriptedServer,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))

    backend.reach(NEVER)

    assert "authorization" not in server.asked[0].headers


def test_the_system_proxy_is_used(server: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", server.url)

    HttpBackend("http://backend.invalid").reach(NEVER)

    assert server.asked[0].path == "http://backend.invalid/healthz"


def test_nothing_secret_is_logged_or_shown(
    signed_in: HttpBackend, server: ScriptedServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    server.answers["POST /v1/provisions"] = Answer(201, PROVISIONED)

    provision = signed_in.provision(NEVER)

    assert "/v1/provisions" in caplog.text
    assert_silent(caplog.text + repr(provision) + repr(vars(signed_in)))
