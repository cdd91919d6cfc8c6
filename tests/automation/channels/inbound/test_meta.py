"""Deliveries of Facebook and Instagram: public comments, and messages to us alone."""

from datetime import UTC, datetime
from typing import Any

import pytest

from automation.channels.inbound import meta, whatsapp
from register.complaint import Channel
from register.inbound import Address, Means, Media, Message, Skipped
from tests.automation.channels.inbound.bodies import (
    COMMENT,
    IG,
    IGSID,
    PAGE,
    PAYLOADS,
    POST,
    PSID,
    RECEIVED,
    SENT,
    SENT_AT,
    attached,
    comment,
    encoded,
    event,
    ig_comment,
    message,
)


def read(body: Any) -> Any:
    return meta.read(encoded(body), received_at=RECEIVED)


def one(body: Any) -> Message:
    (found,) = read(body)
    assert isinstance(found, Message), found
    return found


# -- comments ---------------------------------------------------------------------------------------------------------


def test_a_comment_on_facebook_is_public_and_knows_its_post() -> None:
    (found,) = meta.read(PAYLOADS["facebook_comment"], received_at=RECEIVED)
    assert found == Message(
        COMMENT,
        Address(Channel.FACEBOOK, PAGE, "500000000000005", COMMENT, POST, "Warga Contoh"),
        datetime(2026, 11, 23, 1, 59, 58, tzinfo=UTC),
        "Kapan bantuan kami cair?",
        public=True,
    )


def test_a_comment_on_instagram_is_the_same_with_changes_and_without() -> None:
    (found,) = meta.read(PAYLOADS["instagram_comment"], received_at=RECEIVED)
    assert found == Message(
        "17860000000000001",
        Address(Channel.INSTAGRAM, IG, IGSID, "17860000000000001", "18000000000000001", "warga.contoh"),
        SENT_AT,
        "Mohon info bantuan lansia",
        public=True,
    )
    assert one(ig_comment(changes=True)) == one(ig_comment(changes=False))
    assert one(ig_comment(field="live_comments")).public


def test_an_answer_below_a_comment_names_it_and_one_below_the_post_nothing() -> None:
    assert one(comment(parent_id="600000000000006_1")).answers == "600000000000006_1"
    assert one(comment(parent_id=POST)).answers == ""
    assert one(ig_comment(parent_id="17860000000000000")).answers == "17860000000000000"


@pytest.mark.parametrize(
    ("verb", "means"),
    [("add", Means.NEW), ("edited", Means.EDITED), ("remove", Means.REMOVED), ("delete", Means.REMOVED)],
)
def test_a_verb_says_what_a_comment_does(verb: str, means: Means) -> None:
    found = one(comment(verb=verb))
    assert (found.id, found.means) == (COMMENT, means)


def test_a_comment_taken_back_needs_no_text() -> None:
    assert one(comment(verb="remove", message=None)).means is Means.REMOVED


def test_pictures_of_a_comment_are_its_media() -> None:
    found = one(comment(message=None, photo="https://a.fbcdn.net/1.jpg", photos=["https://a.fbcdn.net/1.jpg", 7, "b"]))
    assert (found.text, found.media) == ("", (Media(url="https://a.fbcdn.net/1.jpg"), Media(url="b")))
    assert one(comment(message=None, video="https://v.fbcdn.net/1.mp4")).media == (
        Media(url="https://v.fbcdn.net/1.mp4"),
    )


def test_names_of_older_versions_are_known() -> None:
    found = one(comment(**{"from": None}, sender_id=1914154345481707, sender_name="Warga Lama"))
    assert (found.address.person, found.address.name) == ("1914154345481707", "Warga Lama")


@pytest.mark.parametrize(
    ("body", "person"),
    [
        (comment(**{"from": None}), f"comment:{COMMENT}"),
        (ig_comment(**{"from": {"username": "warga"}}), "comment:17860000000000001"),
        (comment() | {"entry": [{"changes": comment()["entry"][0]["changes"]}]}, "500000000000005"),
    ],
)
def test_a_comment_that_may_be_our_own_is_kept_apart_and_never_answered_by_a_program(body: Any, person: str) -> None:
    """Its author is not told, or not whose page it is; to answer our own answers would go on for ever."""
    found = one(body)
    assert (found.address.person, found.automatic, found.unanswered) == (person, False, True)
    assert one(comment()).answerable


