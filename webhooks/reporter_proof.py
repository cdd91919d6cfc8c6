"""
Proof that an act is the reporter's: the end of the recorded telephone number, the recorded e-mail address, or a link
that was sent there.

Whoever holds a ticket may read; these pages change things. Four digits can be guessed, so tries are counted in the
store, for each ticket and for each client (`register/limits.py`), before they are judged. The answer to a wrong one is
always the same, whatever contact the complaint has.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from forms.problems import Problem
from forms.wording import marked
from register.complaint import Complaint, Intake
from register.contact_index import email_key, phone_key
from register.limits import Limit
from register.tickets import parse_ticket
from webhooks import form_token
from webhooks.clients import is_this_machine, subscriber
from webhooks.context import here
from webhooks.language import date_words
from webhooks.reporter_acts import ReporterAct

COOKIE = "reporter"
SESSION = timedelta(minutes=30)
"""How long a browser is known to be the reporter's, for one ticket."""
DIGITS = 4
_SELDOM = 3
"""From so many tries on it is said that they come to an end."""
_WAITS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6))
OF_TICKET = Limit(5, _WAITS, timedelta(days=7))
OF_CLIENT = Limit(20, _WAITS, timedelta(days=1))
"""More than of a ticket: a village may share one address of its telephone company."""
_WRONG = marked(
    "Tidak cocok dengan kontak pada pengaduan ini. Periksa kembali 4 angka terakhir nomor HP atau alamat e-mailnya."
)
_FEW = marked(
    "Tidak cocok dengan kontak pada pengaduan ini. Periksa kembali 4 angka terakhir nomor HP atau alamat e-mailnya. "
    "Kesempatan mencoba tinggal %(left)s kali; sesudah itu Anda harus menunggu."
)
_LAST = marked("Tidak cocok dengan kontak pada pengaduan ini. Coba lagi sesudah %(at)s, atau hubungi kantor kami.")
_EMPTY = marked("Isi 4 angka terakhir nomor HP, atau alamat e-mail lengkap, yang Anda berikan waktu mengadu.")
_WAIT = marked("Terlalu banyak percobaan. Coba lagi sesudah %(at)s, atau hubungi kantor kami.")
_SALT = "aduan reporter v1"
_NO_DIGIT = re.compile(r"\D")


class Need(StrEnum):
    """What an act asks of whoever does it."""

    NOTHING = "nothing"
    PROOF = "proof"
    DESK = "desk"
    """Nothing is recorded to compare with, and the ticket alone is not enough."""


@dataclass(frozen=True)
class Case:
    """The complaint that a page is about, its reporter, and what may be done with it."""

    complaint: Complaint
    intake: Intake

    @property
    def ticket(self) -> str:
        """Its ticket."""
        return self.complaint.ticket


def case_of(ticket: str) -> Case:
    """By its ticket in any spelling. Raises: InvalidTicketError, TicketNotFoundError, ErasedError."""
    complaint = here().store.complaint(parse_ticket(ticket))
    return Case(complaint, here().store.intake(complaint.ticket))


@dataclass(frozen=True)
class Tried:
    """What became of a try: right, wrong, or not looked at before `again`."""

    right: bool
    again: datetime | None = None


def need_of(act: ReporterAct, intake: Intake, ticket: str) -> Need:
    """What this act asks for now, in this browser."""
    if not has_contact(intake):
        return Need.NOTHING if act.without_contact else Need.DESK
    return Need.NOTHING if is_known(ticket) else Need.PROOF


def has_contact(intake: Intake) -> bool:
    """Whether there is something to compare with."""
    return len(_NO_DIGIT.sub("", intake.phone)) >= DIGITS or bool(intake.email)


def is_right(typed: str, intake: Intake) -> bool:
    """
    Whether somebody typed the recorded e-mail address, or the last digits of the recorded number.

    A number that is typed whole must be right as a whole.
    """
    if "@" in typed:
        return bool(intake.email) and _same(email_key(typed), email_key(intake.email))
    digits, recorded = _NO_DIGIT.sub("", typed), _NO_DIGIT.sub("", intake.phone)
    if len(digits) < DIGITS or len(recorded) < DIGITS:
        return False
    if len(digits) == DIGITS:
        return _same(digits, recorded[-DIGITS:])
    return _same(phone_key(typed), phone_key(intake.phone))


