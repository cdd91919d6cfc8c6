"""The JSON API for other programs: file a complaint, look one up, read the API's description."""

import json
import re
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from forms.validation import check
from register.complaint import WITA, Channel
from register.tickets import parse_ticket
from webhooks.context import here, public_link
from webhooks.errors import BadIdempotencyKeyError, BadJsonError, InvalidComplaintError, WrongContentTypeError
from webhooks.openapi import describe
from webhooks.public_view import public_view

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@blueprint.post("/complaints")
def file_complaint() -> ResponseReturnValue:
    """
    File a complaint; 201 means that it is on disk.

    With an `Idempotency-Key`, sending the same complaint again answers 201 with the same ticket, however often; the key
    with another complaint answers 409. 422 is kept for fields that have to be mended.
    """
    key = _idempotency_key()
    now = here().clock()
    checked = check(_json_object(), today=now.astimezone(WITA).date())
    if checked.intake is None:
        raise InvalidComplaintError(checked.problems)
    accepted = here().store.accept(checked.intake, channel=Channel.API, now=now, submission_key=key)
    ticket = accepted.complaint.ticket
    response = jsonify(ticket=ticket, status_url=public_link("status.show", ticket=ticket))
    response.status_code = 201
    response.headers["Location"] = public_link("api.complaint", ticket=ticket)
    return response


@blueprint.get("/complaints/<ticket>")
def complaint(ticket: str) -> Response:
    """Where a complaint stands; any spelling of the ticket will do."""
    return jsonify(public_view(parse_ticket(ticket)).as_json())


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The API's description."""
    return jsonify(describe(here().settings.public_url or request.root_url))


def _idempotency_key() -> str:
    """The client's key, kept apart from the citizen form's tokens by its prefix; empty if none was sent."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return ""
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKeyError(
            "Idempotency-Key harus 1 sampai 255 huruf, angka, atau tanda ASCII tanpa spasi. Pakai UUID yang baru."
        )
    return f"api:{key}"


def _json_object() -> dict[str, Any]:
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise WrongContentTypeError("Kirim isi sebagai JSON (Content-Type: application/json).")
    try:
        loaded = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:  # broken, not UTF-8, a number of thousands of digits, nested too deep
        raise BadJsonError("Isi permintaan bukan JSON yang benar. Periksa tanda kutip, koma, dan kurungnya.") from error
    if not isinstance(loaded, dict):
        raise BadJsonError("Isi permintaan harus sebuah objek JSON, seperti {…}.")
    return loaded
