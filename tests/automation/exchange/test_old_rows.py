"""What becomes of old rows: closed ones are filed without a sound, open ones enter the SOP now, each once."""

import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from automation.configuration.in_force import Configuration
from automation.exchange.errors import MappingError
from automation.exchange.exporting import HEADERS, rows_out, write_csv, write_xlsx
from automation.exchange.files import opened, written
from automation.exchange.importing import run, source_of
from automation.exchange.mapping import load, proposed, shipped
from automation.exchange.taking_over import chosen_by
from automation.reports.counting import Counting
from register import tables
from register.cases import Cases
from register.complaint import WITA, Channel, EventKind, Identity, Status
from register.errors import AduanError
from register.figures import Emergencies
from register.periods import Period
from register.transfer import Transfer
from tests.automation.exchange.files_to_import import HEADER, STORY, row, text, xlsx
from tests.automation.exchange.running import import_file
from tests.office import Office

NOW = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
FULL = (*HEADER, "Tanggal Selesai", "Balasan")


def put(store: Transfer, path: Path, rules: Configuration, mapping: str = "buku", now: datetime = NOW) -> None:
    outcome = import_file(path, [shipped()[mapping]], store, rules, now)
    assert [str(each) for each in outcome.troubles] == []


def test_in_an_office(office: Office, rules: Configuration, tmp_path: Path) -> None:
    path = tmp_path / "lama.xlsx"
    rows = (
        (*row("12", status="Selesai"), "2024-03-20", "Sudah disalurkan."),
        (*row("13", status="Dicabut"), "2024-03-21", ""),
        (*row("14", status="Proses", date="2024-04-01"), "", "Sedang diperiksa."),
        (
            *row("15", story="Petugas meminta uang agar bantuan cair, ini pungli.", status="Selesai"),
            "2024-05-01",
            "Sudah ditegur.",
        ),
    )
    xlsx(FULL, *rows)(path)
    office.file()
    office.tick(2)
    store = office.store.transfer
    told_before = {name: rows_of(store, name) for name in ("outbox", "staff_messages", "notices")}
    put(store, path, rules, now=office.now)
    office.tick(3)

    mine, *others = sorted(office.store.complaints().values(), key=lambda each: each.channel is not Channel.API)
    assert mine.number == 1
    by_note = {each.note.split("nomor lama ")[1].split(".")[0]: each for each in others}
    filed, withdrawn, running, apart = (by_note[number] for number in ("12", "13", "14", "15"))
    assert {each.status for each in (filed, withdrawn, apart)} == {Status.ARCHIVED}
    assert filed.register_number == "0001/ADUAN/DINSOS/03/2024", "numbered in the year of the old register"
    assert filed.answered_at == datetime(2024, 3, 20, tzinfo=WITA)
    assert running.status in (Status.DISPOSED, Status.RECEIVED)
    assert running.register_number == "0002/ADUAN/DINSOS/11/2026", "recorded now"
    assert running.received_at == datetime(2024, 4, 1, tzinfo=WITA)
    assert running.due_at is not None
    assert running.due_at > office.now, "nobody is late by a clock that nobody had started"
    clocks = office.store.clocks([filed.ticket, running.ticket])
    assert clocks[filed.ticket] == []
    assert all(clock.begun_at == running.recorded_at for clock in clocks[running.ticket])
    assert apart.restricted

    rows_by_ticket = {each["Tiket"]: each for each in office.rows()}
    assert rows_by_ticket[filed.ticket]["Balasan"] == "Sudah disalurkan."
    assert rows_by_ticket[filed.ticket]["Sisa Waktu"] == ""
    assert rows_by_ticket[filed.ticket]["Tahap SOP"] == "Selesai"
    assert rows_by_ticket[running.ticket]["Balasan"] == "Sedang diperiksa."
    assert rows_by_ticket[apart.ticket]["Uraian"] == "(terbatas)"
    assert [each["Balasan"] for each in office.restricted.rows()] == ["Sudah ditegur."]
    told = {name: rows_of(store, name) for name in told_before}
    assert told == told_before, "nobody is told of what is years old"
    assert office.store.complaint(filed.ticket).updated_at <= office.now
    office.now += timedelta(days=400)
    office.tick(2)
    assert office.store.complaint(filed.ticket).status is Status.ARCHIVED


