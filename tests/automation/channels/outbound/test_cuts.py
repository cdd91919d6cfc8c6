"""
What is known of a message when the connection fails: REFUSED only where nothing of it had left us.

And that no token and no word of a message shows up in logs, sentences or representations.
"""

import gzip
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from automation.channels.outbound.graph import Graph
from automation.channels.outbound.telegram import Bot
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way
from register.complaint import Channel
from tests.automation.channels.outbound.posting import PERSON, a_post, to_graph, to_telegram
from tests.automation.channels.servers import GraphServer, Reply, TelegramServer, lost, midway, slow, unread
from tests.builders import MOMENT

WHATSAPP, TELEGRAM = Channel.WHATSAPP, Channel.TELEGRAM
TEXT = "Rahasia warga contoh."


@contextmanager
def talking(talk: Callable[[socket.socket], object]) -> Iterator[str]:
    """A server that does something with each connection and closes it; its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    talk(client)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def send_to(url: str) -> Outcome:
    with GraphServer() as graph:
        return to_graph(graph, graph_url=url)[WHATSAPP](a_post(WHATSAPP, text=TEXT))


# -- nothing left us --------------------------------------------------------------------------------------------------


def test_a_closed_port_is_a_refusal() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    outcome = send_to(f"http://127.0.0.1:{port}/v25.0")
    assert outcome.result is Result.REFUSED
    assert outcome.problem == "Server WhatsApp tidak terhubung: periksa sambungan internet; sistem mencoba lagi."
    assert outcome.hopeless is False


@pytest.mark.parametrize(
    "url",
    ["http://tidak-ada.invalid/v25.0", "http://127.0.0.1:99999/v25.0", "http://[::1", "gopher://127.0.0.1", "http://"],
)
def test_an_address_that_leads_nowhere_is_a_refusal(url: str) -> None:
    assert send_to(url).result is Result.REFUSED


def test_a_server_that_is_no_tls_server_is_a_refusal() -> None:
    """As a captive portal or a wrong port may be: the handshake fails before the message leaves."""
    with talking(lambda client: (client.recv(100), client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))) as address:
        assert send_to(f"https://{address}/v25.0").result is Result.REFUSED


def test_a_certificate_that_nobody_signed_is_a_refusal(tmp_path: Path) -> None:
    """Somebody in between must not read the token."""
    heard: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = self_signed(tmp_path)
    context.load_cert_chain(certificate)

    def talk(client: socket.socket) -> None:
        with pytest.raises(ssl.SSLError), context.wrap_socket(client, server_side=True) as inside:
            heard.append(inside.recv(1000))

    with talking(talk) as address:
        assert send_to(f"https://{address}/v25.0").result is Result.REFUSED
    assert heard == []


def self_signed(folder: Path) -> Path:
    """A server's certificate and key in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(MOMENT - timedelta(days=3650))
        .not_valid_after(MOMENT + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


# -- it had left us ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "accepted"),
    [
        (unread(), 0),
        (lost(), 1),
        (midway(), 1),
        (slow(5), 1),
        (Reply(500, b"", cut="lost"), 0),
    ],
    ids=["unread", "lost", "midway", "slow", "lost without being accepted"],
)
def test_a_cut_or_late_answer_leaves_it_unsure(reply: Reply, accepted: int) -> None:
    with GraphServer() as graph:
        graph.answer_next(reply)
        outcome = to_graph(graph)[WHATSAPP](a_post(WHATSAPP, text=TEXT))
        assert len(graph.taken) == accepted
    with TelegramServer() as bot:
        bot.answer_next(reply)
        told = to_telegram(bot)(a_post(TELEGRAM, text=TEXT, person="4711"))
        assert len(bot.taken) == accepted
    for each, label in ((outcome, "WhatsApp"), (told, "Telegram")):
        assert each.result is Result.UNSURE
        assert each.problem.startswith(f"Server {label} tidak menjawab")
        assert (each.hopeless, each.wait_seconds, each.proof) == (False, 0, "")


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"bukan HTTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    ],
)
def test_an_answer_that_breaks_http_leaves_it_unsure(said: bytes) -> None:
    def talk(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(said)

    with talking(talk) as address:
        assert send_to(f"http://{address}/v25.0").result is Result.UNSURE


def test_an_answer_that_drips_is_given_up() -> None:
    """Each byte comes in time, and the whole never does."""
    stop = threading.Event()

    def talk(client: socket.socket) -> None:
        client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
        while not stop.wait(0.02):
            try:
                client.sendall(b" " * 100)
            except OSError:
                return

    with talking(talk) as address, GraphServer() as graph:
        send = to_graph(graph, graph_url=f"http://{address}/v25.0", timeout=(0.3, 0.3))[WHATSAPP]
        assert send(a_post(WHATSAPP)).result is Result.UNSURE
        stop.set()


def test_a_redirect_is_not_followed() -> None:
    with GraphServer() as graph, GraphServer() as other:
        graph.answer_next(Reply(307, b"", {"Location": f"{other.url}/200000000000002/messages"}))
        assert to_graph(graph)[WHATSAPP](a_post(WHATSAPP)).result is Result.UNSURE
        assert other.requests == []


@pytest.mark.parametrize(
    ("headers", "pack"),
    [
        (b"Content-Encoding: gzip\r\nConnection: close\r\n", gzip.compress),
        (b"Transfer-Encoding: chunked\r\n", lambda said: b"%x\r\n%b\r\n0\r\n\r\n" % (len(said), said)),
        (b"Connection: close\r\n", bytes),
    ],
    ids=["gzip", "chunked", "until the end"],
)
def test_an_answer_is_read_however_it_is_packed(headers: bytes, pack: Callable[[bytes], bytes]) -> None:
    def talk(client: socket.socket) -> None:
        heard = b""
        while b'"text"' not in heard:
            heard += client.recv(65536)
        client.sendall(b"HTTP/1.1 200 OK\r\n" + headers + b"\r\n" + pack(b'{"messages": [{"id": "wamid.UJI"}]}'))

    with talking(talk) as address:
        assert send_to(f"http://{address}/v25.0") == Outcome(Result.SENT, proof="wamid.UJI")


# -- secrets ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "logged"),
    [
        (Reply(), "/bot…/sendMessage HTTP"),
        (lost(), "Starting new"),
        (unread(), "Starting new"),
        (Reply(500, b"x", {"X-Aneh\r\nbukan-kepala": "y"}), "Failed to parse headers"),
        (Reply(200, {"ok": False, "error_code": 400, "description": f"Bad Request: {TEXT}"}), "/bot…/sendMessage HTTP"),
    ],
)
def test_logs_and_sentences_hold_no_token_no_person_and_no_text(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], reply: Reply, logged: str
) -> None:
    caplog.set_level(logging.DEBUG)
    with TelegramServer() as bot, GraphServer() as graph:
        bot.answer_next(reply)
        graph.answer_next(reply)
        secrets = [bot.token, graph.tokens[WHATSAPP], PERSON, TEXT]
        outcomes = [
            to_telegram(bot)(a_post(TELEGRAM, text=TEXT)),
            to_graph(graph)[WHATSAPP](a_post(WHATSAPP, text=TEXT)),
        ]
        shown = [each.problem for each in outcomes] + [record.getMessage() for record in caplog.records]
        shown += [str(record.exc_info) + str(record.args) for record in caplog.records]
    assert any(logged in line for line in shown)
    written = " ".join([*shown, caplog.text, *capfd.readouterr()])
    assert [secret for secret in secrets if secret in written] == []


def test_representations_hold_no_secret() -> None:
    post = a_post(WHATSAPP, Way.TEMPLATE, text=TEXT, template="selesai", values=("rahasia",))
    shown = repr([Graph("https://graph.invalid", "EAAuji", WHATSAPP), Bot("https://bot.invalid", "1:uji"), post])
    assert [secret for secret in ("EAAuji", "1:uji", TEXT, PERSON, "rahasia") if secret in shown] == []
    assert "selesai" in shown


def test_a_netrc_of_the_machine_does_not_replace_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login orang password lain\n")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))
    with GraphServer() as graph, TelegramServer() as bot:
        assert to_graph(graph)[WHATSAPP](a_post(WHATSAPP)).result is Result.SENT
        assert to_telegram(bot)(a_post(TELEGRAM, person="4711")).result is Result.SENT
        assert "Authorization" not in bot.requests[0].headers
