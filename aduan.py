"""The `aduan` command: wires the rooms together, passes to each what it needs, and holds no logic of its own."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import flask
import structlog
from filelock import FileLock, Timeout
from waitress import wasyncore
from waitress.server import create_server

import localsheets
import webhooks.app
from automation import decision, demo
from automation.configuration import bidang_name
from automation.reconcile import Reconciler
from automation.supervision import GRACE_SECONDS, Child, stop_with_parent, supervise
from automation.worker import Job, Lease, TickJob, run_jobs
from register.accounts import ADMIN
from register.errors import AduanError
from register.opening import (
    Opened,
    await_register,
    open_data,
    prepare,
    prepare_admin,
    register_file,
    secret_of,
    sheet_access,
)
from register.settings import Settings, load_settings, shown_settings
from register.sheet import LOCAL_IDENTITY, Sheet, provision
from webhooks.settings import WebSettings

SETTINGS_FILE = Path("aduan.toml")
BUFFER_BYTES = 32 * 1024 * 1024
"""Of a request or an answer in memory before it goes to a temporary file; a batch of rows is a few megabytes."""


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
    lock = FileLock(settings.data / "serve.lock")
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        lock.acquire(timeout=10)
    except Timeout:
        raise click.ClickException(
            f"aduan sudah berjalan dengan folder data {settings.data}. Hentikan dahulu yang itu."
        ) from None
    _prepare(settings)
    children = [Child("web", _own("web", "--guarded")), Child("worker", _own("worker", "--guarded"))]
    if settings.embedded:
        register_file(settings)
        children.insert(0, Child("register", _own("register-server", "--guarded")))
    click.echo(f"Formulir dan status : http://{settings.host}:{settings.port}/")
    click.echo(f"Register (petugas)  : http://{settings.host}:{settings.port}/register")
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
    _listen(app, settings.host, settings.port, settings.threads, guarded=guarded)


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

    def reconciler() -> Reconciler:
        sheet = Sheet(sheet_access(settings))
        return Reconciler(
            opened.store, sheet, still_writing=lease.held, provision=lambda used: _provision(sheet, opened, used)
        )

    stop = threading.Event()
    _stop_on_signal(stop.set, guarded=guarded)
    await_register(settings, stop)
    jobs = [Job("tick", settings.tick_seconds, TickJob(opened.store, lease, reconciler))]
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
        return localsheets.Identity(f"{account.username}@aduan.invalid", account.name) if account else None

    app = localsheets.create_app(
        settings.data / "register",
        tokens={register_file(settings).token: localsheets.Identity(LOCAL_IDENTITY, "Sistem")},
        authenticate=authenticate,
        default_spreadsheet=lambda: register_file(settings).spreadsheet_id or None,
    )
    _listen(app, settings.host, settings.register_port, settings.threads, guarded=guarded)


@cli.command()
@click.pass_obj
def init(settings: Settings) -> None:
    """Prepare the data folder and the spreadsheet; run twice it changes nothing."""
    _prepare(settings)
    count = provision(Sheet(sheet_access(settings)), open_data(settings).store, {})
    click.echo(f"{count} perubahan pada spreadsheet." if count else "Spreadsheet sudah lengkap; tidak ada perubahan.")


@cli.command("demo")
@click.option("--url", help="Address of the running server; this machine's if not given.")
@click.pass_obj
def demo_command(settings: Settings, url: str | None) -> None:
    """File the 24 sample complaints through the public API of a running server."""
    address = url or settings.public_url or f"http://{settings.host}:{settings.port}"
    agreed = demo.run(address, lambda: Sheet(sheet_access(settings)), echo=click.echo, bar=click.progressbar)
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


@cli.command()
@click.pass_obj
def doctor(settings: Settings) -> None:
    """Check settings, store and register, and say how to mend each."""
    for name, value in shown_settings(os.environ, SETTINGS_FILE).items():
        click.echo(f"{name:27} {value or '-'}")
    prepare(settings, clock())
    opened = open_data(settings)
    click.echo(f"Basis data: baik, {len(opened.store.complaints())} pengaduan.")
    sheet = Sheet(sheet_access(settings))
    click.echo(f"Register: menjawab, tab {', '.join(sheet.titles())}.")
    if problem := (opened.store.setting("register") or {}).get("problem"):
        raise click.ClickException(problem)


def main() -> None:
    """Entry of the command; an error for people is a sentence, not a stack trace."""
    try:
        cli.main(standalone_mode=False)
    except AduanError as error:
        click.echo(error.message, err=True)
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
        click.echo("                       (hanya ditampilkan sekali; ganti dengan: aduan password)")


def _open(settings: Settings, *, guarded: bool) -> Opened:
    if not guarded:
        _prepare(settings)
    return open_data(settings)


def _provision(sheet: Sheet, opened: Opened, used_rows: Mapping[str, int]) -> None:
    provision(sheet, opened.store, used_rows)


def _listen(app: flask.Flask, host: str, port: int, threads: int, *, guarded: bool) -> None:
    sockets: dict[int, Any] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=host,
            port=port,
            threads=threads,
            ident="aduan",
            inbuf_overflow=BUFFER_BYTES,
            outbuf_overflow=BUFFER_BYTES,
        )
    except OSError as error:
        raise click.ClickException(
            f"Alamat {host}:{port} tidak dapat dipakai ({error.strerror}). "
            "Hentikan program yang memakainya, atau pilih PORT lain."
        ) from None

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
    hostname = flask.request.host.rsplit(":", 1)[0]
    return f"{flask.request.scheme}://{hostname}:{settings.register_port}/register"


def _notices(opened: Opened) -> dict[str, object]:
    last = opened.store.setting("register") or {}
    read_at = last.get("read_at")
    age = int((clock() - datetime.fromisoformat(read_at)).total_seconds()) if read_at else None
    return {"register_age_seconds": age, "problem": last.get("problem", "")}


if __name__ == "__main__":
    main()
