"""
What channels and scripts deliver: verified on the raw bytes, kept, and answered at once. The worker reads it.

A delivery is refused only if its signature is not right or it cannot be kept; whatever stands in it gets its 200, for
its sender would only send it again.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from forms.wording import marked
from register.inbound import Source
from webhooks import signatures
from webhooks.context import here
from webhooks.failures import answer
from webhooks.language import gettext
from webhooks.refusals import counts_refusals
from webhooks.settings import InboundSecrets
from webhooks.signatures import Verdict

LARGEST_BODY_BYTES = 5_000_000
"""A batch of 1,000 messages is about one megabyte; files come as links."""
DRIVE_HEADERS = (
    "X-Goog-Channel-ID",
    "X-Goog-Channel-Expiration",
    "X-Goog-Resource-ID",
    "X-Goog-Resource-State",
    "X-Goog-Resource-URI",
    "X-Goog-Message-Number",
    "X-Goog-Changed",
)
"""What Drive says, which is all it says; its token is a secret and not kept."""
REFUSED = marked("Tanda tangan kiriman ini tidak ada atau tidak sah.")
NOT_SET_UP = marked("Alamat ini belum disiapkan oleh pengelola.")
_log = structlog.get_logger(__name__)

blueprint = Blueprint("inbound", __name__, url_prefix="/webhooks")


@dataclass(frozen=True)
class Gate:
    """
    How deliveries of a source are told from anybody else's.

    Args:
        setting: What has to be set for it.
        secrets: Those that are right.
        header: In which the signature stands.
        judge: Looks at body, header, secrets and the present.
    """

    setting: str
    secrets: Callable[[InboundSecrets], Sequence[str]]
    header: str
    judge: Callable[[bytes, str, Sequence[str], datetime], Verdict]


_META = Gate("ADUAN_META_APP_SECRETS", lambda known: known.meta, signatures.META_HEADER, signatures.by_hmac)
_SCRIPT = Gate("ADUAN_SCRIPT_SECRETS", lambda known: known.scripts, signatures.SCRIPT_HEADER, signatures.by_script)
GATES: Mapping[Source, Gate] = {
    Source.WHATSAPP: _META,
    Source.META: _META,
    Source.TELEGRAM: Gate(
        "ADUAN_TELEGRAM_SECRETS", lambda known: known.telegram, signatures.TELEGRAM_HEADER, signatures.by_token
    ),
    Source.GOOGLE_FORMS: _SCRIPT,
    Source.SHEET_EDITS: _SCRIPT,
    Source.DRIVE: Gate("ADUAN_DRIVE_TOKEN", lambda known: known.drive, signatures.DRIVE_HEADER, signatures.by_token),
}
_SOURCES = ", ".join(f'"{source}"' for source in GATES)


@blueprint.post(f"/<any({_SOURCES}):source>")
@counts_refusals
def deliver(source: str) -> ResponseReturnValue:
    """Keep one delivery; 200 means that it is on the disk, now or since it came for the first time."""
    named = Source(source)
    gate = GATES[named]
    secrets = gate.secrets(here().settings.inbound)
    if not secrets:
        return not_set_up(named, gate.setting)
    request.max_content_length = LARGEST_BODY_BYTES
    body, now = request.get_data(), here().clock()
    verdict = gate.judge(body, request.headers.get(gate.header, ""), secrets, now)
    if verdict is not Verdict.RIGHT:
        _log.warning("webhook_refused", source=source, signature=verdict.value)
        return answer(401, f"signature_{verdict}", gettext(REFUSED))
    kept = _drive_headers() if named is Source.DRIVE else body
    here().store.keep_delivery(named, hashlib.sha256(kept).hexdigest(), kept, now)
    return Response("ok", mimetype="text/plain")


def not_set_up(source: Source, setting: str) -> Response:
    """404 to whoever asks; what to do about it is only for the office."""
    _log.warning("webhook_not_set_up", source=source.value, detail=f"Isi {setting} agar kiriman ini diterima.")
    return answer(404, "not_set_up", gettext(NOT_SET_UP))


def _drive_headers() -> bytes:
    said = {name: request.headers[name] for name in DRIVE_HEADERS if name in request.headers}
    return json.dumps(said, separators=(",", ":")).encode()
