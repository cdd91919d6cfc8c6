"""Case reports on both databases: kept with their event, one for each round, erased with the complaint's key."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from register import tables
from register.case_reports import CaseReports
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind, Status
from register.errors import ErasedError
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.contract.conftest import KEYRING

PDF = b"%PDF-1.7 laporan"


@pytest.fixture
def reports(engine: sa.Engine, tmp_path: Path) -> CaseReports:
    return CaseReports(engine, KEYRING, tmp_path / "laporan")


def reported(reports: CaseReports, ticket: str, round_: int = 0, pdf: bytes = PDF) -> Change:
    sealed = reports.seal(ticket, round_, pdf, now=MOMENT, missing=("petugas",))
    event = Event(EventKind.REPORTED, MOMENT, "sistem", {"sha256": sealed.report.sha256})
    return Change(ticket, {"step": 7}, [event], report=sealed)


def test_a_report_is_kept_with_its_event_and_opens_again(store: Store, reports: CaseReports) -> None:
    known = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint
    ticket = known.ticket
    assert store.commit_if_unchanged(reported(reports, ticket), known)
    assert not store.commit_if_unchanged(reported(reports, ticket, 1), known), "it is another by now"
    store.commit([reported(reports, ticket, 1, b"%PDF-1.7 lain")])
    first, second = reports.of(ticket)
    assert (first.round, first.at, first.size, first.missing) == (0, MOMENT, len(PDF), ("petugas",))
    assert (reports.open(first), reports.open(second)) == (PDF, b"%PDF-1.7 lain")
    assert reports.known(first.sha256) == first
    assert (reports.known("f" * 64), reports.known("x")) == (None, None)
    with pytest.raises(IntegrityError):
        store.commit([reported(reports, ticket)])
    assert len(list(reports._files.names())) == 4
    assert (reports.sweep(MOMENT), reports.sweep(MOMENT + timedelta(hours=2))) == (0, 2)
    assert reports.open(first) == PDF


def test_destroying_the_key_erases_it(store: Store, engine: sa.Engine, reports: CaseReports) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    store.commit([reported(reports, ticket)])
    late = reported(reports, ticket, 1)
    with engine.begin() as connection:
        connection.execute(tables.complaint_keys.delete())
    (kept,) = reports.of(ticket)
    with pytest.raises(ErasedError):
        reports.open(kept)
    with pytest.raises(ErasedError):
        store.commit([late])
    assert reports.of(ticket) == [kept]
    reports.drop(late.report)  # type: ignore[arg-type]  # it has one
    assert reports.sweep(MOMENT) == 1


@pytest.mark.parametrize(
    ("status", "done", "wanted"),
    [
        (Status.RESOLVED, False, True),
        (Status.ARCHIVED, False, True),
        (Status.ARCHIVED, True, False),
        (Status.IN_PROGRESS, False, False),
    ],
)
def test_settled_are_the_closed_of_which_something_still_runs(
    store: Store, status: Status, done: bool, wanted: bool
) -> None:
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket
    clock = Clock("langkah.9", 0, MOMENT, None, "3 bulan", done_at=MOMENT if done else None)
    store.commit([Change(ticket, {"status": status}, [Event(EventKind.ACT, MOMENT, "staf")], clocks=[clock])])
    assert (store.settled() == {ticket}) is wanted
