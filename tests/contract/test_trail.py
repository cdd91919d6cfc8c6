"""The chained audit trail on every database: nobody changes, removes, adds, moves or backdates an event unnoticed."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register import facts, tables
from register.chain import GENESIS, Link, PrintedRootError, Root, printed_root
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind, Identity, Status
from register.database import open_engine
from register.sealing import Keyring
from register.store import Store
from register.tables import instant_text
from register.verification import LISTED, Verification
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING, Database

ROOT = Path(__file__).parents[2]
MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
COMPLAINTS = 3
DAYS = 4
SEALED_UNTIL = MOMENT + (DAYS - 1) * DAY + timedelta(hours=1)
"""The last day's afternoon: all days but it are sealed."""


def act(at: datetime, status: Status = Status.IN_PROGRESS) -> Event:
    secret = {"value": "rahasia"}
    return Event(EventKind.ACT, at, "petugas", {"act": "proses", "status": status.value}, secret, "Diproses")


def file(store: Store, at: datetime = MOMENT) -> str:
    return store.accept(an_intake(), channel=Channel.WEB, now=at).complaint.ticket


def office_days(store: Store, days: int = DAYS) -> list[str]:
    """Some days' work: a few complaints, each acted upon on each day; every finished day is sealed in the evening."""
    tickets = [file(store) for _ in range(COMPLAINTS)]
    for day in range(days):
        at = MOMENT + day * DAY
        store.seal_day(at)
        store.commit([Change(ticket, {"status": Status.IN_PROGRESS}, [act(at)]) for ticket in tickets])
    return tickets


def sentences(found: Verification) -> list[str]:
    return [str(finding) for finding in found.findings]


def named(found: Verification) -> set[int | None]:
    return {finding.seq for finding in found.findings}


def chain(engine: sa.Engine) -> list[sa.Row[Any]]:
    with engine.connect() as connection:
        return list(connection.execute(sa.select(tables.events).order_by(tables.events.c.seq)))


def roots(engine: sa.Engine) -> list[tuple[str, int]]:
    table = tables.trail_roots
    with engine.connect() as connection:
        return [(row.day, row.seq) for row in connection.execute(sa.select(table).order_by(table.c.seq))]


def unguarded(engine: sa.Engine, *statements: sa.Executable | str) -> None:
    """What somebody does who has the database, and therefore removes the triggers first."""
    sqlite = engine.dialect.name == "sqlite"
    names = ("events_update", "events_delete", "events_replace") if sqlite else ("events_frozen",)
    with engine.begin() as connection:
        for name in names:
            connection.execute(sa.text(f"DROP TRIGGER IF EXISTS {name} {'' if sqlite else 'ON events'}"))
        for statement in statements:
            connection.execute(sa.text(statement) if isinstance(statement, str) else statement)


@pytest.fixture
def worked(store: Store, engine: sa.Engine) -> Store:
    """A store with some days' trail that is whole."""
    office_days(store)
    assert sentences(store.verify()) == []
    unguarded(engine)
    return store


# -- appending ----------------------------------------------------------------------------------------------------


def test_each_event_carries_the_hash_of_the_one_before(store: Store, engine: sa.Engine) -> None:
    office_days(store)
    rows = chain(engine)
    assert [row.seq for row in rows] == list(range(1, COMPLAINTS * (1 + DAYS) + 1))
    assert [row.prev_hash for row in rows] == [GENESIS, *(row.hash for row in rows[:-1])]
    assert len({row.hash for row in rows}) == len(rows)
    found = store.verify()
    assert (found.events, found.last_hash, found.findings) == (len(rows), rows[-1].hash, [])


def test_empty_trail_is_whole(store: Store) -> None:
    found = store.verify()
    assert (found.events, found.root, found.findings) == (0, " ".join(["0000"] * 8), [])


def test_every_kind_of_event_and_any_data_stay_verifiable(store: Store, engine: sa.Engine) -> None:
    ticket = file(store)
    data = {"z": "1", "a": 'é "\\\u2028', "": "👩🏽"}
    for kind in EventKind:
        if kind not in (EventKind.DISPOSED, EventKind.REPLIED):  # these tell what the complaint must say too
            store.commit([Change(ticket, events=[Event(kind, MOMENT, "ü", data, {"x": "\x00"}, "Teks ✓")])])
    about_none = {"at": MOMENT, "kind": "kind_to_come", "actor": "sistem", "public_label": "", "data": {"n": 1}}
    with engine.begin() as connection:
        store._append(connection, [about_none | {"ticket": "", "sealed": None}])
    assert sentences(store.verify()) == []


def _appended(engine: sa.Engine, **changes: Any) -> dict[str, Any]:
    """An event rightly chained to the last one, as somebody would add it who knows how, but has no key file."""
    rows = chain(engine)
    values = rows[-1]._asdict() | {"seq": rows[-1].seq + 1, "prev_hash": rows[-1].hash} | changes
    return values | {"hash": _rehashed(values)}


