"""
What an e-mail tells, read from its bytes as the mail server kept them (RFC 5322, MIME).

Programs write mail too, and two that answer each other never end (RFC 3834). So:

| what came | becomes |
| --- | --- |
| from our own address | `Skipped("own_mail")` |
| that a mail of ours did not arrive, as a program can read it (RFC 3464) | `Report` with `Fate.FAILED` |
| any other notice of a mail server: delayed, or one that only people can read | `Skipped("bounce")` |
| the answer of a program: an absence notice, a receipt of reading | `Skipped("automatic")` |
| other mail of a program: lists, newsletters, notices | `Message` with `automatic=True`: staff may look at it |
| from an address whose mail nobody reads | `Message` with `unanswered=True`, likewise |
| without anybody to answer | `Skipped("no_sender")` |
| all else | `Message` |

Ids are kept without their angle brackets, here and in what `outbound/mail.py` gives as proof.
"""

import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import Message as Mail
from email.parser import BytesHeaderParser
from email.utils import getaddresses, parsedate_to_datetime

from automation.channels.inbound.email_parts import BROKEN, content_of, files_of, leaves, parsed, text_of
from automation.channels.inbound.email_words import ADDRESS, decoded, header_words, one_line, own_words, raw_text
from register.complaint import Channel
from register.inbound import Address, Fate, Media, Message, Report, Skipped, Update

TOO_LARGE = "X-Aduan-Too-Large"
"""Put before the header of a mail that was not fetched whole; its value is the size in bytes."""
MOST_IDS = 20
"""Of a thread, the newest."""
OLDEST = timedelta(hours=1)
"""Before it was received, a date that a mail gives itself is believed for so long: deadlines count from it, and whoever
writes may set their clock as they like."""
_LONGEST_HEAD = 256_000
_HEAD_ENDS = re.compile(rb"\n\r?\n")
_LONGEST_ID = 250
_LONGEST_ADDRESS = 254
_LONGEST_NAME = 150
_LONGEST_SUBJECT = 300
_ID = re.compile(r"<\s*([^<>\s]+)\s*>")
_USUAL_SENDER = re.compile(rf"([^<>]*)<({ADDRESS.pattern})>")
"""Looked for first, as names often hold what a stricter reading takes for signs: `=?utf-8?q?Ibu:_x?= <a@b.id>`."""
_ANSWER = re.compile(r"(re|bls|balas|aw)\s*(\[\d+\])?\s*:", re.IGNORECASE)
_FORWARDED = re.compile(r"(fw|fwd|trs|terusan|wg)\s*:", re.IGNORECASE)
_SERVERS = re.compile(r"(mailer-daemon|postmaster|mail-daemon)@", re.IGNORECASE)
_UNREAD = re.compile(r"(no-?_?reply|do-?_?not-?_?reply|tidak-?membalas|bounces?)([+=-].*)?@", re.IGNORECASE)
"""Begins addresses whose mail nobody reads."""
_BULK = frozenset(("bulk", "list", "junk"))
_DSN_CODE = re.compile(r"\b([45]\d\d)\b")


def read(body: bytes, *, received_at: datetime, ours: str) -> tuple[Update, ...]:
    """
    The one update in a mail; whatever the bytes, nothing is raised.

    Args:
        received_at: Aware instant at which it was fetched.
        ours: The address whose mailbox it came to, in any letters.
    """
    try:
        return (_update(body, received_at, ours.casefold()),)
    except BROKEN:
        return (Skipped("unreadable"),)


def message_id(body: bytes) -> str:
    """The Message-ID of a mail, of which the header is enough; empty if it has none."""
    try:
        return _first_id(_headers(_head(body)).get("message-id", ""))
    except BROKEN:
        return ""


def may_answer(message: Message) -> bool:
    """Whether a program may answer it: never another program, ourselves, or an address whose mail nobody reads."""
    address = message.address
    return not (
        message.automatic
        or not address.person
        or address.person.casefold() == address.account.casefold()
        or (address.channel is Channel.EMAIL and bool(_SERVERS.match(address.person) or _UNREAD.match(address.person)))
    )


def _update(body: bytes, received_at: datetime, ours: str) -> Update:
    headers = _headers(_head(body))
    name, person = _sender(headers)
    at = _date(headers, received_at)
    if skipped := _from_a_program(body, headers, person, ours, at):
        return skipped
    if not person:
        return Skipped("no_sender")
    own_id = _first_id(headers.get("message-id", "")) or f"sha256:{hashlib.sha256(body).hexdigest()}"
    text, media, unsupported = _content(body, headers)
    answered = _ids(headers.get("in-reply-to", "")) or _ids(headers.get("references", ""))[-1:]
    message = Message(
        id=own_id,
        address=Address(Channel.EMAIL, ours, person, thread=" ".join(_thread(headers, own_id)), name=name),
        at=at,
        text=text,
        subject=_subject(headers),
        media=media,
        answers=answered[0] if answered else "",
        unsupported=unsupported,
        automatic=_is_automatic(headers),
    )
    return message if may_answer(message) else replace(message, unanswered=True)


def _from_a_program(body: bytes, headers: dict[str, str], person: str, ours: str, at: datetime) -> Update | None:
    """What becomes of a mail that no person is behind, or who it is that wrote."""
    if person == ours:
        return Skipped("own_mail")
    kind = headers.get("content-type", "").casefold()
    if kind.startswith("multipart/report") and "disposition-notification" in kind:
        return Skipped("automatic")
    if kind.startswith("multipart/report") or _SERVERS.match(person):
        return _bounced(body, headers, ours, at) or Skipped("bounce")
    said = headers.get("auto-submitted", "").casefold()
    answers_by_itself = said.startswith("auto-replied") or _precedence(headers) == "auto_reply"
    if answers_by_itself or {"x-autoreply", "x-autorespond"} & headers.keys():
        return Skipped("automatic")
    return None


