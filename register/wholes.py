"""Complaints that come from elsewhere, put into the tables with all that hangs on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from register import sealed_json, tables
from register.changes import Book, MirrorRow
from register.complaint import Clock, Complaint, Intake
from register.complaints import values_of, year_of
from register.store import Store


@dataclass(frozen=True)
class Whole:
    """
    A complaint with all that hangs on it, opened.

    `intake` is None once it was erased. `notices` are rows of the table, `cells` what staff last wrote in its row.
    """

    complaint: Complaint
    intake: Intake | None
    reply: str = ""
    clocks: Sequence[Clock] = ()
    notices: Sequence[Mapping[str, Any]] = ()
    mirrors: Mapping[Book, MirrorRow] = field(default_factory=dict)


class Wholes(Store):
    """Putting them in."""

    def _insert_wholes(self, connection: sa.Connection, wholes: Sequence[Whole], keys: Mapping[str, bytes]) -> None:
        """Complaints with keys, clocks, the index of contacts, and the note that other systems know how they stand."""
        insert(connection, tables.complaint_keys, [{"ticket": t, "wrapped_key": key} for t, key in keys.items()])
        connection.execute(
            tables.complaints.insert(), [self._row_of(whole, keys.get(whole.complaint.ticket)) for whole in wholes]
        )
        for whole in wholes:
            if whole.intake is not None:
                self._put_contacts(connection, whole.complaint.ticket, whole.intake, new=True)
        self._put_clocks(connection, [(whole.complaint.ticket, clock) for whole in wholes for clock in whole.clocks])
        told = ("ticket", "status", "step", "replied_at")
        known = [{name: values_of(whole.complaint)[name] for name in told} for whole in wholes]
        insert(connection, tables.news_told, known)

    def _row_of(self, whole: Whole, key: bytes | None) -> dict[str, Any]:
        complaint, sealed, reply = whole.complaint, b"", None
        if key is not None and whole.intake is not None:
            sealed = self._seal(key, complaint.ticket, "intake", sealed_json.dump_intake(whole.intake))
            reply = self._seal(key, complaint.ticket, "reply", whole.reply) if whole.reply else None
        year = year_of(complaint)
        return values_of(complaint) | {"year": year, "sealed_intake": sealed, "sealed_reply": reply}


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows, if there are any."""
    if rows:
        connection.execute(table.insert(), rows)
