"""Customers: made by the product's client, given claim codes, removed with all they had."""

from __future__ import annotations

import re

DEVICE = "3a001b000447343138333038"


def test_new_customer_comes_with_a_session(api, cloud):
    reply = api.create("Jane@Example.com")
    body = reply.json()

    assert reply.status_code == 201
    assert body.keys() == {"token_type", "access_token", "refresh_token", "expires_in"}
    assert api.ask("GET", "/v1/devices", body["access_token"]).json() == []
    assert cloud.summary()["customers"] == ["jane@example.com"]


def test_known_customer_is_refused_by_name_of_the_error(api, jane):
    reply = api.create("JANE@example.com")

    assert reply.status_code == 400
    assert reply.json()["error"] == "customer_exists"


def test_form_and_json_and_the_teams_token_make_customers_too(api, cloud):
    path = f"/v1/products/{cloud.product}/customers"
    secret = {"client_id": cloud.client_id, "client_secret": cloud.client_secret}
    shadow = {"no_password": True, "grant_type": "client_credentials"}
    browser = {"client_id": cloud.client_id, "response_type": "token", "password": "pw"}

    forms = [
        api.ask("POST", path, json={"email": "a@example.com"} | shadow | secret),
        api.ask("POST", path, data={"email": "b@example.com", "password": "pw"} | secret),
        api.ask("POST", path, data={"email": "c@example.com"} | browser),
        api.ask("POST", path, cloud.team_token, json={"email": "d@example.com"} | shadow),
        api.ask(
            "POST", "/v1/products/12345/customers", cloud.team_token, json={"email": "e"} | shadow
        ),
    ]

    assert [reply.status_code for reply in forms] == [201] * 5


def test_customer_is_not_made_without_the_right_to(api, cloud, jane):
    path = f"/v1/products/{cloud.product}/customers"
    shadow = {"email": "a@example.com", "no_password": "true"}
    wrong = {"client_id": cloud.client_id, "client_secret": "wrong"}
    secret = {"client_id": cloud.client_id, "client_secret": cloud.client_secret}

    replies = [
        api.ask("POST", path, data=shadow | wrong),
        api.ask("POST", path, data=shadow | {"client_id": cloud.client_id}),
        api.ask("POST", path, jane, data=shadow),
        api.ask("POST", path, data={"email": "a@example.com"} | secret),
        api.ask("POST", "/v1/products/other/customers", data=shadow | secret),
    ]

    assert [reply.status_code for reply in replies] == [400, 400, 403, 400, 404]
    assert replies[-1].json() == {"ok": False, "error": "Product not found."}


def test_customer_with_a_password_signs_in(api, cloud):
    path = f"/v1/products/{cloud.product}/customers"
    form = {"email": "pam@example.com", "password": "secret-1"}
    api.ask("POST", path, auth=(cloud.client_id, cloud.client_secret), data=form)

    right = api.token(grant_type="password", username="pam@example.com", password="secret-1")
    wrong = api.token(grant_type="password", username="pam@example.com", password="secret-2")

    assert (right.status_code, wrong.status_code) == (200, 400)


def test_shadow_customer_cannot_sign_in_by_password(api, jane):
    reply = api.token(grant_type="password", username="jane@example.com", password="None")

    assert reply.json()["error"] == "invalid_grant"


def test_team_lists_customers_with_their_devices_page_by_page(api, cloud, jane):
    api.customer("zoe@example.com")
    cloud.add_device(DEVICE, owner="jane@example.com")
    path = f"/v1/products/{cloud.product}/customers"

    first = api.ask("GET", path, cloud.team_token, params={"perPage": 1}).json()
    second = api.ask("GET", path, cloud.team_token, params={"per_page": 1, "page": 2}).json()

    assert [c["username"] for c in first["customers"]] == ["jane@example.com"]
    assert first["customers"][0]["devices"] == [DEVICE]
    assert [d["id"] for d in first["devices"]] == [DEVICE]
    assert first["meta"] == {"total_pages": 2}
    assert [c["username"] for c in second["customers"]] == ["zoe@example.com"]
    assert api.ask("GET", path, jane).status_code == 403


def test_claim_code_has_63_characters_and_comes_with_the_owned_devices(api, cloud, jane):
    cloud.add_device(DEVICE, owner="Jane@example.com")

    for path in ("/v1/device_claims", f"/v1/products/{cloud.product}/device_claims"):
        body = api.ask("POST", path, jane).json()

        assert re.fullmatch("[A-Za-z0-9+/]{63}", body["claim_code"])
        assert body["device_ids"] == [DEVICE]


def test_claim_code_of_a_product_is_for_its_customers(api, cloud, jane):
    team = api.ask("POST", f"/v1/products/{cloud.product}/device_claims", cloud.team_token)
    other = api.ask("POST", "/v1/products/other/device_claims", jane)

    assert (team.status_code, other.status_code) == (403, 404)


def test_removed_customer_loses_tokens_codes_and_devices(api, cloud):
    email = "jane+kitchen@example.com"
    jane = api.customer(email)
    code = api.ask("POST", "/v1/device_claims", jane).json()["claim_code"]
    cloud.add_device(DEVICE, owner=email)
    path = f"/v1/products/{cloud.product}/customers/jane%2Bkitchen%40example.com"

    refused = api.ask("DELETE", path, jane)
    removed = api.ask("DELETE", path, data={"access_token": cloud.team_token})
    cloud.set_online(DEVICE, True, claim_code=code)

    assert refused.status_code == 403
    assert (removed.status_code, removed.json()) == (200, {"ok": True})
    assert api.ask("GET", "/v1/devices", jane).status_code == 401
    assert cloud.device(DEVICE)["owner"] is None
    again = api.ask("DELETE", path, cloud.team_token)
    assert (again.status_code, set(again.json())) == (404, {"error", "error_description"})
