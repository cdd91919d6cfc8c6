"""
Deliveries of Meta for a Facebook Page and an Instagram account: comments, and messages to us alone.

Shapes: Meta's webhook references for Page, Instagram and Messenger, its Instagram examples (comments without
`changes`), and what others recorded: chatwoot/chatwoot (spec/factories/instagram: unsent, story reply, standby, a test
delivery), We-are-Sybil/m (whatsapp_api_knowledge_base), uniericuni/Facebook-Chatbot-Blueprint (a sticker).
"""

from datetime import datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from automation.channels.inbound import whatsapp
from automation.channels.inbound.contents import EMPTY, Content, place_text, worth_reading
from automation.channels.inbound.json_reading import Json, read_json, written_at
from automation.channels.inbound.meta_comments import read_comment
from register.complaint import Channel
from register.inbound import Address, Means, Media, Message, Skipped, Update

_CHANNELS = {"page": Channel.FACEBOOK, "instagram": Channel.INSTAGRAM}
_COMMENTS = {(Channel.FACEBOOK, "feed"), (Channel.INSTAGRAM, "comments"), (Channel.INSTAGRAM, "live_comments")}
_OTHER_FIELDS = {"mentions": "mention", "mention": "mention", "story_insights": "other_field"}
_OTHER_EVENTS = ("reaction", "delivery", "read", "referral", "optin")
"""What else happens in a conversation; each is its own code for the log."""

_FILES = ("image", "video", "audio", "file", "share", "ig_post", "ig_reel", "reel", "post")
"""Attachments whose content Meta hands out; what was shared belongs to the story that is told."""
_NO_FILES = {"sticker": "sticker", "story_mention": "story_mention", "template": EMPTY}
"""The content of a story that mentions us must not be kept (Meta, Story Mention)."""
_NOT_HANDED_OVER = "unsupported_type"


def read(body: bytes, *, received_at: datetime) -> tuple[Update, ...]:
    """
    Everything that a delivery tells, in its order; at least one update, and never an error.

    A WhatsApp body is read too: an app of Meta's may have one address for all its products.

    Args:
        received_at: Aware instant of the delivery; it stands in where a message tells no instant that can be true.
    """
    root = read_json(body)
    if root is None:
        return (Skipped("not_json"),)
    if root.text("object") == whatsapp.OBJECT:
        return whatsapp.read_entries(root, received_at)
    channel = _CHANNELS.get(root.text("object"))
    if channel is None:
        return (Skipped("unknown_object"),)
    updates = tuple(update for entry in root.each("entry") for update in _of_entry(channel, entry, received_at))
    return updates or (Skipped("empty"),)


def _of_entry(channel: Channel, entry: Json, received_at: datetime) -> tuple[Update, ...]:
    """An entry holds changes, events of conversations, or is itself the one change."""
    changes = (*entry.each("changes"), *([entry] if entry.has("field") else []))
    updates = (
        *(_of_change(channel, entry, change, received_at) for change in changes),
        *(_of_event(channel, entry, event, received_at) for event in entry.each("messaging")),
        *(Skipped("standby") for _ in entry.each("standby")),  # another app has the conversation, and answers
    )
    return updates or (Skipped("empty"),)


def _of_change(channel: Channel, entry: Json, change: Json, received_at: datetime) -> Update:
    field, value = change.text("field"), change.at("value")
    if (channel, field) in _COMMENTS:
        return read_comment(channel, entry, value, received_at)
    if field == "messages":  # Meta's button for a test delivery sends messages so
        return _of_event(channel, entry, value, received_at)
    return Skipped(_OTHER_FIELDS.get(field, "other_field"))


# -- conversations ----------------------------------------------------------------------------------------------------


def _of_event(channel: Channel, entry: Json, event: Json, received_at: datetime) -> Update:
    account = entry.id("id") or event.id("recipient", "id")
    sender = event.id("sender", "id")
    if event.says("message", "is_echo") or event.says("is_self") or (sender and sender == account):
        return Skipped("echo")
    found = _what_it_does(event)
    if found is None:
        return Skipped(next((key for key in _OTHER_EVENTS if event.has(key)), "other_event"))
    means, id_, content = found
    return worth_reading(
        Message(
            id=id_,
            address=Address(channel=channel, account=account, person=sender),
            at=written_at(received_at, event.instant("timestamp"), entry.instant("time")),
            text=content.text,
            media=content.media,
            means=means,
            answers=event.id("message", "reply_to", "mid"),
            unsupported=content.unsupported,
        ),
        content.why_empty,
    )


def _what_it_does(event: Json) -> tuple[Means, str, Content] | None:
    """Also the id of the message that it makes, replaces or takes back, and what it holds; None if it is none."""
    message, edit, postback = event.at("message"), event.at("message_edit"), event.at("postback")
    if event.has("message"):
        means = Means.REMOVED if message.says("is_deleted") else Means.NEW
        return means, message.id("mid"), _content(message)
    if event.has("message_edit"):
        return Means.EDITED, edit.id("mid"), Content(edit.text("text"))
    if event.has("postback"):
        return Means.NEW, _postback_id(event), Content(postback.text("title") or postback.text("payload"))
    return None


def _postback_id(event: Json) -> str:
    """Older versions of the Graph API give a pressed button no id; nobody presses two in a thousandth of a second."""
    sender, at = event.id("sender", "id"), event.id("timestamp")
    return event.id("postback", "mid") or (f"postback:{sender}:{at}" if sender and at else "")


def _content(message: Json) -> Content:
    attachments = message.each("attachments")
    text = message.text("text") or next(filter(None, map(_attached_text, attachments)), "")
    media = tuple(file for attachment in attachments for file in _attached_file(attachment))
    unsupported = message.says("is_unsupported") or any(
        attachment.text("type") == _NOT_HANDED_OVER for attachment in attachments
    )
    return Content(
        text=text,
        media=media,
        unsupported="unsupported" if unsupported and not text and not media else "",
        why_empty=next((why for attachment in attachments if (why := _no_file(attachment))), EMPTY),
    )


def _attached_text(attachment: Json) -> str:
    """A link that somebody shared, or a place on the map."""
    payload = attachment.at("payload")
    if attachment.text("type") == "location":
        return place_text(payload.number("coordinates", "lat"), payload.number("coordinates", "long"))
    if attachment.text("type") != "fallback":
        return ""
    told = [payload.text(key) or attachment.text(key) for key in ("title", "url")]
    return "\n".join(filter(None, told))


def _attached_file(attachment: Json) -> tuple[Media, ...]:
    url = attachment.text("payload", "url")
    if attachment.text("type") not in _FILES or _no_file(attachment) or not url:
        return ()
    return (Media(url=url, name=_file_name(url) if attachment.text("type") == "file" else ""),)


def _no_file(attachment: Json) -> str:
    """Why there is nothing to keep. Until 30 August 2026 a sticker came as an image that has the sticker's number."""
    if attachment.has("payload", "sticker_id"):
        return "sticker"
    return _NO_FILES.get(attachment.text("type"), "")


def _file_name(url: str) -> str:
    """A document's name is told only by the end of its address."""
    try:
        last = PurePosixPath(unquote(urlsplit(url).path)).name
    except ValueError:
        return ""
    return last if "." in last else ""
