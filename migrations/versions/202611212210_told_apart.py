"""People who look like one and are two, as a coordinator said."""

import sqlalchemy as sa
from alembic import op

revision = "202611212210"
down_revision = "202611212150"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_told_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["people.id"], name=op.f("fk_people_told_apart_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["first_id"],
            ["people.id"],
            name=op.f("fk_people_told_apart_first_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["second_id"],
            ["people.id"],
            name=op.f("fk_people_told_apart_second_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_told_apart")),
        sa.UniqueConstraint(
            "first_id", "second_id", name=op.f("uq_people_told_apart_first_id_second_id")
        ),
    )
    op.create_index(op.f("ix_people_told_apart_second_id"), "people_told_apart", ["second_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_people_told_apart_second_id"), "people_told_apart")
    op.drop_table("people_told_apart")
