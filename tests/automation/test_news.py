"""What other systems are told of complaints, and that it reaches them: signed, in order, and at least once."""

import base64
import hashlib
import hmac
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from automation.news import NewsDesk, NewsType, address_of, news_lines, news_of, payload_of, withheld
from automation.news_sending import (
    LONGEST_WAIT,
    PAUSES,
    NewsSender,
    asked_wait,
    news_jobs,
    pause_after,
    signature,
)
from automation.worker import run_beside
from register import tables
from register.changes import Change
from register.complaint import WITA, Channel, Event, EventKind, Status
from register.database import open_engine, sqlite_url
from register.news import Piece, Told
from register.sealing import Keyring
from register.store import Store
from tests.automation.news_receivers import Receiver, receiver
from tests.builders import MOMENT, a_complaint, an_intake
from tests.running import wait_until

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_KEY = "whsec_" + base64.b64encode(bytes(range(32))).decode()
KNOWN = a_complaint(step_begun_at=MOMENT, bidang="Linjamsos", due_at=MOMENT + timedelta(days=3))
"""A complaint that the worker has looked at."""
SECONDS = timedelta(seconds=1)


# -- what is told -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "changes", "told"),
    [
        (None, {}, [NewsType.RECEIVED]),
        (None, {"step_begun_at": None}, []),
        (None, {"replied_at": MOMENT}, [NewsType.RECEIVED, NewsType.REPLIED]),
        ({}, {}, []),
        ({}, {"bidang": "Rehsos", "officer": "Sari", "due_at": None, "note": "x"}, []),
        ({}, {"status": Status.DISPOSED}, [NewsType.UPDATED]),
        ({}, {"step": 5}, [NewsType.UPDATED]),
        ({}, {"replied_at": MOMENT}, [NewsType.REPLIED]),
        ({}, {"replied_at": MOMENT, "status": Status.RESOLVED}, [NewsType.REPLIED]),
        ({"replied_at": MOMENT}, {"replied_at": MOMENT + SECONDS}, [NewsType.REPLIED]),
        ({"replied_at": MOMENT}, {"replied_at": MOMENT, "status": Status.ARCHIVED}, [NewsType.UPDATED]),
    ],
)
def test_news_are_what_the_public_may_see_change(before, changes, told) -> None:
    known = None if before is None else Told.of(_changed(**before))
    assert list(news_of(known, _changed(**changes))) == told


def _changed(**changes: Any) -> Any:
    return a_complaint(**({"step_begun_at": MOMENT, "bidang": "Linjamsos", "due_at": KNOWN.due_at} | changes))


def test_a_message_says_where_the_complaint_stands_and_nothing_of_anybody() -> None:
    said = payload_of(NewsType.RECEIVED, KNOWN)
    assert " " not in said.replace("1. Penerimaan", "")
    assert json.loads(said) == {
        "type": "complaint.received",
        "timestamp": "2026-11-23T10:30:00+08:00",
        "data": {
            "ticket": "7K3M-Q9TX-2",
            "status": "received",
            "status_label": "Diterima",
            "stage": "1. Penerimaan",
            "bidang": "Linjamsos",
            "received_at": "2026-11-23T10:30:00+08:00",
            "updated_at": "2026-11-23T10:30:00+08:00",
            "due_at": "2026-11-26T10:30:00+08:00",
            "channel": "web",
        },
    }


@pytest.mark.parametrize("news", list(NewsType))
def test_of_a_restricted_complaint_only_its_status_is_told(news: NewsType) -> None:
    restricted = payload_of(news, _changed(restricted=True, replied_at=MOMENT))
    assert json.loads(restricted)["data"] == {"ticket": "7K3M-Q9TX-2", "status": "received"}
    assert withheld(payload_of(news, _changed(replied_at=MOMENT))) == restricted


# -- signatures, pauses -----------------------------------------------------------------------------------------------


def test_signatures_are_those_of_the_specification() -> None:
    """The example that the specification's libraries are tested with."""
    piece = Piece(1, "msg_p5jXN8AQM9LWM0D4loKWxJek", "", '{"test": 2432232314}', 0)
    at = datetime.fromtimestamp(1614265330, UTC)
    assert signature(piece, [KEY], at) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@given(st.text(max_size=40), st.integers(0, 2**32), st.integers(0, 999_999))
