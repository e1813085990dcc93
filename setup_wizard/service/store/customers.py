"""Customers: made when they first sign in, deleted with everything that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from setup_wizard.service.models import Customer, DeviceRecord
from setup_wizard.service.store.database import Database


@dataclass(frozen=True)
class KnownCustomer:
    """A customer as a list shows them."""

    id: int
    email: str
    created_at: datetime
    devices: int
    """How many are recorded."""


class Customers:
    """Who owns devices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_known(self, email: str) -> bool:
        """Whether somebody signed in with this address."""
        async with self._database.reading() as connection:
            found = await connection.scalar(select(Customer.id).where(Customer.email == email))
        return found is not None

    async def list(self) -> tuple[KnownCustomer, ...]:
        """All of them, oldest first."""
        query = (
            select(Customer.id, Customer.email, Customer.created_at, func.count(DeviceRecord.id))
            .outerjoin(DeviceRecord, DeviceRecord.customer_id == Customer.id)
            .group_by(Customer.id)
            .order_by(Customer.id)
        )
        async with self._database.reading() as connection:
            return tuple(KnownCustomer(*row) for row in await connection.execute(query))

    async def delete(self, email: str) -> bool:
        """Forget a customer, with sessions and device records; False when there was none."""
        async with self._database.writing() as connection:
            gone = await connection.scalar(
                delete(Customer).where(Customer.email == email).returning(Customer.id)
            )
        return gone is not None


async def ensure_customer(connection: AsyncConnection, database: Database, email: str) -> int:
    """The number of a customer, known before or not, whom nobody deletes in this transaction."""
    # To update a row that is there changes nothing in it and locks it.
    ensured = await connection.execute(
        database.insert(Customer)
        .values(email=email, created_at=datetime.now(UTC))
        .on_conflict_do_update(index_elements=["email"], set_={"created_at": Customer.created_at})
        .returning(Customer.id)
    )
    customer_id: int = ensured.scalar_one()
    return customer_id
