"""Commands that answer questions: why, when, whether all is as it was, and where a text would go."""

import sys
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import click

from automation.calendars.explaining_due import answer, named, read_question, rules_for
from automation.checkup import ILLEGIBLE_LINE
from automation.disposition import suggesting
from automation.disposition.learned import Learned
from automation.disposition.learning import MODEL_SETTING
from automation.sop.acts import load_acts
from automation.sop.procedures import load_procedures
from automation.sop.sop_check import check_sop
from automation.sop.states import load_states
from automation.story import story
from automation.sync import agreement
from automation.sync.register_book import TITLES
from automation.sync.rows import shown_instant
from commands.present import clock
from register.changes import Book
from register.complaint import WITA, Complaint, EventKind
from register.complaints import ILLEGIBLE
from register.errors import (
    ErasedError,
    IllegibleError,
    InvalidTicketError,
    SheetRefusedError,
    SheetUnavailableError,
    TicketNotFoundError,
)
from register.opening import (
    Opened,
    check_data,
    has_data,
    open_data,
    prepare,
    register_file,
    remembered,
    sheet_access,
)
from register.settings import Settings
from register.sheet import Sheet
from register.sheet_access import SheetAccess
from register.store import Store
from register.tickets import parse_ticket


@click.command(help="Ceritakan waktu dan peristiwa satu pengaduan.")
@click.argument("ticket")
@click.option("--texts", is_flag=True, help="Tampilkan juga tulisan orang; layar lalu memuat data pribadi.")
@click.pass_obj
def explain(settings: Settings, ticket: str, texts: bool) -> None:
    """Print a complaint's whole story: its clocks, events and messages, and why it went where it went."""
    check_data(settings)
    store = open_data(settings).store
    try:
        click.echo("\n".join(_story(store, ticket, texts=texts)))
    except ILLEGIBLE as error:
        wanted = parse_ticket(ticket)
        raise IllegibleError(ILLEGIBLE_LINE.format(ticket=wanted), ticket=wanted) from error


def _story(store: Store, typed: str, *, texts: bool) -> list[str]:
    complaint = named_complaint(store, typed)
    rules = rules_for(clock().astimezone(WITA).year, store.setting("configuration"))
    clocks = store.clocks([complaint.ticket])[complaint.ticket]
    try:
        events = store.events(complaint.ticket)
    except ErasedError as error:
        click.echo(error.message, err=True)
        events = store.events(complaint.ticket, opened=False)
    return story(complaint, clocks, events, rules, texts=texts)


def named_complaint(store: Store, typed: str) -> Complaint:
    """Raises: InvalidTicketError, TicketNotFoundError, in words for staff."""
    try:
        return store.complaint(parse_ticket(typed))
    except InvalidTicketError:
        raise InvalidTicketError(f"'{typed[:40]}' bukan nomor tiket. Tulis seperti ABCD-EFGH-J.") from None
    except TicketNotFoundError:
        raise TicketNotFoundError(f"Tidak ada pengaduan dengan tiket {parse_ticket(typed)} di data ini.") from None


def _check_named_folder(settings: Settings) -> None:
    """A folder that was named must be there: in a mistyped one the office's own rules would not be found."""
    if click.get_current_context().find_root().params.get("data") and not settings.data.is_dir():
        check_data(settings)


@click.command(help="Hitung batas waktu satu langkah SOP.")
@click.option("--sop", default="", help="langsung atau online.")
@click.option("--step", default="", help="Nomor langkah.")
@click.option("--from", "began", default="", help="Kapan langkah dimulai (ISO 8601); WITA bila tanpa zona.")
@click.pass_obj
def due(settings: Settings, sop: str, step: str, began: str) -> None:
    """Print when a step is due (RFC 3339), and how that was found, one phrase a line."""
    _check_named_folder(settings)
    question = read_question(load_procedures(), sop=sop, step=step, began=began)
    found = answer(question, rules_for(question.began.year, remembered(settings, "configuration")))
    click.echo("\n".join(found.lines))
    if found.warning:
        click.echo(found.warning, err=True)


@click.command(help="Periksa keutuhan jejak audit dan register.")
@click.option(
    "--root",
    "printed",
    type=(click.DateTime(["%Y-%m-%d"]), str),
    multiple=True,
    metavar="TANGGAL AKAR",
    help="Tanggal dan akar seperti pada laporan: 2026-11-23 '3f2a 91bc …'. Boleh berulang.",
)
@click.option(
    "--report",
    "files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Berkas PDF laporan pengaduan yang dicocokkan dengan jejak audit. Boleh berulang.",
)
@click.pass_obj
def verify(settings: Settings, printed: tuple[tuple[datetime, str], ...], files: tuple[Path, ...]) -> None:
    """Check that nobody changed the audit trail, and that store, trail, register and case reports agree."""
    check_data(settings)
    prepare(settings, clock())
    opened = open_data(settings)
    store = opened.store
    found = store.verify([(at.date(), text) for at, text in printed])
    disagreements, unread = _register_disagreements(settings, store)
    problems = [*map(str, found.findings), *disagreements]
    problems += filter(None, (_report_problem(opened, file) for file in files))
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems) + found.unlisted} masalah ditemukan; {found.events} peristiwa.")
    click.echo(f"{found.events} peristiwa, rantai utuh; akar hari ini {found.root}.")
    if unread:
        raise click.ClickException(
            f"Pemeriksaan belum lengkap: {' dan '.join(unread)} belum dibandingkan dengan basis data. "
            "Ulangi setelah hal di atas diperbaiki."
        )


