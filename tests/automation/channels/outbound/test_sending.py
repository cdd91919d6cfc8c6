"""What is asked of each API, and what its acceptance tells: the proof, and the person behind a comment."""

from collections.abc import Iterator
from typing import Any

import pytest

from automation.channels.outbound.answers import senders
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way
from register.complaint import Channel
from tests.automation.channels.outbound.posting import COMMENT, PERSON, a_post, to_graph, to_telegram
from tests.automation.channels.servers import GraphServer, TelegramServer, as_usual, lost, refusal

WHATSAPP, FACEBOOK, INSTAGRAM, TELEGRAM = Channel.WHATSAPP, Channel.FACEBOOK, Channel.INSTAGRAM, Channel.TELEGRAM
TEXT = "Pengaduan diterima."


@pytest.fixture(name="graph")
def _graph() -> Iterator[GraphServer]:
    with GraphServer() as graph:
        yield graph


@pytest.fixture(name="bot")
def _bot() -> Iterator[TelegramServer]:
    with TelegramServer() as bot:
        yield bot


@pytest.mark.parametrize(
    ("channel", "way", "path", "body"),
    [
        (
            WHATSAPP,
            Way.FREE,
            "200000000000002/messages",
            {
                "messaging_product": "whatsapp",
                "recipient_type": "individual",
                "to": PERSON,
                "type": "text",
                "text": {"body": TEXT},
            },
        ),
        (
            FACEBOOK,
            Way.FREE,
            "400000000000004/messages",
            {"recipient": {"id": PERSON}, "messaging_type": "RESPONSE", "message": {"text": TEXT}},
        ),
        (
            FACEBOOK,
            Way.PRIVATE,
            "400000000000004/messages",
            {"recipient": {"comment_id": COMMENT}, "message": {"text": TEXT}},
        ),
        (FACEBOOK, Way.PUBLIC, "600_700/comments", {"message": TEXT}),
        (INSTAGRAM, Way.FREE, "me/messages", {"recipient": {"id": PERSON}, "message": {"text": TEXT}}),
        (INSTAGRAM, Way.PRIVATE, "me/messages", {"recipient": {"comment_id": COMMENT}, "message": {"text": TEXT}}),
        (INSTAGRAM, Way.PUBLIC, "600_700/replies", {"message": TEXT}),
    ],
)
def test_graph_is_asked_as_its_documentation_says(
    graph: GraphServer, channel: Channel, way: Way, path: str, body: dict[str, Any]
) -> None:
    graph.people[COMMENT] = "777"
    outcome = to_graph(graph)[channel](a_post(channel, way))
    (asked,) = graph.requests
    assert (asked.path, asked.body) == (f"/v25.0/{path}", body)
    assert asked.headers["Authorization"] == f"Bearer {graph.tokens[channel]}"
    (taken,) = graph.taken
    reached = {Way.FREE: PERSON if channel is not WHATSAPP else "", Way.PRIVATE: "777", Way.PUBLIC: ""}[way]
    assert outcome == Outcome(Result.SENT, proof=taken.id, person=reached)
    assert taken.id


@pytest.mark.parametrize(
    ("person", "field"),
    [
        ("6280000000001", "to"),
        ("+6280000000001", "to"),
        ("ID.10000000000000000001", "recipient"),
        ("US.ENT.11815799212886844830", "recipient"),
        ("SG.1a2B3c", "recipient"),
    ],
)
def test_somebody_who_hides_the_number_is_the_recipient(graph: GraphServer, person: str, field: str) -> None:
    outcome = to_graph(graph)[WHATSAPP](a_post(WHATSAPP, person=person))
    assert outcome.result is Result.SENT
    assert {name: graph.requests[0].body[name] for name in ("to", "recipient") if name in graph.requests[0].body} == {
        field: person
    }


def test_a_template_goes_in_indonesian_with_values_on_one_line(graph: GraphServer) -> None:
    graph.templates["pengaduan_selesai"] = 3
    graph.closed.add(PERSON)
    values = ("7K3M-Q9TX-2", "Baris satu\nbaris\tdua      akhir", " ")
    post = a_post(WHATSAPP, Way.TEMPLATE, template="pengaduan_selesai", values=values)
    outcome = to_graph(graph)[WHATSAPP](post)
    assert outcome == Outcome(Result.SENT, proof=graph.taken[0].id)
    assert graph.requests[0].body["template"] == {
        "name": "pengaduan_selesai",
        "language": {"code": "id"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "7K3M-Q9TX-2"},
                    {"type": "text", "text": "Baris satu baris dua akhir"},
                    {"type": "text", "text": "-"},
                ],
            }
        ],
    }


