"""The same interface where it matters what is stored: on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.service.caller import JANE, VAN_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud, Scripted

DEVICE = "3a001b000447343138333038"
OTHER_DEVICE = "0123456789abcdef01234567"

pytestmark = both


def test_readyz_says_that_the_database_does_not_answer(caller: Caller, database: FreshDatabase):
    database.sql("ALTER TABLE customer RENAME TO lost")

    answer = caller.ask("GET", "/readyz")

    assert (answer.status_code, code_of(answer)) == (503, "not_ready")
    assert "database" in answer.json()["detail"]
    assert caller.ask("GET", "/healthz").status_code == 200


def test_two_provisions_at_once_for_a_new_customer_both_succeed(caller: Caller, cloud: FakeCloud):
    body = {"customer": "new@example.com", "installer_key": VAN_KEY}

    def set_up(_: int) -> int:
        with Caller(caller.url) as another:
            opened = another.ask("POST", "/v1/sessions", body=body)
            return another.provision(opened.json()["session_token"]).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(set_up, range(8)))

    assert statuses == [201] * 8
    assert len(set(cloud.claim_codes)) == 8
    assert cloud.customers == {"new@example.com"}


def test_a_verified_device_is_recorded_with_customer_and_installer(
    caller: Caller, cloud: FakeCloud, token: str, database: FreshDatabase
):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]

    answer = caller.record(token, DEVICE.upper(), "kitchen")

    assert answer.status_code == 201
    assert answer.json()["device_id"] == DEVICE
    assert answer.json()["name"] == "kitchen"
    assert answer.json()["recorded_at"].endswith("Z")
    assert database.sql(
        "SELECT d.device_id, c.email, s.name FROM device_record d"
        " JOIN customer c ON c.id = d.customer_id JOIN staff_member s ON s.id = d.staff_id",
    ) == [(DEVICE, JANE, "shop")]


def test_recording_again_renames_and_keeps_the_moment(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    first = caller.record(token, DEVICE, "kitchen")

    again = caller.record(token, DEVICE, "cellar")

    assert again.status_code == 200
    assert again.json() == {**first.json(), "name": "cellar"}
    listed = caller.ask("GET", "/v1/devices", token=token).json()
    assert listed == {"devices": [again.json()]}


def test_a_device_that_changed_hands_is_recorded_for_both(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.customers |= {JANE, "joe@example.com"}
    cloud.devices = {JANE: [DEVICE], "joe@example.com": [DEVICE]}
    joe = caller.sign_in("joe@example.com")

    assert caller.record(token, DEVICE).status_code == 201
    assert caller.record(joe, DEVICE).status_code == 201


def test_a_device_that_the_cloud_does_not_list_is_not_recorded(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.customers.add(JANE)
    cloud.devices = {JANE: [OTHER_DEVICE], "joe@example.com": [DEVICE]}

    answer = caller.record(token, DEVICE)

    assert (answer.status_code, code_of(answer)) == (409, "device_not_verified")
    assert caller.ask("GET", "/v1/devices", token=token).json() == {"devices": []}


def test_a_customer_sees_only_the_own_devices(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    caller.record(token, DEVICE)

    listed = caller.ask("GET", "/v1/devices", token=caller.sign_in("joe@example.com"))

    assert listed.json() == {"devices": []}


PROTECTED = [
    ("POST", "/v1/provisions", {}),
    ("POST", "/v1/access-tokens", {}),
    ("POST", "/v1/devices", {"device_id": DEVICE, "name": ""}),
    ("GET", "/v1/devices", None),
]


@pytest.mark.parametrize(("method", "path", "body"), PROTECTED)
def test_without_a_valid_session_nothing_is_done(
    caller: Caller, cloud: FakeCloud, database: FreshDatabase, method: str, path: str, body: object
):
    expired = caller.sign_in()
    database.sql("UPDATE customer_session SET expires_at = '2020-01-01 00:00:00.000000'")

    for token in (expired, "unknown", None):
        answer = caller.ask(method, path, body=body, token=token)

        assert (answer.status_code, code_of(answer)) == (401, "session_expired")
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert cloud.seen == []


def test_a_session_is_still_good_shortly_before_its_end(
    caller: Caller, token: str, database: FreshDatabase
):
    end = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime(time.time() + 60))
    database.sql(f"UPDATE customer_session SET expires_at = '{end}'")

    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200


def test_deleting_a_customer_removes_everything_at_the_cloud_and_here(
    caller: Caller, cloud: FakeCloud, database: FreshDatabase
):
    customer = "jane+home@example.com"
    cloud.devices[customer] = [DEVICE]
    token = caller.sign_in(customer)
    caller.provision(token)
    caller.record(token, DEVICE)

    answer = caller.delete_customer("Jane%2Bhome%40example.com")

    assert (answer.status_code, answer.content) == (204, b"")
    assert cloud.customers == set()
    assert cloud.seen[-1].path.endswith("/customers/jane%2Bhome%40example.com")
    assert database.sql("SELECT * FROM customer") == []
    assert database.sql("SELECT * FROM customer_session") == []
    assert database.sql("SELECT * FROM device_record") == []
    assert code_of(caller.provision(token)) == "session_expired"


def test_a_customer_is_kept_here_when_the_cloud_does_not_delete(
    caller: Caller, cloud: FakeCloud, token: str
):
    cloud.script("delete_customer", Scripted(500))

    answer = caller.delete_customer("jane%40example.com")

    assert code_of(answer) == "cloud_broken"
    assert caller.ask("GET", "/v1/devices", token=token).status_code == 200
