"""
Finding complaints at the desk: by ticket, number in the Buku Registrasi or in an earlier one, NIK, telephone or e-mail.

Whoever finds a complaint by one of the last three learns who its reporter is. A restricted complaint, and one whose
reporter is confidential, is therefore found so only by those who may open it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import structlog
from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.contacts import email_of, phone_of
from forms.identity_numbers import nik_of
from forms.plain_text import showable
from forms.problems import RefusedError
from forms.wording import marked
from register.complaint import WITA, Complaint, Identity
from register.complaints import year_of
from register.errors import InvalidTicketError, TicketNotFoundError
from register.tickets import parse_ticket
from webhooks.context import here
from webhooks.desk_access import may_open, may_see
from webhooks.desk_papers import Paper, papers
from webhooks.language import gettext, plural, when_words
from webhooks.staff import signed_in, staff_only

blueprint = Blueprint("desk_finding", __name__, url_prefix="/loket")
_NUMBER = re.compile(r"(?P<number>[0-9]{1,5})(?:/ADUAN/DINSOS/[0-9]{1,2})?(?:/(?P<year>[0-9]{4}))?", re.IGNORECASE)
_RULES: Mapping[str, Callable[[str], str]] = {"nik": nik_of, "phone": phone_of, "email": email_of}
_MOST = 50
_log = structlog.get_logger(__name__)

_NOBODY = marked("Belum ada pengaduan lain yang masih berjalan dari NIK, telepon, atau e-mail ini.")
_THERE_ARE = marked("Sudah ada %(count)s pengaduan yang masih berjalan dari orang ini:")
_UNCLEAR = marked(
    "Tulis nomor tiket, nomor registrasi (misalnya 42 atau 42/2026), NIK 16 angka, nomor telepon, atau alamat e-mail."
)
_ARCHIVED = marked("di arsip tahun %(year)s")
_NONE_FOUND = marked("Tidak ada pengaduan yang ditemukan.")


@dataclass(frozen=True)
class Line:
    """An earlier complaint as the hint shows it."""

    ticket: str
    text: str
    url: str


@dataclass(frozen=True)
class Earlier:
    """What is known of a person's open complaints: a sentence, empty while nothing was asked, and the complaints."""

    sentence: str = ""
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Result:
    """A complaint that was found. `name` is the reporter's where it may be shown, else a word in its place."""

    complaint: Complaint
    name: str
    papers: tuple[Paper, ...]
    archive: str = ""
    """As `archived_words` says it."""
    archive_url: str | None = None


@blueprint.route("/cari", methods=["GET", "POST"])
@staff_only("finds")
def search() -> ResponseReturnValue:
    """The search; what is looked for is sent in the body, since a NIK has no place in an address."""
    text = showable(request.form.get("cari", "")).strip()
    kind, found = _found(text) if text else ("", [])
    old = _formerly(text) if text and (kind == "number" or not found) else []
    if text:
        member = signed_in()
        _log.info("desk_search", account=member.account if member else "", kind=kind, found=len(found) + len(old))
    problem = gettext(_UNCLEAR) if text and not kind and not old else ""
    return render_template(
        "desk_search.html",
        text=text[:60],
        problem=problem,
        told=gettext(_NONE_FOUND) if kind and not found and not old else "",
        results=[_result(each) for each in found[:_MOST]],
        old=[_result(each) for each in old[:_MOST]],
    ), (400 if problem else 200)


def earlier_of(form: Mapping[str, str]) -> Earlier:
    """Open complaints of whoever has the NIK, the telephone or the e-mail in a form, the newest first."""
    tickets: list[str] = []
    asked = False
    for given, rule in _RULES.items():
        try:
            value = rule(form.get(given, "").strip())
        except RefusedError:  # not given, or not typed to its end
            continue
        asked = True
        tickets += _of_person(given, value)
    if not asked:
        return Earlier()
    found = [each for each in _by_tickets(tickets) if not each.closed and may_open(each)]
    sentence = plural(_THERE_ARE, len(found)) if found else gettext(_NOBODY)
    return Earlier(sentence, tuple(_line(each) for each in found[:_MOST]))


def _of_person(given: str, value: str) -> list[str]:
    """Tickets of a person's complaints, by what is given (a field's name) and its value."""
    store = here().store
    return store.tickets_by_nik(value) if given == "nik" else store.tickets_by_contact(**{given: value})


def _found(text: str) -> tuple[str, list[Complaint]]:
    """What kind of thing was looked for, empty if it cannot be told, and what was found."""
    if number := _NUMBER.fullmatch(text):
        year = int(number["year"] or here().clock().astimezone(WITA).year)
        found = here().store.numbered(int(number["number"]), year)
        # The ticket is the reporter's key: numbers can be tried one after another, and would give away everybody's.
        return "number", [each for each in [found] if each and may_open(each)]
    for given, rule in _RULES.items():
        try:
            value = rule(text)
        except RefusedError:
            continue
        return given, [each for each in _by_tickets(_of_person(given, value)) if may_open(each)]
    try:
        found = here().store.complaint(parse_ticket(text))
    except InvalidTicketError:
        return "", []
    except TicketNotFoundError:
        return "ticket", []
    return "ticket", [found] if may_see(found) else []


def _formerly(text: str) -> list[Complaint]:
    """What had that number in an earlier register; as with ours, for those only who may open it."""
    now, store = here().clock(), here().store
    number, _, year = text.rpartition("/")
    tickets = store.transfer.formerly_numbered(text, now)
    found = [each for each in _by_tickets(tickets) if may_open(each)]
    if number and re.fullmatch("[0-9]{4}", year):
        of_year = _by_tickets(store.transfer.formerly_numbered(number, now))
        found += [each for each in of_year if may_open(each) and str(each.received_at.astimezone(WITA).year) == year]
    return list({each.ticket: each for each in found}.values())


def _by_tickets(tickets: list[str]) -> list[Complaint]:
    return sorted(here().store.complaints_of(tickets).values(), key=lambda each: each.recorded_at, reverse=True)


def _line(complaint: Complaint) -> Line:
    text = f"{when_words(complaint.received_at)}, {gettext(complaint.status_label)}"
    return Line(complaint.ticket, text, url_for("desk.saved", ticket=complaint.ticket))


def _result(complaint: Complaint) -> Result:
    if complaint.inactive_since is None:
        return Result(complaint, _name(complaint), papers(complaint))
    where = here().settings.archive_url(complaint) if may_open(complaint) else None
    return Result(complaint, _name(complaint), papers(complaint), archived_words(complaint), where)


def archived_words(complaint: Complaint) -> str:
    """That it is in the archive and of which year; empty while it stands in the register."""
    return "" if complaint.inactive_since is None else gettext(_ARCHIVED, year=year_of(complaint))


def _name(complaint: Complaint) -> str:
    if complaint.identity is Identity.ANONYMOUS:
        return gettext("Tanpa nama")
    if not may_open(complaint):
        return gettext("(dirahasiakan)")
    intake = here().store.intakes([complaint.ticket]).get(complaint.ticket)
    return intake.name if intake else gettext("(sudah dihapus)")