def test_every_key_signs_what_is_sent(payload: str, second: int, microsecond: int) -> None:
    at = datetime.fromtimestamp(second, WITA).replace(microsecond=microsecond)
    signed = signature(Piece(1, "msg_1", "", payload, 0), [KEY, OTHER_KEY], at)
    content = f"msg_1.{second}.".encode() + payload.encode()
    for key, each in zip([KEY, OTHER_KEY], signed.split(" "), strict=True):
        secret = base64.b64decode(key.removeprefix("whsec_"))
        assert each == "v1," + base64.b64encode(hmac.digest(secret, content, hashlib.sha256)).decode()


@given(st.integers(1, len(PAUSES)), st.timedeltas(timedelta(0), timedelta(days=400)), st.floats(0, 1))
def test_pauses_are_the_specifications_or_longer_if_asked(attempt, asked, jitter) -> None:
    pause = pause_after(attempt, asked, jitter)
    assert min(max(PAUSES[attempt - 1], asked), LONGEST_WAIT) <= pause <= LONGEST_WAIT * 1.1
    assert pause_after(attempt, timedelta(0), 0) == PAUSES[attempt - 1]


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,6} (Nov|Feb) \d{1,9} \d\d:\d\d:\d\d (GMT|\+\d{4})"))
def test_any_retry_after_is_a_time_to_wait(text: str) -> None:
    assert timedelta(0) <= asked_wait(text, MOMENT) <= LONGEST_WAIT


def test_retry_after_is_read_in_both_forms() -> None:
    assert asked_wait("120", MOMENT) == timedelta(minutes=2)
    assert asked_wait("Mon, 23 Nov 2026 02:31:00 GMT", MOMENT) == timedelta(minutes=1)


# -- from the store to the receiver -----------------------------------------------------------------------------------


@dataclass
class Newsroom:
    """A store, its news and a receiver; real time plus what the test lets pass, as receivers look at timestamps."""

    store: Store
    engine: sa.Engine
    system: Receiver
    passed: timedelta = timedelta(0)
    timeout: float = 5
    _desks: dict[tuple[str, ...], NewsDesk] = field(default_factory=dict)
    _sender: NewsSender | None = None

    def clock(self) -> datetime:
        return datetime.now(UTC) + self.passed

    def file(self, *, looked_at: bool = True) -> str:
        ticket = self.store.accept(an_intake(), channel=Channel.WEB, now=self.clock()).complaint.ticket
        if looked_at:
            self.change(ticket, step_begun_at=MOMENT, status=Status.DISPOSED, bidang="Linjamsos", step=3)
        return ticket

    def change(self, ticket: str, **fields: Any) -> None:
        """As a tick commits: never without an event."""
        event = Event(EventKind.ACT, self.clock(), "staf", {"act": "uji"})
        self.store.commit([Change(ticket, {"updated_at": self.clock()} | fields, [event])])

    def gather(self, *urls: str) -> int:
        """The desk's next run, for these addresses."""
        wanted = urls or (self.system.url,)
        return self._desks.setdefault(wanted, NewsDesk(self.store, wanted))(self.clock())

    def send(self, *, anew: bool = False, url: str = "") -> int:
        if anew or self._sender is None or url:
            self._sender = NewsSender(
                self.store, url or self.system.url, [KEY], holder="uji", clock=self.clock, timeout=self.timeout
            )
        return self._sender(self.clock())

    def told(self) -> list[tuple[str, str, str]]:
        """Ticket, type and status of each message that the receiver got."""
        messages = [json.loads(body) for _, body in self.system.got]
        return [(each["data"]["ticket"], each["type"], each["data"]["status"]) for each in messages]

    def rows(self) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.select(tables.news).order_by(tables.news.c.id)))


@pytest.fixture
def system() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture
def newsroom(empty: Path, tmp_path: Path, system: Receiver) -> Iterator[Newsroom]:
    """A desk that has begun, with nothing to tell."""
    shutil.copyfile(empty, tmp_path / "aduan.sqlite3")
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    room = Newsroom(Store(engine, Keyring(bytes(range(32)))), engine, system)
    assert room.gather() == 0
    yield room
    room.store.close()


