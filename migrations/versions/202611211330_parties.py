"""Parties: bookings of several places, whose people are named later."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "202611211330"
down_revision = "202611211210"
branch_labels = None
depends_on = None

KEY_LETTERS = "23456789bcdfghjkmnpqrstvwxz"


def upgrade() -> None:
    for column in (
        sa.Column("name", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("is_party", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("organisation", sa.String(length=160), nullable=False, server_default=""),
        sa.Column("order_number", sa.String(length=60), nullable=False, server_default=""),
        sa.Column("names_asked_at", sa.DateTime(), nullable=True),
    ):
        op.add_column("bookings", column)
    op.add_column(
        "attendees", sa.Column("key", sa.String(length=32), nullable=False, server_default="")
    )
    op.add_column("places", sa.Column("passed", sa.Integer(), nullable=False, server_default="0"))
    for name, default in (("party_most", "10"), ("name_until_days", "3"), ("pass_limit", "3")):
        op.add_column(
            "events", sa.Column(name, sa.Integer(), nullable=False, server_default=default)
        )
    _name_bookings_and_attendees()
    op.create_index("uq_attendees_key", "attendees", ["key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_attendees_key", table_name="attendees")
    for name in ("pass_limit", "name_until_days", "party_most"):
        op.drop_column("events", name)
    op.drop_column("places", "passed")
    op.drop_column("attendees", "key")
    for name in ("names_asked_at", "order_number", "organisation", "is_party", "name"):
        op.drop_column("bookings", name)


def _name_bookings_and_attendees() -> None:
    """Until now each booking had one attendee: the booker."""
    op.execute(
        "UPDATE bookings SET name = COALESCE("
        "(SELECT MIN(attendees.name) FROM attendees WHERE attendees.booking_id = bookings.id), '')"
    )
    connection = op.get_bind()
    attendees = sa.table("attendees", sa.column("id"), sa.column("key"))
    keys = [
        {"of": row.id, "new": "".join(secrets.choice(KEY_LETTERS) for _ in range(12))}
        for row in connection.execute(sa.select(attendees.c.id))
    ]
    if keys:
        connection.execute(
            sa.update(attendees)
            .where(attendees.c.id == sa.bindparam("of"))
            .values(key=sa.bindparam("new")),
            keys,
        )
