"""One place that turns errors into answers: a page for people, problem JSON (RFC 9457) for programs. Never a trace."""

import secrets
import traceback
from typing import Any

import structlog
from flask import Flask, Response, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from forms.wording import marked
from register.errors import AduanError
from webhooks.errors import InvalidComplaintError
from webhooks.language import gettext, say
from webhooks.open311_shape import ROOT as OPEN311
from webhooks.open311_shape import refuse

_log = structlog.get_logger(__name__)
_JSON_PATHS = ("/api/", "/healthz", "/readyz")
STORE_DOWN = (OperationalError, InterfaceError, PoolTimeoutError)
"""What the database raises when it cannot be reached, is locked for too long, or has no connection left."""

_STATUS_OF = {
    "invalid_ticket": 404,
    "ticket_not_found": 404,
    "idempotency_conflict": 409,
    "erased": 410,
    "invalid_complaint": 422,
    "bad_json": 400,
    "wrong_content_type": 415,
    "bad_idempotency_key": 400,
    "no_register": 404,
}
_TITLES = {
    400: marked("Permintaan tidak dapat dibaca"),
    404: marked("Tidak ditemukan"),
    405: marked("Cara ini tidak dilayani"),
    409: marked("Sudah pernah dikirim"),
    410: marked("Sudah dihapus"),
    413: marked("Kiriman terlalu besar"),
    415: marked("Jenis isi tidak dilayani"),
    422: marked("Ada yang perlu diperbaiki"),
    429: marked("Terlalu banyak kiriman"),
    500: marked("Terjadi gangguan pada sistem"),
    503: marked("Sedang ada gangguan"),
}
_DETAILS = {
    400: marked("Permintaan ini rusak atau tidak lengkap. Muat ulang halaman, lalu coba sekali lagi."),
    404: marked("Halaman ini tidak ada. Periksa kembali alamatnya."),
    405: marked("Alamat ini ada, tetapi tidak untuk permintaan seperti ini."),
    413: marked("Isi yang dikirim melebihi batas. Ringkas tulisan Anda, lalu kirim sekali lagi."),
    415: marked("Kirim isi sebagai JSON (Content-Type: application/json)."),
    429: marked("Terlalu banyak kiriman dari alamat Anda. Tunggu sebentar, lalu coba sekali lagi."),
    503: marked(
        "Data sedang tidak dapat disimpan atau dibaca. Coba lagi beberapa menit lagi, atau hubungi kantor kami."
    ),
}


def register_failures(app: Flask) -> None:
    """Give the application its answers to everything that can go wrong."""
    app.register_error_handler(AduanError, _known)
    app.register_error_handler(HTTPException, _http)
    for down in STORE_DOWN:
        app.register_error_handler(down, _store_down)
    app.register_error_handler(Exception, _unexpected)


def _known(error: AduanError) -> ResponseReturnValue:
    if error.code not in _STATUS_OF:  # meant for the office's staff, such as a key file that does not fit
        return _unexpected(error)
    status = _STATUS_OF[error.code]
    errors = None
    if isinstance(error, InvalidComplaintError):
        errors = [{"field": item.field, "code": item.code, "message": say(item)} for item in error.problems]
    return answer(status, error.code, gettext(error.message), errors=errors)


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if isinstance(error.response, Response):  # already an answer, such as over a rate limit
        return error.response
    if status < 400:  # redirects travel as exceptions too
        return error
    known = status if status in _DETAILS else 400 if status < 500 else 503
    response = answer(status, f"http_{status}", gettext(_DETAILS[known]))
    allowed = dict(error.get_headers()).get("Allow")
    if allowed:
        response.headers["Allow"] = allowed
    return response


def _store_down(error: Exception) -> ResponseReturnValue:
    log_unexpected(error)
    response = answer(503, "store_unavailable", gettext(_DETAILS[503]))
    response.headers["Retry-After"] = "60"
    return response


def _unexpected(error: Exception) -> ResponseReturnValue:
    error_id = log_unexpected(error)
    detail = gettext(
        "Permintaan Anda tidak dapat diselesaikan. Coba sekali lagi; "
        "bila tetap gagal, sebutkan kode %(id)s kepada kami.",
        id=error_id,
    )
    return answer(500, "internal_error", detail, error_id=error_id)


def log_unexpected(error: Exception) -> str:
    """
    Write down where it failed, without what anybody typed: the error's own text may quote a person, so only its type
    and the places in the code are kept.

    Returns: an id that connects the answer with the log line.
    """
    error_id = secrets.token_hex(4)
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error(
        "request_failed",
        error_id=error_id,
        error=type(error).__name__,
        endpoint=request.endpoint,
        at=frames[-6:],
    )
    return error_id


def answer(status: int, code: str, detail: str, **more: Any) -> Response:
    """An error as a page, as problem JSON, or in Open311's shape, by what lives at the path."""
    if request.path.startswith(OPEN311):
        return refuse(status, [detail])
    title = gettext(_TITLES.get(status, _TITLES[400 if status < 500 else 500]))
    if not request.path.startswith(_JSON_PATHS):
        page = render_template("error.html", title=title, detail=detail, code=code)
        return Response(page, status, mimetype="text/html")
    problem = {"type": f"urn:aduan:problem:{code}", "title": title, "status": status, "detail": detail, "code": code}
    response = jsonify(problem | {name: value for name, value in more.items() if value is not None})
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response
