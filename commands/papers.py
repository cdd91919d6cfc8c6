"""Commands that print: the decree's papers of one complaint, filled or blank, and the Buku Registrasi."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from automation.calendars.explaining_due import rules_for
from automation.case_reporting import CaseReporting, report_facts
from automation.configuration.letterhead import office_of
from automation.reminders.delivery import remembered_rules
from commands.asking import named_complaint
from commands.new_files import check_new
from commands.present import clock
from forms.papers import (
    Book,
    Facts,
    Office,
    Paper,
    book_of,
    book_xlsx,
    facts_of,
    receipt_facts,
    render,
    render_book,
    render_docx,
)
from forms.papers.errors import LogoError
from register.complaint import WITA
from register.holdings import TICKET
from register.opening import Opened, check_data, open_data, remembered
from register.settings import Settings

LOGOS = ("logo.png", "logo.jpg", "logo.svg")
"""Files of the data folder; the first that is there stands in the letterhead."""
RECEIPT = "tanda-terima"
"""Begins the key of every paper that leaves the office with the reporter, and so opens nothing that is sealed."""
BOOK = "buku-registrasi"
LARGEST_LOGO = 1_000_000
"""Bytes."""


@click.command(help="Buat dokumen pengaduan (PDF, atau .docx): formulir, tanda terima, berita acara.")
@click.argument("ticket", required=False)
@click.option(
    "--paper", type=click.Choice([paper.value for paper in Paper]), required=True, help="Dokumen yang dibuat."
)
@click.option("--blank", is_flag=True, help="Lembar kosong untuk ditulis tangan, misalnya saat listrik padam.")
@click.option("--out", type=click.Path(path_type=Path), help="Berkas hasil, .pdf atau .docx.")
@click.pass_obj
def papers(settings: Settings, ticket: str | None, paper: str, blank: bool, out: Path | None) -> None:
    """Write one paper, and say where."""
    if bool(ticket) == blank:
        raise click.ClickException("Sebutkan nomor tiket, atau --blank untuk lembar kosong; salah satu saja.")
    kind = Paper(paper)
    facts = Facts(_office(settings)) if ticket is None else _facts(settings, kind, ticket)
    target = out or Path(f"{kind}-{facts.complaint.ticket if facts.complaint else 'kosong'}.pdf")
    setting = {".pdf": render, ".docx": render_docx}.get(target.suffix.casefold())
    if setting is None:
        raise click.ClickException(f"Nama berkas '{target.name}' harus berakhir dengan .pdf atau .docx.")
    if setting is render_docx:  # people go on writing in it, while a PDF is only ever made anew
        check_new(target, "--out")
    _write(target, setting(kind, facts, blank=blank))


@click.command(help="Buat Buku Registrasi Pengaduan satu bulan atau satu tahun (PDF, atau Excel).")
@click.option("--year", type=click.IntRange(2000, 2100), help="Tahun; bila tidak disebut, tahun ini.")
@click.option("--month", type=click.IntRange(1, 12), help="Bulan, 1 sampai 12; bila tidak disebut, satu tahun.")
@click.option("--xlsx", is_flag=True, help="Sebagai berkas Excel.")
@click.option("--blank", is_flag=True, help="Lembar kosong untuk ditulis tangan.")
@click.option("--out", type=click.Path(path_type=Path), help="Berkas hasil, .pdf atau .xlsx.")
@click.pass_obj
def book(settings: Settings, year: int | None, month: int | None, xlsx: bool, blank: bool, out: Path | None) -> None:
    """Write the register's book, and say where."""
    chosen = year or clock().astimezone(WITA).year
    span = "kosong" if blank else f"{chosen}-{month:02d}" if month else str(chosen)
    target = out or Path(f"buku-registrasi-{span}.{'xlsx' if xlsx else 'pdf'}")
    excel = xlsx or target.suffix.casefold() == ".xlsx"
    if target.suffix.casefold() != (".xlsx" if excel else ".pdf") or (excel and blank):
        raise click.ClickException("Buku kosong hanya tersedia sebagai .pdf; buku terisi sebagai .pdf atau .xlsx.")
    found = Book(_office(settings), chosen) if blank else _book(settings, chosen, month)
    _write(target, book_xlsx(found) if excel else render_book(found, blank=blank))


def _write(target: Path, contents: bytes) -> None:
    """Readable to whoever asked for it alone, since people's names stand in it."""
    target.touch(mode=0o600)
    target.write_bytes(contents)
    click.echo(target)


