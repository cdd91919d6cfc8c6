"""The store's tables, once, for SQLite and PostgreSQL alike. Text that a person wrote is only ever kept sealed."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


def instant_text(at: datetime) -> str:
    """An instant as the store keeps it. Raises: ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("the store takes aware instants only")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept as UTC text (`2026-11-23T08:30:00.000000Z`) that sorts as time does in both databases."""

    impl = String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Raises: ValueError for a naive datetime, which has no place in the store."""
        return None if value is None else instant_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware datetime in UTC."""
        return None if value is None else datetime.fromisoformat(value)


class Spans(TypeDecorator[tuple[tuple[datetime, datetime | None], ...]]):
    """Stretches of time, the last one perhaps without an end, kept as JSON lists of UTC texts."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Raises: ValueError for a naive datetime."""
        instant = Instant()
        return [[instant.process_bind_param(at, dialect) for at in span] for span in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[tuple[datetime, datetime | None], ...]:
        """Aware datetimes in UTC."""
        return tuple(
            (datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None)
            for since, until in value or ()
        )


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

complaint_keys = Table(
    "complaint_keys",
    metadata,
    Column("ticket", String(11), primary_key=True),
    Column("wrapped_key", LargeBinary, nullable=False),
    comment="Destroying a row erases its complaint's identity and text.",
)

complaints = Table(
    "complaints",
    metadata,
    Column("ticket", String(11), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    Column("channel", String(20), nullable=False),
    Column("procedure", String(10), nullable=False),
    Column("identity", String(12), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("status", String(20), nullable=False),
    Column("category", String(20), nullable=False),
    Column("bidang", String(100), nullable=False),
    Column("urgency", String(20), nullable=False),
    Column("restricted", Boolean, nullable=False),
    Column("step", Integer, nullable=False),
    Column("step_begun_at", Instant),
    Column("step_due_at", Instant),
    Column("due_at", Instant),
    Column("replied_at", Instant),
    Column("note", Text, nullable=False),
    Column("answered_at", Instant),
    Column("basis", Text, nullable=False),
    Column("step_basis", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("pauses", Spans, nullable=False),
    Column("extended_at", Instant),
    Column("extension", String(40), nullable=False),
    Column("closed_by", String(40), nullable=False),
    Column("referral", Text, nullable=False),
    Column("merged_into", String(11), nullable=False),
    Column("pending_act", String(40), nullable=False),
    Column("officer", String(100), nullable=False),
    Column("undecided", Boolean, nullable=False),
    Column("emergency_due_at", Instant),
    Column("evidence_count", Integer, nullable=False),
    Column("heard_at", Instant),
    Column("district", String(60), nullable=False),
    Column("inactive_since", Instant),
    Column("held_since", Instant),
    Column("erased_at", Instant),
    Column("sealed_intake", LargeBinary, nullable=False),
    Column("sealed_reply", LargeBinary),
    UniqueConstraint("year", "number"),
    Index(None, "merged_into"),
)
_STANDING = complaints.c.inactive_since.is_(None)
Index("ix_complaints_active", complaints.c.ticket, sqlite_where=_STANDING, postgresql_where=_STANDING)
Index(
    "ix_complaints_joined_active",
    complaints.c.merged_into,
    sqlite_where=_STANDING & (complaints.c.merged_into > ""),
    postgresql_where=_STANDING & (complaints.c.merged_into > ""),
)
Index(
    "ix_complaints_status_updated_at",
    complaints.c.status,
    complaints.c.updated_at,
    sqlite_where=_STANDING,
    postgresql_where=_STANDING,
)

clocks = Table(
    "clocks",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("key", String(40), primary_key=True),
    Column("begun_at", Instant, nullable=False),
    Column("due_at", Instant),
    Column("norm", String(40), nullable=False),
    Column("basis", Text, nullable=False),
    Column("done_at", Instant),
    Column("done_by", String(100), nullable=False),
    Index(None, "done_at", "due_at"),
    comment="Steps of the SOP, limits of the laws and times that reporters have: begun, due, done.",
)

notices = Table(
    "notices",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("clock", String(40), primary_key=True),
    Column("rung", String(30), primary_key=True),
    Column("mark", String(100), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("waits", Boolean, nullable=False),
    Index(None, "waits"),
    comment="What staff were told of a complaint. A row is the right to tell it, which is given once.",
)

staff_messages = Table(
    "staff_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(100), nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("notices", JSON, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("digest_on", String(10)),
    Column("state", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    UniqueConstraint("person", "digest_on"),
    Index(None, "state", "due_at"),
    comment="Messages to staff, without a word of what reporters said, committed together with their notices.",
)

register_numbers = Table(
    "register_numbers",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),
    comment="The last register number given in each WITA year; it moves in the accepting transaction.",
)

submissions = Table(
    "submissions",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("ticket", String(11), ForeignKey("complaints.ticket"), nullable=False),
    Column("content_digest", String(24), nullable=False),
    comment="One-use form tokens and Idempotency-Keys, digested: the same key is the same complaint.",
)

attachment_holders = Table(
    "attachment_holders",
    metadata,
    Column("holder", String(40), primary_key=True),
    Column("wrapped_key", LargeBinary),
    Column("handed_to", String(40)),
    Column("touched_at", Instant, nullable=False),
    Index(None, "touched_at"),
    comment="Whose attachments they are: a digested draft, with a key of its own, or a ticket, whose key counts.",
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", String(24), primary_key=True),
    Column("holder", String(40), ForeignKey("attachment_holders.holder"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("size", Integer, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("position", Integer, nullable=False),
    Column("quarantined", Boolean, nullable=False),
    Column("file", String(64), nullable=False),
    Column("content_digest", String(24), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "holder"),
    comment="Files of reporters. Their keys and names are sealed with the holder's key; they lie in a folder.",
)

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("ticket", String(11), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("actor", String(100), nullable=False),
    Column("public_label", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("sealed", LargeBinary),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Index(None, "ticket", "seq"),
    comment="The audit trail, hash-chained in the order of committing. Triggers refuse to change or remove a row.",
)

trail_head = Table(
    "trail_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("mac", String(24), nullable=False),
    comment="One row: the newest event's number, which is also how many there are, and the running MAC.",
)

trail_roots = Table(
    "trail_roots",
    metadata,
    Column("day", String(10), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("mac", String(24), nullable=False),
    comment="The last event of each finished WITA day, sealed with the key file.",
)

mirror = Table(
    "mirror",
    metadata,
    Column("book", String(10), primary_key=True),
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("fingerprint", String(24), nullable=False),
    Column("digest", String(24), nullable=False),
    Column("cells", JSON, nullable=False),
    Column("seen", Boolean, nullable=False),
    comment="What the last tick read in staff's and intake cells, as keyed digests only.",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(30), nullable=False),
    Column("ticket", String(11), nullable=False),
    Column("conversation", Integer, nullable=False),
    Column("mark", String(100), nullable=False),
    Column("contact", String(24), nullable=False),
    Column("language", String(2), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("state", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    Column("proof_digest", String(24)),
    Column("shown_at", Instant),
    Column("decision", String(40), nullable=False),
    Column("decided_at", Instant),
    Column("note", Text, nullable=False),
    UniqueConstraint("kind", "ticket", "conversation", "mark"),
    Index(None, "state", "due_at"),
    Index(None, "proof_digest"),
    Index(None, "shown_at"),
    comment="Messages to reporters: what is to be told of which complaint, without an address or a text.",
)

limits = Table(
    "limits",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("tried", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
    comment="How often something was tried, and when last.",
)

contact_index = Table(
    "contact_index",
    metadata,
    Column("digest", String(24), primary_key=True),
    Column("ticket", String(11), ForeignKey("complaint_keys.ticket", ondelete="CASCADE"), primary_key=True),
    Index(None, "ticket"),
    comment="By what complaints are found: keyed digests of telephones, addresses and NIK. Goes with the key.",
)

settings = Table(
    "settings",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("value", JSON, nullable=False),
    comment="The worker's memory between ticks: last good configuration, lease, heartbeat.",
)

staff_accounts = Table(
    "staff_accounts",
    metadata,
    Column("username", String(60), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("digest", String(24), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("step", String(20), nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("wrapped_key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "saved_at"),
    comment="Complaints that somebody is still writing, sealed; found by a digest of the key that the browser keeps.",
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("number", String(64), primary_key=True),
    Column("username", String(60), nullable=False),
    Column("state", String(24), nullable=False),
    Column("begun_at", Instant, nullable=False),
)

news = Table(
    "news",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", String(40), nullable=False),
    Column("address", String(24), nullable=False),
    Column("ticket", String(11), ForeignKey("complaints.ticket"), nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(10), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", Text, nullable=False),
    UniqueConstraint("message", "address"),
    Index(None, "address", "state", "ticket"),
    comment="What other systems are told of complaints, without a word of what anybody wrote; an address is a digest.",
)

news_told = Table(
    "news_told",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("status", String(20), nullable=False),
    Column("step", Integer, nullable=False),
    Column("replied_at", Instant),
    comment="How each complaint stood when other systems were last told of it.",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(20), nullable=False),
    Column("digest", String(24), nullable=False),
    Column("state", String(20), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("problem", String(60), nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("sealed", LargeBinary),
    UniqueConstraint("source", "digest"),
    Index(None, "state", "id"),
    comment="What outside channels delivered, raw and sealed: read once, then erased. Rows stay, to know it by.",
)

conversations = Table(
    "conversations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("wrapped_key", LargeBinary),
    Column("sealed", LargeBinary),
    Column("begun_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("last_in_at", Instant),
    Column("commented_at", Instant),
    Column("answered_at", Instant),
    Column("asked_at", Instant),
    Column("privately_replied", Boolean, nullable=False),
    Column("unreachable", Boolean, nullable=False),
    Column("decide_at", Instant),
    Column("revision", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("merged_into", Integer, ForeignKey("conversations.id")),
    Index(None, "decide_at"),
    comment="Who writes to the office by a channel. Destroying wrapped_key erases the conversation.",
)

conversation_people = Table(
    "conversation_people",
    metadata,
    Column("digest", String(24), primary_key=True),
    Column("conversation", Integer, ForeignKey("conversations.id"), nullable=False),
    Index(None, "conversation"),
    comment="By what a channel knows who writes, as keyed digests.",
)

conversation_tickets = Table(
    "conversation_tickets",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("conversation", Integer, ForeignKey("conversations.id"), primary_key=True),
    Column("own", Boolean, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "conversation", "at"),
    comment="What a conversation is about. Only its own complaints are answered there.",
)

message_groups = Table(
    "message_groups",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("conversation", Integer, ForeignKey("conversations.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("deed", String(12), nullable=False),
    Column("act", String(40), nullable=False),
    Column("ticket", String(40), nullable=False),
    Column("rating", Integer, nullable=False),
    Column("hint", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("boxed", Boolean, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Index(None, "conversation", "state"),
    Index(None, "state", "changed_at"),
    Index(None, "revision"),
    comment="Messages that are taken together, and what was decided of them, before it is done and after.",
)

messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(24), nullable=False, unique=True),
    Column("conversation", Integer, ForeignKey("conversations.id")),
    Column("group_id", Integer, ForeignKey("message_groups.id")),
    Column("delivery", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("edited_at", Instant, nullable=False),
    Column("text_digest", String(24), nullable=False),
    Column("sealed", LargeBinary),
    Index(None, "conversation", "group_id"),
    Index(None, "group_id"),
    comment="What people wrote, sealed until it is decided on; the row stays, so that the message is known.",
)

message_files = Table(
    "message_files",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("message", Integer, ForeignKey("messages.id"), nullable=False),
    Column("state", String(10), nullable=False),
    Column("code", String(40), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("try_at", Instant, nullable=False),
    Column("sealed", LargeBinary),
    Index(None, "message"),
    Index(None, "state", "try_at"),
    comment="Files that came with messages: where the channel hands them out, until they are fetched.",
)

public_editions = Table(
    "public_editions",
    metadata,
    Column("period", String(10), primary_key=True),
    Column("first", String(10), nullable=False),
    Column("months", Integer, nullable=False),
    Column("published_at", Instant, nullable=False),
    Column("shown", JSON, nullable=False),
    comment="What the public was shown of each period: written once, never counted again.",
)

case_reports = Table(
    "case_reports",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("missing", String(200), nullable=False),
    Column("file", String(64), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    comment="The report of each complaint, one for each time it was closed; the file is sealed, and its key with the "
    "complaint's.",
)

archive_tasks = Table(
    "archive_tasks",
    metadata,
    Column("ticket", String(11), ForeignKey("complaints.ticket"), primary_key=True),
    Column("task", String(10), primary_key=True),
    Column("asked_at", Instant, nullable=False),
    comment="What is still to be done in spreadsheets for what the store says of the archive; done ones are removed.",
)
