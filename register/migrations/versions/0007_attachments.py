"""Reporters' files, and how many a complaint has."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Two tables and a count; no complaint has files yet."""
    op.add_column("complaints", sa.Column("evidence_count", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "attachment_holders",
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("handed_to", sa.String(40)),
        sa.Column("touched_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("holder", name="pk_attachment_holders"),
        comment="Whose attachments they are: a digested draft, with a key of its own, or a ticket, whose key counts.",
    )
    op.create_index("ix_attachment_holders_touched_at", "attachment_holders", ["touched_at"])
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("holder", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("content_digest", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["holder"], ["attachment_holders.holder"], name="fk_attachments_holder"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
        comment="Files of reporters. Their keys and names are sealed with the holder's key; they lie in a folder.",
    )
    op.create_index("ix_attachments_holder", "attachments", ["holder"])
