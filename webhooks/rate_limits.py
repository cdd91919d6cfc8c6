"""
How often one address may send something, as a table; counted in this process's memory (Flask-Limiter).

Behind one address there may be a whole kampung (CGNAT) or office, so the limits are wide, and nothing that was typed is
lost over them. This machine's own requests are not limited: they are the office's tools, or come through a proxy that
`ADUAN_TRUSTED_PROXIES` does not tell of, behind which nobody could be told from another.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, request
from flask_limiter import Limiter, RequestLimit

from forms.typed import typed_in
from forms.wording import marked
from webhooks import doubt, form_token
from webhooks.citizen import ask_again
from webhooks.citizen_page import wait_page
from webhooks.clients import is_this_machine, subscriber
from webhooks.context import here
from webhooks.failures import answer
from webhooks.filling import Filling
from webhooks.language import LANGUAGES, date_words, gettext
from webhooks.settings import WebSettings

PAGES_OF_A_FILING = 20
"""Pages that may be sent for each complaint: five steps, and every one of them mended or changed a few times."""
UPLOADS_OF_A_FILING = 10
"""Requests with files for each complaint: five files, and some of them sent again."""
UNPROVEN_PER_HOUR = 30
"""Forms of one address that go in at once without proof of work; above, the button has to be pressed once more."""
QUICK_COUNTS = 5
"""As so many counts a form that was sent sooner than anybody reads."""
_HOUR_SECONDS = 3600
View = Callable[..., Any]
_API = marked("Terlalu banyak kiriman dari alamat ini. Coba lagi %(until)s.")


@dataclass(frozen=True)
class Allowance:
    """
    What may be done so often in an hour.

    Args:
        endpoint: The view.
        per_hour: How often, by the settings; 0 for no limit.
        refuse: The answer over the limit; it is handed when the next hour begins.
        spared: Whether the running request does not count.
        cost: As how many it counts.
    """

    endpoint: str
    per_hour: Callable[[WebSettings], int]
    refuse: Callable[[datetime], Response]
    spared: Callable[[], bool] = lambda: False
    cost: Callable[[], int] = lambda: 1


def _wait(until: datetime) -> Response:
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    filling = Filling(verdict.key, typed_in(request.form))
    return wait_page(filling, action=request.path, until=date_words(until))


def _ask_again(_until: datetime) -> Response:
    return ask_again()


def _problem(until: datetime) -> Response:
    return answer(429, "too_many_requests", gettext(_API, until=date_words(until)))


def _trusted() -> bool:
    """Whether nothing speaks for a program: the work was done, the button pressed again, or nothing will be filed."""
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    unfiled = not verdict.good or request.form.get("lang") in LANGUAGES
    return unfiled or doubt.proven(verdict.key, request.form) or doubt.sure(verdict.key, request.form)


def _haste() -> int:
    age = form_token.judge(request.form.get(form_token.FIELD, "")).age
    return QUICK_COUNTS if age < doubt.QUICK_SECONDS else 1


def _uploads(settings: WebSettings) -> int:
    return settings.filings_per_hour * UPLOADS_OF_A_FILING


ALLOWANCES = (
    Allowance("steps.take", lambda settings: settings.filings_per_hour * PAGES_OF_A_FILING, _wait),
    Allowance("citizen.file_complaint", lambda settings: settings.filings_per_hour, _wait),
    Allowance("citizen.file_complaint", lambda _settings: UNPROVEN_PER_HOUR, _ask_again, _trusted, _haste),
    Allowance("steps.take_evidence", _uploads, _problem),
    Allowance("evidence.change", _uploads, _problem),
    Allowance("reporter.take", _uploads, _problem),
    Allowance("api.file_complaint", lambda settings: settings.api_per_hour, _problem),
    Allowance("open311.file_request", lambda settings: settings.api_per_hour, _problem),
)


def register_limits(app: Flask, settings: WebSettings) -> Limiter:
    """Put the allowances around their views; after these are registered."""
    logging.getLogger("flask-limiter").setLevel(logging.WARNING)  # below, it tells of addresses, which are personal
    limiter = Limiter(subscriber, app=app, storage_uri="memory://")
    for place, allowance in enumerate(ALLOWANCES):
        per_hour = allowance.per_hour(settings)
        view: View = app.view_functions[allowance.endpoint]
        if per_hour:
            app.view_functions[allowance.endpoint] = limiter.limit(
                f"{per_hour} per hour",
                exempt_when=_exempt(allowance),
                cost=allowance.cost,
                on_breach=_refusing(allowance),
                scope=str(place),
            )(view)
    return limiter


def _exempt(allowance: Allowance) -> Callable[[], bool]:
    return lambda: is_this_machine() or allowance.spared()


def _refusing(allowance: Allowance) -> Callable[[RequestLimit], Response]:
    def refuse(limit: RequestLimit) -> Response:
        until = datetime.fromtimestamp(limit.reset_at, UTC)
        response = allowance.refuse(until)
        left = int((until - here().clock()).total_seconds())
        response.headers["Retry-After"] = str(min(max(left, 1), _HOUR_SECONDS))
        return response

    return refuse
