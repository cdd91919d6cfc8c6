"""What people write by channels: conversations, their messages and files, and what was decided of them."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """All of it is new."""
    _conversations()
    _messages()


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("begun_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("last_in_at", Instant()),
        sa.Column("commented_at", Instant()),
        sa.Column("answered_at", Instant()),
        sa.Column("asked_at", Instant()),
        sa.Column("privately_replied", sa.Boolean(), nullable=False),
        sa.Column("unreachable", sa.Boolean(), nullable=False),
        sa.Column("decide_at", Instant()),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.Integer(), sa.ForeignKey("conversations.id")),
        comment="Who writes to the office by a channel. Destroying wrapped_key erases the conversation.",
    )
    op.create_index("ix_conversations_decide_at", "conversations", ["decide_at"])
    op.create_table(
        "conversation_people",
        sa.Column("digest", sa.String(24), primary_key=True),
        sa.Column("conversation", sa.Integer(), sa.ForeignKey("conversations.id"), nullable=False),
        comment="By what a channel knows who writes, as keyed digests.",
    )
    op.create_index("ix_conversation_people_conversation", "conversation_people", ["conversation"])
    op.create_table(
        "conversation_tickets",
        sa.Column("ticket", sa.String(11), sa.ForeignKey("complaints.ticket"), primary_key=True),
        sa.Column("conversation", sa.Integer(), sa.ForeignKey("conversations.id"), primary_key=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        comment="What a conversation is about. Only its own complaints are answered there.",
    )
    op.create_index("ix_conversation_tickets_conversation_at", "conversation_tickets", ["conversation", "at"])


def _messages() -> None:
    op.create_table(
        "message_groups",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("conversation", sa.Integer(), sa.ForeignKey("conversations.id"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("deed", sa.String(12), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("ticket", sa.String(40), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("boxed", sa.Boolean(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        comment="Messages that are taken together, and what was decided of them, before it is done and after.",
    )
    op.create_index("ix_message_groups_conversation_state", "message_groups", ["conversation", "state"])
    op.create_index("ix_message_groups_state_changed_at", "message_groups", ["state", "changed_at"])
    op.create_index("ix_message_groups_revision", "message_groups", ["revision"])
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("conversation", sa.Integer(), sa.ForeignKey("conversations.id")),
        sa.Column("group_id", sa.Integer(), sa.ForeignKey("message_groups.id")),
        sa.Column("delivery", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("edited_at", Instant(), nullable=False),
        sa.Column("text_digest", sa.String(24), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.UniqueConstraint("digest", name="uq_messages_digest"),
        comment="What people wrote, sealed until it is decided on; the row stays, so that the message is known.",
    )
    op.create_index("ix_messages_conversation_group_id", "messages", ["conversation", "group_id"])
    op.create_index("ix_messages_group_id", "messages", ["group_id"])
    op.create_table(
        "message_files",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("message", sa.Integer(), sa.ForeignKey("messages.id"), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("try_at", Instant(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        comment="Files that came with messages: where the channel hands them out, until they are fetched.",
    )
    op.create_index("ix_message_files_message", "message_files", ["message"])
    op.create_index("ix_message_files_state_try_at", "message_files", ["state", "try_at"])
