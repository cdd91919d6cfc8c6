"""
The worker: jobs on a schedule of our own, one wrapper around each, and the lease that makes it the only writer.

A job asks what is due now, so a missed run needs no replay; an error in one never stops the others.
"""

import threading
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import schedule
import structlog

from automation.sync.reconcile import Reconciler
from automation.sync.tick_report import Kind, TickReport
from register.errors import AduanError, SheetUnavailableError
from register.store import Store

LEASE_SECONDS = 120
"""Half of it is always left when a write begins, which is longer than one may take: two refusals for too many requests
with their pauses, then an answer as slow as `READ_TIMEOUT_SECONDS` allows."""
HEARTBEAT_SECONDS = 5
AT_ONCE = 3
"""Ticks in a row at the most, when each asks for another as its read-back."""

log = structlog.get_logger()
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Job:
    """A job: its name for the log, seconds between runs, and what it does at an instant."""

    name: str
    every_seconds: int
    run: Callable[[datetime], object]


class Lease:
    """
    This worker's right to write to the register, kept in the store and prolonged when half of it is over.

    `term` counts the times it was taken anew: before each, another worker may have written.
    """

    def __init__(self, store: Store, holder: str, clock: Clock) -> None:
        self._store = store
        self._holder = holder
        self._clock = clock
        self._until: datetime | None = None
        self.term = 0

    def held(self) -> bool:
        """Whether this worker may write now."""
        now = self._clock()
        if self._until and self._until - now > timedelta(seconds=LEASE_SECONDS / 2):
            return True
        taken = self._store.hold_lease("register", self._holder, now=now, seconds=LEASE_SECONDS)
        self.term += taken and not (self._until and now <= self._until)
        self._until = now + timedelta(seconds=LEASE_SECONDS) if taken else None
        return taken


class TickJob:
    """Ticks, remembers how the last one went for `/readyz`, and ticks once more where a write wants reading back."""

    def __init__(self, store: Store, lease: Lease, reconciler: Callable[[], Reconciler]) -> None:
        self._store = store
        self._lease = lease
        self._make = reconciler
        self._reconciler: Reconciler | None = None
        self._term = 0
        self._told: tuple[datetime, str] | None = None
        self._logged: list[str] = []

    def __call__(self, now: datetime) -> None:
        """One run. Raises: what the tick raises, after noting it."""
        if not self._lease.held():
            log.info("another_worker_writes")
            return
        try:
            report = self._ticks(now)
        except SheetUnavailableError as error:
            self._tell(now, Kind.UNREACHABLE, error.message, reached=False)
            raise
        except AduanError as error:
            self._tell(now, Kind.REFUSED, error.message, reached=False)
            raise
        except Exception as error:
            self._tell(now, Kind.FAILED, f"Kesalahan dalam program ({type(error).__name__}).", reached=False)
            raise
        self._tell(now, report.kind, "\n".join(report.problems), reached=True)

    def forget(self) -> None:
        """Remember nothing of earlier ticks, nor any text that was opened."""
        if self._reconciler is not None:
            self._reconciler.forget()

    def _ticks(self, now: datetime) -> TickReport:
        if self._reconciler is None:
            self._reconciler = self._make()
        if self._term != self._lease.term:
            self._term = self._lease.term
            self._reconciler.forget()
        report = TickReport()
        for _ in range(AT_ONCE):
            report = self._reconciler.tick(now)
            if report.appended or report.accepted or report.changed or report.problems != self._logged:
                self._logged = report.problems
                log.info(
                    "tick",
                    appended=report.appended,
                    accepted=report.accepted,
                    changed=report.changed,
                    requests=report.requests,
                    problems=len(report.problems),
                    kind=report.kind,
                )
            if not report.again:
                break
        return report

    def _tell(self, now: datetime, kind: str, problem: str, *, reached: bool) -> None:
        """Keep when the register was last read and what is wrong, but not more often than somebody could look."""
        if self._told and self._told[1] == problem and now - self._told[0] < timedelta(seconds=HEARTBEAT_SECONDS):
            return
        self._told = (now, problem)
        last = self._store.setting("register") or {}
        read_at = now.isoformat() if reached else last.get("read_at")
        self._store.put_setting("register", {"read_at": read_at, "kind": str(kind), "problem": problem})


def run_jobs(jobs: Sequence[Job], *, clock: Clock, stop: threading.Event, rest_seconds: float = 0.2) -> None:
    """
    Run jobs, each once at the start, until told to stop.

    `schedule` goes by the wall clock; were that set back, it would rest until the time comes round again, so the
    schedule is made anew.
    """
    scheduler = _scheduled(jobs, clock)
    scheduler.run_all()
    looked_at = clock()
    while not stop.wait(rest_seconds):
        now = clock()
        if now < looked_at:
            scheduler = _scheduled(jobs, clock)
        looked_at = now
        scheduler.run_pending()


def run_beside(jobs: Sequence[Job], *, clock: Clock, stop: threading.Event) -> threading.Thread:
    """Run jobs in a thread of their own, as `run_jobs` does: what they wait for holds up none of the others."""
    beside = threading.Thread(target=run_jobs, args=(jobs,), kwargs={"clock": clock, "stop": stop}, daemon=True)
    beside.start()
    return beside


def _scheduled(jobs: Sequence[Job], clock: Clock) -> schedule.Scheduler:
    scheduler = schedule.Scheduler()
    for job in jobs:
        scheduler.every(job.every_seconds).seconds.do(run_guarded, job, clock)
    return scheduler


def run_guarded(job: Job, clock: Clock) -> None:
    """Run a job; whatever goes wrong is logged without a word of what people wrote, and the schedule goes on."""
    try:
        job.run(clock())
    except SheetUnavailableError as error:
        log.warning("register_unreachable", job=job.name, **dict(error.facts))
    except AduanError as error:
        log.error(  # noqa: TRY400 - a stack trace would tell nothing more
            "job_refused", job=job.name, code=error.code, **dict(error.facts)
        )
    except Exception as error:  # noqa: BLE001 - the wrapper's purpose: nothing stops the schedule
        places = [f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(error.__traceback__)[-4:]]
        log.error(  # noqa: TRY400 - its message may quote what people wrote
            "job_failed", job=job.name, error=type(error).__name__, at=" > ".join(places)
        )
