"""Somebody with a place can wait for one in the other way to take part, beside it."""

import sqlalchemy as sa
from alembic import op

revision = "202611211810"
down_revision = "202611211640"
branch_labels = None
depends_on = None

LIVE = sa.text("state IN ('waiting', 'offered', 'confirmed')")
UNIQUE = {"uq_places_live": "attendee_id", "uq_places_live_person": "person_id"}


def upgrade() -> None:
    op.add_column(
        "places", sa.Column("for_swap", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    _index("session_id", "for_swap")


def downgrade() -> None:
    op.execute("DELETE FROM places WHERE for_swap")
    _index("session_id")
    op.drop_column("places", "for_swap")


def _index(*first: str) -> None:
    for name, whose in UNIQUE.items():
        op.drop_index(name, table_name="places")
        op.create_index(
            name,
            "places",
            [first[0], whose, *first[1:]],
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        )
