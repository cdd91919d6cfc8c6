"""How a browser becomes known as the reporter's: by the recorded contact, or by a link that was sent there."""

from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from forms.plain_text import showable
from forms.problems import Problem
from forms.wording import marked
from register.limits import Limit
from register.proof_links import GOOD_FOR, is_proof
from register.reporter_messages import MessageKind, ReporterMessage
from register.tickets import parse_ticket
from webhooks import form_token, reporter_proof
from webhooks.context import here
from webhooks.language import language
from webhooks.reporter_proof import Case, case_of, links_are_sent, proof_problem, too_often, wait_problem

blueprint = Blueprint("reporter_door", __name__)
LINKS_OF_TICKET = Limit(3, (timedelta(hours=1), timedelta(hours=6)), timedelta(days=1))
ONCE = Limit(1, (2 * GOOD_FOR,), 2 * GOOD_FOR)
"""A link in a mail works once; it is too old by the time that this is forgotten."""
_EXPIRED = Problem("contact", "expired", marked("Halaman ini sudah terlalu lama terbuka. Kirim sekali lagi."))


@blueprint.get("/pengaduan/<ticket>/bukti")
def prove(ticket: str) -> ResponseReturnValue:
    """The page on which a browser proves itself, by the recorded contact or by asking for a link."""
    case = case_of(ticket)
    return _proof_page(case, problem=wait_problem(case.ticket), sent="terkirim" in request.args)


@blueprint.post("/pengaduan/<ticket>/bukti")
def take_proof(ticket: str) -> ResponseReturnValue:
    """Judge what was typed, or send a link to the recorded address."""
    case = case_of(ticket)
    typed = request.form.get("contact", "")
    if not form_token.judge(request.form.get(form_token.FIELD, "")).good:
        return _proof_page(case, typed, _EXPIRED, status=400)
    if request.form.get("cara") == "tautan":
        return _send_link(case)
    if problem := proof_problem(typed, case):
        return _proof_page(case, typed, problem, status=429 if problem.code == "too_often" else 422)
    response = redirect(url_for("status.show", ticket=case.ticket), 303)
    reporter_proof.remember(response, case.ticket)
    return response


@blueprint.get("/pengaduan/<ticket>/bukti/<token>")
def follow_link(ticket: str, token: str) -> ResponseReturnValue:
    """What a link in a mail opens: a button, as programs that look into mails open links, too."""
    case = case_of(ticket)
    if not is_proof(here().store.digest, case.ticket, token, here().clock()):
        return _proof_page(case, lapsed=True, status=410)
    form = form_token.issue()
    page = render_template("proof_link.html", ticket=case.ticket, link=token, token=form.text)
    response = Response(page, mimetype="text/html")
    form_token.remember(response, form)
    return response


@blueprint.post("/pengaduan/<ticket>/bukti/<token>")
def take_link(ticket: str, token: str) -> ResponseReturnValue:
    """Know the browser in which the link was opened; once."""
    case, store, now = case_of(ticket), here().store, here().clock()
    good = form_token.judge(request.form.get(form_token.FIELD, "")).good
    valid = good and is_proof(store.digest, case.ticket, token, now)
    if not valid or store.take(f"link|{store.digest('spent', token)}", ONCE, now):
        return _proof_page(case, lapsed=True, status=410)
    response = redirect(url_for("status.show", ticket=case.ticket), 303)
    reporter_proof.remember(response, case.ticket)
    return response


@blueprint.post("/pengaduan/<ticket>/keluar")
def leave(ticket: str) -> ResponseReturnValue:
    """Know this browser no more: telephones are shared."""
    response = redirect(url_for("status.show", ticket=parse_ticket(ticket)), 303)
    if form_token.judge(request.form.get(form_token.FIELD, "")).good:
        reporter_proof.forget(response)
    return response


def _send_link(case: Case) -> ResponseReturnValue:
    """The answer is the same whether the complaint has an address or not."""
    store, now = here().store, here().clock()
    if not links_are_sent():
        abort(404)
    if again := store.take(f"links|{case.ticket}", LINKS_OF_TICKET, now):
        return _proof_page(case, problem=too_often(again), status=429)
    store.queue_message(ReporterMessage(MessageKind.PROOF, case.ticket, language=language()), now)
    return redirect(url_for("reporter_door.prove", ticket=case.ticket, terkirim="ya"), 303)


def _proof_page(
    case: Case,
    typed: str = "",
    problem: Problem | None = None,
    *,
    sent: bool = False,
    lapsed: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    token = form_token.issue()
    page = render_template(
        "proof.html",
        ticket=case.ticket,
        typed=showable(typed)[:254],
        problem=problem,
        links=links_are_sent(),
        sent=sent,
        lapsed=lapsed,
        token=token.text,
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response
