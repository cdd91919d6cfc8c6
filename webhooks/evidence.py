"""
Evidence in the browser: files come in, are listed and are taken away again, for a draft or a ticket.

The page in which files are chosen belongs to somebody else: the form's step, or the status page of a ticket. It shows
`evidence.html` with a `panel`, in which a sealed pass names the holder; whoever has the pass may add and remove.
"""

import base64
import hmac
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from babel.numbers import format_decimal
from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage, MultiDict

from forms.attachments.checking import READ_AT_MOST, check
from forms.attachments.kinds import ACCEPT, LARGEST_BYTES, LARGEST_VIDEO_BYTES, MOST_AT_ONCE
from forms.attachments.names import harmless_name
from forms.attachments.process import at_the_door
from forms.attachments.refusals import FIELD, refusal
from forms.attachments.scanning import ScannerError
from forms.problems import Problem, RefusedError
from forms.wording import marked
from register.attachment import MEDIA_TYPES, SUFFIXES, Attachment, Kind
from register.attachments import MOST_FOR_TICKET, Attachments, StorageFullError, TooManyAttachmentsError
from register.errors import AduanError
from register.holdings import REPORTER, TICKET, DraftFiledError
from webhooks.context import here
from webhooks.evidence_bodies import takes_files
from webhooks.failures import STORE_DOWN, answer, log_unexpected
from webhooks.language import gettext, language

blueprint = Blueprint("evidence", __name__)
PASS = "evidence_pass"  # noqa: S105 - the name of a form's field
_NOT_KEPT: dict[str, str] = {
    "too_many_attachments": marked("Paling banyak %(most)s berkas. Hapus salah satu dahulu, lalu kirim lagi."),
    "too_many_for_ticket": marked(
        "Satu pengaduan memuat paling banyak %(most)s berkas. Hapus berkas di bawah ini, dan tunjukkan di kantor kami."
    ),
    "draft_filed": marked(
        "Pengaduan ini sudah terkirim. Berkas %(file)s belum ikut; tambahkan lewat halaman status dengan nomor tiket "
        "Anda."
    ),
    "storage_full": marked(
        "Berkas %(file)s belum dapat disimpan karena tempat penyimpanan kami penuh. Pengaduan tetap dapat dikirim; "
        "tunjukkan berkas itu di kantor kami."
    ),
    "not_kept": marked(
        "Berkas %(file)s belum tersimpan karena sistem sedang terganggu. Coba lagi beberapa menit lagi."
    ),
    "no_place": marked("Berkas belum dapat diterima di sini. Kirim pengaduan tanpa berkas, lalu bawa ke kantor kami."),
    "too_many_at_once": marked("Paling banyak %(most)s berkas sekali kirim. Berkas sesudah itu belum ikut."),
}
_PICTURE, _SOUND = marked("Foto"), marked("Rekaman suara")
_KIND_WORDS = {
    **dict.fromkeys((Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.HEIC), _PICTURE),
    **dict.fromkeys((Kind.MP3, Kind.M4A, Kind.OGG), _SOUND),
    Kind.PDF: marked("Dokumen PDF"),
    Kind.MP4: marked("Video"),
}
_NO_TIME = ("busy", "too_hard")
_MEGABYTE = 1_000_000
_EXPIRED = marked(
    "Halaman ini sudah terlalu lama terbuka. Kembali, muat ulang halaman itu, lalu pilih berkasnya sekali lagi."
)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Panel:
    """What `evidence.html` shows: the holder's files, what is wrong, and the pass to add and remove."""

    files: tuple[Attachment, ...]
    problems: tuple[Problem, ...]
    token: str
    accept: str = ACCEPT
    most: int = MOST_AT_ONCE
    largest: int = LARGEST_BYTES
    largest_video: int = LARGEST_VIDEO_BYTES


