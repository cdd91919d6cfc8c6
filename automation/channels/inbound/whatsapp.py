"""
Deliveries of the WhatsApp Cloud API.

Shapes: Meta's reference of the field `messages`; for edits, revocations, orders, system notes and business-scoped user
ids the recorded bodies of david-lev/pywa (tests/data/updates); for groups Meta's group messages webhook reference.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from automation.channels.inbound.contents import EMPTY, Content, place_text, worth_reading
from automation.channels.inbound.json_reading import Json, read_json, written_at
from register.complaint import Channel
from register.inbound import Address, Fate, Means, Media, Message, Report, Skipped, Update

OBJECT = "whatsapp_business_account"

_FATES = {
    "sent": Fate.SENT,
    "delivered": Fate.DELIVERED,
    "read": Fate.READ,
    "played": Fate.READ,
    "failed": Fate.FAILED,
}
_OTHER_FIELDS = {"smb_message_echoes": "echo", "history": "history", "smb_app_state_sync": "other_field"}
"""Fields of a change beside `messages`. An echo is what staff wrote by the app on their phone."""
_TEXTS = {
    "text": (("text", "body"),),
    "button": (("button", "text"),),
    "interactive": (("interactive", "button_reply", "title"), ("interactive", "list_reply", "title")),
    "order": (("order", "text"),),
}
_FILES = ("image", "document", "video", "audio", "voice")
_NO_COMPLAINT = {
    "reaction": "reaction",
    "sticker": "sticker",
    "contacts": "contact",
    "system": "system",
    "request_welcome": "request_welcome",
}
_NOT_HANDED_OVER = ("unsupported", "unknown")
_KINDS = (*_TEXTS, *_FILES, "location", *_NO_COMPLAINT, *_NOT_HANDED_OVER, "edit", "revoke")


def read(body: bytes, *, received_at: datetime) -> tuple[Update, ...]:
    """
    Everything that a delivery tells, in its order; at least one update, and never an error.

    Args:
        received_at: Aware instant of the delivery; it stands in where a message tells no instant that can be true.
    """
    root = read_json(body)
    if root is None:
        return (Skipped("not_json"),)
    if root.text("object") != OBJECT:
        return (Skipped("unknown_object"),)
    return read_entries(root, received_at)


def read_entries(root: Json, received_at: datetime) -> tuple[Update, ...]:
    """As `read`, for a body whose object is `whatsapp_business_account`."""
    changes = [change for entry in root.each("entry") for change in entry.each("changes")]
    return tuple(update for change in changes for update in _of_change(change, received_at)) or (Skipped("empty"),)


def _of_change(change: Json, received_at: datetime) -> tuple[Update, ...]:
    field = change.text("field")
    if field not in ("", "messages"):
        return (Skipped(_OTHER_FIELDS.get(field, "other_field")),)
    value = change.at("value")
    frame = _frame(value)
    updates = (
        *(_of_message(frame, message, received_at) for message in value.each("messages")),
        *(_of_status(frame, status, received_at) for status in value.each("statuses")),
    )
    return updates or (Skipped("channel_error" if value.each("errors") else "empty"),)


@dataclass(frozen=True)
class _Frame:
    """
    What a change says once for all its messages.

    Args:
        cards: What is known of their writers, by each of a writer's ids.
        only_card: The card of a single message, which may lack an id.
        error: What the channel says went wrong, 0 if nothing did.
    """

    account: str
    cards: Mapping[str, Json]
    only_card: Json
    error: int


def _frame(value: Json) -> _Frame:
    cards = value.each("contacts")
    alone = len(cards) == 1 and len(value.each("messages")) == 1
    return _Frame(
        account=value.id("metadata", "phone_number_id"),
        cards={id_: card for card in cards for key in ("user_id", "wa_id") if (id_ := card.id(key))},
        only_card=cards[0] if alone else Json(),
        error=_error_code(value),
    )


# -- what became of our messages --------------------------------------------------------------------------------------


def _of_status(frame: _Frame, status: Json, received_at: datetime) -> Update:
    fate = _FATES.get(status.text("status"))
    if fate is None:
        return Skipped("unknown_status")
    if not status.id("id"):
        return Skipped("no_id")
    return Report(
        channel=Channel.WHATSAPP,
        account=frame.account,
        message=status.id("id"),
        fate=fate,
        at=written_at(received_at, status.instant("timestamp")),
        code=_error_code(status),
    )


def _error_code(place: Json) -> int:
    codes = (error.number("code") for error in place.each("errors"))
    return next((int(code) for code in codes if code), 0)


# -- what people wrote ------------------------------------------------------------------------------------------------


def _of_message(frame: _Frame, message: Json, received_at: datetime) -> Update:
    if message.has("group_id"):
        return Skipped("group")
    kind = _kind(message)
    if kind not in _KINDS:
        return Skipped("unknown_kind")
    means, id_, holder = _what_it_does(message, kind)
    content = _content(holder, _error_code(message) or frame.error)
    return worth_reading(
        Message(
            id=id_,
            address=_address(frame, message),
            at=written_at(received_at, message.instant("timestamp")),
            text=content.text,
            media=content.media,
            means=means,
            answers=message.id("context", "id"),
            unsupported=content.unsupported,
        ),
        content.why_empty,
    )


def _kind(message: Json) -> str:
    """Meta's own example of a location tells no type, so what is there counts."""
    return message.text("type") or next((kind for kind in _KINDS if message.has(kind)), "")


