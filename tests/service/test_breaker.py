"""When the cloud is asked, and when it is left alone."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from setup_wizard.domain.errors import CloudBroken, CloudBusy, CloudError, CloudUnreachable
from setup_wizard.domain.secret import Secret
from setup_wizard.service import breaker as breaker_module
from setup_wizard.service import cloud as cloud_module
from setup_wizard.service.breaker import AWAY_PAUSE, CROWDED_PAUSE, FAILURES, Breaker
from setup_wizard.service.cloud import Cloud, open_cloud
from setup_wizard.service.settings import ServiceSettings

TOKEN = Secret("0" * 40)
LIST = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]"
HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 90\r\nConnection: close\r\n\r\n[{"id": "3a0'
AWAY = CloudUnreachable(call="x", reason="x")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def _end(breaker: Breaker, error: CloudError | None = None, *, call: str = "token") -> None:
    """One call that ends so."""
    async with breaker.turn(call):
        if error is not None:
            raise error


async def _fail(breaker: Breaker, times: int = FAILURES, *, call: str = "token") -> None:
    for _ in range(times):
        with pytest.raises(CloudUnreachable) as failed:
            await _end(breaker, AWAY, call=call)
        assert failed.value is AWAY


async def _is_refused(breaker: Breaker, call: str = "token") -> bool:
    """Without the call being made."""
    try:
        await _end(breaker, call=call)
    except (CloudUnreachable, CloudBusy):
        return True
    return False


def test_a_busy_cloud_is_left_alone_for_as_long_as_it_says():
    async def story() -> None:
        clock = Clock()
        breaker = Breaker(clock)
        with pytest.raises(CloudBusy):
            await _end(breaker, CloudBusy(call="token", seconds=60))

        clock.now += 17.5
        with pytest.raises(CloudBusy) as busy:
            await _end(breaker)
        assert busy.value.parameters["seconds"] == 43
        assert not await _is_refused(breaker, "claim_code")
        clock.now += 42.5
        assert not await _is_refused(breaker)

    asyncio.run(story())


def test_a_cloud_that_was_away_five_times_in_a_row_is_left_alone():
    async def story() -> None:
        clock = Clock()
        breaker = Breaker(clock)
        await _fail(breaker, FAILURES - 1)
        await _end(breaker)
        await _fail(breaker)

        assert await _is_refused(breaker)
        assert not await _is_refused(breaker, "claim_code")

    asyncio.run(story())


def test_one_call_looks_whether_the_cloud_is_back_and_the_others_wait():
    async def story() -> None:
        clock = Clock()
        breaker = Breaker(clock)
        await _fail(breaker)
        clock.now += AWAY_PAUSE

        async with breaker.turn("token"):
            assert await _is_refused(breaker)
        assert not await _is_refused(breaker)

    asyncio.run(story())


def test_a_look_in_vain_means_another_pause():
    async def story() -> None:
        clock = Clock()
        breaker = Breaker(clock)
        await _fail(breaker)
        clock.now += AWAY_PAUSE
        await _fail(breaker, 1)

        assert await _is_refused(breaker)
        clock.now += AWAY_PAUSE
        assert not await _is_refused(breaker)

    asyncio.run(story())


def test_a_look_that_nobody_waited_for_blocks_nothing():
    async def story() -> None:
        clock = Clock()
        breaker = Breaker(clock)
        await _fail(breaker)
        clock.now += AWAY_PAUSE
        with pytest.raises(asyncio.CancelledError):
            async with breaker.turn("token"):
                raise asyncio.CancelledError

        clock.now += AWAY_PAUSE
        assert not await _is_refused(breaker)

    asyncio.run(story())


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three calls at once, and two that wait for a turn."""
    monkeypatch.setattr(breaker_module, "MOST_CALLS", 3)
    monkeypatch.setattr(breaker_module, "MOST_WAITING", 2)
    monkeypatch.setattr(breaker_module, "TURN_TIMEOUT", 0.05)


async def _outcomes(*asked: Awaitable[object]) -> Counter[str]:
    results = await asyncio.gather(*asked, return_exceptions=True)
    return Counter(type(r).__name__ if isinstance(r, BaseException) else "done" for r in results)


