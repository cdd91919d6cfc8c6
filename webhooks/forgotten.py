"""
'Lupa nomor tiket': the tickets go to the contact that was recorded with them.

The answer is the same whoever asks, and takes the same time: the request is only written down here, as a digest;
whether any complaint has that contact is looked up by whoever sends (`automation/reminders/reporter_delivery.py`).
"""

from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.contacts import email_of, phone_of
from forms.plain_text import showable
from forms.problems import Problem, RefusedError
from forms.wording import marked
from register.limits import Limit
from register.reporter_messages import MessageKind, ReporterMessage
from webhooks import form_token
from webhooks.clients import is_this_machine
from webhooks.context import here
from webhooks.language import language
from webhooks.reporter_proof import client_key

blueprint = Blueprint("forgotten", __name__)
OF_CONTACT = Limit(3, (timedelta(hours=6), timedelta(days=1)), timedelta(days=2))
OF_CLIENT = Limit(10, (timedelta(hours=1), timedelta(hours=6)), timedelta(days=1))
_TYPED_SHOWN = 254
_EXPIRED = Problem("contact", "expired", marked("Halaman ini sudah terlalu lama terbuka. Kirim sekali lagi."))
_EMPTY = Problem("contact", "required", marked("Isi nomor HP atau alamat e-mail yang Anda berikan waktu mengadu."))
_OFTEN = Problem(
    "contact", "too_often", marked("Sudah terlalu sering diminta. Coba lagi nanti, atau hubungi kantor kami.")
)


@blueprint.get("/lupa-tiket")
def ask() -> ResponseReturnValue:
    """The field for the contact; where nothing can be sent, the way to the desk."""
    if "terkirim" in request.args:
        return render_template("forgotten_sent.html")
    return _page("")


@blueprint.post("/lupa-tiket")
def take() -> ResponseReturnValue:
    """Write the request down, and say the same to everybody."""
    typed = request.form.get("contact", "")
    if not here().settings.writes_to_reporters:
        return redirect(url_for("forgotten.ask"), 303)
    if not form_token.judge(request.form.get(form_token.FIELD, "")).good:
        return _page(typed, _EXPIRED, 400)
    try:
        contact = _contact(typed)
    except RefusedError as refused:
        return _page(typed, refused.problem("contact"), 422)
    if not contact:
        return _page(typed, _EMPTY, 422)
    store, now = here().store, here().clock()
    if store.take(f"forgotten|{contact}", OF_CONTACT, now) or (
        not is_this_machine() and store.take(client_key("forgotten"), OF_CLIENT, now)
    ):
        return _page(typed, _OFTEN, 429)
    store.queue_message(ReporterMessage(MessageKind.FORGOTTEN, contact=contact, language=language()), now)
    return redirect(url_for("forgotten.ask", terkirim="ya"), 303)


def _contact(typed: str) -> str:
    """The digest of a telephone number or an address; empty if nothing was typed. Raises: RefusedError."""
    text = typed.strip()
    if "@" in text:
        return here().store.contact_digest(email=email_of(text))
    return here().store.contact_digest(phone=phone_of(text)) if text else ""


def _page(typed: str, problem: Problem | None = None, status: int = 200) -> Response:
    token = form_token.issue()
    page = render_template(
        "forgotten.html",
        typed=showable(typed)[:_TYPED_SHOWN],
        problem=problem,
        token=token.text,
        by_mail=here().settings.writes_to_reporters,
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response
