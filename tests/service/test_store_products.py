"""Several products in one database: each has customers of its own, also of the same address."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import CodeRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import SignInMethod
from setup_wizard.service.store import Store, open_store
from tests.service.databases import FreshDatabase, both
from tests.service.stores import opened, sign_in

JANE = "jane@example.com"
DEVICE = DeviceId("3a001b000447343138333038")
OTHER_DEVICE = DeviceId("0123456789abcdef01234567")

pytestmark = both


def _with_both(database: FreshDatabase, work: Callable[[Store, Store], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(database) as lamp, open_store(database.url, product="oven") as oven:
            await work(lamp, oven)

    asyncio.run(run())


async def _fill(store: Store, device: DeviceId) -> tuple[Secret, Secret]:
    """Jane's token, and a code that she has not used yet."""
    token = await store.sessions.open_for_customer(JANE, method=SignInMethod.CODE)
    jane = await store.sessions.customer(token)
    await store.devices.record(jane, DEVICE, "lamp")
    await store.installations.define("Hall", customer=JANE, device_ids=[device])
    return token, await store.codes.issue(JANE)


def test_a_product_knows_its_own_customers_alone(database: FreshDatabase):
    async def work(lamp: Store, oven: Store) -> None:
        await _fill(oven, DEVICE)

        assert not await lamp.customers.is_known(JANE)
        assert await lamp.customers.list() == ()
        assert not await lamp.customers.delete(JANE)

        await sign_in(lamp, JANE)
        for store, devices in ((lamp, 0), (oven, 1)):
            (jane,) = await store.customers.list()
            assert (jane.email, jane.devices) == (JANE, devices)

    _with_both(database, work)


def test_to_delete_a_customer_leaves_what_another_product_has_of_them(database: FreshDatabase):
    async def work(lamp: Store, oven: Store) -> None:
        token, code = await _fill(lamp, DEVICE)
        oven_token, oven_code = await _fill(oven, OTHER_DEVICE)

        assert await lamp.customers.delete(JANE)

        with pytest.raises(SignInExpired):
            await lamp.sessions.customer(token)
        with pytest.raises(CodeRefused):
            await lamp.codes.consume(JANE, code)
        assert not await lamp.customers.is_known(JANE)
        assert [each.customer for each in await lamp.installations.groups()] == [None]
        assert {each.customer for each in await lamp.audit.read(limit=9)} == {None}
        jane = await oven.sessions.customer(oven_token)
        await oven.codes.consume(JANE, oven_code)
        assert await oven.customers.is_known(JANE)
        assert len(await oven.devices.of_customer(jane.customer_id)) == 1
        assert [each.customer for each in await oven.installations.groups()] == [JANE]
        assert {each.customer for each in await oven.audit.read(limit=9)} == {JANE}

        assert await oven.customers.delete(JANE)

    _with_both(database, work)

    for table in ("customer", "customer_session", "device_record", "sign_in_code"):
        assert database.sql(f"SELECT * FROM {table}") == []
