"""The receipt, by ticket alone and so without name or contact; on paper, and sent to the reporter's own devices."""

from datetime import timedelta
from urllib.parse import quote

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from register.brought_over import brought_over
from register.limits import Limit
from register.reporter_messages import MessageKind, ReporterMessage
from register.tickets import parse_ticket
from webhooks import form_token
from webhooks.context import here, public_base, public_link
from webhooks.language import gettext, language, spoken
from webhooks.reporter_proof import has_contact

blueprint = Blueprint("receipt", __name__)
PAPER = "tanda-terima"
SENT = Limit(3, (timedelta(days=1),), timedelta(days=1))
"""Receipts by e-mail for one ticket: nobody fills a stranger's mailbox through us."""


def receipt_page(ticket: str) -> ResponseReturnValue:
    """The page of a ticket in any spelling."""
    canonical = parse_ticket(ticket)
    if ticket != canonical:
        return redirect(url_for("citizen.receipt", ticket=canonical))
    complaint = here().store.complaint(canonical)
    intake = here().store.intakes([canonical]).get(canonical)
    link = public_link("status.show", ticket=canonical)
    code = segno.make_qr(link, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff", omitsize=True)
    token = form_token.issue()
    page = render_template(
        "receipt.html",
        complaint=complaint,
        brought_over=brought_over(here().store.events(canonical, opened=False)) is not None,
        nameless=intake is not None and not has_contact(intake),
        spoken=spoken(canonical),
        link=link,
        code=Markup(code),  # noqa: S704 - drawn here from our own link
        whatsapp="https://wa.me/?text=" + quote(_words(canonical, link), safe=""),
        mailto=_mailto(canonical, link),
        by_mail=here().settings.writes_to_reporters,
        pdf=here().paper is not None,
        sent=request.args.get("terkirim", ""),
        token=token.text,
    )
    response = Response(page, mimetype="text/html")
    form_token.remember(response, token)
    return response


@blueprint.get("/pengaduan/<ticket>/tanda-terima.pdf")
def pdf(ticket: str) -> ResponseReturnValue:
    """The receipt on paper."""
    make = here().paper
    if make is None:
        abort(404)
    canonical = here().store.complaint(parse_ticket(ticket)).ticket
    response = Response(make(PAPER, canonical, public_base()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="tanda-terima-{canonical}.pdf"'
    return response


@blueprint.post("/pengaduan/<ticket>/tanda-terima/kirim")
def send(ticket: str) -> ResponseReturnValue:
    """
    Send the receipt to the recorded e-mail address, never to one that somebody types.

    What the page says is the same whether the complaint has an address or not.
    """
    canonical = here().store.complaint(parse_ticket(ticket)).ticket
    if not here().settings.writes_to_reporters:
        abort(404)
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    store, now = here().store, here().clock()
    if not verdict.good:
        outcome = "ulang"
    elif store.take(f"receipt|{canonical}", SENT, now):
        outcome = "cukup"
    else:
        store.queue_message(ReporterMessage(MessageKind.RECEIPT, canonical, language=language()), now)
        outcome = "ya"
    return redirect(url_for("citizen.receipt", ticket=canonical, terkirim=outcome), 303)


def _words(ticket: str, link: str) -> str:
    """Ticket and link, and nothing else: it goes through another company's hands."""
    return gettext("Nomor tiket pengaduan saya: %(ticket)s", ticket=ticket) + f"\n{link}"


def _mailto(ticket: str, link: str) -> str:
    """Opens the reporter's own mail program."""
    subject, body = quote(gettext("Nomor tiket pengaduan"), safe=""), quote(_words(ticket, link), safe="")
    return f"mailto:?subject={subject}&body={body}"