def _rehashed(values: dict[str, Any]) -> bytes:
    names = ("seq", "ticket", "kind", "actor", "public_label", "data", "sealed")
    return Link(at=instant_text(values["at"]), **{name: values[name] for name in names}).hash(values["prev_hash"])


APPEND = """
import sys
from datetime import timedelta
from register.changes import Change
from register.complaint import Channel, Event, EventKind
from register.database import open_engine
from register.sealing import Keyring
from register.store import Store
from register.tables import instant_text
from tests.builders import MOMENT, an_intake
store = Store(open_engine(sys.argv[1]), Keyring(bytes(range(32))))
print("ready", flush=True)
sys.stdin.readline()
shared = sys.argv[2:]
for number in range(6):
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    events = [Event(EventKind.CELL_READ, MOMENT, sys.argv[0], {"n": str(number)}) for _ in range(3)]
    order = shared if number % 2 else shared[:1]
    store.commit([Change(ticket, events=events), *(Change(t, {"note": str(number)}, events) for t in order)])
"""


@pytest.mark.program
def test_processes_that_append_at_once_make_one_chain_without_gaps(
    store: Store, engine: sa.Engine, database: Database
) -> None:
    shared = [file(store), file(store)]
    command = [sys.executable, "-c", APPEND, database.url, *shared]
    pipe = subprocess.PIPE
    processes = [subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(2)]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n", process.communicate()
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    seen, tickets = 0, set[str]()
    while any(process.poll() is None for process in processes):  # a reader that comes by in between
        newest, changed = store.changed_since(seen)
        tickets |= changed
        assert newest >= seen
        seen = newest
    assert [(*process.communicate(timeout=60), process.returncode) for process in processes] == [("", "", 0)] * 2
    newest, changed = store.changed_since(seen)
    assert tickets | changed == set(store.complaints()), "the feed lost nothing on the way"
    assert newest == len(chain(engine)) == 2 + 2 * (6 + 6 * 3 + 3 * 6 + 3 * 3)
    assert sentences(store.verify()) == []


def test_change_that_fails_leaves_no_gap(store: Store, engine: sa.Engine) -> None:
    ticket = file(store)
    with pytest.raises(sa.exc.IntegrityError):
        store.commit([Change(ticket, events=[act(MOMENT)]), Change(ticket, {"status": None}, [act(MOMENT)])])
    store.commit([Change(ticket, {"status": Status.IN_PROGRESS}, [act(MOMENT)])])
    assert [row.seq for row in chain(engine)] == [1, 2]
    assert sentences(store.verify()) == []


def test_erasing_a_complaint_leaves_the_chain_whole(store: Store, engine: sa.Engine) -> None:
    tickets = office_days(store)
    with engine.begin() as connection:
        connection.execute(tables.complaint_keys.delete().where(tables.complaint_keys.c.ticket == tickets[0]))
    assert sentences(store.verify()) == []
    archived = replace(act(MOMENT + DAYS * DAY, Status.ARCHIVED), secret={})
    store.commit([Change(tickets[0], {"status": Status.ARCHIVED}, [archived])])
    assert sentences(store.verify()) == []


# -- tampering ----------------------------------------------------------------------------------------------------

