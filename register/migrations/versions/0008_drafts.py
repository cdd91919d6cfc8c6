"""What citizens are still writing is kept, sealed, so that a dropped connection loses nothing."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """One table."""
    op.create_table(
        "drafts",
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("saved_at", Instant(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_drafts"),
        comment=(
            "Complaints that somebody is still writing, sealed; found by a digest of the key that the browser keeps."
        ),
    )
    op.create_index("ix_drafts_saved_at", "drafts", ["saved_at"])
