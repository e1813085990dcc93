"""Tokens: how each grant hands them over, how they end, and what a wrong one is told."""

from __future__ import annotations

import base64
import re

import pytest
import requests

SCOPE = "customer=jane@example.com"


def test_password_signs_the_team_in_with_the_public_clients(api, cloud):
    for client in ("particle", "particle-api"):
        reply = api.ask(
            "POST",
            "/oauth/token",
            auth=(client, client),
            data={
                "grant_type": "password",
                "username": cloud.username,
                "password": cloud.password,
            },
        )

        body = reply.json()
        assert reply.status_code == 200
        assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
        assert reply.headers["Cache-Control"] == "no-store"
        assert body["token_type"] == "bearer"
        assert body["expires_in"] == 7_776_000
        assert re.fullmatch("[0-9a-f]{40}", body["access_token"])
        assert re.fullmatch("[0-9a-f]{40}", body["refresh_token"])


def test_public_client_cannot_act_for_the_product(api, cloud):
    reply = api.ask(
        "POST",
        "/oauth/token",
        auth=("particle", "particle"),
        data={"grant_type": "client_credentials", "scope": SCOPE},
    )

    assert reply.status_code == 400
    assert reply.json()["error"] == "unauthorized_client"


def test_scoped_token_is_the_customers(api, cloud, jane):
    reply = api.token(grant_type="client_credentials", scope=SCOPE)
    body = reply.json()

    assert body["scope"] == SCOPE
    devices = api.ask("GET", "/v1/devices", body["access_token"])
    assert (devices.status_code, devices.json()) == (200, [])


def test_scope_is_matched_as_stored_in_lower_case(api, jane):
    reply = api.token(grant_type="client_credentials", scope="customer=Jane@example.com")

    assert reply.status_code == 400


def test_token_without_scope_is_the_products(api, cloud):
    token = api.token(grant_type="client_credentials").json()["access_token"]

    assert api.ask("GET", f"/v1/products/{cloud.product}/devices", token).status_code == 200


@pytest.mark.parametrize(
    ("form", "error", "description"),
    [
        (
            {"grant_type": "password", "username": "team@example.com", "password": "wrong"},
            "invalid_grant",
            "User credentials are invalid",
        ),
        ({"client_secret": "wrong"}, "invalid_client", "Client credentials are invalid"),
        (
            {"grant_type": "magic"},
            "invalid_request",
            "Invalid or missing grant_type parameter",
        ),
        ({"grant_type": "refresh_token", "refresh_token": "0" * 40}, "invalid_grant", None),
    ],
)
def test_token_is_refused(api, form, error, description):
    reply = api.token(**form)

    assert reply.status_code == 400
    assert reply.json()["error"] == error
    assert description in (None, reply.json()["error_description"])


def test_token_request_must_be_a_form(api, cloud):
    reply = api.ask("POST", "/oauth/token", json={"grant_type": "client_credentials"})

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_request")


def test_refresh_token_gives_a_new_session_and_ends_the_old(api, jane):
    old = api.token(grant_type="client_credentials", scope=SCOPE).json()
    new = api.token(grant_type="refresh_token", refresh_token=old["refresh_token"]).json()

    assert new["scope"] == SCOPE
    assert api.ask("GET", "/v1/devices", new["access_token"]).status_code == 200
    assert api.ask("GET", "/v1/devices", old["access_token"]).status_code == 401
    again = api.token(grant_type="refresh_token", refresh_token=old["refresh_token"])
    assert again.status_code == 400


def test_refresh_token_dies_after_two_weeks(api, jane):
    old = api.token(grant_type="client_credentials", scope=SCOPE).json()
    api.pass_time(14 * 86_400)

    reply = api.token(grant_type="refresh_token", refresh_token=old["refresh_token"])

    assert reply.json()["error_description"] == "Refresh token has expired"


@pytest.mark.parametrize(
    "form", [{"expires_in": "60"}, {"expires_at": "2027-01-15T08:01:00.250Z"}], ids=str
)
def test_token_expires_when_asked_for(api, form):
    session = api.token(grant_type="client_credentials", **form).json()
    api.pass_time(59)
    before = api.ask("GET", "/v1/access_tokens/current", session["access_token"])
    api.pass_time(1)
    after = api.ask("GET", "/v1/access_tokens/current", session["access_token"])

    assert session["expires_in"] == 60
    assert before.json()["expires_at"] == "2027-01-15T08:01:00.250Z"
    assert after.status_code == 401
    assert after.json() == {
        "error": "invalid_token",
        "error_description": "The access token provided has expired.",
    }


def test_zero_asks_for_a_token_that_never_expires(api):
    token = api.token(grant_type="client_credentials", expires_in="0").json()["access_token"]
    api.pass_time(10 * 365 * 86_400)

    assert api.ask("GET", "/v1/devices", token).status_code == 200


def test_missing_token_is_a_bad_request_and_an_unknown_one_is_unauthorised(api):
    missing, unknown = api.ask("GET", "/v1/devices"), api.ask("GET", "/v1/devices", "0" * 40)

    assert missing.status_code == 400
    assert missing.json() == {
        "error": "invalid_request",
        "error_description": "The access token was not found",
    }
    assert missing.headers["Cache-Control"] == "no-store"
    assert unknown.status_code == 401
    assert unknown.json()["error_description"] == "The access token provided is invalid."


def test_token_travels_in_the_header_the_query_or_the_form(api, cloud, jane):
    plain = cloud.url + "/v1/devices"

    assert requests.get(plain, params={"access_token": jane}, timeout=5).status_code == 200
    claim = cloud.url + "/v1/device_claims"
    assert requests.post(claim, data={"access_token": jane}, timeout=5).status_code == 200
    # The query is for GET only, and JSON bodies carry no token.
    assert requests.post(claim, params={"access_token": jane}, timeout=5).status_code == 400
    assert requests.post(claim, json={"access_token": jane}, timeout=5).status_code == 400


def test_current_token_can_be_shown_and_ended(api, jane):
    shown = api.ask("GET", "/v1/access_tokens/current", jane)
    ended = api.ask("DELETE", "/v1/access_tokens/current", jane)

    assert shown.json().keys() == {"expires_at", "client", "scopes", "orgs"}
    assert ended.json() == {"ok": True}
    assert api.ask("GET", "/v1/devices", jane).status_code == 401


def test_any_token_can_be_ended_by_who_holds_it(api, cloud, jane):
    path = f"/v1/access_tokens/{jane}"
    stranger = api.ask("DELETE", path, auth=("nobody@example.com", "x"))
    wrong = api.ask("DELETE", path, auth=(cloud.username, "wrong"))
    right = api.ask("DELETE", path)

    assert (stranger.status_code, stranger.json()["errors"]) == (400, ["Unknown user"])
    assert (wrong.status_code, wrong.json()["errors"]) == (401, ["Bad password"])
    assert right.json() == {"ok": True}
    assert api.ask("GET", "/v1/devices", jane).status_code == 401


def test_malformed_basic_credentials_are_refused(api, cloud):
    header = "Basic " + base64.b64encode(b"no colon").decode()
    form = {"grant_type": "client_credentials"}

    reply = requests.post(
        cloud.url + "/oauth/token", headers={"Authorization": header}, data=form, timeout=5
    )

    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_client")
