"""The register of organisations, kinds of membership, organisations as members, their seats.

Memberships that are there become core memberships, and their rights hold for 28 days more, as the
setting was that this replaces.
"""

import secrets
from datetime import timedelta

import sqlalchemy as sa
from alembic import op

revision = "202611211500"
down_revision = "202611211445"
branch_labels = None
depends_on = None

LIVE_SEATS = sa.text("ended_at IS NULL")
LIVE_AFFILIATIONS = sa.text("ends_on IS NULL")
LEGAL_FORMS = (
    *("charity", "cio", "cic", "company", "local-authority", "school-or-trust", "partnership"),
    *("unincorporated", "sole-trader", "other"),
)


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def upgrade() -> None:
    _make_organisations()
    _make_kinds()
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("key", sa.String(length=32)))
        table.add_column(sa.Column("kind_id", sa.Integer()))
        table.add_column(sa.Column("organisation_id", sa.Integer()))
        table.add_column(sa.Column("rights_until", sa.Date()))
        table.add_column(sa.Column("seats", sa.Integer()))
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
    _fill_memberships()
    with op.batch_alter_table("memberships") as table:
        table.alter_column("key", existing_type=sa.String(length=32), nullable=False)
        table.alter_column("kind_id", existing_type=sa.Integer(), nullable=False)
        table.create_unique_constraint(op.f("uq_memberships_key"), ["key"])
        table.create_foreign_key(
            op.f("fk_memberships_kind_id"), "membership_kinds", ["kind_id"], ["id"]
        )
        table.create_foreign_key(
            op.f("fk_memberships_organisation_id"), "organisations", ["organisation_id"], ["id"]
        )
        table.create_index(op.f("ix_memberships_organisation_id"), ["organisation_id"])
        table.create_check_constraint(
            op.f("ck_memberships_one_holder"), "(person_id IS NULL) <> (organisation_id IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_memberships_rights_end_too"), "(ends_on IS NULL) = (rights_until IS NULL)"
        )
        table.create_check_constraint(
            op.f("ck_memberships_rights_hold_as_long"), "ends_on <= rights_until"
        )
    op.create_table(
        "membership_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_membership_seats_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_membership_seats_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["people.id"], name=op.f("fk_membership_seats_given_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_membership_seats_ended_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_seats")),
        sa.UniqueConstraint("key", name=op.f("uq_membership_seats_key")),
    )
    op.create_index(op.f("ix_membership_seats_person_id"), "membership_seats", ["person_id"])
    op.create_index(
        "ix_membership_seats_live",
        "membership_seats",
        ["organisation_id", "person_id"],
        unique=True,
        sqlite_where=LIVE_SEATS,
        postgresql_where=LIVE_SEATS,
    )


