"""What each member of the maker's staff may do, and that it ends when they are revoked."""

from __future__ import annotations

import pytest

from setup_wizard.service.models import Role
from tests.service.caller import JANE, SHOP_KEY, VAN_KEY, Caller, code_of
from tests.service.databases import both
from tests.service.fake_cloud import FakeCloud

REFUSED = (403, "role_refused")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.INSTALLER])
def test_a_session_for_a_customer_is_opened_by(caller: Caller, role: Role):
    token = caller.sign_in(key=caller.staff_key(role))

    assert caller.provision(token).status_code == 201


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.FACTORY])
def test_no_session_for_a_customer_is_opened_by(caller: Caller, role: Role):
    body = {"customer": JANE, "installer_key": caller.staff_key(role)}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, code_of(answer)) == REFUSED


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPPORT])
def test_a_customer_is_deleted_by(caller: Caller, role: Role):
    answer = caller.delete_customer("jane%40example.com", key=caller.staff_key(role))

    assert answer.status_code == 204


@pytest.mark.parametrize("role", [Role.INSTALLER, Role.FACTORY])
def test_no_customer_is_deleted_by(caller: Caller, cloud: FakeCloud, role: Role):
    answer = caller.delete_customer("jane%40example.com", key=caller.staff_key(role))

    assert (answer.status_code, code_of(answer)) == REFUSED
    assert cloud.seen == []


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
