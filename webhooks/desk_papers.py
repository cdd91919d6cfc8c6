"""The decree's papers that staff print, or fetch to edit: of a complaint, blank, and the Buku Registrasi."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.wording import marked
from register.complaint import WITA, Complaint
from register.tickets import parse_ticket
from webhooks.context import here, public_base
from webhooks.desk_access import may_open
from webhooks.staff import refused, staff_only

blueprint = Blueprint("desk_papers", __name__, url_prefix="/loket")
BOOK = "buku-registrasi"
_BLANK = "kosong"
_PERIOD = re.compile(r"20[0-9]{2}(-(0[1-9]|1[0-2]))?")
_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Paper:
    """
    A paper: its `key` is what `Context.paper` is asked for, `letter` prints it together with Alt.

    Letters, since Alt with a digit changes the tab in Chrome on Linux; none of D, E and F, which are the browser's.
    Those that have one are what the desk prints at once; the rest is offered on the page of the complaint alone.

    Args:
        word: Whether there is a Word file to edit as well.
        closed_only: Whether it is about the end of a complaint.
    """

    key: str
    name: str
    letter: str = ""
    word: bool = False
    closed_only: bool = False


PAPERS = (
    Paper("formulir-pengaduan", marked("Formulir Pengaduan"), "r"),
    Paper("tanda-terima", marked("Tanda Terima (A5)"), "a"),
    Paper("tanda-terima-80mm", marked("Tanda Terima (struk 80 mm)"), "m"),
    Paper("tanda-terima-a4", marked("Tanda Terima (A4)")),
    Paper("formulir-penyaluran", marked("Lembar Disposisi (Formulir Penyaluran)"), "i", word=True),
    Paper("formulir-penyelesaian", marked("Formulir Penyelesaian"), word=True),
    Paper("berita-acara", marked("Berita Acara Penutupan"), closed_only=True),
    Paper("laporan", marked("Laporan Penanganan Pengaduan"), closed_only=True),
)


def papers(complaint: Complaint) -> tuple[Paper, ...]:
    """Those that can be printed of a complaint by whoever asks."""
    if here().paper is None or not may_open(complaint):
        return ()
    return tuple(each for each in PAPERS if complaint.closed or not each.closed_only)


@blueprint.get("/<ticket>/<key>.pdf")
@staff_only("finds")
def paper(ticket: str, key: str) -> ResponseReturnValue:
    """A paper as PDF, for the browser to print."""
    complaint, make = here().store.complaint(parse_ticket(ticket)), here().paper
    if make is None or key not in {each.key for each in PAPERS}:
        abort(404)
    if not may_open(complaint):
        return refused("opens")
    if key not in {each.key for each in papers(complaint)}:
        abort(404)  # about the end of what has not ended
    return _file(make(key, complaint.ticket, public_base()), f"{key}-{complaint.ticket}", "pdf")


@blueprint.get("/<ticket>/<key>.docx")
@staff_only("finds")
def word(ticket: str, key: str) -> ResponseReturnValue:
    """A paper as a Word file, for offices that edit it."""
    complaint, make = here().store.complaint(parse_ticket(ticket)), here().office_file
    if make is None or key not in {each.key for each in PAPERS if each.word}:
        abort(404)
    if not may_open(complaint):
        return refused("opens")
    return _file(make(key, complaint.ticket, "docx"), f"{key}-{complaint.ticket}", "docx")


@blueprint.get("/dokumen")
@staff_only("finds")
def overview() -> ResponseReturnValue:
    """The book of a month or a year, and all papers blank."""
    if here().office_file is None:
        abort(404)
    today = here().clock().astimezone(WITA).date()
    return render_template("desk_papers.html", papers=PAPERS, today=today, book=BOOK)


@blueprint.get("/dokumen/<key>.pdf")
@staff_only("finds")
def blank(key: str) -> ResponseReturnValue:
    """A paper, or the book, to write on by hand."""
    make = here().office_file
    if make is None or key not in {BOOK, *(each.key for each in PAPERS)}:
        abort(404)
    return _file(make(key, "", "pdf"), f"{key}-{_BLANK}", "pdf")


@blueprint.get("/buku")
@staff_only("finds")
def book() -> ResponseReturnValue:
    """The book of a year (`2026`) or of a month of it, as PDF or for Excel; its names are masked for everybody."""
    make, year, month = here().office_file, request.args.get("tahun", ""), request.args.get("bulan", "")
    period, kind = f"{year}-{month}" if month else year, request.args.get("sebagai", "pdf")
    if make is None:
        abort(404)
    if not _PERIOD.fullmatch(period) or kind not in ("pdf", "xlsx"):
        return redirect(url_for("desk_papers.overview"), 303)
    return _file(make(BOOK, period, kind), f"{BOOK}-{period}", kind)


def _file(contents: bytes, name: str, kind: str) -> Response:
    """A PDF is shown by the browser, which prints it; the rest is saved."""
    response = Response(contents, mimetype=_TYPES[kind])
    shown = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{name}.{kind}"'
    return response
