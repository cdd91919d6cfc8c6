"""
Servers on this machine that speak the reply endpoints of Meta's Graph API and of Telegram's Bot API, by real HTTP.

They refuse what the real ones would refuse, keep what they were asked and what they accepted, and can be told what to
answer next::

    with GraphServer() as graph:
        send = senders(graph_url=graph.url, whatsapp_token=graph.tokens[Channel.WHATSAPP], …)
        graph.answer_next(refusal(131047), lost())
"""

import json
import socket
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from types import TracebackType
from typing import Any, Self

from register.complaint import Channel

VERSION = "v25.0"
LONGEST = {Channel.WHATSAPP: 4096, Channel.FACEBOOK: 2000, Channel.TELEGRAM: 4096}
"""Characters of a text; Instagram counts bytes."""
INSTAGRAM_BYTES = 1000


# -- what can be answered ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    """
    What a server answers.

    Args:
        said: As JSON; bytes go as they are. None: whatever the request deserves.
        delay: Seconds before the answer; whoever closes the server need not wait for it.
        cut: Where the connection ends: "unread" before the request's body is read, "lost" after the message was
            accepted, "midway" in the middle of the answer; empty if it is answered.
    """

    status: int = 200
    said: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0
    cut: str = ""

    @property
    def accepts(self) -> bool:
        """Whether the message is taken, if it deserves it, whatever is answered then."""
        return self.said is None and self.cut != "unread"


def refusal(code: int, status: int = 400, *, subcode: int = 0, transient: bool | None = None, **headers: str) -> Reply:
    """Graph's error with that code; keyword `Retry_After` and the like become headers."""
    error: dict[str, Any] = {"message": f"(#{code}) Uji", "type": "OAuthException", "code": code, "fbtrace_id": "Auji"}
    if subcode:
        error["error_subcode"] = subcode
    if transient is not None:
        error["is_transient"] = transient
    return Reply(status, {"error": error}, _headers(headers))


def bot_refusal(code: int, description: str, retry_after: int = 0, status: int = 0) -> Reply:
    """Telegram's error, with the same HTTP status unless another is given."""
    said: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if retry_after:
        said["parameters"] = {"retry_after": retry_after}
    return Reply(status or code, said)


def bare(status: int, content: bytes = b"<html>galat</html>", **headers: str) -> Reply:
    """Something that is none of the API's answers, such as a proxy's."""
    return Reply(status, content, _headers(headers))


def slow(seconds: float) -> Reply:
    """The message is accepted at once, and that is told late."""
    return Reply(delay=seconds)


def unread() -> Reply:
    """The connection is cut before the message is read: it is not accepted."""
    return Reply(cut="unread")


def lost() -> Reply:
    """The message is accepted, and the connection cut before that is told."""
    return Reply(cut="lost")


def midway() -> Reply:
    """The message is accepted, and the connection cut in the middle of telling it."""
    return Reply(cut="midway")


def as_usual() -> Reply:
    """What the request deserves; to be put before another one."""
    return Reply()


def _headers(given: Mapping[str, str]) -> Mapping[str, str]:
    return {name.replace("_", "-"): value for name, value in given.items()}


# -- what was asked ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One request, as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Taken:
    """
    One message that a server accepted.

    Args:
        way: "text", "template", "comment", "private reply".
        to: The person, or the comment.
        id: What the server answered with.
    """

    channel: Channel
    way: str
    to: str
    text: str
    id: str


class _Refused(Exception):  # noqa: N818 - it is an answer
    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply


class ApiServer:
    """What both servers share: serving, remembering, answering as told."""

    def __init__(self) -> None:
        self.requests: list[Asked] = []
        self.taken: list[Taken] = []
        self._next: deque[Reply] = deque()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._numbers = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Bound", (_Handler,), {"api": self}))
        self._server.daemon_threads = True
        self.port = self._server.server_port

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def answer_next(self, *replies: Reply) -> None:
        """Answer the next requests so, one each; after them as usual again."""
        self._next.extend(replies)

    def told(self) -> Reply:
        """What to answer to the request that has just come."""
        with self._lock:
            return self._next.popleft() if self._next else Reply()

    def answered(self, asked: Asked, reply: Reply) -> Reply:
        """The answer in full: where it is not told, what the request deserves."""
        with self._lock:
            self.requests.append(asked)
            if not reply.accepts:
                return reply
            try:
                return Reply(reply.status, self.deserved(asked), reply.headers, reply.delay, reply.cut)
            except _Refused as refused:
                return refused.reply

    def deserved(self, asked: Asked) -> Mapping[str, Any]:
        """The answer that accepts a message. Raises: _Refused where the real API would refuse it."""
        raise NotImplementedError

    def pause(self, seconds: float) -> None:
        """Wait, but not for longer than the server lives."""
        self._closing.wait(seconds)

    def _take(self, channel: Channel, way: str, to: str, text: str, id_: str) -> str:
        self.taken.append(Taken(channel, way, to, text, id_))
        return id_


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
        return {"id": self._take(channel, "comment", node, str(text), f"{node}_{next(self._numbers)}")}

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
        proof = self._take(Channel.WHATSAPP, way, str(to or scoped), text, f"wamid.UJI{next(self._numbers):04}")
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
        proof = f"m_uji{next(self._numbers):04}"
        if comment := to.get("comment_id"):
            _require(comment not in self._replied, 10900)
            self._replied.add(comment)
            person = self.people.get(comment, f"77{comment.rsplit('_')[-1]}")
            return {"recipient_id": person, "message_id": self._take(channel, "private reply", comment, text, proof)}
        _require(bool(to.get("id")), 100)
        _require(channel is Channel.INSTAGRAM or body.get("messaging_type") == "RESPONSE", 100)
        _require(to["id"] not in self.closed, 10, subcode=2018278)
        return {"recipient_id": to["id"], "message_id": self._take(channel, "text", to["id"], text, proof)}


def _require(holds: bool, code: int, status: int = 400, *, subcode: int = 0) -> None:
    if not holds:
        raise _Refused(refusal(code, status, subcode=subcode))


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
        self._must(chat != "" and chat not in self.unknown, 400, "Bad Request: chat not found")
        self._must(chat not in self.blocked, 403, "Forbidden: bot was blocked by the user")
        self._must(text.strip() != "", 400, "Bad Request: message text is empty")
        self._must(len(text) <= LONGEST[Channel.TELEGRAM], 400, "Bad Request: message is too long")
        number = next(self._numbers)
        self._take(Channel.TELEGRAM, "text", chat, text, f"{chat}:{number}")
        result = {"message_id": number, "chat": {"id": int(chat), "type": "private"}, "date": 1795399200, "text": text}
        return {"ok": True, "result": result}

    @staticmethod
    def _must(holds: bool, code: int, description: str) -> None:
        if not holds:
            raise _Refused(bot_refusal(code, description))


# -- HTTP -------------------------------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    api: ApiServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.close_connection = True
        reply = self.api.told()
        body = {} if reply.cut == "unread" else json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        reply = self.api.answered(Asked(self.path, dict(self.headers), body), reply)
        if reply.delay:
            self.api.pause(reply.delay)
        if reply.cut in ("unread", "lost"):
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        with suppress(OSError):  # whoever asked may have gone
            self._write(reply)

    def _write(self, reply: Reply) -> None:
        content = reply.said if isinstance(reply.said, bytes) else json.dumps(reply.said).encode()
        self.send_response_only(reply.status)
        for name, value in {"Date": formatdate(usegmt=True), **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if reply.cut == "midway" else content)

    def log_message(self, *_: Any) -> None:
        """Nothing."""
