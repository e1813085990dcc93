"""Installations: named groups of devices that are handled together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import DeviceNotInProduct
from setup_wizard.service.models import Customer, Installation, InstallationDevice, Product
from setup_wizard.service.store.audit import THE_SYSTEM, Doer, Line, write_down
from setup_wizard.service.store.customers import ensure_customer
from setup_wizard.service.store.database import Database


@dataclass(frozen=True)
class Group:
    """An installation with what is in it."""

    name: str
    customer: str | None
    device_ids: tuple[DeviceId, ...]


class Installations:
    """The installations of one product."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id

    async def define(
        self,
        name: str,
        *,
        customer: str | None,
        device_ids: Iterable[DeviceId],
        by: Doer = THE_SYSTEM,
    ) -> Group:
        """Exactly what is in this customer's, or nobody's, from now on; made when there was none.

        Devices that are in another one of the product move. Raises DeviceNotInProduct when one of
        them is in another product's; nothing changes then.

        The audit log has a line for each device that is in it, and for each that left.
        """
        now = datetime.now(UTC)
        texts = sorted({str(device_id) for device_id in device_ids})
        async with self._database.writing() as connection:
            await self._take_turn(connection)
            owner = await self._owner(connection, customer)
            installation_id = await self._ensure(connection, name, owner, now)
            left = await connection.scalars(
                delete(InstallationDevice)
                .where(InstallationDevice.installation_id == installation_id)
                .where(InstallationDevice.device_id.not_in(texts))
                .returning(InstallationDevice.device_id)
            )
            deeds: list[tuple[str, str | None]] = [
                ("installation.left", text) for text in sorted(left)
            ]
            for text in texts:
                await self._put(connection, installation_id, text, now)
            deeds += [("installation.set", text) for text in texts] or [("installation.set", None)]
            lines = [
                Line(self._product_id, now, by.actor, verb, by.staff_id, owner, text, by.request_id)
                for verb, text in deeds
            ]
            await write_down(connection, *lines)
        return Group(name, customer, tuple(DeviceId(text) for text in texts))

    async def groups(self, *, customer_id: int | None = None) -> tuple[Group, ...]:
        """All of them with their devices, or those of one customer, by name."""
        query = (
            select(Installation.id, Installation.name, Customer.email, InstallationDevice.device_id)
            .outerjoin(Customer, Customer.id == Installation.customer_id)
            .outerjoin(InstallationDevice, InstallationDevice.installation_id == Installation.id)
            .where(Installation.product_id == self._product_id)
            .order_by(Installation.name, Installation.id, InstallationDevice.device_id)
        )
        if customer_id is not None:
            query = query.where(Installation.customer_id == customer_id)
        found: dict[int, tuple[str, str | None, list[DeviceId]]] = {}
        async with self._database.reading() as connection:
            for number, name, customer, device_id in await connection.execute(query):
                _, _, inside = found.setdefault(number, (name, customer, []))
                if device_id is not None:
                    inside.append(DeviceId(device_id))
        return tuple(Group(name, customer, tuple(ids)) for name, customer, ids in found.values())

    async def _take_turn(self, connection: AsyncConnection) -> None:
        """Until the transaction is over nobody else moves this product's devices.

        Two who each want what the other has would else wait for each other. Whoever only refers
        to the product, as every sign-in does, is not held up.
        """
        product = select(Product.id).where(Product.id == self._product_id)
        await connection.execute(product.with_for_update(key_share=True))

    async def _owner(self, connection: AsyncConnection, customer: str | None) -> int | None:
        if customer is None:
            return None
        return await ensure_customer(
            connection, self._database, product_id=self._product_id, email=customer
        )

    async def _ensure(
        self, connection: AsyncConnection, name: str, owner: int | None, now: datetime
    ) -> int:
        """Its number; the oldest of several of this name that outlived their customers."""
        known: int | None = await connection.scalar(
            select(Installation.id)
            .where(Installation.product_id == self._product_id, Installation.name == name)
            .where(Installation.customer_id == owner)
            .order_by(Installation.id)
            .limit(1)
        )
        if known is not None:
            return known
        made = await connection.execute(
            self._database.insert(Installation)
            .values(product_id=self._product_id, customer_id=owner, name=name, created_at=now)
            .returning(Installation.id)
        )
        installation_id: int = made.scalar_one()
        return installation_id

    async def _put(
        self, connection: AsyncConnection, installation_id: int, device: str, now: datetime
    ) -> None:
        """One database can hold several products: none takes a device away from another."""
        place = {"installation_id": installation_id, "placed_at": now}
        ours = select(Installation.id).where(Installation.product_id == self._product_id)
        put = await connection.scalar(
            self._database.insert(InstallationDevice)
            .values(device_id=device, **place)
            .on_conflict_do_update(
                index_elements=["device_id"],
                set_=place,
                where=InstallationDevice.installation_id.in_(ours),
            )
            .returning(InstallationDevice.device_id)
        )
        if put is None:
            raise DeviceNotInProduct(device=device)
