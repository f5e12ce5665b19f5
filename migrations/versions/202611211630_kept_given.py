"""How many of the places kept back were given, so that a copy keeps as many back again."""

import sqlalchemy as sa
from alembic import op

revision = "202611211630"
down_revision = "202611211611"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "pools", sa.Column("kept_given", sa.Integer(), nullable=False, server_default="0")
    )


def downgrade() -> None:
    op.drop_column("pools", "kept_given")
