"""Files of people: their rows, what was done, what their columns were."""

import sqlalchemy as sa
from alembic import op

revision = "202611211830"
down_revision = "202611211820"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_columns",
        sa.Column("headings", sa.String(length=64), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("headings", name=op.f("pk_import_columns")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "columns",
                "reading",
                "preview",
                "started",
                "done",
                "undoing",
                "undone",
                name="importstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "step",
            sa.Enum("values", "plans", "write", name="step", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "keep",
            sa.Enum("ours", "file", name="keep", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("takes_leavers", sa.Boolean(), nullable=False),
        sa.Column("invites", sa.Boolean(), nullable=False),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(), nullable=False),
        sa.Column("loaded_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loaded_by_id"], ["people.id"], name=op.f("fk_imports_loaded_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"], ["people.id"], name=op.f("fk_imports_started_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["people.id"], name=op.f("fk_imports_undone_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
        sa.UniqueConstraint("key", name=op.f("uq_imports_key")),
    )
    op.create_index(op.f("ix_imports_done_at"), "imports", ["done_at"])
    op.create_table(
        "import_organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "place",
            sa.Enum("words", "add", "known", name="placeof", native_enum=False, length=32),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_organisations_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_import_organisations_organisation_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_organisations")),
        sa.UniqueConstraint(
            "import_id", "name_key", name=op.f("uq_import_organisations_import_id_name_key")
        ),
    )
    op.create_table(
        "import_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("organisation_key", sa.String(length=200), nullable=False),
        sa.Column("says", sa.JSON(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "unread",
                "read",
                "fault",
                "ask",
                "new",
                "change",
                "same",
                "left-out",
                name="rowstate",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.String(length=30), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.Column(
            "choice",
            sa.Enum("ours", "file", "apart", "leave", name="choice", native_enum=False, length=32),
            nullable=True,
        ),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("to_invite", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_import_rows_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_rows")),
        sa.UniqueConstraint("import_id", "number", name=op.f("uq_import_rows_import_id_number")),
    )
    op.create_index("ix_import_rows_import_id_email", "import_rows", ["import_id", "email"])
    op.create_index("ix_import_rows_import_id_name_key", "import_rows", ["import_id", "name_key"])
    op.create_index("ix_import_rows_import_id_state", "import_rows", ["import_id", "state"])
    op.create_index(op.f("ix_import_rows_person_id"), "import_rows", ["person_id"])
    op.create_table(
        "import_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            sa.Enum(
                "seat",
                "group",
                "affiliation",
                "role",
                "membership",
                "term",
                "details",
                "person",
                "organisation",
                name="what",
                native_enum=False,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("kept", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_acts_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_import_acts_person_id")
        ),
        sa.ForeignKeyConstraint(["row_id"], ["import_rows.id"], name=op.f("fk_import_acts_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_acts")),
    )
    op.create_index("ix_import_acts_import_id_what", "import_acts", ["import_id", "what"])
    op.create_index(op.f("ix_import_acts_person_id"), "import_acts", ["person_id"])
    op.create_index(op.f("ix_import_acts_row_id"), "import_acts", ["row_id"])


def downgrade() -> None:
    for name in (
        "import_acts",
        "import_rows",
        "import_organisations",
        "imports",
        "import_columns",
    ):
        op.drop_table(name)
