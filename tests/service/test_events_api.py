"""The token for the product's events: for whom it is, what is written down, and that it is kept."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import pytest
import requests

from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role, SignInMethod
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.store import open_store
from tests.service.caller import EVENTS_TOKEN, JANE, VAN_KEY, Caller, code_of
from tests.service.databases import both
from tests.service.fake_cloud import PRODUCT, FakeCloud

REFUSED = (403, "role_refused")


def _by_session(caller: Caller, session: str) -> requests.Response:
    return caller.ask("POST", "/v1/staff/events-token", body={}, token=session)


def _by_key(caller: Caller, key: str) -> requests.Response:
    headers = {"X-Installer-Key": key}
    return caller.ask("POST", "/v1/staff/events-token", body={}, headers=headers)


@both
@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ADMIN])
def test_support_and_admins_are_given_the_token_with_where_it_opens_what(
    caller: Caller, cloud: FakeCloud, role: Role
):
    answer = _by_key(caller, caller.staff_key(role))

    assert answer.status_code == 201
    assert answer.json() == {
        "access_token": EVENTS_TOKEN,
        "cloud_url": cloud.url,
        "product": PRODUCT,
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert cloud.seen == []


@both
def test_an_admin_who_signed_in_for_a_customer_is_given_it_by_the_session(caller: Caller):
    session = caller.sign_in(key=caller.staff_key(Role.ADMIN))

    assert _by_session(caller, session).json()["access_token"] == EVENTS_TOKEN


def test_an_installer_is_refused_by_key_and_by_session(caller: Caller):
    by_key, by_session = _by_key(caller, VAN_KEY), _by_session(caller, caller.sign_in())

    assert [(each.status_code, code_of(each)) for each in (by_key, by_session)] == [REFUSED] * 2
    assert by_key.json()["title"] == "This staff member may not do that."


def test_a_customer_is_refused(caller: Caller, settings: ServiceSettings):
    async def sign_in_by_code() -> str:
        async with open_store(settings.database_url, product=PRODUCT) as store:
            opened = await store.sessions.open_for_customer(JANE, method=SignInMethod.CODE)
            return opened.reveal()

    answer = _by_session(caller, asyncio.run(sign_in_by_code()))

    assert (answer.status_code, code_of(answer)) == REFUSED


def test_without_key_and_session_nobody_is_given_anything(caller: Caller):
    answer = caller.ask("POST", "/v1/staff/events-token", body={})

    assert (answer.status_code, code_of(answer)) == (401, "key_refused")


def test_a_session_that_is_over_is_told_from_one_that_may_not(caller: Caller):
    admin = caller.staff_key(Role.ADMIN)
    session = caller.sign_in(key=admin)
    caller.revoke_staff("admin")

    assert code_of(_by_session(caller, session)) == "session_expired"
    assert code_of(_by_session(caller, "never opened")) == "session_expired"
    assert code_of(_by_key(caller, admin)) == "key_refused"


def test_a_wrong_key_is_not_helped_by_a_good_session(caller: Caller):
    session = caller.sign_in(key=caller.staff_key(Role.ADMIN))
    headers = {"X-Installer-Key": "wrong"}

    answer = caller.ask("POST", "/v1/staff/events-token", body={}, token=session, headers=headers)

    assert code_of(answer) == "key_refused"


def test_keys_are_not_guessed_here_either(caller: Caller):
    for _ in range(50):
        _by_key(caller, "wrong")

    answer = _by_key(caller, "wrong")

    assert (answer.status_code, code_of(answer)) == (429, "too_many_tries")


def test_who_was_given_it_is_written_down_and_who_was_refused_got_nothing(caller: Caller):
    given = _by_key(caller, caller.staff_key(Role.SUPPORT))
    _by_key(caller, VAN_KEY)

    lines = caller.audit()
    assert [(line["verb"], line["staff"], line["request_id"]) for line in lines] == [
        ("events_token.given", "support", given.headers["X-Request-Id"])
    ]


def test_the_token_is_in_no_log(caller: Caller, log: io.StringIO, settings: ServiceSettings):
    assert _by_key(caller, caller.staff_key(Role.SUPPORT)).status_code == 201

    assert "/v1/staff/events-token" in log.getvalue()
    assert EVENTS_TOKEN not in log.getvalue()
    assert EVENTS_TOKEN not in repr(settings)


def test_a_session_says_whether_it_may_and_a_customer_s_says_nothing_of_it(caller: Caller):
    def opened(key: str) -> dict[str, object]:
        body = {"customer": JANE, "installer_key": key}
        answer = caller.ask("POST", "/v1/sessions", body=body)
        found: dict[str, object] = answer.json()
        caller.session_tokens.append(str(found["session_token"]))
        return found

    assert opened(caller.staff_key(Role.ADMIN))["watches_product"] is True
    assert set(opened(VAN_KEY)) == {"session_token", "customer", "expires_in"}


class TestWithoutAToken:
    """The maker has set none."""

    @pytest.fixture
    def settings(self, settings: ServiceSettings) -> ServiceSettings:
        return replace(settings, events_token=Secret(""))

    def test_that_is_said_and_nothing_is_written_down(self, caller: Caller):
        answer = _by_key(caller, caller.staff_key(Role.ADMIN))

        assert (answer.status_code, code_of(answer)) == (404, "product_events_not_offered")
        assert answer.json()["detail"] == "Whoever runs the backend must set events_token."
        assert caller.audit() == []

    def test_a_role_that_may_not_is_not_told_that(self, caller: Caller):
        assert code_of(_by_key(caller, VAN_KEY)) == "role_refused"
