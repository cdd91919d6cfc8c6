"""The `aduan` command: wires the rooms together, passes to each what it needs, and holds no logic of its own."""

import os
import select
import signal
import socket
import sys
import threading
import time
from collections.abc import Set
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import flask
import structlog
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore
from waitress.server import create_server

import localsheets
import webhooks.app
from automation import agreement, decision, demo, suggesting
from automation.acts import load_acts
from automation.checkup import findings
from automation.configuration import bidang_name
from automation.drawing import draw_sop
from automation.drawing.files import format_of
from automation.errors import QuestionError
from automation.explaining_due import answer, named, read_question, rules_for
from automation.jobs import delivery_jobs, learning_jobs, office_jobs
from automation.learned import Learned
from automation.learning import MODEL_SETTING
from automation.procedures import load_procedures
from automation.reconcile import Reconciler, RestrictedPlace
from automation.register_book import TITLES
from automation.sop_check import check_sop
from automation.states import load_states
from automation.story import story
from automation.supervision import GRACE_SECONDS, Child, stop_with_parent, supervise
from automation.worker import Lease, TickJob, run_beside, run_jobs
from register.accounts import ADMIN
from register.changes import Book
from register.complaint import WITA
from register.errors import AduanError, ErasedError, SheetRefusedError, SheetUnavailableError
from register.opening import (
    Opened,
    await_register,
    has_data,
    in_url,
    open_data,
    prepare,
    prepare_admin,
    reachable,
    register_file,
    remembered,
    secret_of,
    sheet_access,
)
from register.settings import Settings, load_settings, shown_settings
from register.sheet import LOCAL_IDENTITY, Sheet, provision, provision_restricted
from register.sheet_access import SheetAccess
from register.store import Store
from register.tickets import parse_ticket
from webhooks.settings import WebSettings

SETTINGS_FILE = Path("aduan.toml")
MOST_CONNECTIONS = 1000
BUFFER_BYTES = 32 * 1024 * 1024
"""Of a request or an answer in memory before it goes to a temporary file; a batch of rows is a few megabytes."""
PORT_PATIENCE_SECONDS = 3.0
"""For the children of a killed server to let go of their ports."""
STAFF_DOMAIN = "@aduan.invalid"
"""Staff have usernames; protections in the register name addresses."""


def clock() -> datetime:
    """The present, in UTC; the only clock of the program."""
    return datetime.now(UTC)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aduan")
@click.option("--data", help="Folder for everything durable (ADUAN_DATA).")
@click.pass_context
def cli(context: click.Context, data: str | None) -> None:
    """Pengaduan masyarakat: formulir, register, SOP, dan status, dalam satu program."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    if data:
        os.environ["ADUAN_DATA"] = data
    context.obj = load_settings(os.environ, SETTINGS_FILE)


@cli.command()
@click.pass_obj
def serve(settings: Settings) -> None:
    """Run everything: public pages, worker, and the embedded register where no Google sheet is connected."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(settings.data / "serve.lock")
    try:
        lock.acquire(timeout=10)
    except Timeout:
        raise click.ClickException(
            f"aduan sudah berjalan dengan folder data '{settings.data}'. Hentikan dahulu yang itu."
        ) from None
    _check_ports(settings)
    _prepare(settings)
    children = [Child("web", _own("web", "--guarded")), Child("worker", _own("worker", "--guarded"))]
    if settings.embedded:
        register_file(settings)
        children.insert(0, Child("register", _own("register-server", "--guarded")))
    click.echo(f"Formulir dan status : http://{in_url(settings.host)}:{settings.port}/")
    click.echo(f"Register (petugas)  : http://{in_url(settings.host)}:{settings.port}/register")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    supervise(children, stop)


@cli.command()
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def web(settings: Settings, guarded: bool) -> None:
    """Run the public pages and the API alone."""
    opened = _open(settings, guarded=guarded)
    app = webhooks.app.create_app(
        opened.store,
        WebSettings(
            secret_key=secret_of(settings, "web"),
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            register_url=lambda: _register_url(settings),
            notices=lambda: _notices(opened),
            stage_label=decision.stage,
            bidang_name=lambda code: bidang_name(opened.store.setting("configuration"), code),
        ),
        clock=clock,
    )
    _listen(app, settings, settings.port, guarded=guarded)


