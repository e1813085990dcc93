"""What the backend remembers, in an SQL database; secrets only as SHA-256 hashes."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import KeyRefused, SignInExpired
from setup_wizard.domain.secret import Secret
from setup_wizard.service.models import AppClient, Base, Customer, DeviceRecord, Session

SESSION_LIFETIME = timedelta(hours=12)  # one working day of an installer
SQLITE_LOCK_TIMEOUT_MS = 5000  # writers take turns; one turn takes milliseconds
_TOKEN_BYTES = 32  # 256 bits cannot be guessed, so a plain hash of them is enough


@dataclass(frozen=True)
class SignedIn:
    """Who asks: a customer, through an app client."""

    customer: str
    customer_id: int
    app_client_id: int


@dataclass(frozen=True)
class RecordedDevice:
    """A device as it was written down for a customer."""

    device_id: DeviceId
    name: str
    recorded_at: datetime


class Store:
    """The database, one short transaction for each question. Made by `open_store`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._begin = async_sessionmaker(engine, expire_on_commit=False).begin

    async def check(self) -> None:
        """Raise SQLAlchemyError unless the database answers and has our tables."""
        async with self._begin() as session:
            await session.execute(select(Customer.id).limit(1))

    async def set_installer_keys(self, keys: Sequence[tuple[str, Secret]]) -> None:
        """Let exactly these keys in; sessions of changed or withdrawn keys end."""
        wanted = {label: _hash(key) for label, key in keys}
        async with self._begin() as session:
            known = {client.name: client for client in await session.scalars(select(AppClient))}
            for label, client in known.items():
                if client.key_hash != wanted.get(label):
                    client.key_hash = wanted.get(label)
                    await session.execute(delete(Session).where(Session.app_client_id == client.id))
            session.add_all(
                AppClient(name=label, key_hash=key_hash)
                for label, key_hash in wanted.items()
                if label not in known
            )

    async def app_client(self, key: Secret) -> int:
        """The id of the app client that this installer key belongs to. Raises KeyRefused."""
        offered = _hash(key)
        async with self._begin() as session:
            clients = await session.execute(
                select(AppClient.id, AppClient.key_hash).where(AppClient.key_hash.is_not(None))
            )
        matches = [  # all are compared, so the time taken does not tell which one was close
            client_id
            for client_id, key_hash in clients
            if hmac.compare_digest(offered, key_hash or "")
        ]
        if not matches:
            raise KeyRefused
        return matches[0]

    async def open_session(self, customer: str, *, app_client_id: int) -> Secret:
        """Sign a customer in, known before or not, and return the new session token."""
        token = Secret(secrets.token_urlsafe(_TOKEN_BYTES))
        customer_id = await self._ensure_customer(customer)
        now = datetime.now(UTC)
        async with self._begin() as session:
            await session.execute(delete(Session).where(Session.expires_at <= now))
            session.add(
                Session(
                    token_hash=_hash(token),
                    customer_id=customer_id,
                    app_client_id=app_client_id,
                    expires_at=now + SESSION_LIFETIME,
                )
            )
        return token

    async def signed_in(self, token: Secret) -> SignedIn:
        """Whose session this is. Raises SignInExpired."""
        async with self._begin() as session:
            found = await session.get(Session, _hash(token))
        if found is None or found.expires_at <= datetime.now(UTC):
            raise SignInExpired
        return SignedIn(found.customer.email, found.customer_id, found.app_client_id)

    async def record(
        self, who: SignedIn, device_id: DeviceId, name: str
    ) -> tuple[RecordedDevice, bool]:
        """Write a device down for a customer, or rename it; True when it is new.

        Raises SignInExpired when the customer was deleted in the meantime.
        """
        record = DeviceRecord(
            device_id=str(device_id),
            name=name,
            customer_id=who.customer_id,
            app_client_id=who.app_client_id,
            recorded_at=datetime.now(UTC),
        )
        try:
            async with self._begin() as session:
                session.add(record)
        except IntegrityError:  # it is there, or its customer is not
            async with self._begin() as session:
                known = await session.scalar(
                    update(DeviceRecord)
                    .where(DeviceRecord.customer_id == who.customer_id)
                    .where(DeviceRecord.device_id == str(device_id))
                    .values(name=name)
                    .returning(DeviceRecord)
                )
            if known is None:
                raise SignInExpired from None
            return _recorded(known), False
        return _recorded(record), True

    async def devices(self, who: SignedIn) -> tuple[RecordedDevice, ...]:
        """What was recorded for a customer, oldest first."""
        query = (
            select(DeviceRecord)
            .where(DeviceRecord.customer_id == who.customer_id)
            .order_by(DeviceRecord.id)
        )
        async with self._begin() as session:
            return tuple(_recorded(row) for row in await session.scalars(query))

    async def delete_customer(self, email: str) -> None:
        """Forget a customer, with sessions and device records."""
        async with self._begin() as session:
            await session.execute(delete(Customer).where(Customer.email == email))

    async def _ensure_customer(self, email: str) -> int:
        find = select(Customer.id).where(Customer.email == email)
        async with self._begin() as session:
            known = await session.scalar(find)
        if known is not None:
            return known
        customer = Customer(email=email, created_at=datetime.now(UTC))
        try:
            async with self._begin() as session:
                session.add(customer)
        except IntegrityError:  # somebody else was quicker
            async with self._begin() as session:
                return (await session.execute(find)).scalar_one()
        return customer.id


@asynccontextmanager
async def open_store(database_url: str) -> AsyncIterator[Store]:
    """The store in this database; missing tables are made."""
    # hide_parameters: an SQL error in a log must not show what was written.
    engine = create_async_engine(database_url, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        _probe_sqlite(engine.url.database)
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield Store(engine)
    finally:
        await engine.dispose()


class _Connection(Protocol):
    def cursor(self) -> sqlite3.Cursor: ...


def _probe_sqlite(file: str | None) -> None:
    """Raise what is wrong with the file before the driver's own thread finds it.

    That thread still reports to an event loop which, after a failed start, is closed already,
    and its complaint would stand on standard error beside our sentence.
    """
    try:
        sqlite3.connect(file or ":memory:").close()
    except sqlite3.Error as error:
        raise OperationalError(None, None, error) from error


def _prepare_sqlite(connection: _Connection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={SQLITE_LOCK_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")  # readers do not wait for the writer
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _hash(secret: Secret) -> str:
    return hashlib.sha256(secret.reveal_bytes()).hexdigest()


def _recorded(row: DeviceRecord) -> RecordedDevice:
    return RecordedDevice(DeviceId(row.device_id), row.name, row.recorded_at)
