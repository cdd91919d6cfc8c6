"""The decree's papers that a clerk prints for a complaint."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from forms.wording import marked
from register.complaint import Complaint
from register.tickets import parse_ticket
from webhooks.context import here, public_base
from webhooks.desk_access import may_open
from webhooks.staff import refused, staff_only

blueprint = Blueprint("desk_papers", __name__, url_prefix="/loket")


@dataclass(frozen=True)
class Paper:
    """
    A paper: its `key` is what `Context.paper` is asked for, `letter` prints it together with Alt.

    Letters, since Alt with a digit changes the tab in Chrome on Linux; none of D, E and F, which are the browser's.
    """

    key: str
    name: str
    letter: str = ""


PAPERS = (
    Paper("formulir-pengaduan", marked("Formulir Pengaduan"), "r"),
    Paper("tanda-terima", marked("Tanda Terima (A4)"), "a"),
    Paper("tanda-terima-80mm", marked("Tanda Terima (struk 80 mm)"), "m"),
)


def papers(complaint: Complaint) -> tuple[Paper, ...]:
    """Those that can be printed of a complaint by whoever asks."""
    return PAPERS if here().paper and may_open(complaint) else ()


@blueprint.get("/<ticket>/<key>.pdf")
@staff_only("finds")
def paper(ticket: str, key: str) -> ResponseReturnValue:
    """A paper as PDF, for the browser to print."""
    complaint, make = here().store.complaint(parse_ticket(ticket)), here().paper
    if make is None or key not in {each.key for each in PAPERS}:
        abort(404)
    if not may_open(complaint):
        return refused("opens")
    response = Response(make(key, complaint.ticket, public_base()), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{key}-{complaint.ticket}.pdf"'
    return response
