"""An API on this machine, by real HTTP: what it can be told to answer, and what it keeps of what it was asked."""

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


class Refused(Exception):  # noqa: N818 - it is an answer
    """The real API would not accept the request."""

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
        self.numbers = count(1)
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
            except Refused as refused:
                return refused.reply

    def deserved(self, asked: Asked) -> Mapping[str, Any]:
        """The answer that accepts a message. Raises: Refused where the real API would refuse it."""
        raise NotImplementedError

    def pause(self, seconds: float) -> None:
        """Wait, but not for longer than the server lives."""
        self._closing.wait(seconds)

    def take(self, channel: Channel, way: str, to: str, text: str, id_: str) -> str:
        """Accept a message. Returns: its id."""
        self.taken.append(Taken(channel, way, to, text, id_))
        return id_


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
