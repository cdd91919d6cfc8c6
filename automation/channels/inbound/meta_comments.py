"""
Public comments below a post of our Facebook Page or Instagram account.

Shapes: Meta's webhook references for Page (`feed`) and Instagram (`comments`), its page Self Messaging for
`self_ig_scoped_id`; older names (`sender_id`, `photo`, comments without a text) as recorded in public repositories.
"""

from datetime import datetime

from automation.channels.inbound.contents import worth_reading
from automation.channels.inbound.json_reading import Json, written_at
from register.complaint import Channel
from register.inbound import Address, Means, Media, Message, Skipped, Update

_Paths = tuple[tuple[str, ...], ...]

_ID: _Paths = (("comment_id",), ("id",))
_TEXT: _Paths = (("message",), ("text",))
_AUTHOR: _Paths = (("from", "id"), ("sender_id",))
_NAME: _Paths = (("from", "name"), ("from", "username"), ("sender_name",))
_THREAD: _Paths = (("post_id",), ("post", "id"), ("media", "id"))
"""Where Facebook says it, and where Instagram does."""

_MEANS = {
    "add": Means.NEW,
    "edited": Means.EDITED,
    "edit": Means.EDITED,
    "remove": Means.REMOVED,
    "delete": Means.REMOVED,
}
"""By Facebook's verb; Instagram tells of new comments only, and has none."""
_OTHER_ITEMS = {"reaction": "reaction", "like": "reaction"}
"""Of the field `feed`; whatever else is no comment is a post of some kind."""


def read_comment(channel: Channel, entry: Json, value: Json, received_at: datetime) -> Update:
    """
    One comment as a message that everybody can read, or why it is none.

    Args:
        entry: Tells whose page or account it is, and when the delivery was made.
        value: What the change holds.
    """
    if channel is Channel.FACEBOOK and value.text("item") != "comment":
        return Skipped(_OTHER_ITEMS.get(value.text("item"), "post"))
    means = _MEANS.get(value.text("verb")) if channel is Channel.FACEBOOK else Means.NEW
    if means is None:
        return Skipped("other_verb")
    account, author = entry.id("id"), _first_id(value, _AUTHOR)
    if value.has("from", "self_ig_scoped_id") or (author and author == account):
        return Skipped("own_comment")
    comment = _first_id(value, _ID)
    thread = _first_id(value, _THREAD)
    parent = value.id("parent_id")
    address = Address(
        channel=channel,
        account=account,
        person=author or (f"comment:{comment}" if comment else ""),
        comment=comment,
        thread=thread,
        name=next(filter(None, (value.text(*path) for path in _NAME)), ""),
    )
    return worth_reading(
        Message(
            id=comment,
            address=address,
            at=written_at(received_at, value.instant("created_time"), entry.instant("time")),
            text=next(filter(None, (value.text(*path) for path in _TEXT)), ""),
            media=_media(value),
            public=True,
            means=means,
            answers=parent if parent != thread else "",
            # It may be our own if either is not told: an answer to our answers would come back for ever.
            unanswered=not author or not account,
        )
    )


def _first_id(value: Json, paths: _Paths) -> str:
    return next(filter(None, (value.id(*path) for path in paths)), "")


def _media(value: Json) -> tuple[Media, ...]:
    """Facebook's comments may hold a photo or a video; of several photos each is told once."""
    urls = [value.text("photo"), value.text("video"), *(photo.text() for photo in value.each("photos"))]
    return tuple(Media(url=url) for url in dict.fromkeys(urls) if url)
