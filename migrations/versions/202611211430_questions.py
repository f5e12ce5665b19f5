"""Questions: a library, what events ask of it, answers."""

import sqlalchemy as sa
from alembic import op

revision = "202611211430"
down_revision = "202611211415"
branch_labels = None
depends_on = None

KINDS = ("text", "long_text", "number", "choice", "several", "yes_no", "date", "consent")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="questionkind", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("retired_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_questions_key")),
    )
    op.create_table(
        "question_wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("hint", sa.String(length=500), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_question_wordings_question_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_wordings")),
        sa.UniqueConstraint(
            "question_id", "number", name=op.f("uq_question_wordings_question_id_number")
        ),
    )
    op.create_table(
        "event_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("ask_from_days", sa.Integer(), nullable=True),
        sa.Column("needed_by_days", sa.Integer(), nullable=False),
        sa.Column("only_if_id", sa.Integer(), nullable=True),
        sa.Column("only_if_value", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(only_if_id IS NULL) = (only_if_value = '')",
            name=op.f("ck_event_questions_value_of_conditions"),
        ),
        sa.CheckConstraint("needed_by_days >= 0", name=op.f("ck_event_questions_needed_before")),
        sa.CheckConstraint(
            "ask_from_days IS NULL OR ask_from_days >= needed_by_days",
            name=op.f("ck_event_questions_asked_before_needed"),
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["events.id"], name=op.f("fk_event_questions_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"], ["questions.id"], name=op.f("fk_event_questions_question_id")
        ),
        sa.ForeignKeyConstraint(
            ["only_if_id"], ["event_questions.id"], name=op.f("fk_event_questions_only_if_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_event_questions_key")),
        sa.UniqueConstraint(
            "event_id", "question_id", name=op.f("uq_event_questions_event_id_question_id")
        ),
    )
    for column in ("question_id", "only_if_id"):
        op.create_index(op.f(f"ix_event_questions_{column}"), "event_questions", [column])
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_question_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["event_question_id"],
            ["event_questions.id"],
            name=op.f("fk_answers_event_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_answers_attendee_id")
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["question_wordings.id"], name=op.f("fk_answers_wording_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_answers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint(
            "event_question_id",
            "attendee_id",
            name=op.f("uq_answers_event_question_id_attendee_id"),
        ),
    )
    for column in ("attendee_id", "wording_id", "person_id"):
        op.create_index(op.f(f"ix_answers_{column}"), "answers", [column])
    op.create_table(
        "questions_asked",
        sa.Column("event_question_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_question_id"],
            ["event_questions.id"],
            name=op.f("fk_questions_asked_event_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["attendee_id"], ["attendees.id"], name=op.f("fk_questions_asked_attendee_id")
        ),
        sa.PrimaryKeyConstraint(
            "event_question_id", "attendee_id", name=op.f("pk_questions_asked")
        ),
    )
    op.create_index(op.f("ix_questions_asked_attendee_id"), "questions_asked", ["attendee_id"])


def downgrade() -> None:
    for table in (
        "questions_asked",
        "answers",
        "event_questions",
        "question_wordings",
        "questions",
    ):
        op.drop_table(table)
