"""
Google's limits on how often somebody may ask, for testing clients against them. Off unless switched on.

Source: https://developers.google.com/workspace/sheets/api/limits
"""

import threading
from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app, request

from localsheets.errors import LocalSheetsError
from localsheets.identity import Identity
from localsheets.storage.shelf import Clock

_CONSUMER = "123456789012"
_POSTS_THAT_READ = (":getByDataFilter", "values:batchGetByDataFilter", "developerMetadata:search")


@dataclass(frozen=True)
class Quotas:
    """Requests of the Sheets API in one minute; reads and writes are counted apart. The defaults are Google's."""

    per_minute: int = 300
    per_minute_per_user: int = 60


class Limit(NamedTuple):
    """One of Google's limits: `Read` or `Write`, for the whole project or for one user."""

    verb: str
    per_user: bool
    most: int


class QuotaExceededError(LocalSheetsError):
    """Too many requests in this minute; from the next one on it works again."""

    http_code = 429
    status = "RESOURCE_EXHAUSTED"

    def __init__(self, limit: Limit) -> None:
        per_user = " per user" if limit.per_user else ""
        super().__init__(
            f"Quota exceeded for quota metric '{limit.verb} requests' and limit '{limit.verb} requests per"
            f" minute{per_user}' of service 'sheets.googleapis.com' for consumer 'project_number:{_CONSUMER}'."
        )
        self.details = _details(limit)


def _details(limit: Limit) -> list[dict[str, Any]]:
    """Google's `ErrorInfo`, and where to ask for more."""
    verb, per_user, most = limit
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "sheets.googleapis.com",
            "consumer": f"projects/{_CONSUMER}",
            "quota_metric": f"sheets.googleapis.com/{verb.lower()}_requests",
            "quota_limit": f"{verb}RequestsPerMinutePer{'User' if per_user else 'Project'}",
            "quota_limit_value": str(most),
            "quota_unit": "1/min/{project}/{user}" if per_user else "1/min/{project}",
            "quota_location": "global",
        },
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    return [info, {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}]


class QuotaMeter:
    """Counts the requests of the running minute, in memory. Refused requests do not count."""

    def __init__(self, quotas: Quotas, clock: Clock) -> None:
        self._quotas = quotas
        self._clock = clock
        self._minute = 0
        self._counts: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def count(self, verb: str, who: Identity) -> None:
        """
        Let one request through.

        Args:
            verb: `Read` or `Write`.

        Raises: QuotaExceededError.
        """
        minute = int(self._clock().timestamp() // 60)
        user = (verb, who.email.casefold())
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, Counter()
            if self._counts[user] >= self._quotas.per_minute_per_user:
                raise QuotaExceededError(Limit(verb, True, self._quotas.per_minute_per_user))
            if self._counts[verb, ""] >= self._quotas.per_minute:
                raise QuotaExceededError(Limit(verb, False, self._quotas.per_minute))
            self._counts.update([user, (verb, "")])


def count_request(who: Identity) -> None:
    """
    Count the request that is being answered, if quotas are switched on.

    Raises: QuotaExceededError.
    """
    meter: QuotaMeter | None = current_app.extensions.get("localsheets_quotas")
    if meter is not None:
        reads = request.method == "GET" or request.path.endswith(_POSTS_THAT_READ)
        meter.count("Read" if reads else "Write", who)
