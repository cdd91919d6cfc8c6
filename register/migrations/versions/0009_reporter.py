"""
What reporters do for themselves: messages to them, how often they may try, and by what their complaints are found.

The outbox of the first version was never used and held sealed texts; what is sent now is put together at sending.
"""

import json
import re
import unicodedata

import sqlalchemy as sa
from alembic import op

from register.errors import KeyFileError
from register.sealing import Keyring
from register.tables import Instant

revision = "0009"
down_revision = "0008"

_SEALED = sa.text(
    "SELECT complaints.ticket, sealed_intake, wrapped_key FROM complaints "
    "JOIN complaint_keys ON complaint_keys.ticket = complaints.ticket"
)


def upgrade() -> None:
    """Three tables, and the contacts of the complaints that are there."""
    op.add_column("complaints", sa.Column("heard_at", Instant()))
    op.drop_table("outbox")
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(30), nullable=False),
        sa.Column("ticket", sa.String(11)),
        sa.Column("contact", sa.String(24), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.ForeignKeyConstraint(["ticket"], ["complaints.ticket"], name="fk_outbox_ticket"),
        comment="Messages to reporters: what is to be told of which complaint, without an address or a text.",
    )
    op.create_index("ix_outbox_state_due_at", "outbox", ["state", "due_at"])
    op.create_table(
        "limits",
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("tried", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_limits"),
        comment="How often something was tried, and when last.",
    )
    op.create_index("ix_limits_at", "limits", ["at"])
    op.create_table(
        "contact_index",
        sa.Column("digest", sa.String(24), nullable=False),
        sa.Column("ticket", sa.String(11), nullable=False),
        sa.PrimaryKeyConstraint("digest", "ticket", name="pk_contact_index"),
        sa.ForeignKeyConstraint(
            ["ticket"], ["complaint_keys.ticket"], name="fk_contact_index_ticket", ondelete="CASCADE"
        ),
        comment="By what complaints are found: keyed digests of telephones, addresses and NIK. Goes with the key.",
    )
    op.create_index("ix_contact_index_ticket", "contact_index", ["ticket"])
    _fill_index()


def _fill_index() -> None:
    """Whatever opens; a complaint that does not is found by its ticket alone, as before."""
    rows = op.get_bind().execute(_SEALED).all()
    if not rows:
        return
    config = op.get_context().config
    load = config.attributes.get("keyring") if config else None
    if load is None:
        raise KeyFileError("Pembaruan ini memerlukan berkas kunci basis data. Pulihkan berkas itu dari cadangan.")
    keyring: Keyring = load()
    found = []
    for row in rows:
        try:
            said = json.loads(keyring.open(row.wrapped_key, row.ticket, "intake", row.sealed_intake))
        except KeyFileError:
            continue
        found += [{"ticket": row.ticket, "digest": keyring.digest("contact", kind, key)} for kind, key in _keys(said)]
    if found:
        index = sa.table("contact_index", sa.column("ticket"), sa.column("digest"))
        op.bulk_insert(index, found)


def _keys(said: dict[str, str]) -> list[tuple[str, str]]:
    """As `register.contact_index` made them in this version."""
    written = unicodedata.normalize("NFKC", said.get("phone", "")).strip()
    digits = re.sub(r"\D", "", written)
    national = digits.removeprefix("00").removeprefix("62").removeprefix("0")
    abroad = written.startswith("+") and not digits.startswith("62")
    phone = digits if abroad else "62" + national if national else ""
    found = [
        ("phone", phone),
        ("email", said.get("email", "").strip().casefold()),
        ("nik", re.sub(r"\D", "", said.get("nik", ""))),
    ]
    return [(kind, key) for kind, key in found if key]
