"""
What becomes of messages to reporters once they left the queue: what channels report, and what staff decide.

A message that failed, may have arrived or waits for a person is shown to staff for a month (tab `Pesan Keluar`), and
stays there with its outcome.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from register import tables
from register.complaint import Channel, Status
from register.inbound import Fate, Report
from register.notices import State
from register.reporter_messages import (
    HAS_WINDOW,
    NEEDS_PEOPLE,
    MessageKind,
    ReporterMessage,
    ReporterMessages,
    message_of,
)
from register.trail import among, portions

STAFF = "staf"
_RANK: Mapping[State, int] = {State.SENT: 0, State.DELIVERED: 1, State.READ: 2}
_STATES: Mapping[Fate, State] = {Fate.DELIVERED: State.DELIVERED, Fate.READ: State.READ, Fate.FAILED: State.FAILED}
_REASONS: Mapping[int, str] = {
    131026: "nomor pelapor tidak dapat menerima pesan WhatsApp; hubungi pelapor dengan cara lain",
    131042: "pembayaran akun WhatsApp kantor bermasalah; periksa di WhatsApp Manager, lalu kirim ulang",
    131047: "lebih dari 24 jam sejak pelapor terakhir menulis; perlu template yang disetujui, atau hubungi pelapor",
    131049: "Meta membatasi banyaknya pesan kepada pelapor ini; kirim ulang besok atau hubungi pelapor",
    131050: "pelapor tidak mau lagi menerima pesan ini lewat WhatsApp; hubungi pelapor dengan cara lain",
    132000: "isian template tidak cocok dengan yang disetujui; samakan isinya pada tab Template Pesan",
    132001: "template itu tidak ada atau belum disetujui; periksa kolom Template WhatsApp",
}
"""By the channel's number for what went wrong. Source: Meta, WhatsApp Cloud API error codes."""
_REASON = "kanal memberitahukan bahwa pesan tidak sampai (kode {code}); hubungi pelapor dengan cara lain"


@dataclass(frozen=True)
class Shown:
    """
    A message as staff see it.

    Args:
        changed_at: When it came into its state.
        decision: What staff chose and was looked at; empty while they chose nothing.
        note: What came of that.
        restricted: Whether its complaint is.
    """

    message: ReporterMessage
    state: State
    changed_at: datetime
    problem: str
    decision: str
    note: str
    restricted: bool


@dataclass(frozen=True)
class Outstanding:
    """
    The newest message of its kind about a complaint, if it did not simply go.

    Args:
        told_at: When the reporter was told after all, which took somebody of the office; None while they are not.
    """

    kind: MessageKind
    queued_at: datetime
    told_at: datetime | None


