"""
The front desk: one screen on which a clerk records who stands at the counter, telephones, or wrote on paper.

The ticket is given by the store at once, whether the internet and the register are there or not. What was typed is
never lost: it is shown again after a mistake, a failure of the store, or an ended session, and nothing is kept in the
browser. The clocks of SOP A run from the arrival.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms import desk_fields
from forms.categories import categories
from forms.fields import FIELD, FIELDS
from forms.identity_numbers import nik_warnings
from forms.incident_dates import EARLIEST
from forms.plain_text import showable
from forms.problems import Problem, RefusedError
from forms.regions import districts
from forms.typed import data_of, typed_in
from forms.wording import marked
from register.brought_over import BroughtOver, brought_over
from register.complaint import CHANNEL_LABELS, WITA, Channel, Complaint, Intake
from register.errors import ErasedError, SubmissionConflictError
from register.tickets import parse_ticket
from webhooks import form_token
from webhooks.citizen_page import NAMELESS
from webhooks.context import here
from webhooks.desk_access import may_open, may_see, recorded_by
from webhooks.desk_evidence import files_of
from webhooks.desk_finding import Earlier, earlier_of
from webhooks.desk_papers import papers
from webhooks.failures import STORE_DOWN, log_unexpected
from webhooks.language import LANGUAGES, gettext, spoken, switch_language
from webhooks.staff import refused, signed_in, staff_only

blueprint = Blueprint("desk", __name__, url_prefix="/loket")
DOUBTED = "nik_ditanyakan"
"""Carries the NIK that was shown as odd: sent once more, it is saved."""
OWN_FIELDS = ("channel", "arrived_date", "arrived_time", "paper", "notice")
"""What the desk asks besides the fields of a complaint."""
_PAPER_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z /.-]{0,29}")
_STAFF_ACTOR = "staf"

_EXPIRED = marked("Formulir ini sudah terlalu lama terbuka. Tulisannya masih ada: periksa sebentar, lalu simpan lagi.")
_DOWN = marked("BELUM tersimpan karena sistem sedang terganggu. Tulisannya masih ada: simpan lagi sebentar lagi.")
_SAVED_BEFORE = marked(
    "Formulir ini sudah tersimpan sebelumnya dengan isi lain. Bila yang di bawah ini pengaduan lain, "
    "simpan sekali lagi."
)


@dataclass(frozen=True)
class Shown:
    """
    The form as it is shown: what was typed, what is wrong, who complained before, a sentence above it.

    `doubts` are what looks odd in `doubted`, a NIK, and is saved all the same if it is sent once more.
    """

    typed: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    earlier: Earlier | None = None
    doubts: tuple[Problem, ...] = ()
    doubted: str = ""
    sent: bool = True


@dataclass(frozen=True)
class Written:
    """A sent form, read: the complaint, where from and when, or the problems."""

    channel: Channel
    intake: Intake | None = None
    received_at: datetime | None = None
    noted: dict[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@blueprint.get("")
@staff_only("records")
def form() -> ResponseReturnValue:
    """The empty form."""
    return _page(Shown(_typed({}), sent=False), paper=False)


@blueprint.get("/kertas")
@staff_only("records")
def paper_form() -> ResponseReturnValue:
    """The empty form for a paper that was filled in by hand."""
    return _page(Shown(_typed({}), sent=False), paper=True)


@blueprint.post("")
@staff_only("records")
def save() -> ResponseReturnValue:
    """Record who came, telephoned or wrote."""
    return _sent(paper=False)


@blueprint.post("/kertas")
@staff_only("records")
def save_paper() -> ResponseReturnValue:
    """Record what stands on a paper."""
    return _sent(paper=True)


@blueprint.post("/sama")
@staff_only("records")
def same_person() -> ResponseReturnValue:
    """Open complaints of whoever has the NIK, telephone or e-mail that is being typed, for the page's script."""
    found = earlier_of(request.form)
    return jsonify(
        sentence=found.sentence,
        found=[{"ticket": each.ticket, "text": each.text, "url": each.url} for each in found.lines],
    )


@blueprint.get("/<ticket>")
@staff_only("finds")
def saved(ticket: str) -> ResponseReturnValue:
    """Ticket, number, and what to print; the next complaint is one Return away."""
    canonical = parse_ticket(ticket)
    if ticket != canonical:
        return redirect(url_for("desk.saved", ticket=canonical))
    complaint = here().store.complaint(canonical)
    if not may_see(complaint):
        return refused("opens")
    return render_template(
        "desk_saved.html",
        complaint=complaint,
        origin=_origin(complaint),
        spoken=spoken(canonical),
        papers=papers(complaint),
        files=len(files_of(complaint)) if may_open(complaint) else None,
        mine=recorded_by(complaint),
        channel=gettext(CHANNEL_LABELS[complaint.channel]),
    )


def _origin(complaint: Complaint) -> BroughtOver | None:
    """Whence it came, with the number that it had there for those who may open it."""
    store = here().store
    try:
        return brought_over(store.events(complaint.ticket, opened=may_open(complaint)))
    except ErasedError:
        return brought_over(store.events(complaint.ticket, opened=False))


