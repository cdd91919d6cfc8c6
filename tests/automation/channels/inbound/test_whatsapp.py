"""WhatsApp's deliveries: which messages they hold, and what became of ours."""

from datetime import UTC, datetime
from typing import Any

import pytest

from automation.channels.inbound import whatsapp
from register.complaint import Channel
from register.inbound import Address, Fate, Means, Media, Message, Report, Skipped
from tests.automation.channels.inbound.bodies import (
    NUMBER_ID,
    PAYLOADS,
    PERSON,
    PHONE,
    RECEIVED,
    SENT,
    SENT_AT,
    encoded,
    wa,
    wa_message,
)

ADDRESS = Address(Channel.WHATSAPP, NUMBER_ID, PERSON, name="Warga Contoh", phone=f"+{PHONE}")


def read(body: Any) -> Any:
    return whatsapp.read(encoded(body), received_at=RECEIVED)


def one(body: Any) -> Message:
    (found,) = read(body)
    assert isinstance(found, Message), found
    return found


def test_a_text_is_a_message_with_all_that_is_known_of_its_writer() -> None:
    (found,) = whatsapp.read(PAYLOADS["whatsapp_text"], received_at=RECEIVED)
    assert found == Message(
        "wamid.CONTOHTEXT0001", ADDRESS, SENT_AT, "Bantuan sembako belum saya terima sejak bulan lalu."
    )


def test_somebody_with_a_name_instead_of_a_number_is_known_by_the_user_id() -> None:
    (found,) = whatsapp.read(PAYLOADS["whatsapp_text_no_phone"], received_at=RECEIVED)
    assert isinstance(found, Message)
    assert found.address == Address(Channel.WHATSAPP, NUMBER_ID, PERSON, name="Warga Contoh")


def test_files_keep_their_captions_and_names() -> None:
    (image,) = whatsapp.read(PAYLOADS["whatsapp_image"], received_at=RECEIVED)
    (document,) = whatsapp.read(PAYLOADS["whatsapp_document"], received_at=RECEIVED)
    url = "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid="
    assert isinstance(image, Message)
    assert isinstance(document, Message)
    assert (image.text, image.media) == (
        "Foto kartu",
        (Media("300000000000003", f"{url}300000000000003", mime="image/jpeg"),),
    )
    assert (document.text, document.media) == (
        "Surat keterangan",
        (Media("300000000000004", f"{url}300000000000004", "surat-contoh.pdf", "application/pdf"),),
    )


def test_statuses_tell_what_became_of_our_messages() -> None:
    found = whatsapp.read(PAYLOADS["whatsapp_status"], received_at=RECEIVED)
    at = datetime(2026, 11, 23, 2, 1, 40, tzinfo=UTC)
    assert found == (
        Report(Channel.WHATSAPP, NUMBER_ID, "wamid.CONTOHOUT0001", Fate.DELIVERED, at),
        Report(Channel.WHATSAPP, NUMBER_ID, "wamid.CONTOHOUT0002", Fate.FAILED, at.replace(second=41), 131047),
    )


@pytest.mark.parametrize(
    ("told", "fate"), [("sent", Fate.SENT), ("read", Fate.READ), ("played", Fate.READ), ("failed", Fate.FAILED)]
)
def test_each_status_is_a_fate(told: str, fate: Fate) -> None:
    (found,) = read(wa(messages=[], statuses=[{"id": "wamid.B", "status": told, "timestamp": str(SENT)}]))
    assert found == Report(Channel.WHATSAPP, NUMBER_ID, "wamid.B", fate, SENT_AT)


