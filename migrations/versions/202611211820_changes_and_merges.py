"""Changes that can be undone, people who turn out to be one, two group calendars of one person."""

import sqlalchemy as sa
from alembic import op

revision = "202611211820"
down_revision = "202611211810"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("other", sa.String(length=80), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by_name", sa.String(length=120), nullable=False),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
        sa.UniqueConstraint("key", name=op.f("uq_changes_key")),
    )
    for column in ("subject", "other", "at"):
        op.create_index(f"ix_changes_{column}", "changes", [column])
    op.create_table(
        "change_moves",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("row", sa.JSON(), nullable=False),
        sa.Column("old", sa.JSON(), nullable=False),
        sa.Column("new", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["changes.id"], name=op.f("fk_change_moves_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_moves")),
    )
    op.create_index(op.f("ix_change_moves_change_id"), "change_moves", ["change_id"])
    with op.batch_alter_table("people") as people:
        people.add_column(sa.Column("merged_into_id", sa.Integer(), nullable=True))
        people.create_foreign_key(
            op.f("fk_people_merged_into_id"), "people", ["merged_into_id"], ["id"]
        )
        people.create_index(op.f("ix_people_merged_into_id"), ["merged_into_id"])
    with op.batch_alter_table("group_feed_tokens") as tokens:
        tokens.drop_constraint(op.f("uq_group_feed_tokens_member_id"), type_="unique")
        tokens.create_index(op.f("ix_group_feed_tokens_member_id"), ["member_id"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM group_feed_tokens WHERE id NOT IN"
        " (SELECT max(id) FROM group_feed_tokens GROUP BY member_id)"
    )
    with op.batch_alter_table("group_feed_tokens") as tokens:
        tokens.drop_index(op.f("ix_group_feed_tokens_member_id"))
        tokens.create_unique_constraint(op.f("uq_group_feed_tokens_member_id"), ["member_id"])
    with op.batch_alter_table("people") as people:
        people.drop_index(op.f("ix_people_merged_into_id"))
        people.drop_constraint(op.f("fk_people_merged_into_id"), type_="foreignkey")
        people.drop_column("merged_into_id")
    op.drop_table("change_moves")
    op.drop_table("changes")
