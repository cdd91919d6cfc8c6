"""The command that reports: what it writes, where, and what it says when it cannot."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from commands import report as command
from commands.report import periodic_reports
from register.complaint import Channel
from register.editions import PublicEdition, PublicSpan
from register.opening import open_data, prepare
from register.periods import YEAR, Period
from register.report_files import FOLDER, FORMATS, Reports
from tests.automation.reports.recalculating import differing
from tests.builders import an_intake
from tests.forms.papers.paper_facts import text
from tests.register.test_opening import settings_for
from tests.test_asking import Ask, ask

__all__ = ["ask"]

AUGUST = datetime(2026, 8, 17, 1, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office") / "data"
    prepare(settings_for(folder), AUGUST)
    store = open_data(settings_for(folder)).store
    for channel in (Channel.DESK, Channel.WEB, Channel.WHATSAPP):
        store.accept(an_intake(district="Loa Kulu"), channel=channel, now=AUGUST)
    year = PublicEdition(
        Period.parse("2026"), NEW_YEAR, YEAR, (PublicSpan(date(2026, 1, 1), date(2026, 12, 1), 17),), 17
    )
    store.publish(year)
    store.close()
    return folder


@pytest.fixture
def office(tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(prepared, tmp_path / "data")
    monkeypatch.setattr(command, "clock", lambda: NEW_YEAR)
    return tmp_path


def test_the_last_finished_quarter_is_reported(ask: Ask, office: Path) -> None:
    code, out, err = ask("--data", "data", "report")
    assert (code, out, err) == (0, "laporan-2026-Q4.pdf\n", "")
    written = office / "laporan-2026-Q4.pdf"
    assert "Triwulan IV 2026" in text(written.read_bytes())
    assert "Belum selesai pada awal masa 3" in " ".join(text(written.read_bytes()).split())
    assert written.stat().st_mode & 0o777 == 0o600


def test_every_format_into_a_folder(ask: Ask, office: Path) -> None:
    code, out, _ = ask("--data", "data", "report", "--period", "2026-q3", "--format", "all", "--out", "hasil")
    assert (code, out.split()) == (0, [f"hasil/laporan-2026-Q3.{form}" for form in FORMATS])
    assert "2026-Q3;channel;" in (office / "hasil/laporan-2026-Q3.csv").read_text("utf-8-sig")
    assert differing((office / "hasil/laporan-2026-Q3.xlsx").read_bytes(), office) == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "2026-13"], "bukan masa laporan"),
        (["--period", "1999"], "Tidak ada laporan untuk tahun 1999. Sebutkan tahun dari 2000 sampai 2100"),
        (["--period", "2027-Q2"], "Triwulan II 2027 belum dimulai"),
        (["--period", "2026-Q3", "--public"], "Edisi publik Triwulan III 2026 belum terbit"),
        (["--format", "docx"], "--format"),
        (["weekly"], "monthly"),
        (["monthly", "--period", "2026-11"], "jalankan tanpa kata 'monthly'"),
    ],
)
@pytest.mark.usefixtures("office")
def test_what_cannot_be_reported_is_said(ask: Ask, arguments: list[str], said: str) -> None:
    code, out, err = ask("--data", "data", "report", *arguments)
    assert code != 0
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_without_an_office_nothing_is_made(ask: Ask, tmp_path: Path) -> None:
    code, _, err = ask("--data", "salah", "report")
    assert code != 0
    assert "tidak berisi data" in err
    assert not (tmp_path / "salah").exists()


def test_the_public_edition_is_the_one_that_was_published(ask: Ask, office: Path) -> None:
    code, out, _ = ask("--data", "data", "report", "--period", "2026", "--public")
    assert (code, out) == (0, "laporan-publik-2026.pdf\n")
    assert "Diterima 17 pengaduan." in text((office / "laporan-publik-2026.pdf").read_bytes())


def test_those_of_the_worker_are_listed(ask: Ask, office: Path) -> None:
    assert "Belum ada." in ask("--data", "data", "report", "quarterly")[1]
    settings = settings_for(office / "data")
    opened = open_data(settings)
    periodic_reports(settings, opened)(datetime(2026, 10, 1, 1, tzinfo=UTC))
    opened.store.close()
    assert [each.period.key for each in Reports(office / "data" / FOLDER).made()] == ["2026-Q3", "2026-09", "2026-08"]
    code, out, _ = ask("--data", "data", "report", "quarterly")
    assert code == 0
    assert "2026-Q3  Triwulan III 2026" in out
    assert out.count("laporan-2026-Q3.") == len(FORMATS)
