"""One way to SQLite and PostgreSQL: addresses, transactions, and what can go wrong with them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, TypeVar

from sqlalchemy import (
    Connection,
    Delete,
    Executable,
    Insert,
    Result,
    delete,
    event,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.util import await_only, greenlet_spawn

from setup_wizard.domain.errors import BackendError
from setup_wizard.service.models import Base
from setup_wizard.service.store import sqlite_driver

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

SQLITE_LOCK_TIMEOUT_MS = 10_000  # writers take turns; one turn takes milliseconds
SQLITE_LOCK_PAUSE = 0.01  # seconds between two tries where SQLite does not wait by itself
CONNECT_TIMEOUT = 5.0  # seconds; a database server is near
STATEMENT_TIMEOUT = 15.0  # seconds; the slowest statement here takes milliseconds
POOL_SIZE = 10  # connections of each worker; PostgreSQL allows 100 unless told otherwise
POOL_TIMEOUT = 10.0  # seconds to wait for a connection: then it is better to say so
TURN_TIMEOUT = 30.0  # seconds to wait for a turn to write; of a thousand at once the last waits 8

_POSTGRESQL = ("postgresql", "postgres")
_SQLITE = "sqlite"
_SQLITE_UNAVAILABLE = (
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
)
_DISK_FULL = "53100"  # PostgreSQL's manual, appendix A, as are these classes:
_POSTGRESQL_UNAVAILABLE = ("08", "40", "53", "57")  # connection, rollback, resources, operator
_READING = "setup_wizard_reading"  # an execution option of our own

Answer = TypeVar("Answer")


class DatabaseRefused(Exception):
    """This database cannot be used; the text says why, to whoever runs the backend."""


class StorageFull(BackendError):
    """The database has no room left: what was to be written is not, the rest is kept."""

    code = "SW-STORAGE-FULL"


class StorageUnavailable(BackendError):
    """The database does not answer, or not in time, or gave way to somebody else's change."""

    code = "SW-STORAGE-DOWN"
    retryable = True


@dataclass(frozen=True)
class DatabaseUrl:
    """Where the database is, as people write it: sqlite:///FILE or postgresql://…"""

    text: str = field(repr=False)  # may hold a password

    def __post_init__(self) -> None:
        if self._kind not in (*_POSTGRESQL, _SQLITE):
            raise DatabaseRefused("the database must be sqlite:///FILE or postgresql://…")
        if self._kind == _SQLITE and self._sqlite_file in ("", ":memory:"):
            raise DatabaseRefused("the database needs a file: sqlite:///FILE")

    @property
    def _kind(self) -> str:
        """Without the driver's name, which other programs want there."""
        return self.text.partition("://")[0].partition("+")[0]

    @property
    def _sqlite_file(self) -> str:
        try:
            return make_url(self.text).database or ""
        except ArgumentError:  # its text would quote the address
            raise DatabaseRefused("the database must be sqlite:///FILE") from None

    def check_existence(self) -> None:
        """Raise DatabaseRefused where opening would make a new and empty file."""
        if self._kind == _SQLITE and not Path(self._sqlite_file).exists():
            raise DatabaseRefused(f"there is no database {self._sqlite_file}")

    def engine(self, *, migrating: bool = False) -> AsyncEngine:
        """A new pool of connections; nothing is opened yet, but a SQLite file is looked at."""
        # hide_parameters: an SQL error in a log must not show what was written.
        if self._kind in _POSTGRESQL:
            engine = create_async_engine(
                "postgresql+asyncpg://",
                async_creator=self._connect_to_postgresql,
                isolation_level="READ COMMITTED" if migrating else "AUTOCOMMIT",
                hide_parameters=True,
                pool_size=POOL_SIZE,
                max_overflow=0,
                pool_timeout=POOL_TIMEOUT,
            )
            event.listen(engine.sync_engine, "checkout", _refuse_closed)
            return engine
        _probe_sqlite(self._sqlite_file)
        address = make_url(self.text).set(drivername="sqlite+aiosqlite")
        place, options = address.get_dialect()().create_connect_args(address)
        engine = create_async_engine(
            address,
            async_creator=partial(sqlite_driver.connect, *place, **options),
            hide_parameters=True,
            pool_size=POOL_SIZE,
            max_overflow=0,
            pool_timeout=POOL_TIMEOUT,
        )
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        if not migrating:
            event.listen(engine.sync_engine, "connect", _keep_references)
        return engine

    async def _connect_to_postgresql(self) -> Any:
        """By the driver's own reading of the address, which is libpq's: sslmode, passfile …"""
        import asyncpg  # only where there is a PostgreSQL

        address = f"postgresql://{self.text.partition('://')[2]}"
        try:
            return await asyncpg.connect(
                address, timeout=CONNECT_TIMEOUT, command_timeout=STATEMENT_TIMEOUT
            )
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise StorageUnavailable from error
        except ValueError:  # its text would quote the address
            raise DatabaseRefused("the database's address cannot be read") from None


class _Places(asyncio.Semaphore):
    """For whoever waits longest, up to a limit in seconds: a pool gives its connections to whoever
    asks at the right moment, and of many who asked at once one could wait until it was refused."""

    def __init__(self, places: int, *, limit: float) -> None:
        super().__init__(places)
        self._limit = limit

    async def acquire(self) -> Literal[True]:
        if not self.locked():
            return await super().acquire()
        async with asyncio.timeout(self._limit):
            return await super().acquire()


