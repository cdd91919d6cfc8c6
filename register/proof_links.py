"""
Links that prove that somebody reads the mail of a recorded address: good for one complaint and for a short while.

They are keyed like digests, by the key file, so that every process of an office knows them and nothing has to be kept.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

GOOD_FOR = timedelta(minutes=30)


def proof_token(digest: Callable[..., str], ticket: str, now: datetime) -> str:
    """The secret part of a link. `digest` is `Store.digest`; `now` is aware."""
    ends = f"{int((now + GOOD_FOR).timestamp()):x}"
    return f"{ends}-{digest('proof link', ticket, ends)}"


def is_proof(digest: Callable[..., str], ticket: str, token: str, now: datetime) -> bool:
    """Whether a token was made for that ticket and is not too old."""
    ends, _, mac = token.partition("-")
    made = digest("proof link", ticket, ends)
    if not secrets.compare_digest(mac.encode(), made.encode()):
        return False
    return now < datetime.fromtimestamp(int(ends, 16), UTC)
