"""
A recorder before each Sheets server under test: every exchange is judged by Google's discovery documents.

What was found wrong belongs to the running test and fails it (tests/conftest.py).
"""

import gzip
import io
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from tests.discovery import API_PATH, Exchange, violations


@dataclass
class Record:
    """What was judged, and what was found wrong since somebody last looked."""

    exchanges: int = 0
    found: list[str] = field(default_factory=list)

    def add(self, exchange: Exchange, *, of_request: bool) -> None:
        self.exchanges += 1
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
        self.found += [f"{text}   [{test}]" for text in violations(exchange, of_request=of_request)]

    def take(self) -> list[str]:
        found, self.found = self.found, []
        return found


RECORD = Record()
"""Of all servers that run in this process."""


def recording(app: Any, *, requests_too: bool = False, record: Record = RECORD) -> Any:
    """
    WSGI middleware that judges each exchange before its answer goes out.

    Args:
        requests_too: For clients of our own. Others may send what Google ignores (gspread shares files with a field
            of Drive v2), and tests send nonsense on purpose.
    """

    def judged(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        address = environ.get("REQUEST_URI") or environ.get("RAW_URI") or environ["PATH_INFO"]
        if not API_PATH.match(address):
            return app(environ, start_response)  # type: ignore[no-any-return]
        sent = _read(environ)
        told: list[Any] = []
        iterable = app(environ, lambda *args: told.extend(args[:2]) or (lambda _: None))
        try:
            answered = b"".join(iterable)
        finally:
            getattr(iterable, "close", lambda: None)()
        if told[0].startswith("304"):  # asked for with If-None-Match, which Google does not heed; there is no body
            start_response(*told)
            return [answered]
        headers = {name.lower(): value for name, value in told[1]}
        exchange = Exchange(
            environ["REQUEST_METHOD"],
            address,
            sent,
            environ.get("CONTENT_TYPE", ""),
            int(told[0].split()[0]),
            _unpacked(answered, headers.get("content-encoding", "")),
            headers.get("content-type", ""),
        )
        record.add(exchange, of_request=requests_too)
        start_response(*told)
        return [answered]

    return judged


def _read(environ: dict[str, Any]) -> bytes:
    """The body, put back for the application."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if not length or length > 1 << 24:  # larger ones are refused unread
        return b""
    sent: bytes = environ["wsgi.input"].read(length)
    environ["wsgi.input"] = io.BytesIO(sent)
    return sent


def _unpacked(data: bytes, encoding: str) -> bytes:
    return gzip.decompress(data) if encoding == "gzip" else data
