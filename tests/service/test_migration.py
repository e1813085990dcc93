"""How a database comes to be what the program needs: from nothing, from the first version."""

from __future__ import annotations

import asyncio
import logging

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from setup_wizard.domain.errors import KeyRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import Base, Role
from setup_wizard.service.store import migration, open_store
from setup_wizard.service.store.database import DatabaseRefused, DatabaseUrl
from setup_wizard.service.store.migration import migrate
from setup_wizard.service.store.schema import VERSION
from tests.service import first_version, second_version
from tests.service.databases import FreshDatabase, both_bare
from tests.service.stores import sign_in

AT_ONCE = 8

pytestmark = both_bare


async def _compared(url: str) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))

    engine = DatabaseUrl(url).engine()
    async with engine.connect() as connection:
        found = await connection.run_sync(compare)
    await engine.dispose()
    return found


@pytest.mark.parametrize("old", [False, True], ids=["from nothing", "from the first version"])
def test_the_steps_lead_to_exactly_the_tables_of_the_program(
    bare_database: FreshDatabase, old: bool
):
    if old:
        first_version.make(bare_database)

    asyncio.run(migrate(DatabaseUrl(bare_database.url)))

    assert asyncio.run(_compared(bare_database.url)) == []


def test_a_comparison_sees_what_differs(bare_database: FreshDatabase):
    asyncio.run(migrate(DatabaseUrl(bare_database.url)))
    bare_database.sql("DROP INDEX ix_audit_entry_at")
    bare_database.sql("ALTER TABLE staff_key DROP COLUMN label")

    assert len(asyncio.run(_compared(bare_database.url))) == 2


def test_a_database_of_the_first_version_is_taken_over_without_loss(bare_database: FreshDatabase):
    async def look() -> None:
        async with open_store(bare_database.url, product="lamp") as store:
            jane = await store.sessions.customer(Secret(first_version.SHOP_TOKEN))
            shop = await store.staff.by_key(Secret(first_version.SHOP_KEY))
            devices = await store.devices.of_customer(jane.customer_id)
            with pytest.raises(SignInExpired):
                await store.sessions.customer(Secret(first_version.VAN_TOKEN))
            customers = await store.customers.list()

        assert (jane.customer, jane.staff_id) == ("jane@example.com", shop.staff_id)
        assert (shop.name, shop.role) == ("shop", Role.INSTALLER)
        assert [(str(each.device_id), each.name) for each in devices] == [
            ("3a001b000447343138333038", "kitchen"),
            ("0123456789abcdef01234567", ""),
        ]
        assert {each.recorded_at for each in devices} == {first_version.JOINED}
        assert [(each.email, each.created_at, each.devices) for each in customers] == [
            ("jane@example.com", first_version.JOINED, 2),
            ("joe@example.com", first_version.JOINED, 1),
        ]

    first_version.make(bare_database)

    asyncio.run(look())

    assert bare_database.sql("SELECT slug FROM product") == [("lamp",)]
    recorded_by = bare_database.sql(
        "SELECT device_record.name, staff_member.name FROM device_record"
        " JOIN staff_member ON staff_member.id = staff_id ORDER BY device_record.id"
    )
    assert recorded_by == [("kitchen", "shop"), ("", "van"), ("cellar", "shop")]


def test_a_customer_of_several_products_becomes_one_of_each(bare_database: FreshDatabase):
    second_version.make(bare_database)

    asyncio.run(migrate(DatabaseUrl(bare_database.url)))

    customers = bare_database.sql("SELECT product_id, email FROM customer ORDER BY 1, 2")
    assert customers == [
        *((1, "jane@x.org"), (1, "jim@x.org")),
        *((2, "jane@x.org"), (2, "jim@x.org"), (2, "joe@x.org")),
    ]
    assert len(bare_database.sql("SELECT DISTINCT created_at FROM customer")) == 1
    for table, whose in {
        "customer_session": [(1, 1, "jane@x.org"), (2, 2, "jane@x.org")],
        "device_record": [(1, 1, "jane@x.org"), (2, 2, "jane@x.org")],
        "installation": [(1, 1, "jane@x.org"), (2, 2, "joe@x.org")],
        "audit_entry": [(2, 2, "jane@x.org")],
    }.items():
        found = bare_database.sql(
            f"SELECT {table}.product_id, customer.product_id, email FROM {table}"
            " JOIN customer ON customer.id = customer_id ORDER BY 1, 3"
        )
        assert found == whose, table
    placed = bare_database.sql(
        "SELECT device_id, product_id, name FROM installation_device"
        " JOIN installation ON installation.id = installation_id ORDER BY 1"
    )
    assert placed == [("1", 1, "Hall"), ("2", 2, "Hall"), ("3", 2, "Shed")]
    assert asyncio.run(_compared(bare_database.url)) == []


