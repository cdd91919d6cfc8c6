"""Real messages to real servers: SMTP by aiosmtpd, and Telegram's API as a stub on this machine."""

import io
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from apprise.plugins.telegram import NotifyTelegram

from automation.channels import staff
from automation.channels.staff import Outcome, Result, channel_problem, send

TOKEN = "123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
SECRETS = ("AAAAAAAAAA", "rahasia", "kabid@kantor.invalid", "4711")


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


@pytest.fixture
def mail() -> Iterator[tuple[Mailbox, str]]:
    box = Mailbox()
    port = closed_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"mailto://127.0.0.1:{port}?from=aduan@kantor.invalid&to=kabid@kantor.invalid"
    controller.stop()


@pytest.fixture
def telegram(monkeypatch: pytest.MonkeyPatch) -> Iterator[Telegram]:
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
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{stub.port}/bot")
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


# -- what may be a channel ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("mailto://nama:sandi@kantor.invalid", True),
        ("mailtos://nama:sandi@kantor.invalid:465?to=a@b.invalid", True),
        (tgram(), True),
        ("ntfy://topik-kantor", True),
        ("TGRAM://" + tgram().removeprefix("tgram://"), True),
        ("kabid@kantor.invalid", False),
        ("0812-0000-0000", False),
        ("tgram://bukan-token/4711", False),
        (tgram() + "?template=/etc/passwd", False),
        (tgram() + "?TEMPLATE=file:///data/kunci", False),
        ("mailto://a:b@kantor.invalid?pgpkey=/data/kunci", False),
        ("json://127.0.0.1/", False),
        ("syslog://", False),
        ("dbus://", False),
        ("", False),
        ("mailto://[", False),
    ],
)
def test_a_channel_is_checked_without_being_repeated(url: str, fine: bool) -> None:
    problem = channel_problem(url)
    assert (problem == "") is fine
    assert not url or url not in problem


# -- mail -----------------------------------------------------------------------------------------------------------


def test_a_mail_arrives_whole(mail: tuple[Mailbox, str]) -> None:
    box, url = mail
    assert send([url], "Pengingat pengaduan", "Pengaduan 0042 <b>jatuh tempo</b> – hari ini.\nBaris kedua.") == Outcome(
        Result.SENT
    )
    (letter,) = box.letters
    assert letter["To"].addresses[0].addr_spec == "kabid@kantor.invalid"
    assert letter["Subject"] == "Pengingat pengaduan"
    assert letter.get_content().splitlines() == ["Pengaduan 0042 <b>jatuh tempo</b> – hari ini.", "Baris kedua."]


@pytest.mark.parametrize("answer", ["550 Tidak dikenal", "451 Coba lagi nanti", "554 Ditolak"])
def test_a_mail_that_the_server_refuses_is_known_not_to_have_arrived(mail: tuple[Mailbox, str], answer: str) -> None:
    box, url = mail
    box.answer = answer
    assert send([url], "Judul", "Isi") == Outcome(Result.REFUSED, f"kanal ke-1: ditolak server (kode {answer[:3]})")


def test_a_mail_without_any_recipient_that_is_known(mail: tuple[Mailbox, str]) -> None:
    box, url = mail
    box.unknown = {"kabid@kantor.invalid"}
    assert send([url], "Judul", "Isi").result is Result.REFUSED
    assert send([url + ",ketua@kantor.invalid"], "Judul", "Isi").result is Result.SENT
    assert len(box.letters) == 1


def test_a_mail_server_that_ends_the_talk_midway_leaves_doubt() -> None:
    with _talking_server(_accept_until_the_end_of_the_mail) as port:
        outcome = send([f"mailto://127.0.0.1:{port}?from=a@b.invalid&to=c@d.invalid"], "Judul", "Isi")
    assert outcome == Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")


def test_a_server_that_does_not_answer_holds_nobody_up_for_long(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "SEND_SECONDS", 1)
    monkeypatch.setattr(staff, "READ_SECONDS", 2)
    monkeypatch.setattr(staff, "CONNECT_SECONDS", 2)
    telegram.hang = threading.Event()
    with _talking_server(lambda _: telegram.hang and telegram.hang.wait(20)) as port:
        begun = time.monotonic()
        outcomes = [
            send([tgram()], "Judul", "Isi"),
            send([f"mailto://127.0.0.1:{port}?from=a@b.invalid&to=c@d.invalid"], "Judul", "Isi"),
        ]
        assert time.monotonic() - begun < 10
        telegram.hang.set()
    assert [outcome.result for outcome in outcomes] == [Result.UNSURE, Result.UNSURE]


# -- Telegram -------------------------------------------------------------------------------------------------------


def test_a_telegram_message_arrives(telegram: Telegram) -> None:
    assert send([tgram()], "Pengingat", "Pengaduan <0042> & lainnya") == Outcome(Result.SENT)
    ((path, body),) = telegram.calls
    assert path == f"/bot{TOKEN}/sendMessage"
    assert str(body["chat_id"]) == "4711"
    assert "Pengingat" in body["text"]
    assert "&lt;0042&gt;" in body["text"]


