"""Customers see their own installations; the maker's staff put them together."""

from __future__ import annotations

import asyncio

import requests

from setup_wizard.domain.device import LONGEST_NAME, DeviceId
from setup_wizard.service.models import Role
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.store import open_store
from tests.service.caller import JANE, Caller, code_of
from tests.service.databases import both

LAMP = "3a001b000447343138333038"
FAN = "0123456789abcdef01234567"
JOE = "joe@example.com"


def _set(caller: Caller, name: str, *device_ids: object, customer: object = JANE):
    body = {"name": name, "customer": customer, "device_ids": list(device_ids)}
    return _put(caller, body)


def _put(caller: Caller, body: object) -> requests.Response:
    headers = {"X-Installer-Key": caller.staff_key(Role.INSTALLER)}
    return caller.ask("PUT", "/v1/staff/installations", body=body, headers=headers)


def _of(caller: Caller, customer: str) -> list[tuple[str, list[str]]]:
    answer = caller.ask("GET", "/v1/installations", token=caller.sign_in(customer))
    assert answer.status_code == 200
    return [(each["name"], each["device_ids"]) for each in answer.json()["installations"]]


def _everybodys(caller: Caller) -> list[dict[str, object]]:
    headers = {"X-Installer-Key": caller.staff_key(Role.SUPPORT)}
    answer = caller.ask("GET", "/v1/staff/installations", headers=headers)
    found: list[dict[str, object]] = answer.json()["installations"]
    return found


@both
def test_customers_see_their_own_installations_only(caller: Caller):
    _set(caller, "Hall 7", LAMP, FAN)
    _set(caller, "Attic", customer=JANE.upper())
    _set(caller, "Cellar", customer=JOE)
    _set(caller, "Stock", customer=None)

    assert _of(caller, JANE) == [("Attic", []), ("Hall 7", [FAN, LAMP])]
    assert _of(caller, JOE) == [("Cellar", [])]
    assert _of(caller, "new@example.com") == []


def test_without_a_session_nobody_sees_any(caller: Caller):
    answer = caller.ask("GET", "/v1/installations")

    assert (answer.status_code, code_of(answer)) == (401, "session_expired")


def test_a_revoked_staff_member_s_session_sees_none_either(caller: Caller):
    token = caller.sign_in()
    caller.revoke_staff("shop")

    assert code_of(caller.ask("GET", "/v1/installations", token=token)) == "session_expired"


@both
def test_set_again_it_has_exactly_what_was_said_last(caller: Caller):
    _set(caller, "Hall 7", LAMP)

    answer = _set(caller, "Hall 7", FAN, FAN.upper(), customer=JANE.upper())

    assert answer.json() == {"name": "Hall 7", "device_ids": [FAN], "customer": JANE}
    assert _of(caller, JANE) == [("Hall 7", [FAN])]


@both
def test_two_customers_may_have_installations_of_one_name(caller: Caller):
    for customer in (JOE, None, JANE):
        _set(caller, "Roof", customer=customer)
    _set(caller, "Roof", LAMP)

    _set(caller, "Roof", FAN, customer=JOE)
    _set(caller, "Roof", customer=None)

    assert _of(caller, JANE) == [("Roof", [LAMP])]
    assert _of(caller, JOE) == [("Roof", [FAN])]
    assert [(each["customer"], each["device_ids"]) for each in _everybodys(caller)] == [
        (JOE, [FAN]),
        (None, []),
        (JANE, [LAMP]),
    ]


@both
def test_a_device_moves_to_another_customer_s_installation_of_the_same_name(caller: Caller):
    _set(caller, "Roof", LAMP, FAN)

    _set(caller, "Roof", LAMP, customer=JOE)

    assert _of(caller, JANE) == [("Roof", [FAN])]
    assert _of(caller, JOE) == [("Roof", [LAMP])]


@both
def test_a_device_is_in_one_installation_at_a_time(caller: Caller):
    _set(caller, "Hall 7", LAMP, FAN)

    _set(caller, "Attic", LAMP)

    assert _of(caller, JANE) == [("Attic", [LAMP]), ("Hall 7", [FAN])]