def test_a_receivers_library_verifies_what_it_gets(newsroom: Newsroom) -> None:
    ticket = newsroom.file()
    assert newsroom.gather() == 1
    assert newsroom.send() == 1
    ((headers, body),) = newsroom.system.got
    message = Webhook(KEY).verify(body, headers)
    assert (message["type"], message["data"]["ticket"]) == ("complaint.received", ticket)
    assert headers["content-type"] == "application/json"
    assert len(body) < 20_000
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER_KEY).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(KEY).verify(body.replace(b"disposed", b"resolved"), headers)


def test_each_change_is_told_once_and_in_order(newsroom: Newsroom) -> None:
    first, second = newsroom.file(), newsroom.file()
    newsroom.gather()
    newsroom.change(first, status=Status.IN_PROGRESS)
    newsroom.gather()
    newsroom.change(first, status=Status.RESOLVED, replied_at=MOMENT)
    newsroom.change(second, officer="Sari")
    newsroom.gather()
    assert newsroom.gather() == 0
    assert newsroom.send() == 4
    assert newsroom.send() == 0
    assert [told for told in newsroom.told() if told[0] == first] == [
        (first, "complaint.received", "disposed"),
        (first, "complaint.updated", "in_progress"),
        (first, "complaint.replied", "resolved"),
    ]
    assert [told[1] for told in newsroom.told() if told[0] == second] == ["complaint.received"]
    assert len(set(newsroom.system.ids())) == 4


def test_what_nobody_looked_at_yet_is_told_once_somebody_did(newsroom: Newsroom) -> None:
    ticket = newsroom.file(looked_at=False)
    assert newsroom.gather() == 0
    newsroom.change(ticket, step_begun_at=MOMENT, restricted=True, bidang="Rehsos")
    assert newsroom.gather() == 1
    newsroom.send()
    assert json.loads(newsroom.system.got[0][1])["data"] == {"ticket": ticket, "status": "received"}


def test_what_was_recorded_before_is_no_news_but_its_changes_are(empty: Path, tmp_path: Path, system) -> None:
    shutil.copyfile(empty, tmp_path / "aduan.sqlite3")
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    room = Newsroom(Store(engine, Keyring(bytes(range(32)))), engine, system)
    known, unseen = room.file(), room.file(looked_at=False)
    assert room.gather() == 0
    room.change(known, officer="Sari")
    assert room.gather() == 0
    room.change(known, status=Status.RESOLVED)
    room.change(unseen, step_begun_at=MOMENT)
    assert room.gather() == 2
    room.send()
    assert {told[:2] for told in room.told()} == {(known, "complaint.updated"), (unseen, "complaint.received")}
    room.store.close()


@pytest.mark.parametrize("status", [500, 404, 302, 429, 0, -1])
def test_what_was_not_taken_is_tried_again_with_the_same_id(newsroom: Newsroom, status: int) -> None:
    newsroom.timeout = 0.3
    newsroom.system.answers = [status, status]
    newsroom.file()
    newsroom.gather()
    assert newsroom.send() == 1
    assert newsroom.send() == 0, "not before its time"
    for pause in PAUSES[:2]:
        newsroom.passed += pause * 1.1 + SECONDS
        newsroom.send()
    assert len(newsroom.system.got) == 3
    assert len(set(newsroom.system.ids())) == 1
    assert len({body for _, body in newsroom.system.got}) == 1
    sent_at = [int(headers["webhook-timestamp"]) for headers, _ in newsroom.system.got]
    assert sent_at == sorted(set(sent_at)), "each attempt has a time of its own"
    assert [row.state for row in newsroom.rows()] == ["sent"]


def test_a_server_may_ask_to_be_left_alone_for_longer(newsroom: Newsroom) -> None:
    newsroom.system.answers, newsroom.system.headers = [429], {"Retry-After": "600"}
    newsroom.file()
    newsroom.file()
    newsroom.gather()
    assert newsroom.send() == 1
    newsroom.passed += timedelta(minutes=9)
    assert newsroom.send() == 0, "neither message is tried"
    newsroom.passed += timedelta(minutes=3)
    assert newsroom.send() == 2


