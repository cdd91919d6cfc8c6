"""The command that makes a Laporan Berkala, or lists those that were made by schedule."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from automation.reminders.delivery import remembered_rules
from automation.reports.counting import Counting
from automation.reports.findings import findings
from automation.reports.making import Maker, files_of
from automation.reports.public_document import public_document
from automation.reports.schedule import PeriodicReports
from commands.papers import present_office
from commands.present import clock
from forms.papers.facts import root_line
from register.opening import Opened, check_data, open_data
from register.periods import HALF, MONTH, QUARTER, YEAR, Period
from register.report_files import FOLDER, FORMATS, Reports, file_name
from register.settings import Settings

ALL = "all"
NO_ROOT = "Akar jejak audit belum ada: hari pertama belum disegel."
KINDS = {"monthly": MONTH, "quarterly": QUARTER, "half-yearly": HALF, "yearly": YEAR}


@click.command(help="Buat Laporan Berkala (PDF, Excel, CSV), atau sebutkan yang sudah ada: aduan report quarterly.")
@click.argument("kind", required=False, type=click.Choice(list(KINDS)))
@click.option("--period", help="Masa: 2026-11, 2026-Q3, 2026-S2, 2026. Bila tidak disebut, triwulan lalu.")
@click.option("--public", is_flag=True, help="Edisi publik, tanpa angka kecil.")
@click.option("--format", "form", type=click.Choice([*FORMATS, ALL]), default="pdf", help="Bila tidak disebut, pdf.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Folder hasil.")
@click.pass_obj
def report(settings: Settings, kind: str | None, period: str | None, public: bool, form: str, out: Path) -> None:
    """Write a period's report, and say where."""
    check_data(settings)
    if kind is not None:
        if period or public:
            raise click.ClickException(
                f"'aduan report {kind}' menyebutkan laporan yang sudah ada, tanpa --period dan --public. Untuk membuat "
                f"laporan, jalankan tanpa kata '{kind}'."
            )
        _list(Reports(settings.data / FOLDER), KINDS[kind])
        return
    now = clock()
    chosen = Period.parse(period) if period else Period.around(now, QUARTER).moved(-1)
    if chosen.since > now:
        raise click.ClickException(f"{chosen.label} belum dimulai, jadi belum ada yang dapat dilaporkan.")
    formats = FORMATS if form == ALL else (form,)
    opened = open_data(settings)
    contents = _public(settings, opened, chosen, formats) if public else _own(settings, opened, chosen, formats)
    out.mkdir(parents=True, exist_ok=True)
    for each, content in contents.items():
        _write(out / file_name(chosen, each, public=public), content)


def _own(settings: Settings, opened: Opened, period: Period, formats: Sequence[str]) -> Mapping[str, bytes]:
    return report_maker(settings, opened).make(period, clock(), formats)


def _public(settings: Settings, opened: Opened, period: Period, formats: Sequence[str]) -> Mapping[str, bytes]:
    """As it was published; it is never counted for this."""
    edition = opened.store.edition(period)
    if edition is None:
        raise click.ClickException(
            f"Edisi publik {period.label} belum terbit. Edisi publik terbit sendiri, satu kali, beberapa hari setelah "
            "masanya berakhir, dan tidak dapat dibuat lebih awal. Untuk keperluan kantor, jalankan tanpa --public."
        )
    return files_of(
        public_document(edition), formats, lambda: present_office(settings, opened.store.setting("configuration"))
    )


def _list(reports: Reports, months: int) -> None:
    found = [each for each in reports.made() if each.period.months == months]
    for each in found:
        click.echo(f"{each.period.key:8} {each.period.label:20} {' '.join(map(str, each.files.values()))}")
    if not found:
        click.echo(
            "Belum ada. Laporan dibuat sendiri setelah masanya berakhir; atau buat dengan: aduan report --period …"
        )


def _write(target: Path, content: bytes) -> None:
    target.touch(mode=0o600)
    target.write_bytes(content)
    click.echo(target)


def report_maker(settings: Settings, opened: Opened) -> Maker:
    """Makes the reports of an office."""
    store, rules = opened.store, remembered_rules(opened.store, settings.restricted_roles)
    return Maker(
        counting=Counting(store, rules),
        rules=rules,
        office=lambda: present_office(settings, store.setting("configuration")),
        began=store.first_recorded,
        root_line=lambda: root_line(store.last_root()) or NO_ROOT,
        findings=findings,
    )


def periodic_reports(settings: Settings, opened: Opened) -> PeriodicReports:
    """The job that makes them by schedule, in all formats."""
    maker = report_maker(settings, opened)
    return PeriodicReports(
        opened.store,
        Reports(settings.data / FOLDER),
        lambda period, now: maker.make(period, now, FORMATS),
        maker.rules,
    )


COMMANDS = (report,)
