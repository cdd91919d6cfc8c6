"""
Whether a delivery comes from whom it says it does: pure, on the raw bytes and one header.

Each judge takes `(body, given, secrets, now)`. Several secrets may be right at once, so that one can be exchanged for
another without losing what is on its way. Sources: Meta, Webhooks, "Event Notifications"; Telegram Bot API,
`setWebhook`; Google Drive API, push notifications.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

PREFIX = "sha256="
FRESH = timedelta(minutes=10)
"""How far what a script says of when it sent may be from now: its clock is Google's, and ours may be a little off."""
META_HEADER = "X-Hub-Signature-256"
TELEGRAM_HEADER = "X-Telegram-Bot-Api-Secret-Token"
SCRIPT_HEADER = "X-Aduan-Signature"
DRIVE_HEADER = "X-Goog-Channel-Token"


class Verdict(StrEnum):
    """What came of looking at a signature."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    STALE = "stale"
    """Rightly signed, but too long ago, or without saying when: somebody may be sending it once more."""


def signature(body: bytes, secret: str) -> str:
    """As Meta signs, and our scripts: `sha256=` and the HMAC-SHA256 of the raw bytes in small hexadecimal letters."""
    return PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def by_hmac(body: bytes, given: str, secrets: Sequence[str], now: datetime) -> Verdict:
    """Of Meta's `X-Hub-Signature-256`. It tells no time; the same delivery twice is kept once."""
    return _judged(given, [signature(body, secret) for secret in secrets])


def by_token(body: bytes, given: str, secrets: Sequence[str], now: datetime) -> Verdict:
    """Of the agreed word that Telegram and Drive send along."""
    return _judged(given, secrets)


def by_script(body: bytes, given: str, secrets: Sequence[str], now: datetime) -> Verdict:
    """Of our Apps Script's `X-Aduan-Signature`, whose body says in `sent_at` (RFC 3339) when it was sent."""
    verdict = by_hmac(body, given, secrets, now)
    if verdict is not Verdict.RIGHT:
        return verdict
    sent_at = _sent_at(body)
    return Verdict.RIGHT if sent_at and abs(now - sent_at) <= FRESH else Verdict.STALE


def _judged(given: str, wanted: Iterable[str]) -> Verdict:
    """Compared with all of them in full, so that the time it takes does not tell how much of which was right."""
    if not given:
        return Verdict.MISSING
    same = [hmac.compare_digest(_bytes(given), _bytes(each)) for each in wanted]
    return Verdict.RIGHT if any(same) else Verdict.WRONG


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")


def _sent_at(body: bytes) -> datetime | None:
    try:
        at = datetime.fromisoformat(json.loads(body)["sent_at"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return at if at.tzinfo else None
