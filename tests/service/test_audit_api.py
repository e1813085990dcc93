"""Who did what to which device is written down, under the id of the request that did it."""

from __future__ import annotations

import asyncio

import pytest

from setup_wizard.service.models import Actor, Role
from setup_wizard.service.store.audit import Deed
from tests.service.caller import JANE, SHOP_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud
from tests.service.stores import opened

DEVICE = "3a001b000447343138333038"


@both
def test_every_deed_is_a_line_with_the_id_of_its_request(
    caller: Caller, cloud: FakeCloud, database: FreshDatabase
):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    token = caller.sign_in()
    done = [
        caller.provision(token),
        caller.record(token, DEVICE, "kitchen"),
        caller.record(token, DEVICE, "cellar"),
        caller.ask("POST", "/v1/access-tokens", body={}, token=token),
    ]

    lines = caller.audit()

    assert [(line["verb"], line["staff"], line["customer"]) for line in lines] == [
        ("access_token.issued", "shop", JANE),
        ("device.renamed", "shop", JANE),
        ("device.recorded", "shop", JANE),
        ("claim_code.issued", "shop", JANE),
        ("session.opened", "shop", JANE),
    ]
    ids = [answer.headers["X-Request-Id"] for answer in reversed(done)]
    assert [line["request_id"] for line in lines[:4]] == ids
    assert [line["device_id"] for line in lines[:4]] == [None, DEVICE, DEVICE, None]
    written = str(database.sql("SELECT * FROM audit_entry"))
    secrets = {SHOP_KEY, token, *cloud.secrets()}
    assert [secret for secret in secrets if secret in written] == []


@both
def test_a_deletion_is_written_down_and_the_customer_no_longer_named(caller: Caller):
    caller.sign_in()

    caller.delete_customer("jane%40example.com")

    deleted, opened = caller.audit()
    assert (deleted["verb"], deleted["actor"]) == ("customer.deleted", "staff")
    assert deleted["staff"] == "support"
    assert (opened["verb"], opened["customer"]) == ("session.opened", None)


@both
def test_a_deed_for_a_customer_who_is_deleted_meanwhile_is_kept(database: FreshDatabase):
    async def write() -> tuple[Deed, ...]:
        async with opened(database) as store:
            await store.audit.write(Actor.CUSTOMER, "claim_code.issued", customer_id=4711)
            return await store.audit.read(limit=2)

    (deed,) = asyncio.run(write())

    assert (deed.verb, deed.customer) == ("claim_code.issued", None)


def test_what_failed_is_not_written_down(caller: Caller, token: str):
    caller.record(token, DEVICE)
    caller.ask("POST", "/v1/sessions", body={"customer": JANE, "installer_key": "wrong"})

    assert [line["verb"] for line in caller.audit()] == ["session.opened"]


def test_the_lines_of_one_device_and_the_newest_only(caller: Caller, cloud: FakeCloud, token: str):
    cloud.customers.add(JANE)
    cloud.devices[JANE] = [DEVICE]
    caller.staff_key(Role.ADMIN)
    caller.record(token, DEVICE)

    assert [line["verb"] for line in caller.audit("?limit=1")] == ["device.recorded"]
    of_device = caller.audit(f"?device_id={DEVICE.upper()}")
    assert [line["verb"] for line in of_device] == ["device.recorded"]
    assert caller.audit(f"?device_id={'0' * 24}") == []


@pytest.mark.parametrize("role", [Role.INSTALLER, Role.SUPPORT, Role.FACTORY])
def test_only_admins_read_it(caller: Caller, role: Role):
    headers = {"X-Installer-Key": caller.staff_key(role)}

    answer = caller.ask("GET", "/v1/audit", headers=headers)

    assert (answer.status_code, code_of(answer)) == (403, "role_refused")


@pytest.mark.parametrize("query", ["?limit=0", "?limit=1001", "?limit=x", "?device_id=7"])
def test_a_question_that_cannot_be_answered_is_refused(caller: Caller, query: str):
    headers = {"X-Installer-Key": caller.staff_key(Role.ADMIN)}

    answer = caller.ask("GET", f"/v1/audit{query}", headers=headers)

    assert (answer.status_code, code_of(answer)) == (422, "request_refused")
