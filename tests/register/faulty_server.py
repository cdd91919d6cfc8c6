"""A small HTTP server that answers as it is told: wrongly, slowly, or not at all."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONG_SECONDS = 3
"""Longer than any client in these tests is ready to wait; who waits all the same gets a good answer."""


@dataclass(frozen=True)
class Answer:
    """One answer; `cut` closes the connection before it, or within its body, and `slow` comes late."""

    status: int = 200
    body: str = "{}"
    content_type: str = "application/json"
    cut: str = ""
    slow: bool = False


@dataclass
class FaultyServer:
    """Gives its answers in order, the last one over and over; remembers what it was asked."""

    port: int
    answers: Sequence[Answer] = ()
    asked: list[tuple[str, str]] = field(default_factory=list)
    authorizations: set[str] = field(default_factory=set)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def next_answer(self) -> Answer:
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@contextmanager
def faulty_server() -> Iterator[FaultyServer]:
    """A server that is gone at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told.asked.append((self.command, self.path))
            told.authorizations.add(self.headers["Authorization"])
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            give(self, told.next_answer(), told.ended)

        do_POST = do_DELETE = do_GET  # noqa: N815 - the names that http.server calls

        def log_message(self, *_args: object) -> None:
            """Keep the tests' output clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    told = FaultyServer(server.server_port)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield told
    finally:
        told.ended.set()
        server.shutdown()
        serving.join(10)
        server.server_close()


def give(handler: BaseHTTPRequestHandler, answer: Answer, ended: threading.Event) -> None:
    handler.close_connection = True
    if answer.slow:
        ended.wait(LONG_SECONDS)
    if answer.cut == "before":
        handler.connection.shutdown(socket.SHUT_RDWR)
        return
    body = answer.body.encode()
    handler.send_response(answer.status)
    handler.send_header("Content-Type", answer.content_type)
    handler.send_header("Content-Length", str(len(body) + (100 if answer.cut == "within" else 0)))
    handler.end_headers()
    handler.wfile.write(body)
