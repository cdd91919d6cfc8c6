"""Real messages to real servers, and what is known of each afterwards."""

import io
import logging
import socket
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from apprise.plugins.telegram import NotifyTelegram

from automation.channels.outcome import Outcome, Result
from automation.reminders.channels import staff
from automation.reminders.channels.addresses import address_problem
from automation.reminders.channels.staff import understood
from tests.automation.reminders.staff_servers import (
    TOKEN,
    Mailbox,
    Telegram,
    accept_until_the_end_of_the_mail,
    closed_port,
    talking_server,
    tgram,
)

send = partial(staff.send, local=True)
"""The servers of these tests are on this machine."""

SECRETS = ("AAAAAAAAAA", "rahasia", "kabid@kantor.invalid", "4711")


INSIDE = (
    "ntfy://127.0.0.1/topik",
    "mailto://u:p@localhost:22",
    "mailto://u:p@surat.kantor.local",
    "mailto://u:p@LOCALHOST.:25",
    "mailto://u:p@kantor.invalid?smtp=127.0.0.1",
    "mailto://u:p@kantor.invalid?x=1;SMTP=192.168.1.1",
    "ntfy://192.168.1.1/topik",
    "ntfy://10.0.0.5:8080/topik",
    "ntfy://0.0.0.0/topik",
    "ntfy://127.1/topik",
    "ntfy://2130706433/topik",
    "ntfy://0x7f000001/topik",
    "ntfy://%31%32%37.0.0.1/topik",
    "ntfy://[::1]/topik",
    "ntfy://[::ffff:127.0.0.1]/topik",
    "gotify://[fd00:ec2::254]/Axxxxxxxxxxxxxx",
    "zulip://bot@127.0.0.1/token",
)
LINK_LOCAL = ("gotify://169.254.169.254/Axxxxxxxxxxxxxx", "ntfy://[fe80::1]/topik")


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
        ("tgram://", False),
        (tgram() + "?template=/etc/passwd", False),
        (tgram() + "?TEMPLATE=file:///data/kunci", False),
        (tgram() + "?silent=no;te%6Dplate=/etc/passwd", False),
        ("mailto://a:b@kantor.invalid?pgppub=/data/kunci", False),
        ("mailto://a:b@kantor.invalid?pgpprv=/data/kunci", False),
        ("json://127.0.0.1/", False),
        ("syslog://", False),
        ("dbus://", False),
        ("", False),
        ("mailto://[", False),
        *[(url, False) for url in INSIDE],
        ("ntfy://8.8.8.8/topik", True),
        ("tgram://167772161:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/4711", True),
    ],
)
def test_a_channel_is_checked_without_being_repeated(url: str, fine: bool) -> None:
    problem = address_problem(url)
    assert (problem == "") is fine
    assert understood(url) or not fine, "what is accepted means something to apprise"
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
    with talking_server(accept_until_the_end_of_the_mail) as port:
        outcome = send([f"mailto://127.0.0.1:{port}?from=a@b.invalid&to=c@d.invalid"], "Judul", "Isi")
    assert outcome == Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")


@pytest.mark.long
def test_a_server_that_does_not_answer_holds_nobody_up_for_long(
    telegram: Telegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staff, "SEND_SECONDS", 1)
    monkeypatch.setattr(staff, "READ_SECONDS", 2)
    monkeypatch.setattr(staff, "CONNECT_SECONDS", 2)
    telegram.hang = threading.Event()
    with talking_server(lambda _: telegram.hang and telegram.hang.wait(20)) as port:
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


@pytest.mark.parametrize(
    "option", ["?template={}", "?silent=no;template={}", "?%74emplate={}", "??template={}", "?x=?&template={}"]
)
def test_no_file_of_this_machine_is_ever_sent(
    telegram: Telegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    """Even if the check of addresses read an option otherwise than apprise does."""
    secret = tmp_path / "kunci.txt"
    secret.write_text('{"blocks": [{"type": "paragraph", "text": "kunci-rahasia"}]}', "utf-8")
    monkeypatch.setattr(staff, "address_problem", lambda _, **__: "")
    send([tgram() + option.format(secret)], "Judul", "Isi")
    assert "kunci-rahasia" not in str(telegram.calls)


@pytest.mark.parametrize("url", INSIDE)
def test_an_administrator_may_allow_the_own_network(url: str) -> None:
    assert address_problem(url, local=True) == ""


@pytest.mark.parametrize("url", LINK_LOCAL)
def test_where_clouds_keep_their_credentials_is_never_allowed(url: str) -> None:
    assert address_problem(url)
    assert address_problem(url, local=True)


def test_a_name_that_leads_inside_is_seen_when_it_is_used(
    mail: tuple[Mailbox, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with a name server that answers 127.0.0.1; the host itself passes for any other."""
    box, url = mail
    monkeypatch.setattr(staff, "address_problem", lambda _, **__: "")
    outcome = staff.send([url.replace("127.0.0.1", "localhost")], "Judul", "Isi")
    assert outcome == Outcome(Result.REFUSED, "kanal ke-1: server di jaringan sendiri tidak diizinkan")
    assert box.letters == []
    assert send([url], "Judul", "Isi").result is Result.SENT


def test_no_server_sends_us_on_to_another() -> None:
    elsewhere: list[bytes] = []
    with talking_server(lambda client: elsewhere.append(client.recv(9))) as port:
        answer = f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n".encode()

        def redirect(client: socket.socket) -> None:
            client.recv(100_000)
            client.sendall(answer)

        with talking_server(redirect) as first:
            outcome = send([f"ntfy://127.0.0.1:{first}/topik"], "Judul", "Isi")
    assert outcome.result is not Result.SENT
    assert elsewhere == []


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


@pytest.mark.parametrize("urls", [[], ["omong://kosong"], ["tgram://bukan-token/4711"]])
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