def _report_problem(opened: Opened, file: Path) -> str:
    """What is wrong with a file that is said to be a case report; empty if the trail knows it, which is then told."""
    digest = sha256(file.read_bytes()).hexdigest()
    report = opened.reports.known(digest)
    events = opened.store.events(report.ticket, opened=False) if report else []
    told = next((e for e in events if e.kind is EventKind.REPORTED and e.data.get("sha256") == digest), None)
    if report is None or told is None:
        return f"Berkas {file.name} bukan laporan yang tercatat dalam jejak audit, atau sudah diubah."
    click.echo(f"{file.name}: laporan tiket {report.ticket}, ditulis {shown_instant(told.at)} WITA; utuh.")
    return ""


def _register_disagreements(settings: Settings, store: Store) -> tuple[list[str], list[str]]:
    """
    Where store and registers differ, and which of them could not be read, after a word about why.

    None of either, with a word about it, where there is no register to compare with.
    """
    access = sheet_access(settings) if settings.google_sheet_id else register_file(settings)
    if not access.spreadsheet_id:
        click.echo("Register belum ada, jadi tidak dibandingkan.", err=True)
        return [], []
    found: list[str] = []
    unread: list[str] = []
    for book, place in ((Book.SHARED, access), (Book.RESTRICTED, access.restricted)):
        if place is None:
            continue
        sheet = Sheet(place)
        try:
            found += agreement.disagreements(store, sheet, book)
        except SheetUnavailableError:
            click.echo(f"{TITLES[book]} tidak dibandingkan: {_unanswered(settings, place)}", err=True)
            unread.append(TITLES[book])
        except SheetRefusedError as error:
            click.echo(f"{TITLES[book]} tidak dibandingkan. {error.message}", err=True)
            unread.append(TITLES[book])
        finally:
            sheet.close()
    return found, unread


def _unanswered(settings: Settings, place: SheetAccess) -> str:
    """Where it was looked for, and what to do: most often it is served on another port than this command was told."""
    if not place.url:
        return "Google tidak menjawab. Periksa sambungan internet komputer ini."
    said = f"tidak ada register yang menjawab di {place.url}."
    if not settings.embedded:
        return f"{said} Periksa ADUAN_SHEETS_URL, dan apakah server itu berjalan."
    return (
        f"{said} Jalankan program (aduan serve), dan berikan kepada perintah ini setelan yang sama, juga PORT dan "
        "ADUAN_REGISTER_PORT."
    )


@click.command("sop", help="Gambar atau periksa kedua SOP.")
@click.option("--output", default="", help="Berkas gambar, .svg atau .pdf; tanpa ini, diperiksa dengan kata-kata.")
@click.option("--sop", default="", help="langsung atau online; keduanya bila tidak disebut.")
def sop_command(output: str, sop: str) -> None:
    """Draw both procedures and the states of a complaint, or check that nothing gets stuck in them."""
    known = load_procedures()
    procedures = [named(known, sop)] if sop else list(known.values())
    if output:
        from automation.sop.drawing import draw_sop  # loads what draws, which no other command needs
        from automation.sop.drawing.files import format_of

        contents = format_of(output)(draw_sop(procedures, load_acts(), load_states()))
        Path(output).write_bytes(contents)
        return
    checked = check_sop(procedures, load_acts())
    click.echo("\n".join(checked.lines))
    if checked.problems:
        raise click.ClickException("\n".join(checked.problems))
    click.echo("Setiap langkah dapat diselesaikan, dan tidak ada keadaan yang buntu.")


@click.command(help="Usulkan disposisi; JSON Lines masuk dan keluar.")
@click.pass_obj
def suggest(settings: Settings) -> None:
    """Read complaints as JSON Lines ({"text": …}) and print the proposed disposition of each, a line of JSON."""
    _check_named_folder(settings)
    if sys.stdin is None or sys.stdout is None:  # closed by whoever started it: `aduan suggest <&-`
        raise click.ClickException("Masukan atau keluaran standar tertutup; berikan JSON Lines di masukan standar.")
    failed = False
    for proposal in suggesting.answers(sys.stdin.buffer, _disposer(settings)):
        sys.stdout.buffer.write(proposal.line.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
        failed = failed or proposal.failed
    if failed:
        sys.exit(1)


@click.command(hidden=True)
@click.pass_obj
def train(settings: Settings) -> None:
    """Learn from the register's decided complaints, and remember the model; it is used once it is the better one."""
    check_data(settings)
    model = Learned(open_data(settings).store).train(clock())
    click.echo(f"{model.corrections} pengaduan dipelajari; model {'dipakai' if model.in_force else 'belum dipakai'}.")


def _disposer(settings: Settings) -> suggesting.Disposer:
    """By the register's rules if there is a register; looking makes no data folder."""
    year = clock().astimezone(WITA).year
    if not has_data(settings):
        return suggesting.disposer(None, None, year)
    store = open_data(settings).store
    return suggesting.disposer(store.setting("configuration"), store.setting(MODEL_SETTING), year)


COMMANDS = (explain, due, verify, sop_command, suggest, train)