def _is_automatic(headers: dict[str, str]) -> bool:
    said = headers.get("auto-submitted", "").partition(";")[0].strip().casefold()
    return (
        said not in ("", "no")
        or _precedence(headers) in _BULK
        or "list-id" in headers
        or headers.get("return-path", "").replace(" ", "") == "<>"
    )


def _precedence(headers: dict[str, str]) -> str:
    return headers.get("precedence", "").strip().casefold()


def _bounced(body: bytes, headers: dict[str, str], ours: str, at: datetime) -> Report | None:
    """That a mail of ours did not arrive for good, if a part for programs says so and another tells which it was."""
    failed, number, original = False, 0, ""
    for leaf in leaves(parsed(body)):
        kind = leaf.get_content_type()
        if kind == "message/delivery-status":
            said = _inner_text(leaf)
            failed = failed or bool(re.search(r"^action:\s*failed", said, re.IGNORECASE | re.MULTILINE))
            number = number or _diagnostic(said)
        elif kind in ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global"):
            original = original or message_id(_inner_text(leaf).encode("utf-8", "surrogateescape"))
    original = original or _first_id(headers.get("in-reply-to", ""))
    return Report(Channel.EMAIL, ours, original, Fate.FAILED, at, number) if failed and original else None


def _diagnostic(said: str) -> int:
    """SMTP's number, such as 550; 500 where it is not told."""
    line = re.search(r"^diagnostic-code:[^\n]*(\n[ \t][^\n]*)*", said, re.IGNORECASE | re.MULTILINE)
    number = _DSN_CODE.search(line[0]) if line else None
    return int(number[1]) if number else 500


def _inner_text(leaf: Mail) -> str:
    """A part that holds mails or blocks of headers, as text again."""
    inner = leaf.get_payload()
    if isinstance(inner, list):
        return "\n".join(_as_text(each) for each in inner if isinstance(each, Mail))
    return decoded(content_of(leaf), "utf-8")


def _as_text(mail: Mail) -> str:
    return "".join(f"{name}: {value}\n" for name, value in mail.raw_items())


def _head(body: bytes) -> Mail:
    end = _HEAD_ENDS.search(body)
    return BytesHeaderParser().parsebytes(body[: end.end() if end else len(body)][:_LONGEST_HEAD])


def _headers(mail: Mail) -> dict[str, str]:
    """The first of each, by its name in small letters, as the parser keeps it."""
    found: dict[str, str] = {}
    for name, value in mail.raw_items():
        found.setdefault(name.casefold(), str(value))
    return found


def _sender(headers: dict[str, str]) -> tuple[str, str]:
    """Name and address in small letters, of From or else of Reply-To."""
    for field in ("from", "reply-to"):
        raw = one_line(raw_text(headers.get(field, ""))[:1000])
        if (usual := _USUAL_SENDER.fullmatch(raw)) and len(usual[2]) <= _LONGEST_ADDRESS:
            return header_words(usual[1].strip('" ').replace('\\"', '"'))[:_LONGEST_NAME], usual[2].casefold()
        for name, address in getaddresses([raw]):
            if ADDRESS.fullmatch(address) and len(address) <= _LONGEST_ADDRESS:
                return header_words(name)[:_LONGEST_NAME], address.casefold()
        if found := ADDRESS.search(raw):
            return "", found[0].casefold()[:_LONGEST_ADDRESS]
    return "", ""


def _date(headers: dict[str, str], received_at: datetime) -> datetime:
    try:
        said = parsedate_to_datetime(one_line(raw_text(headers.get("date", ""))[:100]))
        at = (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
    except BROKEN:
        return received_at
    return at if received_at - OLDEST <= at <= received_at else received_at


def _subject(headers: dict[str, str]) -> str:
    return header_words(headers.get("subject", ""))[:_LONGEST_SUBJECT]


def _ids(raw: str) -> list[str]:
    return [each for each in _ID.findall(raw_text(raw)) if each.isascii() and len(each) <= _LONGEST_ID]


def _first_id(raw: str) -> str:
    """The id in a header, also where its brackets were forgotten."""
    found = _ids(raw)
    if found:
        return found[0]
    bare = raw_text(raw).strip().strip("<>")
    return bare if 0 < len(bare) <= _LONGEST_ID and bare.isascii() and not re.search(r"[\s<>]", bare) else ""


def _thread(headers: dict[str, str], own_id: str) -> list[str]:
    before = _ids(headers.get("references", "")) + _ids(headers.get("in-reply-to", ""))
    return list(dict.fromkeys([*before, own_id]))[-MOST_IDS:]


def _content(body: bytes, headers: dict[str, str]) -> tuple[str, tuple[Media, ...], str]:
    """Text, files, and why the mail was not handed over whole, if it was not."""
    if TOO_LARGE.casefold() in headers:
        return "", (), "too_large"
    try:
        mail = parsed(body)
        return own_words(text_of(mail), is_answer=_is_answer(headers)), tuple(files_of(mail)), ""
    except BROKEN:
        return "", (), "unreadable"


def _is_answer(headers: dict[str, str]) -> bool:
    subject = _subject(headers)
    threaded = "in-reply-to" in headers or "references" in headers
    return not _FORWARDED.match(subject) and (threaded or bool(_ANSWER.match(subject)))
