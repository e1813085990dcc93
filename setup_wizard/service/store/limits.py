"""Counters that all workers share: how often something was tried lately."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from setup_wizard.service.models import RateCount
from setup_wizard.service.store.database import Database, sweep
from setup_wizard.service.store.secrets import hash_of_text


class Limits:
    """Counts within fixed stretches of time: simple, and at worst twice the limit passes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, key: str, *, window: timedelta, now: datetime | None = None) -> int:
        """Count one more try under this key, such as "code:jane@example.com", and say which.

        The first of a stretch sweeps out what is over.
        """
        now = now or datetime.now(UTC)
        seconds = int(window.total_seconds())
        start = int(now.timestamp()) // seconds * seconds
        insert = self._database.insert(RateCount).values(
            key_hash=hash_of_text(f"{seconds}:{key}"),
            window_start=start,
            count=1,
            ends_at=datetime.fromtimestamp(start + seconds, UTC),
        )
        async with self._database.writing() as connection:
            counted = await connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["key_hash", "window_start"],
                    set_={"count": RateCount.count + 1},
                ).returning(RateCount.count)
            )
            count: int = counted.scalar_one()
            if count == 1:
                await connection.execute(sweep(RateCount, RateCount.ends_at, now))
        return count
