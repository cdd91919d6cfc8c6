"""Real servers for messages to staff: SMTP by aiosmtpd, Telegram's API as a stub, and one that misbehaves."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from apprise.plugins.telegram import NotifyTelegram

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


class Mailbox:
    """What the SMTP server got; `answer` is what it says to the next messages."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.answer = "250 Diterima"
        self.unknown: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd looks for this name
        if address in self.unknown:
            return "550 Tidak dikenal"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        if self.answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            self.letters.append(message_from_bytes(envelope.content, policy=default))
        return self.answer


@dataclass
class Telegram:
    """Telegram's API: answers each call with `status` and `answer`, or keeps it waiting."""

    port: int = 0
    status: int = 200
    answer: dict[str, Any] = field(default_factory=lambda: {"ok": True, "result": {}})
    hang: threading.Event | None = None
    cut: bool = False
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[tuple[Mailbox, str]]:
    """A real SMTP server, and the channel URL that leads to it."""
    box = Mailbox()
    port = closed_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"mailto://127.0.0.1:{port}?from=aduan@kantor.invalid&to=kabid@kantor.invalid"
    controller.stop()


@contextmanager
def telegram_api() -> Iterator[Telegram]:
    """Telegram's API on this machine, with apprise pointed to it by the attribute that names the real one."""
    stub = Telegram()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            stub.calls.append((self.path, body))
            if stub.hang:
                stub.hang.wait(20)
            if stub.cut or stub.hang:
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            content = json.dumps(stub.answer).encode()
            self.send_response(stub.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    stub.port = server.server_port
    with patch.object(NotifyTelegram, "notify_url", f"http://127.0.0.1:{stub.port}/bot"):
        yield stub
    if stub.hang:
        stub.hang.set()
    server.shutdown()
    server.server_close()


def tgram(chat: str = "4711") -> str:
    return f"tgram://{TOKEN}/{chat}"


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class talking_server:  # noqa: N801 - reads as a function, as contextlib's own do
    """A server that does something with each connection and closes it."""

    def __init__(self, talk: Callable[[socket.socket], object]) -> None:
        self._talk = talk
        self._socket = socket.create_server(("127.0.0.1", 0))

    def __enter__(self) -> int:
        threading.Thread(target=self._serve, daemon=True).start()
        return int(self._socket.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            with client:
                self._talk(client)


def accept_until_the_end_of_the_mail(client: socket.socket) -> None:
    client.sendall(b"220 ada\r\n")
    with client.makefile("rb") as lines:
        for line in lines:
            if line == b".\r\n":
                return
            if line.upper().startswith(b"DATA"):
                client.sendall(b"354 silakan\r\n")
            elif line.upper().startswith((b"EHLO", b"HELO", b"MAIL", b"RCPT")):
                client.sendall(b"250 ya\r\n")
