"""Systems that take news over real HTTP: well, badly, slowly, or not at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Receiver:
    """
    What a system got; `answers` are the statuses of the next requests, 200 after them.

    A status of 0 cuts the connection, one of -1 keeps the request waiting until the end.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)

    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.got]


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A system that listens on this machine."""
    system = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            system.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            status = system.answers.pop(0) if system.answers else 200
            if status == -1:
                system.end.wait(20)
            if status <= 0:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(status)
            for name, value in system.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    system.url = f"http://127.0.0.1:{server.server_port}/kabar?rahasia=1"
    yield system
    system.end.set()
    server.shutdown()
    server.server_close()
