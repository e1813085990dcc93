"""Counters that all workers share: how often something was tried lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import bindparam, delete, select

from setup_wizard.service.models import RateCount
from setup_wizard.service.store.database import Database, sweep
from setup_wizard.service.store.secrets import hash_of_text

# Every sign-in asks this: to build it anew takes longer than to send it.
_COUNTED = (
    select(RateCount.count)
    .where(RateCount.key_hash == bindparam("key_hash"))
    .where(RateCount.window_start == bindparam("window_start"))
)


class Limits:
    """Counts within fixed stretches of time: simple, and at worst twice the limit passes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._count = (
            database.insert(RateCount)
            .on_conflict_do_update(
                index_elements=["key_hash", "window_start"], set_={"count": RateCount.count + 1}
            )
            .returning(RateCount.count)
        )

    async def count(self, key: str, *, window: timedelta, now: datetime | None = None) -> int:
        """Count one more try under this key, such as "code:jane@example.com", and say which.

        The first of a stretch sweeps out what is over.
        """
        now = now or datetime.now(UTC)
        key_hash, start = _place(key, window, now)
        first = {
            "key_hash": key_hash,
            "window_start": start,
            "count": 1,
            "ends_at": datetime.fromtimestamp(start, UTC) + window,
        }
        async with self._database.writing() as connection:
            counted = await connection.execute(self._count, first)
            count: int = counted.scalar_one()
            if count == 1:
                await connection.execute(sweep(RateCount, RateCount.ends_at, now))
        return count

    async def counted(self, key: str, *, window: timedelta, now: datetime) -> int:
        """How many tries there were in this stretch, without counting one."""
        key_hash, start = _place(key, window, now)
        found = await self._database.ask(_COUNTED, {"key_hash": key_hash, "window_start": start})
        return sum(count for (count,) in found)  # one or none

    async def forget(self, key: str, *, window: timedelta, now: datetime) -> None:
        """Begin to count anew."""
        key_hash, _ = _place(key, window, now)
        async with self._database.writing() as connection:
            await connection.execute(delete(RateCount).where(RateCount.key_hash == key_hash))


def _place(key: str, window: timedelta, now: datetime) -> tuple[str, int]:
    """Under what a stretch is counted, and when it began in seconds since 1970."""
    seconds = int(window.total_seconds())
    return hash_of_text(f"{seconds}:{key}"), int(now.timestamp()) // seconds * seconds