def _facts(settings: Settings, paper: Paper, ticket: str) -> Facts:
    check_data(settings)
    opened = open_data(settings)
    complaint, configuration = named_complaint(opened.store, ticket), opened.store.setting("configuration")
    office = present_office(settings, configuration)
    return _paper_facts(paper, opened, complaint.ticket, office, configuration)


def _book(settings: Settings, year: int, month: int | None) -> Book:
    check_data(settings)
    return book_of(open_data(settings).store, _office(settings), year, month, now=clock())


def _office(settings: Settings) -> Office:
    """By the office's own settings if there is a register; looking makes no data folder."""
    return present_office(settings, remembered(settings, "configuration"))


def present_office(settings: Settings, configuration: Any, base: str = "") -> Office:
    """
    The office as it is today.

    Args:
        configuration: The store's setting of that name, None before there is one.
        base: Where the status pages are, for an office that does not say so in ADUAN_PUBLIC_URL.

    Raises: LogoError.
    """
    today = clock().astimezone(WITA).date()
    rules = rules_for(today.year, configuration)
    return office_of(rules, today, public_url=settings.public_url or base, logo=_logo(settings))


def paper_maker(settings: Settings, opened: Opened) -> Callable[[str, str, str], bytes]:
    """
    Makes a paper as PDF for the web, by its key, a ticket, and the address under which the site was asked for it.

    Of a report it is the last one that was written, if there is one: that is what the trail vouches for.

    Raises: ValueError for a key of no paper, LogoError, NotClosedError; ErasedError, FileLostError of a kept report.
    """

    def make(key: str, ticket: str, base: str) -> bytes:
        paper, configuration = Paper(key), opened.store.setting("configuration")
        if paper is Paper.REPORT and (kept := opened.reports.of(ticket)):
            return opened.reports.open(kept[-1])
        office = present_office(settings, configuration, base)
        if paper.value.startswith(RECEIPT):
            return render(paper, receipt_facts(opened.store, ticket, office, now=clock()))
        return render(paper, _paper_facts(paper, opened, ticket, office, configuration))

    return make


def report_writer(settings: Settings, opened: Opened) -> CaseReporting:
    """The job that writes case reports, with the office's letterhead as it is then."""
    return CaseReporting(
        opened.store,
        opened.reports,
        rules=remembered_rules(opened.store, settings.restricted_roles),
        office=lambda: present_office(settings, opened.store.setting("configuration")),
        documents=lambda ticket: _documents(opened, ticket),
    )


def _documents(opened: Opened, ticket: str) -> list[str]:
    return [each.name for each in opened.attachments.of(f"{TICKET}{ticket}")]


def _paper_facts(paper: Paper, opened: Opened, ticket: str, office: Office, configuration: Any) -> Facts:
    """Of the report, how the complaint was handled as well."""
    now, documents = clock(), _documents(opened, ticket)
    if paper is not Paper.REPORT:
        return facts_of(opened.store, ticket, office, now=now, documents=documents)
    rules = rules_for(now.astimezone(WITA).year, configuration)
    return report_facts(opened.store, ticket, office, rules, now=now, documents=documents)


def office_file_maker(settings: Settings, opened: Opened) -> Callable[[str, str, str], bytes]:
    """
    Makes the book, blank papers and Word files, for the web, as `webhooks.context.Context` says.

    Raises: KeyError, LogoError, NotClosedError, NotEditableError.
    """

    def make(key: str, of: str, kind: str) -> bytes:
        office = present_office(settings, opened.store.setting("configuration"))
        if key == BOOK:
            year, _, month = of.partition("-")
            if not year:
                return render_book(Book(office, clock().astimezone(WITA).year), blank=True)
            found = book_of(opened.store, office, int(year), int(month) if month else None, now=clock())
            return book_xlsx(found) if kind == "xlsx" else render_book(found)
        setting = render_docx if kind == "docx" else render
        if not of:
            return setting(Paper(key), Facts(office), blank=True)
        facts = facts_of(opened.store, of, office, now=clock(), documents=_documents(opened, of))
        return setting(Paper(key), facts)

    return make


def _logo(settings: Settings) -> bytes:
    found = next((settings.data / name for name in LOGOS if (settings.data / name).is_file()), None)
    if found is None:
        return b""
    if found.stat().st_size > LARGEST_LOGO:
        raise LogoError(f"Logo {found} lebih besar dari 1 MB; perkecil gambarnya.")
    return found.read_bytes()


COMMANDS = (papers, book)
