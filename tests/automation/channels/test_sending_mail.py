"""Sending e-mail to a real SMTP server that accepts, refuses, asks for a password, or breaks off."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.outbound import mail as module
from automation.channels.outbound.mail import LONGEST_SUBJECT, MOST_IDS, mail_sender, titled
from automation.channels.outbound.mail_account import MailAccount, Security, mail_account
from automation.channels.outbound.post import Post
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way
from register.complaint import Channel
from register.inbound import Address
from tests.automation.channels.mail_servers import tls_context, write_certificate
from tests.automation.reminders.staff_servers import closed_port, talking_server

THREAD = tuple(f"r{number}.{'x' * 120}@contoh.invalid" for number in range(30))


TEXT = "Pengaduan Anda sudah kami terima.\n.\nTerima kasih – Dinas Sosial"
SUBJECT = "[ABCD-EFGH-J] Tanda terima pengaduan"


def letter_to(to: Address, text: str = TEXT, subject: str = SUBJECT) -> Post:
    return Post(to, text, Way.FREE, subject=subject)


def to(person: str = "ibu@contoh.invalid", thread: str = "") -> Address:
    return Address(Channel.EMAIL, "aduan@kantor.invalid", person, thread=thread)


class Server:
    """What an SMTP server got; `answers` is what it says to a command instead of yes."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, Any]] = []
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - aiosmtpd looks for this name
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:  # noqa: N802 - likewise
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        answer = self.answers.get("DATA", "250 OK")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            envelope.content.decode("ascii")  # no 8BITMIME was agreed on
            self.letters.append((str(envelope.mail_from), message_from_bytes(envelope.content, policy=default)))
        return answer


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, said: Any) -> AuthResult:
    good = isinstance(said, LoginPassword) and (said.login, said.password) == (b"aduan@kantor.invalid", b"a@b:c")
    return AuthResult(success=good, handled=good)


