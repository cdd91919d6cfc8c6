"""That the servers of the tests refuse what the real APIs would refuse, and stop by themselves."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from register.complaint import Channel
from tests.automation.channels.servers import GraphServer, TelegramServer, refusal, slow

WHATSAPP, FACEBOOK, INSTAGRAM = Channel.WHATSAPP, Channel.FACEBOOK, Channel.INSTAGRAM
TEXT = {"messaging_product": "whatsapp", "to": "6280000000001", "type": "text", "text": {"body": "Halo"}}
DIRECT = {"recipient": {"id": "500"}, "messaging_type": "RESPONSE", "message": {"text": "Halo"}}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def template(name: str, *values: str, language: str = "id") -> dict[str, Any]:
    parameters = [{"type": "text", "text": value} for value in values]
    said = {"name": name, "language": {"code": language}, "components": [{"type": "body", "parameters": parameters}]}
    return {**without(TEXT, "text"), "type": "template", "template": said}


@pytest.fixture(name="graph")
def _graph() -> Iterator[GraphServer]:
    with GraphServer() as graph:
        graph.templates["selesai"] = 1
        yield graph


def ask(graph: GraphServer, channel: Channel, path: str, body: dict[str, Any], token: str = "") -> tuple[int, int]:
    """The status and the error's code; 0 where there is none."""
    headers = {"Authorization": f"Bearer {token or graph.tokens[channel]}"}
    answer = requests.post(f"{graph.url}/{path}", json=body, headers=headers, timeout=5)
    return answer.status_code, answer.json().get("error", {}).get("code", 0)


@pytest.mark.parametrize(
    ("channel", "path", "body", "answer"),
    [
        (WHATSAPP, "200/messages", TEXT, (200, 0)),
        (WHATSAPP, "200/messages", without(TEXT, "messaging_product"), (400, 100)),
        (WHATSAPP, "200/messages", without(TEXT, "to"), (400, 131008)),
        (WHATSAPP, "200/messages", {**TEXT, "to": "ID.1"}, (400, 131009)),
        (WHATSAPP, "200/messages", {**without(TEXT, "to"), "recipient": "ID.1"}, (200, 0)),
        (WHATSAPP, "200/messages", {**TEXT, "text": {"body": "a" * 4096}}, (200, 0)),
        (WHATSAPP, "200/messages", {**TEXT, "text": {"body": "a" * 4097}}, (400, 100)),
        (WHATSAPP, "200/messages", {**TEXT, "text": {"body": ""}}, (400, 100)),
        (WHATSAPP, "200/messages", template("selesai", "A"), (200, 0)),
        (WHATSAPP, "200/messages", template("selesai", "A", "B"), (400, 132000)),
        (WHATSAPP, "200/messages", template("selesai", "A", language="en"), (404, 132001)),
        (WHATSAPP, "200/messages", template("lain", "A"), (404, 132001)),
        (WHATSAPP, "200/messages", template("selesai", "A\nB"), (400, 132012)),
        (WHATSAPP, "200/messages", template("selesai", ""), (400, 132012)),
        (FACEBOOK, "400/messages", DIRECT, (200, 0)),
        (FACEBOOK, "400/messages", without(DIRECT, "messaging_type"), (400, 100)),
        (FACEBOOK, "400/messages", without(DIRECT, "recipient"), (400, 100)),
        (FACEBOOK, "400/messages", {**DIRECT, "message": {"text": "a" * 2001}}, (400, 100)),
        (FACEBOOK, "600_700/comments", {"message": "Terima kasih"}, (200, 0)),
        (FACEBOOK, "600_700/comments", {}, (400, 100)),
        (FACEBOOK, "600_700/replies", {"message": "Terima kasih"}, (400, 100)),
        (INSTAGRAM, "600/replies", {"message": "Terima kasih"}, (200, 0)),
        (INSTAGRAM, "me/messages", without(DIRECT, "messaging_type"), (200, 0)),
        (INSTAGRAM, "me/messages", {**DIRECT, "message": {"text": "é" * 501}}, (400, 100)),
    ],
)
def test_graph_refuses_what_the_real_one_would(
    graph: GraphServer, channel: Channel, path: str, body: dict[str, Any], answer: tuple[int, int]
) -> None:
    assert ask(graph, channel, path, body) == answer
    assert len(graph.taken) == (answer[0] == 200)


def test_graph_knows_its_tokens(graph: GraphServer) -> None:
    assert ask(graph, WHATSAPP, "200/messages", TEXT, token="EAAsalah") == (401, 190)
    in_the_address = f"200/messages?access_token={graph.tokens[WHATSAPP]}"
    assert ask(graph, WHATSAPP, in_the_address, TEXT) == (401, 190)


def test_graph_allows_a_comment_one_private_reply(graph: GraphServer) -> None:
    private = {"recipient": {"comment_id": "600_700"}, "message": {"text": "Halo"}}
    assert [ask(graph, FACEBOOK, "400/messages", private) for _ in range(2)] == [(200, 0), (400, 10900)]
    assert [taken.way for taken in graph.taken] == ["private reply"]


def test_answers_come_in_the_order_told_and_then_as_usual(graph: GraphServer) -> None:
    graph.answer_next(refusal(131047), refusal(190, 401))
    said = [ask(graph, WHATSAPP, "200/messages", TEXT) for _ in range(3)]
    assert said == [(400, 131047), (401, 190), (200, 0)]
    assert len(graph.taken) == 1
    assert [json.dumps(asked.body) for asked in graph.requests] == [json.dumps(TEXT)] * 3


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("sendMessage", {"chat_id": "1", "text": "Halo"}, 200),
        ("sendMessage", {"chat_id": 1, "text": "a" * 4096}, 200),
        ("sendMessage", {"chat_id": "1", "text": "a" * 4097}, 400),
        ("sendMessage", {"chat_id": "1", "text": " "}, 400),
        ("sendMessage", {"text": "Halo"}, 400),
        ("kirim", {"chat_id": "1", "text": "Halo"}, 404),
    ],
)
def test_telegram_refuses_what_the_real_one_would(path: str, body: dict[str, Any], status: int) -> None:
    with TelegramServer() as bot:
        answer = requests.post(f"{bot.url}/bot{bot.token}/{path}", json=body, timeout=5)
        assert (answer.status_code, answer.json()["ok"]) == (status, status == 200)
        assert requests.post(f"{bot.url}/bot1:salah/{path}", json=body, timeout=5).status_code == 401
        assert len(bot.taken) == (status == 200)


def test_a_server_stops_although_it_owes_an_answer() -> None:
    with TelegramServer() as bot:
        bot.answer_next(slow(60))
        with pytest.raises(requests.ReadTimeout):
            requests.post(f"{bot.url}/bot{bot.token}/sendMessage", json={"chat_id": "1", "text": "a"}, timeout=0.2)
    with pytest.raises(requests.ConnectionError):
        requests.post(bot.url, json={}, timeout=5)
