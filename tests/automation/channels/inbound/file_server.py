"""A real HTTP server on this machine that hands out files as channels do, and misbehaves when told to."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Answer:
    """
    What stands at a path.

    Args:
        claims: The length that the header tells; None for the true one.
        pause_seconds: Between the pieces of two bytes in which the body is sent, until the server is closed.
        silent: Say nothing at all, and hang up when the server is closed.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    claims: int | None = None
    chunked: bool = False
    pause_seconds: float = 0
    silent: bool = False


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    path: str
    query: dict[str, str]
    token: str


@dataclass
class FileServer:
    """A server; `paths` says what it answers, `asked` what it was asked."""

    url: str = ""
    paths: dict[str, Answer] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def tell(self, path: str, told: Any, status: int = 200) -> None:
        self.paths[path] = Answer(json.dumps(told).encode(), status, {"Content-Type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_stub: FileServer

    def do_GET(self) -> None:
        stub, url = self.server_stub, urlsplit(self.path)
        stub.asked.append(Asked(url.path, dict(parse_qsl(url.query)), self.headers.get("Authorization", "")))
        answer = stub.paths.get(url.path, Answer(b"{}", 404))
        self.close_connection = True
        if answer.silent:
            stub.closing.wait(20)
            return
        self._send_head(answer)
        try:
            self._send_body(answer)
        except OSError:
            return  # whoever asked had enough

    def _send_head(self, answer: Answer) -> None:
        claimed = len(answer.body) if answer.claims is None else answer.claims
        length = ("Transfer-Encoding", "chunked") if answer.chunked else ("Content-Length", str(claimed))
        self.send_response(answer.status)
        for name, value in (*answer.headers.items(), length, ("Connection", "close")):
            self.send_header(name, value)
        self.end_headers()

    def _send_body(self, answer: Answer) -> None:
        size = 2 if answer.pause_seconds else 65_536
        for start in range(0, len(answer.body), size):
            piece = answer.body[start : start + size]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if answer.chunked else piece)
            self.wfile.flush()
            if answer.pause_seconds and self.server_stub.closing.wait(answer.pause_seconds):
                return
        if answer.claims is not None:
            self.connection.shutdown(socket.SHUT_RDWR)
        elif answer.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that http.server has
        return


@contextmanager
def file_server() -> Iterator[FileServer]:
    stub = FileServer()

    class Handler(_Handler):
        server_stub = stub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        stub.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()