NOT_OURS_TO_ANSWER: dict[str, tuple[Any, str]] = {
    "our own": (comment(**{"from": {"id": PAGE, "name": "Dinas"}}), "own_comment"),
    "our own, as a number": (comment(**{"from": {"id": int(PAGE)}}), "own_comment"),
    "our own removed": (comment(verb="remove", **{"from": {"id": PAGE}}), "own_comment"),
    "our own on Instagram": (ig_comment(**{"from": {"id": IG}}), "own_comment"),
    "our own, scoped": (ig_comment(**{"from": {"id": "1", "self_ig_scoped_id": "2"}}), "own_comment"),
    "our own, without changes": (ig_comment(changes=False, **{"from": {"id": IG}}), "own_comment"),
    "a like": (comment(item="like"), "reaction"),
    "a reaction": (comment(item="reaction"), "reaction"),
    "a post": (comment(item="status"), "post"),
    "a photo": (comment(item="photo"), "post"),
    "no item": (comment(item=None), "post"),
    "hidden": (comment(verb="hide"), "other_verb"),
    "no verb": (comment(verb=None), "other_verb"),
    "no text": (comment(message=None), "no_text_no_media"),
    "no id": (comment(comment_id=None), "no_id"),
    "mention": (ig_comment(field="mentions"), "mention"),
    "story": (ig_comment(field="story_insights"), "other_field"),
    "comment field on a page": (ig_comment() | {"object": "page"}, "other_field"),
}


@pytest.mark.parametrize("name", NOT_OURS_TO_ANSWER)
def test_what_is_no_comment_of_a_person_is_skipped(name: str) -> None:
    body, why = NOT_OURS_TO_ANSWER[name]
    assert read(body) == (Skipped(why),)


# -- messages to us alone ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "address", "id_", "text"),
    [
        (
            "messenger_text",
            Address(Channel.FACEBOOK, PAGE, PSID),
            "m_CONTOHMID0001",
            "Saya ingin melapor lewat Messenger.",
        ),
        (
            "instagram_dm",
            Address(Channel.INSTAGRAM, IG, IGSID),
            "aWdfZAG1faXRlbTpDT05UT0gwMDAx",
            "Saya ingin melapor lewat DM.",
        ),
    ],
)
def test_a_message_is_for_us_alone(name: str, address: Address, id_: str, text: str) -> None:
    (found,) = meta.read(PAYLOADS[name], received_at=RECEIVED)
    assert found == Message(id_, address, SENT_AT.replace(microsecond=123000), text)


TEXTS: dict[str, tuple[Any, str]] = {
    "quick reply": (message(text="Ya", quick_reply={"payload": "YA"}), "Ya"),
    "postback": (event(postback={"mid": "m_A", "title": "Mulai", "payload": "GET_STARTED"}), "Mulai"),
    "postback without a title": (event(postback={"mid": "m_A", "payload": "GET_STARTED"}), "GET_STARTED"),
    "story reply": (message(of="instagram", text="Benar?", reply_to={"story": {"id": "1", "url": "u"}}), "Benar?"),
    "link": (attached("fallback", title="Berita", url="https://contoh.invalid/1"), "Berita\nhttps://contoh.invalid/1"),
    "link beside": (
        message(attachments=[{"type": "fallback", "title": "Berita", "url": "https://contoh.invalid/1"}]),
        "Berita\nhttps://contoh.invalid/1",
    ),
    "place": (attached("location", coordinates={"lat": -0.42, "long": 116.98}), "Lokasi: -0.42, 116.98"),
    "test delivery of Meta": (
        {
            "object": "instagram",
            "entry": [
                {
                    "id": "0",
                    "time": SENT,
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "sender": {"id": "12334"},
                                "recipient": {"id": "23245"},
                                "timestamp": str(SENT),
                                "message": {"mid": "random_mid", "text": "random_text"},
                            },
                        }
                    ],
                }
            ],
        },
        "random_text",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_was_pressed_or_shown_is_text(name: str) -> None:
    body, text = TEXTS[name]
    found = one(body)
    assert (found.text, found.at) == (text, SENT_AT)


@pytest.mark.parametrize("kind", ["image", "video", "audio", "share", "ig_reel", "ig_post"])
def test_an_attachment_alone_is_a_message(kind: str) -> None:
    found = one(attached(kind, url="https://scontent.fbcdn.net/v/1_n.jpg?x=1"))
    assert (found.text, found.media) == ("", (Media(url="https://scontent.fbcdn.net/v/1_n.jpg?x=1"),))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://cdn.fbsbx.com/v/t59/surat%20saya.pdf/surat%20saya.pdf?_nc=1", "surat saya.pdf"),
        ("https://cdn.fbsbx.com/v/t59", ""),
        ("https://[broken", ""),
    ],
)
def test_a_document_is_called_as_its_address_ends(url: str, name: str) -> None:
    assert one(attached("file", url=url)).media == (Media(url=url, name=name),)


def test_several_attachments_are_media_of_one_message() -> None:
    pictures = [{"type": "image", "payload": {"url": f"https://a.fbcdn.net/{n}"}} for n in (1, 2)]
    assert len(one(message(text="Foto", attachments=pictures)).media) == 2