def try_proof(typed: str, intake: Intake, ticket: str) -> Tried:
    """
    Count a try, and judge it if there may be one.

    The ticket's own limit comes first, so that what it refuses is not counted against everybody behind one address.
    """
    store, now = here().store, here().clock()
    for key, limit in _limits(ticket):
        if again := store.take(key, limit, now):
            return Tried(right=False, again=again)
    if not is_right(typed, intake):
        return Tried(right=False)
    store.forget(f"guess|{ticket}")
    store.give_back(client_key("guess"))
    return Tried(right=True)


def proof_problem(typed: str, case: Case) -> Problem | None:
    """Judge what was typed, which counts as a try; what is wrong with it, or None."""
    if not typed.strip():
        return Problem("contact", "required", _EMPTY)
    tried = try_proof(typed, case.intake, case.ticket)
    if tried.again is not None:
        return too_often(tried.again)
    return None if tried.right else _wrong(case.ticket)


def _wrong(ticket: str) -> Problem:
    """What was typed is wrong, and how often it may be tried yet where that is seldom."""
    left, again = _standing(ticket)
    if again is not None:
        return Problem("contact", "wrong", _LAST, {"at": date_words(again)})
    if left <= _SELDOM:
        return Problem("contact", "wrong", _FEW, {"left": left})
    return Problem("contact", "wrong", _WRONG)


def wait_problem(ticket: str) -> Problem | None:
    """Said before somebody types in vain: there were too many tries already. Counts none."""
    _, again = _standing(ticket)
    return too_often(again) if again is not None else None


def _standing(ticket: str) -> tuple[int, datetime | None]:
    """How often this client may try yet for this ticket, and from when on again if not now."""
    store, now = here().store, here().clock()
    standings = [store.standing(key, limit, now) for key, limit in _limits(ticket)]
    waits = [standing.again for standing in standings if standing.again is not None]
    return min(standing.left for standing in standings), max(waits, default=None)


def _limits(ticket: str) -> tuple[tuple[str, Limit], ...]:
    """By what tries are counted, in the order in which they are asked."""
    of_ticket = (f"guess|{ticket}", OF_TICKET)
    return (of_ticket,) if is_this_machine() else (of_ticket, (client_key("guess"), OF_CLIENT))


def too_often(again: datetime) -> Problem:
    """There were too many tries; from `again` on there may be others."""
    return Problem("contact", "too_often", _WAIT, {"at": date_words(again)})


def links_are_sent() -> bool:
    """
    Whether a link can be sent to the recorded address.

    Only under the office's own public address: one taken from a request could lead the reporter to whoever made it.
    """
    settings = here().settings
    return settings.writes_to_reporters and bool(settings.public_url)


def client_key(of: str) -> str:
    """Under which a client's tries are counted: a digest of its address, of IPv6 that of its network."""
    return f"{of}|client|{here().store.digest('client', subscriber())}"


def remember(response: Response, ticket: str) -> None:
    """Know this browser for a while; the cookie tells neither the ticket nor the browser."""
    browser = request.cookies.get(form_token.COOKIE, "")
    if not browser:
        return  # it refuses cookies, and proves itself with each act
    text = _signer().dumps([_session(ticket, browser), int(here().clock().timestamp())])
    response.set_cookie(
        COOKIE,
        text,
        max_age=int(SESSION.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def forget(response: Response) -> None:
    """Know this browser no more."""
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=request.is_secure)


def is_known(ticket: str) -> bool:
    """Whether this browser proved for this ticket, not too long ago, that it is the reporter's."""
    browser = request.cookies.get(form_token.COOKIE, "")
    try:
        session, at = _signer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError):
        return False
    fresh = 0 <= here().clock().timestamp() - at < SESSION.total_seconds()
    return bool(browser) and fresh and _same(session, _session(ticket, browser))


def _session(ticket: str, browser: str) -> str:
    return here().store.digest("reporter session", ticket, browser)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(here().settings.secret_key, salt=_SALT)


def _same(one: str, other: str) -> bool:
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
