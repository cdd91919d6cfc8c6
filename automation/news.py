"""
News of complaints for other systems: what is told of which change, and the job that queues it.

Only where a complaint stands, never a word that anybody wrote: docs/webhooks.md is the contract. Source: Standard
Webhooks 1.0.0 (standardwebhooks.com).
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from automation.sop.decision import stage
from automation.sync.rows import shown_instant
from register.complaint import WITA, Complaint
from register.news import Draft, Told
from register.store import Store

LOOKED_BACK = timedelta(days=7)
_OF_RESTRICTED = ("ticket", "status")


class NewsType(StrEnum):
    """Types of messages."""

    RECEIVED = "complaint.received"
    UPDATED = "complaint.updated"
    REPLIED = "complaint.replied"


# -- what is told, pure -----------------------------------------------------------------------------------------------


def news_of(before: Told | None, complaint: Complaint) -> tuple[NewsType, ...]:
    """
    What is to be told of a complaint.

    Nothing before the worker has looked at it: until then nobody knows whether it is a restricted one. A reply that is
    published together with a new status is told as a reply; the status stands in every message.

    Args:
        before: What others know of it; None if nothing.
    """
    if complaint.step_begun_at is None:
        return ()
    now = Told.of(complaint)
    replied = (NewsType.REPLIED,) if now.replied_at and now.replied_at != (before and before.replied_at) else ()
    if before is None:
        return (NewsType.RECEIVED, *replied)
    changed = (before.status, before.step) != (now.status, now.step)
    return replied or ((NewsType.UPDATED,) if changed else ())


def payload_of(news: NewsType, complaint: Complaint) -> str:
    """The body as it is sent, and signed: JSON without blanks."""
    happened = {NewsType.RECEIVED: complaint.recorded_at, NewsType.REPLIED: complaint.replied_at}
    message = {
        "type": news.value,
        "timestamp": _rfc3339(happened.get(news) or complaint.updated_at),
        "data": _data(complaint),
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def withheld(payload: str) -> str:
    """A message that waits, of a complaint that was found to be restricted since: what may still be told of it."""
    message = json.loads(payload)
    data = {name: message["data"][name] for name in _OF_RESTRICTED}
    return json.dumps(message | {"data": data}, ensure_ascii=False, separators=(",", ":"))


def _data(complaint: Complaint) -> dict[str, object]:
    """Of a restricted complaint neither where nor how it is handled: that would tell what it is about."""
    told: dict[str, object] = {
        "ticket": complaint.ticket,
        "status": complaint.status.value,
        "status_label": complaint.status_label,
        "stage": stage(complaint),
        "bidang": complaint.bidang or None,
        "received_at": _rfc3339(complaint.received_at),
        "updated_at": _rfc3339(complaint.updated_at),
        "due_at": _rfc3339(complaint.due_at) if complaint.due_at else None,
        "channel": complaint.channel.value,
    }
    return {name: told[name] for name in _OF_RESTRICTED} if complaint.restricted else told


def _rfc3339(at: datetime) -> str:
    return at.astimezone(WITA).isoformat(timespec="seconds")


# -- the job ----------------------------------------------------------------------------------------------------------


def address_of(store: Store, url: str) -> str:
    """By what the store knows an address, which may hold a secret."""
    return store.digest("news", url)


class NewsDesk:
    """The job that queues news for every address that still wants them."""

    def __init__(self, store: Store, urls: Sequence[str]) -> None:
        self._store = store
        self._hosts: Mapping[str, str] = {address_of(store, url): urlsplit(url).hostname or "" for url in urls}
        self._cursor: int | None = None

    def __call__(self, now: datetime) -> int:
        """One run. Returns: how many complaints there was news of."""
        if self._cursor is None:
            self._store.know_addresses(self._hosts)
            self._cursor = self._store.begin_news()
        through, tickets = self._store.changed_since(self._cursor)
        if through == self._cursor:
            return 0
        complaints = self._store.complaints_of(tickets)
        self._store.rewrite_news([each.ticket for each in complaints.values() if each.restricted], withheld)
        drafts = self._drafts(complaints)
        wanting = [digest for digest, known in self._store.news_addresses().items() if not known["gone"]]
        queued = self._store.queue_news(drafts, wanting, now, since=self._cursor, through=through)
        self._cursor = through if queued else None  # None: another worker was first, so look again where it is
        return len(drafts) if queued else 0

    def _drafts(self, complaints: Mapping[str, Complaint]) -> list[Draft]:
        known, drafts = self._store.news_told(complaints), []
        for ticket, complaint in complaints.items():
            if news := news_of(known.get(ticket), complaint):
                messages = {f"msg_{secrets.token_hex(16)}": payload_of(each, complaint) for each in news}
                drafts.append(Draft(ticket, messages, Told.of(complaint)))
        return drafts


def news_lines(store: Store, now: datetime) -> list[str]:
    """What `aduan doctor` says: addresses that want no more news, and how much did not get through."""
    known, failed = store.news_addresses(), store.news_failed(now - LOOKED_BACK)
    gone = [
        f"{each['host']} menolak kabar pengaduan sejak {shown_instant(datetime.fromisoformat(each['gone']))} WITA "
        "(410 Gone). Hapus alamat itu dari ADUAN_WEBHOOK_URLS; bila masih dipakai, jalankan program sekali tanpa "
        "alamat itu, lalu tulis kembali."
        for each in known.values()
        if each["gone"]
    ]
    return gone + [
        f"{count} kabar pengaduan tidak sampai kepada {known[address]['host']} dalam 7 hari terakhir. "
        "Periksa server itu; yang baru tetap dikirim."
        for address, count in failed.items()
        if address in known
    ]
