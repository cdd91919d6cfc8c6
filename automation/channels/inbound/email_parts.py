"""The parts of an e-mail (MIME): what is its text, and which are files of the person who wrote it."""

import re
from collections.abc import Callable, Iterator
from email.errors import MessageError
from email.message import Message as Mail
from email.parser import BytesParser

from automation.channels.inbound.email_words import decoded, header_words, words_of_html
from register.inbound import Media

MOST_PARTS = 100
"""Of a mail; further ones are not looked at."""
SMALLEST_PICTURE = 5_000
"""Bytes of a picture inside the text; smaller ones are logos of signatures and what counts readers."""
MOST_WORK = 10_000_000
"""Lines times parts that may be open at each, as Python's parser tries them all: some seconds. 30 MB of base64 in a
dozen parts is less; 30 MB of empty lines in hundreds of parts would take hours."""
BROKEN = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    RecursionError,
)
"""What Python's parser is known to raise on mutilated mail."""
_LONGEST_NAME = 150
_NO_FILES = (
    "text/calendar",
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/ms-tnef",
    "message/delivery-status",
    "message/disposition-notification",
)
"""Parts that are no files of a person's: invitations, signatures, notices."""
_BOUNDARY = re.compile(rb"boundary\s*=", re.IGNORECASE)
_BODIES: tuple[tuple[str, Callable[[str], str]], ...] = (("text/plain", str), ("text/html", words_of_html))


def part(body: bytes, number: str) -> tuple[str, bytes]:
    """The file that `Media.id` names in a mail: its name, perhaps empty, and its bytes. Empty if there is none."""
    try:
        for place, leaf in _numbered(parsed(body)):
            if place == number:
                return _name(leaf), content_of(leaf)
    except BROKEN:
        pass
    return "", b""


def parsed(body: bytes) -> Mail:
    """A mail with its parts. Raises: one of `BROKEN` if it is mutilated, or made to keep us busy."""
    if body.count(b"\n") * (8 + len(_BOUNDARY.findall(body))) > MOST_WORK:
        raise ValueError("too laborious")
    return BytesParser().parsebytes(body)


def leaves(mail: Mail) -> Iterator[Mail]:
    """The parts that hold something, in their order; a mail inside the mail is one part."""
    if mail.get_content_maintype() == "multipart":
        inner = mail.get_payload()
        for each in inner if isinstance(inner, list) else ():
            if isinstance(each, Mail):
                yield from leaves(each)
    else:
        yield mail


def text_of(mail: Mail) -> str:
    """All that was written as plain text; where there is none, what the HTML says."""
    bodies = [leaf for _, leaf in _numbered(mail) if not _is_file(leaf)]
    for kind, words in _BODIES:
        texts = [words(_decoded(leaf)) for leaf in bodies if leaf.get_content_type() == kind]
        if any(text.strip() for text in texts):
            return "\n".join(texts)
    return ""


def files_of(mail: Mail) -> Iterator[Media]:
    """The files of a person, each by the number under which `part` finds it."""
    for number, leaf in _numbered(mail):
        if _is_file(leaf) and not _is_ornament(leaf):
            yield Media(id=number, name=_name(leaf), mime=leaf.get_content_type())


def content_of(leaf: Mail) -> bytes:
    """A part's content; of a mail inside the mail, that mail."""
    content = leaf.get_payload(decode=True)
    if isinstance(content, bytes):
        return content
    inner = leaf.get_payload()
    return inner[0].as_bytes() if isinstance(inner, list) and inner and isinstance(inner[0], Mail) else b""


def _numbered(mail: Mail) -> Iterator[tuple[str, Mail]]:
    return ((str(place), leaf) for place, leaf in zip(range(1, MOST_PARTS + 1), leaves(mail), strict=False))


def _is_file(leaf: Mail) -> bool:
    if leaf.get_content_type() in _NO_FILES:
        return False
    is_apart = leaf.get_content_disposition() == "attachment" or bool(_name(leaf))
    return is_apart or leaf.get_content_maintype() != "text"


def _is_ornament(leaf: Mail) -> bool:
    is_inside = "content-id" in leaf and leaf.get_content_disposition() != "attachment"
    return is_inside and leaf.get_content_maintype() == "image" and len(content_of(leaf)) < SMALLEST_PICTURE


def _name(leaf: Mail) -> str:
    """A file's name without a folder, on one line."""
    said = header_words(leaf.get_filename() or "")
    return re.split(r"[/\\]", said)[-1].strip(" .")[-_LONGEST_NAME:]


def _decoded(leaf: Mail) -> str:
    return decoded(content_of(leaf), leaf.get_content_charset() or "")
