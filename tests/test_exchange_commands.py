"""`aduan import` and `aduan export`: what they say, what they write, and for whom."""

import json
from pathlib import Path

import pytest

from automation.exchange.files import opened, written
from commands.exchange import PERSONAL
from register.complaint import Channel
from register.opening import open_data, prepare
from register.settings import Settings
from tests.automation.exchange.files_to_import import GOOD, HEADER, row, text, xlsx
from tests.builders import MOMENT, an_intake
from tests.register.test_opening import settings_for
from tests.test_asking import Ask, ask

__all__ = ["ask"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_for(tmp_path / "data")
    prepare(settings, MOMENT)
    return settings


def count(settings: Settings) -> int:
    store = open_data(settings).store
    try:
        return len(store.complaints())
    finally:
        store.close()


def test_import_looks_first_then_imports_then_nothing_more(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    xlsx(HEADER, GOOD, row("2", date="31/02/2024"), row("3", status="Proses"))(tmp_path / "lama.xlsx")
    arguments = ("--data", "data", "import", "lama.xlsx")
    code, out, _ = ask(*arguments, "--dry-run")
    assert (code, count(settings)) == (1, 0)
    assert "Baris 3, kolom Tanggal Masuk (B): " in out
    assert "tidak ada yang dicatat" in out
    code, out, _ = ask(*arguments, "--errors", "salah.csv")
    assert (code, count(settings)) == (1, 2)
    assert "2 baris diimpor, 1 di antaranya masih terbuka" in out
    for told in ("2 baris masuk ke register, paling banyak 2.000 setiap putaran", "1 yang sudah selesai", "disurati"):
        assert told in out
    assert (tmp_path / "salah.csv").stat().st_mode & 0o777 == 0o600
    assert "31/02/2024" in (tmp_path / "salah.csv").read_text("utf-8-sig")
    assert "31/02" not in out, "what stands in cells is not told on the screen"
    code, out, _ = ask(*arguments)
    assert "2 baris sudah pernah diimpor" in out
    assert "Selanjutnya" not in out
    assert count(settings) == 2


def test_a_mended_file_of_errors_imports_what_was_missing(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    xlsx(HEADER, GOOD, row("2", date="31/02/2024"))(tmp_path / "lama.xlsx")
    ask("--data", "data", "import", "lama.xlsx", "--errors", "salah.csv")
    mended = (tmp_path / "salah.csv").read_text("utf-8").replace("31/02/2024", "28/02/2024")
    (tmp_path / "salah.csv").write_text(mended, "utf-8")
    code, out, _ = ask("--data", "data", "import", "salah.csv")
    assert (code, count(settings)) == (0, 2), out


@pytest.mark.parametrize(
    ("errors", "why"),
    [
        ("lama.csv", "adalah berkas yang diimpor"),
        ("./lama.csv", "adalah berkas yang diimpor"),
        ("tautan.csv", "adalah berkas yang diimpor"),
        ("salah.csv", "sudah ada"),
    ],
)
@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_file_of_errors_replaces_no_other(
    errors: str, why: str, more: tuple[str, ...], ask: Ask, tmp_path: Path, settings: Settings
) -> None:
    text(HEADER, GOOD, row("2", date="31/02/2024"))(tmp_path / "lama.csv")
    (tmp_path / "tautan.csv").hardlink_to(tmp_path / "lama.csv")
    (tmp_path / "salah.csv").write_text("setengah diperbaiki", "utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")}
    code, _, err = ask("--data", "data", "import", "lama.csv", "--errors", errors, *more)
    assert (code, count(settings)) == (1, 0)
    assert why in err
    assert "Pilih nama lain" in err
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.csv")} == before


@pytest.mark.parametrize("errors", ["salah.csv", "salah.xlsx"])
@pytest.mark.parametrize(
    ("changes", "nik", "shown"),
    [
        ({}, 6402990000000000, "6,40299E+15"),
        ({}, 6.40299e15, "6,40299E+15"),
        ({}, 6402990101900123, "6,402990101900123E+15"),
        ({}, "6.40299E+15", "6.40299E+15"),
        ({"phone": 541000000}, "", "5,41E+08"),
    ],
)
def test_lost_digits_are_refused_again_in_the_file_of_errors(
    errors: str, changes: dict[str, int], nik: object, shown: str, ask: Ask, tmp_path: Path, settings: Settings
) -> None:
    xlsx((*HEADER, "NIK"), (*GOOD, ""), (*row("2", **changes), nik))(tmp_path / "lama.xlsx")
    assert ask("--data", "data", "import", "lama.xlsx", "--errors", errors)[0] == 1
    with opened(tmp_path / errors) as tables:
        (_, refused) = tables.rows(tables.names[0])
    assert shown in refused.cells, "what is left of it can still be seen"
    code, out, _ = ask("--data", "data", "import", errors)
    assert (code, count(settings), "Nomor ini tersimpan sebagai angka" in out) == (1, 1, True), out


def test_a_mapping_is_made_filled_in_and_used(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    text(("Tgl Pengaduan", "Nama", "Curhat"), ("5/3/2024", "Ibu Contoh", GOOD[4]))(tmp_path / "lama.csv")
    code, out, _ = ask("import", "--make-mapping", "lama.csv")
    assert code == 0
    assert '# Belum dipetakan: "Curhat"' in out
    filled_in = out.replace("# description = [...]", 'description = ["Curhat"]')
    (tmp_path / "peta.toml").write_text(filled_in, "utf-8")
    code, _, err = ask("--data", "data", "import", "lama.csv")
    assert (code, "belum dipetakan" in err) == (1, True)
    code, _, err = ask("--data", "data", "import", "lama.csv", "--mapping", "peta.toml")
    assert (code, "belum dipetakan: Status." in err, count(settings)) == (1, True, 0), "a status must be chosen"
    (tmp_path / "peta.toml").write_text(filled_in.replace('# status = "selesai"', 'status = "selesai"'), "utf-8")
    code, out, err = ask("--data", "data", "import", "lama.csv", "--mapping", "peta.toml")
    assert (code, count(settings)) == (0, 1), out + err


def test_a_mapping_that_notepad_saved_as_ansi_is_refused_with_a_sentence(
    ask: Ask, tmp_path: Path, settings: Settings
) -> None:
    text(HEADER, GOOD)(tmp_path / "lama.csv")
    (tmp_path / "peta.toml").write_bytes('name = "Buku André"'.encode("cp1252"))
    code, _, err = ask("--data", "data", "import", "lama.csv", "--mapping", "peta.toml")
    assert (code, count(settings)) == (1, 0)
    assert "UTF-8" in err


@pytest.mark.parametrize(("kind", "suffix"), [("xlsx", "xlsx"), ("csv", "csv"), ("jsonl", "jsonl"), ("sp4n", "csv")])
def test_export_is_for_its_owner_and_leaves_the_restricted_out(
    kind: str, suffix: str, ask: Ask, tmp_path: Path, settings: Settings
) -> None:
    store = open_data(settings).store
    for _ in range(2):
        store.accept(an_intake(), channel=Channel.DESK, now=MOMENT)
    store.close()
    code, out, _ = ask("--data", "data", "export", "--format", kind, "--out", f"keluar.{suffix}")
    assert code == 0
    assert f"2 pengaduan ditulis: keluar.{suffix}" in out
    assert PERSONAL in out
    assert "--restricted" in out
    assert (tmp_path / f"keluar.{suffix}").stat().st_mode & 0o777 == 0o600


def test_an_export_replaces_no_file(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "keluar.csv").write_text("milik orang lain", "utf-8")
    code, out, err = ask("--data", "data", "export", "--format", "csv", "--out", "keluar.csv")
    assert (code, out) == (1, "")
    assert err == (
        "Berkas --out 'keluar.csv' sudah ada, dan tidak akan ditimpa. Pilih nama lain, misalnya keluar-2.csv.\n"
    )
    assert (tmp_path / "keluar.csv").read_text("utf-8") == "milik orang lain"
    for _ in range(2):
        assert ask("--data", "data", "export", "--format", "csv")[0] == 0
    second, first = sorted(path.name for path in tmp_path.glob("aduan-csv-*"))
    assert second == first.replace(".csv", "-2.csv"), "where no name was given, one that is free is found"


@pytest.mark.parametrize("kind", ["xlsx", "csv", "jsonl"])
def test_an_export_into_a_folder_that_is_not_there_says_so(
    kind: str, ask: Ask, tmp_path: Path, settings: Settings
) -> None:
    code, _, err = ask("--data", "data", "export", "--format", kind, "--out", f"tidak-ada/keluar.{kind}")
    assert (code, err) == (1, "Folder 'tidak-ada' untuk --out tidak ada. Buat dahulu folder itu.\n")


def test_what_cannot_be_written_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "tidak-ada" / "keluar.csv"
    with pytest.raises(OSError, match="keluar") as raised:
        written(target, lambda _: 0)
    assert raised.value.filename == str(target)


def test_an_export_of_no_days_is_refused(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    code, _, err = ask("--data", "data", "export", "--since", "2026-06-30", "--until", "2026-01-01")
    assert (code, "--until 2026-01-01 lebih awal daripada --since 2026-06-30" in err) == (1, True)
    assert "Tukar" in err
    assert [path.name for path in tmp_path.iterdir()] == ["data"]
    code, out, _ = ask("--data", "data", "export", "--since", "2026-06-30", "--until", "2026-06-30")
    assert (code, "0 pengaduan ditulis" in out, PERSONAL in out) == (0, True, False)


def test_one_office_into_another(ask: Ask, tmp_path: Path, settings: Settings) -> None:
    store = open_data(settings).store
    ticket = store.accept(an_intake(), channel=Channel.DESK, now=MOMENT).complaint.ticket
    store.close()
    assert ask("--data", "data", "export", "--format", "jsonl", "--restricted", "--out", "semua.jsonl")[0] == 0
    assert json.loads((tmp_path / "semua.jsonl").read_text("utf-8").splitlines()[0])["full"] is True
    other = settings_for(tmp_path / "baru")
    prepare(other, MOMENT)
    code, out, _ = ask("--data", "baru", "import", "semua.jsonl")
    assert (code, "1 pengaduan diambil alih" in out) == (0, True)
    assert open_data(other).store.complaint(ticket).number == 1
    code, _, err = ask("--data", "baru", "import", "semua.jsonl")
    assert (code, "masih kosong" in err) == (1, True)


def test_without_a_data_folder_nothing_is_made(ask: Ask, tmp_path: Path) -> None:
    xlsx(HEADER, GOOD)(tmp_path / "lama.xlsx")
    assert ask("--data", "tidak-ada", "import", "lama.xlsx")[0] == 1
    assert ask("--data", "tidak-ada", "export")[0] == 1
    assert not (tmp_path / "tidak-ada").exists()
