"""Customers: made when they first sign in, deleted with everything that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from setup_wizard.service.models import Customer, DeviceRecord, SignInCode
from setup_wizard.service.store.audit import THE_SYSTEM, Doer, Line, write_down
from setup_wizard.service.store.codes import code_of
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
    """Who owns devices of one product."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id

    async def is_known(self, email: str) -> bool:
        """Whether somebody signed in with this address."""
        query = select(Customer.id).where(*self._is(email))
        async with self._database.reading() as connection:
            found = await connection.scalar(query)
        return found is not None

    async def list(self) -> tuple[KnownCustomer, ...]:
        """All of them, oldest first."""
        query = (
            select(Customer.id, Customer.email, Customer.created_at, func.count(DeviceRecord.id))
            .outerjoin(DeviceRecord, DeviceRecord.customer_id == Customer.id)
            .where(Customer.product_id == self._product_id)
            .group_by(Customer.id)
            .order_by(Customer.id)
        )
        async with self._database.reading() as connection:
            return tuple(KnownCustomer(*row) for row in await connection.execute(query))

    async def delete(self, email: str, *, by: Doer = THE_SYSTEM) -> bool:
        """Forget a customer, with sessions, code and device records; False when there was none.

        The audit log has it in any case: they may have been known at the cloud alone.
        """
        deed = Line(
            self._product_id,
            datetime.now(UTC),
            by.actor,
            "customer.deleted",
            by.staff_id,
            request_id=by.request_id,
        )
        async with self._database.writing() as connection:
            gone = await connection.scalar(
                delete(Customer).where(*self._is(email)).returning(Customer.id)
            )
            await connection.execute(delete(SignInCode).where(*code_of(email, self._product_id)))
            await write_down(connection, deed)
        return gone is not None

    def _is(self, email: str) -> tuple[ColumnElement[bool], ...]:
        return Customer.product_id == self._product_id, Customer.email == email


async def ensure_customer(
    connection: AsyncConnection, database: Database, *, product_id: int, email: str
) -> int:
    """The number of a customer, known before or not, whom nobody deletes in this transaction."""
    made = {"product_id": product_id, "email": email, "created_at": datetime.now(UTC)}
    locked = {"created_at": Customer.created_at}  # what is there stays as it is
    ensured = await connection.execute(
        database.insert(Customer)
        .values(made)
        .on_conflict_do_update(index_elements=["product_id", "email"], set_=locked)
        .returning(Customer.id)
    )
    customer_id: int = ensured.scalar_one()
    return customer_id
