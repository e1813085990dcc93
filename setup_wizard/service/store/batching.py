"""What many requests want of the database at the same moment, asked once for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Batching(Generic[Item, Outcome]):
    """Collects while others are served; whoever comes alone is served at once.

    `work` gets the items in the order in which they came, and answers with as many outcomes. It
    always begins after the last of its items came: nobody is told how things stood before.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Awaitable[Sequence[Outcome]]],
        *,
        at_once: int,
    ) -> None:
        """`at_once` is how many batches may be under way."""
        self._work = work
        self._turn = asyncio.Semaphore(at_once)
        self._waiting: list[Item] = []
        self._served: asyncio.Task[Sequence[Outcome]]

    async def __call__(self, item: Item) -> Outcome:
        """The outcome for this item. What `work` raises, it raises for each of the batch."""
        waiting = self._waiting
        place = len(waiting)
        waiting.append(item)
        if place == 0:
            self._served = asyncio.create_task(self._serve(waiting))
        # Others may be in the same batch: who hangs up does not take them along.
        outcomes = await asyncio.shield(self._served)
        return outcomes[place]

    async def _serve(self, items: Sequence[Item]) -> Sequence[Outcome]:
        async with self._turn:
            self._waiting = []  # who comes from now on is in the next one
            return await self._work(items)
