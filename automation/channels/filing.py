"""From messages to what a complaint holds. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from automation.channels import spoken
from forms.contacts import email_of, phone_of
from forms.fields import FIELD
from forms.plain_text import clean_text, showable
from forms.problems import RefusedError
from register.complaint import Channel, Identity, Intake
from register.inbound import cut
from register.sealed_messages import KeptMessage

LONGEST = FIELD["description"].longest
"""Letters of a description, and of one addition."""
MOST_PARTS = 20
WITHOUT_WORDS = "(Tanpa uraian; lihat lampiran.)"
_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|bls|tr|aw)\s*:)+", re.IGNORECASE)
_ANSWER = re.compile(r"\s*(?:re|bls|balas|aw)\s*:", re.IGNORECASE)
_STARTS = re.compile(r"^\s*/(?:start|mulai|help|bantuan)(?![^\s])")
_LEAST_OF_PART = 1_000


def joined_text(messages: Sequence[KeptMessage]) -> str:
    """The words of messages, in order, each from a new line; what only starts a bot is no word of theirs."""
    said = (_STARTS.sub("", showable(each.text)) for each in messages)
    return "\n".join(text for each in said if (text := clean_text(each, lines=True)))


def subject_of(messages: Sequence[KeptMessage]) -> str:
    """The subject of the first mail that has one, without `Re:`."""
    subjects = (_line(_REPLY.sub("", each.subject), FIELD["subject"].longest) for each in messages)
    return next((subject for subject in subjects if subject), "")


def is_answer(message: KeptMessage) -> bool:
    """Whether a message answers another; not every mail program says which."""
    return bool(message.answers or _ANSWER.match(message.subject))


def intake_of(channel: Channel, messages: Sequence[KeptMessage]) -> tuple[Intake, tuple[str, ...]]:
    """
    What messages make of a complaint, and what is beyond the length of one.

    The name is what the channel shows; telephone and address are kept as far as an answer can arrive there. Nothing is
    kept of a sender who is never answered.
    """
    text = joined_text(messages)
    first, *rest = parts(text) or [WITHOUT_WORDS]
    known = [message.address for message in messages if message.answerable]
    intake = Intake(
        description=first,
        subject=subject_of(messages),
        name=next((name for each in known if (name := _line(each.name, FIELD["name"].longest))), ""),
        phone=next((phone for each in known if (phone := _phone(each.phone))), ""),
        email=next((mail for each in known if channel is Channel.EMAIL and (mail := _email(each.person))), ""),
        identity=Identity.CONFIDENTIAL if spoken.wants_no_name(text) else Identity.OPEN,
    )
    return intake, tuple(rest)


def parts(text: str) -> list[str]:
    """A text in parts that an addition can hold, parted at blanks if there are any. The last tells if more followed."""
    found = list(islice(_parts(text), MOST_PARTS + 1))
    return found if len(found) <= MOST_PARTS else [*found[: MOST_PARTS - 1], cut(found[MOST_PARTS - 1], LONGEST)]


def _parts(text: str) -> Iterator[str]:
    while len(text) > LONGEST:
        at = max(text.rfind("\n", _LEAST_OF_PART, LONGEST), text.rfind(" ", _LEAST_OF_PART, LONGEST))
        at = at if at > 0 else LONGEST
        yield text[:at].strip()
        text = text[at:].strip()
    if text:
        yield text


def _line(text: str, longest: int) -> str:
    return clean_text(showable(text), lines=False)[:longest].strip()


def _phone(text: str) -> str:
    digits = text.strip()
    try:
        return phone_of(digits if not digits.isdigit() or digits.startswith("0") else f"+{digits}") if digits else ""
    except RefusedError:
        return ""


def _email(text: str) -> str:
    try:
        return email_of(text)
    except RefusedError:
        return ""
