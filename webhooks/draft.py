"""The draft of the running browser: found by a cookie that scripts cannot read, and lost with it."""

from flask import request
from werkzeug.wrappers import Response

from register.drafts import KEPT_DAYS, Draft
from webhooks.context import here
from webhooks.failures import STORE_DOWN, log_unexpected

COOKIE = "draft"
_DAY_SECONDS = 24 * 3600


def current() -> Draft | None:
    """What this browser is writing; None if nothing is kept, or if it cannot be read just now."""
    key = request.cookies.get(COOKIE, "")
    if not key:
        return None
    try:
        return here().store.drafts.find(key, now=here().clock())
    except STORE_DOWN as error:
        log_unexpected(error)
        return None


def keep(draft: Draft) -> bool:
    """Whether the draft could be saved; if not, its answers have to travel in the page."""
    try:
        here().store.drafts.save(draft, now=here().clock())
    except STORE_DOWN as error:
        log_unexpected(error)
        return False
    return True


def throw_away(name: str) -> None:
    """Delete what was typed under this name; where that fails now, it goes when its days are over."""
    try:
        here().store.drafts.delete(name)
    except STORE_DOWN as error:
        log_unexpected(error)


def remember(response: Response, draft: Draft) -> None:
    """Leave the cookie by which the draft is found."""
    response.set_cookie(
        COOKIE,
        draft.key,
        max_age=KEPT_DAYS * _DAY_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def forget(response: Response) -> None:
    """Take the cookie away."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)
