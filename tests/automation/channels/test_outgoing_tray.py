"""`Pesan Keluar`: what staff see of messages that did not get out, and what their decisions do, once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from automation.channels import outgoing_tray
from automation.channels.outgoing_tray import OutgoingTray
from automation.configuration.in_force import Configuration
from automation.reminders.delivery import remembered_rules
from automation.sync.trays import Tray, TrayRow
from register.changes import Change
from register.complaint import Channel, Event, EventKind, Identity, Status
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.store import Store
from sheets_schema.columns import Owner
from sheets_schema.tray_tabs import CANCEL, OUTGOING, SEND_AGAIN, SENT_ALREADY
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.staff_rules import rules
from tests.builders import MOMENT, an_intake

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RULES: Configuration = rules()
TROUBLES = [State.FAILED, State.MAYBE, State.TASK]


@dataclass
class Outgoing:
    """A store with messages in trouble, and the tray that shows them."""

    store: Store
    tray: Tray = field(init=False)

    def __post_init__(self) -> None:
        read = remembered_rules(self.store)
        self.tray = OutgoingTray(self.store, public_url="https://aduan.contoh.id", rules=read)

    def trouble(
        self,
        state: State = State.FAILED,
        at: datetime = MOMENT,
        problem: str = "ditolak server",
        said: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> tuple[str, str]:
        """Ticket and number of a message that is in that state."""
        ticket = self.store.accept(an_intake(**(said or {})), channel=Channel.WHATSAPP, now=MOMENT).complaint.ticket
        message = ReporterMessage(MessageKind.RECEIPT, ticket, channel=Channel.WHATSAPP)
        act = Event(EventKind.ACT, MOMENT, "staf", {"act": "uji"})
        self.store.commit([Change(ticket, fields, [act], messages=[message])])
        claimed = self.store.claim_message(MOMENT)
        assert claimed
        self.store.settle_message(claimed, state, at, problem)
        return ticket, str(claimed.id)

    def row(self, number: str, now: datetime = MOMENT) -> TrayRow:
        return self.tray.rows(now)[number]

    def decide(self, number: str, decision: str = "", now: datetime = MOMENT + HOUR) -> TrayRow:
        self.tray.decide(number, {"decision": decision} if decision else {}, RULES, now)
        return self.row(number, now)

    def trail(self, ticket: str) -> list[str]:
        return [event.data["state"] for event in self.store.events(ticket) if event.kind is EventKind.NOTIFIED]


@pytest.fixture
def outgoing(desk: Desk) -> Outgoing:
    return Outgoing(desk.store)


def test_a_row_fills_every_column_of_the_system(outgoing: Outgoing) -> None:
    ticket, number = outgoing.trouble()
    row = outgoing.row(number)
    own = {column.key for column in OUTGOING.columns if column.owner is Owner.SYSTEM} - {"id"}
    assert set(row.cells) == own
    assert row.waits
    assert row.cells["ticket"] == ticket
    assert row.cells["at"] == "2026-11-23 10:30"
    assert (row.cells["channel"], row.cells["kind"], row.cells["state"]) == (
        "WhatsApp",
        "tanda terima",
        "gagal dikirim",
    )
    assert outgoing.tray.tab is OUTGOING


@pytest.mark.parametrize(
    ("state", "words"),
    [(State.FAILED, "sebabnya"), (State.MAYBE, "Periksa di kanalnya"), (State.TASK, "disampaikan sendiri")],
)
def test_each_state_says_what_happened_and_what_to_do(outgoing: Outgoing, state: State, words: str) -> None:
    _, number = outgoing.trouble(state)
    told = outgoing.row(number).cells["problem"]
    assert told.startswith("Ditolak server. ")
    assert words in told
    assert SEND_AGAIN in told


def test_the_text_of_a_task_stands_there_to_be_copied(outgoing: Outgoing) -> None:
    ticket, number = outgoing.trouble(State.TASK)
    text = outgoing.row(number).cells["text"]
    assert f"nomor tiket {ticket}" in text
    assert f"https://aduan.contoh.id/status/{ticket}" in text
    _, failed = outgoing.trouble(State.FAILED)
    assert outgoing.row(failed).cells["text"] == ""
    assert outgoing.decide(number, SENT_ALREADY).cells["text"] == ""


@pytest.mark.parametrize("identity", Identity)
def test_no_name_comes_into_the_register_by_this_tab(outgoing: Outgoing, identity: Identity) -> None:
    _, number = outgoing.trouble(State.TASK, said={"identity": identity})
    assert "Ibu Contoh" not in "".join(outgoing.row(number).cells.values())


def test_of_a_restricted_complaint_no_text_stands_there(outgoing: Outgoing) -> None:
    ticket, number = outgoing.trouble(State.TASK)
    before = outgoing.tray.mark()
    outgoing.store.commit([Change(ticket, {"restricted": True}, [Event(EventKind.ACT, MOMENT, "staf")])])
    assert outgoing.row(number).cells["text"] == ""
    assert outgoing.tray.mark() != before


@pytest.mark.parametrize("state", TROUBLES)
@pytest.mark.parametrize(
    ("decision", "becomes", "shown", "told"),
    [
        (SEND_AGAIN, [], "menunggu dikirim", "Dikirim ulang 2026-11-23 11:30 WITA."),
        (SENT_ALREADY, ["sent"], "terkirim", "Ditandai sudah terkirim 2026-11-23 11:30 WITA."),
        (CANCEL, ["cancelled"], "dibatalkan", "Dibatalkan 2026-11-23 11:30 WITA."),
    ],
)
def test_a_decision_is_done_once_and_the_row_stays_with_its_outcome(
    outgoing: Outgoing, state: State, decision: str, becomes: list[str], shown: str, told: str
) -> None:
    ticket, number = outgoing.trouble(state)
    before = outgoing.tray.mark()
    row = outgoing.decide(number, decision)
    assert (row.waits, row.cells["state"], row.cells["note"], row.cells["problem"]) == (False, shown, told, "")
    assert outgoing.tray.mark() != before
    assert outgoing.trail(ticket) == [state.value, *becomes]
    settled = outgoing.tray.mark()
    assert outgoing.decide(number, decision, MOMENT + 2 * HOUR) == row
    assert outgoing.tray.mark() == settled


def test_what_failed_again_is_sent_again_only_when_it_is_chosen_again(outgoing: Outgoing) -> None:
    _, number = outgoing.trouble()
    outgoing.decide(number, SEND_AGAIN)
    message = outgoing.store.claim_message(MOMENT + HOUR)
    assert message
    outgoing.store.settle_message(message, State.FAILED, MOMENT + HOUR, "ditolak lagi")
    row = outgoing.decide(number, SEND_AGAIN)
    assert (row.waits, row.cells["state"]) == (True, "gagal dikirim")
    assert outgoing.decide(number).waits
    assert outgoing.decide(number, SEND_AGAIN).cells["state"] == "menunggu dikirim"


@pytest.mark.parametrize(
    ("decision", "note"),
    [
        (SENT_ALREADY, "Sudah terkirim: tidak dilakukan, karena pesan ini menunggu dikirim."),
        ("Buang", "Keputusan tidak dikenal; pilih Kirim ulang, Sudah terkirim, Batalkan."),
    ],
)
def test_what_may_not_be_done_is_told(outgoing: Outgoing, decision: str, note: str) -> None:
    ticket, number = outgoing.trouble()
    outgoing.decide(number, SEND_AGAIN)
    row = outgoing.decide(number, decision)
    assert (row.cells["state"], row.cells["note"]) == ("menunggu dikirim", note)
    assert outgoing.trail(ticket) == ["failed"]


def test_what_waits_to_be_sent_again_can_still_be_called_back(outgoing: Outgoing) -> None:
    _, number = outgoing.trouble()
    outgoing.decide(number, SEND_AGAIN)
    assert outgoing.decide(number, CANCEL).cells["state"] == "dibatalkan"
    assert outgoing.store.claim_message(MOMENT + DAY) is None


@pytest.mark.parametrize("number", ["", "0", "99", "-1", "satu", "１", "9" * 30])
def test_a_number_that_nothing_has_is_ignored(outgoing: Outgoing, number: str) -> None:
    outgoing.trouble()
    before = outgoing.tray.rows(MOMENT)
    outgoing.tray.decide(number, {"decision": SEND_AGAIN}, RULES, MOMENT)
    assert outgoing.tray.rows(MOMENT) == before


def test_the_oldest_comes_first_and_nothing_older_than_a_month(outgoing: Outgoing) -> None:
    _, late = outgoing.trouble(at=MOMENT + DAY)
    _, early = outgoing.trouble(at=MOMENT)
    assert list(outgoing.tray.rows(MOMENT + DAY)) == [early, late]
    assert list(outgoing.tray.rows(MOMENT + timedelta(days=30, hours=1))) == [late]


def test_of_very_many_the_oldest_stand_there_and_the_last_says_how_many_more(
    outgoing: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_tray, "SHOWN_AT_ONCE", 2)
    numbers = [outgoing.trouble(State.TASK, MOMENT + number * HOUR)[1] for number in range(4)]
    rows = outgoing.tray.rows(MOMENT + DAY)
    assert list(rows) == numbers[:2]
    assert "Masih ada" not in rows[numbers[0]].cells["problem"]
    assert "Masih ada 2 lagi yang menunggu" in rows[numbers[1]].cells["problem"]
    assert all(row.cells["text"] for row in rows.values())
    outgoing.decide(numbers[0], SENT_ALREADY, MOMENT + DAY)
    rows = outgoing.tray.rows(MOMENT + DAY)
    assert [number for number, row in rows.items() if row.waits] == numbers[1:3]
    assert "Masih ada 1 lagi yang menunggu" in rows[numbers[2]].cells["problem"]
    assert "Masih ada" not in rows[numbers[1]].cells["problem"]


def test_the_text_of_a_task_follows_its_complaint_and_the_wording(outgoing: Outgoing) -> None:
    ticket, _ = outgoing.trouble()
    outgoing.store.queue_message(ReporterMessage(MessageKind.STATUS, ticket, channel=Channel.WHATSAPP), MOMENT)
    claimed = outgoing.store.claim_message(MOMENT)
    assert claimed
    outgoing.store.settle_message(claimed, State.TASK, MOMENT, "ditutup")
    number, texts = str(claimed.id), []
    for status in (Status.DISPOSED, Status.ARCHIVED):
        change = Event(EventKind.ACT, MOMENT, "staf", {"act": "uji"})
        outgoing.store.commit([Change(ticket, {"status": status}, [change])])
        texts.append(outgoing.row(number).cells["text"])
    row = [["code", "status"], ["text", "Kata lain untuk {tiket}."]]
    outgoing.store.put_setting("configuration", {"Template Pesan": [row]})
    texts.append(outgoing.row(number).cells["text"])
    assert len(set(texts)) == 3
    assert texts[2].startswith(f"Kata lain untuk {ticket}.")