EVENTS = COMPLAINTS * (1 + DAYS)
SEQS = st.integers(1, EVENTS)
FORGED: dict[str, Callable[[Any], Any]] = {
    "ticket": lambda _: "0000-0000-0",
    "at": lambda at: at - timedelta(microseconds=1),
    "kind": lambda _: EventKind.STEP_DONE.value,
    "actor": lambda actor: f"{actor} ",
    "public_label": lambda label: f"{label}.",
    "data": lambda data: {**data, "act": "tolak"},
    "sealed": lambda sealed: None if sealed else b"x",
    "prev_hash": lambda previous: previous[::-1] if previous != GENESIS else b"x" * 32,
    "hash": lambda own: own[::-1],
}
ON_ONE_STORE = settings(
    max_examples=settings.default.max_examples // 3,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def update(number: int, /, **values: Any) -> sa.Executable:
    return tables.events.update().where(tables.events.c.seq == number).values(**values)


def restored(engine: sa.Engine, rows: Sequence[sa.Row[Any]]) -> None:
    unguarded(engine, tables.events.delete(), sa.insert(tables.events).values([row._asdict() for row in rows]))


def test_all_columns_are_forged_below() -> None:
    assert set(FORGED) == {column.name for column in tables.events.c} - {"seq"}


@ON_ONE_STORE
@given(seq=SEQS, column=st.sampled_from(sorted(FORGED)))
def test_changed_column_is_found_and_named(worked: Store, engine: sa.Engine, seq: int, column: str) -> None:
    rows = chain(engine)
    before = getattr(rows[seq - 1], column)
    unguarded(engine, update(seq, **{column: FORGED[column](before)}))
    found = worked.verify()
    assert named(found) - {None} == {seq}, sentences(found)
    (said,) = [str(finding) for finding in found.findings if finding.seq == seq]
    assert said.startswith(f"Peristiwa {seq} (tiket ")
    assert "diubah" in said or "tidak bersambung" in said
    unguarded(engine, update(seq, **{column: before}))
    assert sentences(worked.verify()) == []


@ON_ONE_STORE
@given(first=SEQS, count=st.integers(1, EVENTS))
def test_missing_events_are_found_and_named(worked: Store, engine: sa.Engine, first: int, count: int) -> None:
    rows = chain(engine)
    last = min(first + count - 1, EVENTS)
    unguarded(engine, tables.events.delete().where(tables.events.c.seq.between(first, last)))
    said = sentences(worked.verify())
    which = f"Peristiwa {first}" if first == last else f"Peristiwa {first} sampai {last}"
    assert any(sentence.startswith(f"{which} hilang") for sentence in said), said
    restored(engine, rows)
    assert sentences(worked.verify()) == []


@ON_ONE_STORE
@given(pair=st.lists(SEQS, min_size=2, max_size=2, unique=True))
def test_exchanged_events_are_found_and_named(worked: Store, engine: sa.Engine, pair: list[int]) -> None:
    one, other = pair
    rows = chain(engine)
    unguarded(engine, update(one, seq=-1), update(other, seq=one), update(-1, seq=other))
    said = sentences(worked.verify())
    for here, origin in ((one, other), (other, one)):
        assert any(s.startswith(f"Peristiwa {here} ") and f"semula peristiwa {origin}." in s for s in said), said
    restored(engine, rows)
    assert sentences(worked.verify()) == []


@ON_ONE_STORE
@given(at=st.sampled_from([-3, 0, EVENTS + 1, EVENTS + 2]), rightly=st.booleans())
def test_inserted_event_is_found_and_named(worked: Store, engine: sa.Engine, at: int, rightly: bool) -> None:
    values = _appended(engine, seq=at) if rightly else chain(engine)[3]._asdict() | {"seq": at}
    unguarded(engine, sa.insert(tables.events).values(**values))
    found = worked.verify()
    assert at in named(found), sentences(found)
    assert named(found) <= {at, 1, None}
    unguarded(engine, tables.events.delete().where(tables.events.c.seq == at))
    assert sentences(worked.verify()) == []


def test_event_squeezed_in_between_shifts_all_later_ones(worked: Store, engine: sa.Engine) -> None:
    rows = chain(engine)
    shifted = [row._asdict() | {"seq": row.seq + 1} for row in rows[5:]]
    forged = rows[2]._asdict() | {"seq": 6}
    unguarded(engine, tables.events.delete().where(tables.events.c.seq > 5), *_inserts([forged, *shifted]))
    said = sentences(worked.verify())
    assert any(s.startswith("Peristiwa 6 ") and "diubah atau disisipkan" in s for s in said), said
    assert any(s.startswith("Peristiwa 7 ") and "semula peristiwa 6." in s for s in said), said


def _inserts(values: Sequence[dict[str, Any]]) -> list[sa.Executable]:
    return [sa.insert(tables.events).values(**row) for row in values]


def rewritten(rows: Sequence[sa.Row[Any]], seq: int, **changes: Any) -> list[dict[str, Any]]:
    """The chain from `seq` on, changed there and rightly hashed anew, as far as one can without the key file."""
    previous, made = rows[seq - 1].prev_hash, []
    for row in rows[seq - 1 :]:
        values = row._asdict() | (changes if row.seq == seq else {}) | {"prev_hash": previous}
        previous = _rehashed(values)
        made.append(values | {"hash": previous})
    return made


@ON_ONE_STORE
@given(seq=SEQS, roots_too=st.booleans())
def test_chain_that_is_written_anew_without_the_key_file_is_found(
    worked: Store, engine: sa.Engine, seq: int, roots_too: bool
) -> None:
    rows, before = chain(engine), _sealed(engine)
    forged = rewritten(rows, seq, actor="orang lain")
    head = tables.trail_head.update().values(hash=forged[-1]["hash"])
    unguarded(engine, tables.events.delete().where(tables.events.c.seq >= seq), *_inserts(forged), head)
    if roots_too:
        table = tables.trail_roots
        unguarded(engine, *(table.update().where(table.c.seq == r["seq"]).values(hash=r["hash"]) for r in forged))
    said = sentences(worked.verify())
    assert any(sentence.startswith("Meterai kepala rantai") for sentence in said), said
    spoilt = [day for day, root_seq in roots(engine) if root_seq >= seq]
    assert all(any(day in sentence for sentence in said) for day in spoilt), said
    worked.commit([Change(rows[0].ticket, events=[act(MOMENT + 3 * DAY)])])
    assert "Meterai" in "".join(sentences(worked.verify())), "going on does not heal it"
    _put_back(engine, rows, before)


def _sealed(engine: sa.Engine) -> list[tuple[sa.Table, list[dict[str, Any]]]]:
    with engine.connect() as connection:
        return [
            (table, [row._asdict() for row in connection.execute(sa.select(table))])
            for table in (tables.trail_head, tables.trail_roots)
        ]


def _put_back(
    engine: sa.Engine, rows: Sequence[sa.Row[Any]], before: list[tuple[sa.Table, list[dict[str, Any]]]]
) -> None:
    restored(engine, rows)
    for table, kept in before:
        unguarded(engine, table.delete(), sa.insert(table).values(kept))


HEADS = {
    "removed": ("DELETE FROM trail_head", "Kepala rantai hilang"),
    "doubled": ("INSERT INTO trail_head SELECT 2, seq, hash, mac FROM trail_head", "Kepala rantai hilang, ganda"),
    "set back": ("UPDATE trail_head SET seq = seq - 1", "disisipkan di ujung"),
    "set forward": ("UPDATE trail_head SET seq = seq + 2", f"Peristiwa {EVENTS + 1} sampai {EVENTS + 2} hilang"),
    "other hash": ("UPDATE trail_head SET hash = (SELECT hash FROM events WHERE seq = 1)", "tidak cocok dengan per"),
    "other MAC": ("UPDATE trail_head SET mac = 'abc'", "Meterai kepala rantai"),
    "no MAC": ("UPDATE trail_head SET mac = ''", "Meterai kepala rantai"),
}


@pytest.mark.parametrize("forged", HEADS)
def test_changed_head_is_found_and_complaints_go_on(worked: Store, engine: sa.Engine, forged: str) -> None:
    statement, said = HEADS[forged]
    unguarded(engine, statement)
    assert any(said in sentence for sentence in sentences(worked.verify()))
    if forged != "doubled":
        file(worked, SEALED_UNTIL)
        healed = forged == "set back"  # the next event puts the number right, and nothing else was touched
        assert (sentences(worked.verify()) == []) is healed


def test_end_that_is_cut_off_together_with_the_head_is_found(worked: Store, engine: sa.Engine) -> None:
    last = chain(engine)[-3]
    head = tables.trail_head.update().values(seq=last.seq, hash=last.hash)
    unguarded(engine, tables.events.delete().where(tables.events.c.seq > last.seq), head)
    assert any(sentence.startswith("Meterai kepala rantai") for sentence in sentences(worked.verify()))


ROOTS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "hash": (lambda own: own[::-1], "2026-11-24"),
    "seq": (lambda seq: seq - 1, "2026-11-24"),
    "newest": (lambda newest: newest + 1, "2026-11-24"),
    "mac": (lambda mac: mac[::-1], "2026-11-24"),
    "day": (lambda _: "2026-12-25", "2026-12-25"),
}


