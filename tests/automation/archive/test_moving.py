"""A whole office's archive: moving out, coming back and erasing, and a kill at any line of it."""

import os
import sys
from collections.abc import Callable, Set
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from automation.archive.erasing import GONE, Eraser
from automation.archive.job import ASKED, ArchiveJob, Archivists
from automation.archive.moving import Books, Mover
from automation.archive.shelves import Shelves
from automation.reminders.delivery import remembered_rules
from automation.sync.agreement import disagreements
from register.archive import Task
from register.attachments import Attachments
from register.case_reports import CaseReports
from register.changes import Change
from register.complaint import Complaint, Event, EventKind, Status
from register.errors import ErasedError
from register.sealing import load_keyring
from register.sheet import Sheet
from register.sheet_access import SheetAccess
from tests.office import STAFF_TOKEN, SYSTEM_TOKEN, Office, write

AGES = timedelta(days=100)
STAFF = frozenset({"petugas@kantor.invalid"})


@dataclass(frozen=True)
class Folders:
    """Where files lie."""

    attachments: Attachments
    reports: CaseReports


class Archive:
    """The archive of an office under test, whose worker may be killed and started again; opened by `people`."""

    def __init__(self, office: Office, folder: Path, people: Callable[[bool], Set[str]] = lambda _: STAFF) -> None:
        self.office = office
        self.folder = folder
        self.people = people
        self.term = 1
        self.url = f"http://127.0.0.1:{office.server.port}"
        self.job = self.started()

    def started(self) -> ArchiveJob:
        """As a new worker has it."""
        office = self.office
        attachments = Attachments(
            office.store._engine, load_keyring(self.folder / "kunci", create=False), self.folder / "lampiran"
        )

        reports = CaseReports(office.store._engine, office.store._keyring, self.folder / "laporan-uji")

        def make() -> Archivists:
            shelves = Shelves(office.store, SheetAccess("", self.url, SYSTEM_TOKEN), self.people, lambda: self.term)
            mover = Mover(office.store, Books(office.sheet, office.restricted_sheet), shelves, lambda: True)
            return Archivists(
                mover,
                Eraser(office.store, Folders(attachments, reports), mover, shelves, office.reconciler.forget),
                shelves,
            )

        return ArchiveJob(office.store, lambda: True, make, remembered_rules(office.store), self.folder)

    def settle(self) -> None:
        """Ticks and the job's runs, until there is nothing more to do."""
        self.office.store.put_setting(ASKED, self.office.now.isoformat())
        for _ in range(12):
            self.office.tick(2)
            self.job(self.office.now)
            waiting = [task for task in Task if self.office.store.archive_tasks(task)]
            if not self.office.store.setting(ASKED) and not waiting:
                break
        self.office.tick(2)

    def rows(self, key: str) -> list[dict[str, Any]]:
        """A shelf's rows by header, as staff see it."""
        made = self.office.store.setting("archive_shelves") or {}
        if key not in made:
            return []
        values = Sheet(SheetAccess(made[key], self.url, STAFF_TOKEN)).read(["Register"])["Register"]
        return [dict(zip(map(str, values.header), row, strict=False)) for row in values.rows]

    def closed(self, **changes: Any) -> Complaint:
        """A complaint that staff worked on and that was archived in the SOP's sense long ago."""
        office = self.office
        ticket = office.file(**changes).ticket
        office.tick(3)
        office.type(ticket, follow_up="Sudah dikunjungi", officer="Budi")
        office.tick(2)
        clocks = [replace(clock, done_at=office.now, done_by="staf") for clock in office.store.clocks([ticket])[ticket]]
        done = Event(EventKind.ACT, office.now, "staf", {"act": "arsipkan", "status": "archived"})
        fields = {"status": Status.ARCHIVED, "updated_at": office.now}
        office.store.commit([Change(ticket, fields, (done,), clocks=clocks)])
        office.tick(2)
        return office.store.complaint(ticket)


@pytest.fixture
def archive(office: Office, tmp_path: Path) -> Archive:
    return Archive(office, tmp_path)


def test_an_old_closed_case_moves_and_the_others_stay(archive: Archive) -> None:
    office = archive.office
    gone, held, open_one = archive.closed(), archive.closed(), office.file()
    before = office.row(gone.ticket)
    office.store.hold(held.ticket, "perkara", office.now, actor="admin")
    office.now += AGES
    young = archive.closed()
    archive.settle()
    assert {row["Tiket"] for row in office.rows()} == {held.ticket, open_one.ticket, young.ticket}
    (row,) = archive.rows("2026")
    assert {name: row.get(name, "") for name in ("Tiket", "Uraian", "Pelapor", "Tindak Lanjut", "Petugas")} == {
        name: before[name] for name in ("Tiket", "Uraian", "Pelapor", "Tindak Lanjut", "Petugas")
    }
    assert office.store.complaint(gone.ticket).inactive_since is not None
    assert office.store.intake(gone.ticket).name == before["Pelapor"]
    assert disagreements(office.store, office.sheet) == []


