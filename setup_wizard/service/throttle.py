"""How often something may be tried, and by whom; counted over all workers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from setup_wizard.domain.errors import TooManyTries
from setup_wizard.service.store.limits import Limits


@dataclass(frozen=True)
class Limit:
    """So many of something within a stretch of time."""

    name: str
    most: int
    window: timedelta


CODES_PER_ADDRESS = Limit("codes-address", 5, timedelta(hours=1))
"""A slow letter box makes people ask again; and five tries for each leave one guess in 40 000."""

CODES_PER_CLIENT = Limit("codes-client", 30, timedelta(hours=1))
"""A shop with one line to the internet sets up less; a flood of mails to strangers ends here."""

WRONG_PER_CLIENT = Limit("wrong-client", 50, timedelta(minutes=10))
"""Wrong codes, keys and accounts; people mistype a few, also when many share one line."""


class Throttle:
    """Refuses who tries too often."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits

    async def take(self, limit: Limit, who: str) -> None:
        """Count one more. Raises TooManyTries."""
        if await self._limits.count(f"{limit.name}:{who}", window=limit.window) > limit.most:
            raise _too_many(limit)

    async def check(self, limit: Limit, who: str) -> None:
        """Whether another may be tried, without counting it. Raises TooManyTries."""
        key, now = f"{limit.name}:{who}", datetime.now(UTC)
        counted = await self._limits.counted(key, window=limit.window, now=now)
        if counted >= limit.most:
            raise _too_many(limit)


def _too_many(limit: Limit) -> TooManyTries:
    seconds = int(limit.window.total_seconds())
    return TooManyTries(seconds=seconds - int(time.time()) % seconds)
