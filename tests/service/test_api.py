"""What the desktop program is promised: every endpoint, over real HTTP."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from setup_wizard.service.app import BODY_LIMIT
from tests.service.caller import JANE, VAN_KEY, Caller, code_of
from tests.service.fake_cloud import PRODUCT, FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
OTHER_DEVICE = "0123456789abcdef01234567"


def _sql(database: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_healthz_and_readyz_are_ok_on_a_running_backend(caller: Caller):
    assert caller.ask("GET", "/healthz").json() == {"status": "ok"}
    assert caller.ask("GET", "/readyz").json() == {"status": "ok"}


def test_readyz_says_that_the_database_does_not_answer(caller: Caller, database: Path):
    _sql(database, "DROP TABLE customer")

    answer = caller.ask("GET", "/readyz")

    assert (answer.status_code, code_of(answer)) == (503, "not_ready")
    assert "database" in answer.json()["detail"]
    assert caller.ask("GET", "/healthz").status_code == 200


def test_the_first_question_needs_no_sign_in(caller: Caller):
    answer = caller.ask("GET", "/v1/")

    assert answer.json() == {"product": PRODUCT, "sign_in": ["installer_key"]}


def test_an_installer_key_opens_a_session_of_twelve_hours(caller: Caller):
    body = {"customer": "Jane@Example.COM", "installer_key": VAN_KEY}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert answer.status_code == 201
    assert answer.json()["customer"] == JANE
    assert answer.json()["expires_in"] == 12 * 3600
    assert len(answer.json()["session_token"]) >= 43


def test_a_wrong_key_is_refused(caller: Caller):
    body = {"customer": JANE, "installer_key": "not-a-key"}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, code_of(answer)) == (401, "key_refused")


@pytest.mark.parametrize(
    "customer",
    ["", "jane", "jane@", "@example.com", "jane@example", "ja ne@example.com",
     "jane@exa_mple.com", "j\u00e4ne@example.com", "jac\u212a@example.com",
     "jane@example.com\nBcc: x", "a" * 65 + "@example.com", "j@" + "a" * 300 + ".com"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(caller: Caller, customer: str):
    body = {"customer": customer, "installer_key": VAN_KEY}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, code_of(answer)) == (422, "customer_refused")


def test_a_provision_is_everything_that_a_set_up_takes_along(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.devices[JANE] = [OTHER_DEVICE]

    answer = caller.provision(token)

    assert answer.status_code == 201
    assert cloud.calls() == ["create_customer", "token", "claim_code"]
    assert cloud.seen[1].form["scope"] == f"customer={JANE}"
    assert cloud.token_owners[answer.json()["access_token"]] == JANE
    assert answer.json()["claim_code"] == cloud.claim_codes[0]
    assert answer.json()["device_ids"] == [OTHER_DEVICE]
    assert answer.json()["expires_in"] == 3600
    assert answer.json()["cloud_url"] == cloud.url
    assert answer.json()["product"] == PRODUCT


@pytest.mark.parametrize("status", [400, 409])
def test_a_customer_who_exists_is_fine_whatever_the_status(
    caller: Caller, cloud: FakeCloud, token: str, status: int
):
    cloud.customers.add(JANE)
    cloud.script("create_customer", Scripted(status, {"error": "customer_exists"}))

    assert caller.provision(token).status_code == 201


def test_two_provisions_at_once_for_a_new_customer_both_succeed(caller: Caller, cloud: FakeCloud):
    body = {"customer": "new@example.com", "installer_key": VAN_KEY}

    def set_up(_: int) -> int:
        with Caller(caller.url) as another:
            opened = another.ask("POST", "/v1/sessions", body=body)
            return another.provision(opened.json()["session_token"]).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(set_up, range(8)))

    assert statuses == [201] * 8
    assert len(set(cloud.claim_codes)) == 8
    assert cloud.customers == {"new@example.com"}


def test_an_access_token_can_be_issued_again(caller: Caller, cloud: FakeCloud, token: str):
    first = caller.provision(token).json()["access_token"]

    answer = caller.ask("POST", "/v1/access-tokens", body={}, token=token)

    assert answer.status_code == 201
    assert set(answer.json()) == {"access_token", "expires_in", "cloud_url", "product"}
    assert answer.json()["access_token"] != first
    assert cloud.token_owners[answer.json()["access_token"]] == JANE
    assert len(cloud.claim_codes) == 1


def test_a_verified_device_is_recorded_with_customer_and_app_client(
    caller: Caller, cloud: FakeCloud, token: str, database: Path
):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]

    answer = caller.record(token, DEVICE.upper(), "kitchen")

    assert answer.status_code == 201
    assert answer.json()["device_id"] == DEVICE
    assert answer.json()["name"] == "kitchen"
    assert answer.json()["recorded_at"].endswith("Z")
    assert _sql(
        database,
        "SELECT d.device_id, c.email, a.name FROM device_record d"
        " JOIN customer c ON c.id = d.customer_id JOIN app_client a ON a.id = d.app_client_id",
    ) == [(DEVICE, JANE, "shop")]


def test_recording_again_renames_and_keeps_the_moment(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    first = caller.record(token, DEVICE, "kitchen")

    again = caller.record(token, DEVICE, "cellar")

    assert again.status_code == 200
    assert again.json() == {**first.json(), "name": "cellar"}
    listed = caller.ask("GET", "/v1/devices", token=token).json()
    assert listed == {"devices": [again.json()]}


def test_a_device_that_changed_hands_is_recorded_for_both(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.customers |= {JANE, "joe@example.com"}
    cloud.devices = {JANE: [DEVICE], "joe@example.com": [DEVICE]}
    joe = caller.sign_in("joe@example.com")

    assert caller.record(token, DEVICE).status_code == 201
    assert caller.record(joe, DEVICE).status_code == 201


def test_a_device_that_the_cloud_does_not_list_is_not_recorded(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.customers.add(JANE)
    cloud.devices = {JANE: [OTHER_DEVICE], "joe@example.com": [DEVICE]}

    answer = caller.record(token, DEVICE)

    assert (answer.status_code, code_of(answer)) == (409, "device_not_verified")
    assert caller.ask("GET", "/v1/devices", token=token).json() == {"devices": []}


def test_a_customer_sees_only_the_own_devices(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    caller.record(token, DEVICE)

    listed = caller.ask("GET", "/v1/devices", token=caller.sign_in("joe@example.com"))

    assert listed.json() == {"devices": []}


PROTECTED = [
    ("POST", "/v1/provisions", {}),
    ("POST", "/v1/access-tokens", {}),
    ("POST", "/v1/devices", {"device_id": DEVICE, "name": ""}),
    ("GET", "/v1/devices", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PROTECTED)
def test_without_a_valid_session_nothing_is_done(
    caller: Caller, cloud: FakeCloud, database: Path, method: str, path: str, body: object
):
    expired = caller.sign_in()
    _sql(database, "UPDATE session SET expires_at = '2020-01-01 00:00:00.000000'")

    for token in (expired, "unknown", None):
        answer = caller.ask(method, path, body=body, token=token)

        assert (answer.status_code, code_of(answer)) == (401, "session_expired")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert cloud.seen == []


def test_a_session_is_still_good_shortly_before_its_end(caller: Caller, token: str, database: Path):
    end = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(time.time() + 60))
    _sql(database, f"UPDATE session SET expires_at = '{end}'")

    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200


def test_deleting_a_customer_removes_everything_at_the_cloud_and_here(
    caller: Caller, cloud: FakeCloud, database: Path
):
    customer = "jane+home@example.com"
    cloud.devices[customer] = [DEVICE]
    token = caller.sign_in(customer)
    caller.provision(token)
    caller.record(token, DEVICE)

    answer = caller.delete_customer("Jane%2Bhome%40example.com")

    assert (answer.status_code, answer.content) == (204, b"")
    assert cloud.customers == set()
    assert cloud.seen[-1].path.endswith("/customers/jane%2Bhome%40example.com")
    assert _sql(database, "SELECT * FROM customer") == []
    assert _sql(database, "SELECT * FROM session") == []
    assert _sql(database, "SELECT * FROM device_record") == []
    assert code_of(caller.provision(token)) == "session_expired"


def test_deleting_quotes_a_slash_in_the_address(caller: Caller, cloud: FakeCloud):
    cloud.customers.add("a/b@example.com")

    answer = caller.delete_customer("a%2Fb%40example.com")

    assert answer.status_code == 204
    assert cloud.seen[-1].path.endswith("/customers/a%2Fb%40example.com")


def test_deleting_somebody_whom_the_cloud_does_not_know_is_done(caller: Caller):
    assert caller.delete_customer("nobody%40example.com").status_code == 204


@pytest.mark.parametrize("key", ["wrong", None])
def test_deleting_needs_an_installer_key(caller: Caller, cloud: FakeCloud, key: str | None):
    answer = caller.delete_customer("jane%40example.com", key=key)

    assert (answer.status_code, code_of(answer)) == (401, "key_refused")
    assert cloud.seen == []


def test_a_customer_is_kept_here_when_the_cloud_does_not_delete(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.script("delete_customer", Scripted(500))

    answer = caller.delete_customer("jane%40example.com")

    assert code_of(answer) == "cloud_broken"
    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"customer": "jane@example.com"}',
        b'{"customer": 7, "installer_key": "shop-key-5f2a7c1e9b"}',
        b'{"customer": "jane@example.com", "installer_key": ["shop-key-5f2a7c1e9b"]}',
        b'{"customer": "a@b.c", "installer_key": "x", "shop-key-5f2a7c1e9b": true}',
        b'{"customer": "a@b.c", "installer_key": "\\ud800"}',
        b"\xff\xfe",
        b"[" * 10_000,
    ],
)
def test_a_body_that_is_not_exactly_as_wanted_is_refused(caller: Caller, data: bytes):
    answer = caller.ask("POST", "/v1/sessions", data=data)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


def test_a_refusal_says_which_field_is_wrong(caller: Caller):
    answer = caller.ask("POST", "/v1/sessions", body={"customer": JANE})

    assert answer.json()["detail"] == "body.installer_key: Field required"


@pytest.mark.parametrize("path", ["/v1/provisions", "/v1/access-tokens"])
def test_an_empty_body_must_be_empty(caller: Caller, token: str, path: str):
    answer = caller.ask("POST", path, body={"customer": "joe@example.com"}, token=token)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


@pytest.mark.parametrize(
    ("device_id", "name"),
    [
        ("3a00", "x"),
        ("g" * 24, "x"),
        (7, "x"),
        (DEVICE, "x" * 129),
        (DEVICE, "a\u0000b"),
        (DEVICE, 5),
    ],
)
def test_a_device_that_cannot_be_one_is_refused(
    caller: Caller, token: str, device_id: object, name: object
):
    body = {"device_id": device_id, "name": name}

    answer = caller.ask("POST", "/v1/devices", body=body, token=token)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


def test_a_form_is_not_taken_for_json(caller: Caller):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    data = b'{"customer": "jane@example.com", "installer_key": "shop-key-5f2a7c1e9b"}'

    answer = caller.ask("POST", "/v1/sessions", data=data, headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


@pytest.mark.parametrize("extra", [0, 1])
def test_a_body_may_have_16_kib_and_not_a_byte_more(caller: Caller, extra: int):
    data = b"{}".ljust(BODY_LIMIT + extra)

    answer = caller.ask("POST", "/v1/sessions", data=data)

    expected = (413, "body_too_large") if extra else (422, "request_refused")
    assert (answer.status_code, code_of(answer)) == expected


def test_unknown_addresses_and_methods_are_problems_too(caller: Caller):
    missing = caller.ask("GET", "/v2/sessions")
    wrong = caller.ask("PUT", "/v1/sessions")

    assert (missing.status_code, code_of(missing)) == (404, "not_found")
    assert (wrong.status_code, code_of(wrong)) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"


def test_the_description_names_every_route_and_every_problem(caller: Caller):
    description = caller.ask("GET", "/openapi.json").json()

    assert set(description["paths"]) == {
        "/healthz", "/readyz", "/v1/", "/v1/sessions", "/v1/provisions", "/v1/access-tokens",
        "/v1/devices", "/v1/customers/{email}",
    }  # fmt: skip
    refusals = description["paths"]["/v1/provisions"]["post"]["responses"]
    assert {"201", "401", "408", "413", "422", "502", "503"} == set(refusals)
    assert "cloud_refused" in refusals["502"]["description"]
    assert set(refusals["502"]["content"]) == {"application/problem+json"}
    assert "ProblemBody" in description["components"]["schemas"]
    assert "HTTPValidationError" not in description["components"]["schemas"]
