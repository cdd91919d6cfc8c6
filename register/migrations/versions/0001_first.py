"""The first tables, sealed from the start."""

import sqlalchemy as sa
from alembic import op

from register.tables import Instant

revision = "0001"
down_revision = None

_FROZEN_SQLITE = """
CREATE TRIGGER events_{act} BEFORE {act} ON events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
_UNREPLACED_SQLITE = """
CREATE TRIGGER events_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
"""`INSERT OR REPLACE` removes the row that stands there without asking the other triggers."""
_FROZEN_POSTGRES = """
CREATE FUNCTION events_are_frozen() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$ LANGUAGE plpgsql
"""


def upgrade() -> None:
    """Create everything."""
    op.create_table(
        "complaint_keys",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", name="pk_complaint_keys"),
        comment="Destroying a row erases its complaint's identity and text.",
    )
    op.create_table(
        "complaints",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("procedure", sa.String(10), nullable=False),
        sa.Column("identity", sa.String(12), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("bidang", sa.String(100), nullable=False),
        sa.Column("urgency", sa.String(20), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("step_begun_at", Instant()),
        sa.Column("step_due_at", Instant()),
        sa.Column("due_at", Instant()),
        sa.Column("replied_at", Instant()),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sealed_intake", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_reply", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("ticket", name="pk_complaints"),
        sa.UniqueConstraint("year", "number", name="uq_complaints_year_number"),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("public_label", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        comment="The audit trail. Triggers refuse to change or remove a row.",
    )
    op.create_index("ix_events_ticket_seq", "events", ["ticket", "seq"])
    op.create_table(
        "register_numbers",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_register_numbers"),
        comment="The last register number given in each WITA year; it moves in the accepting transaction.",
    )
    op.create_table(
        "settings",
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
        comment="The worker's memory between ticks: last good configuration, lease, heartbeat.",
    )
    op.create_table(
        "staff_accounts",
        sa.Column("username", sa.String(60), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("username", name="pk_staff_accounts"),
    )
    op.create_table(
        "mirror",
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("fingerprint", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.Column("seen", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket", name="pk_mirror"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_mirror_ticket"),
        comment="What the last tick read in staff's and intake cells, as keyed digests only.",
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_outbox_ticket"),
        comment="Messages to reporters, committed together with what they tell.",
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_table(
        "submissions",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("content_digest", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_submissions"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_submissions_ticket"),
        comment="One-use form tokens and Idempotency-Keys, digested: the same key is the same complaint.",
    )
    _freeze_events()


def _freeze_events() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(_FROZEN_SQLITE.format(act=act))
        op.execute(_UNREPLACED_SQLITE)
        return
    op.execute(_FROZEN_POSTGRES)
    op.execute(
        "CREATE TRIGGER events_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON events "
        "FOR EACH STATEMENT EXECUTE FUNCTION events_are_frozen()"
    )
