"""
The form's one-use token: proof that our page was really open in this browser, and the key that makes a double submit
one complaint.

The token is signed, carries a random key and is bound to a cookie that another site cannot read. Browsers that refuse
cookies are recognised by the origin they name when they send the form.
"""

import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from webhooks.context import here

COOKIE = "form"
FIELD = "token"
_SALT = "aduan form v1"


@dataclass(frozen=True)
class FormToken:
    """A token to put into a page. `browser` goes into the cookie."""

    text: str
    key: str
    browser: str


@dataclass(frozen=True)
class Verdict:
    """
    What came with a sent form: its key, empty if it may not be used again, whether the form may be filed, and for how
    long the page was open, in seconds.
    """

    key: str
    good: bool
    age: int = 0


def issue(key: str = "") -> FormToken:
    """A fresh token, for a new key or for the one a re-shown form had already."""
    key = key or secrets.token_urlsafe(16)
    browser = request.cookies.get(COOKIE, "") or secrets.token_urlsafe(16)
    return FormToken(_signer().dumps([key, _digest(browser), _now()]), key, browser)


def remember(response: Response, token: FormToken) -> None:
    """Leave the cookie that the token is bound to."""
    response.set_cookie(
        COOKIE,
        token.browser,
        max_age=here().settings.form_hours * 3600,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def judge(text: str) -> Verdict:
    """
    Whether the form that was just sent is ours, open in this browser and not too old.

    An expired form keeps its key, so that a complaint that went through before is not filed twice. A form that was open
    in another browser does not: whoever made it knows the key, and with it would be led to the ticket.
    """
    try:
        key, browser, issued_at = _signer().loads(text)
    except BadSignature:
        return Verdict("", good=False)
    if not (secrets.compare_digest(browser, _digest(request.cookies.get(COOKIE, ""))) or _names_our_origin()):
        return Verdict("", good=False)
    age = _now() - issued_at
    return Verdict(key, good=age <= here().settings.form_hours * 3600, age=age)


def takes_cookies() -> bool:
    """Whether this browser brought a cookie back, so that it can keep another."""
    return COOKIE in request.cookies


def _names_our_origin() -> bool:
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        origin = urlsplit(request.headers.get("Origin", ""))
    except ValueError:
        return False
    return bool(origin.netloc) and origin.netloc == request.host


def _now() -> int:
    return int(here().clock().timestamp())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(here().settings.secret_key, salt=_SALT)


def _digest(browser: str) -> str:
    return hashlib.sha256(browser.encode()).hexdigest()[:32]
