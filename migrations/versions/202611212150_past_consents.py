"""Consents that hold no more: to which words, from when to when."""

import sqlalchemy as sa
from alembic import op

revision = "202611212150"
down_revision = "202611212115"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "past_consents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "taken-back",
                "deleted",
                "replaced",
                name="consentend",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_past_consents_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_consents")),
    )
    op.create_index(op.f("ix_past_consents_person_id"), "past_consents", ["person_id"])
    op.create_index(op.f("ix_past_consents_ended_at"), "past_consents", ["ended_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_past_consents_ended_at"), "past_consents")
    op.drop_index(op.f("ix_past_consents_person_id"), "past_consents")
    op.drop_table("past_consents")
