"""The `aduan` command: wires the rooms together, passes to each what it needs, and holds no logic of its own."""

import os
import signal
import sys
import threading
from collections.abc import Set
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import click
import structlog
from filelock import FileLock, Timeout
from sqlalchemy.exc import SQLAlchemyError

import localsheets
from automation.channels.outbound.mail import mail_sender
from automation.configuration.in_force import bidang_name
from automation.disposition.learned import Learned
from automation.errors import QuestionError
from automation.job_health import PROBLEM, failing_jobs
from automation.jobs import delivery_jobs, evidence_jobs, learning_jobs, office_jobs, reporter_jobs
from automation.reminders.delivery import remembered_rules
from automation.reminders.reporter_contacts import NobodyWrote
from automation.sop import decision
from automation.sop.reporter_desk import ReporterDesk
from automation.supervision import Child, supervise
from automation.sync.reconcile import Reconciler, RestrictedPlace
from automation.worker import Lease, TickJob, run_beside, run_jobs
from commands import accounts, papers
from commands.asking import COMMANDS
from commands.channel_test import channel_test
from commands.doctor import STAFF_DOMAIN, examine, scanner_of
from commands.listening import check_ports, listen, stop_on_signal
from commands.present import clock
from commands.usage import Context, usage_problem
from commands.webhook_send import inbound_secrets, webhook_send
from register.accounts import ADMIN
from register.complaint import Channel
from register.errors import AduanError, SheetUnavailableError
from register.opening import (
    Opened,
    await_register,
    check_data,
    in_url,
    open_data,
    prepare,
    prepare_admin,
    reachable,
    register_file,
    secret_of,
    sheet_access,
)
from register.settings import Settings, load_settings, shown_settings
from register.sheet import Sheet, provision, provision_restricted
from register.sheet_access import LOCAL_IDENTITY, SheetAccess

SETTINGS_FILE = Path("aduan.toml")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="aduan")
@click.option("--data", help="Folder untuk semua data (ADUAN_DATA).")
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


@cli.command(help="Jalankan semua bagian sekaligus.")
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
    check_ports(settings)
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


@cli.command(help="Jalankan halaman publik dan API saja.")
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def web(settings: Settings, guarded: bool) -> None:
    """Run the public pages and the API alone."""
    from commands.staff_door import staff_door
    from webhooks import WebSettings, create_app  # of all commands this one needs it, and it takes a while to load
    from webhooks.evidence_bodies import LARGEST_REQUEST_BYTES

    opened = _open(settings, guarded=guarded)
    app = create_app(
        opened.store,
        WebSettings(
            secret_key=secret_of(settings, "web"),
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            register_url=lambda: _register_url(settings),
            notices=lambda: _notices(opened),
            stage_label=decision.stage,
            bidang_name=lambda code: bidang_name(opened.store.setting("configuration"), code),
            filings_per_hour=settings.filings_per_hour,
            api_per_hour=settings.api_per_hour,
            register_at_google=bool(settings.google_sheet_id),
            open311_keys=settings.open311_keys,
            desk=ReporterDesk(remembered_rules(opened.store, settings.restricted_roles)),
            writes_to_reporters=bool(settings.mailbox),
            inbound=inbound_secrets(settings),
        ),
        clock=clock,
        attachments=opened.attachments,
        scanner=scanner_of(settings),
        paper=papers.paper_maker(settings, opened),
        office_file=papers.office_file_maker(settings, opened),
        staff_door=staff_door(opened, settings, clock),
    )
    listen(app, settings, settings.port, guarded=guarded, largest_request_bytes=LARGEST_REQUEST_BYTES)


@cli.command(help="Jalankan pekerja saja: register, SOP, dan batas waktu.")
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
            local_channels=settings.allow_local_channels,
            restricted=_restricted_place(access, opened),
            learned=learned.model,
            accounts=lambda: opened.accounts.usernames() if settings.embedded else None,
        )

    stop = threading.Event()
    stop_on_signal(stop.set, guarded=guarded)
    await_register(settings, stop)
    delivery = delivery_jobs(
        opened.store,
        holder=secret_of(settings, "worker"),
        clock=clock,
        local_channels=settings.allow_local_channels,
    )
    run_beside(delivery, clock=clock, stop=stop)
    writing = reporter_jobs(
        opened.store,
        {Channel.EMAIL: mail_sender(settings.mailbox)} if settings.mailbox else {},
        NobodyWrote(),
        public_url=settings.public_url,
        holder=secret_of(settings, "worker"),
        clock=clock,
    )
    run_beside(writing, clock=clock, stop=stop)
    run_beside(learning_jobs(opened.store, learned), clock=clock, stop=stop)
    run_beside(evidence_jobs(opened.store, opened.attachments, scanner_of(settings)), clock=clock, stop=stop)
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
    from commands.grid_door import GridDoor

    door = GridDoor(_open(settings, guarded=guarded), settings, clock)
    app = localsheets.create_app(
        settings.data / "register",
        tokens={register_file(settings).token: localsheets.Identity(LOCAL_IDENTITY, "Sistem")},
        authenticate=door.authenticate,
        still_valid=door.still_valid,
        shared_login=door.shared,
        default_spreadsheet=lambda: register_file(settings).spreadsheet_id or None,
        trusted_proxies=settings.trusted_proxies,
    )
    largest = localsheets.LARGEST_REQUEST_BYTES
    listen(app, settings, settings.register_port, guarded=guarded, largest_request_bytes=largest)


