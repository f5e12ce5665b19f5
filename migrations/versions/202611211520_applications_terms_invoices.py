"""What each kind of membership asks and when it reminds; applications, referees, invoices."""

import sqlalchemy as sa
from alembic import op

revision = "202611211520"
down_revision = "202611211500"
branch_labels = None
depends_on = None

FIELDS = ("organisation", "role", "area", "age-band", "reason")
BANDS = ("16-17", "18-20", "21-25")
STATES = ("waiting", "asked", "approved", "declined", "withdrawn")
STEPS = (
    *("sent", "note", "asked", "answered", "referee-asked", "referee-replied"),
    *("approved", "declined", "withdrawn"),
)
ASKS = {
    "core-member": (("organisation", False), ("role", True), ("area", False)),
    "associate": (("organisation", False), ("role", True), ("area", False)),
    "young-member": (("age-band", True),),
    "organisation": (("organisation", True), ("role", False), ("area", False)),
}
REMIND = (-60, -14, 0, 14)
OPEN = sa.text("state IN ('waiting', 'asked')")
UNSENT = sa.text("sent_at IS NULL")


def one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def key_to(table: str, column: str, other: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def upgrade() -> None:
    with op.batch_alter_table("membership_kinds") as table:
        table.add_column(sa.Column("welcome_words", sa.Text()))
        table.add_column(sa.Column("decline_words", sa.Text()))
    op.execute("UPDATE membership_kinds SET welcome_words = '', decline_words = ''")
    with op.batch_alter_table("membership_kinds") as table:
        table.alter_column("welcome_words", existing_type=sa.Text(), nullable=False)
        table.alter_column("decline_words", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("memberships") as table:
        table.add_column(sa.Column("age_band", one_of("ageband", *BANDS)))
    _make_parts_of_kinds()
    _make_applications()
    _make_notices()
    _make_invoices()


def _make_parts_of_kinds() -> None:
    op.create_table(
        "membership_kind_fields",
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("field", one_of("askedfield", *FIELDS), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        key_to("membership_kind_fields", "kind_id", "membership_kinds"),
        sa.PrimaryKeyConstraint("kind_id", "field", name=op.f("pk_membership_kind_fields")),
    )
    op.create_table(
        "membership_kind_reminders",
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "days BETWEEN -366 AND 366", name=op.f("ck_membership_kind_reminders_days")
        ),
        key_to("membership_kind_reminders", "kind_id", "membership_kinds"),
        sa.PrimaryKeyConstraint("kind_id", "days", name=op.f("pk_membership_kind_reminders")),
    )
    connection = op.get_bind()
    kinds = sa.table("membership_kinds", *(sa.column(name) for name in ("id", "slug", "term")))
    fields = sa.table(
        "membership_kind_fields",
        *(sa.column(name) for name in ("kind_id", "field")),
        sa.column("is_required", sa.Boolean()),
    )
    reminders = sa.table("membership_kind_reminders", sa.column("kind_id"), sa.column("days"))
    for kind in connection.execute(sa.select(kinds)).all():
        for field, required in ASKS.get(kind.slug, ()):
            values = {"kind_id": kind.id, "field": field, "is_required": required}
            connection.execute(sa.insert(fields).values(values))
        for days in REMIND if kind.term != "endless" else ():
            connection.execute(sa.insert(reminders).values(kind_id=kind.id, days=days))


def _make_applications() -> None:
    op.create_table(
        "membership_applications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("organisation_name", sa.String(length=160), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=False),
        sa.Column("age_band", one_of("ageband", *BANDS), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("state", one_of("applicationstate", *STATES), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        key_to("membership_applications", "kind_id", "membership_kinds"),
        key_to("membership_applications", "person_id", "people"),
        key_to("membership_applications", "organisation_id", "organisations"),
        key_to("membership_applications", "decided_by_id", "people"),
        key_to("membership_applications", "membership_id", "memberships", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_applications")),
        sa.UniqueConstraint("key", name=op.f("uq_membership_applications_key")),
    )
    op.create_index(
        "uq_membership_applications_open",
        "membership_applications",
        ["person_id", "kind_id", "organisation_name"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index(
        "ix_membership_applications_state", "membership_applications", ["state", "sent_at"]
    )
    op.create_table(
        "membership_application_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kind", one_of("stepkind", *STEPS), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        key_to("membership_application_steps", "application_id", "membership_applications"),
        key_to("membership_application_steps", "actor_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_application_steps")),
    )
    op.create_index(
        op.f("ix_membership_application_steps_application_id"),
        "membership_application_steps",
        ["application_id"],
    )
    op.create_table(
        "membership_referees",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("replied_at", sa.DateTime(), nullable=True),
        sa.Column("view", one_of("refereeview", "yes", "unsure", "no"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        key_to("membership_referees", "application_id", "membership_applications"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_referees")),
        sa.UniqueConstraint("key", name=op.f("uq_membership_referees_key")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_membership_referees_token_hash")),
    )
    op.create_index(
        op.f("ix_membership_referees_application_id"), "membership_referees", ["application_id"]
    )


def _make_notices() -> None:
    op.create_table(
        "membership_notices",
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("notice", sa.String(length=10), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        key_to("membership_notices", "membership_id", "memberships", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("membership_id", "notice", name=op.f("pk_membership_notices")),
    )
    op.create_table(
        "membership_still_true",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        key_to("membership_still_true", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_membership_still_true")),
    )
    op.create_index(
        op.f("ix_membership_still_true_asked_at"), "membership_still_true", ["asked_at"]
    )


def _make_invoices() -> None:
    op.create_table(
        "invoice_years",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_invoice_years")),
    )
    op.create_table(
        "invoice_details",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("due_days", sa.Integer(), nullable=False),
        sa.Column("remind_days", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_invoice_details_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_details")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", one_of("invoicekind", "invoice", "credit-note"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=True),
        sa.Column("credits_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("pence", sa.Integer(), nullable=False),
        sa.Column("order_number", sa.String(length=60), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("payment", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", one_of("invoicestate", "open", "paid", "cancelled"), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("pence > 0", name=op.f("ck_invoices_pence")),
        sa.CheckConstraint(
            "(kind = 'credit-note') = (credits_id IS NOT NULL)", name=op.f("ck_invoices_credits")
        ),
        sa.CheckConstraint(
            "(state = 'paid') = (paid_on IS NOT NULL)", name=op.f("ck_invoices_paid")
        ),
        key_to("invoices", "membership_id", "memberships", ondelete="SET NULL"),
        key_to("invoices", "credits_id", "invoices"),
        key_to("invoices", "person_id", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("key", name=op.f("uq_invoices_key")),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_invoices_year_sequence")),
    )
    op.create_index("uq_invoices_credits_id", "invoices", ["credits_id"], unique=True)
    op.create_index(op.f("ix_invoices_membership_id"), "invoices", ["membership_id"])
    op.create_index(op.f("ix_invoices_person_id"), "invoices", ["person_id"])
    op.create_index("ix_invoices_state_due_on", "invoices", ["state", "due_on"])
    op.create_index(
        "ix_invoices_unsent", "invoices", ["id"], sqlite_where=UNSENT, postgresql_where=UNSENT
    )


def downgrade() -> None:
    for name in (
        *("invoices", "invoice_details", "invoice_years"),
        *("membership_still_true", "membership_notices"),
        *("membership_referees", "membership_application_steps", "membership_applications"),
        *("membership_kind_reminders", "membership_kind_fields"),
    ):
        op.drop_table(name)
    with op.batch_alter_table("memberships") as table:
        table.drop_column("age_band")
    with op.batch_alter_table("membership_kinds") as table:
        table.drop_column("welcome_words")
        table.drop_column("decline_words")