@cli.command()
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def worker(settings: Settings, guarded: bool) -> None:
    """Run the worker alone: register, SOP, deadlines."""
    opened = _open(settings, guarded=guarded)
    lock = FileLock(settings.data / "worker.lock")
    try:
        lock.acquire(timeout=20)
    except Timeout:
        raise click.ClickException("Sudah ada pekerja lain dengan folder data ini.") from None
    lease = Lease(opened.store, secret_of(settings, "worker"), clock)

    learned = Learned(opened.store)

    def reconciler() -> Reconciler:
        access = sheet_access(settings)
        sheet = Sheet(access)
        return Reconciler(
            opened.store,
            sheet,
            still_writing=lease.held,
            provision=lambda used: provision(sheet, opened.store, used, admins=_admins(access)),
            restricted_roles=settings.restricted_roles,
            restricted=_restricted_place(access, opened),
            learned=learned.model,
        )

    stop = threading.Event()
    _stop_on_signal(stop.set, guarded=guarded)
    await_register(settings, stop)
    run_beside(delivery_jobs(opened.store, holder=secret_of(settings, "worker"), clock=clock), clock=clock, stop=stop)
    run_beside(learning_jobs(learned), clock=clock, stop=stop)
    tick = TickJob(opened.store, lease, reconciler)
    jobs = office_jobs(
        opened.store, tick, tick_seconds=settings.tick_seconds, restricted_roles=settings.restricted_roles
    )
    run_jobs(jobs, clock=clock, stop=stop)
    lock.release()


@cli.command("register-server", hidden=True)
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def register_server(settings: Settings, guarded: bool) -> None:
    """Run the embedded register alone."""
    opened = _open(settings, guarded=guarded)

    def authenticate(username: str, password: str) -> localsheets.Identity | None:
        account = opened.accounts.authenticate(username, password)
        if account is None:
            return None
        return localsheets.Identity(account.username + STAFF_DOMAIN, account.name, account.state)

    def still_valid(identity: localsheets.Identity) -> bool:
        return opened.accounts.state(identity.email.removesuffix(STAFF_DOMAIN)) == identity.state

    app = localsheets.create_app(
        settings.data / "register",
        tokens={register_file(settings).token: localsheets.Identity(LOCAL_IDENTITY, "Sistem")},
        authenticate=authenticate,
        still_valid=still_valid,
        default_spreadsheet=lambda: register_file(settings).spreadsheet_id or None,
        trusted_proxies=settings.trusted_proxies,
    )
    _listen(app, settings, settings.register_port, guarded=guarded)


@cli.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Prepare the data folder and the spreadsheet; run twice it changes nothing."""
    _prepare(settings)
    access, store = sheet_access(settings), open_data(settings).store
    count = provision(Sheet(access), store, {}, admins=_admins(access))
    if access.restricted:
        count += provision_restricted(Sheet(access.restricted), store, {})
    click.echo(f"{count} perubahan pada spreadsheet." if count else "Spreadsheet sudah lengkap; tidak ada perubahan.")


@cli.command("demo")
@click.option("--url", help="Address of the running server; this machine's if not given.")
@click.pass_obj
def demo_command(settings: Settings, url: str | None) -> None:
    """File the 24 sample complaints through the public API of a running server."""
    address = url or settings.public_url or f"http://{in_url(reachable(settings.host))}:{settings.port}"
    agreed = demo.run(address, lambda: _sheets(sheet_access(settings)), echo=click.echo, bar=click.progressbar)
    click.echo(agreed)


@cli.command()
@click.argument("username", default=ADMIN)
@click.password_option(prompt="Kata sandi baru", confirmation_prompt="Ulangi")
@click.pass_obj
def password(settings: Settings, username: str, password: str) -> None:
    """Give somebody of the staff a (new) password for the register."""
    prepare(settings, clock())
    open_data(settings).accounts.set_password(username, password, now=clock())
    click.echo(f"Kata sandi {username} sudah diganti.")
    if username.strip() == ADMIN and settings.admin_password not in ("", password):
        click.echo(
            "Perhatian: ADUAN_ADMIN_PASSWORD masih disetel, dan saat program dijalankan kembali kata sandi itulah "
            "yang berlaku lagi. Ubah atau kosongkan pengaturan itu.",
            err=True,
        )


@cli.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check settings, store and register, and say how to mend each."""
    for name, value in shown_settings(os.environ, SETTINGS_FILE).items():
        click.echo(f"{name:27} {value or '-'}")
    if not settings.public_url:
        click.echo(
            "Perhatian: ADUAN_PUBLIC_URL belum diisi. Alamat pada tanda terima dan kode QR diambil dari permintaan "
            "pengunjung; isi dengan alamat resmi sebelum formulir dibuka untuk umum."
        )
    prepare(settings, clock())
    opened = open_data(settings)
    click.echo(f"Basis data: baik, {len(opened.store.complaints())} pengaduan.")
    access = sheet_access(settings)
    click.echo(f"Register: menjawab, tab {', '.join(Sheet(access).titles())}.")
    if access.restricted:
        sheet = Sheet(access.restricted)
        shared = (
            [name.removesuffix(STAFF_DOMAIN) for name in sheet.shared_with()] if access.url else ["diatur di Google"]
        )
        people = ", ".join(shared)
        click.echo(f"Register Terbatas: menjawab, tab {', '.join(sheet.titles())}; dapat dibuka oleh: {people}.")
    else:
        click.echo(
            "Perhatian: ADUAN_GOOGLE_RESTRICTED_SHEET_ID belum diisi. Pengaduan terbatas hanya tampil sebagai "
            "ringkasan. Buat spreadsheet kedua, bagikan dengan akun layanan dan yang berhak saja, lalu isi id-nya."
        )
    rules = rules_for(clock().astimezone(WITA).year, opened.store.setting("configuration"))
    for sentence in findings(opened.store, rules, clock()):
        click.echo(sentence)
    if problem := (opened.store.setting("register") or {}).get("problem"):
        raise click.ClickException(problem)


