"""The states that the decree lacks, and a table of clocks: what has to be done by when, and when it was."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant, Spans

revision = "0003"
down_revision = "0002"

_TEXTS = {
    "basis": sa.Text(),
    "step_basis": sa.Text(),
    "extension": sa.String(40),
    "closed_by": sa.String(40),
    "referral": sa.Text(),
    "merged_into": sa.String(11),
    "pending_act": sa.String(40),
    "officer": sa.String(100),
}


def upgrade() -> None:
    """Complaints get their new columns, filled as if nothing of it had happened to them."""
    for name, kind in _TEXTS.items():
        op.add_column("complaints", sa.Column(name, kind, nullable=False, server_default=""))
    op.add_column("complaints", sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("complaints", sa.Column("pauses", Spans(), nullable=False, server_default="[]"))
    op.add_column("complaints", sa.Column("undecided", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("answered_at", "extended_at"):
        op.add_column("complaints", sa.Column(name, Instant()))
    op.execute("UPDATE complaints SET answered_at = replied_at")
    op.create_index("ix_complaints_merged_into", "complaints", ["merged_into"])
    op.create_table(
        "clocks",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("due_at", Instant()),
        sa.Column("norm", sa.String(40), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("done_at", Instant()),
        sa.Column("done_by", sa.String(100), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_clocks_ticket"),
        sa.PrimaryKeyConstraint("ticket", "round", "key", name="pk_clocks"),
        comment="Steps of the SOP, limits of the laws and times that reporters have: begun, due, done.",
    )
    op.create_index("ix_clocks_done_at_due_at", "clocks", ["done_at", "due_at"])
