"""Posts for tests, and senders to the servers of this machine."""

from collections.abc import Mapping
from typing import Any

from automation.channels.outbound.answers import Post, Send, senders
from automation.channels.rules import Way
from register.complaint import Channel
from register.inbound import Address
from tests.automation.channels.servers import GraphServer, TelegramServer

QUICK = (2.0, 0.4)
"""Seconds for connecting and answering, so that a slow answer does not make a slow test."""
ACCOUNTS = {Channel.WHATSAPP: "200000000000002", Channel.FACEBOOK: "400000000000004", Channel.INSTAGRAM: "17840"}
PERSON = "6280000000001"
COMMENT = "600_700"


def a_post(channel: Channel, way: Way = Way.FREE, text: str = "Pengaduan diterima.", **changes: Any) -> Post:
    """A message to an invented person."""
    person, comment = changes.pop("person", PERSON), changes.pop("comment", COMMENT)
    return Post(Address(channel, ACCOUNTS.get(channel, "bot"), person, comment), text, way, **changes)


def to_graph(graph: GraphServer, **changes: Any) -> Mapping[Channel, Send]:
    """Senders of WhatsApp, Facebook and Instagram."""
    tokens = {f"{channel.value}_token": token for channel, token in graph.tokens.items()}
    given = {"graph_url": graph.url, "telegram_url": "http://127.0.0.1:9", "timeout": QUICK, **tokens, **changes}
    return senders(**given)


def to_telegram(api: TelegramServer, **changes: Any) -> Send:
    """Telegram's sender."""
    given = {"graph_url": "http://127.0.0.1:9", "telegram_url": api.url, "telegram_token": api.token, "timeout": QUICK}
    return senders(**{**given, **changes})[Channel.TELEGRAM]