@pytest.mark.parametrize("column", ROOTS)
def test_changed_root_is_found_and_its_day_named(worked: Store, engine: sa.Engine, column: str) -> None:
    change, said = ROOTS[column]
    table = tables.trail_roots
    with engine.connect() as connection:
        before = connection.execute(sa.select(table.c[column]).where(table.c.day == "2026-11-24")).scalar_one()
    unguarded(engine, table.update().where(table.c.day == "2026-11-24").values(**{column: change(before)}))
    assert any(said in s and "segelnya tidak cocok" in s for s in sentences(worked.verify()))


def test_missing_root_between_others_is_found(worked: Store, engine: sa.Engine) -> None:
    table = tables.trail_roots
    unguarded(engine, table.delete().where(table.c.day == "2026-11-24"))
    assert sentences(worked.verify()) == ["Tanggal 2026-11-24: akar hari itu hilang."]


def test_all_of_a_long_trail_spoilt_is_counted_and_not_listed(store: Store, engine: sa.Engine) -> None:
    ticket = file(store)
    count = LISTED + 50
    store.commit([Change(ticket, {"status": Status.IN_PROGRESS}, [act(MOMENT)] * count)])
    unguarded(engine, "UPDATE events SET actor = 'x'")
    found = store.verify()
    assert (len(found.findings), found.unlisted) == (LISTED, count + 1 - LISTED)


UNREADABLE = {
    "at": "'kemarin'",
    "data": "'{'",
    "actor": "x'fffe'",
    "kind": "CAST(x'fffe' AS TEXT)",
    "sealed": "'teks'",
    "prev_hash": "'teks'",
    "hash": "7",
    "public_label": "x''",
}