_Insert: TypeAlias = "Callable[[type[Any]], postgresql.Insert | sqlite.Insert]"


class Database:
    """Short transactions on one database. What fails in them is told in our words."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._is_postgresql = engine.dialect.name == "postgresql"
        # SQLite has one writer at a time and lets the others poll; in here they queue up.
        self._turn = nullcontext() if self._is_postgresql else _Places(1, limit=TURN_TIMEOUT)
        self._places = _Places(POOL_SIZE, limit=POOL_TIMEOUT)
        # Each kind's own, because to load the other would be a tenth of a short command's time.
        # Without a transaction around it a question is one journey to the server, not three. To
        # change a connection for it would take longer than to ask: so those to PostgreSQL have
        # none by themselves, and who writes changes them.
        if self._is_postgresql:
            from sqlalchemy.dialects.postgresql import insert as insert_postgresql

            self._insert: _Insert = insert_postgresql
            self._reader = engine
            self._writer = engine.execution_options(isolation_level="READ COMMITTED")
        else:
            from sqlalchemy.dialects.sqlite import insert as insert_sqlite

            self._insert = insert_sqlite
            self._reader = engine.execution_options(**{_READING: True})
            self._writer = engine

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """For questions; each statement stands for itself. Raises StorageUnavailable."""
        with _in_our_words():
            async with self._places, self._reader.connect() as connection:
                yield connection

    async def ask(self, query: Executable, values: Mapping[str, object]) -> Sequence[Any]:
        """One question, for where each request asks it. Raises StorageUnavailable."""
        with _in_our_words():
            async with self._places:
                return await greenlet_spawn(self._execute, query, values, Result.all)

    async def add(self, line: Insert, values: Mapping[str, object]) -> None:
        """One line, without the two journeys of a transaction.

        Raises StorageFull and StorageUnavailable.
        """
        with _in_our_words():
            async with self._turn, self._places:
                await greenlet_spawn(self._execute, line, values, Result.close)

    def _execute(
        self,
        statement: Executable,
        values: Mapping[str, object],
        take: Callable[[Result[Any]], Answer],
    ) -> Answer:
        """In one step out of the event loop and back; by `connect` it would be three."""
        with self._reader.sync_engine.connect() as connection:
            return take(connection.execute(statement, values))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """One transaction, undone when the block fails.

        On SQLite nobody else writes meanwhile. Raises StorageFull and StorageUnavailable.
        """
        with _in_our_words():
            async with self._turn, self._places, self._writer.begin() as connection:
                yield connection

    def insert(self, table: type[Any]) -> postgresql.Insert | sqlite.Insert:
        """An INSERT that can say what happens ON CONFLICT."""
        return self._insert(table)


def sweep(table: type[Base], ends: InstrumentedAttribute[datetime], now: datetime) -> Delete:
    """Delete what is over, but for rows that another worker is just sweeping out."""
    key = inspect(table).primary_key
    over = select(*key).where(ends <= now).with_for_update(skip_locked=True)
    return delete(table).where(tuple_(*key).in_(over))


class _Sqlite(Protocol):
    isolation_level: str | None

    def cursor(self) -> sqlite3.Cursor: ...


class _Postgresql(Protocol):
    driver_connection: Any


def _refuse_closed(connection: _Postgresql, _entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Never hand out a connection that the server closed; the pool then makes a new one.

    The driver knows it without asking: a question before each question would double the time.
    """
    if connection.driver_connection.is_closed():
        raise DisconnectionError


def _probe_sqlite(file: str) -> None:
    """Raise what is wrong with the file before the driver's own thread finds it.

    That thread still reports to an event loop which, after a failed start, is closed already,
    and its complaint would stand on standard error beside our sentence. A new file is for this
    user alone, for it holds addresses of people; SQLite gives its other files the same rights.
    """
    with suppress(OSError):  # there already, or SQLite says why not
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        sqlite3.connect(file).close()
    except sqlite3.Error as error:
        raise OperationalError(None, None, error) from error


def _prepare_sqlite(connection: _Sqlite, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the module would begin transactions of its own, too late
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_LOCK_TIMEOUT_MS}")
    _write_ahead(cursor)
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """So that readers do not wait for the writer. SQLite's time-out does not hold for this."""
    until = time.monotonic() + SQLITE_LOCK_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        await_only(asyncio.sleep(SQLITE_LOCK_PAUSE))


def _keep_references(connection: _Sqlite, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Who will write takes the lock at once: to ask for it later can fail."""
    if not connection.get_execution_options().get(_READING):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise  # a verb's own business
    except DBAPIError as error:
        failure = _failure(error)
        if failure is None:
            raise
        raise failure from error
    except (PoolTimeout, OSError, TimeoutError) as error:
        raise StorageUnavailable from error


def _failure(error: DBAPIError) -> BackendError | None:
    """What to call it, or None for a mistake of this program."""
    if isinstance(error.orig, sqlite3.Error):
        code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF  # without the finer distinction
        if code == sqlite3.SQLITE_FULL:
            return StorageFull()
        return StorageUnavailable() if code in _SQLITE_UNAVAILABLE else None
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == _DISK_FULL:
        return StorageFull()
    if error.connection_invalidated or state.startswith(_POSTGRESQL_UNAVAILABLE):
        return StorageUnavailable()
    return None
