"""The embedded register, really served on 127.0.0.1, with the worker and a clerk as its people."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import make_server

import localsheets
from register.sheet import LocalServer, Sheet
from register.sheet_access import LOCAL_IDENTITY, SheetAccess
from tests.recording import recording

SYSTEM_TOKEN, CLERK_TOKEN = "system-token", "clerk-token"


@dataclass(frozen=True)
class Running:
    """A running server with nothing on it, or with the one spreadsheet of `new_sheet`."""

    port: int
    open_to_all: list[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def new_sheet(self) -> Sheet:
        """A new spreadsheet as the worker reaches it; anybody with a token may write in it."""
        self.open_to_all[:] = [LocalServer(self.url, SYSTEM_TOKEN).create("Register Pengaduan")]
        return self.sheet(SYSTEM_TOKEN)

    def sheet(self, token: str) -> Sheet:
        """The same spreadsheet as the bearer of a token reaches it."""
        return Sheet(SheetAccess(self.open_to_all[0], self.url, token))


@contextmanager
def running_register(folder: Path, *, system_token: str = SYSTEM_TOKEN) -> Iterator[Running]:
    """A server that is gone at the end."""
    people = {
        system_token: localsheets.Identity(LOCAL_IDENTITY, "Sistem"),
        CLERK_TOKEN: localsheets.Identity("clerk@kantor.test", "Petugas"),
    }
    open_to_all: list[str] = []
    app = localsheets.create_app(
        folder, tokens=people, default_spreadsheet=lambda: open_to_all[0] if open_to_all else None
    )
    server = make_server("127.0.0.1", 0, recording(app, requests_too=True), threaded=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    serving.start()
    try:
        yield Running(server.server_port, open_to_all)
    finally:
        server.shutdown()
        serving.join(10)
        server.server_close()
        app.extensions["localsheets"].close()
