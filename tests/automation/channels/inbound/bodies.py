"""Bodies as channels send them: the samples in tests/payloads, and short ways to write others. All data is invented."""

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from automation.channels.inbound import meta, telegram, whatsapp

RECEIVED = datetime(2026, 11, 23, 3, tzinfo=UTC)
SENT = 1795399200
SENT_AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
PERSON = "ID.10000000000000000001"
PHONE = "6280000000001"
NUMBER_ID = "200000000000002"
PAGE, PSID = "400000000000004", "800000000000008"
IG, IGSID = "17840000000000001", "900000000000009"
POST = f"{PAGE}_600000000000006"
COMMENT = "600000000000006_700000000000007"

PAYLOADS = {path.stem: path.read_bytes() for path in (Path(__file__).parents[3] / "payloads").glob("*.json")}
READERS = {
    "whatsapp": whatsapp.read,
    "facebook": meta.read,
    "instagram": meta.read,
    "messenger": meta.read,
    "telegram": telegram.read,
}
OF_CHANNELS = sorted(name for name in PAYLOADS if name.partition("_")[0] in READERS)
"""The samples that these readers are for."""

Path_ = tuple[str | int, ...]


def reader(name: str) -> Any:
    return READERS[name.partition("_")[0]]


def payload(name: str) -> Any:
    return json.loads(PAYLOADS[name])


def encoded(body: Any) -> bytes:
    return json.dumps(body).encode()


def places(body: Any, path: Path_ = ()) -> Iterator[Path_]:
    """Every place within a body, the outer ones first."""
    inner = body.items() if isinstance(body, dict) else enumerate(body) if isinstance(body, list) else ()
    for key, value in inner:
        yield (*path, key)
        yield from places(value, (*path, key))


def changed(body: Any, path: Path_, **to: Any) -> Any:
    """A copy without what stands at a place, or with `value` in its stead."""
    whole = copy.deepcopy(body)
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    if "value" in to:
        holder[path[-1]] = to["value"]
    else:
        del holder[path[-1]]
    return whole


def wa(*messages: Any, **value: Any) -> Any:
    """A WhatsApp delivery of messages of one person."""
    card = {"profile": {"name": "Warga Contoh"}, "wa_id": PHONE, "user_id": PERSON}
    whole = {"metadata": {"phone_number_id": NUMBER_ID}, "contacts": [card], "messages": list(messages)} | value
    return {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": whole}]}]}


def wa_message(**of: Any) -> Any:
    return {"from": PHONE, "from_user_id": PERSON, "id": "wamid.A", "timestamp": str(SENT)} | of


def comment(**of: Any) -> Any:
    """A delivery of one comment below a post of the page."""
    value = {
        "from": {"id": "500000000000005", "name": "Warga Contoh"},
        "message": "Kapan bantuan kami cair?",
        "item": "comment",
        "verb": "add",
        "post_id": POST,
        "comment_id": COMMENT,
        "parent_id": POST,
        "created_time": SENT,
    } | of
    whole = {key: member for key, member in value.items() if member is not None}
    return {"object": "page", "entry": [{"id": PAGE, "time": SENT, "changes": [{"field": "feed", "value": whole}]}]}


def ig_comment(*, changes: bool = True, field: str = "comments", **of: Any) -> Any:
    """Likewise on Instagram, with `changes` or without."""
    value = {"id": "17860000000000001", "text": "Mohon info", "media": {"id": "18000000000000001"}}
    change = {"field": field, "value": value | {"from": {"id": IGSID, "username": "warga.contoh"}} | of}
    entry = {"id": IG, "time": SENT} | ({"changes": [change]} if changes else change)
    return {"object": "instagram", "entry": [entry]}


def event(*, of: str = "page", **what: Any) -> Any:
    """A delivery of one event of a conversation."""
    ours, theirs = (PAGE, PSID) if of == "page" else (IG, IGSID)
    told = {"sender": {"id": theirs}, "recipient": {"id": ours}, "timestamp": SENT * 1000} | what
    return {"object": of, "entry": [{"id": ours, "time": SENT * 1000, "messaging": [told]}]}


def message(*, of: str = "page", **holds: Any) -> Any:
    return event(of=of, message={"mid": "m_A"} | holds)


def attached(kind: str, **payload: Any) -> Any:
    return message(attachments=[{"type": kind, "payload": payload}])


def tg(kind: str = "message", **of: Any) -> Any:
    """A Telegram update with one message of a private chat."""
    person = {"id": 1000000001, "first_name": "Warga", "last_name": "Contoh", "username": "wargacontoh"}
    told = {"message_id": 11, "from": {**person, "is_bot": False}, "chat": {**person, "type": "private"}, "date": SENT}
    return {"update_id": 700000001, kind: told | of}
