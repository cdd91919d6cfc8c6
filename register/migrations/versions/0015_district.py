"""The kecamatan stands beside what is sealed, so that figures remain once an identity is erased."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Empty for what is there already: the worker looks it up (`automation/reports/districts.py`)."""
    op.add_column("complaints", sa.Column("district", sa.String(60), nullable=False, server_default=""))
