"""
Files that come with a reporter's act. They wait under a draft of their own until whoever sent them has proven to be
the reporter: a page that comes back with a mistake still has them, and nothing of a stranger reaches a complaint.

Drafts that nobody sends are swept with those of the form (`register/attachment_sweep.py`).
"""

from flask import request

from forms.attachments.refusals import FIELD
from forms.problems import Problem
from register.attachment import Attachment
from register.holdings import DRAFT
from webhooks import evidence
from webhooks.context import here


def came() -> bool:
    """Whether the running request brings files."""
    return any(sent.filename for sent in request.files.getlist(FIELD))


def keep(key: str) -> tuple[Problem, ...]:
    """Hold what the running request brings for the page with this key; what is wrong with the files that are not."""
    if (unwanted := request.form.get("remove")) and (attachments := here().attachments):
        attachments.remove(_holder(key), unwanted, now=here().clock())
    return evidence.take(_holder(key), request.files)


def held(key: str) -> tuple[Attachment, ...]:
    """What waits for the page with this key; nothing for a new page, which has none."""
    return evidence.files_of(_holder(key)) if key else ()


def give(key: str, ticket: str) -> int:
    """Make them the complaint's, after proof; how many there were. Doing so twice changes nothing."""
    count = len(held(key))
    if count:
        evidence.hand_over(_holder(key), ticket)
    return count


def _holder(key: str) -> str:
    return f"{DRAFT}act:{key}"
