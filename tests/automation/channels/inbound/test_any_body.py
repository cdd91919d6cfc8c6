"""Whatever stands in a body, reading it ends with updates that can be stored, and hides none of the others."""

from dataclasses import fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.inbound import meta, telegram, whatsapp
from register.inbound import Message, Report, Skipped, Update
from tests.automation.channels.inbound.bodies import (
    OF_CHANNELS,
    RECEIVED,
    Path_,
    changed,
    encoded,
    payload,
    places,
    reader,
)

OTHER_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1.5, 10**400, -(10**400), 1e308, float("nan"), float("inf")),
    *("", " ", "\x00", "\ud800", "\u202e", "x" * 10_000, "2026-11-23", "99999999999999999999"),
    *([], [None], [[]], [{}], {}, {"id": {}}, {"": [[[{}]]]}),
)
NO_BODIES = (b"", b"{", b"null", b"[]", b"7", b'"x"', b"\xff\xfe", b"\x00", b"[" * 100_000, b"9" * 5000, b"{}" * 2)
READERS = (whatsapp.read, meta.read, telegram.read)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def check(updates: object) -> tuple[Update, ...]:
    """What holds for whatever was read."""
    assert isinstance(updates, tuple)
    assert updates
    for update in updates:
        assert isinstance(update, Message | Report | Skipped)
        for text in texts(update):
            text.encode()
            assert "\x00" not in text
        if isinstance(update, Skipped):
            assert update.why.replace("_", "").isalpha()
        else:
            assert update.at.utcoffset() == timedelta(0)
            assert update.at <= RECEIVED
        if isinstance(update, Message):
            assert update.id
            assert update.address.person
    return updates


def texts(value: Any) -> list[str]:
    if is_dataclass(value):
        return [text for field in fields(value) for text in texts(getattr(value, field.name))]
    if isinstance(value, tuple):
        return [text for member in value for text in texts(member)]
    return [value] if isinstance(value, str) else []


def read(name: str, body: Any) -> tuple[Update, ...]:
    return check(reader(name)(encoded(body), received_at=RECEIVED))


META = {"object": "unknown_object", "entry": "empty", "entry.0": "empty"}
CHANGE = {"entry.0.changes": "empty", "entry.0.changes.0": "empty"}
EVENT = {
    **META,
    "entry.0.messaging": "empty",
    "entry.0.messaging.0": "empty",
    "entry.0.messaging.0.sender": "no_sender",
    "entry.0.messaging.0.sender.id": "no_sender",
    "entry.0.messaging.0.message": "other_event",
    "entry.0.messaging.0.message.mid": "no_id",
    "entry.0.messaging.0.message.text": "no_text_no_media",
}
VALUE = "entry.0.changes.0.value"
WHATSAPP = {
    **META,
    **CHANGE,
    VALUE: "empty",
    f"{VALUE}.messages": "empty",
    f"{VALUE}.messages.0": "empty",
    f"{VALUE}.messages.0.id": "no_id",
}
TEXT = {f"{VALUE}.messages.0.text": "no_text_no_media", f"{VALUE}.messages.0.text.body": "no_text_no_media"}
TELEGRAM = {
    "message": "unknown_update",
    "message.message_id": "no_id",
    "message.chat": "group",
    "message.chat.id": "no_id",
    "message.chat.type": "group",
}
NEEDED: dict[str, dict[str, str]] = {
    "facebook_comment": {
        **META,
        **CHANGE,
        "entry.0.changes.0.field": "other_field",
        VALUE: "post",
        f"{VALUE}.item": "post",
        f"{VALUE}.verb": "other_verb",
        f"{VALUE}.comment_id": "no_id",
        f"{VALUE}.message": "no_text_no_media",
    },
    "instagram_comment": {
        **META,
        **CHANGE,
        "entry.0.changes.0.field": "other_field",
        VALUE: "no_id",
        f"{VALUE}.id": "no_id",
        f"{VALUE}.text": "no_text_no_media",
    },
    "instagram_dm": EVENT,
    "messenger_text": EVENT,
    "telegram_photo": TELEGRAM,
    "telegram_text": {**TELEGRAM, "message.text": "no_text_no_media"},
    "whatsapp_document": {**WHATSAPP, f"{VALUE}.messages.0.document": "no_text_no_media"},
    "whatsapp_image": {**WHATSAPP, f"{VALUE}.messages.0.image": "no_text_no_media"},
    "whatsapp_text": {**WHATSAPP, **TEXT},
    "whatsapp_text_no_phone": {**WHATSAPP, **TEXT},
    "whatsapp_status": {
        **META,
        **CHANGE,
        VALUE: "empty",
        f"{VALUE}.statuses": "empty",
        f"{VALUE}.statuses.0.id": "no_id",
        f"{VALUE}.statuses.1.id": "no_id",
        f"{VALUE}.statuses.0.status": "unknown_status",
        f"{VALUE}.statuses.1.status": "unknown_status",
    },
}
"""Without which fields something is skipped, and the code that then stands in the log."""