def test_an_edit_replaces_and_an_unsent_message_takes_back() -> None:
    edited = one(event(message_edit={"mid": "m_A", "text": "Diperbaiki", "num_edit": 1}))
    assert (edited.id, edited.means, edited.text) == ("m_A", Means.EDITED, "Diperbaiki")
    removed = one(message(of="instagram", is_deleted=True))
    assert (removed.id, removed.means, removed.text) == ("m_A", Means.REMOVED, "")


def test_an_answer_names_what_it_answers() -> None:
    assert one(message(text="Ya", reply_to={"mid": "m_Q"})).answers == "m_Q"


@pytest.mark.parametrize("body", [message(of="instagram", is_unsupported=True), attached("unsupported_type")])
def test_what_the_channel_could_not_hand_over_is_kept_to_ask_for_a_text(body: Any) -> None:
    assert one(body).unsupported == "unsupported"


def test_a_pressed_button_without_an_id_has_one_of_its_own() -> None:
    found = one(event(postback={"title": "Mulai"}))
    assert found.id == f"postback:{PSID}:{SENT * 1000}"
    assert one(event(postback={"title": "Mulai"})).id == found.id
    assert read(event(postback={"title": "Mulai"}, timestamp=None)) == (Skipped("no_id"),)


SKIPPED: dict[str, tuple[Any, str]] = {
    "echo": (message(text="Kami balas", is_echo=True), "echo"),
    "echo of a story": (
        message(of="instagram", is_echo=True, attachments=[{"type": "story_mention", "payload": {"url": "u"}}]),
        "echo",
    ),
    "from ourselves": (event(sender={"id": PAGE}, message={"mid": "m_A", "text": "x"}), "echo"),
    "to ourselves": (event(of="instagram", is_self=True, message={"mid": "m_A", "text": "x"}), "echo"),
    "delivery": (event(delivery={"mids": ["m_B"], "watermark": 1}), "delivery"),
    "read": (event(read={"watermark": 1}), "read"),
    "reaction": (event(reaction={"mid": "m_B", "action": "react"}), "reaction"),
    "link clicked": (event(referral={"ref": "x"}), "referral"),
    "opt-in": (event(optin={"ref": "x"}), "optin"),
    "hand-over": (event(pass_thread_control={"new_owner_app_id": "1"}), "other_event"),
    "thumb, as before": (attached("image", url="https://a.fbcdn.net/1", sticker_id=369239263222822), "sticker"),
    "sticker": (attached("sticker", url="https://a.fbcdn.net/1", sticker_id=1), "sticker"),
    "both, in between": (
        message(
            attachments=[{"type": kind, "payload": {"url": "u", "sticker_id": 1}} for kind in ("image", "sticker")]
        ),
        "sticker",
    ),
    "story mention": (attached("story_mention", url="https://lookaside.fbsbx.com/1"), "story_mention"),
    "nothing": (message(), "no_text_no_media"),
    "nobody": (event(sender={}, message={"mid": "m_A", "text": "x"}), "no_sender"),
    "no id": (event(message={"text": "x"}), "no_id"),
}


@pytest.mark.parametrize("name", SKIPPED)
def test_what_is_no_complaint_is_skipped(name: str) -> None:
    body, why = SKIPPED[name]
    assert read(body) == (Skipped(why),)


def test_what_an_event_does_not_tell_its_entry_may() -> None:
    body = message(text="Halo")
    del body["entry"][0]["messaging"][0]["timestamp"]
    assert one(body).at == SENT_AT
    del body["entry"][0]["id"]
    assert one(body).address.account == PAGE


# -- deliveries -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"object": "permissions", "entry": []}, "unknown_object"),
        ({"object": "page"}, "empty"),
        ({"object": "page", "entry": [{"id": PAGE}]}, "empty"),
        ({"object": "page", "entry": [{"id": PAGE, "standby": [{"message": {"text": "x"}}]}]}, "standby"),
        ([], "unknown_object"),
    ],
)
def test_a_delivery_that_tells_nothing_is_skipped(body: Any, why: str) -> None:
    assert read(body) == (Skipped(why),)


def test_whatsapp_may_come_by_the_same_address() -> None:
    body = PAYLOADS["whatsapp_text"]
    assert meta.read(body, received_at=RECEIVED) == whatsapp.read(body, received_at=RECEIVED)


def test_one_delivery_may_hold_comments_and_messages() -> None:
    entries = [*comment()["entry"], *message(text="Halo")["entry"], 7, *comment(comment_id="2")["entry"]]
    found = read({"object": "page", "entry": entries})
    assert [getattr(update, "id", update) for update in found] == [COMMENT, "m_A", Skipped("empty"), "2"]


def test_a_batch_is_read_to_its_end_in_its_order() -> None:
    """Meta sends up to 1,000 updates at once."""
    entries = [comment(comment_id=str(n))["entry"][0] for n in range(1000)]
    found = read({"object": "page", "entry": entries})
    assert [update.id for update in found] == [str(n) for n in range(1000)]
