"""Links by which people take the seats of their organisation, and how those who get one by their
address were named."""

import sqlalchemy as sa
from alembic import op

revision = "202611211611"
down_revision = "202611211610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seat_links",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_seat_links_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_seat_links_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_seat_links")),
    )
    with op.batch_alter_table("membership_seats") as table:
        table.add_column(
            sa.Column("called", sa.String(length=120), nullable=False, server_default="")
        )
    with op.batch_alter_table("membership_seats") as table:
        table.alter_column("called", existing_type=sa.String(length=120), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("membership_seats") as table:
        table.drop_column("called")
    op.drop_table("seat_links")
