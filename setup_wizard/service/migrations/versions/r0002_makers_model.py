"""Products, staff, codes, installations, an audit log; app clients become staff members.

The settings name the product, not the database: rows of the first version get a product without
a slug, which the first backend that starts makes its own (see `store.products`).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)
_STAFF = (
    "INSERT INTO staff_member (id, product_id, name, role, created_at)"
    " SELECT id, :product, name, 'installer', :now FROM app_client"
)
_KEYS = (
    "INSERT INTO staff_key (id, staff_id, key_hash, label, from_settings, created_at)"
    " SELECT id, id, key_hash, 'settings', true, :now FROM app_client WHERE key_hash IS NOT NULL"
)
_SESSIONS = (
    "INSERT INTO customer_session"
    " (token_hash, product_id, customer_id, key_id, method, created_at, expires_at)"
    " SELECT token_hash, :product, customer_id, staff_key.id, 'installer_key', :now, expires_at"
    " FROM session JOIN staff_key ON staff_key.id = session.app_client_id"
)


def upgrade() -> None:
    _make_people()
    _make_sign_in()
    _make_the_rest()
    _take_over()
    _extend_device_records()
    op.drop_table("session")
    op.drop_table("app_client")


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _text(name: str, length: int, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, _MOMENT, nullable=nullable)


def _reference(
    table: str,
    *,
    name: str = "",
    ondelete: str | None = None,
    nullable: bool = False,
    primary_key: bool = False,
) -> sa.Column[Any]:
    foreign_key = sa.ForeignKey(f"{table}.id", ondelete=ondelete)
    return sa.Column(
        name or f"{table}_id", sa.Integer(), foreign_key, nullable=nullable, primary_key=primary_key
    )


def _indexes(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _make_people() -> None:
    op.create_table(
        "product",
        _id(),
        sa.Column("slug", sa.String(100), nullable=False, unique=True),
        _text("name", 100),
        _moment("created_at"),
    )
    op.create_table(
        "staff_member",
        _id(),
        _reference("product"),
        _text("name", 100),
        _text("role", 32),
        _moment("created_at"),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("product_id", "name"),
    )
    op.create_table(
        "staff_key",
        _id(),
        _reference("staff_member", name="staff_id", ondelete="CASCADE"),
        _text("key_hash", 64),
        _text("label", 100),
        sa.Column("from_settings", sa.Boolean(), nullable=False),
        _moment("created_at"),
        _moment("last_used_at", nullable=True),
        _moment("revoked_at", nullable=True),
        sa.UniqueConstraint("staff_id", "key_hash"),
    )
    _indexes("staff_key", "key_hash")


def _make_sign_in() -> None:
    op.create_table(
        "customer_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _reference("product", ondelete="CASCADE"),
        _reference("customer", ondelete="CASCADE"),
        _reference("staff_key", name="key_id", ondelete="CASCADE", nullable=True),
        _text("method", 32),
        _text("subject", 255, nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
    )
    _indexes("customer_session", "customer_id", "key_id", "expires_at")
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        _reference("staff_member", name="staff_id", ondelete="CASCADE"),
        _reference("staff_key", name="key_id", ondelete="CASCADE", nullable=True),
        _text("method", 32),
        _text("subject", 255, nullable=True),
        _moment("created_at"),
        _moment("expires_at"),
    )
    _indexes("staff_session", "staff_id", "key_id", "expires_at")
    op.create_table(
        "sign_in_code",
        _reference("product", ondelete="CASCADE", primary_key=True),
        sa.Column("email_hash", sa.String(64), primary_key=True),
        _text("salt", 32),
        _text("code_hash", 64),
        _moment("expires_at"),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        _moment("consumed_at", nullable=True),
    )
    _indexes("sign_in_code", "expires_at")
    op.create_table(
        "rate_count",
        sa.Column("key_hash", sa.String(64), primary_key=True),
        sa.Column("window_start", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _moment("ends_at"),
    )
    _indexes("rate_count", "ends_at")


def _make_the_rest() -> None:
    op.create_table(
        "installation",
        _id(),
        _reference("product"),
        _reference("customer", ondelete="SET NULL", nullable=True),
        _text("name", 128),
        _moment("created_at"),
        sa.UniqueConstraint("product_id", "name"),
    )
    _indexes("installation", "customer_id")
    op.create_table(
        "installation_device",
        sa.Column("device_id", sa.String(24), primary_key=True),
        _reference("installation", ondelete="CASCADE"),
        _moment("placed_at"),
    )
    _indexes("installation_device", "installation_id")
    op.create_table(
        "audit_entry",
        _id(),
        _reference("product"),
        _moment("at"),
        _text("actor", 32),
        _reference("staff_member", name="staff_id", nullable=True),
        _reference("customer", ondelete="SET NULL", nullable=True),
        _text("verb", 32),
        _text("device_id", 24, nullable=True),
        _text("request_id", 32, nullable=True),
    )
    _indexes("audit_entry", "at", "customer_id", "device_id")


def _take_over() -> None:
    """Every app client becomes a staff member of the same number, its key that member's key."""
    connection = op.get_bind()
    if not connection.scalar(sa.text("SELECT count(*) FROM app_client")):
        return
    product = connection.scalar(
        _sql("INSERT INTO product (slug, name, created_at) VALUES ('', '', :now) RETURNING id")
    )
    for statement in (_STAFF, _KEYS, _SESSIONS):
        connection.execute(_sql(statement, product))
    if connection.dialect.name == "postgresql":  # the numbers given above are taken
        for table in ("staff_member", "staff_key"):
            largest = connection.scalar(
                sa.select(sa.func.max(sa.column("id"))).select_from(sa.table(table))
            )
            sequence = sa.func.pg_get_serial_sequence(table, "id")
            connection.execute(sa.select(sa.func.setval(sequence, largest or 1)))


def _extend_device_records() -> None:
    with op.batch_alter_table("device_record") as device_record:
        device_record.add_column(sa.Column("product_id", sa.Integer()))
        device_record.add_column(sa.Column("staff_id", sa.Integer()))
    op.execute(
        "UPDATE device_record SET staff_id = app_client_id,"
        " product_id = (SELECT id FROM product WHERE slug = '')"
    )
    with op.batch_alter_table("device_record") as device_record:
        device_record.alter_column("product_id", existing_type=sa.Integer(), nullable=False)
        device_record.create_foreign_key(
            "fk_device_record_product", "product", ["product_id"], ["id"]
        )
        device_record.create_foreign_key(
            "fk_device_record_staff", "staff_member", ["staff_id"], ["id"]
        )
        device_record.drop_column("app_client_id")


def _sql(statement: str, product: int | None = None) -> sa.TextClause:
    """With the moment of the migration and the number of the product, where it names them."""
    values = (
        sa.bindparam("now", datetime.now(UTC), _MOMENT),
        sa.bindparam("product", product, sa.Integer()),
    )
    named = [value for value in values if f":{value.key}" in statement]
    return sa.text(statement).bindparams(*named)
