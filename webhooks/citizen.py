"""The citizen's way in: the first page, filing, and the receipt. The steps between are in `citizen_steps`."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as BaseResponse

from forms.steps import CHECK, MATTER
from forms.typed import typed_in
from forms.wording import marked
from register.complaint import Channel, Intake
from register.drafts import KEPT_DAYS
from register.errors import SubmissionConflictError
from webhooks import doubt, draft, evidence, form_token
from webhooks.citizen_page import check_page, mend_page, resume_page, step_page
from webhooks.context import here
from webhooks.failures import STORE_DOWN, log_unexpected
from webhooks.filling import TROUBLES, WHOLE, Filling, of_draft, the_way
from webhooks.language import LANGUAGES, gettext, switch_language
from webhooks.receipt import receipt_page

blueprint = Blueprint("citizen", __name__)
_EXPIRED = marked(
    "Formulir ini sudah terlalu lama terbuka, atau dibuka dari tempat lain. Tulisan Anda masih ada di bawah: "
    "periksa sebentar, lalu tekan Kirim Pengaduan sekali lagi."
)
_TRAPPED = marked("Mohon tekan Kirim Pengaduan sekali lagi, agar kami tahu bahwa ini bukan kiriman otomatis.")
_STORE_DOWN = marked(
    "Pengaduan Anda BELUM tersimpan karena sistem sedang terganggu. Tulisan Anda masih ada di bawah: "
    "tekan Kirim Pengaduan sekali lagi beberapa menit lagi."
)


@blueprint.get("/")
def form() -> ResponseReturnValue:
    """The first step; where something was begun in this browser, whether to go on with it."""
    if found := draft.current():
        return resume_page(of_draft(found), the_way().named(found.step) or MATTER)
    empty = Filling("", typed_in({}))
    problems = MATTER.troubles(empty.checked().problems) if TROUBLES in request.args else ()
    return step_page(MATTER, empty, problems=problems, start=True)


@blueprint.get("/privasi")
def privacy() -> ResponseReturnValue:
    """What happens with personal data, in plain words (UU 27/2022)."""
    at_google = here().settings.register_at_google
    return render_template("privacy.html", kept_days=KEPT_DAYS, register_at_google=at_google)


@blueprint.get("/pengaduan")
def back_to_form() -> ResponseReturnValue:
    """Whoever reloads the address to which the form was sent finds the form."""
    return redirect(url_for("citizen.form"))


@blueprint.post("/pengaduan")
def file_complaint() -> ResponseReturnValue:
    """File all answers at once and go on to the receipt, or show them again with what stands in the way."""
    verdict = form_token.judge(request.form.get(form_token.FIELD, ""))
    found = draft.current()
    kept = found if found and found.name == verdict.key else None
    filling = Filling(verdict.key, typed_in(request.form), kept=kept)
    if request.form.get("lang") in LANGUAGES:
        switch_language(request.form["lang"])
        problems = filling.checked().problems
        if kept and not problems and WHOLE not in request.form:
            return redirect(url_for("steps.show", name=CHECK.name), 303)
        return mend_page(filling, problems, status=200) if problems else check_page(filling)
    if not verdict.good:
        return check_page(filling, notice=gettext(_EXPIRED), status=400)
    if request.form.get(doubt.TRAP):
        return check_page(filling, notice=gettext(_TRAPPED), status=400)
    checked = filling.checked()
    if checked.intake is None:
        return mend_page(filling, checked.problems)
    return _file(checked.intake, filling)


def ask_again() -> Response:
    """The page that asks to press once more; nothing that was typed is lost (see `doubt`)."""
    key = form_token.judge(request.form.get(form_token.FIELD, "")).key
    filling = Filling(key, typed_in(request.form))
    return check_page(filling, notice=gettext(_TRAPPED), status=400, sure=doubt.pressing_again(key))


def _file(intake: Intake, filling: Filling) -> ResponseReturnValue:
    now = here().clock()
    try:
        accepted = here().store.accept(intake, channel=Channel.WEB, now=now, submission_key=f"web:{filling.key}")
        evidence.hand_over(filling.holder, accepted.complaint.ticket)
    except SubmissionConflictError:
        return _already_filed(filling)
    except STORE_DOWN as error:
        log_unexpected(error)
        return check_page(filling, notice=gettext(_STORE_DOWN), status=503)
    response = redirect(url_for("citizen.receipt", ticket=accepted.complaint.ticket), 303)
    _finish(response, filling)
    return response


def _finish(response: BaseResponse, filling: Filling) -> None:
    """Nothing of it stays in this browser, which may be somebody else's next."""
    draft.throw_away(filling.key)
    if filling.kept:
        draft.forget(response)


def _already_filed(filling: Filling) -> ResponseReturnValue:
    """
    The form was sent before with other contents.

    The ticket of that first complaint is not shown: on a shared telephone or the desk's computer, whoever presses Back
    is not always the one who filed, and the ticket is all the secret there is. Nothing that was typed now is lost: it
    waits in the page, and can be sent as a complaint of its own.
    """
    token = form_token.issue()
    page = render_template("already_filed.html", typed=filling.typed, token=token.text)
    response = Response(page, 409, mimetype="text/html")
    form_token.remember(response, token)
    _finish(response, filling)
    return response


@blueprint.get("/pengaduan/<ticket>/tanda-terima")
def receipt(ticket: str) -> ResponseReturnValue:
    """The receipt, by ticket alone and so without name or contact."""
    return receipt_page(ticket)
