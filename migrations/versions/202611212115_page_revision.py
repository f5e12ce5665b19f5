"""What an event's page says beside its places has a counter of its own."""

import sqlalchemy as sa
from alembic import op

revision = "202611212115"
down_revision = "202611211910"
branch_labels = None
depends_on = None


def upgrade() -> None:
    counter = sa.Column("page_revision", sa.Integer(), nullable=False, server_default="1")
    op.add_column("events", counter)


def downgrade() -> None:
    op.drop_column("events", "page_revision")
