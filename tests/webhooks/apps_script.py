"""The office's Apps Script in a JavaScript engine, and a server that takes what it sends."""

import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import quickjs
import requests

ROOT = Path(__file__).parents[2]
SCRIPT = sorted((ROOT / "webhooks" / "apps_script").glob("*.gs"))
CLASSES = Path(__file__).with_name("google_classes.js")
SECRET = "rahasia-uji-yang-cukup-panjang-0123456789"
OWNER = "kantor@example.go.id"
OUTBOX = "Antrean Aduan"
START = 1_795_399_200_000
"""Milliseconds since 1970: 23 November 2026, 10.00 WITA."""


class Receiver:
    """A server that keeps what was signed rightly, and answers as it was told to."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.kept: list[tuple[str, dict[str, Any]]] = []
        self.asked = 0
        self.answers: list[tuple[int, Mapping[str, str]]] = []
        """To give instead of 200, in order; they keep nothing."""

    @property
    def ids(self) -> list[str]:
        return [body["delivery_id"] for _path, body in self.kept]

    def take(self, path: str, body: bytes, signature: str) -> tuple[int, Mapping[str, str]]:
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        right = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(right, signature):
            return 401, {}
        self.kept.append((path, json.loads(body)))
        return 200, {}


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            code, headers = receiver.take(self.path, body, self.headers.get("X-Aduan-Signature", ""))
            self.send_response(code)
            for name, value in {"Content-Length": "0", **headers}.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver = Receiver(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield receiver
        server.shutdown()
        thread.join()


class Script:
    """One spreadsheet with the script in it. Every call is a run of its own; what is stored outlives it."""

    def __init__(self, port: int, secret: str = SECRET) -> None:
        self._context = quickjs.Context()
        for name, function in (("uuid", _uuid), ("hmac", _hmac), ("fetch", _fetch)):
            self._context.add_callable(f"python_{name}", function)
        for path in (CLASSES, *SCRIPT):
            self._context.eval(path.read_text("utf-8"))
        self.run(f"google.now = {START}; google.account = {json.dumps(OWNER)}; book.insertSheet('Register')")
        self.run("book.insertSheet('Form Responses 1')")
        self.point_to(port, secret)

    def run(self, code: str) -> Any:
        """What the code comes to, through JSON. Raises: quickjs.JSException."""
        told = self._context.eval(f"(() => JSON.stringify((() => {{ {code} }})() ?? null))()")
        return json.loads(told)

    def get(self, expression: str) -> Any:
        return self.run(f"return {expression}")

    def point_to(self, port: int, secret: str = SECRET) -> None:
        settings = {"ADUAN_URL": f"http://127.0.0.1:{port}", "ADUAN_SECRET": secret}
        self.run(f"Object.assign(google.properties, {json.dumps(settings)})")

    def later(self, seconds: float) -> None:
        """Time passes, and the timed trigger runs."""
        self.run(f"google.now += {seconds * 1000}; kirimAntrean()")

    def submit(self, row: int = 42, **answers: str | list[str]) -> None:
        """Somebody sends the form."""
        named = {question: given if isinstance(given, list) else [given] for question, given in answers.items()}
        flat = [text for given in named.values() for text in given]
        event = json.dumps(
            {"authMode": "FULL", "triggerUid": "4034124000000000001", "namedValues": named, "values": flat}
        )
        where = f"book.getSheetByName('Form Responses 1').getRange({row}, 1, 1, {max(len(flat), 1)})"
        self.run(f"saatFormulirDikirim({{...{event}, range: {where}}})")

    def fill(self, rows: list[list[object]], tab: str = "Register") -> None:
        """What stands in the tab, from its header on."""
        self.run(f"const sheet = book.getSheetByName('{tab}'); sheet.cells = {json.dumps(rows)}")

    def edit(
        self, row: int, column: int, rows: int = 1, columns: int = 1, tab: str = "Register", **event: object
    ) -> None:
        """Somebody edited there; `event` is what Google tells of it."""
        told = json.dumps({"authMode": "FULL", "triggerUid": "4034124000000000002", **event})
        where = f"book.getSheetByName('{tab}').getRange({row}, {column}, {rows}, {columns})"
        self.run(f"saatDisunting({{...{told}, range: {where}}})")

    @property
    def waiting(self) -> list[dict[str, Any]]:
        """The rows of the outbox."""
        rows = self.get(f"(book.getSheetByName('{OUTBOX}') || {{cells: []}}).cells.slice(1)")
        return [{"id": r[0], "state": r[2], "attempts": r[3], "due": r[4], "problem": r[5]} for r in rows]

    @property
    def outbox_shown(self) -> bool:
        return not self.get(f"book.getSheetByName('{OUTBOX}').hidden")


def _uuid() -> str:
    return str(uuid.uuid4())


def _hmac(value: str, key: str, charset: str) -> str:
    """Bytes as Apps Script gives them, from -128 to 127; a letter that is not in the charset becomes `?`."""
    digest = hmac.new(key.encode(charset, "replace"), value.encode(charset, "replace"), hashlib.sha256).digest()
    return json.dumps([byte - 256 if byte > 127 else byte for byte in digest])


def _fetch(asked: str) -> str:
    options = json.loads(asked)
    assert options["method"] == "post"
    assert options["muteHttpExceptions"]
    headers = {"Content-Type": options["contentType"], **options["headers"]}
    try:
        said = requests.post(
            options["url"],
            data=options["payload"].encode(),
            headers=headers,
            timeout=5,
            allow_redirects=options["followRedirects"],
        )
    except requests.RequestException as error:
        return json.dumps({"error": f"Address unavailable: {type(error).__name__}"})
    return json.dumps({"code": said.status_code, "headers": dict(said.headers)})
