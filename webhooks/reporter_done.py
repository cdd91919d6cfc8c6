"""
What a reporter has just done, said once, on the status page, in the browser that did it and in no other.

The cookie between the two pages belongs to the ticket's status page alone; it names an act and a number of files.
"""

from datetime import timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from webhooks.language import gettext
from webhooks.reporter_acts import BY_KEY

COOKIE = "done"
_KEPT = timedelta(minutes=10)


def remember(response: Response, ticket: str, act: str, files: int) -> None:
    """Leave the cookie on the way to the status page."""
    response.set_cookie(
        COOKIE,
        f"{act}.{files}",
        max_age=int(_KEPT.total_seconds()),
        path=url_for("status.show", ticket=ticket),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def told() -> str:
    """What the status page says above everything else; empty if nothing was done just now."""
    key, _, files = request.cookies.get(COOKIE, "").partition(".")
    act = BY_KEY.get(key)
    if act is None:
        return ""
    told = [gettext(act.done)]
    if files.isascii() and files.isdigit() and (count := int(files[:3])):
        told.append(gettext("Berkas yang kami terima: %(count)s.", count=count))
    return " ".join(told)


def forget(response: Response, ticket: str) -> None:
    """It was said."""
    if COOKIE in request.cookies:
        response.delete_cookie(COOKIE, path=url_for("status.show", ticket=ticket))