class MessageFates(ReporterMessages):
    """Reports and decisions; a message is found by the channel's id, or by its own number."""

    def message_reported(self, report: Report, now: datetime) -> None:
        """
        Note what a channel tells of a message of ours.

        Reports come late, twice and in any order, so a message never goes back from a later state to an earlier one,
        and one that reached somebody has not failed. A message that is not known is not ours to note.
        """
        with self._write() as connection:
            self._message_reported(connection, report, now)

    def _message_reported(self, connection: sa.Connection, report: Report, now: datetime) -> None:
        state, table = _STATES.get(report.fate), tables.outbox
        if state is None:
            return
        query = sa.select(table).where(table.c.proof_digest == self._proof_digest(report.channel, report.message))
        problem = _REASONS.get(report.code, _REASON.format(code=report.code)) if state is State.FAILED else ""
        for row in connection.execute(query.order_by(table.c.id).with_for_update()).all():
            if _goes_on(State(row.state), state):
                self._settle_message(connection, message_of(row, row.attempts), state, now, problem)

    def _went_to(self, connection: sa.Connection, conversation: int, channel: Channel, proofs: Collection[str]) -> bool:
        """Whether one of these ids is of a message of ours to that conversation, or about its own complaint."""
        table, links = tables.outbox, tables.conversation_tickets
        own = sa.select(links.c.ticket).where(links.c.conversation == conversation, links.c.own)
        query = sa.select(table.c.id).where(
            table.c.proof_digest.in_([self._proof_digest(channel, proof) for proof in proofs]),
            sa.or_(table.c.conversation == conversation, sa.and_(table.c.conversation == 0, table.c.ticket.in_(own))),
        )
        return connection.execute(query.limit(1)).first() is not None

    def shown_messages(self, since: datetime) -> list[Shown]:
        """
        Messages that people had to look at since then, whatever became of them; in the order of that.

        Older ones, too, as long as a reporter's time waits for them.
        """
        table = tables.outbox
        waits = sa.and_(
            table.c.state.in_([state.value for state in NEEDS_PEOPLE]),
            table.c.kind.in_([kind.value for kind in HAS_WINDOW]),
            tables.complaints.c.status.in_([Status.NEEDS_INFO.value, Status.AWAITING_REPORTER.value]),
        )
        with self._read() as connection:
            rows = connection.execute(_shown().where(sa.or_(table.c.shown_at >= since, waits))).all()
        return [_shown_of(row) for row in rows]

    def outstanding(self, tickets: Iterable[str]) -> dict[str, list[Outstanding]]:
        """By ticket, what gives reporters a time (`HAS_WINDOW`) and did not reach them, or only by somebody's help."""
        table, found = tables.outbox, dict[str, list[Outstanding]]()
        newest = sa.func.max(table.c.id).label("newest")
        kinds = table.c.kind.in_([kind.value for kind in HAS_WINDOW])
        last = sa.select(newest).where(kinds, among(table.c.ticket)).group_by(table.c.ticket, table.c.kind)
        went = [state.value for state in _RANK]
        late = sa.or_(table.c.state.not_in(went), table.c.shown_at.is_not(None))
        query = sa.select(table).where(table.c.id.in_(last), late, table.c.state != State.NOBODY.value)
        with self._read() as connection:
            for some in portions(tickets):
                for row in connection.execute(query, {"tickets": some}):
                    told_at = row.changed_at if row.state in went else None
                    one = Outstanding(MessageKind(row.kind), row.created_at, told_at)
                    found.setdefault(row.ticket, []).append(one)
        return found

    def receipt_went(self, ticket: str) -> bool:
        """Whether the receipt of a complaint was sent, by the program or by hand."""
        table = tables.outbox
        receipt = sa.and_(table.c.kind == MessageKind.RECEIPT.value, table.c.ticket == ticket)
        went = table.c.state.in_([state.value for state in _RANK])
        with self._read() as connection:
            return connection.execute(sa.select(table.c.id).where(receipt, went)).first() is not None

    def shown_message(self, number: int) -> Shown | None:
        """One of them by its number; None if there is none."""
        with self._read() as connection:
            row = connection.execute(_shown().where(tables.outbox.c.id == number)).one_or_none()
        return None if row is None else _shown_of(row)

    def shown_mark(self) -> tuple[object, ...]:
        """Something that changes whenever `shown_messages` may have changed, but for what became too old."""
        table, complaints = tables.outbox, tables.complaints
        query = (
            sa.select(
                sa.func.count(),
                sa.func.max(table.c.changed_at),
                sa.func.max(table.c.decided_at),
                sa.func.sum(sa.case((complaints.c.restricted, 1), else_=0)),
            )
            .select_from(table.outerjoin(complaints, complaints.c.ticket == table.c.ticket))
            .where(table.c.shown_at.is_not(None))
        )
        with self._read() as connection:
            return tuple(connection.execute(query).one())

    def decide_message(
        self, shown: Shown, decision: str, note: str, now: datetime, *, state: State | None = None
    ) -> bool:
        """
        Note what staff decided, and bring the message into the state that this asks for.

        Args:
            shown: As it was when that was judged.
            state: `QUEUED` sends it again, as if it had never been tried; None leaves it as it is.

        Returns: whether it was still in that state; otherwise nothing was noted.
        """
        table, message = tables.outbox, shown.message
        with self._write() as connection:
            query = sa.select(table.c.state).where(table.c.id == message.id).with_for_update()
            if connection.execute(query).scalar_one_or_none() != shown.state.value:
                return False
            values: dict[str, Any] = {"decision": decision[:40], "decided_at": now, "note": note}
            if state is State.QUEUED:
                again = {"due_at": now, "changed_at": now, "attempts": 0, "problem": "", "proof_digest": None}
                values |= {"state": state.value} | again
            connection.execute(table.update().where(table.c.id == message.id).values(**values))
            if state is not None and state is not State.QUEUED:
                self._settle_message(connection, message, state, now, "", by=STAFF)
        return True


def _goes_on(present: State, reported: State) -> bool:
    if reported is State.FAILED:
        return present is State.SENT
    return present in _RANK and _RANK[reported] > _RANK[present]


def _shown() -> sa.Select[Any]:
    table, complaints = tables.outbox, tables.complaints
    return (
        sa.select(table, sa.func.coalesce(complaints.c.restricted, sa.false()).label("restricted"))
        .outerjoin(complaints, complaints.c.ticket == table.c.ticket)
        .where(table.c.shown_at.is_not(None))
        .order_by(table.c.shown_at, table.c.id)
    )


def _shown_of(row: sa.Row[Any]) -> Shown:
    return Shown(
        message=message_of(row, row.attempts),
        state=State(row.state),
        changed_at=row.changed_at,
        problem=row.problem,
        decision=row.decision,
        note=row.note,
        restricted=bool(row.restricted),
    )
