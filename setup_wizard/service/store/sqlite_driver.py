"""SQLite's driver with fewer journeys: one to its thread and back for each statement.

The driver makes one for each call: to get a cursor, to execute, to fetch, to close, and to end a
transaction that is none. A journey takes longer than most statements here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Self

import aiosqlite

_CHUNK = 64  # rows; for those who read row by row, which nobody here does


async def connect(*place: Any, **options: Any) -> aiosqlite.Connection:
    """As `sqlite3.connect`; its thread does not keep the program from ending."""
    connection = _Connection(partial(sqlite3.connect, *place, **options), _CHUNK)
    connection._thread.daemon = True  # noqa: SLF001  # as SQLAlchemy does it
    return await connection


class _Connection(aiosqlite.Connection):
    _begun = _ended = 0
    """Journeys; one may go on though whoever began it has hung up."""

    def cursor(self) -> Any:
        return _Cursor(self)

    async def rollback(self) -> None:
        if self._begun != self._ended or self.in_transaction:  # what goes on may begin one
            await super().rollback()

    async def in_one_journey(
        self, work: Callable[[sqlite3.Cursor], object], take: Callable[[sqlite3.Cursor], None]
    ) -> None:
        self._begun = number = self._begun + 1

        def journey() -> None:
            cursor = self._conn.cursor()
            try:
                work(cursor)
                take(cursor)
            finally:
                cursor.close()
                self._ended = number

        await self._execute(journey)  # type: ignore[no-untyped-call]


class _Cursor:
    """What SQLAlchemy needs of one. There is no cursor of SQLite's but during a journey."""

    arraysize = 1

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, statement: str, values: Sequence[Any] = ()) -> None:
        await self._connection.in_one_journey(
            lambda cursor: cursor.execute(statement, values), self._take
        )

    async def executemany(self, statement: str, values: Iterable[Sequence[Any]]) -> None:
        await self._connection.in_one_journey(
            lambda cursor: cursor.executemany(statement, values), self._take
        )

    async def fetchall(self) -> list[Any]:
        return self._rows

    async def close(self) -> None:
        self._rows = []

    def _take(self, cursor: sqlite3.Cursor) -> None:
        self._rows = cursor.fetchall()
        self.description = cursor.description
        self.rowcount = cursor.rowcount
        self.lastrowid = cursor.lastrowid
