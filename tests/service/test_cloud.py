"""What a caller hears when the cloud is in trouble, and what the cloud is asked."""

from __future__ import annotations

import dataclasses
import logging
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from setup_wizard.service import cloud as cloud_module
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from tests.service.caller import JANE, Caller, code_of
from tests.service.fake_cloud import FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
CALLS = ["create_customer", "token", "claim_code"]


SENSELESS = [
    "", "<html>", "null", "[]", "{}", "\x00", "[" * 100_000,
    '{"access_token": "", "expires_in": 1}',
    '{"access_token": 7, "expires_in": 1}', '{"claim_code": null, "device_ids": []}',
    '{"claim_code": "abc", "device_ids": ["not-a-device"]}',
]  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("scripted", "code"),
    [
        (Scripted(500), "cloud_broken"),
        (Scripted(503, text="<html>"), "cloud_broken"),
        (Scripted(302, headers={"Location": "/oauth/token"}), "cloud_broken"),
        (Scripted(400, {"ok": False, "errors": ["bad"]}), "cloud_broken"),
        (Scripted(400, {"error": "invalid_client"}), "cloud_refused"),
        (Scripted(401, {"error": "invalid_client"}), "cloud_refused"),
        (Scripted(401, text=""), "cloud_refused"),
        (Scripted(403, {"error": "Permission Denied"}), "cloud_refused"),
        (Scripted(404, {"ok": False, "error": "Product not found."}), "cloud_refused"),
    ],
)
def test_a_refusal_of_the_cloud_has_a_name(
    caller: Caller, cloud: FakeCloud, token: str, call: str, scripted: Scripted, code: str
):
    cloud.script(call, scripted)

    answer = caller.provision(token)

    assert (answer.status_code, code_of(answer)) == (502, code)
    assert cloud.calls()[-1] == call


@pytest.mark.parametrize("call", ["token", "claim_code"])
def test_a_success_without_sense_is_broken(caller: Caller, cloud: FakeCloud, token: str, call: str):
    for text in SENSELESS:
        cloud.script(call, Scripted(200, text=text))

        answer = caller.provision(token)

        assert (answer.status_code, code_of(answer)) == (502, "cloud_broken"), text
        assert cloud.calls()[-1] == call, text


@pytest.mark.parametrize("text", ["{}", '[{"name": "x"}]', "[7]", "oops"])
def test_a_device_list_without_sense_is_broken(
    caller: Caller, cloud: FakeCloud, token: str, text: str
):
    cloud.customers.add(JANE)
    cloud.script("list_devices", Scripted(200, text=text))

    assert code_of(caller.record(token, DEVICE)) == "cloud_broken"


@pytest.mark.parametrize("status", [429, 529])
@pytest.mark.parametrize(
    ("told", "passed_on"),
    [(None, "60"), ("7", "7"), ("0", "1"), ("999999", "1800"), ("Wed, 21 Oct 2026", "60")],
)
def test_a_busy_cloud_asks_for_time_and_so_does_the_backend(
    caller: Caller, cloud: FakeCloud, token: str, status: int, told: str | None, passed_on: str
):
    headers = {} if told is None else {"Retry-After": told}
    cloud.script("token", Scripted(status, headers=headers))

    answer = caller.ask("POST", "/v1/access-tokens", body={}, token=token)

    assert (answer.status_code, code_of(answer)) == (503, "cloud_busy")
    assert answer.headers["Retry-After"] == passed_on


def test_a_cloud_that_is_down_is_unreachable(caller: Caller, cloud: FakeCloud, token: str):
    cloud.stop()

    answer = caller.provision(token)

    assert (answer.status_code, code_of(answer)) == (502, "cloud_unreachable")


def test_a_cloud_that_hangs_is_unreachable(
    settings: ServiceSettings, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cloud_module, "ANSWER_TIMEOUT", 0.2)
    held = cloud.hold("claim_code")
    with RunningService(settings) as service, Caller(service.url) as caller:
        answer = caller.provision(caller.sign_in())

    assert held.arrived.is_set()
    assert (answer.status_code, code_of(answer)) == (502, "cloud_unreachable")


def test_something_that_does_not_speak_http_is_broken(settings: ServiceSettings):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        odd = dataclasses.replace(settings, cloud_url=f"http://127.0.0.1:{port}")
        with RunningService(odd) as service, Caller(service.url) as caller:
            token = caller.sign_in()
            answer = _provision_answered_by(listener, caller, token, b"SSH-2.0-OpenSSH\r\n\r\n")

    assert (answer.status_code, code_of(answer)) == (502, "cloud_broken")