def test_a_device_in_another_product_s_installation_is_refused(
    caller: Caller, settings: ServiceSettings
):
    async def install_elsewhere() -> None:
        async with open_store(settings.database_url, product="oven") as oven:
            await oven.installations.define("Hall", customer=None, device_ids=[DeviceId(LAMP)])

    asyncio.run(install_elsewhere())
    _set(caller, "Hall 7", FAN)

    answer = _set(caller, "Hall 7", FAN, LAMP)

    assert (answer.status_code, code_of(answer)) == (404, "device_not_in_product")
    assert _of(caller, JANE) == [("Hall 7", [FAN])]


def test_staff_see_everybody_s(caller: Caller):
    _set(caller, "Hall 7", LAMP)
    _set(caller, "Cellar", customer=JOE)

    listed = [(each["name"], each["customer"]) for each in _everybodys(caller)]

    assert listed == [("Cellar", JOE), ("Hall 7", JANE)]


@both
def test_the_audit_log_tells_who_put_which_device_where_and_for_whom(caller: Caller):
    done = [
        _set(caller, "Hall 7", LAMP, FAN),
        _set(caller, "Hall 7", FAN),
        _set(caller, "Stock", FAN, LAMP, customer=None),
        _set(caller, "Stock", customer=None),
    ]

    lines = caller.audit()

    assert [(line["verb"], line["customer"], line["device_id"]) for line in lines] == [
        ("installation.set", None, None),
        ("installation.left", None, LAMP),
        ("installation.left", None, FAN),
        ("installation.set", None, LAMP),
        ("installation.set", None, FAN),
        ("installation.set", JANE, FAN),
        ("installation.left", JANE, LAMP),
        ("installation.set", JANE, LAMP),
        ("installation.set", JANE, FAN),
    ]
    assert {(line["actor"], line["staff"]) for line in lines} == {("staff", "installer")}
    ids = [answer.headers["X-Request-Id"] for answer in reversed(done)]
    assert list(dict.fromkeys(line["request_id"] for line in lines)) == ids
    assert [line["verb"] for line in caller.audit(f"?device_id={LAMP}")] == [
        "installation.left",
        "installation.set",
        "installation.left",
        "installation.set",
    ]


def test_a_group_outlives_its_customer(caller: Caller):
    _set(caller, "Hall 7", LAMP)
    caller.sign_in()
    caller.delete_customer("jane%40example.com")

    (left,) = _everybodys(caller)

    assert left == {"name": "Hall 7", "device_ids": [LAMP], "customer": None}


@both
def test_groups_of_one_name_outlive_their_customers(caller: Caller):
    for customer, device in ((JANE, LAMP), (JOE, FAN)):
        _set(caller, "Roof", device, customer=customer)
    for customer in (JANE, JOE):
        assert caller.delete_customer(customer.replace("@", "%40")).status_code == 204

    _set(caller, "Roof", LAMP, "f" * 24, customer=None)

    left = [(each["customer"], each["device_ids"]) for each in _everybodys(caller)]
    assert left == [(None, [LAMP, "f" * 24]), (None, [FAN])]


def test_what_is_no_installation_is_refused(caller: Caller):
    assert code_of(_set(caller, "", LAMP)) == "request_refused"
    assert code_of(_set(caller, "a" * (LONGEST_NAME + 1))) == "request_refused"
    assert code_of(_set(caller, "two\nlines")) == "request_refused"
    assert code_of(_set(caller, "Hall 7", "no device")) == "request_refused"
    assert code_of(_set(caller, "Hall 7", 7)) == "request_refused"
    assert code_of(_set(caller, "Hall 7", *[f"{each:024x}" for each in range(501)])) == (
        "request_refused"
    )
    assert code_of(_set(caller, "Hall 7", customer="nobody")) == "customer_refused"
    assert code_of(_put(caller, {"name": "Hall 7"})) == "request_refused"
    assert _of(caller, JANE) == []