def _what_it_does(message: Json, kind: str) -> tuple[Means, str, Json]:
    """Also the id of the message that it makes, replaces or takes back, and the place of what it holds."""
    if kind == "edit":
        return Means.EDITED, message.id("edit", "original_message_id"), message.at("edit", "message")
    if kind == "revoke":
        return Means.REMOVED, message.id("revoke", "original_message_id"), Json()
    return Means.NEW, message.id("id"), message


def _content(holder: Json, error: int) -> Content:
    """
    Args:
        error: What the channel says went wrong; it counts where nothing else is there.
    """
    kind = _kind(holder)
    why_empty = _NO_COMPLAINT.get(kind, EMPTY)
    text = ""
    media: tuple[Media, ...] = ()
    if kind in _TEXTS:
        text = next(filter(None, (holder.text(*path) for path in _TEXTS[kind])), "")
    elif kind in _FILES:
        text, media = holder.text(kind, "caption"), _media(holder.at(kind))
    elif kind == "location":
        text = _place(holder.at("location"))
    unsupported = ""
    if not text and not media and why_empty == EMPTY:
        unsupported = str(error) if error else "unsupported" if kind in _NOT_HANDED_OVER else ""
    return Content(text, media, unsupported, why_empty)


def _media(file: Json) -> tuple[Media, ...]:
    found = Media(
        id=file.id("id"),
        url=file.text("url"),
        name=file.text("filename"),
        mime=file.text("mime_type").partition(";")[0],
    )
    return (found,) if found.id or found.url else ()


def _place(location: Json) -> str:
    return place_text(
        location.number("latitude"), location.number("longitude"), location.text("name"), location.text("address")
    )


def _address(frame: _Frame, message: Json) -> Address:
    """
    Who wrote. The business-scoped user id comes first: since people may have names instead of numbers, `from` and
    `wa_id` can be absent.
    """
    user, number = message.id("from_user_id"), message.id("from")
    card = frame.only_card if not user and not number else frame.cards.get(user) or frame.cards.get(number) or Json()
    wa_id = number or card.id("wa_id")
    return Address(
        channel=Channel.WHATSAPP,
        account=frame.account,
        person=user or card.id("user_id") or wa_id,
        name=card.text("profile", "name") or card.text("profile", "username"),
        phone=f"+{wa_id}" if wa_id.isdecimal() and wa_id.isascii() else "",
    )
