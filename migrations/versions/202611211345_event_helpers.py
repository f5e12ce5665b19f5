"""Who helps with one event, without being a coordinator."""

import sqlalchemy as sa
from alembic import op

revision = "202611211345"
down_revision = "202611211330"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_helpers",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Enum("events_helper", "door", name="helperrole", native_enum=False, length=32), nullable=False),
        sa.Column("reads_needs", sa.Boolean(), nullable=False),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("granted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_helpers_event_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["people.id"], name=op.f("fk_event_helpers_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_event_helpers_person_id")),
        sa.PrimaryKeyConstraint("event_id", "person_id", name=op.f("pk_event_helpers")),
    )
    with op.batch_alter_table("event_helpers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_helpers_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("event_helpers")
