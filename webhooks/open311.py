"""
Open311 GeoReport v2 at `/open311/v2/`: civic clients file requests and follow them, in JSON and XML.

A ticket is the secret by which a request is seen, so nobody is told tickets they did not file or know already:
docs/decisions/0027. Source: wiki.open311.org/GeoReport_v2.
"""

import hmac
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from forms.categories import Category, categories
from forms.open311 import PARAMETERS, check_filing, parameters
from forms.problems import RefusedError
from forms.wording import marked
from register.complaint import WITA, Channel, Complaint
from register.errors import InvalidTicketError
from register.limits import Limit
from register.tickets import parse_ticket
from webhooks import open311_view as view
from webhooks.clients import is_this_machine
from webhooks.context import here, public_base, public_link
from webhooks.idempotency import idempotency_key
from webhooks.json_bodies import json_object
from webhooks.language import date_words, gettext, say
from webhooks.open311_shape import refuse, shaped
from webhooks.public_view import reply_of
from webhooks.reporter_proof import client_key

blueprint = Blueprint("open311", __name__, url_prefix="/open311/v2")
SPAN = timedelta(days=90)
MOST_LISTED = 1000
MOST_ASKED = 10
"""Tickets in one question: enough for any client, and no help to whoever guesses."""
UNKNOWN_TICKETS = Limit(30, (timedelta(hours=1), timedelta(hours=6)), timedelta(days=1))
"""How many tickets that there are not one address may ask about. A mistyped one mostly shows as such, and is free."""
_FORM = "<any(json, xml):form>"
_NO_JURISDICTION = marked("jurisdiction_id ini tidak dilayani di sini. Kosongkan, atau isi dengan %(ours)s.")
_NO_KEY = marked("api_key tidak ada atau tidak berlaku. Mintalah kunci kepada kantor kami.")
_NO_CODE = marked("service_code belum diisi. Pilih dari daftar layanan (services).")
_UNKNOWN_CODE = marked("service_code ini tidak ada. Pilih dari daftar layanan (services).")
_NO_TOKEN = marked("Token ini tidak ada. Nomor tiket diberikan langsung saat pengaduan dikirim.")
_TOO_MANY = marked("Tanyakan paling banyak %(most)s service_request_id sekaligus.")
_GUESSED = marked("Terlalu banyak percobaan. Coba lagi sesudah %(at)s, atau hubungi kantor kami.")
_BAD_DATE = marked("start_date dan end_date ditulis seperti 2026-11-23T00:00:00Z, dengan zona waktu.")
_BAD_SPAN = marked("start_date dan end_date paling jauh berjarak 90 hari, dari yang lama ke yang baru.")
_BAD_STATUS = marked("status diisi dengan open, closed, atau keduanya dipisah koma.")
_NOTICE = marked("Simpan nomor tiket %(ticket)s. Status dan jawaban kantor dapat dilihat di %(url)s.")
_NAMELESS = marked("Karena tidak ada telepon atau e-mail, pengaduan ini dicatat tanpa nama.")
_NO_FILES = marked("Berkas yang ikut terkirim tidak disimpan; tambahkan lewat alamat tadi.")


class Open311Error(Exception):
    """A request that is not fulfilled: HTTP's number, and sentences for the user; `again`: from when on it may be."""

    def __init__(self, status: int, *descriptions: str, again: datetime | None = None) -> None:
        super().__init__(status)
        self.status, self.descriptions, self.again = status, descriptions, again


@blueprint.errorhandler(Open311Error)
def _refused(error: Open311Error) -> Response:
    response = refuse(error.status, error.descriptions)
    if error.again:
        response.headers["Retry-After"] = str(max(int((error.again - here().clock()).total_seconds()), 1))
    return response


@blueprint.before_request
def _read() -> None:
    """What was sent, wherever it stands, for the views. Raises: Open311Error; BadJsonError."""
    try:
        g.sent = parameters([*request.args.items(multi=True), *_body()])
    except RefusedError as refused:
        raise Open311Error(400, gettext(refused.msgid)) from None
    asked, ours = g.sent.get("jurisdiction_id", ""), here().settings.jurisdiction
    if asked.strip().casefold() not in ("", ours):
        raise Open311Error(404, gettext(_NO_JURISDICTION, ours=ours))


def _body() -> Sequence[tuple[str, object]]:
    if request.method != "POST":
        return ()
    if request.mimetype == "application/json":
        return tuple(json_object().items())
    return tuple(request.form.items(multi=True))


@blueprint.get(f"/discovery.{_FORM}")
def discovery(form: str) -> Response:
    """What is spoken here."""
    return shaped("discovery", view.discovery(here().settings, f"{public_base()}{blueprint.url_prefix}"))


@blueprint.get(f"/services.{_FORM}")
def services(form: str) -> Response:
    """What requests may be about."""
    return shaped("services", view.services())


@blueprint.get(f"/services/<code>.{_FORM}")
def service(code: str, form: str) -> Response:
    """What a service asks besides."""
    return shaped("service_definition", view.definition(_category(code)))


