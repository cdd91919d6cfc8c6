"""Reading a JSON object from a request's body."""

import json
from typing import Any

from flask import request

from webhooks.errors import BadJsonError


def json_object() -> dict[str, Any]:
    """The running request's body. Raises: BadJsonError."""
    try:
        loaded = json.loads(request.get_data())
    except (ValueError, RecursionError) as error:  # broken, not UTF-8, a number of thousands of digits, nested too deep
        raise BadJsonError("Isi permintaan bukan JSON yang benar. Periksa tanda kutip, koma, dan kurungnya.") from error
    if not isinstance(loaded, dict):
        raise BadJsonError("Isi permintaan harus sebuah objek JSON, seperti {…}.")
    return loaded
