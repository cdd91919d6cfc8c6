"""
Servers on this machine that speak the reply endpoints of Meta's Graph API and of Telegram's Bot API, by real HTTP.

They refuse what the real ones would refuse, keep what they were asked (`requests`) and what they accepted (`taken`),
and can be told what to answer next::

    with GraphServer() as graph:
        send = senders(graph_url=graph.url, whatsapp_token=graph.tokens[Channel.WHATSAPP], …)
        graph.answer_next(refusal(131047), lost())
"""

from collections.abc import Mapping
from typing import Any

from register.complaint import Channel
from tests.automation.channels.api_server import (
    ApiServer,
    Asked,
    Refused,
    Reply,
    Taken,
    as_usual,
    bare,
    bot_refusal,
    lost,
    midway,
    refusal,
    slow,
    unread,
)

__all__ = [
    "Asked",
    "GraphServer",
    "Reply",
    "Taken",
    "TelegramServer",
    "as_usual",
    "bare",
    "bot_refusal",
    "lost",
    "midway",
    "refusal",
    "slow",
    "unread",
]

VERSION = "v25.0"
LONGEST = {Channel.WHATSAPP: 4096, Channel.FACEBOOK: 2000, Channel.TELEGRAM: 4096}
"""Characters of a text; Instagram counts bytes."""
INSTAGRAM_BYTES = 1000


# -- Meta -------------------------------------------------------------------------------------------------------------


class GraphServer(ApiServer):
    """
    Meta's Graph API.

    Attributes:
        tokens: The right token of each channel.
        people: Whom a private reply to a comment reaches; who is not named here gets a made-up id.
        templates: Approved templates of WhatsApp, with the number of their parameters.
        closed: People outside their window: free text is refused (131047; 10 with subcode 2018278).
    """

    def __init__(self) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}/{VERSION}"
        self.tokens = {
            Channel.WHATSAPP: "EAAuji-whatsapp",
            Channel.FACEBOOK: "EAAuji-facebook",
            Channel.INSTAGRAM: "EAAuji-instagram",
        }
        self.people: dict[str, str] = {}
        self.templates: dict[str, int] = {}
        self.closed: set[str] = set()
        self._replied: set[str] = set()

    def deserved(self, asked: Asked) -> Mapping[str, Any]:
        channel = self._owner(asked)
        version, node, edge = [*asked.path.strip("/").split("/"), "", ""][:3]
        _require(version == VERSION and bool(node), 2500, 400)
        if edge == "messages" and channel is Channel.WHATSAPP:
            return self._whatsapp(asked.body)
        if edge == "messages":
            return self._message(channel, asked.body)
        _require(edge == ("comments" if channel is Channel.FACEBOOK else "replies"), 100, 400, subcode=33)
        text = asked.body.get("message")
        _require(isinstance(text, str) and bool(text), 100)
        return {"id": self.take(channel, "comment", node, str(text), f"{node}_{next(self.numbers)}")}

    def _owner(self, asked: Asked) -> Channel:
        owners = {f"Bearer {token}": channel for channel, token in self.tokens.items()}
        channel = owners.get(asked.headers.get("Authorization", ""))
        _require(channel is not None and "access_token" not in asked.path, 190, 401)
        assert channel is not None
        return channel

    def _whatsapp(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        _require(body.get("messaging_product") == "whatsapp", 100)
        to, scoped = body.get("to"), body.get("recipient")
        _require(bool(to) or bool(scoped), 131008)
        _require(to is None or str(to).lstrip("+").isdigit(), 131009)
        if body.get("type") == "template":
            text, way = self._template(body["template"]), "template"
        else:
            text, way = str(body.get("text", {}).get("body", "")), "text"
            _require(0 < len(text) <= LONGEST[Channel.WHATSAPP], 100)
            _require((to or scoped) not in self.closed, 131047)
        proof = self.take(Channel.WHATSAPP, way, str(to or scoped), text, f"wamid.UJI{next(self.numbers):04}")
        reached = {"input": to, "wa_id": to} if to else {"input": scoped, "user_id": scoped}
        return {"messaging_product": "whatsapp", "contacts": [reached], "messages": [{"id": proof}]}

    def _template(self, template: Mapping[str, Any]) -> str:
        _require(template["name"] in self.templates and template["language"]["code"] == "id", 132001, 404)
        values = [part["text"] for each in template.get("components", ()) for part in each["parameters"]]
        _require(len(values) == self.templates[template["name"]], 132000)
        _require(all(value and not {"\n", "\t"} & set(value) and "     " not in value for value in values), 132012)
        return " ".join([template["name"], *values])

    def _message(self, channel: Channel, body: Mapping[str, Any]) -> Mapping[str, Any]:
        text, to = body.get("message", {}).get("text", ""), body.get("recipient", {})
        long = len(text.encode()) if channel is Channel.INSTAGRAM else len(text)
        _require(0 < long <= (INSTAGRAM_BYTES if channel is Channel.INSTAGRAM else LONGEST[channel]), 100)
        proof = f"m_uji{next(self.numbers):04}"
        if comment := to.get("comment_id"):
            _require(comment not in self._replied, 10900)
            self._replied.add(comment)
            person = self.people.get(comment, f"77{comment.rsplit('_')[-1]}")
            return {"recipient_id": person, "message_id": self.take(channel, "private reply", comment, text, proof)}
        _require(bool(to.get("id")), 100)
        _require(channel is Channel.INSTAGRAM or body.get("messaging_type") == "RESPONSE", 100)
        _require(to["id"] not in self.closed, 10, subcode=2018278)
        return {"recipient_id": to["id"], "message_id": self.take(channel, "text", to["id"], text, proof)}


def _require(holds: bool, code: int, status: int = 400, *, subcode: int = 0) -> None:
    if not holds:
        raise Refused(refusal(code, status, subcode=subcode))


# -- Telegram ---------------------------------------------------------------------------------------------------------


class TelegramServer(ApiServer):
    """
    Telegram's Bot API.

    Attributes:
        token: The bot's.
        blocked: Chats that blocked it.
        unknown: Chats that it does not know.
    """

    def __init__(self) -> None:
        super().__init__()
        self.url = f"http://127.0.0.1:{self.port}"
        self.token = "100000001:UJI-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        self.blocked: set[str] = set()
        self.unknown: set[str] = set()

    def deserved(self, asked: Asked) -> Mapping[str, Any]:
        self._must(asked.path.startswith(f"/bot{self.token}/"), 401, "Unauthorized")
        self._must(asked.path.endswith("/sendMessage"), 404, "Not Found")
        chat, text = str(asked.body.get("chat_id", "")), str(asked.body.get("text", ""))
        self._must(chat.lstrip("-").isdigit() and chat not in self.unknown, 400, "Bad Request: chat not found")
        self._must(chat not in self.blocked, 403, "Forbidden: bot was blocked by the user")
        self._must(text.strip() != "", 400, "Bad Request: message text is empty")
        self._must(len(text) <= LONGEST[Channel.TELEGRAM], 400, "Bad Request: message is too long")
        number = next(self.numbers)
        self.take(Channel.TELEGRAM, "text", chat, text, f"{chat}:{number}")
        result = {"message_id": number, "chat": {"id": int(chat), "type": "private"}, "date": 1795399200, "text": text}
        return {"ok": True, "result": result}

    @staticmethod
    def _must(holds: bool, code: int, description: str) -> None:
        if not holds:
            raise Refused(bot_refusal(code, description))
