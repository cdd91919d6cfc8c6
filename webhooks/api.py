"""The JSON API for other programs: file a complaint, look one up, read the API's description."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from forms.validation import check
from register.complaint import WITA, Channel
from register.tickets import parse_ticket
from webhooks.context import here, public_link
from webhooks.errors import InvalidComplaintError, WrongContentTypeError
from webhooks.idempotency import idempotency_key
from webhooks.json_bodies import json_object
from webhooks.openapi import describe
from webhooks.public_view import public_view

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.post("/complaints")
def file_complaint() -> ResponseReturnValue:
    """
    File a complaint; 201 means that it is on disk.

    With an `Idempotency-Key`, sending the same complaint again answers 201 with the same ticket, however often; the key
    with another complaint answers 409. 422 is kept for fields that have to be mended.
    """
    key = idempotency_key("api")
    now = here().clock()
    checked = check(_body(), today=now.astimezone(WITA).date())
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


def _body() -> dict[str, Any]:
    """Raises: WrongContentTypeError; BadJsonError."""
    if request.mimetype != "application/json" and not request.mimetype.endswith("+json"):
        raise WrongContentTypeError("Kirim isi sebagai JSON (Content-Type: application/json).")
    return json_object()