def test_new_rows_follow_those_of_the_first_version(bare_database: FreshDatabase):
    async def add() -> None:
        async with open_store(bare_database.url, product="lamp") as store:
            await store.staff.set_installer_keys([("shop", Secret(first_version.SHOP_KEY))])
            await store.staff.add("anna", Role.ADMIN)
            await sign_in(store, "new@example.com")
            with pytest.raises(KeyRefused):
                await store.staff.by_key(Secret("another"))

    first_version.make(bare_database)

    asyncio.run(add())

    names = bare_database.sql("SELECT name FROM staff_member ORDER BY id")
    assert names == [("van",), ("shop",), ("anna",)]
    keys = bare_database.sql("SELECT label FROM staff_key ORDER BY id")
    assert keys == [("settings",), ("first key",)]


def test_of_several_that_start_at_once_one_migrates(
    bare_database: FreshDatabase, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO, migration.__name__)

    async def start() -> None:
        url = DatabaseUrl(bare_database.url)
        # Without the lock within the process: these stand for as many processes.
        await asyncio.gather(*(migration._migrate(url) for _ in range(AT_ONCE)))

    asyncio.run(start())

    assert [message for message in caplog.messages if "database_from" in message] == [
        f"database_from=none database_to={VERSION}"
    ]
    assert bare_database.sql("SELECT version_num FROM alembic_version") == [(VERSION,)]


def test_of_several_that_start_at_once_one_names_the_product(bare_database: FreshDatabase):
    async def start() -> None:
        async with open_store(bare_database.url, product="lamp"):
            pass

    async def start_all() -> None:
        await asyncio.gather(*(start() for _ in range(AT_ONCE)))

    first_version.make(bare_database)

    asyncio.run(start_all())

    assert bare_database.sql("SELECT slug, name FROM product") == [("lamp", "lamp")]


def test_two_products_share_a_database_and_nothing_in_it(bare_database: FreshDatabase):
    async def share() -> None:
        async with (
            open_store(bare_database.url, product="lamp") as lamp,
            open_store(bare_database.url, product="oven") as oven,
        ):
            _, key = await lamp.staff.add("anna", Role.ADMIN)
            assert (await lamp.staff.by_key(key)).name == "anna"
            with pytest.raises(KeyRefused):
                await oven.staff.by_key(key)
            assert await oven.staff.list() == ()

    asyncio.run(share())


def test_a_database_of_a_newer_program_is_left_alone(bare_database: FreshDatabase):
    asyncio.run(migrate(DatabaseUrl(bare_database.url)))
    bare_database.sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(DatabaseRefused, match="newer version of this program: update"):
        asyncio.run(migrate(DatabaseUrl(bare_database.url)))

    assert bare_database.sql("SELECT version_num FROM alembic_version") == [("9999",)]


def test_a_step_that_fails_changes_nothing(bare_database: FreshDatabase):
    first_version.make(bare_database)
    bare_database.sql("CREATE TABLE rate_count (mine INTEGER)")

    with pytest.raises(DBAPIError, match="rate_count"):
        asyncio.run(migrate(DatabaseUrl(bare_database.url)))

    bare_database.sql("DROP TABLE rate_count")
    for table in ("alembic_version", "product", "staff_member"):
        with pytest.raises(Exception, match=table):  # each driver has its own
            bare_database.sql(f"SELECT * FROM {table}")
    assert bare_database.sql("SELECT count(*) FROM app_client") == [(2,)]
    asyncio.run(migrate(DatabaseUrl(bare_database.url)))
    assert bare_database.sql("SELECT count(*) FROM device_record") == [(3,)]
