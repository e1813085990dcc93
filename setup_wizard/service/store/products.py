"""The product that a backend is for."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select, update

from setup_wizard.service.models import Product
from setup_wizard.service.store.database import Database


async def ensure_product(database: Database, slug: str) -> int:
    """The number of the product with this slug, known before or not.

    What a database of the first version holds belongs to a product without a slug: it was this.
    """
    find = select(Product.id).where(Product.slug == slug)
    async with database.reading() as connection:
        known: int | None = await connection.scalar(find)
    if known is not None:
        return known
    async with database.writing() as connection:
        adopted: int | None = await connection.scalar(
            update(Product)
            .where(Product.slug == "")
            .where(~select(Product.id).where(Product.slug == slug).exists())
            .values(slug=slug, name=slug)
            .returning(Product.id)
        )
        if adopted is not None:
            return adopted
        await connection.execute(
            database.insert(Product)
            .values(slug=slug, name=slug, created_at=datetime.now(UTC))
            .on_conflict_do_nothing()
        )
        return (await connection.execute(find)).scalar_one()
