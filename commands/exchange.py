"""The commands of the exchange: an old register in, everything out, and one office's register into an empty one."""

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from automation.calendars.explaining_due import rules_for
from automation.exchange import mapping as mappings
from automation.exchange.exporting import broken_rows, rows_out, stamp, write_csv, write_xlsx
from automation.exchange.files import opened, written
from automation.exchange.importing import Outcome, Source, run, source_of
from automation.exchange.lines import sealed
from automation.exchange.mapping import ColumnMapping
from automation.exchange.table import text_of
from automation.exchange.taking_over import chosen_by, office_lines, take_over
from automation.sync.register_book import NEW_AT_ONCE
from commands.new_files import NEW_FILE, check_new, free
from commands.present import clock
from register.complaint import WITA
from register.opening import check_data, open_data
from register.settings import Settings
from register.transfer import Transfer

SHOWN = 100
"""Problems on the screen; all of them are in the file of --errors."""
FORMATS = {"xlsx": ".xlsx", "csv": ".csv", "jsonl": ".jsonl", "sp4n": ".csv"}
PERSONAL = "Berkas ini memuat data pribadi pelapor: simpan di tempat aman, dan hapus bila tidak diperlukan lagi."
_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("import", help="Impor register lama (XLSX, CSV), atau ekspor lengkap (JSONL) ke kantor kosong.")
@click.argument("file", type=_FILE)
@click.option("--mapping", "chosen", help="Pemetaan kolom: berkas TOML, atau buku, sp4n, aduan yang sudah tersedia.")
@click.option("--sheet", default="", help="Lembar yang diimpor, bila ada beberapa.")
@click.option("--dry-run", is_flag=True, help="Periksa saja; tidak ada yang dicatat.")
@click.option("--errors", type=NEW_FILE, help="Simpan baris bermasalah ke berkas .csv atau .xlsx yang belum ada.")
@click.option("--make-mapping", is_flag=True, help="Tulis usulan pemetaan untuk berkas ini, lalu berhenti.")
@click.pass_obj
def import_command(
    settings: Settings,
    file: Path,
    chosen: str | None,
    sheet: str,
    dry_run: bool,
    errors: Path | None,
    make_mapping: bool,
) -> None:
    """Import what can be imported and tell what cannot; a second run imports nothing twice."""
    if make_mapping:
        click.echo(_proposed(file, sheet), nl=False)
        return
    if errors:
        check_new(errors, "--errors", file)
    check_data(settings)
    store, now = open_data(settings).store.transfer, clock()
    if file.suffix.casefold() == ".jsonl":
        _take_over(file, store, now)
        return
    known = [_mapping(chosen)] if chosen else list(mappings.shipped().values())
    with opened(file) as tables:
        outcome = _import_table(source_of(tables, known, sheet), store, now, errors, dry=dry_run)
    if outcome.troubles:
        sys.exit(1)


def _import_table(source: Source, store: Transfer, now: datetime, errors: Path | None, *, dry: bool) -> Outcome:
    rules = rules_for(now.astimezone(WITA).year, store.setting("configuration"))
    told = f" lembar «{source.sheet}»," if source.sheet else ""
    click.echo(f"Membaca{told} judul pada baris {source.head.row}, pemetaan: {source.mapping.name}.")
    if unread := source.head.unread():
        click.echo(f"Kolom yang tidak dibaca: {', '.join(unread)}. Untuk membacanya, sebutkan pada [columns] pemetaan.")
    length = source.tables.size(source.sheet)
    with click.progressbar(length=length, label="Memeriksa" if dry else "Mengimpor") as bar:
        outcome = run(source, store, rules, now, dry=dry, step=bar.update)
    _tell(outcome, source.tables.notes, dry=dry)
    if errors and outcome.bad_rows:
        _write_errors(errors, source, outcome)
    return outcome


def _take_over(file: Path, store: Transfer, now: datetime) -> None:
    with click.progressbar(length=0, label="Mengambil alih") as bar:
        count = take_over(file, store, now, bar.update)
    click.echo(f"{count} pengaduan diambil alih dengan tiket, nomor, batas waktu, dan riwayatnya.")
    click.echo("Berkas bukti, percakapan, dan tab pengaturan tidak ikut; salin dari cadangan kantor asal.")


def _mapping(chosen: str) -> ColumnMapping:
    known = mappings.shipped().get(chosen)
    if known is not None:
        return known
    path = Path(chosen)
    if not path.is_file():
        raise click.ClickException(
            f"Pemetaan '{chosen}' tidak ada. Yang tersedia: {', '.join(mappings.shipped())}, atau berkas TOML."
        )
    return mappings.read(path)


def _proposed(file: Path, sheet: str) -> str:
    with opened(file) as tables:
        for name in [sheet] if sheet else tables.names:
            header = mappings.likely_header([text_of(cell) for cell in row.cells] for row in tables.rows(name))
            if header:
                return mappings.proposed(header, file.stem)
    raise click.ClickException("Tidak ada baris yang tampak seperti judul kolom pada 40 baris pertama.")