@contextmanager
def smtp(**options: Any) -> Iterator[tuple[Server, int]]:
    server, port = Server(), closed_port()
    controller = Controller(server, hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield server, port
    controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    write_certificate(tmp_path / "certificate.pem", tmp_path / "key.pem")
    return tmp_path / "certificate.pem", tmp_path / "key.pem"


def plain(port: int, more: str = "") -> str:
    return f"mailto://127.0.0.1:{port}?from=aduan@kantor.invalid{more}"


def test_an_answer_stands_in_its_thread_and_no_program_answers_it() -> None:
    with smtp() as (server, port):
        outcome = mail_sender(plain(port, "&name=Dinas%20Sosial"))(letter_to(to(thread=" ".join(THREAD))))
    assert outcome.result is Result.SENT
    ((envelope, letter),) = server.letters
    assert envelope == "aduan@kantor.invalid"
    assert letter["Message-ID"] == f"<{outcome.proof}>"
    assert outcome.proof.endswith("@kantor.invalid")
    assert letter["In-Reply-To"] == f"<{THREAD[-1]}>"
    assert letter["References"].split() == [f"<{each}>" for each in THREAD[-MOST_IDS:]]
    assert (letter["Auto-Submitted"], letter["X-Auto-Response-Suppress"]) == ("auto-replied", "All")
    assert (letter["From"], letter["To"]) == ("Dinas Sosial <aduan@kantor.invalid>", "ibu@contoh.invalid")
    assert letter["Subject"] == letter_to(to()).subject
    assert letter["Date"].datetime.tzinfo is not None
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content().replace("\r\n", "\n").strip() == letter_to(to()).text


def test_a_plain_mail_answers_nothing_and_has_another_id_each_time() -> None:
    with smtp() as (server, port):
        for _ in range(2):
            assert mail_sender(plain(port))(letter_to(to())).result is Result.SENT
    assert [letter["Auto-Submitted"] for _, letter in server.letters] == ["auto-generated"] * 2
    assert not any("References" in letter or "In-Reply-To" in letter for _, letter in server.letters)
    assert len({letter["Message-ID"] for _, letter in server.letters}) == 2


def test_the_envelope_names_nobody_only_where_that_is_set() -> None:
    with smtp() as (server, port):
        assert mail_sender(plain(port, "&bounces=no"))(letter_to(to())).result is Result.SENT
    assert server.letters[0][0] == "<>"


HARD = st.text(st.sampled_from("ab@.\r\n\0 <>:,é\ud800\u2028=?Bcc"), max_size=40)


@given(subject=HARD, thread=HARD, person=HARD, text=HARD)
def test_no_words_can_become_a_header(subject: str, thread: str, person: str, text: str) -> None:
    """Whatever comes in, the mail has our headers, one of each, and one recipient."""
    account = mail_account("mailto://server.invalid?from=aduan@kantor.invalid")
    post = letter_to(to("ibu@contoh.invalid", thread), text, f"{subject}\r\nBcc: lain@contoh.invalid")
    raw = module._mail(account, post, "id@kantor.invalid").as_bytes()
    head = raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    assert len(names) == len(set(names))
    assert set(names) <= {
        *("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted"),
        *("X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"),
    }
    strange = mail_sender("mailto://127.0.0.1:1?from=aduan@kantor.invalid")(letter_to(to(person), text, subject))
    assert strange.result is Result.REFUSED


@pytest.mark.parametrize(
    "person", ["", "ibu", "ibu@", "a@b.id, c@d.id", "a@b.id\r\nBcc: x@y.id", "<a@b.id>", "é@b.id", "=@."]
)
def test_an_address_that_is_none_is_hopeless(person: str) -> None:
    outcome = mail_sender("mailto://127.0.0.1:1?from=aduan@kantor.invalid")(letter_to(to(person)))
    assert (outcome.result, outcome.hopeless) == (Result.REFUSED, True)
    assert "contoh" not in outcome.problem


@pytest.mark.parametrize(
    ("command", "answer", "hopeless", "waits"),
    [
        ("MAIL", "550 tidak", False, False),
        ("MAIL", "451 nanti", False, True),
        ("RCPT", "550 tidak dikenal", True, False),
        ("RCPT", "450 nanti", False, True),
        ("DATA", "554 sampah", True, False),
        ("DATA", "452 penuh", False, True),
    ],
)
def test_refusals_are_certain(command: str, answer: str, hopeless: bool, waits: bool) -> None:
    with smtp() as (server, port):
        server.answers[command] = answer
        outcome = mail_sender(plain(port))(letter_to(to()))
        assert (outcome.result, outcome.hopeless, bool(outcome.wait_seconds)) == (Result.REFUSED, hopeless, waits)
        assert answer[:3] in outcome.problem
        assert "contoh" not in outcome.problem
        assert outcome.proof == ""
        server.answers.clear()
        assert mail_sender(plain(port))(letter_to(to())).result is Result.SENT


def _talk(*answers: bytes, whole: bool = False) -> Callable[[socket.socket], None]:
    """Greets, answers line after line, and goes after the next one, or after the whole text."""

    def talk(client: socket.socket) -> None:
        client.sendall(b"220 ada\r\n")
        with client.makefile("rb") as lines:
            for answer in answers:
                lines.readline()
                client.sendall(answer)
            while lines.readline() not in (b".\r\n", b"") and whole:
                pass

    return talk


YES, GO = b"250 ya\r\n", b"354 silakan\r\n"


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ((), Result.REFUSED),
        ((YES,), Result.REFUSED),
        ((YES, YES), Result.REFUSED),
        ((YES, YES, YES), Result.REFUSED),
        ((YES, YES, YES, YES), Result.REFUSED),
        ((YES, YES, YES, GO), Result.UNSURE),
        ((YES, YES, YES, b"421 tutup\r\n"), Result.REFUSED),
        ((YES, YES, YES, b"omong kosong\r\n"), Result.REFUSED),
    ],
)
def test_cut_at_any_line_it_is_unsure_only_after_the_text(answers: tuple[bytes, ...], result: Result) -> None:
    _cut(_talk(*answers), result)


