"""What staff were told of, once and for all, and the messages that carry it."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0004"
down_revision = "0003"

_DISPOSITIONS_ARE_KNOWN = """
INSERT INTO notices (ticket, round, clock, rung, mark, at, waits)
SELECT ticket, round, 'disposisi', 'disposisi', bidang, updated_at, :waits FROM complaints WHERE bidang <> ''
"""
"""Nobody is told of dispositions from before there were notices: those complaints stand in the register."""


def upgrade() -> None:
    """Two tables; what was disposed by now counts as told."""
    op.create_table(
        "notices",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(40), nullable=False),
        sa.Column("rung", sa.String(30), nullable=False),
        sa.Column("mark", sa.String(100), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_notices_ticket"),
        sa.PrimaryKeyConstraint("ticket", "round", "clock", "rung", "mark", name="pk_notices"),
        comment="What staff were told of a complaint. A row is the right to tell it, which is given once.",
    )
    op.create_index("ix_notices_waits", "notices", ["waits"])
    op.create_table(
        "staff_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("notices", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("digest_on", sa.String(10)),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_messages"),
        sa.UniqueConstraint("person", "digest_on", name="uq_staff_messages_person_digest_on"),
        comment="Messages to staff, without a word of what reporters said, committed together with their notices.",
    )
    op.create_index("ix_staff_messages_state_due_at", "staff_messages", ["state", "due_at"])
    op.execute(sa.text(_DISPOSITIONS_ARE_KNOWN).bindparams(waits=False))