@pytest.mark.parametrize("column", UNREADABLE)
def test_rubbish_in_an_sqlite_file_is_named_and_does_not_end_the_verification(
    worked: Store, engine: sa.Engine, column: str
) -> None:
    if engine.dialect.name != "sqlite":
        return  # PostgreSQL takes no value of another type
    unguarded(engine, f"UPDATE events SET {column} = {UNREADABLE[column]} WHERE seq = 5")
    assert 5 in named(worked.verify())


# -- days ---------------------------------------------------------------------------------------------------------


def test_finished_days_are_sealed_once(store: Store, engine: sa.Engine) -> None:
    tickets = office_days(store, 1)
    wita_midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert store.seal_day(wita_midnight + timedelta(minutes=59)) == []
    (made,) = store.seal_day(wita_midnight + timedelta(minutes=60))
    assert (made.day, made.seq, made.newest) == (MONDAY, 6, 6)
    assert made.hash == chain(engine)[-1].hash
    assert store.last_root() == made
    for again in (store, Store(engine, KEYRING)):
        assert again.seal_day(wita_midnight + 3 * DAY) == [], "days without events have no root"
    store.commit([Change(tickets[0], events=[act(MOMENT + 4 * DAY)])])
    store.commit([Change(tickets[0], events=[act(MOMENT + 5 * DAY)])])
    made_late = Store(engine, KEYRING).seal_day(MOMENT + 9 * DAY)
    assert [(root.day, root.seq) for root in made_late] == [(MONDAY + 4 * DAY, 7), (MONDAY + 5 * DAY, 8)]
    assert sentences(store.verify()) == []


@ON_ONE_STORE
@given(hours=st.lists(st.integers(0, 24 * 5), min_size=1, max_size=8), rounds=st.integers(1, 3))
def test_each_day_is_sealed_at_its_last_event_whatever_the_clock_did(
    store: Store, engine: sa.Engine, hours: list[int], rounds: int
) -> None:
    unguarded(engine, *(table.delete() for table in (tables.events, tables.trail_head, tables.trail_roots)))
    instants = [MOMENT + timedelta(hours=hour, minutes=hour) for hour in hours]
    values = {"ticket": "", "kind": "act", "actor": "x", "public_label": "", "data": {}, "sealed": None}
    with engine.begin() as connection:
        store._append(connection, [values | {"at": at} for at in instants])
    day, ends = date.min, dict[date, int]()
    for seq, at in enumerate(instants, start=1):
        day = max(day, (at + timedelta(hours=8)).date())
        ends[day] = seq
    for number in range(rounds):
        Store(engine, KEYRING).seal_day(MOMENT + (6 + number) * DAY)
    assert roots(engine) == [(day.isoformat(), seq) for day, seq in ends.items()]
    assert sentences(store.verify()) == []


def test_sealing_refuses_a_naive_instant(store: Store) -> None:
    with pytest.raises(ValueError, match="aware"):
        store.seal_day(datetime(2026, 11, 23, 10, 30))


def test_backdated_event_is_found_even_if_the_program_itself_recorded_it(worked: Store, engine: sa.Engine) -> None:
    ticket = chain(engine)[0].ticket
    worked.commit([Change(ticket, events=[act(MOMENT + 2 * DAY)])])
    (finding,) = worked.verify().findings
    assert (finding.seq, finding.ticket, finding.day) == (EVENTS + 1, ticket, MONDAY + 2 * DAY)
    assert str(finding).endswith("bertanggal mundur; akar 2026-11-25 sudah disegel sebelumnya.")


def test_paper_that_is_recorded_later_is_not_backdated(worked: Store) -> None:
    came = MOMENT - 30 * DAY
    accepted = worked.accept(an_intake(), channel=Channel.DESK, now=SEALED_UNTIL, received_at=came, actor="petugas")
    (shown,) = worked.timeline(accepted.complaint.ticket)
    (recorded,) = worked.events(accepted.complaint.ticket)
    assert (shown.at, recorded.at) == (came, SEALED_UNTIL)
    assert recorded.data == {"channel": "desk", "received_at": came.isoformat()}
    assert sentences(worked.verify()) == []


def test_clock_that_ran_ahead_is_told_once_it_is_right_again_and_sealing_goes_on(store: Store) -> None:
    ticket = file(store)
    ahead = MOMENT + 1000 * DAY
    store.commit([Change(ticket, events=[act(ahead)], fields={"status": Status.IN_PROGRESS})])
    store.seal_day(ahead + 2 * DAY)
    store.commit([Change(ticket, events=[act(MOMENT + DAY)])])
    assert [root.day for root in store.seal_day(MOMENT + 2 * DAY)] == [MONDAY + DAY]
    store.commit([Change(ticket, events=[act(MOMENT + 2 * DAY)])])
    said = sentences(store.verify())
    assert len(said) == 2, said
    assert "jam komputer pernah mundur" in said[0]
    assert said[1].startswith("Peristiwa 3 ")


