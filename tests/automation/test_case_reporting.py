"""A whole office through the life of its case reports: held, written, kept, reopened, filed, erased; killed between."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.case_reporting import MOST_WRITTEN, CaseReporting, report_facts
from automation.configuration.letterhead import office_of
from automation.reminders.delivery import remembered_rules
from automation.story import story
from forms import papers
from forms.papers import Paper, render
from register import tables
from register.case_reports import CaseReports
from register.changes import Change
from register.complaint import Channel, Complaint, EventKind, Identity, Status
from register.errors import ErasedError
from tests.builders import an_intake
from tests.forms.papers.paper_facts import TOLD, squeezed, text
from tests.office import Office

DAY = timedelta(days=1)
STORY = "KKS saldo 0 terus, sembako tiga bulan tidak cair di agen"


@pytest.fixture
def reports(office: Office, tmp_path: Path) -> CaseReports:
    return CaseReports(office.store._engine, office.store._keyring, tmp_path / "laporan-uji")


@pytest.fixture
def job(office: Office, reports: CaseReports) -> CaseReporting:
    return writer(office, reports)


def writer(office: Office, reports: CaseReports) -> CaseReporting:
    """A new one, as after a restart."""
    rules = remembered_rules(office.store)
    return CaseReporting(
        office.store,
        reports,
        rules=rules,
        office=lambda: office_of(rules(office.now), office.now.date()),
        documents=lambda _: ["foto-kks.jpg"],
    )


def desk_complaint(office: Office, **changes: object) -> Complaint:
    intake = an_intake(**({"description": STORY} | changes))
    found = office.store.accept(intake, channel=Channel.DESK, now=office.now).complaint
    office.tick(2)
    return found


def settle(office: Office, ticket: str, **cells: str) -> None:
    office.type(ticket, act="Proses", **cells)
    office.tick()
    office.type(ticket, reply="Bantuan sudah cair.", send_reply=True)
    office.tick()
    office.type(ticket, act="Selesai")
    office.tick()


FILLED = {"follow_up": "Bank penyalur dihubungi.", "officer": "Sari Contoh"}


def kinds(office: Office, ticket: str) -> list[EventKind]:
    return [event.kind for event in office.store.events(ticket)]


def test_a_report_through_the_life_of_a_case(office: Office, job: CaseReporting, reports: CaseReports) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket, officer="Sari Contoh")
    assert job(office.now) == 0
    office.now += 5 * DAY
    assert job(office.now) == 0
    office.tick()
    assert "Laporan ditahan: Tindak Lanjut belum diisi; tanpa itu" in office.row(ticket)["Catatan Sistem"]
    assert (job(office.now), kinds(office, ticket).count(EventKind.REPORT_HELD)) == (0, 1)

    office.type(ticket, follow_up="Bank penyalur dihubungi.")
    office.tick()
    assert job(office.now) == 1
    office.tick()
    found = office.store.complaint(ticket)
    assert (found.status, found.step, found.step_due_at) == (Status.RESOLVED, 7, None)
    assert "Laporan ditahan" not in office.row(ticket)["Catatan Sistem"]
    assert "belum diisi" not in office.row(ticket)["Catatan Sistem"]
    (kept,) = reports.of(ticket)
    told = [event for event in office.store.events(ticket) if event.kind is EventKind.REPORTED]
    assert [event.data for event in told] == [{"sha256": kept.sha256, "missing": ""}]
    assert reports.known(kept.sha256) == kept
    said = squeezed(text(reports.open(kept)))
    written = (STORY, "Bank penyalur dihubungi.", "Bantuan sudah cair.", "Sari Contoh", "foto-kks.jpg", "Laporan ini")
    for words in written:
        assert squeezed(words) in said, words
    assert [event.public_label for event in office.store.timeline(ticket)][-1] == "Pengaduan dinyatakan selesai"

    office.now += DAY
    office.type(ticket, act="Buka Kembali")
    office.tick()
    office.type(ticket, reply="Bulan ketiga juga cair.", send_reply=True)
    office.tick()
    office.type(ticket, act="Selesai")
    office.tick()
    office.now += 5 * DAY
    assert (job(office.now), job(office.now)) == (1, 0)
    assert [each.round for each in reports.of(ticket)] == [0, 1]
    assert reports.open(kept), "the report of the first round is kept"
    assert squeezed("dibuka kembali ke-1") in squeezed(text(reports.open(reports.of(ticket)[1])))

    office.now += 40 * DAY
    assert job(office.now) == 0
    office.tick()
    assert office.row(ticket)["Status"] == "Diarsipkan"
    office.store.seal_day(office.now)
    assert office.store.verify().findings == []


def test_at_the_deadline_it_is_written_all_the_same_and_says_what_is_missing(
    office: Office, job: CaseReporting, reports: CaseReports
) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket)
    due = office.store.complaint(ticket).step_due_at
    assert due is not None
    assert [job(at) for at in (due - timedelta(hours=1), due - timedelta(minutes=29))] == [0, 1]
    (kept,) = reports.of(ticket)
    assert kept.missing == ("tindak_lanjut", "petugas")
    assert squeezed("Tindak Lanjut dan Petugas belum diisi") in squeezed(text(reports.open(kept)))
    last = next(c for c in office.store.clocks([ticket])[ticket] if c.key == "langkah.6")
    assert last.done_at is not None
    assert not last.late


def test_what_staff_file_by_hand_is_reported_at_once(office: Office, job: CaseReporting, reports: CaseReports) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket)
    office.type(ticket, act="Arsipkan")
    office.tick()
    assert office.store.complaint(ticket).step == 6
    assert job(office.now) == 1
    found = office.store.complaint(ticket)
    assert (found.status, found.step) == (Status.ARCHIVED, 7)
    assert "WITA; Tindak Lanjut dan Petugas belum diisi." in found.note, "nothing held it back, so the row says it now"
    assert squeezed("Selesai oleh Petugas") in squeezed(text(reports.open(reports.of(ticket)[0])))
    assert (writer(office, reports)(office.now + 99 * DAY), len(reports.of(ticket))) == (0, 1)


def test_a_few_at_a_time_so_that_old_cases_do_not_hold_up_the_tick(
    office: Office, job: CaseReporting, reports: CaseReports
) -> None:
    for _ in range(MOST_WRITTEN + 2):
        office.file(description=STORY)
    office.tick(2)
    for row in office.rows():
        office.type(row["Tiket"], act="Cabut")
    office.tick()
    assert [job(office.now + 9 * DAY) for _ in range(3)] == [MOST_WRITTEN, 2, 0]


@pytest.mark.parametrize("instant", ["before the file", "before the commit", "after the commit"])
def test_killed_between_any_two_steps(
    office: Office, reports: CaseReports, instant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket, **FILLED)
    at = office.now + 9 * DAY
    kill = {
        "before the file": (reports, "seal", True),
        "before the commit": (office.store, "commit_if_unchanged", True),
        "after the commit": (office.store, "commit_if_unchanged", False),
    }[instant]
    with monkeypatch.context() as patch:
        patch.setattr(kill[0], kill[1], killed(getattr(*kill[:2]), first=kill[2]))
        with pytest.raises(KeyboardInterrupt):
            writer(office, reports)(at)
    again = writer(office, reports)
    assert [again(at), again(at)] == [int(instant != "after the commit"), 0]
    (kept,) = reports.of(ticket)
    assert reports.open(kept)
    assert kinds(office, ticket).count(EventKind.REPORTED) == 1
    orphans = reports.sweep(at) + reports.sweep(at + 2 * DAY)
    assert orphans == int(instant == "before the commit")
    assert reports.open(kept)


def killed(method: Callable[..., object], *, first: bool) -> Callable[..., object]:
    def dies(*args: object, **kwargs: object) -> object:
        if not first:
            method(*args, **kwargs)
        raise KeyboardInterrupt

    return dies


def test_what_changed_while_a_report_was_set_is_not_overwritten(
    office: Office, reports: CaseReports, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket, **FILLED)
    at, seal = office.now + 9 * DAY, reports.seal

    def sealed_late(*args: object, **kwargs: object) -> object:
        office.store.commit([Change(ticket, {"heard_at": at, "updated_at": at})])
        return seal(*args, **kwargs)  # type: ignore[arg-type]  # what it is called with

    job = writer(office, reports)
    with monkeypatch.context() as patch:
        patch.setattr(reports, "seal", sealed_late)
        assert job(at) == 0
    assert reports.of(ticket) == []
    assert list(reports._files.names()) == []
    assert job(at) == 1


def test_an_erased_complaint_ends_without_a_file_and_its_reports_open_no_more(
    office: Office, job: CaseReporting, reports: CaseReports
) -> None:
    written, erased = desk_complaint(office).ticket, desk_complaint(office).ticket
    for ticket in (written, erased):
        settle(office, ticket, **FILLED)
    at = office.now + 9 * DAY
    destroy(office, erased)
    assert job(at) == 2
    told = [e for e in office.store.events(erased, opened=False) if e.kind is EventKind.REPORTED]
    assert [event.data for event in told] == [{"sha256": "", "missing": "data_pelapor"}]
    assert (office.store.complaint(erased).step, reports.of(erased)) == (7, [])
    (kept,) = reports.of(written)
    destroy(office, written)
    with pytest.raises(ErasedError):
        reports.open(kept)
    assert reports.sweep(at) == 1
    office.store.seal_day(at)
    assert office.store.verify().findings == []


def destroy(office: Office, ticket: str) -> None:
    with office.store._write() as connection:
        connection.execute(tables.complaint_keys.delete().where(tables.complaint_keys.c.ticket == ticket))


def test_idle_it_asks_two_short_questions(office: Office, job: CaseReporting) -> None:
    ticket = desk_complaint(office).ticket
    settle(office, ticket, **FILLED)
    job(office.now)
    asked: list[str] = []
    sa.event.listen(office.store._engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    job(office.now + timedelta(seconds=2))
    assert len(asked) == 2


@pytest.mark.parametrize(
    ("identity", "shown"), [(Identity.ANONYMOUS, "(anonim)"), (Identity.CONFIDENTIAL, "(dirahasiakan)")]
)
def test_nobody_is_named_who_did_not_want_to_be(office: Office, identity: Identity, shown: str) -> None:
    ticket = desk_complaint(office, identity=identity, name="Nama Rahasia").ticket
    office.type(ticket, act="Cabut")
    office.tick()
    rules = remembered_rules(office.store)(office.now)
    facts = report_facts(office.store, ticket, papers.Office(), rules, now=office.now)
    assert facts.texts.keys() == TOLD.keys(), "what tests of papers hand in is what they are handed"
    said = squeezed(text(render(Paper.REPORT, facts)))
    assert squeezed(shown) in said
    assert squeezed("Nama Rahasia") not in said
    assert squeezed("Berakhir: Cabut") in said


def test_explain_names_the_report_as_the_last_step_s_proof(office: Office, job: CaseReporting) -> None:
    complaint = office.file(description=STORY)
    office.tick(2)
    office.type(complaint.ticket, act="Cabut")
    office.tick()
    assert job(office.now + 9 * DAY) == 1
    found, rules = office.store.complaint(complaint.ticket), remembered_rules(office.store)(office.now)
    lines = story(found, office.store.clocks([found.ticket])[found.ticket], office.store.events(found.ticket), rules)
    place = next(i for i, line in enumerate(lines) if line.startswith("  9. "))
    assert "laporan pengaduan ditulis" in lines[place + 1]
