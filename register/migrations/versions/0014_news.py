"""Other systems are told of complaints: what is on its way, and how each complaint stood when they were told."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Both empty: what happened before is no news."""
    op.create_table(
        "news",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("message", sa.String(40), nullable=False),
        sa.Column("address", sa.String(24), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_news"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_news_ticket"),
        sa.UniqueConstraint("message", "address", name="uq_news_message_address"),
        comment="What other systems are told of complaints, without a word of what anybody wrote; an address is a "
        "digest.",
    )
    op.create_index("ix_news_address_state_ticket", "news", ["address", "state", "ticket"])
    op.create_table(
        "news_told",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("replied_at", Instant()),
        sa.PrimaryKeyConstraint("ticket", name="pk_news_told"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_news_told_ticket"),
        comment="How each complaint stood when other systems were last told of it.",
    )
