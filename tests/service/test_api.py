"""What the desktop program is promised: every endpoint, over real HTTP."""

from __future__ import annotations

import pytest

from setup_wizard.service.bodies import BODY_LIMIT
from tests.service.caller import JANE, VAN_KEY, Caller, code_of
from tests.service.fake_cloud import PRODUCT, FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
OTHER_DEVICE = "0123456789abcdef01234567"


def test_healthz_and_readyz_are_ok_on_a_running_backend(caller: Caller):
    assert caller.ask("GET", "/healthz").json() == {"status": "ok"}
    assert caller.ask("GET", "/readyz").json() == {"status": "ok"}


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
def test_an_address_that_is_none_is_refused(asking: Caller, customer: str):
    body = {"customer": customer, "installer_key": VAN_KEY}

    answer = asking.ask("POST", "/v1/sessions", body=body)

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


def test_an_access_token_can_be_issued_again(caller: Caller, cloud: FakeCloud, token: str):
    first = caller.provision(token).json()["access_token"]

    answer = caller.ask("POST", "/v1/access-tokens", body={}, token=token)

    assert answer.status_code == 201
    assert set(answer.json()) == {"access_token", "expires_in", "cloud_url", "product"}
    assert answer.json()["access_token"] == first  # it is not a minute old
    assert cloud.token_owners[answer.json()["access_token"]] == JANE
    assert len(cloud.claim_codes) == 1


def test_deleting_quotes_a_slash_in_the_address(caller: Caller, cloud: FakeCloud):
    cloud.customers.add("a/b@example.com")

    answer = caller.delete_customer("a%2Fb%40example.com")

    assert answer.status_code == 204
    assert cloud.seen[-1].path.endswith("/customers/a%2Fb%40example.com")


def test_deleting_somebody_whom_the_cloud_does_not_know_is_done(caller: Caller):
    assert caller.delete_customer("nobody%40example.com").status_code == 204


@pytest.mark.parametrize("headers", [{"X-Installer-Key": "wrong"}, {}])
def test_deleting_needs_an_installer_key(caller: Caller, cloud: FakeCloud, headers: dict[str, str]):
    answer = caller.ask("DELETE", "/v1/customers/jane%40example.com", headers=headers)

    assert (answer.status_code, code_of(answer)) == (401, "key_refused")
    assert cloud.seen == []


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
def test_a_body_that_is_not_exactly_as_wanted_is_refused(asking: Caller, data: bytes):
    answer = asking.ask("POST", "/v1/sessions", data=data)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


def test_a_refusal_says_which_field_is_wrong(caller: Caller):
    answer = caller.ask("POST", "/v1/sessions", body={"customer": JANE})

    assert answer.json()["detail"] == "body.key.installer_key: Field required"


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

    assert (answer.status_code, code_of(answer)) == (415, "not_json")


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
        "/healthz", "/readyz", "/v1/", "/v1/sign-in-codes", "/v1/sessions",
        "/v1/sessions/current", "/v1/provisions",
        "/v1/access-tokens", "/v1/audit", "/v1/devices", "/v1/devices/{device_id}/eligibility",
        "/v1/customers/{email}", "/v1/installations", "/v1/staff/installations",
        "/v1/staff/events-token", "/metrics",
    }  # fmt: skip
    refusals = description["paths"]["/v1/provisions"]["post"]["responses"]
    assert {"201", "401", "408", "413", "415", "422", "502", "503", "507"} == set(refusals)
    assert "cloud_refused" in refusals["502"]["description"]
    assert set(refusals["502"]["content"]) == {"application/problem+json"}
    assert "ProblemBody" in description["components"]["schemas"]
    assert "HTTPValidationError" not in description["components"]["schemas"]
