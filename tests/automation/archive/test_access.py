"""Who may open the archive's spreadsheets: the same who may open the registers, as soon as that is another set."""

from dataclasses import replace
from pathlib import Path

import pytest

from automation.reminders.delivery import remembered_rules
from commands.archiving import Audience
from register.errors import SheetRefusedError
from register.laying_out import provision
from register.settings import RESTRICTED_ROLES
from register.sheet import Sheet
from register.sheet_access import SheetAccess
from sheets_schema.configuration_tabs import OFFICERS
from sheets_schema.layout import locate
from sheets_schema.protection import CLOSED
from sheets_schema.register_tab import RESTRICTED_REGISTER
from sheets_schema.seeding import seed_rows
from tests.automation.archive.test_moving import AGES, Archive
from tests.office import ADMIN_TOKEN, BUDI_TOKEN, DOMAIN, SYSTEM_TOKEN, Office, write

OFFICER_ROW = len(seed_rows(OFFICERS)) + 1
"""The first empty row of the tab `Petugas`."""


def audience(office: Office, *, google: bool = False) -> Audience:
    rules = remembered_rules(office.store)
    accounts = None if google else lambda: office.accounts or frozenset()
    return Audience(lambda: rules(office.now), office.sheet, RESTRICTED_ROLES, accounts)


@pytest.fixture
def archive(office: Office, tmp_path: Path) -> Archive:
    """The archive of an office in which nobody but the administrator can sign in yet, with a case in either book."""
    office.accounts = frozenset({"admin"})
    return Archive(office, tmp_path, audience(office))


def fill(archive: Archive) -> None:
    """A case of either kind goes into the archive."""
    archive.closed()
    archive.closed(description="Petugas meminta uang pungli lima ratus ribu untuk bantuan.", category="PUNGLI")
    archive.office.now += AGES
    archive.settle()


def name_officer(office: Office, **cells: str) -> None:
    """The administrator names somebody, and the worker reads it."""
    access = office.sheet._access
    admin = Sheet(SheetAccess(access.spreadsheet_id, access.url, ADMIN_TOKEN))
    office.type_at(OFFICER_ROW, OFFICERS.title, admin, **cells)
    admin.close()
    office.tick(2)


def opens(archive: Archive, key: str, token: str = BUDI_TOKEN) -> bool:
    """Whether whoever has that token reads the complaint in that spreadsheet."""
    sheet = Sheet(SheetAccess(archive.office.store.setting("archive_shelves")[key], archive.url, token))
    try:
        return len(sheet.read(["Register"])["Register"].rows) == 1
    except SheetRefusedError:
        return False
    finally:
        sheet.close()


def shared_with(archive: Archive, key: str) -> list[str]:
    access = SheetAccess(archive.office.store.setting("archive_shelves")[key], archive.url, SYSTEM_TOKEN)
    return Sheet(access).shared_with()


def test_whose_role_is_taken_away_cannot_open_the_restricted_archive_any_more(archive: Archive) -> None:
    office = archive.office
    office.accounts = frozenset({"admin", "budi"})
    name_officer(office, name="Budi", role="Ketua Tim", account="budi")
    fill(archive)
    assert opens(archive, "2026.terbatas")
    name_officer(office, role="Petugas Loket")
    archive.job(office.now)
    assert not opens(archive, "2026.terbatas")
    assert opens(archive, "2026"), "as everybody who can sign in"
    assert opens(archive, "2026.terbatas", ADMIN_TOKEN)


def test_who_gets_an_account_or_a_role_later_opens_what_was_archived_before(archive: Archive) -> None:
    office = archive.office
    fill(archive)
    assert not opens(archive, "2026")
    office.accounts = frozenset({"admin", "budi"})
    archive.job(office.now)
    assert (opens(archive, "2026"), opens(archive, "2026.terbatas")) == (True, False)
    name_officer(office, name="Budi", role="Ketua Tim", account="budi")
    archive.job(office.now)
    assert opens(archive, "2026.terbatas")
    office.accounts = frozenset({"admin"})
    archive.job(office.now)
    assert not opens(archive, "2026"), "the account was removed"


