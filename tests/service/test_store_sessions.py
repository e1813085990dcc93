"""Which session or key opens nothing: one that is over, was revoked or is another product's."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from setup_wizard.domain.errors import KeyRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role, SignInMethod
from setup_wizard.service.store import Store, open_store
from setup_wizard.service.store.staff import KeyHolder
from tests.service.databases import FreshDatabase, both
from tests.service.stores import opened

JANE = "jane@example.com"
OVER = "UPDATE customer_session SET expires_at = '2020-01-01 00:00:00.000000'"

pytestmark = both


def _with_store(database: FreshDatabase, work: Callable[[Store], Awaitable[None]]) -> None:
    async def run() -> None:
        async with opened(database) as store:
            await work(store)

    asyncio.run(run())


async def _anna(store: Store) -> tuple[KeyHolder, Secret]:
    _, key = await store.staff.add("anna", Role.ADMIN)
    return await store.staff.by_key(key), key


async def _sign_in(store: Store, anna: KeyHolder) -> Secret:
    return await store.sessions.open_for_customer(
        JANE, method=SignInMethod.INSTALLER_KEY, key_id=anna.key_id
    )


async def _opens_nothing(store: Store, session: Secret) -> None:
    for ask in (store.sessions.customer, store.sessions.opener):
        with pytest.raises(SignInExpired):
            await ask(session)


def test_a_session_tells_for_whom_it_is_and_who_opened_it(database: FreshDatabase):
    async def work(store: Store) -> None:
        anna, _ = await _anna(store)
        session = await _sign_in(store, anna)

        assert (await store.sessions.customer(session)).customer == JANE
        assert await store.sessions.opener(session) == anna

    _with_store(database, work)


def test_a_session_that_is_over_opens_nothing(database: FreshDatabase):
    async def work(store: Store) -> None:
        anna, _ = await _anna(store)
        session = await _sign_in(store, anna)
        await asyncio.to_thread(database.sql, OVER)

        await _opens_nothing(store, session)

    _with_store(database, work)


def test_a_session_opened_by_a_key_that_was_just_revoked_opens_nothing(database: FreshDatabase):
    async def work(store: Store) -> None:
        anna, _ = await _anna(store)
        await store.staff.revoke("anna")
        session = await _sign_in(store, anna)  # the key had been looked up before

        await _opens_nothing(store, session)

    _with_store(database, work)


def test_neither_session_nor_key_opens_anything_of_another_product(database: FreshDatabase):
    async def work(store: Store) -> None:
        anna, key = await _anna(store)
        session = await _sign_in(store, anna)
        async with open_store(database.url, product="oven") as oven:
            await _opens_nothing(oven, session)
            with pytest.raises(KeyRefused):
                await oven.staff.by_key(key)

    _with_store(database, work)
