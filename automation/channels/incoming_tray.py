"""
The tab `Kotak Masuk`: messages that the program does not decide on, and what staff make of them.

Nothing restricted ever stands there: such messages are complaints at once (`conversing.py`). Nor does anybody who has a
complaint that is restricted, if only afterwards. Words and sender are gone from a row once it is decided on.
"""

from collections.abc import Mapping
from datetime import datetime

import structlog

from automation.channels import spoken
from automation.channels.deeds import FIX, Deeds
from automation.channels.filing import joined_text, subject_of
from automation.channels.verdicts import Deed
from automation.configuration.in_force import Configuration
from automation.sync.rows import MASK, shown_instant
from automation.sync.trays import SHOWN_AT_ONCE, TrayRow, told_more
from forms.plain_text import clean_text, showable
from register.complaint import CHANNEL_LABELS, Channel
from register.errors import AduanError, InvalidTicketError
from register.message_groups import NUMBER_MARK, Group
from register.sealed_messages import GroupState, KeptMessage
from register.store import Store
from register.tickets import parse_ticket
from sheets_schema.columns import Tab
from sheets_schema.tray_tabs import IGNORE, INCOMING, JOIN_TICKET, MAKE_COMPLAINT

LONGEST_CELL = 5_000

log = structlog.get_logger()


class IncomingTray:
    """Answers for the tab; decisions are done at once, and again by the job if they were interrupted."""

    tab: Tab = INCOMING

    def __init__(self, store: Store, deeds: Deeds) -> None:
        self._store = store
        self._deeds = deeds

    def mark(self) -> object:
        """Differs once a row may show something else."""
        return self._store.groups_mark()

    def rows(self, now: datetime) -> Mapping[str, TrayRow]:
        """What waits, and what came of what waited lately."""
        gone = {group.number: _decided(group) for group in self._store.groups_once_boxed(now)}
        return gone | self._waiting_rows()

    def decide(self, number: str, texts: Mapping[str, str], rules: Configuration, now: datetime) -> None:
        """Do what staff chose; what cannot be done is said in the row's note."""
        group = self._store.message_group(int(number.removeprefix(NUMBER_MARK))) if _is_number(number) else None
        if group is None or group.state is not GroupState.BOXED:
            return
        decision = texts.get("decision", "").strip().casefold()
        if decision == MAKE_COMPLAINT.casefold():
            self._do(group, Deed.COMPLAINT, "", rules, now)
        elif decision == JOIN_TICKET.casefold():
            self._join(group, texts.get("ticket", "").strip(), rules, now)
        elif decision == IGNORE.casefold():
            self._deeds.discard(group, now)
            self._store.settle_group(group, now, note=f"Diabaikan, {shown_instant(now)} WITA.")
        elif decision:
            self._refuse(group, f"pilih {MAKE_COMPLAINT}, {JOIN_TICKET}, atau {IGNORE}.", now)

    def _waiting_rows(self) -> dict[str, TrayRow]:
        """Those whose writers do not want to be named are not: a row must not tell of whom a complaint is."""
        groups, more = self._store.boxed_groups(SHOWN_AT_ONCE), self._store.groups_mark()[1] - SHOWN_AT_ONCE
        hidden = self._deeds.confidential_among(group.conversation for group in groups)
        secret = self._store.boxed_beside_secrets()  # until the job takes them away
        rows = {}
        for group in groups:
            if group.id in secret:
                rows[group.number] = _hidden(group)
                continue
            named = group.conversation not in hidden and not spoken.wants_no_name(joined_text(group.messages))
            told = told_more(group.hint, more) if group is groups[-1] else group.hint
            rows[group.number] = _waiting(group, named=named, hint=told)
        return rows

    def _join(self, group: Group, written: str, rules: Configuration, now: datetime) -> None:
        if not written:
            self._refuse(group, "isi kolom Tiket dengan tiket tujuan.", now)
            return
        try:
            ticket = parse_ticket(written)
        except InvalidTicketError:
            self._refuse(
                group, f"'{written[:20]}' bukan nomor tiket; tulis 9 huruf dan angka, misalnya ABCD-EFGH-J.", now
            )
            return
        if self._store.complaints_of([ticket]):
            self._do(group, Deed.JOIN, ticket, rules, now)
        else:
            self._refuse(group, f"tiket {ticket} tidak ada dalam register.", now)

    def _do(self, group: Group, deed: Deed, ticket: str, rules: Configuration, now: datetime) -> None:
        if not self._store.replan_group(group, deed.value, now, ticket=ticket, note=""):
            return
        planned = self._store.message_group(group.id)
        if planned is not None:
            try:
                self._deeds.do(planned, rules, now)
            except AduanError as error:  # it is planned, so the job does it
                log.warning("decision_later", group=group.id, error=error.code)

    def _refuse(self, group: Group, why: str, now: datetime) -> None:
        if group.note != FIX + why:
            self._store.box_group(group, now, note=FIX + why)


def _waiting(group: Group, *, named: bool, hint: str) -> TrayRow:
    cells = {
        "at": shown_instant(group.messages[0].at) if group.messages else "",
        "channel": CHANNEL_LABELS[group.channel],
        "kind": _kind(group),
        "sender": _sender(group.messages) if named else MASK,
        "text": _text(group.messages),
        "files": str(sum(message.files for message in group.messages) or ""),
        "hint": hint,
        "note": group.note,
    }
    return TrayRow(cells)


def _hidden(group: Group) -> TrayRow:
    """Of somebody who has a complaint that not all staff may read."""
    return TrayRow({"sender": MASK, "text": MASK, "hint": "", "note": ""})


def _decided(group: Group) -> TrayRow:
    return TrayRow({"sender": "", "text": "", "hint": "", "note": group.note}, waits=False)


def _kind(group: Group) -> str:
    if any(message.public for message in group.messages):
        return "Komentar"
    return {Channel.EMAIL: "E-mail", Channel.GOOGLE_FORMS: "Formulir"}.get(group.channel, "Pesan")


def _sender(messages: tuple[KeptMessage, ...]) -> str:
    names = (clean_text(showable(each.address.name), lines=False) for each in messages)
    return next((name[:200] for name in names if name), "")


def _text(messages: tuple[KeptMessage, ...]) -> str:
    text = "\n".join(part for part in (subject_of(messages), joined_text(messages)) if part)
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def _is_number(text: str) -> bool:
    digits = text.removeprefix(NUMBER_MARK)
    return text.startswith(NUMBER_MARK) and digits.isascii() and digits.isdigit() and len(digits) <= 9