def test_a_restored_case_has_its_row_back_with_what_staff_wrote(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    before = office.row(case.ticket)
    office.now += AGES
    archive.settle()
    assert office.store.move_back(case.ticket, office.now, actor="admin") == {case.ticket}
    archive.settle()
    after = office.row(case.ticket)
    assert {k: v for k, v in after.items() if k != "Terakhir Diubah"} == {
        k: v for k, v in before.items() if k != "Terakhir Diubah"
    }
    assert archive.rows("2026") == []
    assert office.store.archive_tasks(Task.WITHDRAW) == []
    assert not [e for e in office.store.events(case.ticket) if e.kind is EventKind.RESTORED]


def test_the_store_alone_where_the_setting_says_so(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    index = next(i for i, row in enumerate(office.rows("Pengaturan"), start=1) if row["Nama"] == "arsip_lembar")
    header = [str(name) for name in office.staff.read(["Pengaturan"])["Pengaturan"].header]
    office.staff.batch([write(office.sheet_id("Pengaturan"), index, header.index("Nilai"), ["tidak"])])
    office.tick(2)
    office.now += AGES
    archive.settle()
    assert office.rows() == []
    assert office.store.setting("archive_shelves") is None
    assert office.store.complaint(case.ticket).inactive_since is not None


def test_a_copy_of_what_was_erased_is_withdrawn_too(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    office.now += AGES
    archive.settle()
    office.store.erase(case.ticket, "permintaan", office.now, actor="admin")
    with office.store._write() as connection:  # as it was left by what did not look at `erased_at`
        office.store._put_tasks(connection, [case.ticket], Task.WITHDRAW, office.now, instead_of=None)
    archive.settle()
    assert archive.rows("2026") == []
    assert office.store.erasure_left(case.ticket) == []


@pytest.mark.parametrize("restart", [False, True])
def test_what_staff_write_while_a_row_moves_is_not_lost(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, restart: bool
) -> None:
    office, case, other = archive.office, archive.closed(), archive.closed()
    office.now += AGES
    office.tick(2)
    office.store.put_setting(ASKED, "x")
    move_out = office.store.move_out

    def written_meanwhile(tickets: Any, now: Any) -> frozenset[str]:
        office.type(case.ticket, follow_up="Ditulis saat baris dipindahkan")
        gone = move_out(tickets, now)
        if restart:
            raise KilledError
        return gone

    monkeypatch.setattr(office.store, "move_out", written_meanwhile)
    with suppress(KilledError):
        archive.job(office.now)
    monkeypatch.undo()
    archive.job = archive.started()
    archive.settle()
    assert {row["Tiket"]: row["Tindak Lanjut"] for row in office.rows()} == {
        case.ticket: "Ditulis saat baris dipindahkan"
    }
    assert [row["Tiket"] for row in archive.rows("2026")] == [other.ticket]
    said = [event.secret.get("value") for event in office.store.events(case.ticket)]
    assert "Ditulis saat baris dipindahkan" in said, "and the trail has it"
    assert disagreements(office.store, office.sheet) == []


def _once_moved_out(patch: pytest.MonkeyPatch, archive: Archive, point: tuple[Any, str, bool], act: Any) -> None:
    """Something happens once, after the store said that they left: as the worker asks that next, or `after` it did."""
    owner, name, after = point
    store, moved, done = archive.office.store, [False], [False]
    move_out, asked = store.move_out, getattr(owner, name)

    def noticed(*args: Any) -> frozenset[str]:
        gone = move_out(*args)
        moved[0] = True
        return gone

    def meanwhile(*args: Any, **named: Any) -> Any:
        happens = moved[0] and not done[0]
        done[0] = done[0] or happens
        if happens and not after:
            act()
        told = asked(*args, **named)
        if happens and after:
            act()
        return told

    patch.setattr(store, "move_out", noticed)
    patch.setattr(owner, name, meanwhile)


@pytest.mark.parametrize("point", ["before mirror", "after mirror", "before ids", "after ids", "before again"])
def test_what_staff_write_while_rows_are_removed_is_not_lost(archive: Archive, point: str) -> None:
    office, case, other = archive.office, archive.closed(), archive.closed()
    office.now += AGES
    office.tick(2)
    office.store.put_setting(ASKED, "x")
    asked = {
        "mirror": (office.store, "mirror"),
        "ids": (office.sheet, "sheet_ids"),
        "again": (office.sheet, "read_rows"),
    }
    when, what = point.split()
    place = (*asked[what], when == "after")
    with pytest.MonkeyPatch.context() as patch:
        typed = "Ditulis saat baris dihapus"
        _once_moved_out(patch, archive, place, lambda: office.type(case.ticket, follow_up=typed))
        archive.job(office.now)
    assert [row["Tindak Lanjut"] for row in office.rows()] == [typed], "only this one stays"
    archive.settle()
    assert {row["Tiket"]: row["Tindak Lanjut"] for row in office.rows()} == {case.ticket: typed}
    assert [row["Tiket"] for row in archive.rows("2026")] == [other.ticket]
    assert typed in [event.secret.get("value") for event in office.store.events(case.ticket)]
    assert disagreements(office.store, office.sheet) == []


def test_what_is_written_in_the_restricted_register_while_rows_are_removed_is_not_lost(archive: Archive) -> None:
    office, typed = archive.office, "Ditulis saat baris dihapus"
    case = archive.closed(description="Petugas meminta uang pungli lima ratus ribu untuk bantuan.", category="PUNGLI")
    office.now += AGES
    office.tick(2)
    office.store.put_setting(ASKED, "x")
    with pytest.MonkeyPatch.context() as patch:
        place = (office.restricted_sheet, "read_rows", False)
        _once_moved_out(patch, archive, place, lambda: office.restricted.type(case.ticket, follow_up=typed))
        archive.job(office.now)
    archive.settle()
    assert office.restricted.row(case.ticket)["Tindak Lanjut"] == typed
    assert office.row(case.ticket)["Tiket"] == case.ticket
    assert archive.rows("2026.terbatas") == []
    assert typed in [event.secret.get("value") for event in office.store.events(case.ticket)]


def test_rows_that_move_before_they_are_removed_are_looked_at_again(archive: Archive) -> None:
    office, case, other = archive.office, archive.closed(), archive.closed()
    office.now += AGES
    office.tick(2)
    office.store.put_setting(ASKED, "x")
    with pytest.MonkeyPatch.context() as patch:
        _once_moved_out(patch, archive, (office.sheet, "read_rows", False), lambda: office.insert_rows(1))
        archive.job(office.now)
    assert {row["Tiket"] for row in office.rows()} - {""} == {case.ticket, other.ticket}
    archive.settle()
    assert {row["Tiket"] for row in office.rows()} - {""} == set()
    assert {row["Tiket"] for row in archive.rows("2026")} == {case.ticket, other.ticket}


def test_a_restricted_case_goes_into_an_archive_of_its_own(archive: Archive) -> None:
    office = archive.office
    case = archive.closed(description="Petugas meminta uang pungli lima ratus ribu untuk bantuan.", category="PUNGLI")
    assert case.restricted
    office.now += AGES
    archive.settle()
    assert office.rows() == [] == office.restricted.rows()
    assert archive.rows("2026") == []
    (row,) = archive.rows("2026.terbatas")
    assert "pungli" in row["Uraian"]


def test_a_copy_of_what_does_not_go_after_all_is_withdrawn(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    office.now += AGES
    office.store.put_setting(ASKED, "x")

    def killed(*_: object) -> frozenset[str]:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office.store, "move_out", killed)
        with pytest.raises(KilledError):
            archive.job(office.now)
    assert [row["Tiket"] for row in archive.rows("2026")] == [case.ticket]
    office.store.hold(case.ticket, "perkara", office.now, actor="admin")
    archive.settle()
    assert archive.rows("2026") == []
    assert [row["Tiket"] for row in office.rows()] == [case.ticket]


def test_what_is_restricted_once_it_is_back_leaves_the_open_archive(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    office.now += AGES
    archive.settle()
    assert archive.rows("2026")
    office.store.move_back(case.ticket, office.now, actor="admin")
    opened_again = Event(EventKind.ACT, office.now, "staf", {"status": Status.IN_PROGRESS})
    fields = {"status": Status.IN_PROGRESS, "restricted": True, "updated_at": office.now}
    office.store.commit([Change(case.ticket, fields, (opened_again,))])
    archive.settle()
    assert archive.rows("2026") == []
    assert office.store.archive_tasks(Task.WITHDRAW) == []


def test_erasing_leaves_no_word_in_any_sheet(archive: Archive) -> None:
    office, case = archive.office, archive.closed()
    said = office.store.intake(case.ticket)
    office.now += AGES
    archive.settle()
    office.store.erase(case.ticket, "permintaan", office.now, actor="admin")
    assert office.store.erasure_left(case.ticket) != []
    archive.settle()
    assert office.store.erasure_left(case.ticket) == []
    (row,) = archive.rows("2026")
    assert row["Uraian"] == row["Pelapor"] == row["Tindak Lanjut"] == GONE
    assert row["Tiket"] == case.ticket
    assert not any(text and text in map(str, row.values()) for text in (said.name, said.contact, said.description))
    with pytest.raises(ErasedError):
        office.store.intake(case.ticket)
    assert disagreements(office.store, office.sheet) == []


def test_a_retention_typed_in_the_register_is_followed_at_night(archive: Archive) -> None:
    office, case = archive.office, archive.closed(category="PKH")
    office.now += AGES
    archive.settle()
    header = [str(name) for name in office.staff.read(["Pengaturan"])["Pengaturan"].header]
    place, sheet_id = len(office.rows("Pengaturan")) + 1, office.sheet_id("Pengaturan")
    for name, value in (("Nama", f"retensi_{case.category}"), ("Nilai", "5 bulan")):
        office.staff.batch([write(sheet_id, place, header.index(name), [value])])
    office.tick(2)
    reports = archive.folder / "arsip"
    for month, gone in ((1, False), (3, True)):
        office.now = (office.now + timedelta(days=31 * month)).replace(hour=18)
        office.tick()
        archive.job(office.now.replace(hour=2))
        assert not reports.exists(), "by day, while people work, nothing is erased"
        archive.job(office.now - timedelta(days=1))
        assert not reports.exists(), "a clock that jumped by months is doubted for a day"
        archive.job(office.now)
        assert (office.store.complaint(case.ticket).erased_at is not None) is gone
    (report,) = reports.iterdir()
    assert case.ticket in report.read_text("utf-8")
    archive.settle()
    assert office.store.erasure_left(case.ticket) == []
    (row,) = archive.rows("2026")
    assert (row["Tiket"], row["Uraian"], row["Pelapor"]) == (case.ticket, GONE, GONE)


def test_erasing_what_stands_in_the_register_takes_its_row_out(archive: Archive) -> None:
    office, case, other = archive.office, archive.closed(), archive.closed()
    office.store.erase(case.ticket, "permintaan", office.now, actor="admin")
    office.tick(2)  # before the job comes: the row stands there and is left alone
    archive.settle()
    assert [row["Tiket"] for row in office.rows()] == [other.ticket]
    assert office.store.erasure_left(case.ticket) == []


def test_erasing_while_a_row_is_copied_leaves_no_task_and_no_copy(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, case, other = archive.office, archive.closed(), archive.closed()
    office.now += AGES
    office.tick(2)
    office.store.put_setting(ASKED, "x")
    put = office.store.put_archive_tasks

    def erased_meanwhile(*args: Any) -> Any:
        office.store.erase(case.ticket, "permintaan", office.now, actor="admin")
        return put(*args)

    monkeypatch.setattr(office.store, "put_archive_tasks", erased_meanwhile)
    archive.job(office.now)
    monkeypatch.undo()
    assert [row["Tiket"] for row in archive.rows("2026")] == [other.ticket], "no copy of what was erased is made"
    archive.settle()
    assert office.rows() == []
    assert office.store.archive_tasks(Task.WITHDRAW) == []
    assert office.store.erasure_left(case.ticket) == []


class KilledError(BaseException):
    """The process is gone: nothing catches it."""


def _killed_at(line: int, act: Any) -> bool:
    """Do something and be killed at that line of the archive's own; whether it was."""
    passed = 0

    def local(frame: FrameType, event: str, argument: object) -> Any:
        nonlocal passed
        if event == "line":
            passed += 1
            if passed == line:
                sys.settrace(None)
                raise KilledError
        return local

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        name = frame.f_code.co_filename
        return local if name.endswith(("archive/moving.py", "archive/rows.py", "archive/shelves.py")) else None

    sys.settrace(trace)
    try:
        act()
    except KilledError:
        return True
    finally:
        sys.settrace(None)
    return False


def test_a_kill_at_any_line_loses_nothing(archive: Archive) -> None:
    office = archive.office
    office.store.put_setting(ASKED, "x")
    seen: list[str] = []
    steps = 1.12 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 4
    for line in dict.fromkeys(int(steps**power) for power in range(100)):
        case = archive.closed()
        seen.append(case.ticket)
        office.now += AGES
        office.tick(2)
        office.store.put_setting(ASKED, "x")
        killed = _killed_at(line, lambda: archive.job(office.now))
        office.restart()
        archive.job = archive.started()
        archive.settle()
        assert office.rows() == [], line
        years = {str(year) for year in range(2026, 2060)} & office.store.setting("archive_shelves").keys()
        tickets = [row["Tiket"] for year in years for row in archive.rows(year)]
        assert sorted(tickets) == sorted(seen), line
        assert case.ticket in tickets, line
        assert office.store.complaint(case.ticket).inactive_since is not None
        if not killed:
            break
    else:
        pytest.fail("it never came to its end")