def _make_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("type_id", sa.Integer(), nullable=True),
        sa.Column("legal_form", one_of("legalform", *LEGAL_FORMS), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("office_area_id", sa.Integer(), nullable=True),
        sa.Column("is_listed", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["type_id"], ["terms.id"], name=op.f("fk_organisations_type_id")),
        sa.ForeignKeyConstraint(
            ["office_area_id"], ["terms.id"], name=op.f("fk_organisations_office_area_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["people.id"], name=op.f("fk_organisations_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["organisations.id"], name=op.f("fk_organisations_merged_into_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("key", name=op.f("uq_organisations_key")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisations_slug")),
    )
    op.create_index("ix_organisations_name_id", "organisations", ["name", "id"])
    op.create_table(
        "organisation_areas",
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_areas_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["term_id"], ["terms.id"], name=op.f("fk_organisation_areas_term_id")
        ),
        sa.PrimaryKeyConstraint("organisation_id", "term_id", name=op.f("pk_organisation_areas")),
    )
    op.create_index(op.f("ix_organisation_areas_term_id"), "organisation_areas", ["term_id"])
    op.create_table(
        "organisation_names",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", one_of("namekind", "alias", "former", "abbreviation"), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_organisation_names_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_names")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_names_slug")),
        sa.UniqueConstraint(
            "organisation_id", "name", name=op.f("uq_organisation_names_organisation_id_name")
        ),
    )
    op.create_table(
        "affiliations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("is_contact", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on",
            name=op.f("ck_affiliations_days"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_affiliations_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_affiliations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_affiliations")),
        sa.UniqueConstraint("key", name=op.f("uq_affiliations_key")),
    )
    op.create_index(op.f("ix_affiliations_organisation_id"), "affiliations", ["organisation_id"])
    op.create_index(
        "ix_affiliations_live",
        "affiliations",
        ["person_id", "organisation_id"],
        unique=True,
        sqlite_where=LIVE_AFFILIATIONS,
        postgresql_where=LIVE_AFFILIATIONS,
    )


def _make_kinds() -> None:
    op.create_table(
        "membership_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("holder", one_of("holder", "person", "organisation"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_young", sa.Boolean(), nullable=False),
        sa.Column("approval", one_of("approval", "at-once", "coordinator"), nullable=False),
        sa.Column("needs_referee", sa.Boolean(), nullable=False),
        sa.Column("term", one_of("termrule", "rolling", "yearly", "endless"), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("year_month", sa.Integer(), nullable=False),
        sa.Column("year_day", sa.Integer(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("fee_pence", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("books_as_member", sa.Boolean(), nullable=False),
        sa.Column("sees_directory", sa.Boolean(), nullable=False),
        sa.Column("joins_groups", sa.Boolean(), nullable=False),
        sa.Column("votes", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 60", name=op.f("ck_membership_kinds_months")),
        sa.CheckConstraint("grace_days BETWEEN 0 AND 366", name=op.f("ck_membership_kinds_grace")),
        sa.CheckConstraint("fee_pence >= 0", name=op.f("ck_membership_kinds_fee")),
        sa.CheckConstraint(
            "(holder = 'organisation') = (seats IS NOT NULL)",
            name=op.f("ck_membership_kinds_seats"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_kinds")),
        sa.UniqueConstraint("slug", name=op.f("uq_membership_kinds_slug")),
    )


def _fill_memberships() -> None:
    """The other kinds are added when the starting data is loaded; this one cannot wait."""
    connection = op.get_bind()
    held = sa.table(
        "memberships",
        *(sa.column(name) for name in ("id", "key", "kind_id", "ended_early")),
        sa.column("ends_on", sa.Date()),
        sa.column("rights_until", sa.Date()),
    )
    rows = connection.execute(sa.select(held.c.id, held.c.ends_on, held.c.ended_early)).all()
    if not rows:
        return
    names = (
        *("slug", "name", "summary", "description", "holder", "position", "is_open", "is_young"),
        *("approval", "needs_referee", "term", "months", "year_month", "year_day", "grace_days"),
        *("fee_pence", "books_as_member", "sees_directory", "joins_groups", "votes", "version"),
    )
    kinds = sa.table("membership_kinds", sa.column("id"), *(sa.column(name) for name in names))
    values = (
        *("core-member", "Core member"),
        "You work with young people who face barriers to music, and shape the network.",
        *("", "person", 1, True, False, "coordinator", True, "yearly", 12, 9, 1, 28, 0),
        *(True, True, True, True, 1),
    )
    connection.execute(sa.insert(kinds).values(dict(zip(names, values, strict=True))))
    kind = connection.scalar(sa.select(kinds.c.id))
    for row in rows:
        grace = timedelta(days=0 if row.ended_early else 28)
        connection.execute(
            sa.update(held)
            .where(held.c.id == row.id)
            .values(
                key=secrets.token_hex(8),
                kind_id=kind,
                rights_until=row.ends_on and row.ends_on + grace,
            )
        )


def downgrade() -> None:
    op.drop_table("membership_seats")
    op.execute("DELETE FROM memberships WHERE person_id IS NULL")
    with op.batch_alter_table("memberships") as table:
        for name in ("one_holder", "rights_end_too", "rights_hold_as_long"):
            table.drop_constraint(op.f(f"ck_memberships_{name}"), type_="check")
        table.drop_constraint(op.f("fk_memberships_kind_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_memberships_organisation_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_memberships_key"), type_="unique")
        table.drop_index(op.f("ix_memberships_organisation_id"))
        for name in ("key", "kind_id", "organisation_id", "rights_until", "seats"):
            table.drop_column(name)
        table.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
    for name in (
        *("membership_kinds", "affiliations", "organisation_names", "organisation_areas"),
        "organisations",
    ):
        op.drop_table(name)
