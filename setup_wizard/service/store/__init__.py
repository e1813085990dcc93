"""What the backend remembers, in an SQL database; secrets only as hashes.

One module for each subject; `open_store` brings the database up to date and puts them together.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from setup_wizard.service.models import Customer
from setup_wizard.service.store.audit import Audit
from setup_wizard.service.store.codes import Codes
from setup_wizard.service.store.customers import Customers
from setup_wizard.service.store.database import Database, DatabaseUrl
from setup_wizard.service.store.devices import Devices
from setup_wizard.service.store.installations import Installations
from setup_wizard.service.store.limits import Limits
from setup_wizard.service.store.products import ensure_product
from setup_wizard.service.store.schema import is_up_to_date
from setup_wizard.service.store.sessions import Sessions
from setup_wizard.service.store.staff import Staff


class Store:
    """The database as one product's backend sees it. Made by `open_store`."""

    def __init__(self, database: Database, product_id: int) -> None:
        self.database = database
        self.product_id = product_id
        self.audit = Audit(database, product_id)
        self.codes = Codes(database, product_id)
        self.customers = Customers(database, product_id)
        self.devices = Devices(database, product_id)
        self.installations = Installations(database, product_id)
        self.limits = Limits(database)
        self.sessions = Sessions(database, product_id)
        self.staff = Staff(database, product_id)

    async def check(self) -> None:
        """Raise StorageUnavailable or SQLAlchemyError unless the database has our tables."""
        async with self.database.reading() as connection:
            await connection.execute(select(Customer.id).limit(1))


@asynccontextmanager
async def open_store(database_url: str, *, product: str) -> AsyncIterator[Store]:
    """The store in this database, for the product with this slug.

    Raises DatabaseRefused, StorageUnavailable or SQLAlchemyError when it cannot be opened.
    """
    url = DatabaseUrl(database_url)
    engine = url.engine()
    try:
        database = Database(engine)
        if not await is_up_to_date(database):
            await _migrate(url)
        yield Store(database, await ensure_product(database, product))
    finally:
        await engine.dispose()


async def _migrate(url: DatabaseUrl) -> None:
    # Alembic is as much to load as a fifth of the backend, and most starts have no use for it.
    from setup_wizard.service.store.migration import migrate

    await migrate(url)