# -- roots on paper -----------------------------------------------------------------------------------------------


def test_printed_root_is_known_again_however_it_is_typed(worked: Store) -> None:
    root = worked.last_root()
    assert root is not None
    now = worked.verify().root
    for typed in (root.printed, root.printed.upper(), root.printed.replace(" ", ""), root.printed.replace(" ", "-")):
        for day in (root.day, root.day + DAY):
            assert sentences(worked.verify([(day, typed), (MONDAY + 5 * DAY, now)])) == []


def test_printed_root_of_another_day_or_chain_is_not(worked: Store, engine: sa.Engine) -> None:
    root = worked.last_root()
    assert root is not None
    for day, typed in ((root.day - DAY, root.printed), (root.day, printed_root(b"x" * 32))):
        (said,) = sentences(worked.verify([(day, typed)]))
        assert said.startswith(f"Tanggal {day}: akar cetak {typed} tidak ada")


@pytest.mark.parametrize("typed", ["", "abc", "zz" * 16, "ab" * 17, "0x" + "ab" * 16])
def test_what_is_no_root_is_refused(store: Store, typed: str) -> None:
    with pytest.raises(PrintedRootError, match="heksadesimal"):
        store.verify([(MONDAY, typed)])


def test_only_paper_shows_what_was_forged_with_the_key_file(worked: Store, engine: sa.Engine) -> None:
    """Whoever holds database and key file can write everything anew; what was printed before, they cannot."""
    printed = worked.last_root()
    assert printed is not None
    rows = [row._asdict() for row in chain(engine)]
    unguarded(engine, *(table.delete() for table in (tables.events, tables.trail_head, tables.trail_roots)))
    for row in rows:
        with engine.begin() as connection:
            entry = {name: row[name] for name in ("ticket", "at", "kind", "actor", "public_label", "data", "sealed")}
            worked._append(connection, [entry | ({"actor": "orang lain"} if row["seq"] == 2 else {})])
    Store(engine, KEYRING).seal_day(SEALED_UNTIL)
    assert sentences(worked.verify()) == []
    assert len(sentences(worked.verify([(printed.day, printed.printed)]))) == 1


def test_another_key_file_does_not_confirm_the_trail(worked: Store, engine: sa.Engine) -> None:
    said = sentences(Store(engine, Keyring(bytes(32))).verify())
    assert sum("segelnya tidak cocok" in sentence for sentence in said) == DAYS - 1
    assert any(sentence.startswith("Meterai kepala rantai") for sentence in said)


def test_roots_seal_every_part_of_themselves() -> None:
    root = Root(MONDAY, 3, b"h" * 32, 4)
    others = [
        replace(root, day=MONDAY + DAY),
        replace(root, seq=4),
        replace(root, hash=b"i" * 32),
        replace(root, newest=5),
    ]
    assert len({other.mac(KEYRING.digest) for other in (root, *others)}) == 5


# -- complaints and their events ----------------------------------------------------------------------------------

STANDINGS = {
    "status": ("UPDATE complaints SET status = 'resolved'", "statusnya Selesai, tetapi menurut jejak Dalam Proses."),
    "strange status": ("UPDATE complaints SET status = 'x'", "statusnya x, tetapi menurut jejak Dalam Proses."),
    "bidang": ("UPDATE complaints SET bidang = ''", "disposisinya kosong, tetapi menurut jejak Rehsos."),
    "urgency": ("UPDATE complaints SET urgency = 'Rendah'", "urgensinya Rendah, tetapi menurut jejak Darurat."),
    "category": ("UPDATE complaints SET category = 'PKH'", "klasifikasinya PKH, tetapi menurut jejak ANAK."),
    "reply": ("UPDATE complaints SET replied_at = NULL", "waktu balasannya tidak sama"),
}


@pytest.mark.parametrize("forged", STANDINGS)
def test_complaint_that_contradicts_its_events_is_named(store: Store, engine: sa.Engine, forged: str) -> None:
    ticket = file(store)
    told = {"bidang": "Rehsos", "urgency": "Darurat", "category": "ANAK"}
    disposed = Event(EventKind.DISPOSED, MOMENT, "sistem", told)
    store.commit([Change(ticket, {**told, "status": Status.DISPOSED}, [disposed])])
    assert sentences(store.verify()) == []
    replied = Event(EventKind.REPLIED, MOMENT + DAY, "petugas")
    fields = {"status": Status.IN_PROGRESS, "replied_at": MOMENT + DAY}
    store.commit([Change(ticket, fields, [act(MOMENT), replied], reply="jawaban")])
    assert sentences(store.verify()) == []
    statement, said = STANDINGS[forged]
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    (found,) = sentences(store.verify())
    assert found.startswith(f"Tiket {ticket}: {said}")


