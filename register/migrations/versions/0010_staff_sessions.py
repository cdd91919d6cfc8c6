"""Staff sign in once for the desk, the papers and the grid."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Sessions by the fingerprint of their token."""
    op.create_table(
        "staff_sessions",
        sa.Column("number", sa.String(64), primary_key=True),
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
    )
