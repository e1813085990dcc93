"""Where more ask than there are connections, each comes to its turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from setup_wizard.service.store import database as database_module
from setup_wizard.service.store.database import Database, DatabaseUrl, StorageUnavailable
from tests.service.databases import FreshDatabase, both

ASK = text("SELECT 1")

pytestmark = [both, pytest.mark.usefixtures("one_connection")]


@pytest.fixture
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_module, "POOL_SIZE", 1)


async def _ask(at: Database) -> None:
    await at.ask(ASK, {})


async def _read(at: Database) -> None:
    async with at.reading() as connection:
        await connection.execute(ASK)


async def _write(at: Database) -> None:
    async with at.writing() as connection:
        await connection.execute(ASK)


@pytest.mark.parametrize("deed", [_ask, _read, _write])
def test_who_waits_is_not_overtaken(
    database: FreshDatabase, deed: Callable[[Database], Awaitable[None]]
):
    served: list[str] = []

    async def often(at: Database) -> None:
        for _ in range(20):
            await deed(at)
            served.append("often")

    async def once(at: Database) -> None:
        await deed(at)
        served.append("once")

    async def work() -> None:
        engine = DatabaseUrl(database.url).engine()
        at = Database(engine)
        await asyncio.gather(often(at), once(at))
        await engine.dispose()

    asyncio.run(work())

    assert served[:2] == ["often", "once"]


@pytest.mark.parametrize("deed", [_ask, _read, _write])
def test_who_waits_for_too_long_is_told(
    database: FreshDatabase,
    deed: Callable[[Database], Awaitable[None]],
    monkeypatch: pytest.MonkeyPatch,
):
    for limit in ("POOL_TIMEOUT", "TURN_TIMEOUT"):
        monkeypatch.setattr(database_module, limit, 0.05)

    async def work() -> None:
        engine = DatabaseUrl(database.url).engine()
        at = Database(engine)
        async with at.writing():
            with pytest.raises(StorageUnavailable):
                await deed(at)
        await deed(at)
        await engine.dispose()

    asyncio.run(work())
