"""A customer who goes takes everything along, and leaves the devices to whoever comes next."""

from __future__ import annotations

import pytest

from tests.service.caller import JANE, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
OTHER_DEVICE = "0123456789abcdef01234567"
QUOTED = "jane%40example.com"
JOE = "joe@example.com"


@both
def test_the_devices_of_a_deleted_customer_are_nobodys(
    caller: Caller, cloud: FakeCloud, token: str, database: FreshDatabase
):
    cloud.devices = {JANE: [DEVICE, OTHER_DEVICE], JOE: ["f" * 24]}
    caller.provision(token)
    caller.record(token, DEVICE)  # the other one was claimed and never recorded

    assert caller.delete_customer(QUOTED).status_code == 204

    assert cloud.devices == {JANE: [], "": [OTHER_DEVICE, DEVICE], JOE: ["f" * 24]}
    assert cloud.calls()[-3:] == ["release_device", "release_device", "delete_customer"]
    assert database.sql("SELECT * FROM device_record") == []
    assert database.sql("SELECT * FROM customer_session") == []


def test_the_next_owner_can_set_a_device_up(caller: Caller, cloud: FakeCloud, token: str):
    cloud.devices = {JANE: [DEVICE]}
    joe = caller.sign_in(JOE)
    before = caller.check_device(joe, DEVICE)
    caller.delete_customer(QUOTED)
    after = caller.check_device(joe, DEVICE)

    assert code_of(before) == "device_of_somebody_else"
    assert after.json() == {"device_id": DEVICE, "is_yours": False}


def test_a_device_that_changed_hands_meanwhile_is_left_alone(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.devices = {JOE: [DEVICE]}
    cloud.script("list_devices", Scripted(200, [{"id": DEVICE}]))

    assert caller.delete_customer(QUOTED).status_code == 204
    assert cloud.devices == {JOE: [DEVICE]}


@pytest.mark.parametrize("call", ["token", "list_devices", "release_device", "delete_customer"])
def test_what_fails_half_way_can_be_tried_again(
    caller: Caller, cloud: FakeCloud, token: str, call: str
):
    cloud.devices = {JANE: [DEVICE]}
    cloud.script(call, Scripted(500))
    failed = caller.delete_customer(QUOTED)
    still_there = caller.ask("GET", "/v1/devices", token=token)
    cloud.unscript(call)
    again = caller.delete_customer(QUOTED)

    assert code_of(failed) == "cloud_broken"
    assert still_there.status_code == 200
    assert again.status_code == 204
    assert (cloud.customers, cloud.devices[JANE], cloud.devices[""]) == (set(), [], [DEVICE])


def test_without_the_clients_token_no_device_is_released(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.devices = {JANE: [DEVICE]}
    caller.provision(token)
    cloud.script("token", Scripted(401, {"error": "invalid_client"}))

    answer = caller.delete_customer(QUOTED)

    assert code_of(answer) == "cloud_refused"
    assert cloud.devices == {JANE: [DEVICE]}


def test_a_customer_who_comes_back_begins_anew(caller: Caller, cloud: FakeCloud, token: str):
    first = caller.provision(token).json()["access_token"]
    caller.delete_customer(QUOTED)
    again = caller.provision(caller.sign_in())

    assert again.status_code == 201
    assert again.json()["access_token"] != first
    assert cloud.customers == {JANE}
