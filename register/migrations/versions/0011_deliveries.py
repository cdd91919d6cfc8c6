"""What outside channels deliver is kept raw before it is read."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Deliveries by a digest of what tells one from another."""
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(20), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(60), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("source", "digest", name="uq_deliveries_source_digest"),
        comment="What outside channels delivered, raw and sealed: read once, then erased. Rows stay, to know it by.",
    )
    op.create_index("ix_deliveries_state_id", "deliveries", ["state", "id"])
