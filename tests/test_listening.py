"""Requests that somebody leaves unfinished cost the server no memory, and end."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.running import ROOT, free_port, wait_until

pytestmark = pytest.mark.program
SERVER = """
import sys
from pathlib import Path
from commands import listening
from register.settings import load_settings

listening.SILENCE_SECONDS = listening.CLEANUP_SECONDS = int(sys.argv[3])
settings = load_settings({"ADUAN_DATA": sys.argv[1], "PORT": sys.argv[2]}, Path("none.toml"))


def app(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(len(body)).encode()]


listening.listen(app, settings, settings.port, guarded=False, largest_request_bytes=40_000_000)
"""
MEGABYTE = 1_000_000


class Server:
    """A server that tells how long the body was, and the connections of whoever leaves requests unfinished."""

    def __init__(self, port: int, process: psutil.Process, connections: contextlib.ExitStack) -> None:
        self._port, self._process, self._connections = port, process, connections

    def sends(self, head: str, body: bytes = b"") -> socket.socket:
        """A connection on which this was sent."""
        connection = self._connections.enter_context(socket.create_connection(("127.0.0.1", self._port), timeout=20))
        connection.sendall(head.encode() + body)
        return connection

    def post(self, told_bytes: int, body: bytes) -> socket.socket:
        """A connection on which a request was begun; it ends if the body is as long as told."""
        return self.sends(f"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {told_bytes}\r\n\r\n", body)

    def memory_bytes(self) -> int:
        """What the process holds now."""
        held: int = self._process.memory_info().rss
        return held


Serve = Callable[..., Server]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start the server; it closes connections after so many seconds of silence."""
    with contextlib.ExitStack() as connections:
        started: list[subprocess.Popen[bytes]] = []

        def start(silence_seconds: int = 60) -> Server:
            port = free_port()
            command = [sys.executable, "-c", SERVER, str(tmp_path), str(port), str(silence_seconds)]
            started.append(subprocess.Popen(command, cwd=ROOT))
            wait_until(lambda: _answers(port), 20, "the server answers")
            return Server(port, psutil.Process(started[-1].pid), connections)

        yield start
        for process in started:
            process.terminate()
            process.wait(20)


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
        return True
    return False


def test_unfinished_requests_hold_no_memory(serve: Serve) -> None:
    server = serve()
    before = server.memory_bytes()
    for _ in range(8):
        server.post(39 * MEGABYTE, b"x" * (20 * MEGABYTE))
    finished = server.post(20 * MEGABYTE, b"x" * (20 * MEGABYTE))
    assert b"20000000" in _everything(finished, until=b"20000000")
    assert server.memory_bytes() - before < 60 * MEGABYTE, "of 160 MB that wait, and 20 MB that were asked for"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b"half"),
        ("GET / HTTP/1.1\r\nHost: x\r\n", b""),
        ("", b""),
    ],
    ids=["half a body", "half a head", "nothing"],
)
def test_silence_ends_a_connection(serve: Serve, head: str, body: bytes) -> None:
    connection = serve(silence_seconds=1).sends(head, body)
    begun = time.monotonic()
    assert connection.recv(1000) == b""
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("head", "status"),
    [
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n", b" 413 "),
        (f"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {'x' * 70_000}\r\n\r\n", b" 431 "),
    ],
    ids=["body", "head"],
)
def test_what_is_too_large_is_refused_before_it_is_sent(serve: Serve, head: str, status: bytes) -> None:
    assert status in _everything(serve().sends(head), until=status)


def _everything(connection: socket.socket, until: bytes) -> bytes:
    """What came up to the words that are waited for, or to the end."""
    came = b""
    while until not in came and (more := connection.recv(65536)):
        came += more
    return came