@cli.command()
@click.argument("ticket")
@click.option("--texts", is_flag=True, help="Show what people wrote as well; the screen then shows personal data.")
@click.pass_obj
def explain(settings: Settings, ticket: str, texts: bool) -> None:
    """Print a complaint's whole story: its clocks, events and messages, and why it went where it went."""
    store = open_data(settings).store
    complaint = store.complaint(parse_ticket(ticket))
    rules = rules_for(clock().astimezone(WITA).year, store.setting("configuration"))
    clocks = store.clocks([complaint.ticket])[complaint.ticket]
    try:
        events = store.events(complaint.ticket)
    except ErasedError as error:
        click.echo(error.message, err=True)
        events = store.events(complaint.ticket, opened=False)
    click.echo("\n".join(story(complaint, clocks, events, rules, texts=texts)))


@cli.command()
@click.option("--sop", default="", help="langsung or online.")
@click.option("--step", default="", help="Number of the step.")
@click.option("--from", "began", default="", help="When the step began, in ISO 8601; WITA where no offset is given.")
@click.pass_obj
def due(settings: Settings, sop: str, step: str, began: str) -> None:
    """Print when a step is due (RFC 3339), and how that was found, one phrase a line."""
    question = read_question(load_procedures(), sop=sop, step=step, began=began)
    found = answer(question, rules_for(question.began.year, remembered(settings, "configuration")))
    click.echo("\n".join(found.lines))
    if found.warning:
        click.echo(found.warning, err=True)


@cli.command()
@click.option(
    "--root",
    "printed",
    type=(click.DateTime(["%Y-%m-%d"]), str),
    multiple=True,
    metavar="DATE ROOT",
    help="Date and root as a report shows them: 2026-11-23 '3f2a 91bc …'. May be given several times.",
)
@click.pass_obj
def verify(settings: Settings, printed: tuple[tuple[datetime, str], ...]) -> None:
    """Check that nobody changed the audit trail, and that store, trail and register agree."""
    prepare(settings, clock())
    store = open_data(settings).store
    found = store.verify([(at.date(), text) for at, text in printed])
    problems = [*map(str, found.findings), *_register_disagreements(settings, store)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems) + found.unlisted} masalah ditemukan; {found.events} peristiwa.")
    click.echo(f"{found.events} peristiwa, rantai utuh; akar hari ini {found.root}.")


