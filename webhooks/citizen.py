"""The citizen's way in: the form, filing it, and the receipt."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.categories import categories
from forms.field_kinds import Section
from forms.fields import FIELDS
from forms.incident_dates import EARLIEST
from forms.problems import Problem
from forms.regions import districts
from forms.typed import data_of, typed_in
from forms.validation import check
from forms.wording import marked
from register.complaint import WITA, Channel, Intake
from register.errors import SubmissionConflictError
from webhooks import form_token
from webhooks.context import here
from webhooks.failures import STORE_DOWN, log_unexpected
from webhooks.language import LANGUAGES, gettext, switch_language
from webhooks.receipt import receipt_page

blueprint = Blueprint("citizen", __name__)
TRAP = "website"
"""A field that people cannot see. Programs that fill in everything fill it in too."""
NAMELESS = ("too_short", "too_long", "invalid_text")
"""Problems whose sentence does not say which field it is about."""

_EXPIRED = marked(
    "Formulir ini sudah terlalu lama terbuka, atau dibuka dari tempat lain. Tulisan Anda masih ada di bawah: "
    "periksa sebentar, lalu tekan Kirim Pengaduan sekali lagi."
)
_TRAPPED = marked("Mohon tekan Kirim Pengaduan sekali lagi, agar kami tahu bahwa ini bukan kiriman otomatis.")
_STORE_DOWN = marked(
    "Pengaduan Anda BELUM tersimpan karena sistem sedang terganggu. Tulisan Anda masih ada di bawah: "
    "tekan Kirim Pengaduan sekali lagi beberapa menit lagi."
)


@dataclass(frozen=True)
class Shown:
    """A form as it is shown: what was typed, what is wrong with it, and a sentence above it."""

    typed: dict[str, str]
    problems: tuple[Problem, ...] = ()
    notice: str = ""
    sent: bool = True


@blueprint.get("/")
def form() -> ResponseReturnValue:
    """The empty form."""
    return _page(Shown(typed_in({}), sent=False), key="", status=200)


@blueprint.get("/pengaduan")
def back_to_form() -> ResponseReturnValue:
    """Whoever reloads the address to which the form was sent finds the form."""
    return redirect(url_for("citizen.form"))


@blueprint.post("/pengaduan")
def file_complaint() -> ResponseReturnValue:
    """File the form and go on to the receipt, or show it again with everything that was typed."""
    typed = typed_in(request.form)
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    if request.form.get("lang") in LANGUAGES:
        switch_language(request.form["lang"])
        return _page(Shown(typed), key=verdict.key, status=200)
    now = here().clock()
    checked = check(data_of(request.form), today=now.astimezone(WITA).date())
    if not verdict.good:
        return _page(Shown(typed, notice=gettext(_EXPIRED)), key=verdict.key, status=400)
    if request.form.get(TRAP):
        return _page(Shown(typed, notice=gettext(_TRAPPED)), key=verdict.key, status=400)
    if checked.intake is None:
        return _page(Shown(typed, checked.problems), key=verdict.key, status=422)
    return _file(checked.intake, typed, verdict.key, now)


def _file(intake: Intake, typed: dict[str, str], key: str, now: datetime) -> ResponseReturnValue:
    try:
        accepted = here().store.accept(intake, channel=Channel.WEB, now=now, submission_key=f"web:{key}")
    except SubmissionConflictError:
        return _already_filed(typed)
    except STORE_DOWN as error:
        log_unexpected(error)
        return _page(Shown(typed, notice=gettext(_STORE_DOWN)), key=key, status=503)
    return redirect(url_for("citizen.receipt", ticket=accepted.complaint.ticket), 303)


def _already_filed(typed: dict[str, str]) -> ResponseReturnValue:
    """
    The form was sent before with other contents.

    The ticket of that first complaint is not shown: on a shared telephone or the desk's computer, whoever presses Back
    is not always the one who filed, and the ticket is all the secret there is. Nothing that was typed now is lost: it
    waits in the page, and can be sent as a complaint of its own.
    """
    token = form_token.issue()
    response = Response(render_template("already_filed.html", typed=typed, token=token.text), 409)
    form_token.remember(response, token)
    return response


@blueprint.get("/pengaduan/<ticket>/tanda-terima")
def receipt(ticket: str) -> ResponseReturnValue:
    """The receipt, by ticket alone and so without name or contact."""
    return receipt_page(ticket)


def _page(shown: Shown, *, key: str, status: int) -> Response:
    token = form_token.issue(key)
    page = render_template(
        "form.html",
        shown=shown,
        nameless=NAMELESS,
        labels={field.name: field.label for field in FIELDS},
        problem_at={item.field: item for item in reversed(shown.problems)},
        token=token.text,
        trap=TRAP,
        sections=[(section, [field for field in FIELDS if field.section is section]) for section in Section],
        categories=categories(),
        districts=districts(),
        earliest=EARLIEST,
        today=here().clock().astimezone(WITA).date(),
    )
    response = Response(page, status, mimetype="text/html")
    form_token.remember(response, token)
    return response
