"""Complaints leave the working register for the archive, may be held, and lose what tells who they were of."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
_STANDING = sa.text("inactive_since IS NULL")
_JOINED = sa.text("inactive_since IS NULL AND merged_into > ''")


def upgrade() -> None:
    """Every complaint there is stands in the working register until the worker moves it."""
    for name in ("inactive_since", "held_since", "erased_at"):
        op.add_column("complaints", sa.Column(name, sa.String(27)))
    op.create_index(
        "ix_complaints_active", "complaints", ["ticket"], sqlite_where=_STANDING, postgresql_where=_STANDING
    )
    op.create_index(
        "ix_complaints_joined_active", "complaints", ["merged_into"], sqlite_where=_JOINED, postgresql_where=_JOINED
    )
    op.create_index(
        "ix_complaints_status_updated_at",
        "complaints",
        ["status", "updated_at"],
        sqlite_where=_STANDING,
        postgresql_where=_STANDING,
    )
    op.create_table(
        "archive_tasks",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("task", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.String(27), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_archive_tasks_ticket"),
        sa.PrimaryKeyConstraint("ticket", "task", name="pk_archive_tasks"),
        comment="What is still to be done in spreadsheets for what the store says of the archive; done ones are "
        "removed.",
    )
