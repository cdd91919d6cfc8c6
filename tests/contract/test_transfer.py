"""What comes from other registers: old rows once each, and a whole office or nothing, on both databases."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from register import tables
from register.changes import Change
from register.complaint import Channel, Clock, Complaint, Event, EventKind, Identity, Procedure, Status
from register.database import migrate, open_engine, sqlite_url
from register.old_rows import Fate, Imported
from register.sealing import load_keyring
from register.store import Store
from register.tickets import new_ticket
from tests.builders import MOMENT, an_intake

OLD = MOMENT - timedelta(days=700)


def an_old_row(key: str, **changes: object) -> Imported:
    complaint = Complaint(
        ticket=new_ticket(),
        number=0,
        channel=Channel.DESK,
        procedure=Procedure.LANGSUNG,
        identity=Identity.OPEN,
        received_at=OLD,
        recorded_at=OLD,
        updated_at=MOMENT,
        status=Status.ARCHIVED,
        step_begun_at=MOMENT,
    )
    receipt = Event(EventKind.RECEIVED, MOMENT, "impor", {"channel": "desk", "received_at": OLD.isoformat()})
    filed = Event(EventKind.ACT, MOMENT, "impor", {"act": "arsipkan", "status": "archived"})
    return Imported(complaint, an_intake(**changes), key, (receipt, filed))


def test_rows_are_added_once_and_numbered_without_a_gap(store: Store) -> None:
    transfer = store.transfer
    rows = [an_old_row(str(number), name=f"Ibu {number}") for number in range(5)]
    assert transfer.fates([(row.key, row.intake) for row in rows]) == [Fate.NEW] * 5
    assert transfer.add(rows[:3]) == [Fate.NEW] * 3
    assert transfer.add(rows) == [Fate.REPEATED] * 3 + [Fate.NEW] * 2
    assert transfer.add([an_old_row("1", name="Orang Lain")]) == [Fate.CONFLICT]
    complaints = list(store.complaints().values())
    assert [each.number for each in complaints] == [1, 2, 3, 4, 5]
    assert {each.recorded_at for each in complaints} == {OLD}
    assert [store.intake(each.ticket).name for each in complaints] == [f"Ibu {number}" for number in range(5)]
    assert store.accept(an_intake(), channel=Channel.DESK, now=MOMENT).complaint.number == 1, "of this year"
    assert store.verify().findings == []


def test_rows_are_all_there_or_none(store: Store) -> None:
    good, broken = an_old_row("1"), an_old_row("2")
    with pytest.raises(sa.exc.IntegrityError):
        store.transfer.add([good, Imported(good.complaint, broken.intake, broken.key, broken.events)])
    assert store.transfer.is_empty()
    assert store.transfer.counters() == {}


def test_imported_rows_are_no_news(store: Store) -> None:
    store.transfer.add([an_old_row("1")])
    cursor = store.begin_news()  # the first time it takes note of all that is known
    assert set(store.news_told(store.complaints())) == set(store.complaints())
    assert cursor == store.transfer.end()[0]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Store]:
    """Another office, lived in for two days, with one complaint erased."""
    folder = tmp_path / "lain"
    folder.mkdir()
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    store = Store(engine, load_keyring(folder / "kunci", create=True))
    first = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint
    gone = store.accept(an_intake(), channel=Channel.DESK, now=MOMENT).complaint
    later = MOMENT + timedelta(days=1)
    clock = Clock("langkah.1", 0, MOMENT, later, "5 menit", done_at=later, done_by="sistem")
    told = Event(EventKind.REPLIED, later, "staf", {"status": "awaiting_reporter"}, {"value": "Sudah."})
    fields = {"status": Status.AWAITING_REPORTER, "replied_at": later, "updated_at": later}
    fields |= {"pauses": ((later, None),)}
    store.commit([Change(first.ticket, fields, (told,), reply="Sudah.", clocks=(clock,))])
    with engine.begin() as connection:
        connection.execute(tables.complaint_keys.delete().where(tables.complaint_keys.c.ticket == gone.ticket))
    store.seal_day(later + timedelta(days=1))
    yield store
    store.close()


def test_a_whole_office_is_taken_over(store: Store, elsewhere: Store) -> None:
    last = Event(EventKind.IMPORTED, MOMENT + timedelta(days=3), "impor", {"source": "aduan"})
    with elsewhere.transfer.snapshot() as source:
        asked = list(source.wholes(lambda _: True)), list(source.trail(source.end()[0])), source.counters()
    assert [whole.intake is None for whole in asked[0]] == [False, True]
    assert store.transfer.take_over(*asked, last)
    assert not store.transfer.take_over(*asked, last), "and only once"
    tickets = list(elsewhere.complaints())
    assert store.complaints() == elsewhere.complaints()
    assert store.clocks(tickets) == elsewhere.clocks(tickets)
    assert store.intakes(tickets) == elsewhere.intakes(tickets)
    assert store.reply(tickets[0]) == elsewhere.reply(tickets[0])
    assert store.events(tickets[0]) == elsewhere.events(tickets[0])
    assert store.timeline(tickets[0]) == elsewhere.timeline(tickets[0])
    roots = store.seal_day(last.at + timedelta(days=1))
    assert len(roots) == 3, "each day of the old office, and that of the take-over"
    assert store.verify().findings == []
    assert store.accept(an_intake(), channel=Channel.WEB, now=datetime.now(MOMENT.tzinfo)).complaint.number == 3


def test_half_of_an_office_is_nothing(store: Store, elsewhere: Store) -> None:
    with elsewhere.transfer.snapshot() as source:
        wholes = list(source.wholes(lambda _: True))
    last = Event(EventKind.IMPORTED, MOMENT, "impor")

    def broken_off() -> Iterator[object]:
        raise ValueError("the file ends here")
        yield

    with pytest.raises(ValueError, match="the file ends here"):
        store.transfer.take_over(wholes, broken_off(), {2026: 2}, last)
    assert store.transfer.is_empty()
