"""A customer signs in by the maker's own accounts: over real HTTP, with a real issuer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.sign_in_settings import AccountsSettings
from tests.service.caller import JANE, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.issuer import AUDIENCE, KEYS, Issuer

GUESS = "header.claims.signature"


@pytest.fixture
def settings(settings: ServiceSettings, issuer: Issuer) -> ServiceSettings:
    return replace(settings, accounts=AccountsSettings(issuer.url, AUDIENCE))


def _offer(caller: Caller, token: str) -> tuple[int, str]:
    answer = caller.ask("POST", "/v1/sessions", body={"id_token": token})
    return answer.status_code, "" if answer.status_code == 201 else code_of(answer)


@both
def test_an_account_opens_a_session_for_everything(
    caller: Caller, issuer: Issuer, database: FreshDatabase
):
    answer = caller.ask("POST", "/v1/sessions", body={"id_token": issuer.token()})
    session = answer.json()

    assert (answer.status_code, session["customer"]) == (201, JANE)
    assert caller.provision(session["session_token"]).status_code == 201
    assert database.sql("SELECT method, subject FROM customer_session") == [("oidc", "user-4711")]


def test_the_first_question_tells_that_accounts_are_taken(caller: Caller):
    assert caller.ask("GET", "/v1/").json()["sign_in"] == ["oidc", "installer_key"]


def test_a_refused_token_and_a_silent_issuer_are_told_apart(caller: Caller, issuer: Issuer):
    issuer.broken[KEYS] = (503, b"")

    assert _offer(caller, issuer.token()) == (502, "accounts_unreachable")
    assert _offer(caller, GUESS) == (401, "account_refused")


def test_tokens_are_not_guessed_all_day(caller: Caller):
    answers = [_offer(caller, GUESS) for _ in range(51)]

    assert answers == [(401, "account_refused")] * 50 + [(429, "too_many_tries")]


def test_a_customer_cannot_be_named_beside_the_token(caller: Caller, issuer: Issuer):
    body = {"id_token": issuer.token(), "customer": "eve@example.com"}

    answer = caller.ask("POST", "/v1/sessions", body=body)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")


def test_a_backend_without_accounts_takes_no_token(settings: ServiceSettings, issuer: Issuer):
    without = replace(settings, accounts=None)

    with RunningService(without) as service, Caller(service.url) as caller:
        assert _offer(caller, issuer.token()) == (422, "sign_in_not_offered")