def test_cut_when_all_was_said_it_is_unsure() -> None:
    _cut(_talk(YES, YES, YES, GO, whole=True), Result.UNSURE)


def _cut(talk: Callable[[socket.socket], None], result: Result) -> None:
    with talking_server(talk) as port:
        outcome = mail_sender(plain(port), timeout=5)(letter_to(to()))
    assert outcome.result is result
    assert not outcome.hopeless
    assert bool(outcome.proof) is (result is Result.UNSURE)


@pytest.mark.parametrize(("answers", "result"), [((YES, YES), Result.REFUSED), ((YES, YES, YES, GO), Result.UNSURE)])
def test_a_server_that_keeps_silent_takes_no_longer_than_it_may(answers: tuple[bytes, ...], result: Result) -> None:
    over = threading.Event()

    def talk(client: socket.socket) -> None:
        client.sendall(b"220 ada\r\n")
        with client.makefile("rb") as lines:
            for answer in answers:
                lines.readline()
                client.sendall(answer)
            over.wait(20)

    with talking_server(talk) as port:
        outcome = mail_sender(plain(port), timeout=0.4)(letter_to(to()))
        assert not over.is_set()
        over.set()
    assert outcome.result is result


def test_without_a_server_nobody_got_it() -> None:
    outcome = mail_sender(plain(closed_port()))(letter_to(to()))
    assert outcome == Outcome(Result.REFUSED, "server e-mail tidak terhubung; periksa jaringan dan ADUAN_MAILBOX")


@pytest.mark.parametrize(
    "mailbox", ["mailto://", "mailto://server.invalid", "mailto://a@b:99999", "mailto://a@b?mode=x"]
)
def test_a_mailbox_that_is_none_is_told(mailbox: str) -> None:
    outcome = mail_sender(mailbox)(letter_to(to()))
    assert outcome.result is Result.REFUSED
    assert "ADUAN_MAILBOX" in outcome.problem


LOGIN = "aduan%40kantor.invalid:a%40b%3Ac@127.0.0.1"


