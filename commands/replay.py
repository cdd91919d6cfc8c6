"""`aduan replay`: a period counted again by rules that are only supposed, for managers who plan with it."""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path

import click

from automation.configuration.in_force import Configuration
from automation.exchange.harmless import harmless
from automation.reports.replay import Line, Moved, Replayed, clock_label, replay
from automation.reports.supposing import Supposed, read_supposed, rules_supposed
from automation.sync.rows import shown_instant
from commands.present import clock
from register.complaint import WITA
from register.indonesian_dates import letter_date
from register.opening import check_data, open_data
from register.settings import Settings

SHOWN = 20
"""So many complaints are listed on the screen; a file holds them all."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Calendars are made for every year in between, and the store takes no instant before year 1."""
_DAY = click.DateTime(["%Y-%m-%d"])
_HEAD = ("nomor_registrasi", "tiket", "waktu", "bidang", "mulai", "selesai", "batas", "batas_seandainya", "menjadi")


@click.command("replay", help="Hitung ulang satu masa dengan norma atau hari libur yang diandaikan.")
@click.option("--since", type=_DAY, required=True, help="Tanggal pertama, misalnya 2026-01-01.")
@click.option("--until", type=_DAY, help="Tanggal terakhir; bila tidak disebut, hari ini.")
@click.option(
    "--norm", "norms", multiple=True, help='Norma yang diandaikan, "langsung.5=3 hari kerja". Boleh berulang.'
)
@click.option("--holiday", "closed", type=_DAY, multiple=True, help="Tanggal yang diandaikan libur. Boleh berulang.")
@click.option("--workday", "opened", type=_DAY, multiple=True, help="Libur yang diandaikan hari kerja. Boleh berulang.")
@click.option(
    "--csv", "table", type=click.Path(path_type=Path, dir_okay=False), help="Berkas CSV untuk seluruh daftar."
)
@click.pass_obj
def replay_command(
    settings: Settings,
    since: datetime,
    until: datetime | None,
    norms: tuple[str, ...],
    closed: tuple[datetime, ...],
    opened: tuple[datetime, ...],
    table: Path | None,
) -> None:
    """Print how many clocks were late in fact and would have been, and which come out otherwise."""
    supposed = read_supposed(norms, [day.date() for day in closed], [day.date() for day in opened])
    check_data(settings)
    store, now = open_data(settings).store, clock()
    last = until.date() if until else now.astimezone(WITA).date()
    if last < since.date():
        raise click.ClickException(f"--until {last} lebih awal daripada --since {since.date()}.")
    if since.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise click.ClickException(f"Masa itu terlalu panjang; sebutkan tanggal antara {FIRST_YEAR} dan {LAST_YEAR}.")
    years = range(since.year - 1, last.year + 3)
    rules = rules_supposed(store.setting("configuration"), supposed, years)
    begin, end = _midnight(since.date()), datetime.combine(last, time.max, WITA)
    found = replay(store.cases(begin, end), rules, since=begin, until=end, now=now)
    click.echo("\n".join(_lines(found, supposed, since.date(), last, rules)))
    if table is not None:
        _write(table, found.moved, rules)
        click.echo(f"{table}: {len(found.moved)} baris.")


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), WITA)


def _lines(found: Replayed, supposed: Supposed, since: date, last: date, rules: Configuration) -> Iterator[str]:
    yield f"Diandaikan: {'; '.join(supposed.lines)}."
    yield f"Masa      : {letter_date(since)} sampai {letter_date(last)}, {found.complaints} pengaduan."
    if not found.lines:
        yield "Tidak ada waktu yang mulai dalam masa itu."
        return
    yield ""
    yield from _table([line for line in found.lines.values() if line.late or line.would_be_late])
    left_out = sum(not (line.late or line.would_be_late) for line in found.lines.values())
    if left_out:
        yield f"{left_out} jenis waktu tidak ditampilkan: tidak ada yang terlambat, baik nyatanya maupun seandainya."
    if not found.moved:
        yield "Tidak ada waktu yang hasilnya menjadi lain."
        return
    for late, heading in ((True, "Menjadi terlambat"), (False, "Tidak lagi terlambat")):
        yield from _listed(heading, [moved for moved in found.moved if moved.late is late], rules)


def _table(lines: Sequence[Line]) -> Iterator[str]:
    if not lines:
        return
    width = max(len(line.label) for line in lines)
    yield f"{'Waktu':{width}}  {'jumlah':>7} {'terlambat':>10} {'seandainya':>11} {'selisih':>8}"
    for line in lines:
        difference = line.would_be_late - line.late
        yield f"{line.label:{width}}  {line.count:7} {line.late:10} {line.would_be_late:11} {difference:+8}"


def _listed(heading: str, moved: Sequence[Moved], rules: Configuration) -> Iterator[str]:
    yield ""
    yield f"{heading}: {len(moved)}"
    for each in moved[:SHOWN]:
        label = clock_label(each.complaint.procedure.value, each.clock.key, rules)
        done = f"selesai {shown_instant(each.clock.done_at)}" if each.clock.done_at else "belum selesai"
        yield (
            f"  {each.complaint.register_number}  {each.complaint.ticket}  {label}: {done}, "
            f"batas {shown_instant(each.was)}, seandainya {shown_instant(each.would)}"
        )
    if len(moved) > SHOWN:
        yield f"  ... dan {len(moved) - SHOWN} lagi; tulis semuanya dengan --csv BERKAS."


def _write(table: Path, moved: Sequence[Moved], rules: Configuration) -> None:
    table.touch(mode=0o600)
    with table.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEAD)
        for each in moved:
            writer.writerow(
                (
                    each.complaint.register_number,
                    each.complaint.ticket,
                    clock_label(each.complaint.procedure.value, each.clock.key, rules),
                    harmless(each.complaint.bidang),
                    _plain(each.clock.begun_at),
                    _plain(each.clock.done_at),
                    _plain(each.was),
                    _plain(each.would),
                    "terlambat" if each.late else "tepat waktu",
                )
            )


def _plain(at: datetime | None) -> str:
    return at.astimezone(WITA).isoformat(timespec="minutes") if at else ""


COMMANDS = (replay_command,)