def test_after_the_last_attempt_it_is_given_up_and_the_doctor_says_so(newsroom: Newsroom) -> None:
    newsroom.system.answers = [503] * 10
    ticket = newsroom.file()
    newsroom.gather()
    newsroom.change(ticket, status=Status.RESOLVED)
    newsroom.gather()
    for pause in (*PAUSES, timedelta(0)):
        assert newsroom.send(anew=True) == 1
        newsroom.passed += pause * 1.1 + SECONDS
    assert len(newsroom.system.got) == 10
    assert newsroom.send(anew=True) == 1, "what came after it goes on"
    assert newsroom.told()[-1] == (ticket, "complaint.updated", "resolved")
    assert newsroom.send(anew=True) == 0
    (line,) = news_lines(newsroom.store, newsroom.clock())
    assert line.startswith("1 kabar pengaduan tidak sampai kepada 127.0.0.1 ")
    assert "rahasia" not in line


def test_of_one_complaint_nothing_overtakes_what_is_tried_again(newsroom: Newsroom) -> None:
    first, second = newsroom.file(), newsroom.file()
    newsroom.gather()
    newsroom.change(first, status=Status.RESOLVED)
    newsroom.gather()
    newsroom.system.answers = [500]
    newsroom.send(anew=True)
    failed = newsroom.told()[0][0]
    other = second if failed == first else first
    while newsroom.send(anew=True):
        pass
    assert all(told[0] == other for told in newsroom.told()[1:]), "others do not wait"
    newsroom.passed += timedelta(seconds=7)
    newsroom.send(anew=True)
    assert [told[1] for told in newsroom.told()[1:] if told[0] == first] == ["complaint.received", "complaint.updated"]


def test_gone_means_no_more(newsroom: Newsroom) -> None:
    newsroom.system.answers = [410]
    tickets = [newsroom.file(), newsroom.file()]
    newsroom.gather()
    assert newsroom.send() == 1
    newsroom.change(tickets[0], status=Status.RESOLVED)
    assert newsroom.gather() == 1
    newsroom.passed += timedelta(hours=1)
    assert newsroom.send(anew=True) == 0
    assert newsroom.rows() == []
    (line,) = news_lines(newsroom.store, newsroom.clock())
    assert line.startswith("127.0.0.1 menolak kabar pengaduan sejak ")
    NewsDesk(newsroom.store, [newsroom.system.url])(newsroom.clock())
    assert news_lines(newsroom.store, newsroom.clock()), "starting again changes nothing"

    assert news_jobs(newsroom.store, [], [KEY], holder="uji", clock=newsroom.clock) == ()
    assert news_lines(newsroom.store, newsroom.clock()) == [], "the address was taken out"
    NewsDesk(newsroom.store, [newsroom.system.url])(newsroom.clock())
    newsroom.change(tickets[1], status=Status.RESOLVED)
    NewsDesk(newsroom.store, [newsroom.system.url])(newsroom.clock())
    assert newsroom.send(anew=True) == 1, "and put back"


def test_every_address_gets_everything_whatever_the_others_do(newsroom: Newsroom) -> None:
    with receiver() as other:
        newsroom.gather(newsroom.system.url, other.url)
        newsroom.system.answers = [500]
        newsroom.file()
        newsroom.gather(newsroom.system.url, other.url)
        assert newsroom.send(url=other.url) == 1
        assert newsroom.send(url=newsroom.system.url) == 1
        newsroom.passed += timedelta(seconds=7)
        assert newsroom.send() == 1
        assert {*newsroom.system.ids()} == {*other.ids()}
        newsroom.file()
        newsroom.gather(newsroom.system.url, other.url)
    newsroom._desks.clear()
    newsroom.gather(newsroom.system.url)
    assert len([row for row in newsroom.rows() if row.state == "queued"]) == 1, "an address that left waits for nothing"