def test_a_template_without_values_has_no_components(graph: GraphServer) -> None:
    graph.templates["terima_kasih"] = 0
    to_graph(graph)[WHATSAPP](a_post(WHATSAPP, Way.TEMPLATE, template="terima_kasih"))
    assert graph.requests[0].body["template"] == {"name": "terima_kasih", "language": {"code": "id"}}


def test_telegram_is_asked_for_plain_text(bot: TelegramServer) -> None:
    outcome = to_telegram(bot)(a_post(TELEGRAM, text="<b>*bukan* tanda</b>", person="4711"))
    (asked,) = bot.requests
    assert asked.path == f"/bot{bot.token}/sendMessage"
    assert asked.body == {
        "chat_id": "4711",
        "text": "<b>*bukan* tanda</b>",
        "link_preview_options": {"is_disabled": True},
    }
    assert "Authorization" not in asked.headers
    assert outcome == Outcome(Result.SENT, proof="4711:1")


def test_names_in_paths_cannot_lead_elsewhere(graph: GraphServer) -> None:
    to_graph(graph)[FACEBOOK](a_post(FACEBOOK, Way.PUBLIC, comment="1/../../me?x=1"))
    assert graph.requests[0].path == "/v25.0/1%2F..%2F..%2Fme%3Fx%3D1/comments"


def test_only_channels_with_a_token_have_a_sender() -> None:
    nobody = senders(graph_url="https://graph.invalid/v25.0", telegram_url="https://telegram.invalid")
    some = senders(
        graph_url="https://graph.invalid",
        telegram_url="https://telegram.invalid",
        facebook_token="a",
        telegram_token="b",
    )
    assert set(nobody) == set()
    assert set(some) == {FACEBOOK, TELEGRAM}


# -- what cannot be sent at all ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "way", "changes", "told"),
    [
        (WHATSAPP, Way.PUBLIC, {}, "tidak mengenal cara"),
        (WHATSAPP, Way.TEMPLATE, {}, "belum ditentukan"),
        (WHATSAPP, Way.FREE, {"person": ""}, "Penerima di WhatsApp tidak diketahui"),
        (WHATSAPP, Way.FREE, {"text": " \n"}, "Isi pesan kosong"),
        (FACEBOOK, Way.TEMPLATE, {"template": "x"}, "tidak mengenal cara"),
        (FACEBOOK, Way.PRIVATE, {"comment": ""}, "Komentar Facebook"),
        (FACEBOOK, Way.PRIVATE, {"text": "kata " * 401}, "lebih panjang daripada satu balasan Facebook (2000 huruf)"),
        (INSTAGRAM, Way.PRIVATE, {"text": "é" * 501}, "lebih panjang daripada satu balasan Instagram (1000 huruf)"),
        (INSTAGRAM, Way.PUBLIC, {"text": "kata " * 441}, "lebih panjang daripada satu balasan Instagram (2200 huruf)"),
    ],
)
def test_what_cannot_be_sent_is_refused_unasked(
    graph: GraphServer, channel: Channel, way: Way, changes: dict[str, Any], told: str
) -> None:
    outcome = to_graph(graph)[channel](a_post(channel, way, **changes))
    assert (outcome.result, outcome.hopeless) == (Result.REFUSED, True)
    assert told in outcome.problem
    assert graph.requests == []


# -- long texts -------------------------------------------------------------------------------------------------------

LONG = "\n\n".join(f"Bagian {number}. " + "kata " * 300 for number in range(1, 4))


def test_a_long_answer_goes_in_parts_in_order(graph: GraphServer) -> None:
    outcome = to_graph(graph)[FACEBOOK](a_post(FACEBOOK, text=LONG))
    texts = [taken.text for taken in graph.taken]
    assert [text[:9] for text in texts] == ["Bagian 1.", "Bagian 2.", "Bagian 3."]
    assert all(len(text) <= 2000 for text in texts)
    assert " ".join(texts).split() == LONG.split()
    assert outcome == Outcome(Result.SENT, proof=graph.taken[-1].id, person=PERSON)


