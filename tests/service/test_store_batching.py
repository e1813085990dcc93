"""What many ask for at once is done once, and nobody is told how things stood before."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence

import pytest

from setup_wizard.service.store.batching import Batching


class Work:
    """Doubles numbers, in batches that end when they are let go."""

    def __init__(self, *, at_once: int = 1) -> None:
        self.batches: list[list[int]] = []
        self.gate = asyncio.Event()
        self.failure: Exception | None = None
        self.ask = Batching(self._do, at_once=at_once)

    async def _do(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        await self.gate.wait()
        if self.failure is not None:
            raise self.failure
        return [2 * item for item in items]


def run(test: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


async def until_begun(work: Work, batches: int) -> None:
    while len(work.batches) < batches:
        await asyncio.sleep(0)


def test_who_comes_alone_is_served_at_once() -> None:
    async def test() -> None:
        work = Work()
        work.gate.set()

        assert [await work.ask(1), await work.ask(2)] == [2, 4]
        assert work.batches == [[1], [2]]

    run(test())


@pytest.mark.parametrize("at_once", [1, 2])
def test_who_comes_meanwhile_is_in_the_next_batch(at_once: int) -> None:
    async def test() -> None:
        work = Work(at_once=at_once)
        asked = []
        for number in range(at_once):
            asked.append(asyncio.create_task(work.ask(number)))
            await until_begun(work, number + 1)
        asked += [asyncio.create_task(work.ask(number)) for number in (7, 8, 7)]
        for _ in range(5):
            await asyncio.sleep(0)
        under_way = len(work.batches)
        work.gate.set()

        assert await asyncio.gather(*asked) == [*range(0, 2 * at_once, 2), 14, 16, 14]
        assert under_way == at_once
        assert work.batches == [*([number] for number in range(at_once)), [7, 8, 7]]

    run(test())


def test_who_hangs_up_takes_nobody_along() -> None:
    async def test() -> None:
        work = Work()
        first, second = (asyncio.create_task(work.ask(number)) for number in (1, 2))
        await until_begun(work, 1)
        first.cancel()
        work.gate.set()

        assert await second == 4
        assert first.cancelled() or first.cancelling()
        assert work.batches == [[1, 2]]

    run(test())


def test_a_failure_is_told_to_each_of_the_batch_and_to_nobody_after() -> None:
    async def test() -> None:
        work = Work()
        work.gate.set()
        work.failure = RuntimeError("down")

        told = await asyncio.gather(work.ask(1), work.ask(2), return_exceptions=True)
        work.failure = None

        assert [type(each) for each in told] == [RuntimeError, RuntimeError]
        assert await work.ask(3) == 6

    run(test())
