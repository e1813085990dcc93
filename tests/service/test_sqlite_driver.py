"""SQLite is asked in as few journeys to the driver's thread as there are statements."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from setup_wizard.service.store import open_store, sqlite_driver
from setup_wizard.service.store.database import Database, DatabaseUrl
from setup_wizard.service.store.sqlite_driver import _Connection
from tests.service.caller import JANE
from tests.service.databases import FreshDatabase
from tests.service.stores import sign_in

ADD = text(
    "INSERT INTO product (slug, name, created_at) VALUES (:slug, '', '2026-11-21') RETURNING slug"
)
ASK = text("SELECT slug FROM product ORDER BY slug")


@pytest.fixture
def journeys(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    made: list[object] = []
    execute: Callable[..., Awaitable[Any]] = _Connection._execute

    async def counted(connection: _Connection, work: object, *more: Any, **named: Any) -> object:
        made.append(work)
        return await execute(connection, work, *more, **named)

    monkeypatch.setattr(_Connection, "_execute", counted)
    return made


def test_a_question_is_one_journey_and_a_transaction_two_more_than_its_statements(
    database: FreshDatabase, journeys: list[object]
):
    async def ask_and_write(engine: AsyncEngine) -> tuple[int, int, list[str]]:
        at = Database(engine)
        async with at.reading() as connection:
            await connection.execute(ASK)
            journeys.clear()  # those of a new connection
        async with at.reading() as connection:
            await connection.execute(ASK)
        asked = len(journeys)
        async with at.writing() as connection:
            for slug in ("lamp", "kettle"):
                assert (await connection.execute(ADD, {"slug": slug})).scalar_one() == slug
        written = len(journeys) - asked
        async with at.reading() as connection:
            return asked, written, list((await connection.scalars(ASK)).all())

    assert _with_engine(database, ask_and_write) == (1, 4, ["kettle", "lamp"])


def test_what_fails_is_undone(database: FreshDatabase):
    async def fail(engine: AsyncEngine) -> list[str]:
        at = Database(engine)

        async def add_twice() -> None:
            async with at.writing() as connection:
                for _ in range(2):
                    await connection.execute(ADD, {"slug": "lamp"})

        with pytest.raises(IntegrityError):
            await add_twice()
        async with at.reading() as connection:
            return list((await connection.scalars(ASK)).all())

    assert _with_engine(database, fail) == []


def test_what_was_left_under_way_is_undone_when_it_comes_through(database: FreshDatabase):
    """Whoever waited for the lock hung up: the transaction that begins then is nobody's."""

    async def hang_up(holder: sqlite3.Connection) -> bool:
        connection: Any = await sqlite_driver.connect(database.file, isolation_level=None)
        try:
            waiting = asyncio.ensure_future(connection.cursor().execute("BEGIN IMMEDIATE"))
            await asyncio.sleep(0)  # it is handed to the thread
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            undone = asyncio.ensure_future(connection.rollback())
            await asyncio.sleep(0)
            holder.rollback()
            await undone
            await connection.cursor().execute("SELECT 1")
            return connection.in_transaction
        finally:
            await connection.close()

    with closing(sqlite3.connect(database.file, isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")

        assert asyncio.run(hang_up(holder)) is False


def _with_engine(database: FreshDatabase, work: Callable[[AsyncEngine], Awaitable[Any]]) -> object:
    async def run() -> object:
        engine = DatabaseUrl(database.url).engine()
        try:
            return await work(engine)
        finally:
            await engine.dispose()

    return asyncio.run(run())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has rights of another kind")
def test_a_new_file_is_for_its_user_alone(tmp_path: Path):
    async def write() -> set[int]:
        async with open_store(f"sqlite:///{tmp_path / 'shop.db'}", product="lamp") as store:
            await sign_in(store, JANE)
            return {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()}

    before = os.umask(0o022)
    try:
        rights = asyncio.run(write())
    finally:
        os.umask(before)

    assert rights == {0o600}