def test_a_new_worker_and_one_that_writes_again_share_anew(archive: Archive) -> None:
    office = archive.office
    fill(archive)
    for begin in ("worker", "term"):
        access = SheetAccess(office.store.setting("archive_shelves")["2026.terbatas"], archive.url, SYSTEM_TOKEN)
        Sheet(access).share({f"budi{DOMAIN}"})
        assert opens(archive, "2026.terbatas")
        if begin == "worker":
            archive.job = archive.started()
        else:
            archive.term += 1
        archive.job(office.now)
        assert shared_with(archive, "2026.terbatas") == [f"admin{DOMAIN}"]


def test_while_nothing_changed_no_call_is_made(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    office = archive.office
    fill(archive)
    sheets = [office.sheet]
    shelves = archive.job._archivists().shelves
    sheets += shelves._open.values()
    archive.job(office.now)
    before = [sheet.calls for sheet in sheets]
    archive.job(office.now)
    assert [sheet.calls for sheet in sheets] == before


def test_troubles_with_one_spreadsheet_hold_up_none_of_the_others(archive: Archive) -> None:
    office = archive.office
    fill(archive)
    known = office.store.setting("archive_shelves")
    office.store.put_setting("archive_shelves", {"2025.terbatas": "tidak-ada", "2024": "tidak-ada", **known})
    office.accounts = frozenset({"admin", "budi"})
    archive.job = archive.started()
    archive.job(office.now)
    assert opens(archive, "2026")


def test_a_formula_gives_nobody_the_restricted_archive(archive: Archive) -> None:
    office = archive.office
    office.accounts = frozenset({"admin", "budi"})
    fill(archive)
    formula = '={"Budi"\\"Ketua Tim"\\"Sekretariat"\\"budi"}'
    request = write(office.sheet_id(OFFICERS.title), OFFICER_ROW, 0, [""])
    request["updateCells"]["rows"] = [{"values": [{"userEnteredValue": {"formulaValue": formula}}]}]
    office.staff.batch([request])
    office.tick(2)
    assert "budi" in remembered_rules(office.store)(office.now).restricted_accounts, "the formula really fills them"
    archive.job(office.now)
    assert not opens(archive, "2026.terbatas")


def test_at_google_the_addresses_of_petugas_open_it(archive: Archive) -> None:
    office = archive.office
    name_officer(office, name="Budi", role="Ketua Tim", account="budi@kantor.go.id")
    people = audience(office, google=True)
    assert people(True) == people(False) == {"budi@kantor.go.id"}
    name_officer(office, role="Petugas Loket")
    assert (people(True), people(False)) == (frozenset(), {"budi@kantor.go.id"})


def test_nobody_but_the_system_writes_in_the_archive(archive: Archive) -> None:
    """One that an earlier version left open is closed as well, once a worker starts."""
    office = archive.office
    office.accounts = frozenset({"admin", "budi"})
    fill(archive)
    for earlier in (False, True):
        for key in ("2026", "2026.terbatas"):
            access = SheetAccess(office.store.setting("archive_shelves")[key], archive.url, SYSTEM_TOKEN)
            if earlier:
                provision(Sheet(access), office.store, {}, tabs=(RESTRICTED_REGISTER,), remembered_as="lama")
                archive.job = archive.started()
                archive.job(office.now)
            staff = Sheet(replace(access, token=ADMIN_TOKEN))
            place = locate(RESTRICTED_REGISTER, staff.read(["Register"])["Register"].header).positions["act"]
            for row, text in ((1, "Buka Kembali"), (2, "Buka Kembali"), (0, "Lain")):
                with pytest.raises(SheetRefusedError):
                    staff.batch([write(staff.sheet_ids()["Register"], row, place, [text])])
            described = Sheet(access).describe(["Register"])["sheets"][0]
            assert [each["description"] for each in described["protectedRanges"]] == [CLOSED]
