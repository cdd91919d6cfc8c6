"""How much a request may bring: little everywhere, and as much as the files that may be chosen where they are taken."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from forms.attachments.kinds import LARGEST_VIDEO_BYTES, MOST_AT_ONCE
from forms.wording import marked
from webhooks.failures import answer
from webhooks.language import gettext

LARGEST_BODY_BYTES = MOST_AT_ONCE * LARGEST_VIDEO_BYTES + 1_000_000
LARGEST_REQUEST_BYTES = 2 * LARGEST_BODY_BYTES
"""For the server in front, which ends the connection above it: up to there we can answer with a sentence."""
MOST_FIELDS = 1000
"""In a form without files; ours have some dozens, and reading hundreds of thousands of them takes seconds."""
_TOO_LARGE = marked(
    "Kiriman ini lebih besar dari %(limit)s MB. Tekan tombol Kembali pada peramban, lalu kirim berkasnya satu per "
    "satu. Isian Anda yang sudah tersimpan tidak hilang."
)
_Arguments = ParamSpec("_Arguments")


def register_bodies(app: Flask) -> None:
    """Judge forms before anybody looks into them; those without files are short wherever they are sent."""
    app.before_request(_short_forms_only)


def _short_forms_only() -> None:
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") > MOST_FIELDS:
        abort(413)


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
