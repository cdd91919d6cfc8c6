"""Store and register compared: on a real register every difference is named, and nothing that only waits is one."""

from datetime import timedelta

import pytest

from automation.sop.decision import stage
from automation.sync.agreement import COMPARED, differences, disagreements
from automation.sync.rows import SYSTEM_KEYS, Row, read_register, system_cells
from register.complaint import Status
from register.sheet import Values
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT, a_complaint
from tests.office import Office, write

HEADER = tuple(column.header for column in REGISTER.columns)
LATER = MOMENT + timedelta(minutes=1)
COMPLAINT = a_complaint(
    status=Status.DISPOSED, bidang="Rehsos", urgency="Tinggi", category="ANAK", step=6, note="Kata: anak."
)
TICKET = COMPLAINT.ticket
OTHER = "0000-0000-0"


def shown(*rows: dict[str, str]) -> list[Row]:
    """Rows of the register that show these cells, by column key."""
    keys = [column.key for column in REGISTER.columns]
    return read_register(Values(HEADER, tuple(tuple(row.get(key, "") for key in keys) for row in rows)))[1]


def cells(**changes: str) -> dict[str, str]:
    return system_cells(COMPLAINT, stage=stage(COMPLAINT), remaining="hari ini") | changes


def compared(*rows: dict[str, str], **options: object) -> list[str]:
    return differences(shown(*rows), {TICKET: COMPLAINT}, **{"written_before": LATER} | options)  # type: ignore[arg-type]


def test_row_that_shows_what_the_store_says_is_no_difference() -> None:
    assert compared(cells()) == []
    assert compared(cells(remaining="terlambat 1 hari kerja", follow_up="catatan"), {"description": "baru"}) == []


@pytest.mark.parametrize("key", COMPARED)
def test_each_cell_that_differs_is_named_by_its_header(key: str) -> None:
    header = next(column.header for column in REGISTER.columns if column.key == key)
    (said,) = compared(cells(**{key: "lain"}))
    assert said.startswith(f"Baris 2 (tiket {TICKET}): {header} tertulis lain, tetapi menurut basis data ")


def test_all_system_cells_are_compared_but_the_remaining_time_and_the_reporters_words() -> None:
    assert {*COMPARED, "ticket", "remaining", "heard"} == set(SYSTEM_KEYS)


def test_missing_doubled_and_unknown_rows_are_named() -> None:
    assert compared() == [f"Tiket {TICKET} (0042/ADUAN/DINSOS/11/2026): barisnya tidak ada dalam register."]
    assert compared(cells(), cells(status="lain")) == [f"Baris 2, 3: tiket {TICKET} ganda."]
    assert compared(cells(), cells(ticket=OTHER)) == [f"Baris 3: tiket {OTHER} tidak ada dalam basis data."]


@pytest.mark.parametrize("written_before", [None, MOMENT])
def test_what_the_worker_has_not_written_yet_is_no_difference(written_before: object) -> None:
    assert compared(written_before=written_before) == []
    assert compared(cells(status="lama"), written_before=written_before) == []
    assert compared(cells(), cells(), written_before=written_before) != [], "doubled is doubled"


def read_now(office: Office) -> None:
    """As the worker notes it after a tick."""
    office.store.put_setting("register", {"read_at": (office.now + timedelta(seconds=1)).isoformat()})


def test_real_register_agrees_until_somebody_writes_where_only_the_system_does(office: Office) -> None:
    complaint = office.file(3)
    office.tick(2)
    office.type(complaint.ticket, act="Proses", follow_up="Dikunjungi.")
    office.tick(2)
    read_now(office)
    assert disagreements(office.store, office.sheet) == []

    index, layout = office.index(complaint.ticket), office.layout()
    office.owner.batch([write(office.sheet_id(), index, layout.positions["due_at"], ["2030-01-01 00:00"])])
    (said,) = disagreements(office.store, office.sheet)
    assert f"Baris {index + 1} (tiket {complaint.ticket}): Batas Waktu tertulis 2030-01-01 00:00" in said
    office.delete_rows(index)
    (said,) = disagreements(office.store, office.sheet)
    assert said.startswith(f"Tiket {complaint.ticket} ")
    office.tick(3)
    read_now(office)
    assert disagreements(office.store, office.sheet) == [], "a tick heals it"


def test_register_without_a_header_is_not_compared_but_told(office: Office) -> None:
    office.file()
    office.tick()
    read_now(office)
    layout = office.layout()
    office.owner.batch([write(office.sheet_id(), 0, layout.positions["status"], ["Setatus"])])
    (said,) = disagreements(office.store, office.sheet)
    assert "(Status)" in said
    assert not locate(REGISTER, office.staff.read(["Register"])["Register"].header).sound