def _tell(outcome: Outcome, notes: Sequence[str], *, dry: bool) -> None:
    for note in notes:
        click.echo(note)
    for trouble in outcome.troubles[:SHOWN]:
        click.echo(str(trouble))
    if len(outcome.troubles) > SHOWN:
        click.echo(f"… dan {len(outcome.troubles) - SHOWN} lagi; simpan semuanya dengan --errors BERKAS.xlsx")
    verb = "dapat diimpor" if dry else "diimpor"
    click.echo(f"{outcome.new} baris {verb}, {outcome.opened} di antaranya masih terbuka dan mulai dihitung sekarang.")
    for count, text in (
        (outcome.repeated, "sudah pernah diimpor; tidak diulang"),
        (len(outcome.bad_rows), "bermasalah; perbaiki lalu impor kembali, baris lain tidak akan terulang"),
        (outcome.passed_over, "berupa judul yang berulang; dilewati"),
        (outcome.hidden, "tersembunyi dalam lembar; ikut dibaca"),
    ):
        if count:
            click.echo(f"{count} baris {text}.")
    if dry:
        click.echo("Uji coba: tidak ada yang dicatat.")
    elif outcome.new:
        for line in _what_comes(outcome.new, outcome.new - outcome.opened):
            click.echo(line)


def _what_comes(new: int, closed: int) -> Iterator[str]:
    """What the running program does with the rows from now on, without being asked."""
    most = f"{NEW_AT_ONCE:,}".replace(",", ".")
    yield f"Selanjutnya: {new} baris masuk ke register, paling banyak {most} setiap putaran, selama program berjalan."
    if closed:
        yield (
            f"{closed} yang sudah selesai berstatus Diarsipkan; yang sudah lama selesai berpindah ke arsip menurut "
            "pengaturan arsip_setelah."
        )
    yield "Tidak ada pelapor yang disurati tentang impor ini."


def _write_errors(target: Path, source: Source, outcome: Outcome) -> None:
    told: dict[int, list[str]] = {}
    for trouble in outcome.troubles:
        told.setdefault(trouble.row, []).append(f"{trouble.column}: {trouble.what}" if trouble.column else trouble.what)
    _write_table(target, broken_rows(source.head.header, outcome.bad_rows, told))
    click.echo(f"Baris bermasalah disimpan: {target}. {PERSONAL}")


def _write_table(target: Path, rows: Iterator[Sequence[str]]) -> int:
    if target.suffix.casefold() == ".xlsx":
        return written(target, lambda draft: write_xlsx(rows, draft))
    if target.suffix.casefold() != ".csv":
        raise click.ClickException(f"Nama berkas '{target.name}' harus berakhir dengan .xlsx atau .csv.")

    def write(draft: Path) -> int:
        with draft.open("w", encoding="utf-8", newline="") as file:
            return write_csv(rows, file)

    return written(target, write)


@click.command("export", help="Ekspor semua pengaduan: XLSX, CSV, JSONL (lengkap), atau CSV SP4N-LAPOR!.")
@click.option("--format", "kind", type=click.Choice(list(FORMATS)), default="xlsx", show_default=True)
@click.option("--out", type=NEW_FILE, help="Berkas hasil, yang belum ada.")
@click.option("--since", type=_DAY, help="Hanya yang tercatat sejak tanggal ini (2026-01-31).")
@click.option("--until", type=_DAY, help="Hanya yang tercatat sampai tanggal ini.")
@click.option("--restricted", is_flag=True, help="Sertakan pengaduan terbatas.")
@click.option("--mapping", "chosen", help="Untuk sp4n: pemetaan TOML dengan [export] yang lain.")
@click.pass_obj
def export_command(
    settings: Settings,
    kind: str,
    out: Path | None,
    since: datetime | None,
    until: datetime | None,
    restricted: bool,
    chosen: str | None,
) -> None:
    """Write everything that is asked for into one file, readable to its owner alone."""
    if since and until and until < since:
        raise click.ClickException(
            f"--until {_day(until)} lebih awal daripada --since {_day(since)}, jadi tidak ada yang dapat diekspor. "
            "Tukar kedua tanggal itu."
        )
    if out:
        check_new(out, "--out")
    check_data(settings)
    now = clock()
    target = out or free(Path(f"aduan-{kind}-{stamp(now)}{FORMATS[kind]}"))
    wanted = chosen_by(_day(since), _day(until), restricted)
    mapping = _mapping(chosen or "sp4n") if kind == "sp4n" else None
    with open_data(settings).store.transfer.snapshot() as store:
        if kind == "jsonl":
            count = _write_lines(target, store, now, since, until, restricted)
        else:
            with click.progressbar(rows_out(store, wanted, mapping), label="Mengekspor") as rows:
                count = _write_table(target, iter(rows))
    click.echo(f"{count} pengaduan ditulis: {target}")
    if count:
        click.echo(PERSONAL)
    if not restricted:
        click.echo("Pengaduan terbatas tidak disertakan; tambahkan --restricted bila Anda berwenang.")


def _write_lines(
    target: Path, store: Transfer, now: datetime, since: datetime | None, until: datetime | None, restricted: bool
) -> int:
    full = restricted and since is None and until is None
    lines = office_lines(store, now, chosen_by(_day(since), _day(until), restricted), full=full)

    def write(draft: Path) -> int:
        count = 0
        with (
            draft.open("w", encoding="utf-8", errors="surrogatepass", newline="\n") as file,
            click.progressbar(sealed(lines), label="Mengekspor") as texts,
        ):
            for text in texts:
                file.write(text)
                count += text.startswith('{"complaint"')
        return count

    count = written(target, write)
    if not full:
        click.echo("Ekspor ini sebagian, sehingga tidak dapat diambil alih oleh kantor lain.")
    return count


def _day(at: datetime | None) -> date | None:
    return at.date() if at else None


COMMANDS = (import_command, export_command)
