"""How seldom the cloud is asked for tokens, and that one customer's trouble stays theirs."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from setup_wizard.domain.errors import CloudBroken, CloudBusy
from setup_wizard.domain.secret import Secret
from setup_wizard.service import tokens as tokens_module
from setup_wizard.service.cloud import AccessToken, Cloud, CloudRefused, open_cloud
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.tokens import NEW_ENOUGH, TOKENS_PER_MINUTE, Need, Tokens
from tests.service.caller import JANE
from tests.service.databases import FreshDatabase, both
from tests.service.fake_cloud import FakeCloud, Scripted
from tests.service.stores import workers

JOE = "joe@example.com"
LIFETIME = 3600
NOON = 1795521600.0  # a whole half hour, so that no window ends in the middle of a test
REVOKED = Scripted(400, {"error": "invalid_client"})


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


class Workers:
    """Several workers' tokens at one cloud and one database, and the time."""

    def __init__(self, cloud: Cloud, tokens: list[Tokens], clock: Clock) -> None:
        self.cloud = cloud
        self.tokens = tokens
        self.clock = clock

    async def give(self, email: str = JANE, *, worker: int = 0) -> AccessToken:
        """A token as a provision hands it out."""

        async def nothing(_: Secret) -> None:
            return None

        return (await self.tokens[worker].as_customer(email, nothing, need=Need.HAND_OUT))[1]


@asynccontextmanager
async def _running(
    settings: ServiceSettings, database: FreshDatabase, number: int = 1
) -> AsyncIterator[Workers]:
    clock = Clock()
    async with workers(database, number) as stores, open_cloud(settings) as cloud:
        tokens = [Tokens(cloud, s.limits, lifetime=LIFETIME, clock=clock) for s in stores]
        yield Workers(cloud, tokens, clock)


Act = Callable[[Workers], Awaitable[None]]


@pytest.fixture
def run(settings: ServiceSettings, database: FreshDatabase) -> Callable[..., None]:
    """Runs a test's story with so many workers."""

    def run(act: Act, *, number: int = 1, changed: ServiceSettings | None = None) -> None:
        async def story() -> None:
            async with _running(changed or settings, database, number) as running:
                await act(running)

        asyncio.run(story())

    return run


Run = Callable[..., None]


async def _outcomes(*asked: Awaitable[object]) -> Counter[str]:
    results = await asyncio.gather(*asked, return_exceptions=True)
    return Counter(type(r).__name__ if isinstance(r, BaseException) else "got" for r in results)


def _token_requests(cloud: FakeCloud) -> int:
    return cloud.calls().count("token")


