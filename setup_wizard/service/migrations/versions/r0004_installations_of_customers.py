"""An installation is known by its customer and its name, which others may have given as well."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"

_NAMES = {"uq": "%(table_name)s_%(column_0_N_name)s_key"}  # as PostgreSQL gives them


def upgrade() -> None:
    with op.batch_alter_table("installation", naming_convention=_NAMES) as installation:
        installation.drop_constraint("installation_product_id_name_key", type_="unique")
        installation.create_unique_constraint(
            "installation_product_id_customer_id_name_key", ["product_id", "customer_id", "name"]
        )
