"""The keys in the settings: whom they let in, with which role, and that none comes back to life."""

from __future__ import annotations

import asyncio

import pytest

from setup_wizard.domain.errors import KeyRefused
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role
from setup_wizard.service.store import Store, open_store
from setup_wizard.service.store.staff import StaffExists
from tests.service.databases import FreshDatabase, both
from tests.service.stores import with_store

pytestmark = both


def test_a_revoked_key_stays_revoked_though_the_settings_name_it_again_and_again(
    database: FreshDatabase, caplog: pytest.LogCaptureFixture
):
    leaked, others = Secret("leaked-key"), ("shop", Secret("k2"))

    async def work(store: Store) -> None:
        await store.staff.set_installer_keys([("anna", leaked), others])
        await store.staff.revoke("anna")
        _, key = await store.staff.add("anna", Role.ADMIN)
        for keys in ([("anna", leaked), others], [others], [("anna", leaked), others]):
            caplog.clear()
            await store.staff.set_installer_keys(keys)

            with pytest.raises(KeyRefused):
                await store.staff.by_key(leaked)
            assert (await store.staff.by_key(key)).role is Role.ADMIN
            assert (await store.staff.by_key(Secret("k2"))).name == "shop"

    with_store(database, work)

    assert [line for line in caplog.messages if "staff=" in line] == [
        "staff=anna revoked=yes: the key in the settings is void"
    ]
    assert "leaked-key" not in caplog.text


def test_a_revoked_key_is_void_under_another_name_too(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.staff.set_installer_keys([("anna", Secret("k1"))])
        await store.staff.revoke("anna")
        await store.staff.set_installer_keys([("shop", Secret("k1"))])

        with pytest.raises(KeyRefused):
            await store.staff.by_key(Secret("k1"))

    with_store(database, work)


def test_a_key_that_came_while_its_holder_was_revoked_gets_no_role_when_they_are_added(
    database: FreshDatabase,
):
    async def work(store: Store) -> None:
        await store.staff.add("anna", Role.INSTALLER)
        await store.staff.revoke("anna")
        await store.staff.set_installer_keys([("anna", Secret("k1"))])
        # At once: whoever adds them may not see yet that it came.
        live = "SELECT count(*) FROM staff_key WHERE revoked_at IS NULL"
        assert await asyncio.to_thread(database.sql, live) == [(0,)]

        await store.staff.add("anna", Role.ADMIN)
        await store.staff.set_installer_keys([("anna", Secret("k1"))])
        with pytest.raises(KeyRefused):
            await store.staff.by_key(Secret("k1"))

    with_store(database, work)


def test_a_key_that_came_in_while_its_holder_was_being_revoked_is_void(database: FreshDatabase):
    """A backend may start at the moment of the command."""

    async def work(store: Store) -> None:
        await store.staff.set_installer_keys([("anna", Secret("k1"))])
        await store.staff.revoke("anna")
        await asyncio.to_thread(database.sql, "UPDATE staff_key SET revoked_at = NULL")
        with pytest.raises(KeyRefused):
            await store.staff.by_key(Secret("k1"))

        await store.staff.add("anna", Role.ADMIN)
        with pytest.raises(KeyRefused):
            await store.staff.by_key(Secret("k1"))

    with_store(database, work)


def test_a_key_that_was_revoked_at_one_product_is_good_at_another(database: FreshDatabase):
    keys = [("anna", Secret("k1"))]

    async def work(store: Store) -> None:
        await store.staff.set_installer_keys(keys)
        await store.staff.revoke("anna")
        async with open_store(database.url, product="oven") as oven:
            await oven.staff.set_installer_keys(keys)

            assert (await oven.staff.by_key(Secret("k1"))).name == "anna"

    with_store(database, work)


def test_a_key_may_be_taken_out_of_the_settings_and_put_back(database: FreshDatabase):
    async def work(store: Store) -> None:
        for keys in ([("anna", Secret("k1"))], [], [("anna", Secret("k1"))]):
            await store.staff.set_installer_keys(keys)

        holder = await store.staff.by_key(Secret("k1"))
        assert (holder.name, holder.role) == ("anna", Role.INSTALLER)

    with_store(database, work)


def test_a_key_of_the_command_may_stand_in_the_settings(
    database: FreshDatabase, caplog: pytest.LogCaptureFixture
):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("anna", Role.ADMIN)
        await store.staff.set_installer_keys([("anna", key)])

        assert (await store.staff.by_key(key)).role is Role.ADMIN

    with_store(database, work)

    assert "void" not in caplog.text


def test_a_key_of_the_settings_has_the_role_of_whom_it_names(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.staff.add("anna", Role.ADMIN)
        await store.staff.set_installer_keys([("anna", Secret("k1")), ("shop", Secret("k2"))])
        with pytest.raises(StaffExists):
            await store.staff.add("shop", Role.ADMIN)

        assert (await store.staff.by_key(Secret("k1"))).role is Role.ADMIN
        assert (await store.staff.by_key(Secret("k2"))).role is Role.INSTALLER

    with_store(database, work)