def test_fifty_at_once_for_one_customer_make_one_token(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        given = await asyncio.gather(*(workers.give() for _ in range(50)))

        assert len({access.token.reveal() for access in given}) == 1

    run(story)

    assert cloud.calls() == ["create_customer", "token"]


def test_one_who_goes_away_does_not_end_it_for_the_others(run: Run, cloud: FakeCloud):
    held = cloud.hold("token")

    async def story(workers: Workers) -> None:
        impatient = asyncio.create_task(workers.give())
        patient = asyncio.create_task(workers.give())
        assert await asyncio.to_thread(held.arrived.wait, 10)
        impatient.cancel()
        held.let_go.set()

        assert (await patient).expires_in == LIFETIME
        assert impatient.cancelled()

    run(story)

    assert _token_requests(cloud) == 1


def test_a_token_is_handed_out_until_half_of_its_life_is_over(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        first = await workers.give()
        workers.clock.now += LIFETIME / 2
        second = await workers.give()
        workers.clock.now += 1
        third = await workers.give()

        assert second.token.reveal() == first.token.reveal() != third.token.reveal()
        assert [a.expires_in for a in (first, second, third)] == [3600, 1800, 3600]

    run(story)


def test_for_use_at_once_a_token_serves_almost_to_its_end(run: Run, cloud: FakeCloud):
    async def use(workers: Workers) -> None:
        await workers.tokens[0].as_customer(JANE, workers.cloud.device_ids, need=Need.USE)

    async def story(workers: Workers) -> None:
        await use(workers)
        workers.clock.now += LIFETIME - tokens_module.USE_MARGIN
        await use(workers)
        assert _token_requests(cloud) == 1
        workers.clock.now += 1
        await use(workers)
        assert _token_requests(cloud) == 2

    run(story)


def test_a_renewal_is_a_new_token_but_not_twice_in_a_minute(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        tokens = workers.tokens[0]
        first = await workers.give()
        workers.clock.now += NEW_ENOUGH
        second = await tokens.renewed(JANE)
        third = await tokens.renewed(JANE)

        assert first.token.reveal() != second.token.reveal() == third.token.reveal()
        assert (await workers.give()).token.reveal() == second.token.reveal()

    run(story)


def test_a_token_that_was_revoked_is_replaced_once(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        first = await workers.give()
        cloud.token_owners.clear()
        _, second = await workers.tokens[0].as_customer(
            JANE, workers.cloud.claim, need=Need.HAND_OUT
        )

        assert first.token.reveal() != second.token.reveal()

    run(story)

    assert cloud.calls().count("claim_code") == 2
    assert _token_requests(cloud) == 2


def test_a_new_token_that_is_refused_is_not_replaced(run: Run, cloud: FakeCloud):
    cloud.script("claim_code", Scripted(401, {"error": "invalid_token"}))

    async def story(workers: Workers) -> None:
        with pytest.raises(CloudRefused):
            await workers.tokens[0].as_customer(JANE, workers.cloud.claim, need=Need.HAND_OUT)

    run(story)

    assert _token_requests(cloud) == 1


def test_the_clients_own_token_is_used_again_too(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        for _ in range(3):
            await workers.tokens[0].as_client(lambda t: workers.cloud.delete_customer(JANE, t))

    run(story)

    assert _token_requests(cloud) == 1


def test_nothing_is_kept_of_a_customer_who_is_forgotten(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        held = cloud.hold("token")
        waiting = asyncio.create_task(workers.give())
        assert await asyncio.to_thread(held.arrived.wait, 10)
        workers.tokens[0].forget(JANE)
        held.let_go.set()
        await waiting
        await workers.give()

    run(story)

    assert _token_requests(cloud) == 2


@both
def test_all_workers_together_stay_below_the_clouds_limit(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        everybody = [
            workers.give(f"c{number}@example.com", worker=number % 4) for number in range(40)
        ]
        assert await _outcomes(*everybody) == {"got": TOKENS_PER_MINUTE, "CloudBusy": 24}

        workers.clock.now += 45
        with pytest.raises(CloudBusy) as busy:
            await workers.give("late@example.com")
        assert busy.value.parameters["seconds"] == 15
        workers.clock.now += 15
        await workers.give("late@example.com")

    run(story, number=4)

    assert _token_requests(cloud) == TOKENS_PER_MINUTE + 1


def test_who_has_a_token_does_not_notice_the_limit(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        await workers.give()
        await _outcomes(*(workers.give(f"c{number}@example.com") for number in range(40)))

        assert (await workers.give()).expires_in == LIFETIME

    run(story)


@both
def test_a_refused_client_is_not_asked_for_a_fourth_time_by_any_worker(run: Run, cloud: FakeCloud):
    cloud.script("token", REVOKED)

    async def story(workers: Workers) -> None:
        for number in range(8):
            with pytest.raises(CloudRefused):
                await workers.give(f"c{number}@example.com", worker=number % 4)
        assert _token_requests(cloud) == 3

        workers.clock.now += tokens_module.REFUSAL_WINDOW.total_seconds()
        cloud.unscript("token")
        await workers.give()

    run(story, number=4)


def test_only_refusals_in_a_row_count(run: Run, cloud: FakeCloud):
    async def refused(workers: Workers) -> None:
        cloud.script("token", REVOKED)
        for _ in range(2):
            with pytest.raises(CloudRefused):
                await workers.give(JOE)
        cloud.unscript("token")

    async def story(workers: Workers) -> None:
        await refused(workers)
        await workers.give(JANE)
        await refused(workers)
        await workers.give(JOE)

    run(story)


def test_another_secret_is_tried_at_once(run: Run, settings: ServiceSettings, cloud: FakeCloud):
    async def refused(workers: Workers) -> None:
        for _ in range(3):
            with pytest.raises(CloudRefused):
                await workers.give()

    async def given(workers: Workers) -> None:
        await workers.give()

    wrong = dataclasses.replace(settings, client_secret=Secret("not-the-secret"))
    run(refused, changed=wrong)
    run(given)


def test_a_customer_whom_the_cloud_refuses_pauses_alone(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        cloud.script("token", Scripted(400, {"error": "invalid_scope"}))
        for _ in range(20):
            with pytest.raises(CloudBroken):
                await workers.give(JOE)
        cloud.unscript("token")
        assert _token_requests(cloud) == 1

        await workers.give(JANE)
        workers.clock.now += tokens_module.CUSTOMER_PAUSE
        await workers.give(JOE)

    run(story)


def test_a_failure_of_the_cloud_is_not_kept(run: Run, cloud: FakeCloud):
    async def story(workers: Workers) -> None:
        cloud.script("token", Scripted(500))
        with pytest.raises(CloudBroken):
            await workers.give()
        cloud.unscript("token")
        await workers.give()

    run(story)


def test_one_customer_who_waits_does_not_hold_up_another(run: Run, cloud: FakeCloud):
    held = cloud.hold("token")

    async def story(workers: Workers) -> None:
        waiting = asyncio.create_task(workers.give(JOE))
        assert await asyncio.to_thread(held.arrived.wait, 10)
        cloud.release("token")
        await workers.give(JANE)
        assert not waiting.done()
        held.let_go.set()
        await waiting

    run(story)


def test_memory_is_bounded(run: Run, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tokens_module, "MOST_TOKENS", 2)

    async def story(workers: Workers) -> None:
        for email in (JANE, JOE, "jim@example.com", JOE, JANE):
            await workers.give(email)

    run(story)

    assert _token_requests(cloud) == 4


@both
def test_no_token_lies_in_the_database(run: Run, cloud: FakeCloud, database: FreshDatabase):
    async def story(workers: Workers) -> None:
        await workers.give()

    run(story)

    everything = database.everything()
    assert [secret for secret in cloud.secrets() if secret in everything] == []
