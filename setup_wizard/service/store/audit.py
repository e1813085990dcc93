"""The audit log: who did what to which device. Never what was secret in it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import BackendError
from setup_wizard.service.models import Actor, AuditEntry, Customer, StaffMember
from setup_wizard.service.store.batching import Batching
from setup_wizard.service.store.database import Database


@dataclass(frozen=True)
class Deed:
    """One line of the log, as it is read."""

    at: datetime
    actor: Actor
    verb: str
    staff: str | None = None
    customer: str | None = None
    """Who did it, or for whom it was done; None when the customer was deleted since."""
    device_id: DeviceId | None = None
    request_id: str | None = None


# Every set-up adds some: to build it anew takes longer than to send it. Nobody asks for the number
# that the line is given.
_ADD = insert(AuditEntry.__table__).inline()  # type: ignore[arg-type]


@dataclass(frozen=True)
class Doer:
    """Who does something, and by which request."""

    actor: Actor
    staff_id: int | None = None
    request_id: str | None = None


THE_SYSTEM = Doer(Actor.SYSTEM)
"""Whoever runs the backend, by a command."""


@dataclass(frozen=True)
class Line:
    """One line of the log, as it is written."""

    product_id: int
    at: datetime
    actor: Actor
    verb: str
    staff_id: int | None = None
    customer_id: int | None = None
    device_id: str | None = None
    request_id: str | None = None


async def write_down(connection: AsyncConnection, *lines: Line) -> None:
    """Add lines in the transaction of the deed that they tell of: both are kept, or neither."""
    await connection.execute(_ADD, [vars(line) for line in lines])


class Audit:
    """The audit log of one product: lines are added and read, never changed."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id
        self._add = Batching(self._write, at_once=1)

    async def write(
        self,
        actor: Actor,
        verb: str,
        *,
        staff_id: int | None = None,
        customer_id: int | None = None,
        device_id: DeviceId | None = None,
        request_id: str | None = None,
    ) -> None:
        """Add a line; a customer who was deleted meanwhile is not named.

        What many requests have to say while a line is being written goes into one transaction,
        and none of them is answered before it is done. A line that cannot be written fails for
        its own request, and for no other.
        """
        line = Line(
            self._product_id,
            datetime.now(UTC),
            actor,
            verb,
            staff_id,
            customer_id,
            None if device_id is None else str(device_id),
            request_id,
        )
        if failure := await self._add(line):
            raise failure

    async def _write(self, lines: Sequence[Line]) -> list[Exception | None]:
        """Why each line could not be written, if so."""
        if len(lines) > 1:
            with suppress(DBAPIError):  # one line spoils them all: each for itself, then
                async with self._database.writing() as connection:
                    await write_down(connection, *lines)
                return [None] * len(lines)
        return [await self._write_one(line) for line in lines]

    async def _write_one(self, line: Line) -> Exception | None:
        try:
            try:
                await self._database.add(_ADD, vars(line))
            except IntegrityError:
                await self._database.add(_ADD, {**vars(line), "customer_id": None})
        except (BackendError, DBAPIError) as error:
            return error
        return None

    async def read(self, *, device_id: DeviceId | None = None, limit: int) -> tuple[Deed, ...]:
        """The newest lines first, all or those about one device."""
        query = (
            select(
                AuditEntry.at,
                AuditEntry.actor,
                AuditEntry.verb,
                StaffMember.name,
                Customer.email,
                AuditEntry.device_id,
                AuditEntry.request_id,
            )
            .outerjoin(StaffMember, StaffMember.id == AuditEntry.staff_id)
            .outerjoin(Customer, Customer.id == AuditEntry.customer_id)
            .where(AuditEntry.product_id == self._product_id)
            .order_by(AuditEntry.id.desc())
            .limit(limit)
        )
        if device_id is not None:
            query = query.where(AuditEntry.device_id == str(device_id))
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(
            Deed(
                at,
                Actor(actor),
                verb,
                staff,
                customer,
                DeviceId(device) if device else None,
                request,
            )
            for at, actor, verb, staff, customer, device, request in rows
        )
