"""Booking windows, where people work, the order of waiting lists, days of grace."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column(
            "who",
            sa.Enum(
                "members", "area", "first_timers", name="windowfor", native_enum=False, length=32
            ),
            nullable=False,
        ),
        sa.Column("area", sa.String(length=80), nullable=True),
        sa.Column("opens_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(who = 'area') = (area IS NOT NULL)",
            name=op.f("ck_booking_windows_area_of_area_windows"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_booking_windows_event_id")
        ),
        sa.ForeignKeyConstraint(["area"], ["terms.slug"], name=op.f("fk_booking_windows_area")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_windows")),
    )
    op.create_index(op.f("ix_booking_windows_event_id"), "booking_windows", ["event_id"])
    op.add_column(
        "people", sa.Column("area", sa.String(length=80), nullable=False, server_default="")
    )
    op.add_column(
        "memberships",
        sa.Column("ended_early", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "places", sa.Column("window_rank", sa.Integer(), nullable=False, server_default="0")
    )
    op.drop_index("ix_places_pool_state", table_name="places")
    op.create_index(
        "ix_places_pool_state",
        "places",
        ["pool_id", "state", "window_rank", "waiting_since", "id"],
    )


def downgrade() -> None:
    op.drop_index("ix_places_pool_state", table_name="places")
    op.create_index("ix_places_pool_state", "places", ["pool_id", "state", "waiting_since", "id"])
    op.drop_column("places", "window_rank")
    op.drop_column("memberships", "ended_early")
    op.drop_column("people", "area")
    op.drop_table("booking_windows")
