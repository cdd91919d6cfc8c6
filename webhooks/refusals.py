"""
How often deliveries of one address may be refused: over it they are not looked at any more, for looking takes time.

Counted in this process's memory and apart from the other limits, because whatever is rightly signed must neither be
counted nor wait for counting. This machine is not limited, as in `rate_limits`.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, make_response
from flask.typing import ResponseReturnValue
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from forms.wording import marked
from webhooks.clients import is_this_machine, subscriber
from webhooks.failures import answer
from webhooks.language import gettext

REFUSED_PER_MINUTE = 60
"""Looking at a wrong signature of five megabytes takes some milliseconds."""
_OFTEN = RateLimitItemPerMinute(REFUSED_PER_MINUTE)
_EXTENSION = "aduan-refusals"
_TOO_MANY = marked("Terlalu banyak kiriman dari alamat ini ditolak. Coba lagi sebentar lagi.")
_Arguments = ParamSpec("_Arguments")


def register_refusals(app: Flask) -> None:
    """Give the application its own counts."""
    app.extensions[_EXTENSION] = FixedWindowRateLimiter(MemoryStorage())


def counts_refusals(view: Callable[_Arguments, ResponseReturnValue]) -> Callable[_Arguments, ResponseReturnValue]:
    """The view; 429 in its place for whoever it has refused too often."""

    @wraps(view)
    def wrapped(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> ResponseReturnValue:
        counted: FixedWindowRateLimiter = current_app.extensions[_EXTENSION]
        who = "" if is_this_machine() else subscriber()
        if who and not counted.test(_OFTEN, who):
            return _too_many()
        answered = make_response(view(*args, **kwargs))
        if who and 400 <= answered.status_code < 500:
            counted.hit(_OFTEN, who)
        return answered

    return wrapped


def _too_many() -> Response:
    response = answer(429, "too_many_requests", gettext(_TOO_MANY))
    response.headers["Retry-After"] = "60"
    return response
