"""The processes of a running office: all of them together, the public pages, the worker, the embedded register."""

import signal
import sys
import threading
from collections.abc import Sequence, Set
from datetime import datetime
from urllib.parse import urlsplit

import click
import structlog
from filelock import FileLock, Timeout

import localsheets
from automation.archive.shelves import REMEMBERED, key_of
from automation.configuration.in_force import bidang_name, bidang_names
from automation.disposition.learned import Learned
from automation.job_health import PROBLEM, failing_jobs
from automation.jobs import (
    dashboard_jobs,
    delivery_jobs,
    evidence_jobs,
    filling_jobs,
    learning_jobs,
    office_jobs,
    publishing_jobs,
    report_jobs,
)
from automation.reminders.delivery import remembered_rules
from automation.reports.counting import Counting
from automation.sop import decision
from automation.sop.reporter_desk import ReporterDesk
from automation.supervision import Child, supervise
from automation.sync.reconcile import Reconciler, RestrictedPlace
from automation.worker import Job, Lease, TickJob, run_beside, run_jobs
from commands import papers, report
from commands.archiving import archive_job
from commands.doctor import STAFF_DOMAIN, scanner_of
from commands.listening import check_ports, listen, stop_on_signal
from commands.preparing import admins_of, prepare_office
from commands.present import clock
from commands.webhook_send import inbound_secrets
from register.accounts import ADMIN
from register.complaint import Complaint
from register.laying_out import provision, provision_restricted
from register.opening import (
    Opened,
    await_register,
    in_url,
    open_data,
    reachable,
    register_file,
    secret_of,
    sheet_access,
)
from register.report_files import FOLDER, Reports
from register.settings import Settings
from register.sheet import Sheet
from register.sheet_access import LOCAL_IDENTITY, SheetAccess


@click.command(help="Jalankan semua bagian sekaligus.")
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
    prepare_office(settings)
    children = [Child("web", _own("web", "--guarded")), Child("worker", _own("worker", "--guarded"))]
    if settings.embedded:
        register_file(settings, serving=True)
        children.insert(0, Child("register", _own("register-server", "--guarded")))
    click.echo(f"Formulir dan status : http://{in_url(settings.host)}:{settings.port}/")
    click.echo(f"Register (petugas)  : http://{in_url(settings.host)}:{settings.port}/register")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    supervise(children, stop)


@click.command(help="Jalankan halaman publik dan API saja.")
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def web(settings: Settings, guarded: bool) -> None:
    """Run the public pages and the API alone."""
    from commands.staff_door import staff_door
    from webhooks import WebSettings, create_app  # of all commands this one needs it, and it takes a while to load
    from webhooks.evidence_bodies import LARGEST_REQUEST_BYTES

    opened = _open(settings, guarded=guarded)
    rules = remembered_rules(opened.store, settings.restricted_roles)
    app = create_app(
        opened.store,
        WebSettings(
            secret_key=secret_of(settings, "web"),
            public_url=settings.public_url,
            trusted_proxies=settings.trusted_proxies,
            register_url=lambda: _register_url(settings),
            archive_url=lambda complaint: _archive_url(settings, opened, complaint),
            notices=lambda: _notices(opened),
            stage_label=decision.stage,
            bidang_name=lambda code: bidang_name(opened.store.setting("configuration"), code),
            bidang_names=lambda: bidang_names(opened.store.setting("configuration")),
            filings_per_hour=settings.filings_per_hour,
            api_per_hour=settings.api_per_hour,
            register_at_google=bool(settings.google_sheet_id),
            open311_keys=settings.open311_keys,
            desk=ReporterDesk(rules),
            writes_to_reporters=bool(settings.mailbox),
            inbound=inbound_secrets(settings),
        ),
        clock=clock,
        attachments=opened.attachments,
        scanner=scanner_of(settings),
        paper=papers.paper_maker(settings, opened),
        office_file=papers.office_file_maker(settings, opened),
        staff_door=staff_door(opened, settings, clock),
        statistics=Counting(opened.store, rules),
        reports=Reports(settings.data / FOLDER),
    )
    listen(app, settings, settings.port, guarded=guarded, largest_request_bytes=LARGEST_REQUEST_BYTES)


