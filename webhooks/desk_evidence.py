"""Reporters' files at the desk: whoever may open a complaint may save them, and whoever records may add to them."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.attachments.kinds import ACCEPT
from forms.problems import Problem
from forms.wording import marked
from register.attachment import Attachment
from register.complaint import Complaint
from register.errors import AduanError
from register.holdings import TICKET, QuarantinedError
from register.tickets import parse_ticket
from webhooks import evidence, form_token
from webhooks.context import here
from webhooks.desk_access import may_open
from webhooks.evidence_bodies import takes_files
from webhooks.failures import answer
from webhooks.language import gettext
from webhooks.staff import refused, signed_in, staff_only

blueprint = Blueprint("desk_evidence", __name__, url_prefix="/loket")
_LOCKED = marked("Berkas ini belum diperiksa pemindai virus dan belum dapat dibuka. Coba lagi nanti.")
_LOST = marked("Berkas ini tidak dapat dibuka: hilang, berubah, atau sudah dihapus. Hubungi administrator.")
_EXPIRED = marked("Halaman ini sudah terlalu lama terbuka. Pilih berkasnya, lalu kirim sekali lagi.")


@blueprint.get("/<ticket>/bukti")
@staff_only("finds")
def files(ticket: str) -> ResponseReturnValue:
    """The files of a complaint, to be saved one by one."""
    complaint = here().store.complaint(parse_ticket(ticket))
    return _page(complaint) if may_open(complaint) else refused("opens")


@blueprint.post("/<ticket>/bukti")
@staff_only("records")
@takes_files
def add(ticket: str) -> ResponseReturnValue:
    """Add what somebody brought to the desk: a scanned letter, a photo."""
    complaint, member = here().store.complaint(parse_ticket(ticket)), signed_in()
    if not may_open(complaint):
        return refused("opens")
    if not form_token.judge(request.form.get(form_token.FIELD, "")).good:
        return _page(complaint, notice=gettext(_EXPIRED), status=400)
    actor = member.actor if member else "staf"
    problems = evidence.take(f"{TICKET}{complaint.ticket}", request.files, actor=actor)
    if problems:
        return _page(complaint, problems=problems, status=422)
    return redirect(url_for("desk_evidence.files", ticket=complaint.ticket), 303)


@blueprint.get("/<ticket>/bukti/<attachment_id>")
@staff_only("finds")
def download(ticket: str, attachment_id: str) -> ResponseReturnValue:
    """One file, to be saved and never shown inside our pages."""
    complaint = here().store.complaint(parse_ticket(ticket))
    if not may_open(complaint):
        return refused("opens")
    found = next((each for each in files_of(complaint) if each.id == attachment_id), None)
    if found is None:
        abort(404)
    try:
        return evidence.download(found)
    except QuarantinedError:
        return answer(409, "quarantined", gettext(_LOCKED))
    except AduanError:
        return answer(410, "file_lost", gettext(_LOST))


def files_of(complaint: Complaint) -> list[Attachment]:
    """What its reporter and the desk sent; nothing where no files are kept."""
    attachments = here().attachments
    return attachments.of(f"{TICKET}{complaint.ticket}") if attachments else []


def _page(complaint: Complaint, *, problems: tuple[Problem, ...] = (), notice: str = "", status: int = 200) -> Response:
    token = form_token.issue()
    shown = {"files": files_of(complaint), "problems": problems, "notice": notice, "accept": ACCEPT}
    page = render_template("desk_evidence.html", complaint=complaint, token=token.text, **shown)
    response = make_response(page, status)
    form_token.remember(response, token)
    return response