@cli.command(help="Siapkan folder data dan spreadsheet.")
@click.pass_obj
def init(settings: Settings) -> None:
    """Prepare the data folder and the spreadsheet; run twice it changes nothing."""
    _prepare(settings)
    access, store = sheet_access(settings), open_data(settings).store
    count = provision(Sheet(access), store, {}, admins=_admins(access))
    if access.restricted:
        count += provision_restricted(Sheet(access.restricted), store, {})
    click.echo(f"{count} perubahan pada spreadsheet." if count else "Spreadsheet sudah lengkap; tidak ada perubahan.")


@cli.command("demo", help="Kirim 24 pengaduan contoh ke server yang sedang berjalan.")
@click.option("--url", help="Alamat server itu; bila tidak disebut, mesin ini.")
@click.pass_obj
def demo_command(settings: Settings, url: str | None) -> None:
    """File the 24 sample complaints through the public API of a running server."""
    from automation import demo  # asks over HTTP, which no other command does here

    address = url or settings.public_url or f"http://{in_url(reachable(settings.host))}:{settings.port}"
    agreed = demo.run(address, lambda: _sheets(_made_by_now(settings)), echo=click.echo, bar=click.progressbar)
    click.echo(agreed)


@cli.command(help="Ganti kata sandi petugas untuk register, atau buat akunnya.")
@click.argument("username", default=ADMIN)
@click.password_option(
    prompt="Kata sandi baru", confirmation_prompt="Ulangi", help="Kata sandi baru; bila tidak disebut, ditanyakan."
)
@click.pass_obj
def password(settings: Settings, username: str, password: str) -> None:
    """Give somebody of the staff a (new) password for the register; an account that is not there is made."""
    check_data(settings)
    prepare(settings, clock())
    known_accounts = open_data(settings).accounts
    known = known_accounts.state(username) is not None
    known_accounts.set_password(username, password, now=clock())
    click.echo(f"Kata sandi {username} sudah diganti." if known else f"Akun baru {username} dibuat.")
    if username.strip() == ADMIN and settings.admin_password not in ("", password):
        click.echo(
            "Perhatian: ADUAN_ADMIN_PASSWORD masih disetel, dan saat program dijalankan kembali kata sandi itulah "
            "yang berlaku lagi. Ubah atau kosongkan pengaturan itu.",
            err=True,
        )


@cli.command(help="Periksa pengaturan, basis data, dan register.")
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check settings, store and register, and say how to mend each."""
    for name, value in shown_settings(os.environ, SETTINGS_FILE).items():
        click.echo(f"{name:27} {value or '-'}")
    examine(settings)


for command in (*COMMANDS, *papers.COMMANDS, *accounts.COMMANDS, channel_test, webhook_send):
    cli.add_command(command)
for command in (cli, *cli.commands.values()):
    command.context_class = Context


def main() -> None:
    """Entry of the command; an error for people is a sentence, not a stack trace."""
    try:
        cli.main(prog_name="aduan", standalone_mode=False)
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
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(usage_problem(error) if isinstance(error, click.UsageError) else error.format_message(), err=True)
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


def _made_by_now(settings: Settings) -> SheetAccess:
    """As the worker made them. Raises: SheetUnavailableError while it has not: made by two, there would be two."""
    if settings.embedded and not register_file(settings).spreadsheet_id:
        raise SheetUnavailableError("Register belum dibuat.")
    return sheet_access(settings)


def _sheets(access: SheetAccess) -> list[Sheet]:
    """The shared spreadsheet, and that of restricted complaints if there is one."""
    return [Sheet(each) for each in (access, access.restricted) if each is not None]


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


def _register_url(settings: Settings) -> str | None:
    if settings.google_sheet_id:
        return f"https://docs.google.com/spreadsheets/d/{settings.google_sheet_id}"
    if settings.register_public_url:
        return settings.register_public_url
    if settings.sheets_url:
        return f"{settings.sheets_url}/register"
    from flask import request

    hostname = urlsplit(f"//{request.host}").hostname or reachable(settings.host)
    return f"{request.scheme}://{in_url(hostname)}:{settings.register_port}/register"


def _notices(opened: Opened) -> dict[str, object]:
    last = opened.store.setting("register") or {}
    read_at = last.get("read_at")
    age = int((clock() - datetime.fromisoformat(read_at)).total_seconds()) if read_at else None
    problem = last.get("kind", "") or (PROBLEM if failing_jobs(opened.store) else "")
    return {"register_age_seconds": age, "problem": problem}


if __name__ == "__main__":
    main()