@pytest.mark.parametrize("mode", ["starttls", "ssl"])
def test_it_logs_in_by_tls_at_a_server_that_can_be_trusted(
    certificate: tuple[Path, Path], mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = tls_context(*certificate)
    tls = {"ssl_context": context} if mode == "ssl" else {"tls_context": context, "require_starttls": True}
    more = {"auth_require_tls": False} if mode == "ssl" else {"auth_required": True}
    with smtp(authenticator=_login, **tls, **more) as (server, port):
        url = f"mailtos://{LOGIN}:{port}?mode={mode}"
        untrusted = mail_sender(url)(letter_to(to()))
        assert untrusted.result is Result.REFUSED
        assert "sertifikat" in untrusted.problem
        assert mail_sender(f"{url}&verify=no")(letter_to(to())).result is Result.SENT
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
        assert mail_sender(url)(letter_to(to())).result is Result.SENT
        wrong = mail_sender(url.replace("a%40b", "salah"))(letter_to(to()))
        assert wrong.result is Result.REFUSED
        assert "kata sandi" in wrong.problem
        assert "salah" not in wrong.problem
    assert len(server.letters) == 2


def test_where_tls_is_wanted_nothing_goes_without_it() -> None:
    with smtp() as (server, port):
        outcome = mail_sender(f"mailtos://127.0.0.1:{port}?from=aduan@kantor.invalid")(letter_to(to()))
    assert outcome.result is Result.REFUSED
    assert "sambungan aman" in outcome.problem
    assert server.letters == []


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "user", "sender"),
    [
        ("mailto://a:p@server.id", "server.id", 25, Security.INSECURE, "a", "a@server.id"),
        ("mailto://a:p@server.id:2525", "server.id", 2525, Security.INSECURE, "a", "a@server.id"),
        ("mailtos://a:p@server.id", "server.id", 587, Security.STARTTLS, "a", "a@server.id"),
        ("mailtos://a:p@server.id:465", "server.id", 465, Security.SSL, "a", "a@server.id"),
        ("mailtos://a:p@server.id?mode=ssl", "server.id", 465, Security.SSL, "a", "a@server.id"),
        ("mailtos://a:p@server.id:2465?mode=SSL", "server.id", 2465, Security.SSL, "a", "a@server.id"),
        ("mailtos://a:p@server.id:465?mode=starttls", "server.id", 465, Security.STARTTLS, "a", "a@server.id"),
        ("mailto://a:p@server.id?mode=starttls", "server.id", 587, Security.STARTTLS, "a", "a@server.id"),
        ("mailtos://a%40b.id:p@server.id", "server.id", 587, Security.STARTTLS, "a@b.id", "a@b.id"),
        ("mailtos://a:p@b.id?smtp=mx.b.id", "mx.b.id", 587, Security.STARTTLS, "a", "a@b.id"),
        ("mailtos://a:p@server.id?from=c@d.id&to=x@y.id", "server.id", 587, Security.STARTTLS, "a", "c@d.id"),
        ("mailtos://a:p@server.id?from=Dinas%20Sosial", "server.id", 587, Security.STARTTLS, "a", "a@server.id"),
        ("mailtos://a:p@gmail.com", "smtp.gmail.com", 587, Security.STARTTLS, "a@gmail.com", "a@gmail.com"),
        ("mailto://a:p@gmail.com", "smtp.gmail.com", 587, Security.STARTTLS, "a@gmail.com", "a@gmail.com"),
        ("mailtos://a:p@yahoo.com", "smtp.mail.yahoo.com", 465, Security.SSL, "a@yahoo.com", "a@yahoo.com"),
    ],
)
def test_apprise_forms_of_a_mailbox(url: str, host: str, port: int, security: Security, user: str, sender: str) -> None:
    account = mail_account(url)
    assert account == MailAccount(host, port, security, user, "p", sender, name=account.name)
    assert account.name == ("Dinas Sosial" if "Dinas" in url else "")
    assert "p@" not in repr(account)


@pytest.mark.parametrize(
    "url",
    [
        "mailto://a:p@server.id",
        "mailtos://a%40b.id:a%40b%3Ac@server.id?from=c@d.id",
        "mailtos://a:p@server.id:2465?mode=ssl",
        "mailtos://a:p@b.id?smtp=mx.b.id&name=Dinas",
        "mailtos://a:p@gmail.com",
        "mailtos://a:p@yahoo.com",
        "mailto://127.0.0.1:2525?from=aduan@kantor.invalid",
    ],
)
def test_apprise_understands_the_same_by_them(url: str) -> None:
    """Staff's channels go by Apprise: one form, one meaning."""
    import apprise

    theirs: Any = apprise.Apprise.instantiate(url)
    ours = mail_account(url)
    assert (theirs.smtp_host, theirs.port, theirs.secure_mode) == (ours.host, ours.port, ours.security)
    assert (theirs.user or "", theirs.password or "", theirs.from_addr[1]) == (ours.user, ours.password, ours.sender)


@pytest.mark.parametrize(
    ("subject", "made"),
    [
        ("Tanda terima", "[ABCD-EFGH-J] Tanda terima"),
        ("Re: [ABCD-EFGH-J] Tanda terima", "[ABCD-EFGH-J] Re: Tanda terima"),
        ("Baris\r\nBcc: x@y.id", "[ABCD-EFGH-J] Baris Bcc: x@y.id"),
        ("", "[ABCD-EFGH-J]"),
    ],
)
def test_the_ticket_stands_before_the_subject_once(subject: str, made: str) -> None:
    assert titled("ABCD-EFGH-J", subject) == made


def test_a_long_subject_arrives_shortened() -> None:
    with smtp() as (server, port):
        assert mail_sender(plain(port))(letter_to(to(), subject="Pengaduan é " * 90)).result is Result.SENT
    assert server.letters[0][1]["Subject"] == ("Pengaduan é " * 90)[:LONGEST_SUBJECT].strip()
