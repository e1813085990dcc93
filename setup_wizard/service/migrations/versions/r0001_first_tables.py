"""The tables of the first version, which made them without Alembic.

A database of that version has them already, and is taken over as it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "customer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(254), nullable=False, unique=True),
        sa.Column("created_at", moment, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "app_client",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("key_hash", sa.String(64)),
        if_not_exists=True,
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column(
            "customer_id",
            sa.Integer(),
            sa.ForeignKey("customer.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("app_client_id", sa.Integer(), sa.ForeignKey("app_client.id"), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        if_not_exists=True,
    )
    for column in ("customer_id", "app_client_id", "expires_at"):
        op.create_index(f"ix_session_{column}", "session", [column], if_not_exists=True)
    op.create_table(
        "device_record",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("device_id", sa.String(24), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column(
            "customer_id",
            sa.Integer(),
            sa.ForeignKey("customer.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("app_client_id", sa.Integer(), sa.ForeignKey("app_client.id"), nullable=False),
        sa.Column("recorded_at", moment, nullable=False),
        sa.UniqueConstraint("customer_id", "device_id"),
        if_not_exists=True,
    )
