"""Closed accounts, what people ask about their data, how long things are kept."""

import sqlalchemy as sa
from alembic import op

revision = "202611211610"
down_revision = "202611211540"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=32), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=False),
        sa.Column("by_coordinator", sa.Boolean(), nullable=False),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_closings")),
        sa.UniqueConstraint("person_key", name=op.f("uq_account_closings_person_key")),
    )
    op.create_table(
        "privacy_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("correct", "object", "other", name="askkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_privacy_asks_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_privacy_asks_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_asks")),
        sa.UniqueConstraint("key", name=op.f("uq_privacy_asks_key")),
    )
    op.create_index(op.f("ix_privacy_asks_answered_at"), "privacy_asks", ["answered_at"])
    op.create_index(op.f("ix_privacy_asks_person_id"), "privacy_asks", ["person_id"])
    op.create_table(
        "retention_rules",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_retention_rules")),
    )


def downgrade() -> None:
    for name in ("retention_rules", "privacy_asks", "account_closings"):
        op.drop_table(name)
