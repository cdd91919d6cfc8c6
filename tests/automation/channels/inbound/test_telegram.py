"""Telegram's updates: messages of private chats, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from automation.channels.inbound import telegram
from register.complaint import Channel
from register.inbound import Address, Means, Media, Message, Skipped
from tests.automation.channels.inbound.bodies import PAYLOADS, RECEIVED, SENT, SENT_AT, encoded, tg

ADDRESS = Address(Channel.TELEGRAM, "telegram", "1000000001", name="Warga Contoh")


def read(body: Any) -> Any:
    return telegram.read(encoded(body), received_at=RECEIVED)


def one(body: Any) -> Message:
    (found,) = read(body)
    assert isinstance(found, Message), found
    return found


def test_a_text_is_a_message_known_by_its_chat_and_number() -> None:
    (found,) = telegram.read(PAYLOADS["telegram_text"], received_at=RECEIVED)
    assert found == Message("1000000001:11", ADDRESS, SENT_AT, "Lapor: data bantuan salah alamat")


def test_of_a_photo_the_largest_size_is_taken_with_its_caption() -> None:
    (found,) = telegram.read(PAYLOADS["telegram_photo"], received_at=RECEIVED)
    assert isinstance(found, Message)
    assert (found.text, found.media) == ("Foto rumah", (Media("AgACAgUAAxkBCONTOHx"),))
    sizes = [{"file_id": "besar", "width": 800, "height": 600}, {"file_id": "kecil", "width": 90, "height": 67}]
    assert one(tg(photo=sizes)).media == (Media("besar"),)
    assert one(tg(photo=[*sizes, {"width": 9000, "height": 9000}])).media == (Media("besar"),)


TEXTS: dict[str, tuple[Any, str]] = {
    "start": ({"text": "/start"}, "/start"),
    "start by a link": ({"text": "/start lapor"}, "/start lapor"),
    "place": ({"location": {"latitude": -0.42, "longitude": 116.98}}, "Lokasi: -0.42, 116.98"),
    "place with a name": (
        {
            "location": {"latitude": -0.42, "longitude": 116.98},
            "venue": {"title": "Kantor Camat", "address": "Jalan Contoh 1", "location": {}},
        },
        "Lokasi: -0.42, 116.98 (Kantor Camat, Jalan Contoh 1)",
    ),
    "forwarded": ({"text": "Lihat ini", "forward_origin": {"type": "user"}}, "Lihat ini"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_written_or_shown_is_text(name: str) -> None:
    holds, text = TEXTS[name]
    assert one(tg(**holds)).text == text


@pytest.mark.parametrize("kind", ["document", "voice", "audio", "video", "video_note"])
def test_a_file_alone_is_a_message(kind: str) -> None:
    found = one(tg(**{kind: {"file_id": "F", "file_name": "surat.pdf", "mime_type": "application/pdf"}}))
    assert (found.text, found.media) == ("", (Media("F", name="surat.pdf", mime="application/pdf"),))


def test_an_animation_is_one_file_though_it_stands_in_two_places() -> None:
    file = {"file_id": "F", "mime_type": "video/mp4"}
    assert one(tg(animation=file, document=file)).media == (Media("F", mime="video/mp4"),)


def test_each_picture_of_an_album_is_a_message() -> None:
    ids = [
        one(tg(message_id=n, media_group_id="1", photo=[{"file_id": f"F{n}", "width": 1, "height": 1}])).id
        for n in (1, 2)
    ]
    assert ids == ["1000000001:1", "1000000001:2"]


def test_an_edit_replaces_the_message_of_the_same_number() -> None:
    found = one(tg("edited_message", text="Diperbaiki", edit_date=SENT + 60))
    assert (found.id, found.means, found.text) == ("1000000001:11", Means.EDITED, "Diperbaiki")
    assert found.at == datetime(2026, 11, 23, 2, 1, tzinfo=UTC)


def test_an_answer_names_what_it_answers() -> None:
    asked = {"message_id": 9, "chat": {"id": 1000000001, "type": "private"}, "text": "Di mana?"}
    assert one(tg(text="Tenggarong", reply_to_message=asked)).answers == "1000000001:9"


@pytest.mark.parametrize(
    ("chat", "name"),
    [
        ({"first_name": "Warga"}, "Warga"),
        ({"username": "wargacontoh"}, "@wargacontoh"),
        ({}, ""),
    ],
)
def test_a_person_is_called_as_the_chat_is(chat: Any, name: str) -> None:
    found = one(tg(text="Halo", chat={"id": 7, "type": "private"} | chat)).address
    assert (found.person, found.name) == ("7", name)


SKIPPED: dict[str, tuple[Any, str]] = {
    "group": (tg(text="Halo", chat={"id": -100, "type": "supergroup"}), "group"),
    "no chat": (tg(text="Halo", chat=None), "group"),
    "a bot": (tg(text="Halo", **{"from": {"id": 5, "is_bot": True}}), "bot"),
    "sticker": (tg(sticker={"file_id": "S", "emoji": "👍"}), "sticker"),
    "contact": (tg(contact={"phone_number": "080000000009", "first_name": "Orang Lain"}), "contact"),
    "where somebody is by now": (
        tg("edited_message", location={"latitude": -0.42, "longitude": 116.98, "live_period": 900}, edit_date=SENT + 9),
        "live_location",
    ),
    "poll": (tg(poll={"id": "1"}), "no_text_no_media"),
    "no number": (tg(text="Halo", message_id=None), "no_id"),
    "channel post": (tg("channel_post", text="Halo"), "post"),
    "reaction": ({"update_id": 1, "message_reaction": {}}, "reaction"),
    "blocked": ({"update_id": 1, "my_chat_member": {"new_chat_member": {"status": "kicked"}}}, "chat_member"),
    "button": ({"update_id": 1, "callback_query": {"id": "1", "data": "x"}}, "callback"),
    "of tomorrow": ({"update_id": 1, "hologram": {}}, "unknown_update"),
    "nothing": ({}, "unknown_update"),
    "a list": ([], "unknown_update"),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_no_complaint_is_skipped(name: str) -> None:
    body, why = SKIPPED[name]
    assert read(body) == (Skipped(why),)


def test_words_beside_a_sticker_or_a_contact_count() -> None:
    assert one(tg(sticker={"file_id": "S"}, text="Halo")).media == ()
