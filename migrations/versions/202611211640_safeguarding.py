"""Safeguarding contacts, checks that were seen."""

import sqlalchemy as sa
from alembic import op

revision = "202611211640"
down_revision = "202611211630"
branch_labels = None
depends_on = None

LIVE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "safeguarding_contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=30), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_safeguarding_contacts_event_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_contacts")),
        sa.UniqueConstraint("scope", name=op.f("uq_safeguarding_contacts_scope")),
        sa.UniqueConstraint("event_id", name=op.f("uq_safeguarding_contacts_event_id")),
    )
    op.create_table(
        "check_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hint", sa.String(length=300), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 120", name=op.f("ck_check_kinds_months")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_kinds")),
        sa.UniqueConstraint("slug", name=op.f("uq_check_kinds_slug")),
    )
    op.create_table(
        "checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("seen_by", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("noted_by_id", sa.Integer(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["kind_id"], ["check_kinds.id"], name=op.f("fk_checks_kind_id")),
        sa.ForeignKeyConstraint(["noted_by_id"], ["people.id"], name=op.f("fk_checks_noted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_checks_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checks")),
        sa.UniqueConstraint("key", name=op.f("uq_checks_key")),
    )
    op.create_index(op.f("ix_checks_due_on"), "checks", ["due_on"])
    op.create_index(
        "ix_checks_live",
        "checks",
        ["person_id", "kind_id"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )


def downgrade() -> None:
    for name in ("checks", "check_kinds", "safeguarding_contacts"):
        op.drop_table(name)
