"""What the worker does, as tables of jobs: the ticks and what follows them, and what may take long, beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from automation.archive.job import EVERY_SECONDS
from automation.dashboard import LOOKED_EVERY_SECONDS, Dashboard
from automation.disposition.learned import Learned
from automation.evidence_care import EvidenceCare
from automation.job_health import watched
from automation.reminders.delivery import Delivery, remembered_rules
from automation.reminders.reminding import Reminders
from automation.reports.counting import Counting
from automation.reports.districts import Districts
from automation.reports.publishing import Publishing
from automation.reports.schedule import PeriodicReports
from automation.steady_clock import steadily
from automation.worker import Clock, Job, Lease, TickJob
from forms.attachments.scanning import Scanner
from register.attachments import Attachments
from register.figures import Statistics
from register.sheet import Sheet
from register.store import Store

ReportJob = Callable[[datetime], object]
DELIVERED_EVERY_SECONDS = 2
SEALED_EVERY_SECONDS = 600
LEARNED_EVERY_SECONDS = 3600
EVIDENCE_EVERY_SECONDS = 300
EXPIRED_EVERY_SECONDS = 3600
REPORTED_EVERY_SECONDS = 600
FILLED_EVERY_SECONDS = 3600
PUBLISHED_EVERY_SECONDS = 3600


def office_jobs(
    store: Store,
    tick: TickJob,
    archive: Callable[[datetime], object],
    reports: ReportJob | None = None,
    *,
    tick_seconds: int,
    restricted_roles: str,
) -> Sequence[Job]:
    """
    Quick ones, one after another: the tick, the reports of what it closed, what it makes due to be told, sealing the
    trail, moving to the archive, dropping old drafts.
    """
    reminders, rules = Reminders(store), remembered_rules(store, restricted_roles)
    reporting = (watched(store, Job("case_reports", tick_seconds, reports)),) if reports is not None else ()
    return (
        Job("tick", tick_seconds, tick),
        *reporting,
        watched(store, Job("reminders", tick_seconds, lambda now: reminders.run(rules(now), now))),
        watched(store, Job("seal", SEALED_EVERY_SECONDS, store.seal_day)),
        watched(store, Job("archive", EVERY_SECONDS, archive)),
        watched(store, Job("drafts", EXPIRED_EVERY_SECONDS, store.drafts.expire)),
    )


def delivery_jobs(store: Store, *, holder: str, clock: Clock, local_channels: bool) -> Sequence[Job]:
    """Sending to staff, which may wait for other servers."""
    from automation.reminders.channels.staff import send  # loads apprise, which only the worker needs

    deliver = Delivery(
        store,
        partial(send, local=local_channels),
        holder=holder,
        clock=clock,
        rules=remembered_rules(store),
    )
    return (watched(store, Job("deliver", DELIVERED_EVERY_SECONDS, deliver)),)


def dashboard_jobs(store: Store, lease: Lease, sheet: Callable[[], Sheet], *, restricted_roles: str) -> Sequence[Job]:
    """Keeping the tab `Dasbor`, whose months may take a while to count."""
    dashboard = Dashboard(lease.held, sheet, Counting(store, remembered_rules(store, restricted_roles)))
    return (watched(store, Job("dashboard", LOOKED_EVERY_SECONDS, dashboard)),)


def learning_jobs(store: Store, learned: Learned) -> Sequence[Job]:
    """Training, which may take minutes."""
    renew: Callable[[datetime], object] = learned.renew
    return (watched(store, Job("learn", LEARNED_EVERY_SECONDS, renew)),)


def evidence_jobs(store: Store, attachments: Attachments, scanner: Scanner | None) -> Sequence[Job]:
    """Looking after reporters' files, for which the virus scanner may take its time."""
    return (watched(store, Job("evidence", EVIDENCE_EVERY_SECONDS, EvidenceCare(attachments, scanner))),)


def report_jobs(store: Store, reports: PeriodicReports) -> Sequence[Job]:
    """Reports of finished periods, which read all that happened in them."""
    return (watched(store, Job("reports", REPORTED_EVERY_SECONDS, steadily(store, reports))),)


def filling_jobs(store: Store) -> Sequence[Job]:
    """What an earlier version did not keep, filled in once: of a large office that may take minutes."""
    return (watched(store, Job("districts", FILLED_EVERY_SECONDS, Districts(store))),)


def publishing_jobs(store: Store, statistics: Statistics, restricted_roles: str) -> Sequence[Job]:
    """Editions for the public, which read all that was recorded in their periods."""
    publishing = Publishing(store, statistics, remembered_rules(store, restricted_roles))
    return (watched(store, Job("publish", PUBLISHED_EVERY_SECONDS, steadily(store, publishing))),)
