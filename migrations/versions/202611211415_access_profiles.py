"""What helps people and what they eat, kept once by them; requests for interpreters and captions."""

import sqlalchemy as sa
from alembic import op

revision = "202611211415"
down_revision = "202611211400"
branch_labels = None
depends_on = None

OLD_UNIQUE = "uq_access_needs_booking_id"
NEW_UNIQUE = "uq_access_needs_booking_id_person_id_kind"


def _kind() -> sa.Enum:
    return sa.Enum("access", "food", name="profilekind", native_enum=False, length=32)


def upgrade() -> None:
    op.create_table(
        "access_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", _kind(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("consented_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_profiles_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_profiles")),
        sa.UniqueConstraint("key", name=op.f("uq_access_profiles_key")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_access_profiles_person_id_kind")),
    )
    op.create_table(
        "access_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("consent_version", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Enum("new", "booked", "not_possible", name="requeststate", native_enum=False, length=32), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_access_requests_answered_by_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_access_requests_booking_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_access_requests_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_requests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_requests")),
        sa.UniqueConstraint("booking_id", "mark", name=op.f("uq_access_requests_booking_id_mark")),
        sa.UniqueConstraint("key", name=op.f("uq_access_requests_key")),
    )
    with op.batch_alter_table("access_requests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_requests_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_access_requests_person_id"), ["person_id"], unique=False)
    op.add_column("events", sa.Column("ask_days", sa.Integer(), nullable=False, server_default="21"))
    with op.batch_alter_table("access_needs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", _kind(), nullable=False, server_default="access"))
        batch_op.add_column(sa.Column("shared_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_constraint(OLD_UNIQUE, type_="unique")
        batch_op.create_unique_constraint(NEW_UNIQUE, ["booking_id", "person_id", "kind"])


def downgrade() -> None:
    """What the earlier version cannot hold goes: it must not be read by another rule."""
    op.execute("DELETE FROM access_needs WHERE kind != 'access' OR shared_at IS NOT NULL")
    op.execute(
        "DELETE FROM access_needs WHERE id NOT IN "
        "(SELECT first FROM (SELECT MIN(id) AS first FROM access_needs GROUP BY booking_id) AS kept)"
    )
    with op.batch_alter_table("access_needs", schema=None) as batch_op:
        batch_op.drop_constraint(NEW_UNIQUE, type_="unique")
        batch_op.create_unique_constraint(OLD_UNIQUE, ["booking_id"])
        batch_op.drop_column("version")
        batch_op.drop_column("shared_at")
        batch_op.drop_column("kind")
    op.drop_column("events", "ask_days")
    op.drop_table("access_requests")
    op.drop_table("access_profiles")
