"""Accounts have the name that decisions on mappings are signed with."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; nobody has a name yet."""
    with op.batch_alter_table("account") as table:
        table.add_column(sa.Column("reviewer", sa.String(200)))
        table.create_unique_constraint("uq_account_reviewer", ["reviewer"])
