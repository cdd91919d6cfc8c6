"""`aduan replay` in an office's folder."""

from pathlib import Path

import pytest

from automation.calendars.explaining_due import rules_for
from automation.sop.decision import decide_new
from register.complaint import Channel
from register.opening import open_data, prepare
from tests.automation.reports.test_replay import wita
from tests.builders import an_intake
from tests.register.test_opening import settings_for
from tests.test_asking import Ask, ask

__all__ = ["ask"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With one complaint of the desk, received 17 March 2026 and answered on none of the days since."""
    settings = settings_for(tmp_path / "data")
    received = wita("2026-03-17T14:45")
    prepare(settings, received)
    store = open_data(settings).store
    intake = an_intake(description="Bantuan PKH saya belum cair sejak bulan Januari.", category="PKH")
    complaint = store.accept(intake, channel=Channel.DESK, now=received).complaint
    store.commit([decide_new(complaint, intake, rules_for(2026, None), received)])
    store.close()
    return settings.data


def test_replay_lists_what_comes_out_otherwise(ask: Ask, folder: Path, tmp_path: Path) -> None:
    asked = ("--data", "data", "replay", "--since", "2026-03-01", "--until", "2026-03-31", "--csv", "daftar.csv")
    code, out, err = ask(*asked, "--norm", "langsung.5=900 hari kerja")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Diandaikan: norma_langsung_5 = 900 hari kerja."
    assert lines[1] == "Masa      : 1 Maret 2026 sampai 31 Maret 2026, 1 pengaduan."
    assert [line.split()[-4:] for line in lines if line.startswith("langsung 5")] == [["1", "1", "0", "-1"]]
    assert "Tidak lagi terlambat: 2" in lines  # the step, and with it the answer
    table = [line.split()[-3:-1] for line in lines if line.startswith(("langsung", "online"))]
    assert table
    assert ["0", "0"] not in table, "where nothing is late either way, there is no line"
    assert any("jenis waktu tidak ditampilkan" in line for line in lines)
    written = (tmp_path / "daftar.csv").read_text("utf-8-sig").splitlines()
    assert len(written) == 3
    assert written[0].startswith("nomor_registrasi;tiket;")


def test_what_changes_nothing_is_said_in_a_sentence(ask: Ask, folder: Path) -> None:
    asked = ("--data", "data", "replay", "--since", "2026-03-01", "--until", "2026-03-31")
    code, out, err = ask(*asked, "--norm", "langsung.5=2 hari kerja")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "Tidak ada waktu yang hasilnya menjadi lain."
    assert "Menjadi terlambat" not in out


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--since", "2026-03-01"), 2, "Sebutkan apa yang diandaikan"),
        (("--since", "2026-03-01", "--norm", "langsung.9=1 menit"), 2, "tidak terbaca"),
        (("--since", "2026-03-01", "--until", "2026-02-01", "--holiday", "2026-02-02"), 1, "lebih awal"),
        (("--since", "0001-01-01", "--holiday", "2026-02-02"), 1, "antara 1990 dan 2100"),
        (("--since", "2026-03-01", "--until", "9999-12-31", "--holiday", "2026-02-02"), 1, "antara 1990 dan 2100"),
        (("--since", "1 Maret", "--holiday", "2026-02-02"), 2, "--since"),
    ],
)
def test_what_cannot_be_read_is_said(ask: Ask, folder: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    found, out, err = ask("--data", "data", "replay", *arguments)
    assert found == code
    assert said in out + err
