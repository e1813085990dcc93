"""Every product has customers of its own; one whom several knew becomes one for each of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_REFERRING = ("customer_session", "installation", "device_record", "audit_entry")
_NAMES = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}  # as PostgreSQL gives them
_KNOWN = " UNION ".join(
    f"SELECT customer_id, product_id FROM {table} WHERE customer_id IS NOT NULL"  # noqa: S608
    for table in _REFERRING
)
# Of whom nothing is left but the address, nobody can say whose customer they were: everybody's.
_UNKNOWN = (
    "INSERT INTO customers_of SELECT customer.id, product.id FROM customer CROSS JOIN product"
    " WHERE customer.id NOT IN (SELECT customer_id FROM customers_of)"
)
_KEEP_FOR_ONE = (
    "UPDATE customer SET product_id = (SELECT min(known.product_id)"
    " FROM customers_of AS known WHERE known.customer_id = customer.id)"
)
_COPY_FOR_OTHERS = (
    "INSERT INTO customer (product_id, email, created_at)"
    " SELECT known.product_id, customer.email, customer.created_at"
    " FROM customers_of AS known JOIN customer ON customer.id = known.customer_id"
    " WHERE known.product_id <> customer.product_id"
)


def upgrade() -> None:
    with op.batch_alter_table("customer", naming_convention=_NAMES) as customer:
        customer.add_column(sa.Column("product_id", sa.Integer()))
        customer.drop_constraint("customer_email_key", type_="unique")
    op.execute(f"CREATE TEMPORARY TABLE customers_of AS {_KNOWN}")
    op.execute(_UNKNOWN)
    op.execute(_KEEP_FOR_ONE)
    op.execute(_COPY_FOR_OTHERS)
    op.execute("DROP TABLE customers_of")
    op.execute("DELETE FROM customer WHERE product_id IS NULL")  # where there is no product at all
    with op.batch_alter_table("customer") as customer:
        customer.alter_column("product_id", existing_type=sa.Integer(), nullable=False)
        customer.create_foreign_key("fk_customer_product", "product", ["product_id"], ["id"])
        customer.create_unique_constraint("customer_product_id_email_key", ["product_id", "email"])
    for table in _REFERRING:
        op.execute(_point_to_own(table))


def _point_to_own(table: str) -> str:
    return (
        f"UPDATE {table} SET customer_id = (SELECT own.id"  # noqa: S608
        " FROM customer AS kept JOIN customer AS own ON own.email = kept.email"
        f" WHERE kept.id = {table}.customer_id AND own.product_id = {table}.product_id)"
        f" WHERE EXISTS (SELECT 1 FROM customer AS kept WHERE kept.id = {table}.customer_id"
        f" AND kept.product_id <> {table}.product_id)"
    )
