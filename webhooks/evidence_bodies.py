"""How much a request may bring: little everywhere, and as much as the files that may be chosen where they are taken."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from forms.attachments.kinds import LARGEST_VIDEO_BYTES, MOST_AT_ONCE
from forms.wording import marked
from webhooks.clients import WEBHOOKS
from webhooks.failures import answer
from webhooks.language import gettext

LARGEST_BODY_BYTES = MOST_AT_ONCE * LARGEST_VIDEO_BYTES + 1_000_000
LARGEST_REQUEST_BYTES = 2 * LARGEST_BODY_BYTES
"""For the server in front, which ends the connection above it: up to there we can answer with a sentence."""
MOST_FIELDS = 1000
"""In a form without files; ours have some dozens, and reading hundreds of thousands of them takes seconds."""
MOST_PARTS = 100
"""Files and fields of one request; the longest form has less than half as many."""
LARGEST_FIELD_BYTES = 100_000
"""Of one field. A piece of the body that is being read must fit in, too, and Werkzeug reads 64 KiB at once."""
LARGEST_FIELDS_BYTES = 1_000_000
"""Of all fields together: as much as a request without files may bring."""
_TOO_LARGE = marked(
    "Kiriman ini lebih besar dari %(limit)s MB. Tekan tombol Kembali pada peramban, lalu kirim berkasnya satu per "
    "satu. Isian Anda yang sudah tersimpan tidak hilang."
)
_Arguments = ParamSpec("_Arguments")


def register_bodies(app: Flask) -> None:
    """Judge forms before anybody looks into them; those without files are short wherever they are sent."""
    app.before_request(_short_forms_only)


def _short_forms_only() -> None:
    if request.path.startswith(WEBHOOKS):
        return  # whatever a channel says it sends, it is taken as bytes
    if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") > MOST_FIELDS:
        abort(413)


def takes_files(view: Callable[_Arguments, ResponseReturnValue]) -> Callable[_Arguments, ResponseReturnValue]:
    """
    The view, which may be sent files; to be put directly above it, before anybody looks into the form.

    Only a body in parts may be long, for only there does Werkzeug put files aside on the disk and heed the limits of
    parts; a form in one string is read into memory whole, however many fields it has, and stays as short as anywhere.
    """

    @wraps(view)
    def wrapped(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> ResponseReturnValue:
        if request.mimetype != "multipart/form-data":
            return view(*args, **kwargs)
        request.max_content_length = LARGEST_BODY_BYTES
        request.max_form_parts, request.max_form_memory_size = MOST_PARTS, LARGEST_FIELD_BYTES
        try:
            _check_fields()
            return view(*args, **kwargs)
        except RequestEntityTooLarge:
            told = gettext(_TOO_LARGE, limit=LARGEST_BODY_BYTES // 1_000_000)
            return answer(413, "evidence_too_large", told)

    return wrapped


def _check_fields() -> None:
    """Raises: RequestEntityTooLarge."""
    if sum(len(name) + len(text) for name, text in request.form.items(multi=True)) > LARGEST_FIELDS_BYTES:
        raise RequestEntityTooLarge
