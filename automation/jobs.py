"""What the worker does, as tables of jobs: the ticks and what follows them, and what may take long, beside them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from automation.archive.job import EVERY_SECONDS
from automation.disposition.learned import Learned
from automation.evidence_care import EvidenceCare
from automation.job_health import watched
from automation.reminders.delivery import Delivery, remembered_rules
from automation.reminders.reminding import Reminders
from automation.worker import Clock, Job, TickJob
from forms.attachments.scanning import Scanner
from register.attachments import Attachments
from register.store import Store

DELIVERED_EVERY_SECONDS = 2
SEALED_EVERY_SECONDS = 600
LEARNED_EVERY_SECONDS = 3600
EVIDENCE_EVERY_SECONDS = 300
EXPIRED_EVERY_SECONDS = 3600


def office_jobs(
    store: Store, tick: TickJob, archive: Callable[[datetime], object], *, tick_seconds: int, restricted_roles: str
) -> Sequence[Job]:
    """Quick ones, one after another: the tick, what it makes due to be told, sealing the trail, dropping old drafts."""
    reminders, rules = Reminders(store), remembered_rules(store, restricted_roles)
    return (
        Job("tick", tick_seconds, tick),
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


def learning_jobs(store: Store, learned: Learned) -> Sequence[Job]:
    """Training, which may take minutes."""
    renew: Callable[[datetime], object] = learned.renew
    return (watched(store, Job("learn", LEARNED_EVERY_SECONDS, renew)),)


def evidence_jobs(store: Store, attachments: Attachments, scanner: Scanner | None) -> Sequence[Job]:
    """Looking after reporters' files, for which the virus scanner may take its time."""
    return (watched(store, Job("evidence", EVIDENCE_EVERY_SECONDS, EvidenceCare(attachments, scanner))),)
