"""Session injection: claim codes from the cloud itself, with the token that was handed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from setup_wizard.cancellation import StopSwitch
from setup_wizard.domain.cloud import CloudAccess, Provision
from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import (
    CloudBroken,
    ProductEventsNotOffered,
    SetupError,
    SignInNotOffered,
    TokenRefused,
)
from setup_wizard.domain.secret import Secret
from setup_wizard.particle.session import InjectedSession
from tests.particle.conftest import TOKEN
from tests.particle.servers import Answer, ScriptedServer

CLAIM_CODE = "rCFr2KAJNgzJ2rR3Jm1ZoUd7G4Sr3ak7MRHdWrM274eYzInP1+psZ0fP2qNehlj"
OWNED = "33FF210644893f533e242597"
CLAIM = Answer(body={"claim_code": CLAIM_CODE, "device_ids": [OWNED]})


@pytest.mark.parametrize(
    ("product", "path"),
    [
        (None, "/v1/device_claims"),
        ("1319", "/v1/products/1319/device_claims"),
        ("my product", "/v1/products/my%20product/device_claims"),
    ],
)
def test_the_claim_code_is_made_where_the_product_says(
    cloud: ScriptedServer, access: CloudAccess, product: str | None, path: str
) -> None:
    access = replace(access, product=product)
    cloud.answers[f"POST {path}"] = CLAIM
    cloud.answer = Answer(404)

    provision = InjectedSession(access).provision(StopSwitch())

    assert provision == Provision(Secret(CLAIM_CODE), access, (DeviceId.parse(OWNED),))
    assert cloud.asked[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert cloud.asked[0].json == {}


def test_a_claim_without_a_device_list_owns_nothing(
    cloud: ScriptedServer, access: CloudAccess
) -> None:
    cloud.answer = Answer(body={"claim_code": CLAIM_CODE})

    assert InjectedSession(access).provision(StopSwitch()).owned == ()


def test_an_id_of_another_shape_is_left_out_and_not_quoted(
    cloud: ScriptedServer, access: CloudAccess, caplog: pytest.LogCaptureFixture
) -> None:
    ids: list[object] = ["a-strange-one", None, OWNED, {}]
    cloud.answer = Answer(body={"claim_code": CLAIM_CODE, "device_ids": ids})

    assert InjectedSession(access).provision(StopSwitch()).owned == (DeviceId.parse(OWNED),)
    assert caplog.messages == ["device_ids=4 unusable=3"]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(401), TokenRefused),
        (Answer(403, {"error": "Permission Denied"}), TokenRefused),
        (Answer(404, {"ok": False, "error": "Product not found."}), CloudBroken),
        (Answer(200, {"device_ids": []}), CloudBroken),
        (Answer(200, {"claim_code": ""}), CloudBroken),
        (Answer(200, []), CloudBroken),
        (Answer(200, {"claim_code": CLAIM_CODE, "device_ids": {}}), CloudBroken),
    ],
)
def test_a_claim_that_fails_is_named(
    cloud: ScriptedServer, access: CloudAccess, answer: Answer, error: type[SetupError]
) -> None:
    cloud.answer = answer

    with pytest.raises(error):
        InjectedSession(access).provision(StopSwitch())


def test_reaching_the_cloud_shows_a_refused_token_at_once(
    cloud: ScriptedServer, access: CloudAccess
) -> None:
    session = InjectedSession(access)
    cloud.answer = Answer(body=[])
    session.reach(StopSwitch())
    cloud.answer = Answer(401, {"error": "invalid_token"})

    with pytest.raises(TokenRefused):
        session.reach(StopSwitch())


def test_recording_and_signing_out_ask_nobody(cloud: ScriptedServer, access: CloudAccess) -> None:
    session = InjectedSession(access)

    session.record(DeviceId.parse(OWNED), "Kitchen", StopSwitch())
    session.resume(Secret("session"))
    session.sign_out(StopSwitch())

    assert session.ways_in(StopSwitch()) == ()
    assert session.installations(StopSwitch()) == ()
    assert cloud.asked == []


@pytest.mark.parametrize(
    "sign_in",
    [
        lambda session: session.send_code("jane@example.com", StopSwitch()),
        lambda session: session.sign_in("jane@example.com", Secret("key"), StopSwitch()),
        lambda session: session.sign_in_by_code("jane@example.com", Secret("1"), StopSwitch()),
        lambda session: session.sign_in_by_account(Secret("token"), StopSwitch()),
    ],
)
def test_nobody_else_signs_in_where_a_token_was_handed_over(
    access: CloudAccess, sign_in: Callable[[InjectedSession], object]
) -> None:
    with pytest.raises(SignInNotOffered):
        sign_in(InjectedSession(access))


def test_the_token_that_was_handed_over_is_for_the_product_that_is_named(
    cloud: ScriptedServer, access: CloudAccess
) -> None:
    named = replace(access, product="lamp")

    assert InjectedSession(named).product_access(StopSwitch()) == named
    with pytest.raises(ProductEventsNotOffered):
        InjectedSession(replace(access, product=None)).product_access(StopSwitch())
    assert cloud.asked == []