def test_a_long_digest_arrives_in_parts(telegram: Telegram) -> None:
    lines = [f"- {number:04d}/ADUAN/DINSOS/11/2026, Linjamsos, batas Senin" for number in range(120)]
    assert send([tgram()], "Ringkasan", "\n".join(lines)) == Outcome(Result.SENT)
    text = "".join(body["text"] for _, body in telegram.calls)
    assert len(telegram.calls) > 1
    assert all(line.split(",")[0][2:] in text for line in lines)


@pytest.mark.parametrize(
    ("status", "answer", "seconds"),
    [
        (429, {"ok": False, "description": "Too Many Requests", "parameters": {"retry_after": 37}}, 37),
        (500, {"ok": False}, 0),
        (502, {"ok": False}, 0),
        (401, {"ok": False, "description": "Unauthorized"}, 0),
        (404, {"ok": False, "description": "Not Found"}, 0),
    ],
)
def test_what_telegram_refuses_is_known_not_to_have_arrived(
    telegram: Telegram, status: int, answer: dict[str, Any], seconds: int
) -> None:
    telegram.status, telegram.answer = status, answer
    outcome = send([tgram()], "Judul", "Isi")
    assert outcome == Outcome(Result.REFUSED, f"kanal ke-1: ditolak server (kode {status})", seconds)
    assert len(telegram.calls) == 1, "nothing is tried again behind our back"


def test_options_in_the_address_cannot_make_apprise_try_again(telegram: Telegram) -> None:
    telegram.status = 500
    assert send([tgram() + "?retry=3&wait=0.01&optional=yes"], "Judul", "Isi").result is Result.REFUSED
    assert len(telegram.calls) == 1


def test_a_connection_that_is_refused_is_known_not_to_have_arrived(monkeypatch: pytest.MonkeyPatch) -> None:
    port = closed_port()
    monkeypatch.setattr(NotifyTelegram, "notify_url", f"http://127.0.0.1:{port}/bot")
    urls = [tgram(), f"mailto://127.0.0.1:{port}?from=a@b.invalid&to=c@d.invalid"]
    for url in urls:
        assert send([url], "Judul", "Isi") == Outcome(Result.REFUSED, "kanal ke-1: server tidak terhubung")


def test_a_connection_that_is_cut_before_the_answer_leaves_doubt(telegram: Telegram) -> None:
    telegram.cut = True
    assert send([tgram()], "Judul", "Isi") == Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")


# -- several channels -----------------------------------------------------------------------------------------------


def test_one_broken_channel_does_not_stop_the_others(mail: tuple[Mailbox, str], telegram: Telegram) -> None:
    box, url = mail
    telegram.status = 401
    outcome = send(["omong://kosong", tgram(), url], "Judul", "Isi")
    assert outcome.result is Result.SENT
    assert outcome.problem == "kanal ke-1: alamat tidak dapat dipakai; kanal ke-2: ditolak server (kode 401)"
    assert len(box.letters) == 1


def test_doubt_about_one_channel_is_doubt_unless_another_accepted(
    mail: tuple[Mailbox, str], telegram: Telegram
) -> None:
    box, url = mail
    telegram.cut = True
    box.answer = "550 Ditolak"
    assert send([url, tgram()], "Judul", "Isi").result is Result.UNSURE
    box.answer = "250 Diterima"
    assert send([url, tgram()], "Judul", "Isi").result is Result.SENT


@pytest.mark.parametrize("urls", [[], ["omong://kosong"]])
def test_without_a_usable_channel_nothing_is_sent(urls: list[str]) -> None:
    assert send(urls, "Judul", "Isi").result is Result.REFUSED


def test_no_address_and_no_token_is_logged(telegram: Telegram, capfd: pytest.CaptureFixture[str]) -> None:
    """Not even by a program that logs all it can; `urllib3` alone would, at a level below what anybody keeps."""
    telegram.status = 401
    root, heard = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(heard)
    root.addHandler(handler)
    try:
        send(["mailto://u:rahasia@127.0.0.1:9?to=kabid@kantor.invalid", tgram(), "tgram://rahasia"], "Judul", "Isi")
    finally:
        root.removeHandler(handler)
    printed = heard.getvalue() + "".join(capfd.readouterr())
    assert [secret for secret in SECRETS if secret in printed] == []


# -- a mail server that misbehaves ----------------------------------------------------------------------------------


class _talking_server:  # noqa: N801 - reads as a function, as contextlib's own do
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


def _accept_until_the_end_of_the_mail(client: socket.socket) -> None:
    client.sendall(b"220 ada\r\n")
    with client.makefile("rb") as lines:
        for line in lines:
            if line == b".\r\n":
                return
            if line.upper().startswith(b"DATA"):
                client.sendall(b"354 silakan\r\n")
            elif line.upper().startswith((b"EHLO", b"HELO", b"MAIL", b"RCPT")):
                client.sendall(b"250 ya\r\n")
