"""
Messages to reporters by any channel: told once, found by the proof that the channel gave, and decided on by people.

What the present version has in its outbox stays there. A ticket that is not given is empty rather than missing, as the
rule that nothing is told twice compares it.
"""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0012"
down_revision = "0011"

_CARRY_OVER = (
    "INSERT INTO outbox (kind, ticket, conversation, mark, contact, language, channel, state, created_at, due_at, "
    "changed_at, attempts, problem, shown_at, decision, note) "
    "SELECT kind, coalesce(ticket, ''), 0, '#' || CAST(id AS TEXT), contact, language, channel, state, created_at, "
    "due_at, changed_at, attempts, problem, CASE WHEN state IN ('failed', 'maybe') THEN changed_at END, '', '' "
    "FROM outbox_before ORDER BY id"
)


def upgrade() -> None:
    """Rows keep their order; what failed or is in doubt is shown to staff from now on."""
    op.execute("CREATE TABLE outbox_before AS SELECT * FROM outbox")
    op.drop_table("outbox")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("conversation", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(100), nullable=False),
        sa.Column("contact", sa.String(24), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("proof_digest", sa.String(24)),
        sa.Column("shown_at", Instant()),
        sa.Column("decision", sa.String(40), nullable=False),
        sa.Column("decided_at", Instant()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("kind", "ticket", "conversation", "mark", name="uq_outbox_kind_ticket_conversation_mark"),
        comment="Messages to reporters: what is to be told of which complaint, without an address or a text.",
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_proof_digest", "outbox", ["proof_digest"])
    op.create_index("ix_outbox_shown_at", "outbox", ["shown_at"])
    op.execute(_CARRY_OVER)
    op.drop_table("outbox_before")
