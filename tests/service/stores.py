"""Stores as several workers have them: each with a pool of its own, on one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from setup_wizard.service.models import SignInMethod
from setup_wizard.service.store import Store, open_store
from setup_wizard.service.store.database import Database, DatabaseUrl
from setup_wizard.service.store.sessions import SignedIn
from tests.service.databases import FreshDatabase

PRODUCT = "lamp"


@asynccontextmanager
async def opened(database: FreshDatabase) -> AsyncIterator[Store]:
    async with open_store(database.url, product=PRODUCT) as store:
        yield store


def with_store(database: FreshDatabase, work: Callable[[Store], Awaitable[None]]) -> None:
    """Do this with one of them, from its start to its end."""

    async def run() -> None:
        async with opened(database) as store:
            await work(store)

    asyncio.run(run())


@asynccontextmanager
async def workers(database: FreshDatabase, number: int) -> AsyncIterator[list[Store]]:
    """Without the start of each, which others test."""
    async with opened(database) as first, AsyncExitStack() as stack:
        stores = [first]
        for _ in range(number - 1):
            engine = DatabaseUrl(database.url).engine()
            stack.push_async_callback(engine.dispose)
            stores.append(Store(Database(engine), first.product_id))
        yield stores


async def sign_in(store: Store, email: str) -> SignedIn:
    """A customer, known before or not, as one who signed in."""
    token = await store.sessions.open_for_customer(email, method=SignInMethod.CODE)
    return await store.sessions.customer(token)
