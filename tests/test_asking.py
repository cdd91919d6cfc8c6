"""Commands that answer a question and change nothing: exit codes, what is on which stream, and no data folder made."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

import aduan
from automation.checkup import ILLEGIBLE_LINE, store_lines
from automation.configuration.in_force import as_rows
from automation.sop.acts import load_acts
from commands import asking
from register.changes import Change
from register.complaint import Channel, Clock, Event, EventKind
from register.opening import open_data, prepare
from register.settings import SETTINGS
from sheets_schema.configuration_tabs import HOLIDAYS
from tests.builders import MOMENT, an_intake
from tests.register.test_opening import settings_for

Ask = Callable[..., tuple[int, str, str]]
DUE = ("due", "--sop", "langsung", "--step", "5", "--from")


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run `aduan` in an empty folder: exit code, output, errors."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = 0
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["aduan", *arguments])
            try:
                aduan.main()
            except SystemExit as end:
                code = int(end.code or 0)
        structlog.reset_defaults()
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_due_answers_without_a_data_folder(ask: Ask, tmp_path: Path) -> None:
    code, out, err = ask(*DUE, "2026-03-17T14:45+08:00")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "2026-03-26T16:00:00+08:00"
    assert out.splitlines()[-1] == "Batas 2 hari kerja: Kamis, 26 Maret 2026 pukul 16.00 WITA"
    assert list(tmp_path.iterdir()) == []


def test_due_goes_by_the_offices_own_holidays(ask: Ask, tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "data")
    prepare(settings, datetime(2026, 1, 5, tzinfo=UTC))
    store = open_data(settings).store
    typed = {"on": "2026-03-26", "name": "Hari jadi", "change": "Tambah libur"}
    store.put_setting("configuration", {HOLIDAYS.title: as_rows([typed])})
    store.close()
    assert ask("--data", "data", *DUE, "2026-03-17T14:45+08:00")[1].startswith("2026-03-27T16:30:00+08:00\n")


def test_due_warns_apart_from_its_answer(ask: Ask) -> None:
    code, out, err = ask("due", "--sop", "online", "--step", "9", "--from", "2027-12-20T09:00")
    assert code == 0
    assert out.startswith("2028-03-")
    assert "Perhatian" not in out
    assert err.startswith("Perhatian: tanggal cuti bersama (SKB 3 Menteri) tahun 2028 belum tersedia")


@pytest.mark.parametrize(
    "arguments",
    [("due",), (*DUE, "kemarin"), ("due", "--sop", "x", "--step", "5", "--from", "2026-03-17"), (*DUE, "2026-13-01")],
)
def test_due_refuses_in_one_sentence(ask: Ask, arguments: tuple[str, ...]) -> None:
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert "Traceback" not in err


def test_due_says_what_it_needs(ask: Ask) -> None:
    assert ask("due")[2].startswith("Tambahkan --sop, --step, --from, misalnya: aduan due --sop langsung")
    assert ask("due", "--sop", "langsung", "--step", "5")[2].startswith("Tambahkan --from, misalnya:")


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("explain", "7K3M-Q9TX-2"),
        ("doctor",),
        ("suggest",),
        (*DUE, "2026-03-17T14:45+08:00"),
        ("password", "sari", "--password", "kata-sandi-sari"),
        ("channel-test", "Sari"),
        ("train",),
    ],
    ids=lambda command: command[0],
)
def test_a_mistyped_folder_is_named_and_not_made(ask: Ask, tmp_path: Path, command: tuple[str, ...]) -> None:
    code, _, err = ask("--data", "tidak-ada", *command)
    assert code == 1
    assert err.startswith("Folder 'tidak-ada' tidak berisi data aduan. Periksa --data")
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [("verify",), ("doctor",), ("explain", "7K3M-Q9TX-2")], ids=lambda each: each[0])
def test_an_empty_folder_is_left_empty(ask: Ask, tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "kosong").mkdir()
    code, _, err = ask("--data", "kosong", *command)
    assert (code, "tidak berisi data aduan" in err) == (1, True)
    assert list((tmp_path / "kosong").iterdir()) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("7k3m q9tx 2", "Tidak ada pengaduan dengan tiket 7K3M-Q9TX-2 di data ini.\n"),
        ("0042", "'0042' bukan nomor tiket. Tulis seperti ABCD-EFGH-J.\n"),
    ],
)
def test_explain_tells_staff_of_a_wrong_ticket(ask: Ask, tmp_path: Path, typed: str, said: str) -> None:
    prepare(settings_for(tmp_path / "data"), datetime(2026, 1, 5, tzinfo=UTC))
    assert ask("--data", "data", "explain", typed) == (1, "", said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("explain",), "'TICKET' belum diisi. Cara menulisnya: aduan explain --help"),
        (("explain", "a", "b"), "Ada yang tidak dikenal atau berlebih pada perintah ini."),
        (("nix",), "Perintah 'nix' tidak dikenal. Cara menulisnya: aduan --help"),
        (("verify", "--rot"), "Pilihan --rot tidak dikenal. Mungkin maksudnya --root atau --report."),
        (("verify", "--root", "2026-11-23"), "Pilihan --root kurang atau kelebihan isi."),
        (("verify", "--root", "kemarin", "3f2a"), "Isi '--root' tidak dapat dipakai."),
        (("import", "nofile"), "Berkas atau folder 'nofile' tidak ada. Periksa nama dan tempatnya;"),
        (("import", "it's"), "Berkas atau folder 'it's' tidak ada."),
        (("import", "."), "'.' adalah folder; sebutkan nama berkas."),
        (
            ("replay", "--since", "2026-01-01", "--holiday", "2026-02-31"),
            "'2026-02-31' bukan tanggal, atau tanggal itu tidak ada. Tulis tahun-bulan-hari, misalnya --holiday 2026-",
        ),
        (
            ("report", "bulanan"),
            "'bulanan' tidak dikenal. Yang dapat dipilih: monthly, quarterly, half-yearly, yearly; misalnya aduan rep",
        ),
        (
            ("export", "--format", "pdf"),
            "'pdf' tidak dikenal. Yang dapat dipilih: xlsx, csv, jsonl, sp4n; misalnya --f",
        ),
    ],
)
def test_what_was_typed_wrongly_is_told_in_indonesian(ask: Ask, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = ask(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert err.startswith(said)


@pytest.mark.parametrize("command", ["", *(name for name, each in aduan.cli.commands.items() if not each.hidden)])
def test_help_is_indonesian(ask: Ask, command: str) -> None:
    code, out, _ = ask(*command.split(), "--help")
    assert code == 0
    assert out.startswith("Pemakaian: aduan")
    assert [word for word in ("Usage", "Options", "Commands", " and ", " the ") if word in out] == []


def test_sop_is_checked_in_words(ask: Ask, tmp_path: Path) -> None:
    code, out, err = ask("sop")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "SOP langsung: 6 langkah."
    assert out.splitlines()[-1] == "Setiap langkah dapat diselesaikan, dan tidak ada keadaan yang buntu."
    assert "SOP langsung" not in ask("sop", "--sop", "online")[1]
    assert list(tmp_path.iterdir()) == []


def test_sop_that_gets_stuck_is_told_by_the_exit_code(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    acts = {key: act for key, act in load_acts().items() if key not in ("selesai", "kirim_balasan")}
    monkeypatch.setattr(asking, "load_acts", lambda: acts)
    code, _, err = ask("sop")
    assert code == 1
    assert "SOP langsung, langkah 5: tidak ada cara untuk menyelesaikannya." in err


@pytest.mark.parametrize(("name", "begins"), [("bagan.svg", b"<svg "), ("bagan.pdf", b"%PDF-")])
def test_sop_is_drawn(ask: Ask, tmp_path: Path, name: str, begins: bytes) -> None:
    code, _, err = ask("sop", "--output", name)
    assert (code, err) == (0, "")
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--sop", "medsos"), 2),
        (("--output", "bagan.png"), 2),
        (("--output", "tidak/ada/bagan.svg"), 1),
    ],
)
def test_sop_refuses_in_one_sentence(ask: Ask, arguments: tuple[str, ...], code: int) -> None:
    found, out, err = ask("sop", *arguments)
    assert (found, out) == (code, "")
    assert len(err.splitlines()) == 1


TAMPERED = {
    "due_at": "UPDATE complaints SET due_at = 'kemarin'",
    "pauses": "UPDATE complaints SET pauses = '[1]'",
    "status": "UPDATE complaints SET status = 'x'",
    "clock": "UPDATE clocks SET due_at = 'x'",
    "early clock": "UPDATE clocks SET begun_at = '0001-01-01T00:00:00.000000+23:00'",
    "data": "UPDATE events SET data = '[]'",
}


@pytest.mark.parametrize("forged", TAMPERED)
def test_a_tampered_complaint_is_told_in_one_sentence(ask: Ask, tmp_path: Path, forged: str) -> None:
    settings = settings_for(tmp_path / "data")
    prepare(settings, MOMENT)
    store = open_data(settings).store
    tickets = [store.accept(an_intake(), channel=Channel.WEB, now=MOMENT).complaint.ticket for _ in range(2)]
    event = Event(EventKind.ACT, MOMENT, "staf", {"act": "proses"})
    for ticket in tickets:
        store.commit([Change(ticket, events=[event], clocks=[Clock("langkah.1", 0, MOMENT, MOMENT, "")])])
    with store._engine.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER events_update"))
        connection.execute(sa.text(f"{TAMPERED[forged]} WHERE ticket = '{tickets[0]}'"))
    store.close()
    code, out, err = ask("--data", "data", "explain", tickets[0])
    assert (code, out) == (1, "")
    assert err == ILLEGIBLE_LINE.format(ticket=tickets[0]) + "\n"
    code, out, err = ask("--data", "data", "explain", tickets[1])
    assert (code, err) == (0, ""), "the others are told as ever"
    lines = store_lines(open_data(settings).store)
    if forged in ("data", "early clock"):  # read by `explain` alone
        assert lines == ["Basis data: baik, 2 pengaduan."]
    else:
        assert lines == ["Basis data: rusak, 2 pengaduan.", ILLEGIBLE_LINE.format(ticket=tickets[0])]