@pytest.mark.parametrize("name", OF_CHANNELS)
def test_without_any_one_field_all_is_read_that_does_not_need_it(name: str) -> None:
    whole, without = payload(name), {}
    for path in places(whole):
        codes = {update.why for update in read(name, changed(whole, path)) if isinstance(update, Skipped)}
        if codes:
            without[".".join(map(str, path))] = ", ".join(codes)
    assert without == NEEDED[name]


@pytest.mark.parametrize("name", OF_CHANNELS)
def test_a_field_of_another_kind_does_no_harm(name: str) -> None:
    whole = payload(name)
    for path in places(whole):
        for value in OTHER_VALUES:
            read(name, changed(whole, path, value=value))


@pytest.mark.search
@given(data=st.data(), value=JSON, name=st.sampled_from(OF_CHANNELS))
def test_nor_does_any_json_anywhere(data: st.DataObject, value: Any, name: str) -> None:
    whole = payload(name)
    for _ in range(data.draw(st.integers(1, 3))):
        found = list(places(whole))
        if found:
            whole = changed(whole, data.draw(st.sampled_from(found)), value=value)
    read(name, whole)


@given(value=JSON)
def test_any_json_at_all_is_read(value: Any) -> None:
    for ask in READERS:
        check(ask(encoded(value), received_at=RECEIVED))


@given(body=st.binary(max_size=200))
def test_so_are_any_bytes(body: bytes) -> None:
    for ask in READERS:
        check(ask(body, received_at=RECEIVED))


@pytest.mark.parametrize("body", NO_BODIES, ids=lambda body: f"{body[:8]!r} {len(body)}")
def test_bodies_that_break_readers_are_skipped(body: bytes) -> None:
    for ask in READERS:
        assert [type(update) for update in check(ask(body, received_at=RECEIVED))] == [Skipped]


LISTS: dict[str, Path_] = {
    "whatsapp_text": ("entry", 0, "changes", 0, "value", "messages"),
    "facebook_comment": ("entry", 0, "changes"),
    "instagram_comment": ("entry",),
    "messenger_text": ("entry", 0, "messaging"),
    "instagram_dm": ("entry",),
}
"""Where several of them come in one body."""


@pytest.mark.parametrize("name", LISTS)
def test_a_broken_one_of_a_batch_hides_no_other(name: str) -> None:
    whole = payload(name)
    (good,) = read(name, whole)
    batch = whole
    for key in LISTS[name]:
        batch = batch[key]
    member = batch[0]
    broken = [changed(member, path, value=value) for path in places(member) for value in OTHER_VALUES]
    for bad in (*broken, *OTHER_VALUES):
        batch[:] = [member, bad, member]
        found = read(name, whole)
        assert (found[0], found[-1]) == (good, good)
