"""Ideas, interest in events and ideas, minimum numbers of events."""

import sqlalchemy as sa
from alembic import op

revision = "202611211210"
down_revision = "202611211145"
branch_labels = None
depends_on = None

UNTOLD = sa.text("told_at IS NULL AND booked_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "ideas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum("open", "closed", "event", name="ideastate", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'event') = (event_id IS NOT NULL)", name=op.f("ck_ideas_event_of_made_ones")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_ideas_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ideas")),
        sa.UniqueConstraint("event_id", name=op.f("uq_ideas_event_id")),
        sa.UniqueConstraint("key", name=op.f("uq_ideas_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_ideas_slug")),
    )
    op.create_table(
        "idea_terms",
        sa.Column("idea_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_idea_terms_idea_id")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_idea_terms_term_id")),
        sa.PrimaryKeyConstraint("idea_id", "term_id", name=op.f("pk_idea_terms")),
    )
    op.create_index(op.f("ix_idea_terms_term_id"), "idea_terms", ["term_id"])
    op.create_table(
        "interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("booked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "event_id IS NOT NULL OR idea_id IS NOT NULL", name=op.f("ck_interests_in_something")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_interests_event_id")),
        sa.ForeignKeyConstraint(["idea_id"], ["ideas.id"], name=op.f("fk_interests_idea_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_interests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
        sa.UniqueConstraint("event_id", "person_id", name=op.f("uq_interests_event_id_person_id")),
        sa.UniqueConstraint("idea_id", "person_id", name=op.f("uq_interests_idea_id_person_id")),
        sa.UniqueConstraint("key", name=op.f("uq_interests_key")),
    )
    op.create_index(op.f("ix_interests_given_at"), "interests", ["given_at"])
    op.create_index(op.f("ix_interests_person_id"), "interests", ["person_id"])
    op.create_index(
        "ix_interests_untold",
        "interests",
        ["event_id"],
        sqlite_where=UNTOLD,
        postgresql_where=UNTOLD,
    )
    op.create_table(
        "interest_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=True),
        sa.Column("idea_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_interest_requests_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["idea_id"], ["ideas.id"], name=op.f("fk_interest_requests_idea_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_requests")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_interest_requests_token_hash")),
    )
    for column in ("email", "ends_at", "event_id", "idea_id"):
        op.create_index(op.f(f"ix_interest_requests_{column}"), "interest_requests", [column])
    op.add_column("events", sa.Column("runs_from", sa.Integer(), nullable=True))
    op.add_column("events", sa.Column("decide_on", sa.Date(), nullable=True))
    op.add_column("events", sa.Column("decision_asked_at", sa.DateTime(), nullable=True))
    op.add_column("events", sa.Column("runs_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    for column in ("runs_at", "decision_asked_at", "decide_on", "runs_from"):
        op.drop_column("events", column)
    op.drop_table("interest_requests")
    op.drop_table("interests")
    op.drop_table("idea_terms")
    op.drop_table("ideas")
