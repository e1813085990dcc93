"""The official JavaScript client takes the simulated cloud for the real one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from setup_wizard.simulators.cloud import Cloud

DEVICE = "3a001b000447343138333038"
COUNT = 5000

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def seen(run_node: Callable[..., dict[str, Any]]) -> dict[str, Any]:
    """What the client saw on one journey."""
    with Cloud() as cloud:
        cloud.add_device(DEVICE, functions={"led": 7}, variables={"temperature": 21.5})
        announced = cloud.announce()
        given = {**announced["cloud"], "control": announced["control"]}
        wishes = given | {"device": DEVICE, "count": COUNT}
        return run_node("particle_api.js", stdin=json.dumps(wishes))


def test_client_signs_in_and_knows_its_token(seen):
    assert seen["login"] == {"token_type": "bearer", "expires_in": 7_776_000}
    assert seen["current"]["client"] == "particle-api"


def test_client_makes_a_customer_once(seen):
    assert seen["created"] == {"status": 201, "token_type": "bearer"}
    assert seen["customer_exists"]["status"] == 400
    assert seen["customer_exists"]["body"]["error"] == "customer_exists"


def test_client_sees_the_product_as_its_owner(seen):
    assert [device["id"] for device in seen["product_devices"]["devices"]] == [DEVICE]
    assert seen["product_devices"]["meta"] == {"total_pages": 1}


def test_client_makes_a_claim_code_that_claims(seen):
    assert seen["claim"] == {"length": 63, "device_ids": []}
    assert seen["foreign"]["status"] == 403
    assert seen["foreign"]["body"]["error"] == "Permission Denied"
    assert seen["devices"] == [DEVICE]
    assert seen["device"]["owner"] == "jane@example.com"
    assert seen["device"]["connected"] is True


def test_client_uses_the_device(seen):
    assert seen["called"]["return_value"] == 7
    assert seen["read"]["result"] == 21.5
    assert seen["renamed"]["name"] == "kitchen"
    assert seen["signaled"]["signaling"] is True


def test_client_receives_every_event(seen):
    for stream in ("own_stream", "product_stream"):
        assert seen[stream]["count"] == COUNT
        assert seen[stream]["alike"] is True
        first = seen[stream]["first"]
        assert first["name"] == "demo/tick"
        assert (first["data"], first["ttl"], first["coreid"]) == ("ö 1", 60, DEVICE)
    assert list(seen["own_stream"]["first"]) == ["data", "ttl", "published_at", "coreid", "name"]
    assert seen["product_stream"]["first"]["productID"] == 12345
    assert seen["program_stream"]["first"]["coreid"] == "api"


@pytest.mark.parametrize(
    ("case", "status", "text"),
    [
        ("wrong_password", 400, "User credentials are invalid"),
        ("wrong_token", 401, "The access token provided is invalid."),
        ("ended", 401, "The access token provided is invalid."),
        ("removed", 403, None),
        ("no_product", 404, None),
        ("no_function", 404, None),
        ("no_variable", 404, None),
    ],
)
def test_client_understands_a_refusal(seen, case, status, text):
    assert seen[case]["status"] == status
    assert seen[case].get("text") == text


def test_client_understands_a_refused_stream(seen):
    assert seen["wrong_token_stream"]["status"] == 401
    assert seen["wrong_token_stream"]["body"]["error"] == "invalid_token"
