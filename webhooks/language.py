"""Which language a visitor reads, and how sentences, dates and tickets are put in it."""

from datetime import datetime

import flask_babel  # type: ignore[import-untyped]
from babel.dates import format_datetime
from flask import Flask, Response, g, request

from forms.problems import Problem
from forms.wording import marked
from register.brought_over import day_only
from register.complaint import WITA
from webhooks.clients import WEBHOOKS
from webhooks.context import here

LANGUAGES = ("id", "en")
COOKIE = "lang"
_OF_PROGRAMS = ("/api/", "/open311/")
"""What lives there is asked by programs, which name a language with each request and keep no cookie."""
_YEAR_SECONDS = 365 * 24 * 3600
_DIGIT_WORDS = {
    "0": marked("nol"),
    "1": marked("satu"),
    "2": marked("dua"),
    "3": marked("tiga"),
    "4": marked("empat"),
    "5": marked("lima"),
    "6": marked("enam"),
    "7": marked("tujuh"),
    "8": marked("delapan"),
    "9": marked("sembilan"),
}


def register_languages(app: Flask) -> None:
    """
    Let each request choose its language.

    Pages: `?lang=en` sets a cookie, and Indonesian is the default whatever the browser asks. API: Accept-Language.
    """
    flask_babel.Babel(app, locale_selector=choose_language)
    app.after_request(_remember)
    app.jinja_env.globals.update(
        language=language, date_words=date_words, when_words=when_words, say=say, plural=plural
    )


def choose_language() -> str:
    """`id` or `en`, for the running request."""
    if request.path.startswith(WEBHOOKS):
        return here().settings.locale
    chosen = g.get("language") or request.args.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    if request.path.startswith(_OF_PROGRAMS):
        return request.accept_languages.best_match(LANGUAGES) or here().settings.locale
    remembered = request.cookies.get(COOKIE)
    return remembered if remembered in LANGUAGES else here().settings.locale


def switch_language(chosen: str) -> None:
    """Answer the running request in another language, and remember it."""
    g.language = chosen
    flask_babel.refresh()


def _remember(response: Response) -> Response:
    chosen = g.get("language") or request.args.get("lang")
    if chosen in LANGUAGES and not request.path.startswith((*_OF_PROGRAMS, WEBHOOKS)):
        response.set_cookie(
            COOKIE, str(chosen), max_age=_YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure
        )
    if request.path.startswith(_OF_PROGRAMS):
        response.headers["Content-Language"] = language()
        response.vary.add("Accept-Language")
    return response


def language() -> str:
    """The running request's language as `id` or `en`."""
    return str(flask_babel.get_locale() or "id")


def gettext(msgid: str, **values: object) -> str:
    """The sentence in the running language, its `%(name)s` places filled; Indonesian where nobody translated it."""
    return str(flask_babel.gettext(msgid, **values))


def plural(msgid: str, count: int, **values: object) -> str:
    """A sentence with a `%(count)s` in it; Indonesian says it alike of one and of many, English does not."""
    return str(flask_babel.ngettext(msgid, msgid, count, count=count, **values))


def say(problem: Problem) -> str:
    """The problem's sentence in the running language."""
    return gettext(problem.msgid, **problem.values)


def date_words(at: datetime) -> str:
    """An instant in the office's time: `Senin, 23 November 2026 pukul 14.05 WITA`, in English `… at 14:05 WITA`."""
    day = _day_words(at)
    time = format_datetime(at, "HH:mm" if language() == "en" else "HH.mm", tzinfo=WITA, locale=language())
    return gettext("%(day)s pukul %(time)s WITA", day=day, time=time)


def when_words(at: datetime) -> str:
    """When something happened: as `date_words`, and the day alone where no more is known."""
    return _day_words(at) if day_only(at) else date_words(at)


def _day_words(at: datetime) -> str:
    return format_datetime(at, "EEEE, d MMMM y", tzinfo=WITA, locale=language())


def spoken(ticket: str) -> str:
    """A ticket as one reads it out on the telephone: `tujuh K tiga M, Q sembilan T X, empat`."""
    groups = ticket.split("-")
    return ", ".join(" ".join(gettext(_DIGIT_WORDS.get(sign, sign)) for sign in group) for group in groups)