def _provision_answered_by(listener: socket.socket, caller: Caller, token: str, sent: bytes):
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(caller.provision, token)
        listener.settimeout(10)
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(sent)
            return asked.result(10)


def test_a_wrong_product_is_not_taken_for_a_deleted_customer(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.script("delete_customer", Scripted(404, {"ok": False, "error": "Product not found."}))

    answer = caller.delete_customer("jane%40example.com")

    assert (answer.status_code, code_of(answer)) == (502, "cloud_refused")
    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200


def test_the_log_says_which_call_failed_and_under_which_request(
    caller: Caller, cloud: FakeCloud, token: str, caplog: pytest.LogCaptureFixture
):
    cloud.script("claim_code", Scripted(500))

    answer = caller.provision(token)

    request_id = answer.headers["X-Request-Id"]
    warnings = [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING]
    assert warnings == [f"request_id={request_id} error=SW-CLOUD-BROKEN call=claim_code status=500"]


def test_the_client_secret_goes_only_where_it_must(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    caller.provision(token)
    caller.record(token, DEVICE)
    caller.delete_customer("jane%40example.com")

    with_secret = {seen.call for seen in cloud.seen if seen.authorization.startswith("Basic ")}

    assert with_secret == {"create_customer", "token"}
    assert set(cloud.calls()) - with_secret == {
        "claim_code", "list_devices", "release_device", "delete_customer",
    }  # fmt: skip


@pytest.mark.usefixtures("known_localhost")
def test_what_the_cloud_sets_as_a_cookie_is_not_kept_for_the_next_customer(
    settings: ServiceSettings, cloud: FakeCloud
):
    # For an address in digits the library keeps none anyway.
    named = dataclasses.replace(settings, cloud_url=cloud.url.replace("127.0.0.1", "localhost"))
    claim = {"claim_code": "c" * 63, "device_ids": []}
    cloud.script("claim_code", Scripted(200, claim, headers={"Set-Cookie": "who=jane; Path=/"}))
    with RunningService(named) as service, Caller(service.url) as caller:
        for customer in (JANE, "joe@example.com"):
            assert caller.provision(caller.sign_in(customer)).status_code == 201

    assert cloud.calls().count("claim_code") == 2
    assert {seen.cookie for seen in cloud.seen} == {""}


def test_tokens_that_stay_in_the_backend_are_short_lived(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.customers.add(JANE)
    caller.provision(token)
    caller.record(token, DEVICE)
    caller.delete_customer("jane%40example.com")

    lifetimes = [seen.form["expires_in"] for seen in cloud.seen if seen.call == "token"]

    assert lifetimes == ["3600", "300"]  # of the customer, and of the client itself


@pytest.mark.parametrize("status", [429, 529])
def test_while_a_busy_cloud_waits_it_is_not_asked_again(
    caller: Caller, cloud: FakeCloud, token: str, status: int
):
    cloud.script("claim_code", Scripted(status, headers={"Retry-After": "30"}))

    answers = [caller.provision(token) for _ in range(5)]

    assert {code_of(answer) for answer in answers} == {"cloud_busy"}
    assert all(0 < int(answer.headers["Retry-After"]) <= 30 for answer in answers)
    assert cloud.calls().count("claim_code") == 1


def test_a_revoked_client_is_said_at_once_and_asked_for_three_times(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.script("token", Scripted(401, {"error": "invalid_client"}))

    codes = [code_of(caller.provision(token)) for _ in range(12)]

    assert codes == ["cloud_refused"] * 12
    assert cloud.calls().count("token") == 3


def test_many_at_once_at_a_slow_cloud_all_hear_something_clear(
    settings: ServiceSettings, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cloud_module, "ANSWER_TIMEOUT", 0.3)
    cloud.hold("claim_code")
    with RunningService(settings) as service, Caller(service.url) as caller:
        token = caller.sign_in()
        with ThreadPoolExecutor(20) as threads:
            codes = list(
                threads.map(lambda _: code_of(_provision_alone(service, token)), range(40))
            )

    assert set(codes) == {"cloud_unreachable"}


def _provision_alone(service: RunningService, token: str):
    with Caller(service.url) as caller:
        return caller.provision(token)