TEXTS: dict[str, tuple[Any, str]] = {
    "text": ({"type": "text", "text": {"body": "Halo\r\nPak\x00"}}, "Halo\nPak"),
    "button of a template": ({"type": "button", "button": {"text": "Ya", "payload": "ya-1"}}, "Ya"),
    "reply button": (
        {"type": "interactive", "interactive": {"type": "button_reply", "button_reply": {"id": "1", "title": "Ya"}}},
        "Ya",
    ),
    "row of a list": (
        {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "1", "title": "Bansos"}}},
        "Bansos",
    ),
    "order with a word": ({"type": "order", "order": {"catalog_id": "1", "text": "Tolong"}}, "Tolong"),
    "location": ({"type": "location", "location": {"latitude": -0.42, "longitude": 116.98}}, "Lokasi: -0.42, 116.98"),
    "location without a type": ({"location": {"latitude": -0.42, "longitude": 116.98}}, "Lokasi: -0.42, 116.98"),
    "location with a name": (
        {
            "type": "location",
            "location": {"latitude": 0, "longitude": 117.0000001, "name": "Kantor Camat", "address": "Jalan Contoh 1"},
        },
        "Lokasi: 0, 117 (Kantor Camat, Jalan Contoh 1)",
    ),
    "advertisement before it": ({"referral": {"body": "Iklan"}, "type": "text", "text": {"body": "Info"}}, "Info"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_pressed_or_shown_is_text(name: str) -> None:
    holds, text = TEXTS[name]
    assert one(wa(wa_message(**holds))).text == text


@pytest.mark.parametrize("kind", ["image", "video", "audio", "voice", "document"])
def test_a_file_alone_is_a_message(kind: str) -> None:
    found = one(wa(wa_message(type=kind, **{kind: {"id": "3", "mime_type": "audio/ogg; codecs=opus"}})))
    assert (found.text, found.media) == ("", (Media("3", mime="audio/ogg"),))


SKIPPED: dict[str, tuple[Any, str]] = {
    "reaction": ({"type": "reaction", "reaction": {"message_id": "wamid.B", "emoji": "👍"}}, "reaction"),
    "reaction taken back": ({"type": "reaction", "reaction": {"message_id": "wamid.B"}}, "reaction"),
    "sticker": ({"type": "sticker", "sticker": {"id": "3", "mime_type": "image/webp"}}, "sticker"),
    "contact": ({"type": "contacts", "contacts": [{"name": {"formatted_name": "Orang Lain"}}]}, "contact"),
    "number changed": ({"type": "system", "system": {"type": "user_changed_number", "body": "…"}}, "system"),
    "chat opened": ({"type": "request_welcome"}, "request_welcome"),
    "group": ({"type": "text", "text": {"body": "Halo"}, "group_id": "Y2F"}, "group"),
    "blank": ({"type": "text", "text": {"body": " \n\x00"}}, "no_text_no_media"),
    "order alone": ({"type": "order", "order": {"catalog_id": "1", "text": ""}}, "no_text_no_media"),
    "location nowhere": ({"type": "location", "location": {"latitude": 91, "longitude": 0}}, "no_text_no_media"),
    "a kind of tomorrow": ({"type": "hologram", "hologram": {}}, "unknown_kind"),
    "no kind": ({}, "unknown_kind"),
    "no id": ({"type": "text", "text": {"body": "Halo"}, "id": None}, "no_id"),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_no_complaint_is_skipped(name: str) -> None:
    holds, why = SKIPPED[name]
    assert read(wa(wa_message(**holds))) == (Skipped(why),)


ELSEWHERE: dict[str, tuple[Any, str]] = {
    "an echo of the office's own phone": ({"field": "smb_message_echoes", "value": {"message_echoes": [{}]}}, "echo"),
    "history": ({"field": "history", "value": {"history": []}}, "history"),
    "account": ({"field": "account_update", "value": {}}, "other_field"),
    "nothing": ({"field": "messages", "value": {}}, "empty"),
    "no value": ({"field": "messages"}, "empty"),
    "an error of the channel": ({"field": "messages", "value": {"errors": [{"code": 130429}]}}, "channel_error"),
    "a status of tomorrow": ({"value": {"statuses": [{"id": "wamid.B", "status": "warning"}]}}, "unknown_status"),
    "a status of nothing": ({"value": {"statuses": [{"status": "sent"}]}}, "no_id"),
}


@pytest.mark.parametrize("name", ELSEWHERE)
def test_other_changes_are_skipped(name: str) -> None:
    change, why = ELSEWHERE[name]
    assert read({"object": "whatsapp_business_account", "entry": [{"changes": [change]}]}) == (Skipped(why),)


@pytest.mark.parametrize("kind", ["unsupported", "unknown"])
def test_what_the_channel_could_not_hand_over_is_kept_to_ask_for_a_text(kind: str) -> None:
    found = one(wa(wa_message(type=kind, errors=[{"code": 131051, "title": "Message type unknown"}])))
    assert (found.unsupported, found.text, found.media) == ("131051", "", ())


def test_so_is_an_answer_that_arrived_without_its_content() -> None:
    """As recorded by david-lev/pywa: the error stands beside the message."""
    body = wa(wa_message(type="interactive"), errors=[{"code": 131000}])
    assert one(body).unsupported == "131000"
    assert one(wa(wa_message(type="unsupported"))).unsupported == "unsupported"
    assert one(wa(wa_message(type="text", text={"body": "Halo"}), errors=[{"code": 131000}])).unsupported == ""


def test_an_edit_replaces_the_message_that_it_names() -> None:
    edit = {"original_message_id": "wamid.OLD", "message": {"type": "text", "text": {"body": "Diperbaiki"}}}
    found = one(wa(wa_message(type="edit", edit=edit)))
    assert (found.id, found.means, found.text) == ("wamid.OLD", Means.EDITED, "Diperbaiki")
    edit["message"] = {"type": "image", "image": {"id": "3", "caption": "Baru"}}
    found = one(wa(wa_message(type="edit", edit=edit)))
    assert (found.text, found.media) == ("Baru", (Media("3"),))


def test_a_message_taken_back_names_the_one_that_went() -> None:
    found = one(wa(wa_message(type="revoke", revoke={"original_message_id": "wamid.OLD"})))
    assert (found.id, found.means, found.text) == ("wamid.OLD", Means.REMOVED, "")


def test_an_answer_names_what_it_answers_and_a_forwarded_message_nothing() -> None:
    said = {"type": "text", "text": {"body": "Ya"}}
    assert one(wa(wa_message(**said, context={"from": "6280000000000", "id": "wamid.Q"}))).answers == "wamid.Q"
    assert one(wa(wa_message(**said, context={"forwarded": True}))).answers == ""


PEOPLE: dict[str, tuple[Any, Any, tuple[str, str, str]]] = {
    "number alone, as before 2026": (
        {"from_user_id": None},
        [{"wa_id": PHONE, "profile": {"name": "Warga"}}],
        (PHONE, f"+{PHONE}", "Warga"),
    ),
    "user id of the card": (
        {"from_user_id": None},
        [{"wa_id": PHONE, "user_id": PERSON, "profile": {"username": "warga"}}],
        (PERSON, f"+{PHONE}", "warga"),
    ),
    "no card": ({}, [], (PERSON, f"+{PHONE}", "")),
    "the card alone": (
        {"from_user_id": None, "from": None},
        [{"wa_id": PHONE, "profile": {"name": "Warga"}}],
        (PHONE, f"+{PHONE}", "Warga"),
    ),
    "somebody else's card": (
        {},
        [{"wa_id": "6280000000009", "user_id": "ID.9", "profile": {"name": "Orang Lain"}}],
        (PERSON, f"+{PHONE}", ""),
    ),
    "two cards": (
        {"from": None},
        [{"user_id": "ID.9", "profile": {"name": "Lain"}}, {"user_id": PERSON, "profile": {"name": "Warga"}}],
        (PERSON, "", "Warga"),
    ),
    "a number that is none": ({"from": "warga"}, [], (PERSON, "", "")),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_who_wrote_is_found_by_what_is_told(name: str) -> None:
    of, contacts, (person, phone, called) = PEOPLE[name]
    found = one(wa(wa_message(type="text", text={"body": "Halo"}, **of), contacts=contacts)).address
    assert (found.person, found.phone, found.name) == (person, phone, called)


def test_nobody_is_guessed_where_two_cards_might_be_the_writer() -> None:
    said = wa_message(type="text", text={"body": "Halo"}, **{"from": None, "from_user_id": None})
    assert read(wa(said, contacts=[{"user_id": "ID.8"}, {"user_id": "ID.9"}])) == (Skipped("no_sender"),)
    assert read(wa(said, said, contacts=[{"user_id": "ID.8"}])) == (Skipped("no_sender"),) * 2


def test_a_batch_is_read_to_its_end_in_its_order() -> None:
    """Meta sends up to 1,000 updates at once."""
    good = [wa_message(id=f"wamid.{n}", type="text", text={"body": f"Pesan {n}"}) for n in range(1000)]
    bad: list[Any] = [None, 7, [], {}, {"type": {}}, wa_message(type="sticker")]
    mixed = [entry for n, member in enumerate(good) for entry in (member, bad[n % len(bad)])]
    found = read(wa(*mixed))
    assert [update.id for update in found if isinstance(update, Message)] == [member["id"] for member in good]
    assert sum(isinstance(update, Skipped) for update in found) == len(good)


def test_of_many_people_in_one_delivery_each_is_known_by_their_own_card() -> None:
    count = range(1000)
    cards = [{"user_id": f"ID.{n}", "wa_id": f"62800{n:07}", "profile": {"name": f"Warga {n}"}} for n in count]
    texts = [wa_message(id=f"w.{n}", type="text", text={"body": "x"}, from_user_id=f"ID.{n}") for n in count]
    found = read(wa(*texts, contacts=cards))
    assert [update.address.name for update in found] == [f"Warga {n}" for n in count]
