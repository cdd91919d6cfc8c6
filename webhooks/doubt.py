"""
Whether a person sent the form: nothing for them to solve, and nobody is ever locked out.

Where JavaScript runs, the browser does some work (ALTCHA proof of work, self-hosted) while its owner reads their
answers. Where it does not run, a form goes in as well; only when many such forms come from one address within an hour
is the person asked to press the button once more.
"""

import json
import secrets
from collections.abc import Mapping

import altcha
from flask import request
from itsdangerous import BadSignature, URLSafeSerializer

from webhooks.context import here

TRAP = "website"
"""A field that people cannot see. Programs that fill in everything fill it in too."""
PROOF = "altcha"
SURE = "sure"
"""Comes along when the button is pressed once more."""
QUICK_SECONDS = 3
"""Nobody reads a page and sends it within so short a time."""
REST_SECONDS = 5
"""How long the page that asks to press once more has to be open."""
_COST = 2000
"""Rounds of PBKDF2 for one try."""
_TRIES = (100, 500)
"""Least and most: about a second on a cheap telephone."""
_SALT = "aduan sure v1"


def challenge(key: str) -> str:
    """Work for a browser, as JSON: bound to the form's key and signed, so that it can be used for this form only."""
    least, most = _TRIES
    made = altcha.create_challenge(
        "PBKDF2/SHA-256",
        _COST,
        counter=least + secrets.randbelow(most - least),
        data={"form": key},
        hmac_secret=here().settings.secret_key,
    )
    return json.dumps(made.to_dict(), separators=(",", ":"))


def proven(key: str, form: Mapping[str, str]) -> bool:
    """Whether the work for the form of this key was done."""
    try:
        payload = altcha.Payload.from_base64(form.get(PROOF, ""))
        data = payload.challenge.parameters.data
        done = altcha.verify_solution(payload, here().settings.secret_key).verified
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
        return False
    return done and isinstance(data, dict) and data.get("form") == key


def pressing_again(key: str) -> str:
    """What the page that asks to press once more carries; one that came too soon is given again as it was."""
    sent = request.form.get(SURE, "")
    if _pressed_at(key, sent) is not None:
        return sent
    return str(_signer().dumps([key, _now()]))


def sure(key: str, form: Mapping[str, str]) -> bool:
    """Whether the button was pressed once more, and not by reflex."""
    at = _pressed_at(key, form.get(SURE, ""))
    return at is not None and _now() - at >= REST_SECONDS


def _pressed_at(key: str, text: str) -> int | None:
    try:
        of, at = _signer().loads(text)
    except (BadSignature, ValueError, TypeError):
        return None
    return int(at) if of == key else None


def _now() -> int:
    return int(here().clock().timestamp())


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(here().settings.secret_key, salt=_SALT)