@click.command(help="Jalankan pekerja saja: register, SOP, dan batas waktu.")
@click.option("--guarded", is_flag=True, hidden=True)
@click.pass_obj
def worker(settings: Settings, guarded: bool) -> None:
    """Run the worker alone: register, SOP, deadlines."""
    from automation.channels.connected import (
        Channels,  # of all commands this one needs it, and it takes a while to load
    )

    opened = _open(settings, guarded=guarded)
    lock = FileLock(settings.data / "worker.lock")
    try:
        lock.acquire(timeout=20)
    except Timeout:
        raise click.ClickException("Sudah ada pekerja lain dengan folder data ini.") from None
    lease = Lease(opened.store, secret_of(settings, "worker"), clock)

    learned = Learned(opened.store)
    channels = Channels(
        opened.store,
        opened.attachments,
        settings,
        rules=remembered_rules(opened.store, settings.restricted_roles),
        holder=secret_of(settings, "worker"),
        clock=clock,
        scanner=scanner_of(settings),
    )

    def reconciler() -> Reconciler:
        access = sheet_access(settings)
        sheet = Sheet(access)
        return Reconciler(
            opened.store,
            sheet,
            still_writing=lease.held,
            provision=lambda used: provision(sheet, opened.store, used, admins=admins_of(access)),
            restricted_roles=settings.restricted_roles,
            local_channels=settings.allow_local_channels,
            restricted=_restricted_place(access, opened),
            learned=learned.model,
            accounts=lambda: opened.accounts.usernames() if settings.embedded else None,
            trays=channels.trays(),
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
    for jobs in (*channels.threads(), *((job,) for job in _news(opened, settings))):
        run_beside(jobs, clock=clock, stop=stop)
    run_beside(learning_jobs(opened.store, learned), clock=clock, stop=stop)
    run_beside(evidence_jobs(opened.store, opened.attachments, scanner_of(settings)), clock=clock, stop=stop)
    run_beside(report_jobs(opened.store, report.periodic_reports(settings, opened)), clock=clock, stop=stop)
    dashboard = dashboard_jobs(
        opened.store, lease, lambda: Sheet(sheet_access(settings)), restricted_roles=settings.restricted_roles
    )
    run_beside(dashboard, clock=clock, stop=stop)
    run_beside(filling_jobs(opened.store), clock=clock, stop=stop)
    counting = Counting(opened.store, remembered_rules(opened.store, settings.restricted_roles))
    run_beside(publishing_jobs(opened.store, counting, settings.restricted_roles), clock=clock, stop=stop)
    tick = TickJob(opened.store, lease, reconciler)
    jobs = office_jobs(
        opened.store,
        tick,
        archive_job(settings, opened, lease, tick.forget),
        papers.report_writer(settings, opened),
        tick_seconds=settings.tick_seconds,
        restricted_roles=settings.restricted_roles,
    )
    run_jobs(jobs, clock=clock, stop=stop)
    lock.release()


@click.command("register-server", hidden=True)
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


def _own(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "aduan", *arguments]


def _open(settings: Settings, *, guarded: bool) -> Opened:
    if not guarded:
        prepare_office(settings)
    return open_data(settings)


def _restricted_place(access: SheetAccess, opened: Opened) -> RestrictedPlace | None:
    if access.restricted is None:
        return None
    sheet = Sheet(access.restricted)

    def share(accounts: Set[str]) -> None:
        structlog.get_logger().info("restricted_register_shared", accounts=sorted(accounts))
        sheet.share({account + STAFF_DOMAIN for account in {*accounts, ADMIN}})

    return RestrictedPlace(sheet, lambda used: provision_restricted(sheet, opened.store, used), share)


def _news(opened: Opened, settings: Settings) -> Sequence[Job]:
    from automation.news_sending import news_jobs  # likewise

    holder = secret_of(settings, "worker")
    return news_jobs(opened.store, settings.webhook_urls, settings.webhook_secrets, holder=holder, clock=clock)


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


def _archive_url(settings: Settings, opened: Opened, complaint: Complaint) -> str | None:
    made = (opened.store.setting(REMEMBERED) or {}).get(key_of(complaint))
    if made is None:
        return None
    if settings.google_sheet_id:
        return f"https://docs.google.com/spreadsheets/d/{made}"
    return f"{_register_url(settings)}?id={made}"


def _notices(opened: Opened) -> dict[str, object]:
    last = opened.store.setting("register") or {}
    read_at = last.get("read_at")
    age = int((clock() - datetime.fromisoformat(read_at)).total_seconds()) if read_at else None
    problem = last.get("kind", "") or (PROBLEM if failing_jobs(opened.store) else "")
    return {"register_age_seconds": age, "problem": problem}


COMMANDS = (serve, web, worker, register_server)
