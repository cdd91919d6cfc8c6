"""Looking a complaint up by its ticket, and what its reporter may do from there."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.plain_text import showable
from forms.wording import marked
from register.errors import InvalidTicketError
from register.tickets import parse_ticket
from webhooks import form_token, reporter_done, reporter_proof
from webhooks.context import here
from webhooks.language import gettext
from webhooks.public_view import PublicView, public_view
from webhooks.reporter_acts import ACTS, RATE, ReporterAct
from webhooks.what_next import (
    NEXT,
    StepShown,
    asked_for,
    is_late,
    is_rated,
    may_turn_to_ombudsman,
    steps_of,
    withdrawn_at,
)

blueprint = Blueprint("status", __name__)
_TYPED_SHOWN = 40
_REGISTER_NUMBER = re.compile(r"/\s*aduan\b", re.IGNORECASE)
"""What tells a number of the register, such as `0001/ADUAN/DINSOS/XI/2026`, from a mistyped ticket."""
_NOTHING = marked("Isi nomor tiket Anda.")
_NUMBER = marked("Itu nomor register kantor, bukan nomor tiket. Nomor tiket ada di tanda terima, misalnya 7K3M-Q9TX-2.")


@dataclass(frozen=True)
class StatusPage:
    """
    What the page shows besides the public view.

    `turn_acts` are the acts that the reporter's time is for, `other_acts` the rest of what they may do; `done` says
    what was done just now in this browser; `known` whether it need not prove itself again; `asked_for` what the office
    asks them to complete; `nameless` whether no contact of theirs is known, `not_here` which acts therefore only the
    desk can do.
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
    nameless: bool
    not_here: tuple[ReporterAct, ...]


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
    reporter_done.forget(response, canonical)
    if page.known:
        form_token.remember(response, token)
    return response


def _page(view: PublicView) -> StatusPage:
    store, settings, now = here().store, here().settings, here().clock()
    complaint = store.complaint(view.ticket)
    clocks, timeline = store.clocks([view.ticket])[view.ticket], store.timeline(view.ticket)
    intake = store.intakes([view.ticket]).get(view.ticket)
    allowed = settings.desk.acts(complaint, clocks, now) if intake else ()
    nameless = intake is not None and not reporter_proof.has_contact(intake)
    offered = [act for act in ACTS if act.key in allowed and not (act.key == RATE and is_rated(timeline))]
    possible = [act for act in offered if act.without_contact or not nameless]
    asked = view.turn.window.acts if view.turn else ()
    return StatusPage(
        next=gettext(NEXT[view.status]),
        steps=steps_of(complaint, clocks, settings.desk.steps(complaint), withdrawn_at=withdrawn_at(timeline)),
        late=is_late(complaint, now),
        ombudsman=may_turn_to_ombudsman(complaint, now),
        turn_acts=tuple(act for act in possible if act.key in asked),
        other_acts=tuple(act for act in possible if act.key not in asked),
        done=reporter_done.told(),
        known=reporter_proof.is_known(view.ticket),
        asked_for=asked_for(complaint, timeline),
        nameless=nameless,
        not_here=tuple(act for act in offered if act not in possible),
    )
