"""A complaint says itself until when an emergency must be looked at, as its row shows it."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """The clocks that run know it."""
    op.add_column("complaints", sa.Column("emergency_due_at", Instant()))
    op.execute(
        "UPDATE complaints SET emergency_due_at = (SELECT due_at FROM clocks WHERE clocks.ticket = complaints.ticket "
        "AND clocks.round = complaints.round AND clocks.key = 'darurat' AND clocks.done_at IS NULL)"
    )
