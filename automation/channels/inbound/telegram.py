"""
Deliveries of Telegram's Bot API: one update each.

Shapes: https://core.telegram.org/bots/api#update. An album is several updates, each a message of its own.
"""

from datetime import datetime

from automation.channels.inbound.contents import EMPTY, Content, place_text, worth_reading
from automation.channels.inbound.json_reading import Json, read_json, written_at
from register.complaint import Channel
from register.inbound import Address, Means, Media, Message, Skipped, Update

ACCOUNT = "telegram"
"""An update does not tell which bot it is for; the office has one."""

_MEANS = {"message": Means.NEW, "edited_message": Means.EDITED}
_OTHER_UPDATES = {
    "channel_post": "post",
    "edited_channel_post": "post",
    "message_reaction": "reaction",
    "my_chat_member": "chat_member",
    "callback_query": "callback",
}
_FILES = ("document", "voice", "audio", "video", "video_note", "animation")
"""An animation stands in `document` too, for older bots: the same file counts once."""
_NO_COMPLAINT = {"sticker": "sticker", "contact": "contact"}


def read(body: bytes, *, received_at: datetime) -> tuple[Update, ...]:
    """
    What a delivery tells; at least one update, and never an error.

    Args:
        received_at: Aware instant of the delivery; it stands in where a message tells no instant that can be true.
    """
    root = read_json(body)
    if root is None:
        return (Skipped("not_json"),)
    for key, means in _MEANS.items():
        if root.has(key):
            return (_of_message(root.at(key), means, received_at),)
    known = next((why for key, why in _OTHER_UPDATES.items() if root.has(key)), "unknown_update")
    return (Skipped(known),)


def _of_message(message: Json, means: Means, received_at: datetime) -> Update:
    if message.text("chat", "type") != "private":
        return Skipped("group")
    if message.says("from", "is_bot"):
        return Skipped("bot")
    if means is Means.EDITED and message.has("location"):
        return Skipped("live_location")  # it moves on every few seconds; where it began was told
    content = _content(message)
    return worth_reading(
        Message(
            id=_message_id(message),
            address=_address(message),
            at=written_at(received_at, message.instant("edit_date"), message.instant("date")),
            text=content.text,
            media=content.media,
            means=means,
            answers=_message_id(message.at("reply_to_message")),
        ),
        content.why_empty,
    )


def _message_id(message: Json) -> str:
    """Messages are counted within their chat."""
    chat, number = message.id("chat", "id"), message.id("message_id")
    return f"{chat}:{number}" if chat and number else ""


def _address(message: Json) -> Address:
    chat = message.at("chat")
    named = f"{chat.text('first_name')} {chat.text('last_name')}".strip()
    handle = chat.text("username")
    return Address(
        channel=Channel.TELEGRAM,
        account=ACCOUNT,
        person=chat.id("id"),
        name=named or (f"@{handle}" if handle else ""),
    )


def _content(message: Json) -> Content:
    return Content(
        text=message.text("text") or message.text("caption") or _place(message),
        media=_media(message),
        why_empty=next((why for key, why in _NO_COMPLAINT.items() if message.has(key)), EMPTY),
    )


def _place(message: Json) -> str:
    """A venue tells its location twice, once with a name."""
    location, venue = message.at("location"), message.at("venue")
    return place_text(
        location.number("latitude"), location.number("longitude"), venue.text("title"), venue.text("address")
    )


def _media(message: Json) -> tuple[Media, ...]:
    files = [message.at(key) for key in _FILES]
    sizes = message.each("photo")
    if sizes:
        files.append(max(sizes, key=_pixels))
    found = {
        file.id("file_id"): Media(id=file.id("file_id"), name=file.text("file_name"), mime=file.text("mime_type"))
        for file in files
        if file.id("file_id")
    }
    return tuple(found.values())


def _pixels(size: Json) -> float:
    """A size that cannot be fetched is the smallest."""
    return (size.number("width") or 0) * (size.number("height") or 0) if size.id("file_id") else -1