def panel(holder: str, *, back: str, problems: tuple[Problem, ...] = ()) -> Panel:
    """
    For a template that includes `evidence.html`, under the name `evidence`, inside a form.

    Args:
        holder: `draft:<key>` or `ticket:<ticket>`, after whoever asks has shown that it is theirs.
        back: Path of the page that shows the panel, to come back to where there is no JavaScript.
    """
    return Panel(files_of(holder), problems, _pass_of(holder, back))


def page(holder: str, *, back: str, problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    """A page of its own to add evidence; `back` is where it leads on."""
    shown = render_template("evidence_page.html", evidence=panel(holder, back=back, problems=problems), back=back)
    return Response(shown, status, mimetype="text/html")


def take(holder: str, files: MultiDict[str, FileStorage], *, actor: str = REPORTER) -> tuple[Problem, ...]:
    """
    Keep the chosen files that are good; a named problem for each of the others, of which nothing is kept.

    The view that calls this is marked with `takes_files`. Raises: TicketNotFoundError, ErasedError.
    """
    chosen = list(_chosen(files))
    problems = _keep_each(holder, chosen[:MOST_AT_ONCE], actor)
    if len(chosen) > MOST_AT_ONCE:
        problems.append(_problem("too_many_at_once", most=MOST_AT_ONCE))
    return tuple(problems)


def files_of(holder: str) -> tuple[Attachment, ...]:
    """Its files, in the order in which they came."""
    attachments = here().attachments
    return tuple(attachments.of(holder)) if attachments else ()


def room_problem(ticket: str, coming: int) -> Problem | None:
    """What is wrong where the complaint cannot take so many files more."""
    if not coming or count(f"{TICKET}{ticket}") + coming <= MOST_FOR_TICKET:
        return None
    return _problem("too_many_for_ticket", most=MOST_FOR_TICKET)


def count(holder: str) -> int:
    """How many files it has."""
    return len(files_of(holder))


def names(holder: str) -> tuple[str, ...]:
    """What its files are called."""
    return tuple(file.name for file in files_of(holder))


def hand_over(draft_holder: str, ticket: str) -> None:
    """What the draft has becomes the ticket's; doing so twice changes nothing."""
    if attachments := here().attachments:
        attachments.hand_over(draft_holder, f"{TICKET}{ticket}", now=here().clock())


def discard(holder: str) -> None:
    """Give all its files up."""
    if attachments := here().attachments:
        attachments.discard(holder, now=here().clock())


@blueprint.get("/bukti")
def back_to_form() -> ResponseReturnValue:
    """Whoever reloads the address to which files were sent finds the form."""
    return redirect(url_for("citizen.form"))


@blueprint.post("/bukti")
@takes_files
def change() -> ResponseReturnValue:
    """Add and remove files, then back to the page they were chosen on; a script is given the new list alone."""
    opened = _opened_pass(request.form.get(PASS, ""))
    wants_list = request.form.get("part") == "list"
    if opened is None:
        if wants_list:
            return Response(gettext(_EXPIRED), 400, mimetype="text/plain")
        return answer(400, "evidence_pass", gettext(_EXPIRED))
    holder, back = opened
    if (unwanted := request.form.get("remove")) and (attachments := here().attachments):
        attachments.remove(holder, unwanted, now=here().clock())
    problems = take(holder, request.files)
    status = 422 if problems else 200
    if wants_list:
        shown = render_template("evidence_answer.html", evidence=panel(holder, back=back, problems=problems))
        return Response(shown, status, mimetype="text/html")
    return page(holder, back=back, problems=problems, status=status) if problems else redirect(back, 303)


def download(attachment: Attachment) -> Response:
    """A file for staff, who were let in by whoever calls this: to be saved, never shown inside our pages."""
    content = _store().open(attachment)
    response = Response(content, mimetype=MEDIA_TYPES[attachment.kind])
    name = f"bukti-{attachment.id[:6]}{SUFFIXES[attachment.kind]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_template_global("kind_words")
def kind_words(attachment: Attachment) -> str:
    """What people call a file of that kind."""
    return gettext(_KIND_WORDS[attachment.kind])


@blueprint.app_template_global("size_words")
def size_words(size: int) -> str:
    """`350 KB`, `1,2 MB`."""
    if size < _MEGABYTE:
        return f"{max(1, round(size / 1000))} KB"
    return f"{format_decimal(round(size / _MEGABYTE, 1), locale=language())} MB"


def _chosen(files: MultiDict[str, FileStorage]) -> Iterator[FileStorage]:
    """Without the empty part that browsers send where nothing was chosen."""
    return (sent for sent in files.getlist(FIELD) if sent.filename or sent.stream.read(1))


def _keep_each(holder: str, chosen: Sequence[FileStorage], actor: str) -> list[Problem]:
    """
    After the first file for which there was no time the others are not even looked at: a request that brings five hard
    ones keeps a thread of the web server no longer than one that brings one.
    """
    if not chosen:
        return []
    problems: list[Problem] = []
    with at_the_door() as may_enter:
        for sent in chosen:
            tired = not may_enter or any(each.code in _NO_TIME for each in problems)
            if problem := _busy(sent) if tired else _keep(holder, sent, actor):
                problems.append(problem)
    return problems


def _busy(sent: FileStorage) -> Problem:
    _log.info("evidence_refused", reason="busy")
    refused = refusal("busy")
    return Problem(FIELD, refused.code, refused.msgid, {"file": harmless_name(sent.filename or "")})


def _keep(holder: str, sent: FileStorage, actor: str) -> Problem | None:
    name = sent.filename or ""
    try:
        sent.stream.seek(0)
        checked = check(name, sent.stream.read(READ_AT_MOST))
        quarantined = _is_unscanned(checked.content)
        _store().add(holder, checked, now=here().clock(), quarantined=quarantined, actor=actor)
    except RefusedError as error:
        _log.info("evidence_refused", reason=error.code)
        return Problem(FIELD, error.code, error.msgid, {**error.values, "file": harmless_name(name)})
    except (TooManyAttachmentsError, DraftFiledError, StorageFullError, _NoPlaceError) as error:
        return _problem(error.code, **error.facts, file=harmless_name(name))
    except (*STORE_DOWN, OSError) as error:
        log_unexpected(error)
        return _problem("not_kept", file=harmless_name(name))
    return None


def _is_unscanned(content: bytes) -> bool:
    """
    Whether no scanner could look at it. It is kept all the same, locked away until one has: what somebody in need sent
    is not refused because of our machines. Raises: RefusedError if the scanner holds it to be harmful.
    """
    scanner = here().scanner
    if scanner is None:
        return False
    try:
        harmful = scanner.finds_something(content)
    except ScannerError:
        _log.warning("scanner_down")
        return True
    if harmful:
        raise refusal("infected")
    return False


def _problem(code: str, **values: object) -> Problem:
    return Problem(FIELD, code, _NOT_KEPT[code], values)


class _NoPlaceError(AduanError):
    code = "no_place"


def _store() -> Attachments:
    found = here().attachments
    if found is None:
        raise _NoPlaceError("Lampiran tidak disimpan di sini.")
    return found


def _pass_of(holder: str, back: str) -> str:
    told = json.dumps([holder, back]).encode()
    return _sealer().encrypt_at_time(told, int(here().clock().timestamp())).decode()


def _opened_pass(text: str) -> tuple[str, str] | None:
    """Holder and way back; None if it is none of ours, or too old."""
    age = int(timedelta(hours=here().settings.form_hours).total_seconds())
    try:
        told = _sealer().decrypt_at_time(text.encode(), age, int(here().clock().timestamp()))
    except (InvalidToken, UnicodeEncodeError):
        return None
    holder, back = json.loads(told)
    return str(holder), str(back)


def _sealer() -> Fernet:
    secret = here().settings.secret_key
    key = hmac.digest(secret.encode() if isinstance(secret, str) else secret, b"aduan evidence v1", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
