"""A database of two products as the second version left it, in which they share customers."""

from __future__ import annotations

import asyncio

from alembic import command
from sqlalchemy import Connection

from setup_wizard.service.store import migration
from setup_wizard.service.store.database import DatabaseUrl
from tests.service.databases import FreshDatabase

_THEN = "'2026-11-20 08:30:15'"
_STATEMENTS = (
    f"""INSERT INTO product (slug, name, created_at)
        VALUES ('lamp', 'lamp', {_THEN}), ('oven', 'oven', {_THEN})""",
    f"""INSERT INTO customer (email, created_at)
        VALUES ('jane@x.org', {_THEN}), ('joe@x.org', {_THEN}), ('jim@x.org', {_THEN})""",
    f"""INSERT INTO customer_session
        (token_hash, product_id, customer_id, method, created_at, expires_at)
        VALUES ('a', 1, 1, 'code', {_THEN}, {_THEN}), ('b', 2, 1, 'code', {_THEN}, {_THEN})""",
    f"""INSERT INTO device_record (device_id, name, customer_id, product_id, recorded_at)
        VALUES ('1', 'lamp', 1, 1, {_THEN}), ('2', 'oven', 1, 2, {_THEN})""",
    f"""INSERT INTO installation (product_id, customer_id, name, created_at)
        VALUES (1, 1, 'Hall', {_THEN}), (2, 2, 'Hall', {_THEN}), (2, NULL, 'Shed', {_THEN})""",
    f"""INSERT INTO installation_device (device_id, installation_id, placed_at)
        VALUES ('1', 1, {_THEN}), ('2', 2, {_THEN}), ('3', 3, {_THEN})""",
    f"""INSERT INTO audit_entry (product_id, at, actor, customer_id, verb)
        VALUES (2, {_THEN}, 'staff', 1, 'done'), (2, {_THEN}, 'system', NULL, 'done')""",
)


def make(database: FreshDatabase) -> None:
    """Both have something of Jane, the second of Joe; of Jim nothing but the address is left."""
    asyncio.run(_make(database.url))
    for statement in _STATEMENTS:
        database.sql(statement)


async def _make(url: str) -> None:
    def upgrade(connection: Connection) -> None:
        command.upgrade(migration._config(connection=connection), "0002")

    engine = DatabaseUrl(url).engine(migrating=True)
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()
