"""Deliveries over real HTTP, to the server that offices run, and `aduan webhook-send` against it."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result
from structlog.testing import capture_logs
from waitress import wasyncore
from waitress.server import create_server

from commands.present import clock as present
from commands.webhook_send import webhook_send
from register.inbound import Delivery as Kept
from register.inbound import Source
from register.settings import load_settings
from register.store import Store
from tests.webhooks.payloads import FOLDER, SECRETS, SOURCES, WRONG, Delivery, delivery
from webhooks import signatures
from webhooks.inbound import LARGEST_BODY_BYTES

ANSWERED_SECONDS = 0.25
ENVIRONMENT = {
    "ADUAN_META_APP_SECRETS": " ".join(SECRETS.meta),
    "ADUAN_TELEGRAM_SECRETS": " ".join(SECRETS.telegram),
    "ADUAN_SCRIPT_SECRETS": " ".join(SECRETS.scripts),
    "ADUAN_DRIVE_TOKEN": SECRETS.drive[0],
}


@dataclass(frozen=True)
class Live:
    """A server on a port of this machine, by the real clock."""

    port: int
    store: Store

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def take(self, sent: Delivery) -> requests.Response:
        return requests.post(self.url + sent.path, data=sent.body, headers=dict(sent.headers), timeout=30)

    def kept(self) -> list[Kept]:
        found = []
        while waiting := self.store.next_delivery(present()):
            found.append(waiting)
        return found


@pytest.fixture
def live(store: Store, build) -> Iterator[Live]:
    app = build(inbound=SECRETS)
    app.extensions["aduan"] = replace(app.extensions["aduan"], clock=present)
    sockets: dict[int, object] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=4, max_request_body_size=50_000_000)
    stop = threading.Event()

    def run() -> None:
        while not stop.is_set():
            wasyncore.loop(timeout=0.02, map=sockets, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    yield Live(server.effective_port, store)
    stop.set()
    thread.join(10)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)


def fresh(name: str) -> Delivery:
    """A sample that says it was sent just now, where it says so at all."""
    sent = delivery(name)
    if not sent.body or "sent_at" not in (loaded := json.loads(sent.body)):
        return sent
    return Delivery(sent.source, json.dumps(loaded | {"sent_at": present().isoformat()}).encode(), {}).signed()


@pytest.mark.parametrize("name", SOURCES)
def test_every_sample_over_the_wire(live: Live, name: str) -> None:
    sent = fresh(name)
    assert live.take(sent.signed(WRONG)).status_code == 401
    assert live.take(sent.unsigned()).status_code == 401
    first, second = live.take(sent), live.take(sent)
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.text in ("", "ok")
    (kept,) = live.kept()
    assert kept.source == sent.source
    if sent.body:
        assert kept.body == sent.body
    else:
        said = {header: text for header, text in sent.headers.items() if header != sent.header}
        assert json.loads(kept.body) == said


@pytest.mark.alone
def test_it_is_answered_in_a_quarter_of_a_second(live: Live) -> None:
    """The median of several, for the machine may be busy; a batch of a thousand updates included."""
    (entry,) = json.loads(delivery("facebook_comment").body)["entry"]
    took = []
    for number in range(9):
        entries = [entry | {"id": f"{number}-{each}"} for each in range(1_000)]
        batch = Delivery(Source.META, json.dumps({"object": "page", "entry": entries}).encode(), {}).signed()
        began = time.perf_counter()
        assert live.take(batch).status_code == 200
        took.append(time.perf_counter() - began)
    assert sorted(took)[4] < ANSWERED_SECONDS


def test_a_body_in_chunks_is_verified_as_a_whole(live: Live) -> None:
    sent = delivery("whatsapp_text")

    def chunks() -> Iterator[bytes]:
        for start in range(0, len(sent.body), 100):
            yield sent.body[start : start + 100]

    answered = requests.post(live.url + sent.path, data=chunks(), headers=dict(sent.headers), timeout=30)
    assert answered.status_code == 200
    assert [kept.body for kept in live.kept()] == [sent.body]


def test_escaped_letters_stay_as_they_were_signed(live: Live) -> None:
    """Meta signs `\\u00e9`, not `é`: read and written again it would be another text."""
    for number, text in enumerate(('"\\u00e9 \\ud83d\\ude4f \\/"', '"é 🙏 /"')):
        sent = Delivery(Source.META, f'{{"text":  {text}}}'.encode(), {}).signed()
        assert live.take(sent).status_code == 200
        assert live.kept()[0].body == sent.body, number


def test_too_large_is_413_and_the_largest_is_taken(live: Live) -> None:
    for size, status in ((LARGEST_BODY_BYTES + 1, 413), (LARGEST_BODY_BYTES, 200)):
        assert live.take(Delivery(Source.META, b" " * size, {}).signed()).status_code == status
    assert [len(kept.body) for kept in live.kept()] == [LARGEST_BODY_BYTES]


def test_the_same_delivery_from_many_at_once_is_kept_once(live: Live) -> None:
    sent = delivery("telegram_text")
    with ThreadPoolExecutor(8) as threads:
        statuses = set(threads.map(lambda _: live.take(sent).status_code, range(40)))
    assert statuses == {200}
    assert len(live.kept()) == 1


def test_a_body_that_breaks_off_is_not_kept(live: Live) -> None:
    sent = delivery("telegram_text")
    head = f"POST {sent.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(sent.body)}\r\n"
    head += "".join(f"{name}: {text}\r\n" for name, text in sent.headers.items()) + "\r\n"
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as connection:
        connection.sendall(head.encode() + sent.body[:-1])
    assert live.take(delivery("telegram_photo")).status_code == 200
    assert [kept.body for kept in live.kept()] == [delivery("telegram_photo").body]


def test_header_names_in_any_case(live: Live) -> None:
    sent = delivery("drive_push_headers update")
    connection = HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.request("POST", sent.path, b"", {name.lower(): text for name, text in sent.headers.items()})
    assert connection.getresponse().status == 200
    connection.close()
    assert json.loads(live.kept()[0].body)["X-Goog-Channel-ID"] == sent.headers["X-Goog-Channel-ID"]


def test_the_handshake_over_the_wire(live: Live) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": SECRETS.meta_verify_token, "hub.challenge": "42"}
    answered = requests.get(f"{live.url}/webhooks/whatsapp", params=asked, timeout=30)
    assert (answered.status_code, answered.text) == (200, "42")
    assert answered.headers["Content-Type"].startswith("text/plain")


# -- aduan webhook-send -------------------------------------------------------------------------------------------


def send(live: Live, file: Path, source: str, *more: str, environment: dict[str, str] = ENVIRONMENT) -> Result:
    arguments = [str(file), "--source", source, "--url", live.url, *more]
    with capture_logs():  # the server's, which runs here too
        return CliRunner().invoke(webhook_send, arguments, obj=load_settings(environment, Path("none.toml")))


def sample(name: str) -> Path:
    return FOLDER / f"{name.split()[0]}.json"


@pytest.mark.parametrize("name", [name for name in SOURCES if " sync" not in name])
def test_a_sample_is_sent_rightly_wrongly_and_twice(live: Live, name: str) -> None:
    source = str(SOURCES[name])
    requests_in_file = 2 if source == "drive" else 1
    assert send(live, sample(name), source, "--wrong").output == "401 signature_wrong\n" * requests_in_file
    assert send(live, sample(name), source).output == "200\n" * requests_in_file
    assert len(live.kept()) == requests_in_file


@pytest.mark.parametrize("name", ["google_form_submit", "sheet_edit"])
def test_what_a_script_sent_long_ago_is_stale(live: Live, name: str) -> None:
    assert send(live, sample(name), str(SOURCES[name]), "--stale").output == "401 signature_stale\n"
    assert live.kept() == []


def test_a_body_without_a_date_is_sent_as_it_stands(live: Live) -> None:
    assert send(live, sample("whatsapp_text"), "whatsapp").exit_code == 0
    assert [kept.body for kept in live.kept()] == [sample("whatsapp_text").read_bytes()]


def test_the_secret_may_be_named(live: Live) -> None:
    named = send(live, sample("whatsapp_text"), "whatsapp", "--secret", SECRETS.meta[0], environment={})
    assert named.output == "200\n"


@pytest.mark.parametrize(
    ("content", "source", "more", "said"),
    [
        ("{}", "whatsapp", [], "ADUAN_META_APP_SECRETS belum diisi"),
        ("{}", "drive", [], "ADUAN_DRIVE_TOKEN belum diisi"),
        ("{}", "telegram", ["--stale"], "tidak dapat kedaluwarsa"),
        ("[]", "google-forms", ["--secret", "x"], "bukan objek JSON"),
        ("{", "drive", ["--secret", "x"], "bukan objek JSON"),
        ("{}", "meta", ["--secret", "x", "--url", "http://127.0.0.1:1"], "Server tidak menjawab"),
    ],
)
def test_what_cannot_be_sent_is_told(
    live: Live, tmp_path: Path, content: str, source: str, more: list[str], said: str
) -> None:
    (tmp_path / "isi.json").write_text(content, "utf-8")
    result = send(live, tmp_path / "isi.json", source, *more, environment={})
    assert result.exit_code == 1
    assert said in result.output


def test_scripts_may_learn_the_signature_from_here() -> None:
    """A fixed example for whoever signs elsewhere, such as the Apps Script."""
    example = signatures.signature(b'{"sent_at":"2026-11-23T02:00:01Z"}', SECRETS.scripts[0])
    assert example == "sha256=f387df646907c5a8c9c8e4189f627236dcfa276a8555124a40cabd32cb4f481d"
