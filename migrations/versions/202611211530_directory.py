"""Profiles with who sees each part, the locks of coordinators, messages between members."""

import sqlalchemy as sa
from alembic import op

revision = "202611211530"
down_revision = "202611211520"
branch_labels = None
depends_on = None

FIELDS = (
    *("entry", "role", "pronouns", "about", "organisations", "needs", "settings", "genres"),
    *("approaches", "skills", "languages", "areas", "website", "phone"),
)
SEEN_BY = ("nobody", "members", "everyone")
OPEN_REPORT = sa.text("reported_at IS NOT NULL AND handled_at IS NULL")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def key_to(table: str, column: str, other: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def upgrade() -> None:
    _make_profiles()
    _make_locks()
    _make_messages()


def _make_profiles() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=160), nullable=False),
        sa.Column("pronouns", sa.String(length=60), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("takes_messages", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.Column(f"see_{field}", one_of("visibility", *SEEN_BY), nullable=False)
            for field in FIELDS
        ),
        key_to("profiles", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("key", name=op.f("uq_profiles_key")),
        sa.UniqueConstraint("person_id", name=op.f("uq_profiles_person_id")),
    )
    op.create_table(
        "profile_terms",
        sa.Column("profile_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        key_to("profile_terms", "profile_id", "profiles"),
        key_to("profile_terms", "term_id", "terms"),
        sa.PrimaryKeyConstraint("profile_id", "term_id", name=op.f("pk_profile_terms")),
    )
    op.create_index(op.f("ix_profile_terms_term_id"), "profile_terms", ["term_id"])
    op.create_table(
        "directory_sightings",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        key_to("directory_sightings", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_directory_sightings")),
    )
    op.create_index(op.f("ix_directory_sightings_ends_at"), "directory_sightings", ["ends_at"])


def _make_locks() -> None:
    op.create_table(
        "profile_rules",
        sa.Column("field", one_of("profilefield", *FIELDS), nullable=False),
        sa.Column("most", one_of("visibility", *SEEN_BY), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        key_to("profile_rules", "set_by_id", "people"),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_profile_rules")),
    )
    op.create_table(
        "profile_locks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", one_of("profilefield", *FIELDS), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("locked_at", sa.DateTime(), nullable=False),
        sa.Column("locked_by_id", sa.Integer(), nullable=True),
        key_to("profile_locks", "person_id", "people"),
        key_to("profile_locks", "locked_by_id", "people"),
        sa.PrimaryKeyConstraint("person_id", "field", name=op.f("pk_profile_locks")),
    )


def _make_messages() -> None:
    op.create_table(
        "directory_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("answers_id", sa.Integer(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=True),
        sa.Column("report", sa.String(length=500), nullable=False),
        sa.Column("handled_at", sa.DateTime(), nullable=True),
        sa.Column("handled_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=300), nullable=False),
        key_to("directory_messages", "sender_id", "people"),
        key_to("directory_messages", "recipient_id", "people"),
        key_to("directory_messages", "answers_id", "directory_messages", ondelete="SET NULL"),
        key_to("directory_messages", "handled_by_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_messages")),
        sa.UniqueConstraint("key", name=op.f("uq_directory_messages_key")),
    )
    for name, columns in (
        ("ix_directory_messages_answers_id", ["answers_id"]),
        ("ix_directory_messages_recipient_sent", ["recipient_id", "sent_at"]),
        ("ix_directory_messages_sender_sent", ["sender_id", "sent_at"]),
        ("ix_directory_messages_sent_at", ["sent_at"]),
    ):
        op.create_index(name, "directory_messages", columns)
    op.create_index(
        "ix_directory_messages_open_reports",
        "directory_messages",
        ["reported_at"],
        sqlite_where=OPEN_REPORT,
        postgresql_where=OPEN_REPORT,
    )
    op.create_table(
        "directory_blocks",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("blocked_id", sa.Integer(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(), nullable=False),
        key_to("directory_blocks", "person_id", "people"),
        key_to("directory_blocks", "blocked_id", "people"),
        sa.PrimaryKeyConstraint("person_id", "blocked_id", name=op.f("pk_directory_blocks")),
    )
    op.create_index(op.f("ix_directory_blocks_blocked_id"), "directory_blocks", ["blocked_id"])
    op.create_table(
        "directory_stops",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("stopped_at", sa.DateTime(), nullable=False),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        key_to("directory_stops", "person_id", "people"),
        key_to("directory_stops", "stopped_by_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_directory_stops")),
    )


def downgrade() -> None:
    for name in (
        *("directory_stops", "directory_blocks", "directory_messages"),
        *("profile_locks", "profile_rules"),
        *("directory_sightings", "profile_terms", "profiles"),
    ):
        op.drop_table(name)
