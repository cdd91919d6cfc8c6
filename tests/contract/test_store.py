"""What the store promises, on every database it runs on."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from register import tables
from register.accepting import RECEIVED_LABEL
from register.changes import Accepted, Book, Change, MirrorRow
from register.complaint import Channel, Complaint, Event, EventKind, Identity, Intake, Procedure, Status
from register.database import open_engine
from register.errors import ErasedError, KeyFileError, SubmissionConflictError, TicketNotFoundError
from register.sealing import Keyring
from register.store import Store
from register.tickets import parse_ticket
from tests.builders import MOMENT, a_complaint, an_intake
from tests.contract.conftest import KEYRING, Database

ROOT = Path(__file__).parents[2]
LATER = MOMENT + timedelta(minutes=5)
NAIVE = datetime(2026, 11, 23, 10, 30)

Answer = TypeVar("Answer")


def accept(store: Store, intake: Intake | None = None, **options: Any) -> Complaint:
    options = {"channel": Channel.WEB, "now": MOMENT} | options
    return store.accept(intake or an_intake(), **options).complaint


def at_once(count: int, work: Callable[[int], Answer]) -> list[Answer]:
    """Answers of that many threads that all start together."""
    together = threading.Barrier(count)

    def run(number: int) -> Answer:
        together.wait(10)
        return work(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def erase(engine: sa.Engine, ticket: str) -> None:
    with engine.begin() as connection:
        connection.execute(tables.complaint_keys.delete().where(tables.complaint_keys.c.ticket == ticket))


def counted(engine: sa.Engine, table: sa.Table) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


# -- accepting ----------------------------------------------------------------------------------------------------


def test_accepting_gives_a_ticket_and_the_first_number(store: Store) -> None:
    accepted = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT)
    assert not accepted.repeated
    complaint = accepted.complaint
    assert parse_ticket(complaint.ticket) == complaint.ticket
    assert complaint == a_complaint(ticket=complaint.ticket, number=1)
    assert store.complaint(complaint.ticket) == complaint
    assert store.intake(complaint.ticket) == an_intake()


def test_accepting_keeps_the_channel_and_its_procedure(store: Store) -> None:
    in_person = {Channel.DESK, Channel.PHONE, Channel.LETTER}
    for channel in Channel:
        found = store.complaint(accept(store, channel=channel).ticket)
        assert found.channel is channel
        assert found.procedure is (Procedure.LANGSUNG if channel in in_person else Procedure.ONLINE), channel


def test_accepting_keeps_how_openly_the_identity_is_handled(store: Store) -> None:
    for identity in Identity:
        assert store.complaint(accept(store, an_intake(identity=identity)).ticket).identity is identity


def test_complaint_on_paper_keeps_when_it_came_in_and_counts_where_it_is_recorded(store: Store) -> None:
    came = datetime(2025, 12, 30, 1, 0, tzinfo=UTC)
    found = store.complaint(accept(store, received_at=came, channel=Channel.DESK, actor="petugas").ticket)
    assert (found.received_at, found.recorded_at) == (came, MOMENT)
    assert found.register_number == "0001/ADUAN/DINSOS/11/2026"
    assert [(event.at, event.actor) for event in store.timeline(found.ticket)] == [(came, "petugas")]


ACCEPT_AND_DIE = """
import os, sys
from register.complaint import Channel
from register.database import open_engine
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT, an_intake
store = Store(open_engine(sys.argv[1]), Keyring(bytes(range(32))))
print(store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket, flush=True)
os._exit(9)
"""


def test_accepted_complaint_outlives_its_process(store: Store, database: Database) -> None:
    command = [sys.executable, "-c", ACCEPT_AND_DIE, database.url]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False)
    assert ended.returncode == 9, ended.stderr
    assert store.intake(ended.stdout.strip()) == an_intake()


def test_concurrent_accepting_gives_gapless_numbers_and_different_tickets(store: Store) -> None:
    def three(_number: int) -> list[Complaint]:
        return [accept(store) for _ in range(3)]

    complaints = [complaint for some in at_once(8, three) for complaint in some]
    assert sorted(complaint.number for complaint in complaints) == list(range(1, 25))
    assert len({complaint.ticket for complaint in complaints}) == 24
    assert [complaint.number for complaint in store.complaints().values()] == list(range(1, 25))


def test_numbers_begin_again_with_the_year_in_wita(store: Store) -> None:
    last_second = datetime(2026, 12, 31, 15, 59, 59, 999_999, tzinfo=UTC)
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    moments = [last_second, last_second, new_year, new_year, last_second]
    assert [accept(store, now=at).register_number for at in moments] == [
        "0001/ADUAN/DINSOS/12/2026",
        "0002/ADUAN/DINSOS/12/2026",
        "0001/ADUAN/DINSOS/01/2027",
        "0002/ADUAN/DINSOS/01/2027",
        "0003/ADUAN/DINSOS/12/2026",
    ]
    assert [found.register_number[:4] for found in store.complaints().values()] == [
        "0001",
        "0002",
        "0003",
        "0001",
        "0002",
    ]


def test_a_complaint_is_found_by_its_number_and_year(store: Store) -> None:
    new_year = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)
    old, new = (store.accept(an_intake(), channel=Channel.DESK, now=now).complaint for now in (MOMENT, new_year))
    assert (old.number, new.number) == (1, 1)
    assert (store.numbered(1, 2026), store.numbered(1, 2027)) == (old, new)
    assert store.numbered(2, 2026) is None


def test_what_is_noted_with_the_receipt_is_kept_in_the_trail(store: Store) -> None:
    said = {"paper": "K-0007", "notice": "told", "channel": "web"}
    ticket = store.accept(an_intake(), channel=Channel.DESK, now=MOMENT, noted=said).complaint.ticket
    (event,) = store.events(ticket)
    assert event.data == {"paper": "K-0007", "notice": "told", "channel": "desk"}, "where it came from is not for them"


def test_naive_instant_is_refused_and_takes_no_number(store: Store) -> None:
    for name in ("now", "received_at"):
        with pytest.raises(ValueError, match="aware"):
            accept(store, **{name: NAIVE})
    assert store.complaints() == {}
    assert accept(store).number == 1


def test_refused_complaint_leaves_no_gap(store: Store) -> None:
    accept(store)
    with pytest.raises(ValueError, match="surrogates"):
        accept(store, an_intake(description="half a letter \ud83d"))
    assert accept(store).number == 2


# -- the same submission again ------------------------------------------------------------------------------------


def test_same_submission_twice_is_one_complaint(store: Store) -> None:
    first = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT, submission_key="kunci-1")
    again = store.accept(an_intake(), channel=Channel.WEB, now=LATER, submission_key="kunci-1")
    assert again == Accepted(first.complaint, repeated=True)
    assert accept(store, submission_key="kunci-2").number == 2
    assert accept(store).number == 3


def test_same_submission_at_once_is_one_complaint(store: Store) -> None:
    def submit(_number: int) -> Accepted:
        return store.accept(an_intake(), channel=Channel.WEB, now=MOMENT, submission_key="kunci-1")

    answers = at_once(8, submit)
    assert {answer.complaint.ticket for answer in answers} == set(store.complaints())
    assert sorted(answer.repeated for answer in answers) == [False, *[True] * 7]
    assert accept(store).number == 2


def test_submission_with_other_contents_is_refused(store: Store) -> None:
    first = accept(store, submission_key="kunci-1")
    with pytest.raises(SubmissionConflictError):
        accept(store, an_intake(name="Ibu Lain"), submission_key="kunci-1")
    assert list(store.complaints()) == [first.ticket]
    assert accept(store).number == 2


def test_submissions_with_different_contents_at_once_are_one_complaint_and_refusals(store: Store) -> None:
    def submit(number: int) -> str:
        with suppress(SubmissionConflictError):
            return accept(store, an_intake(name=f"Ibu {number}"), submission_key="kunci-1").ticket
        return ""

    (ticket,) = store.complaints() if (answers := at_once(4, submit)) else ()
    assert sorted(answers) == ["", "", "", ticket]


def test_repeated_submission_shows_the_complaint_as_it_is_now(store: Store) -> None:
    ticket = accept(store, submission_key="kunci-1").ticket
    store.commit([Change(ticket, {"status": Status.RESOLVED})])
    assert accept(store, submission_key="kunci-1").status is Status.RESOLVED


# -- what a person wrote ------------------------------------------------------------------------------------------

SPOKEN = Intake(
    description="uraian-tersembunyi",
    subject="perihal-tersembunyi",
    category="kategori-tersembunyi",
    name="nama-tersembunyi",
    nik="6402999999990001",
    kk="6402999999990002",
    phone="+6281299999999",
    email="surel@tersembunyi.example",
    address="alamat-tersembunyi",
    rt_rw="rt-tersembunyi",
    district="kecamatan-tersembunyi",
    village="desa-tersembunyi",
    incident_date=date(1999, 9, 19),
    incident_place="tempat-tersembunyi",
    respondent="terlapor-tersembunyi",
    loss="kerugian-tersembunyi",
    remedy="harapan-tersembunyi",
    affected_person="korban-tersembunyi",
    relationship="hubungan-tersembunyi",
    representative="kuasa-tersembunyi",
    identity=Identity.CONFIDENTIAL,
)


def cells(engine: sa.Engine) -> Iterator[bytes]:
    """Every value of every table, as bytes."""
    with engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            for row in connection.execute(sa.text(f'SELECT * FROM "{name}"')):
                yield from (bytes(value) if isinstance(value, bytes) else str(value).encode() for value in row)


def test_nothing_that_a_person_wrote_is_in_the_database_in_plain_text(
    store: Store, engine: sa.Engine, database: Database
) -> None:
    ticket = accept(store, SPOKEN, submission_key="kunci-tersembunyi", row_fingerprint=store.digest("baris")).ticket
    event = Event(EventKind.CELL_READ, LATER, "petugas", {"column": "reply"}, {"text": "sel-tersembunyi"})
    mirror = MirrorRow(store.digest(SPOKEN.name), store.digest(SPOKEN.phone), {"name": store.digest(SPOKEN.name)})
    store.commit([Change(ticket, {"replied_at": LATER}, [event], SPOKEN, "balasan-tersembunyi", mirror)])

    haystack = b"\n".join(cells(engine))
    if database.folder is not None:
        files = [path for path in database.folder.iterdir() if path.is_file()]
        assert {"aduan.sqlite3", "aduan.sqlite3-wal"} <= {path.name for path in files}
        haystack += b"".join(path.read_bytes() for path in files)
    assert ticket.encode() in haystack
    assert b"petugas" in haystack
    spoken = [getattr(SPOKEN, field.name) for field in fields(Intake) if field.name != "identity"]
    needles = [str(text) for text in spoken] + ["tersembunyi", "sel-", "balasan", "kunci-"]
    assert [text for text in needles if text.encode() in haystack] == []


TEXTS = st.text(max_size=40) | st.sampled_from(
    ["👩🏽‍🦱🇮🇩", "שלום‮gnp.exe", "a\x00b\x01\x1f\x7f\u0085", "=1+1", "\r\n\t ", "é é", "\ufeff\ufffe", "\"\\'", "𓀀" * 20]
)
TEXT_FIELDS = [field.name for field in fields(Intake) if field.type is str]
INTAKES = st.builds(
    Intake,
    **dict.fromkeys(TEXT_FIELDS, TEXTS),
    incident_date=st.none() | st.dates(),
    identity=st.sampled_from(Identity),
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(intake=INTAKES, corrected=INTAKES)
def test_any_text_comes_back_as_it_was_written(store: Store, intake: Intake, corrected: Intake) -> None:
    ticket = accept(store, intake).ticket
    assert store.intake(ticket) == intake
    event = Event(EventKind.CELL_READ, LATER, "petugas", {"from": "x"}, {"text": intake.description})
    store.commit([Change(ticket, {"replied_at": LATER}, [event], corrected, corrected.subject)])
    assert store.intakes([ticket]) == {ticket: corrected}
    assert store.complaint(ticket).identity is corrected.identity
    assert store.events(ticket)[-1] == event
    reply = store.reply(ticket)
    assert reply is not None
    assert (reply.at, reply.text) == (LATER, corrected.subject)


def test_text_fields_of_the_property_are_all_of_them() -> None:
    assert set(TEXT_FIELDS) == {field.name for field in fields(Intake)} - {"incident_date", "identity"}


def test_erased_complaint_keeps_its_status_and_timeline_only(store: Store, engine: sa.Engine) -> None:
    erased, kept = accept(store).ticket, accept(store).ticket
    secret = Event(EventKind.REPLIED, LATER, "petugas", secret={"text": "jawaban"}, public_label="Dibalas")
    store.commit([Change(erased, {"status": Status.RESOLVED, "replied_at": LATER}, [secret], reply="jawaban")])
    erase(engine, erased)

    assert store.complaint(erased).status is Status.RESOLVED
    assert [event.public_label for event in store.timeline(erased)] == [RECEIVED_LABEL, "Dibalas"]
    assert set(store.intakes([erased, kept])) == {kept}
    for ask in (store.intake, store.reply, store.events):
        with pytest.raises(ErasedError):
            ask(erased)


def test_erased_complaint_takes_no_new_text_but_goes_on(store: Store, engine: sa.Engine) -> None:
    ticket = accept(store).ticket
    erase(engine, ticket)
    secret = Event(EventKind.ACT, LATER, "petugas", secret={"text": "x"})
    for change in (
        Change(ticket, intake=an_intake()),
        Change(ticket, {"replied_at": LATER}, reply="jawaban"),
        Change(ticket, events=[secret]),
    ):
        with pytest.raises(ErasedError):
            store.commit([change])
    store.commit([Change(ticket, {"status": Status.ARCHIVED}, [replace(secret, secret={})])])
    assert store.complaint(ticket).status is Status.ARCHIVED


def test_another_key_file_opens_nothing(store: Store, engine: sa.Engine) -> None:
    ticket = accept(store).ticket
    stranger = Store(engine, Keyring(bytes(32)))
    with pytest.raises(KeyFileError):
        stranger.intake(ticket)
    assert stranger.intakes([ticket]) == {}
    assert stranger.complaint(ticket) == store.complaint(ticket)


def test_sealed_text_moved_to_another_complaint_does_not_open(store: Store, engine: sa.Engine) -> None:
    first, second = accept(store).ticket, accept(store).ticket
    table = tables.complaints
    with engine.begin() as connection:
        sealed = connection.execute(sa.select(table.c.sealed_intake).where(table.c.ticket == first)).scalar_one()
        connection.execute(table.update().where(table.c.ticket == second).values(sealed_intake=sealed))
    with pytest.raises(KeyFileError):
        store.intake(second)


def test_cut_off_sealed_text_is_named_as_damage(store: Store, engine: sa.Engine) -> None:
    ticket = accept(store).ticket
    for damaged in (b"", b"short", bytes(40)):
        with engine.begin() as connection:
            connection.execute(tables.complaints.update().values(sealed_intake=damaged))
        with pytest.raises(KeyFileError):
            store.intake(ticket)
        assert store.intakes([ticket]) == {}


# -- looking up ---------------------------------------------------------------------------------------------------


def test_unknown_ticket_is_not_found(store: Store) -> None:
    known = accept(store).ticket
    for ticket in ("0000-0000-0", "", "' OR ''='", known.lower(), known.replace("-", "")):
        for ask in (store.complaint, store.intake):
            with pytest.raises(TicketNotFoundError):
                ask(ticket)
        assert store.reply(ticket) is None
        assert store.timeline(ticket) == []
        assert store.events(ticket) == []
        assert store.intakes([ticket]) == {}


def test_many_intakes_are_read_together(store: Store) -> None:
    wanted = {accept(store, an_intake(name=f"Ibu {number}")).ticket: f"Ibu {number}" for number in range(3)}
    padding = [f"{number:04d}-0000-0" for number in range(1200)]
    found = store.intakes([*padding, *wanted, *padding])
    assert {ticket: intake.name for ticket, intake in found.items()} == wanted


@pytest.mark.parametrize(
    ("joined", "case", "lags"),
    [
        ({}, {}, False),
        ({"merged_into": ""}, {"status": Status.WITHDRAWN}, False),
        ({}, {"status": Status.WITHDRAWN}, True),
        ({"status": Status.ARCHIVED}, {"status": Status.WITHDRAWN}, False),
        ({}, {"merged_into": "0000-0000-0"}, True),
        ({}, {"restricted": True}, True),
        ({"restricted": True}, {"restricted": True}, False),
        ({}, {"replied_at": LATER, "answered_at": LATER}, True),
        ({}, {"replied_at": LATER}, False),
        ({"replied_at": MOMENT}, {"replied_at": LATER, "answered_at": LATER}, True),
        ({"replied_at": LATER}, {"replied_at": LATER, "answered_at": LATER}, False),
    ],
    ids=str,
)
def test_joined_complaints_that_lag_behind_their_case_are_found(
    store: Store, joined: dict[str, Any], case: dict[str, Any], lags: bool
) -> None:
    parent, double = accept(store), accept(store)
    store.commit([Change(parent.ticket, case)])
    store.commit([Change(double.ticket, {"status": Status.MERGED, "merged_into": parent.ticket} | joined)])
    assert list(store.lagging_behind_their_case()) == [double.ticket] * lags


def test_timeline_shows_public_events_only_and_nothing_sealed(store: Store) -> None:
    ticket, other = accept(store).ticket, accept(store).ticket
    events = [
        Event(EventKind.DISPOSED, LATER, "sistem", {"bidang": "Rehsos"}, {"why": "rahasia"}, "Didisposisi"),
        Event(EventKind.CELL_READ, LATER, "petugas", {"column": "reply"}, {"text": "rahasia"}),
        Event(EventKind.REPLIED, MOMENT, "petugas", public_label="Dibalas"),
    ]
    store.commit([Change(ticket, events=events), Change(other, events=events[1:2])])
    timeline = store.timeline(ticket)
    assert [(event.kind, event.at, event.public_label) for event in timeline] == [
        (EventKind.RECEIVED, MOMENT, RECEIVED_LABEL),
        (EventKind.DISPOSED, LATER, "Didisposisi"),
        (EventKind.REPLIED, MOMENT, "Dibalas"),
    ]
    assert [event.secret for event in timeline] == [{}, {}, {}]
    assert store.events(ticket)[1:] == events
    assert [event.kind for event in store.timeline(other)] == [EventKind.RECEIVED]


def test_reply_is_none_until_there_is_one_and_then_the_last(store: Store) -> None:
    ticket = accept(store).ticket
    assert store.reply(ticket) is None
    for at, text in ((LATER, "Jawaban pertama"), (LATER + timedelta(days=1), "Jawaban kedua")):
        store.commit([Change(ticket, {"replied_at": at}, reply=text)])
        reply = store.reply(ticket)
        assert reply is not None
        assert (reply.at, reply.text) == (at, text)


# -- the audit trail ----------------------------------------------------------------------------------------------

TAMPERING = {
    "update": "UPDATE events SET actor = 'orang lain'",
    "update of one": "UPDATE events SET data = '{}' WHERE seq = 1",
    "delete": "DELETE FROM events",
    "delete of one": "DELETE FROM events WHERE seq = 1",
}
TAMPERING_IN = {
    "sqlite": {
        "replace": "INSERT OR REPLACE INTO events "
        "SELECT seq, ticket, at, kind, 'x', '', data, NULL, prev_hash, hash FROM events"
    },
    "postgresql": {
        "truncate": "TRUNCATE events",
        "upsert": "INSERT INTO events SELECT * FROM events ON CONFLICT (seq) DO UPDATE SET actor = 'x'",
    },
}


def test_events_can_only_be_appended(store: Store, engine: sa.Engine) -> None:
    ticket = accept(store).ticket
    before = store.events(ticket)
    for statement in (TAMPERING | TAMPERING_IN[engine.dialect.name]).values():
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(sa.text(statement))
        assert store.events(ticket) == before, statement
    store.commit([Change(ticket, events=[Event(EventKind.ACT, LATER, "petugas")])])
    assert len(store.events(ticket)) == len(before) + 1


# -- committing ---------------------------------------------------------------------------------------------------


def test_commit_keeps_every_kind_of_field(store: Store) -> None:
    ticket = accept(store).ticket
    values: Mapping[str, object] = {
        "status": Status.IN_PROGRESS,
        "category": "PKH",
        "bidang": "Linjamsos",
        "urgency": "Darurat",
        "restricted": True,
        "step": 4,
        "step_begun_at": MOMENT,
        "step_due_at": LATER,
        "due_at": LATER.astimezone(tz=None),
        "replied_at": LATER,
        "note": "Periksa kembali.",
        "updated_at": LATER,
    }
    before = store.complaint(ticket)
    store.commit([Change(ticket, values)])
    assert store.complaint(ticket) == replace(before, **values)  # type: ignore[arg-type]


FAILING: Mapping[str, tuple[Callable[[str], Change], type[Exception]]] = {
    "unknown ticket": (lambda _: Change("0000-0000-0", {"note": "x"}), TicketNotFoundError),
    "mirror of an unknown ticket": (lambda _: Change("0000-0000-0", mirror=MirrorRow("f")), sa.exc.IntegrityError),
    "naive instant": (lambda ticket: Change(ticket, {"due_at": NAIVE}), sa.exc.StatementError),
    "naive event": (lambda ticket: Change(ticket, events=[Event(EventKind.ACT, NAIVE, "x")]), ValueError),
    "unknown field": (lambda ticket: Change(ticket, {"favourite_colour": "biru"}), sa.exc.CompileError),
    "unsealable text": (lambda ticket: Change(ticket, reply="\ud800"), UnicodeEncodeError),
}


@pytest.mark.parametrize("failing", FAILING)
def test_commit_is_all_or_none(store: Store, engine: sa.Engine, failing: str) -> None:
    first, second = accept(store).ticket, accept(store).ticket
    change, error = FAILING[failing]
    event = Event(EventKind.ACT, LATER, "petugas", public_label="Diproses")
    good = [
        Change(ticket, {"note": "baru"}, [event], an_intake(name="Baru"), "balasan", MirrorRow("baru"))
        for ticket in (first, second)
    ]
    before = (store.complaints(), store.mirror(), store.intakes([first, second]), counted(engine, tables.events))
    for place in range(3):
        with pytest.raises(error):
            store.commit([*good[:place], change(second), *good[place:]])
        after = (store.complaints(), store.mirror(), store.intakes([first, second]), counted(engine, tables.events))
        assert after == before, place
    store.commit(good)
    assert [found.note for found in store.complaints().values()] == ["baru", "baru"]


def test_commit_of_nothing_changes_nothing(store: Store) -> None:
    ticket = accept(store).ticket
    before = store.complaint(ticket)
    store.commit([])
    store.commit([Change(ticket)])
    assert store.complaint(ticket) == before


def test_mirror_comes_back_and_is_replaced(store: Store) -> None:
    first = accept(store, row_fingerprint="sidik").ticket
    second = accept(store).ticket
    assert store.mirror() == {first: MirrorRow("sidik")}
    rows = {
        first: MirrorRow("sidik", "ringkas", {"act": "a1", "reply": "b2"}, seen=True),
        second: MirrorRow("lain"),
    }
    store.commit([Change(ticket, mirror=row) for ticket, row in rows.items()])
    assert store.mirror() == rows
    store.commit([Change(first, mirror=MirrorRow("sidik", seen=True))])
    assert store.mirror()[first] == MirrorRow("sidik", "", {}, seen=True)


def test_digests_are_the_same_for_every_process_with_the_key(store: Store, engine: sa.Engine) -> None:
    assert store.digest("a", "b") == Store(engine, KEYRING).digest("a", "b")
    assert store.digest("a", "b") != Store(engine, Keyring(bytes(32))).digest("a", "b")


# -- the worker's memory ------------------------------------------------------------------------------------------


def test_setting_comes_back_and_is_replaced(store: Store) -> None:
    assert store.setting("config") is None
    store.put_setting("other", "lain")
    for value in ({"a": {"b": ["\x00", "ü"]}}, [1, [2.5, None]], "teks 👋", "", 0, True, None):
        store.put_setting("config", value)
        assert store.setting("config") == value
    assert store.setting("other") == "lain"


def test_lease_is_held_by_one_until_it_lapses(store: Store) -> None:
    def holds(holder: str, seconds_later: float, name: str = "register") -> bool:
        return store.hold_lease(name, holder, now=MOMENT + timedelta(seconds=seconds_later), seconds=30)

    steps = [
        ("a", 0.0, True),
        ("b", 0.0, False),
        ("b", 29.999, False),
        ("a", 20.0, True),
        ("b", 30.0, False),
        ("b", 49.999, False),
        ("b", 50.0, True),
        ("a", 50.0, False),
        ("a", 79.999, False),
        ("a", 80.0, True),
    ]
    assert [(holder, at, holds(holder, at)) for holder, at, _ in steps] == steps
    assert holds("b", 80.0, name="other")


def test_lease_goes_to_one_of_those_who_race_for_it(store: Store) -> None:
    def first_come(number: int) -> Callable[[int], bool]:
        return lambda holder: store.hold_lease(f"race-{number}", f"h{holder}", now=MOMENT, seconds=30)

    def lapsed(holder: int) -> bool:
        return store.hold_lease("race-0", f"h{holder + 10}", now=MOMENT + timedelta(seconds=30), seconds=30)

    for number in range(8):
        assert sorted(at_once(2, first_come(number))) == [False, True]
    assert sorted(at_once(4, lapsed)) == [False, False, False, True]


def test_lease_refuses_a_naive_instant(store: Store) -> None:
    with pytest.raises(ValueError, match="aware"):
        store.hold_lease("register", "a", now=NAIVE, seconds=30)
    assert store.hold_lease("register", "b", now=MOMENT, seconds=30)


def test_store_is_ready_while_the_database_answers(store: Store) -> None:
    assert store.ready()


def test_database_that_is_gone_is_an_error_and_not_an_answer(database: Database) -> None:
    url = sa.make_url(database.url)
    gone = url.set(database=f"{url.database}/gone" if database.folder else "gone")
    store = Store(open_engine(gone.render_as_string(hide_password=False)), KEYRING)
    with closing(store), pytest.raises(sa.exc.OperationalError):
        store.ready()


# -- one register number ------------------------------------------------------------------------------------------

NUMBERED: Sequence[tuple[int, datetime, str]] = [
    (1, MOMENT, "0001/ADUAN/DINSOS/11/2026"),
    (42, MOMENT, "0042/ADUAN/DINSOS/11/2026"),
    (9_999, MOMENT, "9999/ADUAN/DINSOS/11/2026"),
    (10_000, MOMENT, "10000/ADUAN/DINSOS/11/2026"),
    (7, datetime(2026, 1, 31, 15, 59, 59, tzinfo=UTC), "0007/ADUAN/DINSOS/01/2026"),
    (7, datetime(2026, 1, 31, 16, 0, tzinfo=UTC), "0007/ADUAN/DINSOS/02/2026"),
    (7, datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "0007/ADUAN/DINSOS/01/2027"),
]


@pytest.mark.parametrize(("number", "recorded_at", "expected"), NUMBERED)
def test_register_number_has_month_and_year_of_recording_in_wita(
    number: int, recorded_at: datetime, expected: str
) -> None:
    complaint = a_complaint(number=number, recorded_at=recorded_at, received_at=MOMENT - timedelta(days=900))
    assert complaint.register_number == expected


def test_the_mirror_of_some_tickets(store: Store) -> None:
    first, second = (accept(store, row_fingerprint=mark).ticket for mark in ("satu", "dua"))
    assert store.mirror(tickets=[second, "7K3M-Q9TX-2"]) == {second: MirrorRow("dua")}
    assert store.mirror(tickets=[first, second]) == store.mirror()


def test_each_book_has_a_mirror_of_its_own(store: Store) -> None:
    typed = accept(store, row_fingerprint="sidik", row_book=Book.RESTRICTED).ticket
    assert store.mirror() == {}
    store.commit([Change(typed, mirror=MirrorRow("lain"))])
    assert (store.mirror(), store.mirror(Book.RESTRICTED)) == ({typed: MirrorRow("lain")}, {typed: MirrorRow("sidik")})
    store.commit([Change(typed, mirror=MirrorRow("baru"), book=Book.RESTRICTED)])
    assert store.mirror(Book.RESTRICTED, [typed]) == {typed: MirrorRow("baru")}
