"""
The audit trail becomes a hash chain; events recorded until now are chained in their order, and numbered without gaps.

PostgreSQL left gaps in `seq` where a transaction was taken back. Nothing but the trail itself refers to the numbers.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from register.chain import GENESIS, UNSEALED, Digest, Link, next_mac
from register.errors import KeyFileError
from register.tables import Instant

revision = "0002"
down_revision = "0001"

_PORTION = 2_000
_FROZEN_SQLITE = """
CREATE TRIGGER events_{act} BEFORE {act} ON events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
_UNREPLACED_SQLITE = """
CREATE TRIGGER events_replace BEFORE INSERT ON events WHEN EXISTS (SELECT 1 FROM events WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
"""
_FROZEN_POSTGRES = """
CREATE TRIGGER events_frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION events_are_frozen()
"""
_COLUMNS = ("ticket", "at", "kind", "actor", "public_label", "data", "sealed")


def upgrade() -> None:
    """The old table makes room for a chained one; its triggers go with it and are made anew."""
    op.drop_index("ix_events_ticket_seq", table_name="events")
    op.rename_table("events", "events_unchained")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER INDEX pk_events RENAME TO pk_events_unchained")
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("actor", sa.String(100), nullable=False),
        sa.Column("public_label", sa.Text(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_events"),
        comment="The audit trail, hash-chained in the order of committing. Triggers refuse to change or remove a row.",
    )
    head = op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trail_head"),
        comment="One row: the newest event's number, which is also how many there are, and the running MAC.",
    )
    op.create_table(
        "trail_roots",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_trail_roots"),
        comment="The last event of each finished WITA day, sealed with the key file.",
    )
    seq, last_hash, mac = _chain()
    op.bulk_insert(head, [{"id": 1, "seq": seq, "hash": last_hash, "mac": mac}])
    op.drop_table("events_unchained")
    op.create_index("ix_events_ticket_seq", "events", ["ticket", "seq"])
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            op.execute(_FROZEN_SQLITE.format(act=act))
        op.execute(_UNREPLACED_SQLITE)
    else:
        op.execute(_FROZEN_POSTGRES)


def _chain() -> tuple[int, bytes, str]:
    """Copy every event into the chain; number, hash and running MAC of the last."""
    chained = _plain("events", "prev_hash", "hash")
    seq, last_hash, mac = 0, GENESIS, UNSEALED
    digest: Digest | None = None
    for portion in _portions():
        digest = digest or _digest()
        links = []
        for row in portion:
            seq += 1
            values = {"seq": seq} | {name: getattr(row, name) for name in _COLUMNS}
            previous, last_hash = last_hash, Link(**values).hash(last_hash)
            mac = next_mac(digest, mac, last_hash)
            links.append(values | {"prev_hash": previous, "hash": last_hash})
        op.get_bind().execute(sa.insert(chained), links)
    return seq, last_hash, mac


def _plain(table: str, *more: str) -> sa.TableClause:
    """A table of events, its instants as the text that they are kept as."""
    typed = sa.column("data", sa.JSON())
    return sa.table(table, typed, *(sa.column(name) for name in ("seq", *_COLUMNS, *more) if name != "data"))


def _portions() -> Iterator[list[sa.Row[Any]]]:
    old = _plain("events_unchained")
    last: int | None = None
    while True:
        query = sa.select(old).order_by(old.c.seq).limit(_PORTION)
        portion = list(op.get_bind().execute(query if last is None else query.where(old.c.seq > last)))
        if not portion:
            return
        last = portion[-1].seq
        yield portion


def _digest() -> Digest:
    """Whoever migrates a database with events hands in how to get its key file."""
    config = op.get_context().config
    keyring = config.attributes.get("keyring") if config else None
    if keyring is None:
        raise KeyFileError("Basis data ini berisi jejak peristiwa; untuk memperbaruinya diperlukan berkas kunci.")
    digest: Digest = keyring().digest
    return digest
