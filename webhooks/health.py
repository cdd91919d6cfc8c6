"""For whoever watches the service: does it live, and can it take complaints."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from webhooks.context import here

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def live() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """
    503 while the store is down.

    A register that cannot be reached is told, but does not make the service unready: complaints are taken meanwhile.
    What exactly is wrong with it is told by a code only, since everybody may look here.
    """
    try:
        answers = here().store.ready()
    except SQLAlchemyError:
        answers = False
    notices = here().settings.notices()
    body = {
        "status": "ready" if answers else "unavailable",
        "store": "ok" if answers else "down",
        "register_age_seconds": notices.get("register_age_seconds"),
        "problem": notices.get("problem", ""),
    }
    response = jsonify(body)
    response.headers["Cache-Control"] = "no-store"
    return response, 200 if answers else 503