FACTS = {
    "UPDATE complaints SET number = 99": "nomor registernya",
    "UPDATE complaints SET channel = 'phone'": "kanalnya",
    "UPDATE complaints SET identity = 'open'": "jenis identitasnya",
    "UPDATE complaints SET received_at = '2026-11-22T02:30:00.000000Z'": "waktu masuknya",
    "UPDATE complaints SET restricted = false": "tanda terbatasnya",
    "UPDATE complaints SET due_at = 'kemarin'": "batas waktunya",
    "UPDATE complaints SET step_due_at = NULL": "batas langkahnya",
    "UPDATE complaints SET answered_at = '2026-11-23T02:30:00.000000Z'": "waktu jawabannya",
    """UPDATE complaints SET pauses = '[["2026-11-23T02:30:00.000000Z", null]]'""": "waktu berhentinya",
    "UPDATE complaints SET extended_at = NULL": "waktu perpanjangannya",
    "UPDATE complaints SET extension = '50 hari kerja'": "lama perpanjangannya",
    "UPDATE complaints SET merged_into = ''": "tiket induknya",
    "UPDATE complaints SET round = 3": "jumlah pembukaan kembalinya",
    "UPDATE complaints SET district = 'Tabang'": "kecamatannya",
    "UPDATE complaints SET inactive_since = '2026-11-23T02:30:00.000000Z'": "waktu pemindahannya ke arsip",
    "UPDATE complaints SET held_since = '2026-11-23T02:30:00.000000Z'": "waktu penahanannya",
    "UPDATE complaints SET erased_at = '2026-11-23T02:30:00.000000Z'": "waktu penghapusan datanya",
    "UPDATE clocks SET begun_at = '0001-01-01T00:00:00.000000Z' WHERE round = 0": "waktu mulai jawaban",
    "UPDATE clocks SET due_at = '2030-01-01T00:00:00.000000Z' WHERE round = 0": "batas jawaban",
    "UPDATE clocks SET done_at = '2026-11-23T03:00:00.000000Z' WHERE round = 0": "waktu selesai jawaban",
    "UPDATE clocks SET round = 7 WHERE round = 1": "waktu langkah.6 tidak tercatat dalam jejak.",
    "DELETE FROM clocks WHERE round = 1": "waktu langkah.6 hilang dari basis data.",
}


def timed(store: Store) -> str:
    """A complaint of which every fact was set, in two changes."""
    at = MOMENT + timedelta(hours=1)
    intake = replace(an_intake(), identity=Identity.CONFIDENTIAL)
    ticket = store.accept(intake, channel=Channel.WEB, now=MOMENT).complaint.ticket
    clock = Clock("jawaban", 0, MOMENT, MOMENT + DAY, "1 hari kerja")
    set_at = dict.fromkeys(("due_at", "step_due_at", "answered_at", "extended_at"), at)
    others = {"restricted": True, "extension": "5 hari kerja", "merged_into": "ABCD-EFGH-J", "round": 1}
    fields = {**set_at, **others, "pauses": ((MOMENT, at),)}
    store.commit([Change(ticket, fields, [act(MOMENT)], clocks=[clock])])
    running = Clock("langkah.6", 1, at, at + DAY, "1 hari kerja")
    fields = {"status": Status.IN_PROGRESS, "due_at": at + DAY, "pauses": ((MOMENT, at), (at, None))}
    clocks = [replace(clock, done_at=at, done_by="staf"), running]
    store.commit([Change(ticket, fields, [act(MOMENT), act(at)], clocks=clocks)])
    return ticket


@pytest.mark.parametrize("statement", FACTS)
def test_fact_that_was_changed_in_the_database_is_named(store: Store, engine: sa.Engine, statement: str) -> None:
    ticket = timed(store)
    assert sentences(store.verify()) == []
    with engine.begin() as connection:
        connection.execute(sa.text(statement))
    said = sentences(store.verify())
    assert any(sentence.startswith(f"Tiket {ticket}: {FACTS[statement]}") for sentence in said), said


def test_all_facts_are_forged_above() -> None:
    kept = {*facts.COLUMNS.values(), *facts.CLOCK_COLUMNS.values()} - {"SOP-nya", "waktu pencatatannya"}
    assert {label for label in kept if not any(said.startswith(label) for said in FACTS.values())} == set()


def test_a_table_of_clocks_that_is_gone_is_told(store: Store, engine: sa.Engine) -> None:
    ticket = timed(store)
    with engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE clocks"))
    said = sentences(store.verify())
    assert said[0] == "Tabel waktu pengaduan (clocks) tidak ada dalam basis data."
    assert [sentence.partition(":")[0] for sentence in said[1:]] == []
    assert ticket in store.complaints()


def test_who_reads_events_is_spared_the_facts(store: Store) -> None:
    ticket = timed(store)
    events = [*store.events(ticket), *store.timeline(ticket)]
    assert {name for event in events for name in event.data} == {"channel", "act", "status"}


