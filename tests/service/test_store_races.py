"""Many workers at one database at the same moment: exactly one wins, and nobody is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta

import pytest

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import CodeRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Role, SignInMethod
from setup_wizard.service.store import codes, open_store
from setup_wizard.service.store import database as database_module
from setup_wizard.service.store.codes import CODE_TRIES, JustSent
from setup_wizard.service.store.installations import Group
from setup_wizard.service.store.staff import StaffExists
from tests.service.databases import FreshDatabase, both
from tests.service.stores import opened, sign_in, workers

WORKERS = 20
FEW = 10
WRONG_CODES = 1000
PATIENCE = 300.0  # seconds for a connection: who waits in a long queue is not what is tested
JANE = "jane@example.com"
DEVICE = DeviceId("3a001b000447343138333038")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

pytestmark = both


def test_one_of_many_who_offer_the_same_code_wins(database: FreshDatabase):
    async def race() -> Counter[str]:
        async with workers(database, WORKERS) as stores:
            code = await stores[0].codes.issue(JANE)
            return await _outcomes(
                # A right code that many offer at once is one try for each: the first must win.
                *(store.codes.consume(JANE, code) for store in stores)
            )

    assert asyncio.run(race()) == {"won": 1, "CodeRefused": WORKERS - 1}


def test_many_who_want_a_code_at_once_have_one_letter_sent(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(codes, "CODE_PAUSE", timedelta(minutes=9))  # a clock may jump

    async def race() -> Counter[str]:
        async with workers(database, WORKERS) as stores:
            return await _outcomes(*(store.codes.issue(JANE) for store in stores))

    assert asyncio.run(race()) == {"won": 1, "JustSent": WORKERS - 1}


def test_a_thousand_wrong_codes_use_up_the_tries_and_no_more(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    for limit in ("POOL_TIMEOUT", "TURN_TIMEOUT"):
        monkeypatch.setattr(database_module, limit, PATIENCE)

    async def race() -> tuple[Counter[str], Counter[str]]:
        async with workers(database, 5) as stores:
            code = await stores[0].codes.issue(JANE)
            wrong = Secret("000000" if code.reveal() != "000000" else "111111")
            all_wrong = await _outcomes(
                *(
                    stores[number % len(stores)].codes.consume(JANE, wrong)
                    for number in range(WRONG_CODES)
                )
            )
            return all_wrong, await _outcomes(stores[0].codes.consume(JANE, code))

    wrong, right = asyncio.run(race())

    assert wrong == {"CodeRefused": WRONG_CODES}
    assert right == {"CodeRefused": 1}
    assert database.sql("SELECT tries_left FROM sign_in_code") == [(0,)]


def test_wrong_codes_of_others_do_not_use_up_the_tries_of_one(database: FreshDatabase):
    async def race() -> Counter[str]:
        async with workers(database, 10) as stores:
            code = await stores[0].codes.issue(JANE)
            wrong = Secret("000000" if code.reveal() != "000000" else "111111")
            await _outcomes(
                *(store.codes.consume("joe@example.com", code) for store in stores),
                *(store.codes.consume(JANE, wrong) for store in stores[: CODE_TRIES - 1]),
            )
            return await _outcomes(stores[0].codes.consume(JANE, code))

    assert asyncio.run(race()) == {"won": 1}


def test_many_who_sign_the_same_customer_in_make_one_customer(database: FreshDatabase):
    async def race() -> set[int]:
        async with workers(database, WORKERS) as stores:
            tokens = await asyncio.gather(
                *(
                    store.sessions.open_for_customer(JANE, method=SignInMethod.CODE)
                    for store in stores
                )
            )
            signed_in = [await stores[0].sessions.customer(token) for token in tokens]
            return {who.customer_id for who in signed_in}

    assert len(asyncio.run(race())) == 1
    assert database.sql("SELECT email FROM customer") == [(JANE,)]
    assert database.sql("SELECT count(*) FROM customer_session") == [(WORKERS,)]


def test_a_device_that_many_record_is_new_once(database: FreshDatabase):
    async def race() -> list[bool]:
        async with workers(database, WORKERS) as stores:
            who = await sign_in(stores[0], JANE)
            recorded = await asyncio.gather(
                *(store.devices.record(who, DEVICE, "lamp") for store in stores)
            )
            return [is_new for _, is_new in recorded]

    assert Counter(asyncio.run(race())) == {True: 1, False: WORKERS - 1}
    assert database.sql("SELECT device_id FROM device_record") == [(str(DEVICE),)]


def test_a_customer_deleted_while_devices_are_recorded_leaves_nothing(database: FreshDatabase):
    async def race() -> Counter[str]:
        async with workers(database, FEW) as stores:
            who = await sign_in(stores[0], JANE)
            async with open_store(database.url, product="oven") as oven:
                await sign_in(oven, JANE)  # she is known there, and stays so
            ids = [DeviceId(f"{number:024x}") for number in range(len(stores))]
            pairs = zip(stores, ids, strict=True)
            return await _outcomes(
                *(store.devices.record(who, device, "") for store, device in pairs),
                stores[7].customers.delete(JANE),
            )

    assert asyncio.run(race()).keys() <= {"won", SignInExpired.__name__}
    assert database.sql("SELECT * FROM device_record") == []
    assert database.sql("SELECT count(*) FROM customer_session") == [(1,)]


def test_a_customer_deleted_while_others_name_them_is_there_or_not(database: FreshDatabase):
    async def race() -> Counter[str]:
        async with workers(database, WORKERS) as stores:
            deeds: list[Awaitable[object]] = []
            for number, store in enumerate(stores):
                deeds.append(store.sessions.open_for_customer(JANE, method=SignInMethod.CODE))
                name = f"hall {number}"
                deeds.append(store.installations.define(name, customer=JANE, device_ids=[]))
                deeds.append(store.customers.delete(JANE))
            return await _outcomes(*deeds)

    assert asyncio.run(race()) == {"won": 3 * WORKERS}


def test_counts_of_many_workers_add_up(database: FreshDatabase):
    async def race() -> list[int]:
        async with workers(database, WORKERS) as stores:
            minute = timedelta(minutes=1)
            return await asyncio.gather(
                *(
                    store.limits.count("code:jane@example.com", window=minute, now=NOON)
                    for store in stores
                    for _ in range(2)
                )
            )

    assert sorted(asyncio.run(race())) == list(range(1, 2 * WORKERS + 1))


def test_of_many_who_add_the_same_staff_member_one_gets_a_key(database: FreshDatabase):
    async def race() -> Counter[str]:
        async with workers(database, FEW) as stores:
            return await _outcomes(*(store.staff.add("anna", Role.ADMIN) for store in stores))

    assert asyncio.run(race()) == {"won": 1, StaffExists.__name__: FEW - 1}
    assert database.sql("SELECT count(*) FROM staff_key") == [(1,)]


def test_workers_that_start_with_the_same_keys_do_not_disturb_each_other(database: FreshDatabase):
    keys = [("shop", Secret("shop-key")), ("van", Secret("van-key"))]

    async def race() -> None:
        async with workers(database, 8) as stores:
            await asyncio.gather(*(store.staff.set_installer_keys(keys) for store in stores))

    asyncio.run(race())

    assert database.sql("SELECT name FROM staff_member ORDER BY name") == [("shop",), ("van",)]
    assert database.sql("SELECT count(*) FROM staff_key WHERE revoked_at IS NULL") == [(2,)]


@pytest.mark.parametrize("customer", [None, JANE])
def test_many_who_define_the_same_installation_make_one(
    database: FreshDatabase, customer: str | None
):
    async def race() -> tuple[Group, ...]:
        async with workers(database, FEW) as stores:
            defined = [
                store.installations.define("hall", customer=customer, device_ids=[DEVICE])
                for store in stores
            ]
            await asyncio.gather(*defined)
            return await stores[0].installations.groups()

    assert asyncio.run(race()) == (Group("hall", customer, (DEVICE,)),)


def test_installations_that_swap_their_devices_at_the_same_moment_both_get_them(
    database: FreshDatabase,
):
    ids = [DeviceId(f"{number:024x}") for number in range(200)]
    some, others = ids[:100], ids[100:]

    async def race() -> dict[str, list[DeviceId]]:
        async with workers(database, 2) as stores:
            attic, hall = (store.installations for store in stores)
            await attic.define("attic", customer=None, device_ids=others)
            await hall.define("hall", customer=None, device_ids=some)
            await asyncio.gather(
                attic.define("attic", customer=None, device_ids=some),
                hall.define("hall", customer=None, device_ids=others),
            )
            return {each.name: list(each.device_ids) for each in await attic.groups()}

    assert asyncio.run(race()) == {"attic": some, "hall": others}


def test_expired_sessions_are_swept_by_many_at_once(database: FreshDatabase):
    async def sign_in_all() -> None:
        async with workers(database, FEW) as stores:
            for _ in range(2):
                await asyncio.gather(
                    *(
                        store.sessions.open_for_customer(f"{n}@x.org", method=SignInMethod.CODE)
                        for n, store in enumerate(stores)
                    )
                )
                await asyncio.to_thread(
                    database.sql, "UPDATE customer_session SET expires_at = '2020-01-01 00:00:00'"
                )

    async def sign_in() -> None:
        async with opened(database) as store:
            await store.sessions.open_for_customer(JANE, method=SignInMethod.CODE)

    asyncio.run(sign_in_all())
    asyncio.run(sign_in())

    assert database.sql("SELECT count(*) FROM customer_session") == [(1,)]


async def _outcomes(*attempts: Awaitable[object]) -> Counter[str]:
    """How many won, and how the others lost; anything but a refusal of ours is raised."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, _REFUSALS):
            raise result
    return Counter(
        type(result).__name__ if isinstance(result, BaseException) else "won" for result in results
    )


_REFUSALS = (CodeRefused, JustSent, SignInExpired, StaffExists)
