"""Nobody gets in by a name alone, and whoever signs out stays out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.caller import JANE, SHOP_KEY, VAN_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud

NOT_A_KEY = "not the key"


@pytest.mark.parametrize(
    "proof",
    [
        {},
        {"installer_key": None},
        {"installer_key": ""},
        {"installer_key": NOT_A_KEY},
        {"installer_key": [SHOP_KEY]},
        {"code": ""},
        {"code": "000000"},
        {"code": None},
        {"code": 0},
        {"code": "000000", "installer_key": SHOP_KEY},
        {"password": "anything"},
    ],
    ids=str,
)
def test_nobody_gets_in_by_a_name_alone(
    caller: Caller, cloud: FakeCloud, database: FreshDatabase, proof: dict[str, Any]
):
    answer = caller.ask("POST", "/v1/sessions", body={"customer": JANE, **proof})

    assert answer.status_code in (401, 422)
    assert database.sql("SELECT count(*) FROM customer_session") == [(0,)]
    assert database.sql("SELECT count(*) FROM customer") == [(0,)]
    assert cloud.seen == []


def test_a_key_is_no_session_and_a_session_no_key(caller: Caller, token: str):
    as_session = caller.provision(SHOP_KEY)
    as_key = caller.delete_customer("jane%40example.com", key=token)

    assert (as_session.status_code, code_of(as_session)) == (401, "session_expired")
    assert (as_key.status_code, code_of(as_key)) == (401, "key_refused")


def test_every_route_for_customers_wants_a_session(caller: Caller, cloud: FakeCloud):
    description = caller.ask("GET", "/openapi.json").json()
    routes = [
        (method.upper(), path.replace("{device_id}", "3a001b000447343138333038"))
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == [{"HTTPBearer": []}] and path.startswith("/v1/")
    ]

    refused = {
        (method, path, answer.status_code, code_of(answer))
        for method, path in routes
        for token in (None, "guess")
        for answer in [caller.ask(method, path, body={}, token=token)]
    }

    assert len(routes) >= 6
    assert refused == {(method, path, 401, "session_expired") for method, path in routes}
    assert cloud.seen == []


@both
def test_who_signs_out_is_out_and_nobody_else_is(caller: Caller):
    shop, van = caller.sign_in(key=SHOP_KEY), caller.sign_in(key=VAN_KEY)

    ended = caller.ask("DELETE", "/v1/sessions/current", token=shop)
    again = caller.ask("DELETE", "/v1/sessions/current", token=shop)

    assert (ended.status_code, ended.content) == (204, b"")
    assert (again.status_code, code_of(again)) == (401, "session_expired")
    assert code_of(caller.provision(shop)) == "session_expired"
    assert caller.provision(van).status_code == 201


@both
def test_a_session_lies_in_the_database_as_a_hash_only(caller: Caller, database: FreshDatabase):
    token = caller.sign_in()

    written = database.everything()

    assert JANE in written
    assert [secret for secret in (token, SHOP_KEY) if secret in written] == []