def test_nothing_is_lost_between_sending_and_noting_it(newsroom: Newsroom) -> None:
    """A program that is killed just after the receiver took it sends it again."""

    def killed() -> datetime:
        raise KeyboardInterrupt

    newsroom.file()
    newsroom.gather()
    with suppress(KeyboardInterrupt):
        NewsSender(newsroom.store, newsroom.system.url, [KEY], holder="uji", clock=killed)(newsroom.clock())
    assert newsroom.send() == 1
    assert newsroom.send() == 0
    assert len(newsroom.system.got) == 2
    assert len(set(newsroom.system.ids())) == 1


def test_nothing_is_lost_between_looking_and_queuing(newsroom: Newsroom) -> None:
    newsroom.file()
    with pytest.raises(sa.exc.StatementError):
        newsroom._desks[(newsroom.system.url,)](newsroom.clock().replace(tzinfo=None))
    assert newsroom.rows() == []
    assert newsroom.gather() == 1
    assert len(newsroom.rows()) == 1


def test_two_desks_queue_nothing_twice(newsroom: Newsroom) -> None:
    twin = NewsDesk(newsroom.store, [newsroom.system.url])
    twin(newsroom.clock())
    newsroom.file()
    assert (newsroom.gather(), twin(newsroom.clock()), twin(newsroom.clock())) == (1, 0, 0)
    newsroom.file()
    assert (twin(newsroom.clock()), newsroom.gather(), newsroom.gather()) == (1, 0, 0)
    assert len(newsroom.rows()) == 2


def test_another_program_that_sends_is_left_to_it(newsroom: Newsroom) -> None:
    newsroom.file()
    newsroom.gather()
    name = f"news.{address_of(newsroom.store, newsroom.system.url)}"
    assert newsroom.store.hold_lease(name, "lain", now=newsroom.clock(), seconds=60)
    assert newsroom.send() == 0
    newsroom.passed += timedelta(minutes=2)
    assert newsroom.send() == 1


def test_what_waits_is_cut_short_once_the_complaint_is_restricted(newsroom: Newsroom) -> None:
    ticket = newsroom.file()
    newsroom.gather()
    newsroom.change(ticket, restricted=True)
    newsroom.gather()
    newsroom.send()
    ((headers, body),) = newsroom.system.got
    assert json.loads(body)["data"] == {"ticket": ticket, "status": "disposed"}
    Webhook(KEY).verify(body, headers)


def test_old_news_are_removed(newsroom: Newsroom) -> None:
    newsroom.file()
    newsroom.gather()
    newsroom.send()
    newsroom.passed += timedelta(days=31)
    newsroom.file()
    newsroom.gather()
    assert [row.state for row in newsroom.rows()] == ["queued"]


def test_the_address_itself_is_nowhere_in_the_store(newsroom: Newsroom, tmp_path: Path) -> None:
    newsroom.file()
    newsroom.gather()
    newsroom.send()
    newsroom.store.close()
    assert b"rahasia=1" not in (tmp_path / "aduan.sqlite3").read_bytes()


def test_the_jobs_run_beside_each_other(newsroom: Newsroom) -> None:
    """As the worker starts them: a system that hangs holds up none of the others."""
    with receiver() as hanging:
        hanging.answers = [-1]
        urls, stop = (hanging.url, newsroom.system.url), threading.Event()
        jobs = news_jobs(newsroom.store, urls, [KEY, OTHER_KEY], holder="uji", clock=newsroom.clock)
        threads = [run_beside((job,), clock=newsroom.clock, stop=stop) for job in jobs]
        ticket = newsroom.file()
        wait_until(lambda: newsroom.system.got and hanging.got, 20, "both were sent to")
        stop.set()
        hanging.end.set()
        for thread in threads:
            thread.join(20)
    assert newsroom.told() == [(ticket, "complaint.received", "disposed")]
    ((headers, body),) = newsroom.system.got
    for key in (KEY, OTHER_KEY):
        Webhook(key).verify(body, headers)


def test_without_an_address_there_is_no_job(newsroom: Newsroom) -> None:
    assert news_jobs(newsroom.store, [], [KEY], holder="uji", clock=newsroom.clock) == ()
    jobs = news_jobs(newsroom.store, ["http://a.invalid", "http://b.invalid"], [KEY], holder="x", clock=newsroom.clock)
    assert [job.name for job in jobs] == ["news", "send_news", "send_news"]
