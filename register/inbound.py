"""
What reaches the office from outside channels: deliveries as they came, and the updates that are read from them.

A delivery is one body that a channel, a script or a mailbox handed over; it is kept raw before anything is read from
it. An update is one thing that it tells: a message of a person, or what became of a message of ours.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.complaint import Channel

CUT = "(Teks terlalu panjang dan terpotong di sini.)"
"""Stands where words were left out, so that whoever reads them knows."""


def shortened(text: str, longest: int) -> str:
    """The text, or as much of it as is kept, and that it was cut."""
    return text if len(text) <= longest else cut(text, longest)


def cut(text: str, longest: int) -> str:
    """As much of a text as leaves room to say that more followed."""
    return f"{text[: longest - len(CUT) - 1]}\n{CUT}"


class Source(StrEnum):
    """Who delivers; the last part of `/webhooks/<source>`, but for the mailbox, which is asked."""

    WHATSAPP = "whatsapp"
    META = "meta"
    TELEGRAM = "telegram"
    GOOGLE_FORMS = "google-forms"
    SHEET_EDITS = "sheet-edits"
    DRIVE = "drive"
    EMAIL = "email"


@dataclass(frozen=True)
class Delivery:
    """
    One delivery as the inbox keeps it.

    Args:
        body: The raw bytes, as they were signed.
        received_at: Aware instant at which they were kept.
        attempts: How often it was tried to read it.
    """

    id: int
    source: Source
    body: bytes
    received_at: datetime
    attempts: int = 0


@dataclass(frozen=True)
class Address:
    """
    Where a message came from, and so where an answer goes. Personal data: only ever kept sealed.

    Args:
        account: Ours: a WhatsApp phone_number_id, a Page or Instagram account, a bot, an e-mail address.
        person: By what the channel knows the other side: BSUID or wa_id, PSID or IGSID, the author of a comment, a
            chat, an e-mail address in small letters.
        comment: Id of the public comment that is answered, empty for what was written to us alone.
        thread: What holds messages together: post or media of a comment, the Message-IDs of an e-mail's thread.
        name: As the channel shows it; anybody may call themselves anything.
        phone: With country code, if the channel tells it.
    """

    channel: Channel
    account: str
    person: str
    comment: str = ""
    thread: str = ""
    name: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Media:
    """A file that came with a message and is still the channel's to hand out: its id there, or an address."""

    id: str = ""
    url: str = ""
    name: str = ""
    mime: str = ""


class Means(StrEnum):
    """What a person's message does."""

    NEW = "new"
    EDITED = "edited"
    """It replaces an earlier text."""
    REMOVED = "removed"
    """The person took it back."""


@dataclass(frozen=True)
class Message:
    """
    What a person wrote to us, or below something of ours.

    Args:
        id: The channel's own id: wamid, mid, comment id, chat and message number, Message-ID.
        at: When it was written, as the channel says.
        text: Empty where only files came.
        subject: Of an e-mail.
        public: Whether everybody can read it, as a comment.
        answers: Id of the message that it answers, if the channel tells.
        unsupported: What the channel could not hand over, such as `131051`; empty otherwise.
        automatic: Whether a program wrote it, such as an absence notice: it is never answered.
        unanswered: Whether it is never answered though a person may have written it: nobody would read the answer, or
            it may be our own.
    """

    id: str
    address: Address
    at: datetime
    text: str = ""
    subject: str = ""
    media: tuple[Media, ...] = ()
    public: bool = False
    means: Means = Means.NEW
    answers: str = ""
    unsupported: str = ""
    automatic: bool = False
    unanswered: bool = False

    @property
    def answerable(self) -> bool:
        """Whether a program may answer it."""
        return not (self.automatic or self.unanswered)


class Fate(StrEnum):
    """What a channel tells of a message of ours."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True)
class Report:
    """
    What became of a message of ours.

    Args:
        message: The id that the channel gave it.
        code: The channel's number for what went wrong, such as 131047; 0 if nothing did.
    """

    channel: Channel
    account: str
    message: str
    fate: Fate
    at: datetime
    code: int = 0


@dataclass(frozen=True)
class Skipped:
    """Something that is kept raw and otherwise ignored. `why` is a code for the log, such as `echo`."""

    why: str


Update = Message | Report | Skipped


@dataclass(frozen=True)
class Contact:
    """
    How somebody can be answered where they wrote.

    Args:
        conversation: The conversation's number.
        last_in_at: When they last wrote to us alone, from which channels count their windows; None if never.
        commented_at: When they wrote the comment of `address.comment`; None if they wrote none.
        privately_replied: Whether the one private reply to that comment was used up.
        unreachable: Whether they blocked us or cannot be reached any more.
        language: `id` or `en`.
    """

    conversation: int
    address: Address
    last_in_at: datetime | None = None
    commented_at: datetime | None = None
    privately_replied: bool = False
    unreachable: bool = False
    language: str = "id"
