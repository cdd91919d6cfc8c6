"""`aduan serve` as people run it: a real process with its children, on free ports of 127.0.0.1, ended by its own id."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import requests

from register.sheet import Sheet
from register.sheet_access import load_access
from tests.recording import RECORD

PASSWORD = "hanya untuk uji"
START_SECONDS = 40.0
ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port P such that P and P + 1 are free, of those that systems do not hand out to whoever asks for any."""
    for _ in range(50):
        port = 2 * (10_000 + secrets.randbelow(6_000))
        with socket.socket() as first, socket.socket() as second, contextlib.suppress(OSError):
            first.bind(("127.0.0.1", port))
            second.bind(("127.0.0.1", port + 1))
            return port
    raise RuntimeError("no two neighbouring ports are free")


def wait_until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """The condition's first true value; an assertion error naming `what` if there is none in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(requests.RequestException):
            if value := condition():
                return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:.0f} s: {what}")


@dataclass
class Running:
    """A server that can be started, killed and started again over the same data."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / "serve.log"

    @property
    def recorded(self) -> Path:
        return self.folder / "recorded.txt"

    def start(self, *, wait: bool = True) -> None:
        environment = {
            **os.environ,
            "PORT": str(self.port),
            "ADUAN_ADMIN_PASSWORD": PASSWORD,
            "ADUAN_DATA": str(self.folder / "data"),
            "ADUAN_TICK_SECONDS": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "tests" / "recorded_children"), str(ROOT)]),
            "RECORDED_EXCHANGES": str(self.recorded),
            **self.settings,
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "aduan", "serve"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        if wait:
            wait_until(self.alive, START_SECONDS, "the server answers")

    def alive(self) -> bool:
        return requests.get(f"{self.url}/healthz", timeout=5).ok

    def family(self) -> list[psutil.Process]:
        """The supervisor and its children."""
        if self.process is None:
            return []
        with contextlib.suppress(psutil.NoSuchProcess):
            supervisor = psutil.Process(self.process.pid)
            return [supervisor, *supervisor.children(recursive=True)]
        return []

    def kill(self) -> list[psutil.Process]:
        """`kill -9` of the supervisor alone; its children, which must end by themselves."""
        children = self.family()[1:]
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None
        return children

    def stop(self) -> None:
        """As Ctrl+C or a service manager does."""
        if self.process is None:
            return
        children = self.family()[1:]
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        psutil.wait_procs(children, timeout=15)
        self.process = None

    def judged(self) -> None:
        """Hand what its embedded register did wrong to the running test (tests/discovery.py)."""
        if self.recorded.exists():
            RECORD.found += self.recorded.read_text("utf-8").splitlines()

    def sheet(self) -> Sheet:
        """The register, as the system reaches it."""
        path = self.folder / "data" / "register.json"
        wait_until(lambda: path.exists() and json.loads(path.read_text())["spreadsheet_id"], 30, "a register")
        embedded = "ADUAN_SHEETS_URL" not in self.settings
        assert self.recorded.exists() or not embedded, "the embedded register is not being judged"
        access = load_access(path)
        assert access is not None
        return Sheet(access)

    def file(self, key: str = "", **fields: Any) -> requests.Response:
        """File a complaint through the public API."""
        body = {"description": "Bantuan sembako belum cair.", "name": "Ibu Contoh", "phone": "0812-0000-0000"}
        headers = {"Idempotency-Key": key} if key else {}
        return requests.post(f"{self.url}/api/v1/complaints", json=body | fields, headers=headers, timeout=10)

    def status(self, ticket: str) -> dict[str, Any]:
        answer = requests.get(f"{self.url}/api/v1/complaints/{ticket}", timeout=10)
        loaded: dict[str, Any] = answer.json()
        return loaded


@contextlib.contextmanager
def running(folder: Path, **settings: str) -> Iterator[Running]:
    """A started server, stopped at the end however the test ends."""
    server = Running(folder, settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        server.judged()
