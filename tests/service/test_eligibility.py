"""Whether a device may be set up for a customer, asked before it is told any secret."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from setup_wizard.domain.secret import Secret
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.simulators.cloud.server import Cloud as SimulatedCloud
from tests.service.caller import JANE, Caller, code_of
from tests.service.fake_cloud import FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
JOE = "joe@example.com"


@pytest.mark.parametrize(("owner", "is_yours"), [("", False), (JANE, True), (JANE.upper(), True)])
def test_a_device_of_nobody_or_of_the_customer_may_be_set_up(
    caller: Caller, cloud: FakeCloud, token: str, owner: str, is_yours: bool
):
    cloud.devices[owner] = [DEVICE]

    answer = caller.check_device(token, DEVICE.upper())

    assert answer.status_code == 200
    assert answer.json() == {"device_id": DEVICE, "is_yours": is_yours}


def test_a_device_of_somebody_else_may_not(caller: Caller, cloud: FakeCloud, token: str):
    cloud.devices[JOE] = [DEVICE]

    answer = caller.check_device(token, DEVICE)

    assert (answer.status_code, code_of(answer)) == (409, "device_of_somebody_else")
    assert JOE not in answer.text


def test_a_device_of_another_product_may_not(caller: Caller, cloud: FakeCloud, token: str):
    cloud.devices[""] = [DEVICE[::-1]]

    answer = caller.check_device(token, DEVICE)

    assert (answer.status_code, code_of(answer)) == (404, "device_not_in_product")


def test_many_questions_need_one_token(caller: Caller, cloud: FakeCloud, token: str):
    cloud.devices[""] = [DEVICE]

    for _ in range(5):
        caller.check_device(token, DEVICE)

    assert cloud.calls() == ["token", *["find_device"] * 5]
    assert cloud.customers == set()


@pytest.mark.parametrize("device_id", ["3a00", "g" * 24, DEVICE + "0"])
def test_what_is_no_device_id_is_refused(
    caller: Caller, cloud: FakeCloud, token: str, device_id: str
):
    answer = caller.check_device(token, device_id)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")
    assert cloud.seen == []


def test_it_needs_a_session(caller: Caller, cloud: FakeCloud):
    answer = caller.check_device("nobody's", DEVICE)

    assert (answer.status_code, code_of(answer)) == (401, "session_expired")
    assert cloud.seen == []


@pytest.mark.parametrize(
    ("scripted", "status", "code"),
    [
        (Scripted(403, {"error": "Permission Denied"}), 502, "cloud_refused"),
        (Scripted(404, {"ok": False, "error": "Product not found."}), 502, "cloud_refused"),
        (Scripted(429), 503, "cloud_busy"),
        (Scripted(500), 502, "cloud_broken"),
        (Scripted(200, []), 502, "cloud_broken"),
        (Scripted(200, {"devices": [DEVICE]}), 502, "cloud_broken"),
        (Scripted(200, {"devices": [{"id": "x"}]}), 502, "cloud_broken"),
        (Scripted(200, {"devices": [{"id": DEVICE, "owner": 7}]}), 502, "cloud_broken"),
    ],
)
def test_a_cloud_in_trouble_is_no_verdict_on_the_device(
    caller: Caller, cloud: FakeCloud, token: str, scripted: Scripted, status: int, code: str
):
    cloud.script("find_device", scripted)

    answer = caller.check_device(token, DEVICE)

    assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.fixture
def simulated() -> Iterator[SimulatedCloud]:
    with SimulatedCloud(product="demo-product") as cloud:
        yield cloud


@pytest.mark.parametrize(
    ("owner", "code"), [(None, ""), (JANE, ""), (JOE, "device_of_somebody_else")]
)
def test_the_simulated_cloud_answers_the_same(
    settings: ServiceSettings, simulated: SimulatedCloud, owner: str | None, code: str
):
    simulated.add_device(DEVICE, owner=owner)
    with _served(settings, simulated) as service, Caller(service.url) as caller:
        token = caller.sign_in()

        mine = caller.check_device(token, DEVICE)
        unknown = caller.check_device(token, DEVICE[::-1])

    assert mine.json().get("code", "") == code
    assert code_of(unknown) == "device_not_in_product"


def _served(settings: ServiceSettings, cloud: SimulatedCloud) -> RunningService:
    return RunningService(
        dataclasses.replace(
            settings,
            cloud_url=cloud.url,
            client_id=cloud.client_id,
            client_secret=Secret(cloud.client_secret),
        )
    )
