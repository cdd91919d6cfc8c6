"""
Sending news to other systems, signed by the Standard Webhooks rules: one sender for each address.

At least once: a message is settled after its answer, so a program that ends in between sends it again, with the same
id. In order for each complaint: what is tried again holds up what came after it. Source: Standard Webhooks 1.0.0,
Deliverability and reliability.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
import structlog
from standardwebhooks import Webhook

from automation.job_health import watched
from automation.news import NewsDesk, address_of
from automation.worker import Job
from register.news import NewsState, Piece
from register.store import Store

TIMEOUT_SECONDS = 15
PAUSES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)
"""Before each further attempt; after the last one the message is given up. Source: the specification's example."""
LONGEST_WAIT = timedelta(hours=24)
"""However long a server asks to be left alone."""
REST = timedelta(seconds=5)
"""How long a server that did not answer well is left alone altogether."""
EVERY_SECONDS = 2
MOST_AT_ONCE = 100
LEASE_SECONDS = 120
_TENTHS = 1000

log = structlog.get_logger()


@dataclass(frozen=True)
class Answer:
    """What a server said: its status, 0 if it said nothing, and how long it asks to be left alone."""

    status: int
    wait: timedelta = timedelta(0)
    problem: str = ""

    @property
    def good(self) -> bool:
        """Whether the message arrived."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def gone(self) -> bool:
        """Whether no more messages are wanted."""
        return self.status == HTTPStatus.GONE


class NewsSender:
    """
    The job that works off what waits for one address.

    Args:
        keys: Secrets, `whsec_…`; every one signs, so that receivers can change over from one to the other.
        holder: Names this program to the lease; the same after a restart with the same data folder.
        clock: Gives the present after each message, which may have taken a while.
        timeout: Seconds until a server must begin to answer.
    """

    def __init__(
        self,
        store: Store,
        url: str,
        keys: Sequence[str],
        *,
        holder: str,
        clock: Callable[[], datetime],
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        self._store, self._url, self._keys = store, url, keys
        self._address, self._host = address_of(store, url), urlsplit(url).hostname or ""
        self._holder, self._clock, self._timeout = holder, clock, timeout
        self._rests_until: datetime | None = None

    def __call__(self, now: datetime) -> int:
        """Send what is due, until something is not taken. Returns: how many messages were sent or tried."""
        if self._rests_until and now < self._rests_until:
            return 0
        for count in range(MOST_AT_ONCE):
            piece = self._store.next_news(self._address, now)
            if piece is None or not self._leased(now):
                return count
            answer = post(self._url, piece, self._keys, now, timeout=self._timeout)
            now = self._clock()
            self._settle(piece, answer, now)
            if not answer.good:
                self._rests_until = now + max(REST, answer.wait)
                return count + 1
        return MOST_AT_ONCE

    def _leased(self, now: datetime) -> bool:
        name = f"news.{self._address}"
        return self._store.hold_lease(name, self._holder, now=now, seconds=LEASE_SECONDS)

    def _settle(self, piece: Piece, answer: Answer, now: datetime) -> None:
        attempt = piece.attempts + 1
        facts = {"message": piece.message, "host": self._host, "attempt": attempt, "status": answer.status}
        if answer.good:
            log.info("news_sent", **facts)
            self._store.settle_news(piece, NewsState.SENT, now)
        elif answer.gone:
            log.error("news_not_wanted_any_more", **facts)
            self._store.address_is_gone(self._address, now)
        elif attempt > len(PAUSES):
            log.error("news_given_up", **facts, problem=answer.problem)
            self._store.settle_news(piece, NewsState.FAILED, now, answer.problem)
        else:
            log.warning("news_not_sent", **facts, problem=answer.problem)
            jitter = secrets.randbelow(_TENTHS) / _TENTHS
            self._store.news_later(piece, now + pause_after(attempt, answer.wait, jitter), now, answer.problem)


def pause_after(attempt: int, asked: timedelta, jitter: float) -> timedelta:
    """
    How long to wait after an attempt that failed.

    Args:
        attempt: Counted from 1; not the last.
        asked: How long the server asks to be left alone.
        jitter: From 0 to 1; adds up to a tenth, so that what failed together does not come again together.
    """
    return min(max(PAUSES[attempt - 1], asked), LONGEST_WAIT) * (1 + jitter / 10)


def signature(piece: Piece, keys: Sequence[str], at: datetime) -> str:
    """The value of `webhook-signature`: one for every key, parted by spaces."""
    return " ".join(
        Webhook(key).sign(msg_id=piece.message, timestamp=at.astimezone(UTC), data=piece.payload) for key in keys
    )


def post(url: str, piece: Piece, keys: Sequence[str], at: datetime, *, timeout: float) -> Answer:
    """One attempt. Redirects are not followed, and of the answer no more than its head is read."""
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "aduan",
        "webhook-id": piece.message,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature(piece, keys, at),
    }
    body = piece.payload.encode()
    try:
        with requests.post(
            url, data=body, headers=headers, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            wait = asked_wait(response.headers.get("Retry-After", ""), at)
            return Answer(response.status_code, wait, f"menjawab {response.status_code}")
    except (requests.RequestException, ValueError) as error:  # ValueError: a host name that none can have
        return Answer(0, problem=f"tidak menjawab ({type(error).__name__})")


def asked_wait(text: str, now: datetime) -> timedelta:
    """A `Retry-After` as a time to wait; none if it says nothing or cannot be read."""
    if text.isdecimal():
        return timedelta(seconds=min(int(text[:10]), int(LONGEST_WAIT.total_seconds())))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return timedelta(0)
    return min(max((at if at.tzinfo else at.replace(tzinfo=UTC)) - now, timedelta(0)), LONGEST_WAIT)


def news_jobs(
    store: Store, urls: Sequence[str], keys: Sequence[str], *, holder: str, clock: Callable[[], datetime]
) -> Sequence[Job]:
    """
    Queuing news, and one sender for each address; nothing where no address is set.

    To be run beside each other, each in a thread of its own: what one waits for holds up none of the others.
    """
    if not urls:
        if store.news_addresses():
            store.know_addresses({})
        return ()
    senders = (NewsSender(store, url, keys, holder=holder, clock=clock) for url in dict.fromkeys(urls))
    return (
        watched(store, Job("news", EVERY_SECONDS, NewsDesk(store, urls))),
        *(watched(store, Job("send_news", EVERY_SECONDS, sender)) for sender in senders),
    )
