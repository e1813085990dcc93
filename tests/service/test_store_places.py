"""Devices, installations, the audit log and the counters: what each verb promises."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import DeviceNotInProduct
from setup_wizard.service.models import Actor, Role, SignInMethod
from setup_wizard.service.store import Store, open_store
from setup_wizard.service.store.audit import Deed
from setup_wizard.service.store.installations import Group
from tests.service.databases import FreshDatabase, both
from tests.service.stores import sign_in, with_store

JANE = "jane@example.com"
LAMP = DeviceId("3a001b000447343138333038")
OTHER = DeviceId("0123456789abcdef01234567")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

pytestmark = both


def test_a_record_says_which_staff_member_set_the_device_up(database: FreshDatabase):
    async def work(store: Store) -> None:
        _, key = await store.staff.add("anna", Role.INSTALLER)
        holder = await store.staff.by_key(key)
        by_anna = await store.sessions.open_for_customer(
            JANE, method=SignInMethod.INSTALLER_KEY, key_id=holder.key_id
        )
        by_joe = await store.sessions.open_for_customer("joe@example.com", method=SignInMethod.CODE)
        for token in (by_anna, by_joe):
            await store.devices.record(await store.sessions.customer(token), LAMP, "hall")
        await store.staff.revoke("anna")

    with_store(database, work)

    recorded_by = database.sql(
        "SELECT email, staff_member.name FROM device_record"
        " JOIN customer ON customer.id = customer_id"
        " LEFT JOIN staff_member ON staff_member.id = staff_id ORDER BY device_record.id"
    )
    assert recorded_by == [(JANE, "anna"), ("joe@example.com", None)]


def test_an_installation_is_a_named_group_of_devices(database: FreshDatabase):
    async def work(store: Store) -> None:
        jane = (await sign_in(store, JANE)).customer_id
        await store.installations.define("Hall 7", customer=JANE, device_ids=[LAMP, OTHER, LAMP])
        await store.installations.define("Attic", customer=None, device_ids=[])

        hall, attic = Group("Hall 7", JANE, (OTHER, LAMP)), Group("Attic", None, ())
        assert await store.installations.groups() == (attic, hall)
        assert await store.installations.groups(customer_id=jane) == (hall,)

    with_store(database, work)


def test_a_device_is_in_one_installation_at_a_time(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.installations.define("Hall", customer=None, device_ids=[LAMP])
        await store.installations.define("Attic", customer=None, device_ids=[LAMP])

        attic, hall = await store.installations.groups()
        assert (attic.device_ids, hall.device_ids) == ((LAMP,), ())

    with_store(database, work)


def test_an_installation_outlives_its_customer(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.installations.define("Hall", customer=JANE, device_ids=[LAMP])

        await store.customers.delete(JANE)

        assert await store.installations.groups() == (Group("Hall", None, (LAMP,)),)

    with_store(database, work)


def test_an_installation_belongs_to_one_product(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.installations.define("Hall", customer=JANE, device_ids=[LAMP])
        async with open_store(database.url, product="oven") as oven:
            await oven.installations.define("Hall", customer=JANE, device_ids=[OTHER])
            assert await oven.installations.groups() == (Group("Hall", JANE, (OTHER,)),)
        assert await store.installations.groups() == (Group("Hall", JANE, (LAMP,)),)

    with_store(database, work)


def test_a_device_in_another_product_s_installation_stays_there(database: FreshDatabase):
    async def work(store: Store) -> None:
        await store.installations.define("Hall", customer=None, device_ids=[LAMP])
        async with open_store(database.url, product="oven") as oven:
            await oven.installations.define("Kitchen", customer=None, device_ids=[OTHER])

            with pytest.raises(DeviceNotInProduct):
                await oven.installations.define("Kitchen", customer=JANE, device_ids=[LAMP])

            assert await oven.installations.groups() == (Group("Kitchen", None, (OTHER,)),)
        assert await store.installations.groups() == (Group("Hall", None, (LAMP,)),)

    with_store(database, work)


def test_the_audit_log_tells_who_did_what_to_which_device(database: FreshDatabase):
    async def work(store: Store) -> None:
        anna, _ = await store.staff.add("anna", Role.INSTALLER)
        jane = (await sign_in(store, JANE)).customer_id
        await store.audit.write(
            Actor.STAFF,
            "device.recorded",
            staff_id=anna,
            customer_id=jane,
            device_id=LAMP,
            request_id="0123456789abcdef",
        )
        await store.audit.write(Actor.CUSTOMER, "device.renamed", customer_id=jane, device_id=OTHER)

        (renamed, recorded, added) = await store.audit.read(limit=10)
        assert recorded == Deed(
            recorded.at, Actor.STAFF, "device.recorded", "anna", JANE, LAMP, "0123456789abcdef"
        )
        assert (renamed.verb, renamed.staff, renamed.device_id) == ("device.renamed", None, OTHER)
        assert (added.actor, added.staff, added.device_id) == (Actor.SYSTEM, "anna", None)
        assert await store.audit.read(device_id=LAMP, limit=10) == (recorded,)
        assert await store.audit.read(limit=1) == (renamed,)

        await store.customers.delete(JANE)
        deeds = await store.audit.read(limit=10)
        assert [(deed.actor, deed.verb, deed.customer) for deed in deeds] == [
            (Actor.SYSTEM, "customer.deleted", None),
            (Actor.CUSTOMER, "device.renamed", None),
            (Actor.STAFF, "device.recorded", None),
            (Actor.SYSTEM, "staff.added", None),
        ]

    with_store(database, work)


def test_deeds_of_one_product_are_not_shown_at_another(database: FreshDatabase):
    async def work(store: Store) -> None:
        async with open_store(database.url, product="oven") as oven:
            for each, verb in ((store, "lit"), (oven, "heated")):
                await each.audit.write(Actor.SYSTEM, verb)

            for each, verb in ((store, "lit"), (oven, "heated")):
                assert [deed.verb for deed in await each.audit.read(limit=10)] == [verb]

    with_store(database, work)


def test_what_many_have_to_say_at_once_is_all_written_in_order(database: FreshDatabase):
    async def work(store: Store) -> None:
        verbs = [f"deed.{number}" for number in range(60)]
        await asyncio.gather(*(store.audit.write(Actor.SYSTEM, verb) for verb in verbs))

        assert [deed.verb for deed in await store.audit.read(limit=100)] == verbs[::-1]

    with_store(database, work)


def test_a_customer_who_is_gone_spoils_nobody_elses_line(database: FreshDatabase):
    async def work(store: Store) -> None:
        jane = (await sign_in(store, JANE)).customer_id
        joe = (await sign_in(store, "joe@example.com")).customer_id
        await store.customers.delete(JANE)
        people = (joe, jane, joe, joe)
        deeds = [store.audit.write(Actor.CUSTOMER, "done", customer_id=who) for who in people]
        await asyncio.gather(*deeds)

        told = [deed.customer for deed in await store.audit.read(limit=4)]
        assert sorted(told, key=str) == [None, *["joe@example.com"] * 3]

    with_store(database, work)


def test_a_line_that_cannot_be_written_fails_for_its_owner_alone(database: FreshDatabase):
    async def work(store: Store) -> None:
        nobody = 4711
        who = {"first": None, "wrong": nobody, "next": None, "also wrong": nobody, "last": None}
        told = await asyncio.gather(
            *(store.audit.write(Actor.STAFF, verb, staff_id=by) for verb, by in who.items()),
            return_exceptions=True,
        )

        assert [type(each) for each in told] == [
            type(None),
            IntegrityError,
            type(None),
            IntegrityError,
            type(None),
        ]
        assert [deed.verb for deed in await store.audit.read(limit=10)] == ["last", "next", "first"]

    with_store(database, work)


def test_who_hangs_up_takes_no_line_along(database: FreshDatabase):
    async def work(store: Store) -> None:
        deeds = [
            asyncio.ensure_future(store.audit.write(Actor.SYSTEM, f"deed.{number}"))
            for number in range(3)
        ]
        await asyncio.sleep(0)
        deeds[0].cancel()
        await asyncio.gather(*deeds[1:])

        assert len(await store.audit.read(limit=10)) == 3

    with_store(database, work)


def test_tries_are_counted_for_each_key_and_stretch_of_time(database: FreshDatabase):
    minute, hour = timedelta(minutes=1), timedelta(hours=1)

    async def work(store: Store) -> None:
        async def counted(key: str, window: timedelta, seconds: int = 0) -> int:
            now = NOON + timedelta(seconds=seconds)
            return await store.limits.count(key, window=window, now=now)

        assert [await counted("a", minute) for _ in range(3)] == [1, 2, 3]
        assert await counted("b", minute) == 1
        assert await counted("a", hour) == 1
        assert await counted("a", minute, 59) == 4
        assert await counted("a", minute, 60) == 1
        assert await counted("a", hour, 3599) == 2

    with_store(database, work)


def test_old_counts_are_swept_out(database: FreshDatabase):
    async def work(store: Store) -> None:
        for number in range(5):
            await store.limits.count(f"key {number}", window=timedelta(minutes=1), now=NOON)
        later = NOON + timedelta(minutes=5)
        await store.limits.count("another", window=timedelta(minutes=1), now=later)

    with_store(database, work)

    assert database.sql("SELECT count(*) FROM rate_count") == [(1,)]
