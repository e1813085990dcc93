"""Whether a database is up to date, asked without loading what would bring it there."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from setup_wizard.service.store import migration, open_store
from setup_wizard.service.store.database import Database, DatabaseUrl
from setup_wizard.service.store.schema import VERSION, is_up_to_date
from tests.service import first_version
from tests.service.databases import FreshDatabase, both, both_bare

LOCKED_SECONDS = 0.1
START = """
import asyncio, sys
import setup_wizard.cli.staff
from setup_wizard.service.store import open_store
async def start():
    async with open_store(sys.argv[1], product="lamp"):
        pass
asyncio.run(start())
print(*sys.modules)
"""
"""As the commands about people do it."""


def _up_to_date(url: str) -> bool:
    async def ask() -> bool:
        engine = DatabaseUrl(url).engine()
        try:
            return await is_up_to_date(Database(engine))
        finally:
            await engine.dispose()

    return asyncio.run(ask())


async def _open(url: str) -> None:
    async with open_store(url, product="lamp"):
        pass


def _loaded(url: str) -> set[str]:
    start = [sys.executable, "-c", START, url]
    return set(subprocess.run(start, capture_output=True, text=True, check=True).stdout.split())


def test_the_version_is_that_of_the_last_migration():
    assert migration._scripts().get_heads() == [VERSION]


@both
def test_a_database_of_this_version_is_up_to_date(database: FreshDatabase):
    assert _up_to_date(database.url)


@both_bare
def test_an_empty_database_is_not(bare_database: FreshDatabase):
    assert not _up_to_date(bare_database.url)


@both_bare
def test_a_database_of_the_first_version_is_not(bare_database: FreshDatabase):
    first_version.make(bare_database)

    assert not _up_to_date(bare_database.url)


@both
@pytest.mark.parametrize("version", ["0001", "9999"], ids=["older", "newer"])
def test_a_database_of_another_version_is_not(database: FreshDatabase, version: str):
    database.sql(f"UPDATE alembic_version SET version_num = '{version}'")

    assert not _up_to_date(database.url)


@both
def test_a_database_whose_migration_was_never_noted_is_not(database: FreshDatabase):
    database.sql("DELETE FROM alembic_version")

    assert not _up_to_date(database.url)


@both_bare
def test_what_migrates_is_loaded_where_there_is_something_to_migrate(bare_database: FreshDatabase):
    assert ["alembic" in _loaded(bare_database.url) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("bare_database", ["sqlite"], indirect=True)
def test_who_finds_the_file_locked_waits_for_it(bare_database: FreshDatabase):
    """As when two start at once: it is in its old mode until the first has changed it."""
    first_version.make(bare_database)
    with closing(sqlite3.connect(bare_database.file, isolation_level=None)) as other:

        async def wait_for_it() -> None:
            other.execute("BEGIN IMMEDIATE")
            asyncio.get_running_loop().call_later(LOCKED_SECONDS, other.execute, "ROLLBACK")
            await _open(bare_database.url)

        asyncio.run(wait_for_it())

    assert _up_to_date(bare_database.url)


@both
def test_a_start_loads_nothing_of_what_it_does_not_need(database: FreshDatabase):
    other = "sqlite" if database.is_postgresql else "postgresql"
    needless = {"alembic", "fastapi", "pydantic", f"sqlalchemy.dialects.{other}"}

    loaded = _loaded(database.url)

    assert "sqlalchemy" in loaded
    assert needless & loaded == set()


@both_bare
def test_a_database_is_brought_up_to_date_when_it_is_opened(bare_database: FreshDatabase):
    first_version.make(bare_database)

    asyncio.run(_open(bare_database.url))

    assert _up_to_date(bare_database.url)
