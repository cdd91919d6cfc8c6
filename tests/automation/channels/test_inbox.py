"""The inbox job: oldest first, each delivery by itself, tried again after pauses, and never read twice."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from automation.calendars.explaining_due import rules_for
from automation.channels.inbox import INTERRUPTED, MOST_AT_ONCE, NOTHING, PAUSES, Inbox
from automation.checkup import findings
from automation.sync.rows import shown_instant
from register.complaint import Channel
from register.database import migrate, open_engine, sqlite_url
from register.deliveries import CLAIMED
from register.inbound import Address, Delivery, Message, Skipped, Source, Update
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT

SECRET = "Ibu Contoh 6402990000000000"


class KilledError(BaseException):
    """Ends a run wherever it is raised, as a kill does."""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    engine.dispose()
    return folder / "aduan.sqlite3"


@pytest.fixture
def store(tmp_path: Path, empty: Path) -> Iterator[Store]:
    path = shutil.copy(empty, tmp_path / "aduan.sqlite3")
    store = Store(open_engine(sqlite_url(Path(path))), Keyring(bytes(32)))
    yield store
    store.close()


def keep(store: Store, *bodies: str, source: Source = Source.TELEGRAM) -> None:
    for body in bodies:
        assert store.keep_delivery(source, body, body.encode(), MOMENT)


def message(delivery: Delivery) -> Message:
    return Message(delivery.body.decode(), Address(Channel.TELEGRAM, "bot", "1"), MOMENT, "Bantuan belum cair.")


class Reading:
    """A reader that remembers what it was given; what `on` says is done first."""

    def __init__(self, on: Callable[[str], Sequence[Update] | None] = lambda _: None) -> None:
        self.on = on
        self.seen: list[str] = []

    def __call__(self, delivery: Delivery) -> Sequence[Update]:
        body = delivery.body.decode()
        self.seen.append(body)
        found = self.on(body)
        return [message(delivery)] if found is None else found


def failing(*bodies: str) -> Callable[[str], None]:
    def on(body: str) -> None:
        if body in bodies:
            raise LookupError(SECRET)

    return on


def states(store: Store) -> dict[str, str]:
    """State and problem of what there is, by number."""
    with store._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, state, problem FROM deliveries ORDER BY id")
        return {str(number): f"{state} {problem}".strip() for number, state, problem in rows}


def test_what_waits_is_read_oldest_first_and_once(store: Store) -> None:
    reading = Reading()
    inbox = Inbox(store, {Source.TELEGRAM: reading}, {})
    keep(store, "a", "b", "c")
    assert inbox(MOMENT) == 3
    assert inbox(MOMENT + timedelta(days=1)) == 0
    assert reading.seen == ["a", "b", "c"]
    assert set(states(store).values()) == {"done"}


def test_a_run_has_an_end(store: Store) -> None:
    inbox = Inbox(store, {Source.TELEGRAM: Reading()}, {})
    keep(store, *map(str, range(MOST_AT_ONCE + 3)))
    assert [inbox(MOMENT) for _ in range(3)] == [MOST_AT_ONCE, 3, 0]


@pytest.mark.parametrize(
    ("updates", "state"),
    [
        ([Skipped("bad_json")], "ignored bad_json"),
        ([Skipped("echo"), Skipped("read")], "ignored echo"),
        ([], f"ignored {NOTHING}"),
        ([Skipped("x" * 100)], "ignored " + "x" * 60),
        ([Skipped("echo"), Message("1", Address(Channel.TELEGRAM, "bot", "1"), MOMENT)], "done"),
    ],
)
def test_what_holds_nothing_for_us_is_kept_and_ignored(store: Store, updates: list[Update], state: str) -> None:
    keep(store, "a")
    Inbox(store, {Source.TELEGRAM: Reading(lambda _: updates)}, {})(MOMENT)
    assert states(store) == {"1": state}


def test_a_bad_delivery_holds_up_no_other_and_is_tried_again_after_growing_pauses(store: Store) -> None:
    reading = Reading(failing("bad"))
    inbox = Inbox(store, {Source.TELEGRAM: reading}, {})
    keep(store, "bad", "good")
    with capture_logs() as logs:
        inbox(MOMENT)
    assert reading.seen == ["bad", "good"]
    assert states(store) == {"1": "waiting LookupError", "2": "done"}
    assert SECRET not in repr(logs)
    tried, now = [MOMENT], MOMENT
    while now < MOMENT + timedelta(hours=2):
        now += timedelta(seconds=30)
        tried += [now] * inbox(now)
    assert [later - earlier for earlier, later in pairwise(tried)] == list(PAUSES)
    assert states(store)["1"] == "failed LookupError"


def test_what_was_given_up_is_told_by_the_log_and_by_doctor(store: Store) -> None:
    inbox = Inbox(store, {Source.TELEGRAM: Reading(failing("bad"))}, {})
    keep(store, "bad")
    with capture_logs() as logs:
        for hours in range(5):
            inbox(MOMENT + timedelta(hours=hours))
    (failed,) = [entry for entry in logs if entry["event"] == "delivery_failed"]
    assert (failed["log_level"], failed["delivery"], failed["problem"]) == ("error", 1, "LookupError")
    told = "\n".join(findings(store, rules_for(2026, None), MOMENT))
    assert f"Kiriman 1 dari telegram, {shown_instant(MOMENT)} WITA, tidak dapat dibaca (LookupError)" in told
    assert SECRET not in told + repr(logs)


def test_what_failed_once_may_be_read_the_next_time(store: Store) -> None:
    healthy = [False]

    def on(body: str) -> None:
        if not healthy[0]:
            raise LookupError

    keep(store, "a")
    inbox = Inbox(store, {Source.TELEGRAM: Reading(on)}, {})
    inbox(MOMENT)
    healthy[0] = True
    inbox(MOMENT + PAUSES[0])
    assert states(store) == {"1": "done"}


def test_handlers_do_what_is_no_message_and_their_code_is_kept(store: Store) -> None:
    handled: list[tuple[bytes, datetime]] = []

    def handler(delivery: Delivery, now: datetime) -> str:
        handled.append((delivery.body, now))
        return "reconcile_soon"

    keep(store, "push", source=Source.DRIVE)
    Inbox(store, {}, {Source.DRIVE: handler})(MOMENT)
    assert handled == [(b"push", MOMENT)]
    assert states(store) == {"1": "done reconcile_soon"}


def test_what_nobody_reads_here_waits_for_somebody_who_does(store: Store) -> None:
    keep(store, "push", source=Source.DRIVE)
    assert Inbox(store, {Source.TELEGRAM: Reading()}, {})(MOMENT) == 0
    assert states(store) == {"1": "waiting"}


def test_killed_while_reading_it_is_read_once_the_claim_has_lapsed(store: Store) -> None:
    def on(body: str) -> None:
        raise KilledError

    keep(store, "a", "b")
    with pytest.raises(KilledError):
        Inbox(store, {Source.TELEGRAM: Reading(on)}, {})(MOMENT)
    reading = Reading()
    inbox = Inbox(store, {Source.TELEGRAM: reading}, {})
    assert inbox(MOMENT) == 1, "the other one is not held up"
    assert inbox(MOMENT + CLAIMED) == 1
    assert reading.seen == ["b", "a"]
    assert set(states(store).values()) == {"done"}


def test_a_delivery_that_ends_the_program_again_and_again_is_given_up(store: Store) -> None:
    def on(body: str) -> None:
        if body == "deadly":
            raise KilledError

    keep(store, "deadly", "good")
    now, kills = MOMENT, 0
    for _ in range(10):
        try:
            Inbox(store, {Source.TELEGRAM: Reading(on)}, {})(now)
        except KilledError:
            kills += 1
        now += CLAIMED
    assert kills == len(PAUSES) + 1
    assert states(store) == {"1": f"failed {INTERRUPTED}", "2": "done"}
