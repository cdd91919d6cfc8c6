"""What the public was shown of each period."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0017"
down_revision = "0015"


def upgrade() -> None:
    """Nothing was published before."""
    op.create_table(
        "public_editions",
        sa.Column("period", sa.String(10), nullable=False),
        sa.Column("first", sa.String(10), nullable=False),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.Column("shown", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("period", name="pk_public_editions"),
        comment="What the public was shown of each period: written once, never counted again.",
    )
