"""Submissions of the office's Google Form, as its Apps Script delivers them (`google-forms`)."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from automation.channels.form_answers import Reading, intake_of, is_stamp, read_answers, sent_at
from automation.channels.script_body import part, script_body
from forms.contacts import email_of, phone_of
from forms.problems import RefusedError
from register.complaint import WITA, Channel
from register.errors import SubmissionConflictError
from register.inbound import Address, Delivery, Message
from register.store import Store

LATEST = timedelta(days=30)
"""So long the script may have waited for the server; a submission that claims to be older is of when it came in."""
AHEAD = timedelta(minutes=5)
"""So much another clock may be fast."""
_LONGEST_ID = 100


@dataclass(frozen=True)
class _Submission:
    id: str
    sheet: str
    at: datetime
    reading: Reading


def handle(store: Store, delivery: Delivery, now: datetime) -> tuple[str, Message | None]:
    """
    File what the form says: `accepted`, or `repeated` if it was before; `blank` and `broken` are left alone.

    `to_triage` comes with the message for the tab `Kotak Masuk`: it is not enough for a complaint by itself.
    """
    body = script_body(delivery.body)
    if body is None:
        return "broken", None
    submission = _submission(body, delivery, now)
    if not submission.reading.answers:
        return "blank", None
    intake = intake_of(submission.reading, submission.at.astimezone(WITA).date())
    if intake is None:
        return "to_triage", _message(submission)
    try:
        accepted = store.accept(
            intake,
            channel=Channel.GOOGLE_FORMS,
            now=now,
            received_at=submission.at,
            submission_key=f"form:{submission.id}",
        )
    except SubmissionConflictError:  # the same submission, read by an earlier version of this program
        return "repeated", None
    return ("repeated" if accepted.repeated else "accepted"), None


def _submission(body: dict[str, Any], delivery: Delivery, now: datetime) -> _Submission:
    asked = list(_asked(part(body, "event")))
    stamp = next((text for title, text in asked if is_stamp(title)), "")
    happened = _sane(_instant(body.get("happened_at")), now)
    stamped, month_first = sent_at(stamp, happened or delivery.received_at)
    id_ = body.get("delivery_id")
    return _Submission(
        id=id_[:_LONGEST_ID] if isinstance(id_, str) and id_ else hashlib.sha256(delivery.body).hexdigest(),
        sheet=str(body.get("spreadsheet_id") or "")[:_LONGEST_ID],
        at=happened or _sane(stamped, now) or min(delivery.received_at, now),
        reading=read_answers(asked, month_first=month_first),
    )


def _asked(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Each question with its answer; Google tells a list for each, as two questions may have the same title."""
    named = part(event, "namedValues")
    values = event.get("values")
    if not named and isinstance(values, list):
        named = {f"Jawaban {number}": value for number, value in enumerate(values, start=1)}
    for title, given in named.items():
        for answer in given if isinstance(given, list) else [given]:
            if isinstance(answer, str | int | float):
                yield title, str(answer)


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


def _sane(at: datetime | None, now: datetime) -> datetime | None:
    """The instant, never after `now`; None if it cannot be true."""
    if at is None or not now - LATEST <= at <= now + AHEAD:
        return None
    return min(at, now)


def _message(submission: _Submission) -> Message:
    reading = submission.reading
    data = {} if reading.data.get("anonymous") else reading.data
    phone, email = _contact(phone_of, data.get("phone")), _contact(email_of, data.get("email"))
    return Message(
        id=submission.id,
        address=Address(
            channel=Channel.GOOGLE_FORMS,
            account=submission.sheet,
            person=phone or email or submission.id,
            name="" if reading.hidden else str(data.get("name", "")),
            phone=phone,
        ),
        at=submission.at,
        text=reading.lines(reading.answers),
    )


def _contact(rule: Callable[[str], str], text: object) -> str:
    try:
        return rule(str(text).strip()) if text else ""
    except RefusedError:
        return ""
