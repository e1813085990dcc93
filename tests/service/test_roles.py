"""What each member of the maker's staff may do, and that it ends when they are revoked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from setup_wizard.service.models import Role
from tests.service.caller import JANE, SHOP_KEY, VAN_KEY, Caller, code_of
from tests.service.databases import both
from tests.service.fake_cloud import FakeCloud

REFUSED = (403, "role_refused")


def _open_session(caller: Caller, key: str) -> requests.Response:
    return caller.ask("POST", "/v1/sessions", body={"customer": JANE, "installer_key": key})


def _delete_customer(caller: Caller, key: str) -> requests.Response:
    return caller.delete_customer("jane%40example.com", key=key)


def _read_audit(caller: Caller, key: str) -> requests.Response:
    return caller.ask("GET", "/v1/audit", headers={"X-Installer-Key": key})


def _list_installations(caller: Caller, key: str) -> requests.Response:
    return caller.ask("GET", "/v1/staff/installations", headers={"X-Installer-Key": key})


def _set_installation(caller: Caller, key: str) -> requests.Response:
    body = {"name": "Hall 7", "device_ids": []}
    headers = {"X-Installer-Key": key}
    return caller.ask("PUT", "/v1/staff/installations", body=body, headers=headers)


def _ask_for_events(caller: Caller, key: str) -> requests.Response:
    headers = {"X-Installer-Key": key}
    return caller.ask("POST", "/v1/staff/events-token", body={}, headers=headers)


ROUTES: dict[tuple[str, str], tuple[Callable[[Caller, str], requests.Response], set[Role]]] = {
    ("post", "/v1/sessions"): (_open_session, {Role.ADMIN, Role.INSTALLER}),
    ("delete", "/v1/customers/{email}"): (_delete_customer, {Role.ADMIN, Role.SUPPORT}),
    ("get", "/v1/audit"): (_read_audit, {Role.ADMIN}),
    ("get", "/v1/staff/installations"): (
        _list_installations,
        {Role.ADMIN, Role.INSTALLER, Role.SUPPORT},
    ),
    ("post", "/v1/staff/events-token"): (_ask_for_events, {Role.ADMIN, Role.SUPPORT}),
    ("put", "/v1/staff/installations"): (_set_installation, {Role.ADMIN, Role.INSTALLER}),
}
"""Every route that takes a staff member's key, and whose. The factory's people have none yet."""


@pytest.mark.parametrize("role", Role)
def test_a_role_may_ask_its_routes_and_no_others(caller: Caller, cloud: FakeCloud, role: Role):
    key = caller.staff_key(role)
    its = {route for route, (_, allowed) in ROUTES.items() if role in allowed}
    others = ROUTES.keys() - its

    refusals = {route: ROUTES[route][0](caller, key) for route in sorted(others)}
    asked_meanwhile = list(cloud.seen)
    answers = {route: ROUTES[route][0](caller, key) for route in sorted(its)}

    told = {route: (answer.status_code, code_of(answer)) for route, answer in refusals.items()}
    assert told == dict.fromkeys(others, REFUSED)
    assert asked_meanwhile == []
    assert {route for route, answer in answers.items() if answer.status_code < 300} == its


def test_the_table_has_every_route_that_takes_a_key(caller: Caller):
    description = caller.ask("GET", "/openapi.json").json()

    with_key = {
        (method, path)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        if {"APIKeyHeader": []} in operation.get("security", ())
    }

    assert with_key | {("post", "/v1/sessions")} == set(ROUTES)


def test_the_keys_of_the_settings_are_installers(caller: Caller):
    answer = caller.delete_customer("jane%40example.com", key=SHOP_KEY)

    assert (answer.status_code, code_of(answer)) == REFUSED


def test_a_role_is_refused_before_the_address_is_looked_at(caller: Caller):
    body = {"customer": "no address", "installer_key": caller.staff_key(Role.FACTORY)}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, code_of(answer)) == REFUSED


@both
def test_a_revoked_key_ends_its_sessions_and_no_others(caller: Caller):
    shop, van = caller.sign_in(key=SHOP_KEY), caller.sign_in(key=VAN_KEY)

    caller.revoke_staff("shop")

    assert code_of(caller.provision(shop)) == "session_expired"
    assert caller.provision(van).status_code == 201
    body = {"customer": JANE, "installer_key": SHOP_KEY}
    assert code_of(caller.ask("POST", "/v1/sessions", body=body)) == "key_refused"


def test_keys_are_not_guessed_by_deleting_either(caller: Caller):
    for _ in range(50):
        caller.delete_customer("jane%40example.com", key="wrong")

    answer = caller.delete_customer("jane%40example.com", key="wrong")

    assert (answer.status_code, code_of(answer)) == (429, "too_many_tries")
