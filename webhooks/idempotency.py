"""The Idempotency-Key header: the same key is the same complaint, however often it is sent."""

import re

from flask import request

from webhooks.errors import BadIdempotencyKeyError

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def idempotency_key(room: str) -> str:
    """
    The client's key, kept apart from others' and from the citizen form's tokens by what stands before it; empty if
    none was sent.

    Raises: BadIdempotencyKeyError.
    """
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key:
        return ""
    if not _KEY.fullmatch(key):
        raise BadIdempotencyKeyError(
            "Idempotency-Key harus 1 sampai 255 huruf, angka, atau tanda ASCII tanpa spasi. Pakai UUID yang baru."
        )
    return f"{room}:{key}"
