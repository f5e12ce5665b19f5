"""School holidays, patterns of events, and the dates that patterns made."""

import sqlalchemy as sa
from alembic import op

revision = "202611211400"
down_revision = "202611211345"
branch_labels = None
depends_on = None


def nation() -> sa.Enum:
    return sa.Enum(
        "england_and_wales", "scotland", "northern_ireland",
        name="nation", native_enum=False, length=32,
    )  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "holiday_calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("area", sa.String(length=100), nullable=False),
        sa.Column("nation", nation(), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holiday_calendars")),
        sa.UniqueConstraint("area", name=op.f("uq_holiday_calendars_area")),
        sa.UniqueConstraint("key", name=op.f("uq_holiday_calendars_key")),
    )
    op.create_table(
        "school_holidays",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_school_holidays_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["holiday_calendars.id"], name=op.f("fk_school_holidays_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_holidays")),
        sa.UniqueConstraint(
            "calendar_id", "name", "first_day", name=op.f("uq_school_holidays_calendar_id_name_first_day")
        ),
        sa.UniqueConstraint("key", name=op.f("uq_school_holidays_key")),
    )
    op.create_table(
        "event_patterns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("rhythm", sa.Enum("weekly", "monthly", name="rhythm", native_enum=False, length=32), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("nation", nation(), nullable=True),
        sa.Column("calendar_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=True),
        sa.Column("place", sa.String(length=300), nullable=True),
        sa.Column("join_link", sa.String(length=500), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("online_capacity", sa.Integer(), nullable=True),
        sa.Column("removed_days", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("every BETWEEN 1 AND 26", name=op.f("ck_event_patterns_every")),
        sa.CheckConstraint(
            "(until IS NULL) <> (number IS NULL)", name=op.f("ck_event_patterns_one_end")
        ),
        sa.CheckConstraint(
            "(rhythm = 'monthly') = (nth IS NOT NULL)", name=op.f("ck_event_patterns_nth_of_months")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_event_patterns_event_id")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["holiday_calendars.id"], name=op.f("fk_event_patterns_calendar_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_patterns")),
        sa.UniqueConstraint("key", name=op.f("uq_event_patterns_key")),
    )
    op.create_index(op.f("ix_event_patterns_event_id"), "event_patterns", ["event_id"])
    op.create_table(
        "pattern_dates",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("pattern_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["event_sessions.id"], name=op.f("fk_pattern_dates_session_id")
        ),
        sa.ForeignKeyConstraint(
            ["pattern_id"], ["event_patterns.id"], name=op.f("fk_pattern_dates_pattern_id")
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_pattern_dates")),
    )
    op.create_index(op.f("ix_pattern_dates_pattern_id"), "pattern_dates", ["pattern_id"])


def downgrade() -> None:
    op.drop_table("pattern_dates")
    op.drop_table("event_patterns")
    op.drop_table("school_holidays")
    op.drop_table("holiday_calendars")