@blueprint.post(f"/requests.{_FORM}")
def file_request(form: str) -> ResponseReturnValue:
    """File a request; the answer means that it is on disk, and names the ticket."""
    caller, now = _caller(needed=True), here().clock()
    sent: Mapping[str, str] = g.sent
    if not sent.get("service_code", "").strip():
        raise Open311Error(400, gettext(_NO_CODE))
    _category(sent["service_code"])
    try:
        checked = check_filing(sent, today=now.astimezone(WITA).date())
    except RefusedError as refused:
        raise Open311Error(400, _named(refused.field, gettext(refused.msgid))) from None
    if checked.intake is None:
        raise Open311Error(400, *(_named(problem.field, say(problem)) for problem in checked.problems))
    accepted = here().store.accept(
        checked.intake,
        channel=Channel.OPEN311,
        now=now,
        submission_key=idempotency_key(f"open311:{caller}"),
        noted={"open311": caller} if caller else None,
    )
    receipt = {
        "service_request_id": accepted.complaint.ticket,
        "service_notice": _notice(accepted.complaint, anonymous=not checked.intake.contact),
        "account_id": None,
    }
    return shaped("service_requests", [receipt])


@blueprint.get(f"/requests.{_FORM}")
def list_requests(form: str) -> Response:
    """Requests whose tickets were named, or those that were filed with the caller's key; nobody else's."""
    if asked := _listed("service_request_id"):
        if len(asked) > MOST_ASKED:
            raise Open311Error(400, gettext(_TOO_MANY, most=MOST_ASKED))
        found = _known(filter(None, map(_ticket, asked)))
        return shaped("service_requests", [_opened(complaint) for complaint in found.values()])
    since, until = _span(g.sent.get("start_date", ""), g.sent.get("end_date", ""), here().clock())
    statuses = set(_listed("status"))
    if statuses - {"open", "closed"}:
        raise Open311Error(400, gettext(_BAD_STATUS))
    caller = _caller(needed=False)
    own = here().store.filed_with(caller, since, until) if caller else []
    chosen = view.wanted(own, {code.upper() for code in _listed("service_code")}, statuses)
    return shaped("service_requests", [view.entry(complaint, here().settings) for complaint in chosen[:MOST_LISTED]])


@blueprint.get(f"/requests/<ticket>.{_FORM}")
def show_request(ticket: str, form: str) -> Response:
    """Where a request stands, for whoever knows its ticket."""
    asked = parse_ticket(ticket)
    return shaped("service_requests", [_opened(_known([asked]).get(asked) or here().store.complaint(asked))])


@blueprint.get(f"/tokens/<token>.{_FORM}")
def show_token(token: str, form: str) -> Response:
    """Requests get their ticket at once, so a token is only ever the ticket itself."""
    ticket = _ticket(token)
    if not ticket or ticket not in _known([ticket]):
        raise Open311Error(404, gettext(_NO_TOKEN))
    return shaped("service_requests", [{"service_request_id": ticket, "token": ticket}])


def _known(asked: Iterable[str]) -> Mapping[str, Complaint]:
    """
    Those of these tickets that there are. Each of the others is counted as a guess before anything is answered.

    Raises: Open311Error for whoever guessed too often, whatever they ask.
    """
    store, now, tickets, who = here().store, here().clock(), set(asked), client_key("open311")
    counted = not is_this_machine()
    again = store.standing(who, UNKNOWN_TICKETS, now).again if counted else None
    found = {} if again else store.complaints_of(tickets)
    for _ in tickets - set(found) if counted else ():
        again = again or store.take(who, UNKNOWN_TICKETS, now)
    if again:
        raise Open311Error(429, gettext(_GUESSED, at=date_words(again)), again=again)
    return found


def _caller(*, needed: bool) -> str:
    """
    A digest of the caller's key, by which requests are told apart; empty without one, or where the office set none.

    Raises: Open311Error for a key that does not count, and without one where it is needed.
    """
    keys, given = here().settings.open311_keys, g.sent.get("api_key", "").strip()
    if not keys or not (given or needed):
        return ""
    if not any(hmac.compare_digest(given.encode(errors="replace"), key.encode()) for key in keys):
        raise Open311Error(403, gettext(_NO_KEY))
    return here().store.digest("open311", given)


def _category(code: str) -> Category:
    """Raises: Open311Error."""
    found = next((category for category in categories() if category.code == code.strip().upper()), None)
    if found is None:
        raise Open311Error(404, gettext(_UNKNOWN_CODE))
    return found


def _named(field: str, sentence: str) -> str:
    return f"{PARAMETERS.get(field, field)}: {sentence}"


def _notice(complaint: Complaint, *, anonymous: bool) -> str:
    url = public_link("status.show", ticket=complaint.ticket)
    said = [gettext(_NOTICE, ticket=complaint.ticket, url=url)]
    if anonymous:
        said.append(gettext(_NAMELESS))
    if request.files:
        said.append(gettext(_NO_FILES))
    return " ".join(said)


def _opened(complaint: Complaint) -> dict[str, object]:
    reply = reply_of(here().store, complaint.ticket)
    return view.entry(complaint, here().settings, reply.text if reply else "")


def _listed(name: str) -> list[str]:
    return [part for part in map(str.strip, g.sent.get(name, "").split(",")) if part]


def _ticket(text: str) -> str:
    try:
        return parse_ticket(text)
    except InvalidTicketError:
        return ""


def _span(start: str, end: str, now: datetime) -> tuple[datetime, datetime]:
    """The time that is asked about, the last 90 days if nothing was said. Raises: Open311Error."""
    try:
        since, until = _instant(start), _instant(end)
        until = until or (since + SPAN if since else now)
        since = since or until - SPAN
    except (ValueError, OverflowError):
        raise Open311Error(400, gettext(_BAD_DATE)) from None
    if not timedelta(0) <= until - since <= SPAN:
        raise Open311Error(400, gettext(_BAD_SPAN))
    return since, until


def _instant(text: str) -> datetime | None:
    """In UTC, which an instant without zone is taken for. Raises: ValueError, OverflowError."""
    if not text:
        return None
    at = datetime.fromisoformat(text.strip())
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