@pytest.mark.usefixtures("narrow")
def test_a_slow_cloud_is_never_asked_too_much_at_once():
    async def story() -> None:
        breaker = Breaker()
        answered = asyncio.Event()
        under_way = 0
        most = 0

        async def ask() -> None:
            nonlocal under_way, most
            async with breaker.turn("token"):
                under_way += 1
                most = max(most, under_way)
                await answered.wait()
                under_way -= 1

        asked = [asyncio.create_task(ask()) for _ in range(50)]
        await asyncio.wait(asked[3:])
        assert await _outcomes(*asked[3:]) == {"CloudBusy": 47}
        with pytest.raises(CloudBusy) as busy:
            await ask()
        assert busy.value.parameters["seconds"] == CROWDED_PAUSE
        answered.set()
        assert await _outcomes(*asked[:3]) == {"done": 3}
        await ask()
        assert most == 3

    asyncio.run(story())


@pytest.mark.usefixtures("narrow")
def test_who_waits_gets_the_turn_that_becomes_free():
    async def story() -> None:
        breaker = Breaker()
        assert await _outcomes(*(_end(breaker) for _ in range(5))) == {"done": 5}

    asyncio.run(story())


class OddServer:
    """Sends one thing on each connection, in this order; the last one for ever."""

    def __init__(self, sent: list[bytes]) -> None:
        self.sent = sent
        self.requests = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        self.requests += 1
        writer.write(self.sent.pop(0) if len(self.sent) > 1 else self.sent[0])
        writer.close()


@asynccontextmanager
async def _cloud_that_sends(
    settings: ServiceSettings, *sent: bytes
) -> AsyncIterator[tuple[Cloud, OddServer]]:
    odd = OddServer(list(sent))
    async with await asyncio.start_server(odd.answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        changed = dataclasses.replace(settings, cloud_url=f"http://127.0.0.1:{port}")
        async with open_cloud(changed) as cloud:
            yield cloud, odd


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloud_module, "LONGEST_RETRY_PAUSE", 0.0)
    monkeypatch.setattr(cloud_module, "SHORTEST_RETRY_PAUSE", 0.0)


@pytest.mark.usefixtures("no_pause")
def test_a_connection_that_breaks_once_is_not_noticed(settings: ServiceSettings):
    async def story() -> int:
        async with _cloud_that_sends(settings, b"", LIST) as (cloud, odd):
            assert await cloud.device_ids(TOKEN) == frozenset()
            return odd.requests

    assert asyncio.run(story()) == 2


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize(
    ("ask", "requests"),
    [
        (lambda cloud: cloud.device_ids(TOKEN), 2),
        (lambda cloud: cloud.claim(TOKEN), 2),
        (lambda cloud: cloud.ensure_customer("jane@example.com"), 2),
        (lambda cloud: cloud.delete_customer("jane@example.com", TOKEN), 2),
        (lambda cloud: cloud.client_token(lifetime=300), 1),  # every one counts at the cloud
    ],
)
def test_a_connection_that_breaks_always_is_unreachable(
    settings: ServiceSettings, ask: Callable[[Cloud], Awaitable[object]], requests: int
):
    async def story() -> int:
        async with _cloud_that_sends(settings, b"") as (cloud, odd):
            with pytest.raises(CloudUnreachable):
                await ask(cloud)
            return odd.requests

    assert asyncio.run(story()) == requests


def test_half_an_answer_is_broken(settings: ServiceSettings):
    async def story() -> int:
        async with _cloud_that_sends(settings, HALF) as (cloud, odd):
            with pytest.raises(CloudBroken):
                await cloud.device_ids(TOKEN)
            return odd.requests

    assert asyncio.run(story()) == 1


@pytest.mark.usefixtures("no_pause")
def test_a_cloud_that_is_away_is_soon_no_longer_asked(settings: ServiceSettings):
    async def story() -> int:
        async with _cloud_that_sends(settings, b"") as (cloud, odd):
            for _ in range(3 * FAILURES):
                with pytest.raises(CloudUnreachable):
                    await cloud.device_ids(TOKEN)
            return odd.requests

    assert asyncio.run(story()) == 2 * FAILURES
