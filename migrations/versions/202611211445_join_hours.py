"""From how many hours before its start the link to join a date is shown."""

import sqlalchemy as sa
from alembic import op

revision = "202611211445"
down_revision = "202611211430"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "events", sa.Column("join_hours", sa.Integer(), nullable=False, server_default="48")
    )


def downgrade() -> None:
    op.drop_column("events", "join_hours")
