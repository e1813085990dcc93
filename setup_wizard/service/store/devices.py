"""The devices that were set up, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, select, update

from setup_wizard.domain.device import DeviceId
from setup_wizard.domain.errors import SignInExpired
from setup_wizard.service.models import Customer, DeviceRecord
from setup_wizard.service.store.audit import Line, write_down
from setup_wizard.service.store.database import Database
from setup_wizard.service.store.sessions import SignedIn


@dataclass(frozen=True)
class RecordedDevice:
    """A device as it was written down for a customer."""

    device_id: DeviceId
    name: str
    recorded_at: datetime


class Devices:
    """The device records of one product."""

    def __init__(self, database: Database, product_id: int) -> None:
        self._database = database
        self._product_id = product_id

    async def record(
        self, who: SignedIn, device_id: DeviceId, name: str, *, request_id: str | None = None
    ) -> tuple[RecordedDevice, bool]:
        """Write a device down for a customer, or rename it; True when it is new.

        Raises SignInExpired when the customer was deleted in the meantime.
        """
        now = datetime.now(UTC)
        shown = (DeviceRecord.device_id, DeviceRecord.name, DeviceRecord.recorded_at)
        rename = (
            update(DeviceRecord)
            .where(DeviceRecord.customer_id == who.customer_id)
            .where(DeviceRecord.device_id == str(device_id))
            .values(name=name)
            .returning(*shown)
        )
        add = (
            self._database.insert(DeviceRecord)
            .values(
                device_id=str(device_id),
                name=name,
                customer_id=who.customer_id,
                product_id=self._product_id,
                staff_id=who.staff_id,
                recorded_at=now,
            )
            .on_conflict_do_nothing()
            .returning(*shown)
        )
        # Before anything else: a deletion, too, takes the customer first and the devices then.
        customer = (
            select(Customer.id)
            .where(Customer.id == who.customer_id)
            .with_for_update(read=True, key_share=True)
        )
        async with self._database.writing() as connection:
            if await connection.scalar(customer) is None:
                raise SignInExpired
            row, is_new = (await connection.execute(rename)).one_or_none(), False
            if row is None:
                row, is_new = (await connection.execute(add)).one_or_none(), True
            if row is None:  # somebody else was quicker
                row, is_new = (await connection.execute(rename)).one(), False
            deed = Line(
                self._product_id,
                now,
                who.actor,
                "device.recorded" if is_new else "device.renamed",
                who.staff_id,
                who.customer_id,
                str(device_id),
                request_id,
            )
            await write_down(connection, deed)
        return _recorded(row), is_new

    async def of_customer(self, customer_id: int) -> tuple[RecordedDevice, ...]:
        """What was recorded for a customer, oldest first."""
        query = (
            select(DeviceRecord.device_id, DeviceRecord.name, DeviceRecord.recorded_at)
            .where(DeviceRecord.customer_id == customer_id)
            .order_by(DeviceRecord.id)
        )
        async with self._database.reading() as connection:
            return tuple(_recorded(row) for row in await connection.execute(query))


def _recorded(row: Row[*tuple[object, ...]]) -> RecordedDevice:
    return RecordedDevice(DeviceId(row.device_id), row.name, row.recorded_at)