def _register_disagreements(settings: Settings, store: Store) -> list[str]:
    """None, with a word about it, where there is no register to compare with."""
    access = sheet_access(settings) if settings.google_sheet_id else register_file(settings)
    if not access.spreadsheet_id:
        click.echo("Register belum ada, jadi tidak dibandingkan.", err=True)
        return []
    found: list[str] = []
    for book, place in ((Book.SHARED, access), (Book.RESTRICTED, access.restricted)):
        if place is None:
            continue
        sheet = Sheet(place)
        try:
            found += agreement.disagreements(store, sheet, book)
        except (SheetUnavailableError, SheetRefusedError) as error:
            click.echo(f"{TITLES[book]} tidak dibandingkan. {error.message}", err=True)
        finally:
            sheet.close()
    return found


@cli.command("sop")
@click.option("--output", default="", help="File to draw to, ending in .svg or .pdf; without it, check in words.")
@click.option("--sop", default="", help="langsung or online; both if not given.")
def sop_command(output: str, sop: str) -> None:
    """Draw both procedures and the states of a complaint, or check that nothing gets stuck in them."""
    known = load_procedures()
    procedures = [named(known, sop)] if sop else list(known.values())
    if output:
        contents = format_of(output)(draw_sop(procedures, load_acts(), load_states()))
        Path(output).write_bytes(contents)
        return
    checked = check_sop(procedures, load_acts())
    click.echo("\n".join(checked.lines))
    if checked.problems:
        raise click.ClickException("\n".join(checked.problems))
    click.echo("Setiap langkah dapat diselesaikan, dan tidak ada keadaan yang buntu.")


@cli.command()
@click.pass_obj
def suggest(settings: Settings) -> None:
    """Read complaints as JSON Lines ({"text": …}) and print the proposed disposition of each, a line of JSON."""
    failed = False
    for proposal in suggesting.answers(sys.stdin.buffer, _disposer(settings)):
        sys.stdout.buffer.write(proposal.line.encode("utf-8") + b"\n")
        sys.stdout.buffer.flush()
        failed = failed or proposal.failed
    if failed:
        sys.exit(1)


@cli.command(hidden=True)
@click.pass_obj
def train(settings: Settings) -> None:
    """Learn from the register's decided complaints, and remember the model; it is used once it is the better one."""
    model = Learned(open_data(settings).store).train(clock())
    click.echo(f"{model.corrections} pengaduan dipelajari; model {'dipakai' if model.in_force else 'belum dipakai'}.")


def main() -> None:
    """Entry of the command; an error for people is a sentence, not a stack trace."""
    try:
        cli.main(standalone_mode=False)
    except AduanError as error:
        click.echo(error.message, err=True)
        sys.exit(2 if isinstance(error, QuestionError) else 1)
    except localsheets.StorageError as error:
        click.echo(f"Berkas lembar register tidak dapat dipakai. {error}", err=True)
        sys.exit(1)
    except SQLAlchemyError as error:  # its text may quote what people wrote
        click.echo(f"Basis data tidak dapat dipakai ({type(error).__name__}). Periksa dengan: aduan doctor", err=True)
        sys.exit(1)
    except OSError as error:
        place = f" {error.filename}" if error.filename else ""
        click.echo(
            f"Berkas atau folder{place} tidak dapat dipakai ({error.strerror or type(error).__name__}). "
            "Periksa tempat dan izinnya, lalu jalankan kembali.",
            err=True,
        )
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


def _own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "aduan", *arguments]


def _prepare(settings: Settings) -> None:
    if saved := prepare(settings, clock()):
        click.echo(f"Cadangan basis data sebelum pembaruan: {saved}")
    if made := prepare_admin(open_data(settings).accounts, settings, clock()):
        click.echo(f"Masuk ke register    : pengguna {ADMIN}, kata sandi {made}")
        click.echo(f"                       (hanya ditampilkan sekali; ganti dengan: {sys.argv[0]} password)")


def _open(settings: Settings, *, guarded: bool) -> Opened:
    if not guarded:
        _prepare(settings)
    return open_data(settings)


def _sheets(access: SheetAccess) -> list[Sheet]:
    """The shared spreadsheet, and that of restricted complaints if there is one."""
    return [Sheet(each) for each in (access, access.restricted) if each is not None]


def _may_open(sheet: Sheet, access: SheetAccess) -> list[str]:
    return sheet.shared_with() if access.url else ["diatur di Google"]


def _admins(access: SheetAccess) -> list[str]:
    """Who may say who may open Register Terbatas; at Google that is the owner, whom nothing is closed to."""
    return [ADMIN + STAFF_DOMAIN] if access.url else []


