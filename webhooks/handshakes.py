"""
The question by which Meta makes sure, once, that an address is ours: it is asked for a number that it sent.

Source: Meta, Webhooks, "Verification Requests".
"""

import hmac

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from forms.wording import marked
from register.inbound import Source
from webhooks.context import here
from webhooks.failures import answer
from webhooks.inbound import not_set_up
from webhooks.language import gettext
from webhooks.refusals import counts_refusals

_WRONG = marked("Kata kunci yang disepakati tidak cocok.")
_SETTING = "ADUAN_META_VERIFY_TOKEN"
_log = structlog.get_logger(__name__)

blueprint = Blueprint("handshakes", __name__, url_prefix="/webhooks")


@blueprint.get('/<any("whatsapp", "meta"):source>')
@counts_refusals
def shake_hands(source: str) -> ResponseReturnValue:
    """The challenge as plain text, if the word is the one that was agreed on."""
    agreed = here().settings.inbound.meta_verify_token
    if not agreed:
        return not_set_up(Source(source), _SETTING)
    asked = request.args
    said = asked.get("hub.verify_token", "").encode(errors="backslashreplace")
    if asked.get("hub.mode") != "subscribe" or not hmac.compare_digest(said, agreed.encode()):
        _log.warning("handshake_refused", source=source)
        return answer(403, "handshake_refused", gettext(_WRONG))
    return Response(asked.get("hub.challenge", ""), mimetype="text/plain")
