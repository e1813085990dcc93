"""A database as the first version of the program made and filled it, without Alembic."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    insert,
)
from sqlalchemy.ext.asyncio import create_async_engine

from tests.service.databases import FreshDatabase

JOINED = datetime(2026, 11, 1, 8, 30, 15, 250_000, UTC)
SHOP_KEY, SHOP_TOKEN, VAN_TOKEN = "shop-key-of-old", "token-of-old", "token-of-a-withdrawn-key"

_metadata = MetaData()
_customer = Table(
    "customer",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("email", String(254), unique=True, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)
_app_client = Table(
    "app_client",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), unique=True, nullable=False),
    Column("key_hash", String(64)),
)
_session = Table(
    "session",
    _metadata,
    Column("token_hash", String(64), primary_key=True),
    Column(
        "customer_id",
        ForeignKey("customer.id", ondelete="CASCADE"),
        index=True,
        nullable=False,
    ),
    Column("app_client_id", ForeignKey("app_client.id"), index=True, nullable=False),
    Column("expires_at", DateTime(timezone=True), index=True, nullable=False),
)
_device_record = Table(
    "device_record",
    _metadata,
    Column("id", Integer, primary_key=True),
    Column("device_id", String(24), nullable=False),
    Column("name", String(128), nullable=False),
    Column("customer_id", ForeignKey("customer.id", ondelete="CASCADE"), nullable=False),
    Column("app_client_id", ForeignKey("app_client.id"), nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("customer_id", "device_id"),
)


def make(database: FreshDatabase) -> None:
    """Two customers, a shop with a key and a van whose key was withdrawn, three records."""
    asyncio.run(_make(database.url))


async def _make(url: str) -> None:
    engine = create_async_engine(
        url.replace("sqlite://", "sqlite+aiosqlite://").replace(
            "postgresql://", "postgresql+asyncpg://"
        )
    )
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    async with engine.begin() as connection:
        await connection.run_sync(_metadata.create_all)
        filled: dict[Table, list[dict[str, object]]] = {
            _customer: [
                {"email": "jane@example.com", "created_at": JOINED},
                {"email": "joe@example.com", "created_at": JOINED},
            ],
            _app_client: [
                {"name": "van", "key_hash": None},
                {"name": "shop", "key_hash": _hash(SHOP_KEY)},
            ],
            _session: [
                {
                    "token_hash": _hash(SHOP_TOKEN),
                    "customer_id": 1,
                    "app_client_id": 2,
                    "expires_at": tomorrow,
                },
                {
                    "token_hash": _hash(VAN_TOKEN),
                    "customer_id": 2,
                    "app_client_id": 1,
                    "expires_at": tomorrow,
                },
            ],
            _device_record: [
                _record("3a001b000447343138333038", "kitchen", 1, 2),
                _record("0123456789abcdef01234567", "", 1, 1),
                _record("3a001b000447343138333038", "cellar", 2, 2),
            ],
        }
        for table, rows in filled.items():
            await connection.execute(insert(table), rows)
    await engine.dispose()


def _record(device_id: str, name: str, customer: int, client: int) -> dict[str, object]:
    return {
        "device_id": device_id,
        "name": name,
        "customer_id": customer,
        "app_client_id": client,
        "recorded_at": JOINED,
    }


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