@pytest.mark.parametrize("bytes_each", ["é" * 700, "😀" * 300, "e\u0301 " * 400])
def test_instagrams_parts_are_measured_in_bytes(graph: GraphServer, bytes_each: str) -> None:
    assert to_graph(graph)[INSTAGRAM](a_post(INSTAGRAM, text=bytes_each)).result is Result.SENT
    assert len(graph.taken) > 1


@pytest.mark.parametrize(
    ("broken", "sent"),
    [(refusal(131056, 400), 1), (refusal(190, 401), 1), (lost(), 1)],
)
def test_a_later_part_that_fails_leaves_the_whole_to_people(graph: GraphServer, broken: Any, sent: int) -> None:
    graph.answer_next(as_usual(), broken)
    outcome = to_graph(graph)[FACEBOOK](a_post(FACEBOOK, text=LONG))
    assert outcome.result is Result.UNSURE
    assert outcome.problem.startswith(f"Baru {sent} dari 3 bagian pesan terkirim: kirim sisanya sendiri. ")
    assert (outcome.hopeless, outcome.wait_seconds) == (False, 0)
    assert outcome.proof == graph.taken[0].id
    assert len(graph.requests) == 2


def test_a_first_part_that_is_refused_may_be_sent_again(graph: GraphServer) -> None:
    graph.answer_next(refusal(613))
    outcome = to_graph(graph)[FACEBOOK](a_post(FACEBOOK, text=LONG))
    assert outcome.result is Result.REFUSED
    assert len(graph.requests) == 1


# -- what the real servers would refuse -------------------------------------------------------------------------------


def test_a_comment_has_one_private_reply(graph: GraphServer) -> None:
    send = to_graph(graph)[FACEBOOK]
    assert send(a_post(FACEBOOK, Way.PRIVATE)).result is Result.SENT
    again = send(a_post(FACEBOOK, Way.PRIVATE))
    assert (again.result, again.hopeless) == (Result.REFUSED, True)
    assert "sudah pernah dipakai" in again.problem
    assert len(graph.taken) == 1


@pytest.mark.parametrize(
    ("channel", "told"), [(WHATSAPP, "lebih dari 24 jam"), (FACEBOOK, "Jendela balasan Facebook sudah tertutup")]
)
def test_outside_the_window_nothing_is_accepted(graph: GraphServer, channel: Channel, told: str) -> None:
    graph.closed.add(PERSON)
    outcome = to_graph(graph)[channel](a_post(channel))
    assert (outcome.result, outcome.hopeless, outcome.unreachable) == (Result.REFUSED, True, False)
    assert told in outcome.problem


@pytest.mark.parametrize("channel", [WHATSAPP, FACEBOOK, INSTAGRAM])
def test_a_wrong_token_names_the_setting(graph: GraphServer, channel: Channel) -> None:
    outcome = to_graph(graph, **{f"{channel.value}_token": "EAAsalah"})[channel](a_post(channel))
    assert (outcome.result, outcome.hopeless) == (Result.REFUSED, True)
    assert f"isikan pada ADUAN_{channel.value.upper()}_TOKEN" in outcome.problem
    assert "EAA" not in outcome.problem


def test_telegrams_own_refusals(bot: TelegramServer) -> None:
    bot.blocked.add("1")
    bot.unknown.add("2")
    blocked = to_telegram(bot)(a_post(TELEGRAM, person="1"))
    unknown = to_telegram(bot)(a_post(TELEGRAM, person="2"))
    wrong = to_telegram(bot, telegram_token="1:salah")(a_post(TELEGRAM, person="3"))
    assert [each.result for each in (blocked, unknown, wrong)] == [Result.REFUSED] * 3
    assert [each.hopeless for each in (blocked, unknown, wrong)] == [True] * 3
    assert [each.unreachable for each in (blocked, unknown, wrong)] == [True, True, False]
    assert "memblokir bot" in blocked.problem
    assert "ADUAN_TELEGRAM_TOKEN" in wrong.problem