def _restricted_place(access: SheetAccess, opened: Opened) -> RestrictedPlace | None:
    if access.restricted is None:
        return None
    sheet = Sheet(access.restricted)

    def share(accounts: Set[str]) -> None:
        structlog.get_logger().info("restricted_register_shared", accounts=sorted(accounts))
        sheet.share({account + STAFF_DOMAIN for account in {*accounts, ADMIN}})

    return RestrictedPlace(sheet, lambda used: provision_restricted(sheet, opened.store, used), share)


def _disposer(settings: Settings) -> suggesting.Disposer:
    """By the register's rules if there is a register; looking makes no data folder."""
    year = clock().astimezone(WITA).year
    if not has_data(settings):
        return suggesting.disposer(None, None, year)
    store = open_data(settings).store
    return suggesting.disposer(store.setting("configuration"), store.setting(MODEL_SETTING), year)


def _check_ports(settings: Settings) -> None:
    """Raises: ClickException if somebody else serves on a port that is needed here."""
    names = {settings.port: "PORT"} | ({settings.register_port: "ADUAN_REGISTER_PORT"} if settings.embedded else {})
    until = time.monotonic() + PORT_PATIENCE_SECONDS
    for port, name in names.items():
        while problem := _port_problem(settings.host, port):
            if time.monotonic() > until:
                raise _no_address(settings.host, port, problem, name)
            time.sleep(0.1)


def _port_problem(host: str, port: int) -> str:
    """Why that address cannot be listened on; empty if it can."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, protocol) as tried:
                if os.name == "posix":  # as waitress does: a connection that is just ending is no hindrance
                    tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                if family == socket.AF_INET6:
                    tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
                tried.bind(address)
    except (OSError, UnicodeError) as error:
        return getattr(error, "strerror", None) or str(error)
    return ""


def _no_address(host: str, port: int, problem: str, name: str) -> click.ClickException:
    return click.ClickException(
        f"Alamat {host}:{port} tidak dapat dipakai ({problem}). "
        f"Hentikan program yang memakainya, atau pilih {name} lain; periksa juga ADUAN_HOST."
    )


def _listen(app: flask.Flask, settings: Settings, port: int, *, guarded: bool) -> None:
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=settings.host,
            port=port,
            threads=settings.threads,
            # A browser keeps several connections open; more than a thousand need poll instead of select.
            connection_limit=MOST_CONNECTIONS,
            asyncore_use_poll=hasattr(select, "poll"),
            ident="aduan",
            # Proxies are trusted by count, in the applications; what they tell must get there.
            clear_untrusted_proxy_headers=not settings.trusted_proxies,
            inbuf_overflow=BUFFER_BYTES,
            outbuf_overflow=BUFFER_BYTES,
        )
    except (OSError, ValueError) as error:  # ValueError: a host that nobody knows
        name = "PORT" if port == settings.port else "ADUAN_REGISTER_PORT"
        raise _no_address(settings.host, port, getattr(error, "strerror", None) or str(error), name) from None

    def stop() -> None:
        server.close()
        server.task_dispatcher.shutdown(timeout=GRACE_SECONDS // 2)  # what is being answered is answered
        wasyncore.close_all(sockets)  # browsers keep idle connections open

    _stop_on_signal(stop, guarded=guarded)
    try:
        server.run()
    except (OSError, ValueError):
        return  # its sockets were closed: that is how it is told to stop


def _stop_on_signal(stop: Any, *, guarded: bool) -> None:
    if guarded:
        stop_with_parent(stop)
    else:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop())


def _register_url(settings: Settings) -> str | None:
    if settings.google_sheet_id:
        return f"https://docs.google.com/spreadsheets/d/{settings.google_sheet_id}"
    if settings.register_public_url:
        return settings.register_public_url
    if settings.sheets_url:
        return f"{settings.sheets_url}/register"
    hostname = urlsplit(f"//{flask.request.host}").hostname or reachable(settings.host)
    return f"{flask.request.scheme}://{in_url(hostname)}:{settings.register_port}/register"


def _notices(opened: Opened) -> dict[str, object]:
    last = opened.store.setting("register") or {}
    read_at = last.get("read_at")
    age = int((clock() - datetime.fromisoformat(read_at)).total_seconds()) if read_at else None
    return {"register_age_seconds": age, "problem": last.get("kind", "")}


if __name__ == "__main__":
    main()
