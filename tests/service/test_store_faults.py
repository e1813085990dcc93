"""No room, no server, no turn: one clear error each, nothing lost, and then it goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest
import requests
from sqlalchemy import select
from sqlalchemy.pool import ConnectionPoolEntry

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SignInExpired
from setup_wizard.service.models import Customer, Role
from setup_wizard.service.server import RunningService
from setup_wizard.service.settings import ServiceSettings
from setup_wizard.service.store import Store
from setup_wizard.service.store import database as database_module
from setup_wizard.service.store.database import (
    DatabaseRefused,
    DatabaseUrl,
    StorageFull,
    StorageUnavailable,
)
from tests.service.caller import JANE, VAN_KEY, Caller, code_of
from tests.service.databases import FreshDatabase, PostgreSql, both
from tests.service.fake_cloud import FakeCloud
from tests.service.stores import opened, sign_in, workers

DEVICE = "3a001b000447343138333038"
MOST = 2000  # records; the pages that are left hold far fewer

only_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

REFUSING = (
    "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'as the server would' USING ERRCODE = '{state}'; END $$"
)
REFUSE = "CREATE TRIGGER refuse BEFORE INSERT ON {table} EXECUTE FUNCTION refuse()"
PATIENCE = 60.0  # seconds for what takes a fraction of one
TURNS = 100  # of the event loop; each looks at every connection


async def _record_until_full(store: Store) -> int:
    who = await sign_in(store, JANE)
    for number in range(MOST):
        try:
            await store.devices.record(who, DeviceId(f"{number:024x}"), "x" * 100)
        except StorageFull:
            assert len(await store.devices.of_customer(who.customer_id)) == number
            return number
    pytest.fail("there was room for everything")


def test_a_full_disk_is_said_and_nothing_is_lost(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    async def fill() -> int:
        async with opened(database) as store:
            return await _record_until_full(store)

    async def record_one_more() -> None:
        async with opened(database) as store:
            await store.devices.record(await sign_in(store, JANE), DeviceId(DEVICE), "lamp")

    with monkeypatch.context() as patched:
        _leave_room(patched, database, pages=4)
        recorded = asyncio.run(fill())

    assert recorded > 10
    assert database.sql("SELECT count(*) FROM device_record") == [(recorded,)]
    assert database.sql("PRAGMA integrity_check") == [("ok",)]
    asyncio.run(record_one_more())
    assert database.sql("SELECT count(*) FROM device_record") == [(recorded + 1,)]


def test_a_full_disk_is_a_problem_of_its_own_and_reading_goes_on(
    settings: ServiceSettings,
    cloud: FakeCloud,
    database: FreshDatabase,
    monkeypatch: pytest.MonkeyPatch,
):
    with RunningService(settings):
        pass  # it has its keys
    _leave_room(monkeypatch, database, pages=0)
    with RunningService(settings) as service, Caller(service.url) as caller:
        refused = _sign_in_until_refused(caller)
        ready = caller.ask("GET", "/readyz")

    assert (refused.status_code, code_of(refused)) == (507, "storage_full")
    assert ready.status_code == 200


def _sign_in_until_refused(caller: Caller) -> requests.Response:
    for number in range(MOST):
        body = {"customer": f"{number}@example.com", "installer_key": VAN_KEY}
        answer = caller.ask("POST", "/v1/sessions", body=body)
        if answer.status_code != 201:
            return answer
    pytest.fail("there was room for everybody")


@only_postgresql
def test_a_full_disk_of_the_server_is_said_the_same_way(database: FreshDatabase):
    database.sql(REFUSING.format(state="53100"))
    database.sql(REFUSE.format(table="device_record"))

    async def fill() -> int:
        async with opened(database) as store:
            return await _record_until_full(store)

    assert asyncio.run(fill()) == 0


@only_postgresql
@pytest.mark.parametrize("state", ["40P01", "40001"])
def test_a_transaction_that_the_server_sacrificed_can_be_tried_again(
    database: FreshDatabase, state: str
):
    database.sql(REFUSING.format(state=state))
    database.sql(REFUSE.format(table="device_record"))

    async def record() -> None:
        async with opened(database) as store:
            with pytest.raises(StorageUnavailable):
                await _record_until_full(store)

    asyncio.run(record())


@only_postgresql
def test_a_sign_in_and_a_deletion_do_not_wait_for_each_other(database: FreshDatabase):
    """Of one customer, with an old session that the one sweeps out and the other takes along."""

    async def meet() -> None:
        async with workers(database, 3) as (first, second, third), asyncio.timeout(PATIENCE):
            who = await sign_in(first, JANE)
            await asyncio.to_thread(database.sql, "UPDATE customer_session SET expires_at = now()")
            async with first.database.writing() as connection:
                await connection.execute(
                    select(Customer).where(Customer.id == who.customer_id).with_for_update()
                )
                deletion = asyncio.create_task(second.customers.delete(JANE))
                await _blocked(database, 1)
                signing_in = asyncio.create_task(sign_in(third, JANE))
                await _blocked(database, 2)
            assert await deletion
            assert (await signing_in).customer == JANE

    asyncio.run(meet())


async def _blocked(database: FreshDatabase, number: int) -> None:
    """Until so many wait for somebody else."""
    waiting = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    while await asyncio.to_thread(database.sql, waiting) != [(number,)]:
        pass


@only_postgresql
def test_a_renaming_and_a_deletion_do_not_wait_for_each_other(database: FreshDatabase):
    async def meet() -> None:
        async with workers(database, 3) as (first, second, third), asyncio.timeout(PATIENCE):
            who = await sign_in(first, JANE)
            await first.devices.record(who, DeviceId(DEVICE), "lamp")
            async with first.database.writing() as connection:
                await connection.execute(
                    select(Customer).where(Customer.id == who.customer_id).with_for_update()
                )
                deletion = asyncio.create_task(second.customers.delete(JANE))
                await _blocked(database, 1)
                renaming = asyncio.create_task(third.devices.record(who, DeviceId(DEVICE), "lamp"))
                await _blocked(database, 2)
            assert await deletion
            with pytest.raises(SignInExpired):
                await renaming

    asyncio.run(meet())


@only_postgresql
def test_what_cannot_be_written_down_is_not_done(database: FreshDatabase):
    async def work(store: Store) -> None:
        who = await sign_in(store, JANE)
        _, key = await store.staff.add("anna", Role.ADMIN)
        await asyncio.to_thread(database.sql, REFUSING.format(state="53100"))
        await asyncio.to_thread(database.sql, REFUSE.format(table="audit_entry"))
        lamp = DeviceId(DEVICE)

        for deed in (
            store.devices.record(who, lamp, "lamp"),
            store.customers.delete(JANE),
            store.staff.revoke("anna"),
            store.staff.add("joe", Role.ADMIN),
        ):
            with pytest.raises(StorageFull):
                await deed

        assert await store.devices.of_customer(who.customer_id) == ()
        assert await store.customers.is_known(JANE)
        assert (await store.staff.by_key(key)).name == "anna"
        assert [each.name for each in await store.staff.list()] == ["anna"]

    async def run() -> None:
        async with opened(database) as store:
            await work(store)

    asyncio.run(run())


def _leave_room(patched: pytest.MonkeyPatch, database: FreshDatabase, *, pages: int) -> None:
    """As on a disk with so much space left: SQLite can be told for each connection."""
    ((used,),) = database.sql("PRAGMA page_count")
    keep_references = database_module._keep_references

    def limited(connection: Any, entry: ConnectionPoolEntry) -> None:
        keep_references(connection, entry)
        with closing(connection.cursor()) as cursor:
            cursor.execute(f"PRAGMA max_page_count={used + pages}")

    patched.setattr(database_module, "_keep_references", limited)


@only_postgresql
def test_connections_that_the_server_closed_are_replaced_without_a_word(
    database: FreshDatabase, postgresql: PostgreSql
):
    async def outlive() -> None:
        async with opened(database) as store:
            for _ in range(3):
                await asyncio.gather(*(store.check() for _ in range(5)))
                await asyncio.to_thread(postgresql.disconnect, database)
                for _ in range(TURNS):  # the driver hears of it in the loop
                    await asyncio.sleep(0)

    asyncio.run(outlive())


@only_postgresql
def test_a_server_that_goes_and_comes_back_is_used_again(
    database: FreshDatabase, postgresql: PostgreSql, settings: ServiceSettings
):
    with RunningService(settings) as service, Caller(service.url) as caller:
        token = caller.sign_in()
        postgresql.close(database)

        away = caller.ask("GET", "/v1/devices", token=token)
        not_ready = caller.ask("GET", "/readyz")
        alive = caller.ask("GET", "/healthz")
        postgresql.open(database)
        back = caller.ask("GET", "/v1/devices", token=token)
        ready = caller.ask("GET", "/readyz")

    assert (away.status_code, code_of(away)) == (503, "storage_unavailable")
    assert (not_ready.status_code, code_of(not_ready)) == (503, "not_ready")
    assert [alive.status_code, back.status_code, ready.status_code] == [200, 200, 200]


@only_postgresql
def test_a_transaction_that_is_cut_off_leaves_nothing(
    database: FreshDatabase, postgresql: PostgreSql
):
    async def half(store: Store) -> None:
        async with store.database.writing() as connection:
            await connection.exec_driver_sql(
                "INSERT INTO customer (product_id, email, created_at) VALUES (1, 'a@x.org', now())"
            )
            await asyncio.to_thread(postgresql.disconnect, database)
            await connection.exec_driver_sql("SELECT 1")

    async def cut_off() -> None:
        async with opened(database) as store:
            with pytest.raises(StorageUnavailable):
                await half(store)
            await sign_in(store, "b@x.org")

    asyncio.run(cut_off())

    assert database.sql("SELECT email FROM customer") == [("b@x.org",)]


@only_postgresql
def test_an_answer_that_does_not_come_is_not_waited_for(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database_module, "STATEMENT_TIMEOUT", 0.2)

    async def wait() -> None:
        async with opened(database) as store:
            with pytest.raises(StorageUnavailable):
                async with store.database.reading() as connection:
                    await connection.exec_driver_sql("SELECT pg_sleep(30)")
            await store.check()

    asyncio.run(wait())


def test_somebody_who_keeps_the_file_locked_is_waited_for_only_so_long(
    database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(database_module, "SQLITE_LOCK_TIMEOUT_MS", 50)

    async def write() -> None:
        async with opened(database) as store:
            with closing(sqlite3.connect(database.file)) as other:
                other.execute("BEGIN IMMEDIATE")
                await store.check()  # readers do not wait
                with pytest.raises(StorageUnavailable):
                    await sign_in(store, JANE)
            await sign_in(store, JANE)

    asyncio.run(write())


@both
def test_a_database_may_be_written_as_other_programs_want_it(database: FreshDatabase):
    schemes = {
        "postgresql": ("postgres", "postgresql+asyncpg", "postgresql+psycopg"),
        "sqlite": ("sqlite+aiosqlite",),
    }
    kind, _, rest = database.url.partition("://")

    async def check(url: str) -> None:
        engine = DatabaseUrl(url).engine()
        async with engine.connect() as connection:
            await connection.exec_driver_sql("SELECT id FROM customer")
        await engine.dispose()

    for scheme in schemes[kind]:
        asyncio.run(check(f"{scheme}://{rest}"))


@pytest.mark.parametrize(
    "text",
    ["mysql://somebody:hunter2@127.0.0.1/shop", "hunter2", "", "sqlite://", "sqlite:///:memory:"],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(text: str):
    with pytest.raises(DatabaseRefused) as refused:
        DatabaseUrl(text)

    assert "sqlite:///FILE" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_an_address_is_not_shown():
    assert "hunter2" not in repr(DatabaseUrl("postgresql://somebody:hunter2@127.0.0.1/shop"))
