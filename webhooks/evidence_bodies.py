"""How much a request may bring: little everywhere, and as much as the files that may be chosen where they are taken."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from forms.attachments.kinds import LARGEST_VIDEO_BYTES, MOST_AT_ONCE
from forms.wording import marked
from webhooks.failures import answer
from webhooks.language import gettext

LARGEST_BODY_BYTES = MOST_AT_ONCE * LARGEST_VIDEO_BYTES + 1_000_000
LARGEST_REQUEST_BYTES = 2 * LARGEST_BODY_BYTES
"""For the server in front, which ends the connection above it: up to there we can answer with a sentence."""
_TOO_LARGE = marked(
    "Kiriman ini lebih besar dari %(limit)s MB. Tekan tombol Kembali pada peramban, lalu kirim berkasnya satu per "
    "satu. Isian Anda yang sudah tersimpan tidak hilang."
)
_Arguments = ParamSpec("_Arguments")


def takes_files(view: Callable[_Arguments, ResponseReturnValue]) -> Callable[_Arguments, ResponseReturnValue]:
    """The view, which may be sent files; to be put directly above it, before anybody looks into the form."""

    @wraps(view)
    def wrapped(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> ResponseReturnValue:
        request.max_content_length = LARGEST_BODY_BYTES
        try:
            return view(*args, **kwargs)
        except RequestEntityTooLarge:
            told = gettext(_TOO_LARGE, limit=LARGEST_BODY_BYTES // 1_000_000)
            return answer(413, "evidence_too_large", told)

    return wrapped
