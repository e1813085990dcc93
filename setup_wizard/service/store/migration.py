"""Brings a database to what this version of the program needs, once, whoever starts first."""

from __future__ import annotations

import asyncio
import logging
import threading
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from setup_wizard.service.store.database import DatabaseRefused, DatabaseUrl

MIGRATIONS = Path(__file__).parents[1] / "migrations"
_ADVISORY_LOCK = 0x5E7B_0A2D  # any number, the same in every worker

# Alembic's `op` and `context` belong to the whole process.
_one_at_a_time = threading.Lock()

_log = logging.getLogger(__name__)


async def migrate(url: DatabaseUrl) -> None:
    """Run the steps that are missing, all or none. Raises DatabaseRefused if it is newer."""
    await asyncio.to_thread(_migrate_in_this_thread, url)


def _migrate_in_this_thread(url: DatabaseUrl) -> None:
    """With a loop of its own, so that whoever waits here holds up nobody else."""
    with _one_at_a_time:
        asyncio.run(_migrate(url))


async def _migrate(url: DatabaseUrl) -> None:
    engine = url.engine(migrating=True)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(_upgrade)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        # Until the transaction ends; on SQLite it began with the lock for writing.
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
    script = _scripts()
    before = MigrationContext.configure(connection).get_current_heads()
    if set(before) <= set(script.get_heads()) and before:
        return
    if not set(before) <= {each.revision for each in script.walk_revisions()}:
        raise DatabaseRefused(
            "the database was made by a newer version of this program: update the program"
        )
    command.upgrade(_config(connection=connection), "head")
    if connection.dialect.name == "sqlite":
        _check_references(connection)
    _log.info("database_from=%s database_to=%s", *before or ("none",), script.get_current_head())


@cache
def _scripts() -> ScriptDirectory:
    """Every step, read once: they are part of the program."""
    return ScriptDirectory.from_config(_config())


def _config(**attributes: Connection) -> Config:
    config = Config(attributes=dict(attributes))
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _check_references(connection: Connection) -> None:
    """SQLite does not look at references while its tables are made anew."""
    if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise DatabaseRefused("the database has rows that point nowhere: it was not changed")
