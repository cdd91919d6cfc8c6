"""The schedule's wrapper, the lease, and what `/readyz` is told."""

import threading
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from automation.sync.reconcile import Reconciler
from automation.worker import LEASE_SECONDS, Job, Lease, TickJob, run_beside, run_guarded, run_jobs
from register.errors import SheetRefusedError, SheetUnavailableError
from tests.builders import MOMENT
from tests.office import Office

pytestmark = pytest.mark.long

SECRET = "Ibu Contoh, 0812"


def clock() -> datetime:
    return MOMENT


def fails(error: Exception) -> Job:
    def run(now: datetime) -> None:
        raise error

    return Job("uji", 1, run)


@pytest.mark.parametrize(
    ("error", "event"),
    [
        (SheetUnavailableError("tidak menjawab", status=503), "register_unreachable"),
        (SheetRefusedError("ditolak", status=403), "job_refused"),
        (ValueError(SECRET), "job_failed"),
    ],
    ids=["unreachable", "refused", "a bug"],
)
def test_an_error_in_a_job_is_logged_without_personal_data_and_goes_no_further(error: Exception, event: str) -> None:
    with capture_logs() as logs:
        run_guarded(fails(error), clock)
    assert [entry["event"] for entry in logs] == [event]
    assert SECRET not in str(logs)


def test_one_failing_job_does_not_stop_the_others() -> None:
    stop, ran = threading.Event(), []

    def second(now: datetime) -> None:
        ran.append(now)
        if len(ran) == 2:
            stop.set()

    with capture_logs():
        run_jobs([fails(ValueError()), Job("kedua", 1, second)], clock=clock, stop=stop, rest_seconds=0.05)
    assert len(ran) == 2


def test_a_job_beside_the_others_holds_up_none_of_them() -> None:
    stop, waits, ran = threading.Event(), threading.Event(), []

    def hang(now: datetime) -> None:
        waits.wait(30)

    def tick(now: datetime) -> None:
        ran.append(now)
        if len(ran) == 3:
            stop.set()

    beside = run_beside([Job("kirim", 1, hang)], clock=clock, stop=stop)
    run_jobs([Job("tick", 1, tick)], clock=clock, stop=stop, rest_seconds=0.05)
    assert beside.is_alive()
    waits.set()
    beside.join(10)
    assert not beside.is_alive()


def test_only_one_worker_writes_until_its_lease_lapses(office: Office) -> None:
    now = [MOMENT]
    first, second = (Lease(office.store, name, lambda: now[0]) for name in ("a", "b"))
    assert first.held()
    assert not second.held()
    now[0] += timedelta(seconds=LEASE_SECONDS * 0.7)
    assert first.held(), "prolonged"
    now[0] += timedelta(seconds=LEASE_SECONDS * 0.7)
    assert not second.held()
    now[0] += timedelta(seconds=LEASE_SECONDS)
    assert second.held()
    assert not first.held()


def test_a_lease_counts_how_often_it_was_taken_anew(office: Office) -> None:
    now = [MOMENT]
    lease = Lease(office.store, "a", lambda: now[0])
    assert lease.term == 0
    for share in (0, 0.7, 0.7):
        now[0] += timedelta(seconds=LEASE_SECONDS * share)
        assert lease.held()
        assert lease.term == 1, "held without a break"
    now[0] += timedelta(seconds=LEASE_SECONDS + 1)
    assert lease.held()
    assert lease.term == 2, "in the break another worker may have written"


def test_after_a_break_of_the_lease_another_worker_wrote_in_nothing_is_remembered(office: Office) -> None:
    now = [MOMENT]
    job = TickJob(office.store, Lease(office.store, "a", lambda: now[0]), lambda: office.reconciler)
    ticket = office.file().ticket
    job(now[0])
    sleeper = office.reconciler
    office.type(ticket, act="Proses")
    now[0] += timedelta(hours=1)
    office.restart()
    TickJob(office.store, Lease(office.store, "b", lambda: now[0]), lambda: office.reconciler)(now[0])
    office.reconciler = sleeper
    now[0] += timedelta(hours=1)
    before = office.store.events(ticket)
    job(now[0])
    assert office.store.events(ticket) == before, "what b read is not read again"


def test_a_tick_job_tells_when_the_register_was_read_and_what_is_wrong(office: Office) -> None:
    job = TickJob(office.store, Lease(office.store, "a", clock), lambda: office.reconciler)
    job(MOMENT)
    assert office.store.setting("register") == {"read_at": MOMENT.isoformat(), "kind": "", "problem": ""}
    office.interference.cut = True
    with pytest.raises(SheetUnavailableError):
        job(MOMENT + timedelta(minutes=1))
    told = office.store.setting("register")
    assert told["read_at"] == MOMENT.isoformat()
    assert told["kind"] == "unreachable"
    assert told["problem"]


def test_a_bug_in_a_tick_is_told_too(office: Office) -> None:
    def breaks() -> Reconciler:
        raise ValueError(SECRET)

    with pytest.raises(ValueError):
        TickJob(office.store, Lease(office.store, "a", clock), breaks)(MOMENT)
    told = office.store.setting("register")
    assert told["kind"] == "failed"
    assert SECRET not in told["problem"]


def test_a_clock_that_is_set_back_does_not_stop_the_schedule() -> None:
    """The schedule itself goes by the machine's clock; what is tested is that it is made anew."""
    stop, ran = threading.Event(), []
    times = iter([MOMENT, MOMENT, MOMENT, MOMENT - timedelta(hours=1)])

    def setting_back() -> datetime:
        return next(times, MOMENT - timedelta(hours=1))

    def run(now: datetime) -> None:
        ran.append(now)
        if len(ran) == 2:
            stop.set()

    run_jobs([Job("uji", 1, run)], clock=setting_back, stop=stop, rest_seconds=0.05)
    assert ran[-1] == MOMENT - timedelta(hours=1)


def test_a_tick_job_reads_back_at_once_what_it_appended(office: Office) -> None:
    office.file(3)
    job = TickJob(office.store, Lease(office.store, "a", clock), lambda: office.reconciler)
    job(MOMENT + timedelta(seconds=2))
    assert all(row.seen for row in office.store.mirror().values())
    assert len(office.store.mirror()) == 3
