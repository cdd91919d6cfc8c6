"""The report that each complaint ends in: where its sealed file is, and its hash."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Empty: complaints that are closed already are reported little by little; archived ones are left alone."""
    op.create_table(
        "case_reports",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("missing", sa.String(200), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("ticket", "round", name="pk_case_reports"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_case_reports_ticket"),
        comment="The report of each complaint, one for each time it was closed; the file is sealed, and its key with "
        "the complaint's.",
    )
