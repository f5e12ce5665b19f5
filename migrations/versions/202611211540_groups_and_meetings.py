"""Groups with their people, roles and organisations; their meetings, decisions and calendars.

An event can belong to a group, and be for the people of that group only.
"""

import sqlalchemy as sa
from alembic import op

revision = "202611211540"
down_revision = "202611211530"
branch_labels = None
depends_on = None

STILL_IN = sa.text("left_at IS NULL")
OPEN = sa.text("state = 'open'")
TABLES = (
    *("group_feed_tokens", "decisions", "meeting_presences", "meeting_agenda_items", "meetings"),
    *("group_standing_items", "group_invitations", "group_requests", "group_sites"),
    *("group_organisations", "group_roles", "group_members", "group_former_slugs", "groups"),
)
"""In the order in which they can be dropped."""


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    _make_groups()
    _make_people()
    _make_ways_in()
    _make_meetings()
    _make_papers()
    with op.batch_alter_table("events") as table:
        table.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_events_group_id"), "groups", ["group_id"], ["id"])
        table.create_index(op.f("ix_events_group_id"), ["group_id"])
        table.create_check_constraint(
            op.f("ck_events_group_audience"), "audience <> 'group' OR group_id IS NOT NULL"
        )


def _make_groups() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("other_names", sa.String(length=300), nullable=False),
        sa.Column(
            "kind",
            one_of(
                "groupkind",
                "working-group",
                "programme",
                "committee",
                "cohort",
                "small-group",
                "pair",
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("joining", one_of("joining", "open", "request", "invitation"), nullable=False),
        sa.Column("size_limit", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("is_hidden", sa.Boolean(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "stage", one_of("programmestatus", "call", "pilot", "roll-out", "closed"), nullable=True
        ),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("length", sa.String(length=80), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_reason", sa.String(length=300), nullable=False),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'programme') = (stage IS NOT NULL)", name=op.f("ck_groups_stage_of_programmes")
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_groups_people_not_negative")),
        sa.CheckConstraint(
            "size_limit IS NULL OR people <= size_limit", name=op.f("ck_groups_never_too_many")
        ),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_groups_days"),
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["groups.id"], name=op.f("fk_groups_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("key", name=op.f("uq_groups_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_groups_slug")),
    )
    op.create_index(op.f("ix_groups_parent_id"), "groups", ["parent_id"])
    op.create_table(
        "group_former_slugs",
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_former_slugs_group_id")
        ),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_group_former_slugs")),
    )
    op.create_index(op.f("ix_group_former_slugs_group_id"), "group_former_slugs", ["group_id"])


def _make_people() -> None:
    op.create_table(
        "group_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("joined_at", sa.DateTime(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("left_by", one_of("endofmembership", "left", "removed", "closed"), nullable=True),
        sa.CheckConstraint(
            "(left_at IS NULL) = (left_by IS NULL)", name=op.f("ck_group_members_left_somehow")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_members_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_members_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_members")),
        sa.UniqueConstraint("key", name=op.f("uq_group_members_key")),
    )
    op.create_index(
        "ix_group_members_live",
        "group_members",
        ["group_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )
    op.create_index(op.f("ix_group_members_person_id"), "group_members", ["person_id"])
    op.create_table(
        "group_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            one_of(
                "rolekind",
                "chair",
                "lead",
                "facilitator",
                "secretary",
                "treasurer",
                "representative",
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_group_roles_days")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["group_members.id"], name=op.f("fk_group_roles_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_roles")),
        sa.UniqueConstraint("key", name=op.f("uq_group_roles_key")),
    )
    op.create_index("ix_group_roles_ends_on", "group_roles", ["ends_on"])
    op.create_index(op.f("ix_group_roles_member_id"), "group_roles", ["member_id"])
    op.create_table(
        "group_organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_organisations_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_group_organisations_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_organisations")),
        sa.UniqueConstraint(
            "group_id",
            "organisation_id",
            name=op.f("uq_group_organisations_group_id_organisation_id"),
        ),
    )
    op.create_index(
        op.f("ix_group_organisations_organisation_id"), "group_organisations", ["organisation_id"]
    )
    op.create_table(
        "group_sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_group_sites_group_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_group_sites_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_sites")),
        sa.UniqueConstraint("key", name=op.f("uq_group_sites_key")),
    )
    op.create_index(op.f("ix_group_sites_group_id"), "group_sites", ["group_id"])


def _make_ways_in() -> None:
    op.create_table(
        "group_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column(
            "state",
            one_of("requeststate", "open", "accepted", "declined", "taken-back"),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_group_requests_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_requests_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_group_requests_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_requests")),
        sa.UniqueConstraint("key", name=op.f("uq_group_requests_key")),
    )
    op.create_index(
        "ix_group_requests_open",
        "group_requests",
        ["group_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_group_requests_person_id"), "group_requests", ["person_id"])
    op.create_table(
        "group_invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_invitations_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["people.id"], name=op.f("fk_group_invitations_invited_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_invitations")),
        sa.UniqueConstraint("key", name=op.f("uq_group_invitations_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_group_invitations_token_hash")),
    )
    op.create_index("ix_group_invitations_ends_at", "group_invitations", ["ends_at"])
    op.create_index(op.f("ix_group_invitations_group_id"), "group_invitations", ["group_id"])


def _make_meetings() -> None:
    op.create_table(
        "group_standing_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.id"], name=op.f("fk_group_standing_items_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_standing_items")),
    )
    op.create_index(op.f("ix_group_standing_items_group_id"), "group_standing_items", ["group_id"])
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("notes_at", sa.DateTime(), nullable=True),
        sa.Column("notes_by_id", sa.Integer(), nullable=True),
        sa.Column("register_at", sa.DateTime(), nullable=True),
        sa.Column("circulated_at", sa.DateTime(), nullable=True),
        sa.Column("circulated_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["circulated_by_id"], ["people.id"], name=op.f("fk_meetings_circulated_by_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_meetings_group_id")),
        sa.ForeignKeyConstraint(
            ["notes_by_id"], ["people.id"], name=op.f("fk_meetings_notes_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["event_sessions.id"], name=op.f("fk_meetings_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("session_id", name=op.f("uq_meetings_session_id")),
    )
    op.create_index(op.f("ix_meetings_group_id"), "meetings", ["group_id"])
    op.create_table(
        "meeting_agenda_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_agenda_items_meeting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_agenda_items")),
    )
    op.create_index(
        op.f("ix_meeting_agenda_items_meeting_id"), "meeting_agenda_items", ["meeting_id"]
    )
    op.create_table(
        "meeting_presences",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("presence", one_of("presence", "present", "apologies", "absent"), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_meeting_presences_meeting_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_meeting_presences_person_id")
        ),
        sa.PrimaryKeyConstraint("meeting_id", "person_id", name=op.f("pk_meeting_presences")),
    )
    op.create_index(op.f("ix_meeting_presences_person_id"), "meeting_presences", ["person_id"])


def _make_papers() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("state", one_of("decisionstate", "open", "done", "changed"), nullable=False),
        sa.Column("outcome", sa.String(length=500), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_decisions_closed_then")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_decisions_group_id")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meetings.id"], name=op.f("fk_decisions_meeting_id")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_decisions_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("key", name=op.f("uq_decisions_key")),
    )
    op.create_index("ix_decisions_group_state", "decisions", ["group_id", "state"])
    op.create_index(op.f("ix_decisions_meeting_id"), "decisions", ["meeting_id"])
    op.create_index(op.f("ix_decisions_owner_id"), "decisions", ["owner_id"])
    op.create_table(
        "group_feed_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("last_fetched_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["member_id"], ["group_members.id"], name=op.f("fk_group_feed_tokens_member_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_feed_tokens")),
        sa.UniqueConstraint("member_id", name=op.f("uq_group_feed_tokens_member_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_group_feed_tokens_token_hash")),
    )


def downgrade() -> None:
    """What was for a group is for nobody then, rather than for everyone."""
    op.execute("UPDATE events SET status = 'draft', published_at = NULL WHERE audience = 'group'")
    op.execute("UPDATE events SET audience = 'members' WHERE audience = 'group'")
    with op.batch_alter_table("events") as table:
        table.drop_constraint(op.f("ck_events_group_audience"), type_="check")
        table.drop_constraint(op.f("fk_events_group_id"), type_="foreignkey")
        table.drop_index(op.f("ix_events_group_id"))
        table.drop_column("group_id")
    for name in TABLES:
        op.drop_table(name)