def _sent(*, paper: bool) -> ResponseReturnValue:
    typed = _typed(request.form)
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    if request.form.get("lang") in LANGUAGES:
        switch_language(request.form["lang"])
        return _page(Shown(typed), paper=paper, key=verdict.key)
    if request.form.get("act") == "periksa":
        return _page(Shown(typed, earlier=earlier_of(request.form)), paper=paper, key=verdict.key)
    if not verdict.good:
        return _page(Shown(typed, notice=gettext(_EXPIRED)), paper=paper, key=verdict.key, status=400)
    now = here().clock()
    written = _written(typed, now, paper=paper)
    if written.intake is None:
        shown = Shown(typed, written.problems, earlier=earlier_of(request.form))
        return _page(shown, paper=paper, key=verdict.key, status=422)
    if doubts := _doubts(written.intake.nik):
        shown = Shown(typed, earlier=earlier_of(request.form), doubts=doubts, doubted=written.intake.nik)
        return _page(shown, paper=paper, key=verdict.key, status=422)
    member = signed_in()
    try:
        accepted = here().store.accept(
            written.intake,
            channel=written.channel,
            now=now,
            received_at=written.received_at,
            submission_key=f"desk:{verdict.key}",
            actor=member.actor if member else _STAFF_ACTOR,
            noted=written.noted,
        )
    except SubmissionConflictError:
        return _page(Shown(typed, notice=gettext(_SAVED_BEFORE)), paper=paper, status=409)
    except STORE_DOWN as error:
        log_unexpected(error)
        return _page(Shown(typed, notice=gettext(_DOWN)), paper=paper, key=verdict.key, status=503)
    return redirect(url_for("desk.saved", ticket=accepted.complaint.ticket), 303)


def _doubts(nik: str) -> tuple[Problem, ...]:
    """What looks odd in a NIK that the clerk was not asked about yet, while the card is still on the counter."""
    return nik_warnings(nik) if nik and nik != request.form.get(DOUBTED, "") else ()


def _written(typed: Mapping[str, str], now: datetime, *, paper: bool) -> Written:
    channel = next((each for each in desk_fields.CHANNELS if each.value == typed["channel"]), Channel.DESK)
    checked = desk_fields.check_desk(data_of(request.form), channel, paper=paper, today=now.astimezone(WITA).date())
    problems = [*checked.problems]
    arrived = None
    try:
        arrived = desk_fields.arrival_of(typed["arrived_date"], typed["arrived_time"], now)
        if paper and arrived is None:
            problems.append(Problem("arrived_date", "arrival_needed", "Waktu masuk belum diisi."))
    except RefusedError as error:
        problems.append(error.problem("arrived_date"))
    number = typed["paper"].strip()
    if number and not _PAPER_NUMBER.fullmatch(number):
        problems.append(
            Problem("paper", "paper_number", "Nomor kertas hanya huruf, angka, dan garis, paling banyak 30 tanda.")
        )
    told = bool(typed["notice"])
    if not (told or paper or channel is Channel.LETTER):
        problems.append(
            Problem("notice", "notice_needed", "Sampaikan pemberitahuan data pribadi kepada pelapor, lalu beri tanda.")
        )
    noted = ({"paper": number} if number else {}) | ({"notice": "told"} if told else {})
    return Written(channel, None if problems else checked.intake, arrived, noted, tuple(problems))


def _typed(form: Mapping[str, str]) -> dict[str, str]:
    own = {name: showable(form.get(name, "")) for name in OWN_FIELDS}
    return typed_in(form) | own | {"channel": own["channel"] or Channel.DESK.value}


def _page(shown: Shown, *, paper: bool, key: str = "", status: int = 200) -> Response:
    token = form_token.issue(key)
    page = render_template(
        "desk_form.html",
        shown=shown,
        paper=paper,
        token=token.text,
        doubted_field=DOUBTED,
        labelled_codes=NAMELESS,
        label_of=_label_of,
        fields=FIELD,
        identity=desk_fields.IDENTITY,
        problem_at={item.field: item for item in reversed(shown.problems)},
        needed=desk_fields.needed(Channel.DESK, paper=paper, anonymous=False),
        columns=(desk_fields.PERSON, desk_fields.MATTER),
        more=desk_fields.MORE,
        flags=desk_fields.FLAGS,
        channels=[(each.value, gettext(desk_fields.CHANNELS[each])) for each in desk_fields.CHANNELS],
        categories=categories(),
        districts=districts(),
        earliest=EARLIEST,
        today=here().clock().astimezone(WITA).date(),
        listed=[each.name for each in FIELDS],
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response


_OWN_LABELS = {
    "arrived_date": marked("Waktu masuk"),
    "paper": marked("Nomor kertas"),
    "notice": marked("Pemberitahuan data pribadi"),
}


def _label_of(name: str) -> str:
    return _OWN_LABELS.get(name) or (desk_fields.label_of(name) if name in FIELD else name)
