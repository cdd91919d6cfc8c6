"""Looking a complaint up by its ticket, and what its reporter may do from there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.plain_text import showable
from forms.wording import marked
from register.complaint import Event, EventKind
from register.errors import InvalidTicketError
from register.reporter_messages import REPORTER
from register.tickets import parse_ticket
from webhooks import form_token, reporter_proof
from webhooks.context import here
from webhooks.language import gettext
from webhooks.public_view import PublicView, public_view
from webhooks.reporter_acts import ACTS, BY_KEY, ReporterAct
from webhooks.what_next import NEXT, StepShown, asked_for, is_late, may_turn_to_ombudsman, steps_of

blueprint = Blueprint("status", __name__)
_TYPED_SHOWN = 40
_REGISTER_NUMBER = re.compile(r"/\s*aduan\b", re.IGNORECASE)
"""What tells a number of the register, such as `0001/ADUAN/DINSOS/XI/2026`, from a mistyped ticket."""
_NOTHING = marked("Isi nomor tiket Anda.")
_NUMBER = marked("Itu nomor register kantor, bukan nomor tiket. Nomor tiket ada di tanda terima, misalnya 7K3M-Q9TX-2.")
JUST_NOW = timedelta(minutes=10)
"""How long the page says what the reporter did last."""


@dataclass(frozen=True)
class StatusPage:
    """
    What the page shows besides the public view.

    `turn_acts` are the acts that the reporter's time is for, `other_acts` the rest of what they may do; `done` says
    what they did just now; `known` whether this browser need not prove itself again; `asked_for` what the office asks
    them to complete.
    """

    next: str
    steps: tuple[StepShown, ...]
    late: bool
    ombudsman: bool
    turn_acts: tuple[ReporterAct, ...]
    other_acts: tuple[ReporterAct, ...]
    done: str
    known: bool
    asked_for: str


@blueprint.get("/status")
def look_up() -> ResponseReturnValue:
    """A field for the ticket; what was typed leads to the ticket's own page, or is shown again with what is wrong."""
    typed = request.args.get("tiket")
    if typed is None:
        return render_template("look_up.html", typed="", problem="")
    try:
        return redirect(url_for("status.show", ticket=parse_ticket(typed)))
    except InvalidTicketError as error:
        problem = _NOTHING if not typed.strip() else _NUMBER if _REGISTER_NUMBER.search(typed) else error.message
    return render_template("look_up.html", typed=showable(typed)[:_TYPED_SHOWN], problem=gettext(problem)), 400


@blueprint.get("/status/<ticket>")
def show(ticket: str) -> ResponseReturnValue:
    """Where the complaint stands. Another spelling of the ticket is redirected to its shown form."""
    canonical = parse_ticket(ticket)
    if ticket != canonical:
        return redirect(url_for("status.show", ticket=canonical))
    view = public_view(canonical)
    page = _page(view)
    token = form_token.issue()
    response = Response(render_template("status.html", view=view, page=page, token=token.text), mimetype="text/html")
    if page.known:
        form_token.remember(response, token)
    return response


def _page(view: PublicView) -> StatusPage:
    store, settings, now = here().store, here().settings, here().clock()
    complaint = store.complaint(view.ticket)
    clocks, timeline = store.clocks([view.ticket])[view.ticket], store.timeline(view.ticket)
    erased = not store.intakes([view.ticket])
    allowed = () if erased else settings.desk.acts(complaint, clocks, now)
    possible = [act for act in ACTS if act.key in allowed]
    asked = view.turn.window.acts if view.turn else ()
    return StatusPage(
        next=gettext(NEXT[view.status]),
        steps=steps_of(complaint, clocks, settings.desk.steps(complaint)),
        late=is_late(complaint, now),
        ombudsman=may_turn_to_ombudsman(complaint, now),
        turn_acts=tuple(act for act in possible if act.key in asked),
        other_acts=tuple(act for act in possible if act.key not in asked),
        done=_done_just_now(timeline, now),
        known=reporter_proof.is_known(view.ticket),
        asked_for=asked_for(complaint, timeline),
    )


def _done_just_now(timeline: Sequence[Event], now: datetime) -> str:
    """What the reporter did last, as the trail has it, if that is not long ago."""
    own = [event for event in timeline if event.actor == REPORTER and event.kind is EventKind.ACT]
    if not own or not timedelta(0) <= now - own[-1].at <= JUST_NOW:
        return ""
    act = BY_KEY.get(own[-1].data.get("act", ""))
    return gettext(act.done) if act else ""