OLDER: dict[str, tuple[list[Event], dict[str, object], str, str]] = {
    "reception": ([], {}, "received_at = '2026-01-01T00:00:00.000000Z'", "waktu masuknya"),
    "extension": (
        [Event(EventKind.EXTENDED, MOMENT, "petugas", {"act": "perpanjang"})],
        {"extended_at": MOMENT},
        "extended_at = NULL",
        "waktu perpanjangannya",
    ),
    "joining": (
        [Event(EventKind.MERGED, MOMENT, "sistem", {"into": "ABCD-EFGH-J"}), act(MOMENT, Status.MERGED)],
        {"merged_into": "ABCD-EFGH-J", "status": Status.MERGED},
        "merged_into = ''",
        "tiket induknya",
    ),
    "what staff may have corrected": (
        [Event(EventKind.CELL_READ, MOMENT, "staf", {"column": "Waktu Masuk"})],
        {},
        "received_at = '2026-01-01T00:00:00.000000Z'",
        "",
    ),
    "what was never told": ([], {}, "restricted = true, due_at = '2026-01-01T00:00:00.000000Z'", ""),
}


@pytest.mark.parametrize("case", OLDER)
def test_events_of_earlier_versions_tell_what_they_know(
    store: Store, engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    events, fields, forged, said = OLDER[case]
    with monkeypatch.context() as earlier:
        for chapter in ("accepting", "committing"):
            earlier.setattr(f"register.{chapter}.facts_of", lambda *_: {})
        ticket = file(store)
        store.commit([Change(ticket, fields, events, clocks=[Clock("jawaban", 0, MOMENT, None, "")])])
    assert sentences(store.verify()) == []
    with engine.begin() as connection:
        connection.execute(sa.text(f"UPDATE complaints SET {forged}"))
    found = sentences(store.verify())
    assert bool(found) is bool(said)
    assert all(sentence.startswith(f"Tiket {ticket}: {said}") for sentence in found)


def test_a_trail_without_any_root_is_told_once_days_are_long_over(worked: Store, engine: sa.Engine) -> None:
    unguarded(engine, tables.trail_roots.delete())
    assert sentences(worked.verify()) == [
        "Tanggal 2026-11-23: hari itu lama berakhir tanpa akar satu pun; akar dihapus, atau pekerja tidak menyegelnya."
    ]


def test_days_that_nobody_could_seal_yet_are_no_finding(store: Store) -> None:
    ticket = file(store)
    for at in (MOMENT + timedelta(hours=13), MOMENT + 3 * DAY, MOMENT + 3 * DAY + timedelta(minutes=59)):
        store.commit([Change(ticket, {"status": Status.IN_PROGRESS, "round": 1}, [act(at)])])
    assert sentences(store.verify()) == []


def test_complaint_without_events_and_events_without_complaint_are_named(store: Store, engine: sa.Engine) -> None:
    kept, lost = file(store), file(store)
    with engine.begin() as connection:
        connection.execute(tables.complaints.update().where(tables.complaints.c.ticket == lost).values(ticket="X"))
    assert sentences(store.verify()) == [
        "Tiket X: pengaduan ini tidak mempunyai satu peristiwa pun.",
        f"Tiket {lost}: ada peristiwanya, tetapi pengaduannya tidak ada dalam basis data.",
    ]
    assert kept in store.complaints()


# -- the worker's feed --------------------------------------------------------------------------------------------


def test_feed_names_what_has_events_since(store: Store) -> None:
    assert store.changed_since(0) == (0, set())
    first, second = file(store), file(store)
    assert store.changed_since(0) == (2, {first, second})
    assert store.changed_since(1) == (2, {second})
    assert store.changed_since(2) == (2, set())
    store.commit([Change(first, {"note": "tanpa peristiwa"})])
    assert store.changed_since(2) == (2, set())
    store.commit([Change(first, events=[act(MOMENT)] * 3)])
    assert store.changed_since(2) == (5, {first})


def test_complaints_of_some_tickets_are_read_together(store: Store) -> None:
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    tickets = [file(store, at) for at in (MOMENT, new_year, MOMENT, new_year)]
    padding = [f"{number:04d}-0000-0" for number in range(1200)]
    found = store.complaints_of([*padding, *reversed(tickets[1:]), *padding])
    assert found == {ticket: store.complaint(ticket) for ticket in tickets[1:]}
    assert list(found) == [tickets[2], tickets[1], tickets[3]], "in the order of recording"
    assert store.complaints_of([]) == {}


def test_two_stores_share_one_chain(store: Store, database: Database) -> None:
    other = Store(open_engine(database.url), KEYRING)
    for number in range(6):
        file((store, other)[number % 2])
    assert sentences(other.verify()) == []
    other.close()