def rows_of(store: Transfer, name: str) -> int:
    with store._read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.metadata.tables[name])).scalar_one()


def test_figures_count_old_cases_when_they_were(
    new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store = tmp_path / "lama.xlsx", new_store()
    xlsx(FULL, (*row("12", status="Dialihkan"), "2024-03-20", ""))(path)
    put(store, path, rules)
    (case,) = Cases(store._engine).cases_of(list(store.complaints()))
    closed = case.closing_before(datetime(2024, 4, 1, tzinfo=UTC))
    assert closed is not None
    assert (closed.key, closed.status, closed.at) == ("alihkan", Status.TRANSFERRED, datetime(2024, 3, 20, tzinfo=WITA))
    assert case.closing_before(datetime(2024, 3, 10, tzinfo=UTC)) is None
    kinds = [event.kind for event in store.events(case.complaint.ticket)]
    assert kinds[:2] == [EventKind.RECEIVED, EventKind.IMPORTED]
    assert {event.at for event in store.events(case.complaint.ticket)} == {NOW}, "the trail says when it was recorded"


def test_nobody_is_accused_of_an_emergency_of_before(
    new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store = tmp_path / "lama.xlsx", new_store()
    urgent = "Mendesak, anak saya dipukuli dan terancam nyawanya."
    xlsx(FULL, (*row("12", story=urgent), "2024-03-20", ""), (*row("13", story=urgent, status="Proses"), "", ""))(path)
    put(store, path, rules)
    assert [each.urgency for each in store.complaints().values()] == ["Darurat", "Darurat"]
    counting = Counting(Cases(store._engine), lambda _: rules)
    old, this = counting.figures([Period.parse("2024"), Period.parse("2026")], NOW + timedelta(days=2))
    assert (old.received, old.emergencies) == (1, Emergencies(0, 0, 0, 0, None))
    assert (this.received, this.emergencies) == (1, Emergencies(1, 0, 0, 1, None)), "what came open is the office's"


def test_a_number_that_comes_with_other_contents_is_told(
    new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store = tmp_path / "lama.xlsx", new_store()
    xlsx(HEADER, row("1"))(path)
    put(store, path, rules)
    xlsx(HEADER, row("1", story=STORY + " Diubah."), row("2"))(path)
    outcome = import_file(path, [shipped()["buku"]], store, rules, NOW)
    assert (outcome.new, [each.row for each in outcome.troubles]) == (1, [2])
    assert "berbeda" in outcome.troubles[0].what
    assert len(store.complaints()) == 2


@pytest.mark.program
def test_killed_in_the_middle_and_run_again_each_row_is_there_once(
    new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store = tmp_path / "lama.csv", new_store()
    text(HEADER, *(row(str(number)) for number in range(1, 901)))(path)
    folder = tmp_path / "kantor-0"
    child = subprocess.Popen([sys.executable, "-c", _IMPORTING, str(path), str(folder)])
    until = time.monotonic() + 120
    while store.is_empty() and child.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    child.kill()
    child.wait()
    there = len(store.complaints())
    assert 0 < there < 900, "killed between two portions, or within one"
    assert there % 250 == 0, "a portion is there whole or not at all"
    put(store, path, rules)
    complaints = store.complaints().values()
    assert len(complaints) == 900
    assert sorted(each.number for each in complaints) == list(range(1, 901)), "and no number is missing"


_IMPORTING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from automation.calendars.explaining_due import rules_for
from automation.exchange.files import opened
from automation.exchange.importing import run, source_of
from automation.exchange.mapping import shipped
from register.database import open_engine, sqlite_url
from register.sealing import load_keyring
from register.store import Store
path, folder = map(Path, sys.argv[1:])
store = Store(open_engine(sqlite_url(folder / "aduan.sqlite3")), load_keyring(folder / "kunci", create=False)).transfer
with opened(path) as tables:
    run(source_of(tables, [shipped()["buku"]]), store, rules_for(2026, None), datetime(2026, 11, 23, tzinfo=UTC))
"""

LAPOR = (
    "Tracking ID",
    "Tanggal Laporan Masuk",
    "Waktu Laporan Masuk",
    "Nama Pelapor",
    "Kategori",
    "Judul Laporan",
    "Isi Laporan Awal",
    "Isi Laporan Akhir",
    "Tipe Laporan (Anonim/Rahasia)",
    "Status Laporan",
    "Kecamatan",
    "Kelurahan",
)


def test_sp4n_lapor_in_and_out(new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path) -> None:
    path, store = tmp_path / "lapor.xlsx", new_store()
    said = ("Bantuan", STORY, STORY)
    xlsx(
        ["Judul Laporan", "Laporan Masuk"],
        ["Nama Instansi", "Dinas Sosial"],
        ["Tanggal Generate", "1 Nov 2026"],
        LAPOR,
        [
            "9000001",
            "3 Jan 2026",
            "10:15:00",
            "Ibu Contoh",
            "Kemiskinan",
            *said,
            "Rahasia",
            "Ditutup oleh Sistem",
            "",
            "",
        ],
        ["9000002", "6 Mei 2026", "08:00", "", "Kemiskinan", *said, "Anonim", "Belum Terverifikasi", "Tenggarong", ""],
        ["9000003", "7 Mei 2026", "08:00", "Ibu Contoh", "Kemiskinan", *said, "", "Menguap", "", ""],
    )(path)
    with opened(path) as tables:
        source = source_of(tables, list(shipped().values()))
        assert (source.mapping.source, source.head.row) == ("sp4n", 4)
        outcome = run(source, store, rules, NOW)
    assert [(each.row, each.column) for each in outcome.troubles] == [(7, "Status Laporan (J)")]
    first, second = sorted(store.complaints().values(), key=lambda each: each.received_at)
    assert (first.status, first.identity) == (Status.ARCHIVED, Identity.CONFIDENTIAL)
    assert first.received_at == datetime(2026, 1, 3, 10, 15, tzinfo=WITA)
    assert (second.closed, second.identity, second.district) == (False, Identity.ANONYMOUS, "Tenggarong")

    out = list(rows_out(store, chosen_by(None, None, True), shipped()["sp4n"]))
    assert out[0][:4] == ("Tracking ID", "Tanggal Laporan Masuk", "Waktu Laporan Masuk", "Nama Pelapor")
    assert {(each[1], each[out[0].index("Status Laporan")]) for each in out[1:]} >= {("3 Jan 2026", "Selesai")}
    again, other = tmp_path / "keluar.csv", new_store()
    with again.open("w", encoding="utf-8", newline="") as file:
        write_csv(out, file)
    put(other, again, rules, "sp4n")
    assert sorted(each.received_at for each in other.complaints().values()) == [first.received_at, second.received_at]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_our_own_table_is_read_back(
    suffix: str, new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store, other = tmp_path / "lama.csv", new_store(), new_store()
    ended = [
        (*row(str(number), status=status), "2024-03-20", "")
        for number, status in enumerate(("Dicabut", "Dialihkan"), 14)
    ]
    text(
        FULL,
        (*row("12", story="=1+1 " + STORY), "2024-03-20", "-Sudah."),
        (*row("13", status="Proses"), "", ""),
        *ended,
        (*row("16", status="Bukan Kewenangan"), "2024-03-20", ""),
    )(path)
    put(store, path, rules)
    rows = list(rows_out(store, chosen_by(None, None, True)))
    target = tmp_path / f"keluar{suffix}"
    if suffix == ".xlsx":
        assert written(target, lambda draft: write_xlsx(rows, draft)) == 5
    else:
        with target.open("w", encoding="utf-8", newline="") as file:
            assert write_csv(rows, file) == 5
    put(other, target, rules, "aduan")
    assert sorted(map(str, other.intakes(other.complaints()).values())) == sorted(
        map(str, store.intakes(store.complaints()).values())
    )
    assert [each.received_at for each in other.complaints().values()] == [
        each.received_at for each in store.complaints().values()
    ]
    assert outcomes(other) == outcomes(store) == ["bukan_kewenangan", "alihkan", "cabut", "selesai"]


def outcomes(store: Transfer) -> list[str]:
    """By which acts they were closed."""
    cases = store.cases_of(list(store.complaints()))
    return sorted(
        (case.closings[-1].act.key for case in cases if case.closings),
        key=["bukan_kewenangan", "alihkan", "cabut", "selesai"].index,
    )


def test_our_own_mapping_knows_every_column_that_we_write() -> None:
    header = list(HEADERS.values())
    mapping = shipped()["aduan"]
    assert set(mapping.places(header)) == set(mapping.columns)


def test_restricted_ones_and_other_days_stay_at_home(
    new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path
) -> None:
    path, store = tmp_path / "lama.xlsx", new_store()
    xlsx(HEADER, row("1"), row("2", date="2024-05-01"), row("3", story="Petugas meminta uang, ini pungli."))(path)
    put(store, path, rules)
    assert len(list(rows_out(store, chosen_by(None, None, False)))) == 3
    assert len(list(rows_out(store, chosen_by(None, None, True)))) == 4
    days = chosen_by(datetime(2024, 5, 1, tzinfo=UTC).date(), datetime(2024, 5, 1, tzinfo=UTC).date(), True)
    assert len(list(rows_out(store, days))) == 2


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("x = [", "TOML"),
        ("[kolom]", "tidak dikenal: kolom"),
        ('[columns]\nnama = "x"', "tidak dikenal: nama"),
        ("[columns]\nname = 3", "tanda kutip"),
        ('[fixed]\nchannel = "merpati"', "merpati"),
        ('[values.status]\n"beres" = "beres"', "beres"),
        ('[reading]\ndates = "ymd"', "dmy, mdy"),
    ],
)
def test_a_mapping_that_is_wrong_says_what(toml: str, told: str) -> None:
    with pytest.raises(AduanError) as error:
        load(toml)
    assert told in error.value.message


def test_a_proposed_mapping_imports(new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path) -> None:
    header = ("No. Agenda", "Tgl. Pengaduan", "Nama Lengkap", "No. WA", "Keluhan", 'Warna "baju"')
    path, store = tmp_path / "lama.xlsx", new_store()
    xlsx(header, row("1"))(path)
    text = proposed(header, "lama")
    made = load(text)
    assert set(made.places(header)) == {"number", "received_at", "name", "phone", "description"}
    with pytest.raises(MappingError, match="Status"):
        import_file(path, [made], store, rules, NOW)
    assert store.is_empty(), "whether old rows are open is nobody's guess"
    outcome = import_file(path, [load(text.replace('# status = "selesai"', 'status = "selesai"'))], store, rules, NOW)
    assert (outcome.new, outcome.opened) == (1, 0)


def test_the_month_may_come_first(new_store: Callable[[], Transfer], rules: Configuration, tmp_path: Path) -> None:
    path, store = tmp_path / "lama.xlsx", new_store()
    xlsx(HEADER, row("1", date="12/25/2024"))(path)
    names = '[columns]\nreceived_at="Tanggal Masuk"\nname="Nama Pelapor"\ndescription="Isi Pengaduan"\n'
    made = load(names + '[fixed]\nstatus="selesai"\n[reading]\ndates="mdy"')
    assert import_file(path, [made], store, rules, NOW).new == 1
    (complaint,) = store.complaints().values()
    assert complaint.received_at == datetime(2024, 12, 25, tzinfo=WITA)
