"""What papers are told, read from a real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.sync import rows
from forms.papers import Paper, facts_of, receipt_facts, render
from forms.papers.facts import FOLLOW_UP_COLUMN, MASK, RESTRICTED_MASK, texts_of
from register import tables
from register.changes import Change
from register.complaint import DEEMED_WITHDRAWN, Channel, Event, EventKind, Status
from register.database import migrate, open_engine, sqlite_url
from register.errors import TicketNotFoundError
from register.sealing import load_keyring
from register.store import Store
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT
from tests.forms.papers.paper_facts import OFFICE, the_intake

HOUR = timedelta(hours=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    store = Store(engine, load_keyring(tmp_path / "kunci", create=True))
    yield store
    store.close()


def read(hours: int, said: str, **data: str) -> Event:
    told = {"column": FOLLOW_UP_COLUMN, **data}
    return Event(EventKind.CELL_READ, MOMENT + hours * HOUR, "staf", told, {"value": said})


def act(hours: int, status: Status, label: str = "") -> Event:
    return Event(EventKind.ACT, MOMENT + hours * HOUR, "staf", {"status": status.value}, public_label=label)


def test_everything_about_a_ticket_is_gathered(store: Store) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    events = (
        read(1, "Bank dihubungi."),
        read(2, "Bank dihubungi, saldo terisi."),
        read(3, "diketik pada rintisan", used="tidak"),
        act(4, Status.RESOLVED, "Pengaduan dinyatakan selesai"),
        act(5, Status.IN_PROGRESS, "Pengaduan dibuka kembali"),
        act(6, Status.RESOLVED, "Pengaduan dinyatakan selesai"),
        act(7, Status.ARCHIVED),
    )
    changed = {"status": Status.ARCHIVED.value, "replied_at": MOMENT + 2 * HOUR}
    store.commit([Change(ticket, changed, events, reply="Sudah cair.")])
    store.seal_day(MOMENT + timedelta(days=2))
    facts = facts_of(store, ticket, OFFICE, now=MOMENT, documents=["foto.jpg"])
    assert facts.intake == the_intake()
    assert facts.reply is not None
    assert (facts.reply.text, facts.follow_up) == ("Sudah cair.", "Bank dihubungi, saldo terisi.")
    assert facts.closing is not None
    assert facts.closing.at == MOMENT + 6 * HOUR
    told = texts_of(facts, frozenset())
    assert (told["outcome"], told["outcome_said"]) == ("Selesai", "Selesai. Pengaduan dinyatakan selesai.")
    assert [event.public_label for event in facts.timeline][-1] == "Pengaduan dinyatakan selesai"
    assert facts.root is not None
    assert facts.root == store.last_root()
    assert (facts.documents, facts.printed_at) == (("foto.jpg",), MOMENT)


@pytest.mark.parametrize(
    ("actor", "name"),
    [("Rini@aduan.invalid", "Rini Contoh"), ("budi@aduan.invalid", ""), ("rini", ""), ("pelapor", "")],
)
def test_the_clerk_who_recorded_it_is_named(store: Store, actor: str, name: str) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT, actor=actor).complaint.ticket
    office = replace(OFFICE, staff={"rini": "Rini Contoh", "pelapor": "Bukan"})
    assert {facts_of(store, ticket, office).clerk, receipt_facts(store, ticket, office).clerk} == {name}


def test_an_open_complaint_was_not_closed(store: Store) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    facts = facts_of(store, ticket, OFFICE)
    assert facts.closing is None
    assert texts_of(facts, frozenset())["outcome"] == ""


def test_what_was_not_completed_in_time_ended_so(store: Store) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    data = {"act": DEEMED_WITHDRAWN, "status": Status.WITHDRAWN.value}
    event = Event(EventKind.ACT, MOMENT + HOUR, "sistem", data)
    store.commit([Change(ticket, {"status": Status.WITHDRAWN.value, "closed_by": DEEMED_WITHDRAWN}, (event,))])
    assert texts_of(facts_of(store, ticket, OFFICE), frozenset())["outcome"] == "Dianggap Dicabut"


def test_of_an_erased_complaint_the_rest_is_left(store: Store, tmp_path: Path) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    store.commit([Change(ticket, events=(read(1, "Bank dihubungi."),))])
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    with engine.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys))
    engine.dispose()
    facts = facts_of(store, ticket, OFFICE)
    assert (facts.intake, facts.reply, facts.follow_up) == (None, None, "")
    assert facts.complaint is not None
    assert len(facts.timeline) == 1


@pytest.mark.parametrize("paper", [Paper.RECEIPT, Paper.RECEIPT_A4, Paper.RECEIPT_SLIP])
def test_a_receipt_is_made_without_opening_what_is_sealed(store: Store, paper: Paper) -> None:
    ticket = store.accept(the_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    short = receipt_facts(store, ticket, OFFICE, now=MOMENT)
    assert (short.intake, short.timeline, short.follow_up) == (None, (), "")
    assert render(paper, short) == render(paper, facts_of(store, ticket, OFFICE, now=MOMENT))


def test_a_ticket_that_nobody_has(store: Store) -> None:
    with pytest.raises(TicketNotFoundError):
        facts_of(store, "7K3M-Q9TX-2", OFFICE)


def test_papers_call_things_as_the_register_does() -> None:
    """They may not import it, as forms know only the store."""
    assert next(column.header for column in REGISTER.columns if column.key == "follow_up") == FOLLOW_UP_COLUMN
    assert (MASK, RESTRICTED_MASK) == (rows.MASK, rows.RESTRICTED_MASK)
