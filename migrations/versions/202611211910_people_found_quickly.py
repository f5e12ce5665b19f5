"""Indexes by which a person's rows are found: people who came with a file can be removed quickly."""

from alembic import op

revision = "202611211910"
down_revision = "202611211830"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_affiliations_person_id"), "affiliations", ["person_id"])
    op.create_index(op.f("ix_memberships_granted_by_id"), "memberships", ["granted_by_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_memberships_granted_by_id"), "memberships")
    op.drop_index(op.f("ix_affiliations_person_id"), "affiliations")
