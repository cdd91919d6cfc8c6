"""Reading the office's mailbox at a real IMAP server: nothing lost, nothing doubled, wherever it ends."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from automation.channels import mailbox
from automation.channels.inbound.email import read
from automation.channels.mailbox import MailReading, imap_account, mailbox_problem
from automation.channels.mailbox_troubles import SENTENCES, MailboxError, Trouble
from register.inbound import Message, Source
from tests.automation.channels.mail_servers import PASSWORD, PASSWORD_QUOTED, USER, Dovecot, between, dovecot
from tests.automation.reminders.staff_servers import talking_server

pytestmark = pytest.mark.program
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Kept:
    """Deliveries and settings as the store keeps them; it may be killed before or after it kept one."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    killed: str = ""

    def keep_delivery(self, source: Source, key: str, body: bytes, now: datetime) -> bool:
        assert source is Source.EMAIL
        if self.killed == "before":
            raise KeyboardInterrupt
        is_new = key not in self.bodies
        self.bodies.setdefault(key, body)
        if self.killed == "after":
            raise KeyboardInterrupt
        return is_new

    def setting(self, name: str) -> Any:
        return self.settings.get(name)

    def put_setting(self, name: str, value: Any) -> None:
        if self.killed == "remembering":
            raise KeyboardInterrupt
        self.settings[name] = value


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture
def box(server: Dovecot) -> Dovecot:
    server.empty()
    return server


def a_mail(number: int, *, headers: str = "", body: str = "Bantuan saya belum datang.") -> bytes:
    return (
        f"From: Ibu Contoh <ibu@contoh.invalid>\r\nMessage-ID: <{number}@contoh.invalid>\r\n"
        f"Subject: Surat {number}\r\n{headers}\r\n{body}\r\n"
    ).encode()


def keys(*numbers: int) -> set[str]:
    return {f"{number}@contoh.invalid" for number in numbers}


def test_new_mail_is_kept_byte_for_byte_and_then_marked_as_read(box: Dovecot) -> None:
    mails = [a_mail(number, body=f"Baris.\r\n.\r\n\xff {number}") for number in range(3)]
    box.put(*mails)
    kept = Kept()
    reading = MailReading(kept, box.url)
    assert reading(NOW) == 3
    assert list(kept.bodies.values()) == mails
    assert box.unread() == 0
    assert reading(NOW) == 0


def test_a_mail_that_somebody_read_first_is_kept_too_but_old_ones_are_left(box: Dovecot) -> None:
    box.put(a_mail(1), flags=r"(\Seen)")
    kept = Kept()
    reading = MailReading(kept, box.url)
    assert reading(NOW) == 0
    box.put(a_mail(2), flags=r"(\Seen)")
    box.put(a_mail(3))
    assert reading(NOW) == 2
    assert set(kept.bodies) == keys(2, 3)
    box.put(a_mail(2))
    assert reading(NOW) == 0
    assert box.unread() == 0


def test_what_staff_marked_as_deleted_is_not_removed(box: Dovecot) -> None:
    box.put(a_mail(1), flags=r"(\Seen \Deleted)")
    box.put(a_mail(2))
    assert MailReading(Kept(), box.url)(NOW) == 1
    assert box.count() == 2


def test_without_a_message_id_the_number_tells_mails_apart(box: Dovecot) -> None:
    box.put(b"From: a@contoh.invalid\r\n\r\nSatu\r\n", b"From: a@contoh.invalid\r\n\r\nSatu\r\n")
    kept = Kept()
    assert MailReading(kept, box.url)(NOW) == 2
    assert all(key.replace(":", "").isdecimal() for key in kept.bodies)


def test_of_a_mail_too_large_the_header_is_kept(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "LARGEST", 2_000)
    box.put(a_mail(1, body="x" * 1_500), a_mail(2, body="rahasia" * 300))
    kept = Kept()
    assert MailReading(kept, box.url)(NOW) == 2
    body = kept.bodies["2@contoh.invalid"]
    assert b"rahasia" not in body
    (message,) = read(body, received_at=NOW, ours="aduan@kantor.invalid")
    assert isinstance(message, Message)
    assert (message.unsupported, message.subject, message.text) == ("too_large", "Surat 2", "")
    assert box.unread() == 0


def test_a_mail_that_no_parser_survives_stops_nobody(box: Dovecot) -> None:
    depth = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(2_000))
    box.put(f"Message-ID: <1@contoh.invalid>\r\nFrom: a@contoh.invalid\r\n{depth}".encode(), a_mail(2))
    kept = Kept()
    assert MailReading(kept, box.url)(NOW) == 2
    (update,) = read(kept.bodies["1@contoh.invalid"], received_at=NOW, ours="aduan@kantor.invalid")
    assert isinstance(update, Message)
    assert update.unsupported == "unreadable"


def test_many_mails_come_in_portions(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "MOST_AT_ONCE", 4)
    box.put(*(a_mail(number) for number in range(10)))
    kept = Kept()
    reading = MailReading(kept, box.url)
    assert [reading(NOW) for _ in range(4)] == [4, 4, 2, 0]
    assert kept.settings


def code_of(reading: MailReading) -> str:
    """Of what went wrong in one run; empty if nothing did."""
    try:
        reading(NOW)
    except MailboxError as error:
        return error.code
    return ""


@pytest.mark.parametrize("first", [True, False], ids=["at first", "later"])
@pytest.mark.parametrize("done", [False, True], ids=["before", "unanswered"])
def test_cut_at_any_command_nothing_is_lost_or_doubled(box: Dovecot, first: bool, done: bool) -> None:
    """Also where somebody reads a mail in between."""
    problems: list[str] = []
    for command in range(1, 40):
        box.empty()
        kept = Kept()
        if not first:
            MailReading(kept, box.url)(NOW)
        box.put(a_mail(1), a_mail(2))
        box.put(a_mail(3), flags="" if first else r"(\Seen)")
        with between(box.port, cut=command, done=done) as port:
            problem = code_of(MailReading(kept, box.url.replace(f":{box.port}/", f":{port}/")))
        problems.append(problem)
        MailReading(kept, box.url)(NOW)
        assert set(kept.bodies) == keys(1, 2, 3)
        assert box.unread() == 0
        if not problem:
            break
    assert problems == [Trouble.UNREACHABLE] * (len(problems) - 1) + [""]
    assert len(problems) >= 15  # each command of a whole run was cut once


@pytest.mark.parametrize(
    ("command", "trouble", "kept_anyway"), [(b"FETCH", Trouble.MAIL, False), (b"STORE", Trouble.MARKING, True)]
)
def test_a_mail_that_the_server_refuses_does_not_hold_up_the_others(
    box: Dovecot, command: bytes, trouble: Trouble, kept_anyway: bool
) -> None:
    """And is not forgotten, even if somebody reads it meanwhile."""
    kept = Kept()
    MailReading(kept, box.url)(NOW)
    box.put(a_mail(1), a_mail(2))
    with box.by_hand() as client:
        (first, _) = client.uid("SEARCH", "ALL")[1][0].split()

    def refuse(line: bytes) -> bool:
        return line.upper().split()[1:4] == [b"UID", command, first]

    with between(box.port, refuse=refuse) as port:
        assert code_of(MailReading(kept, box.url.replace(f":{box.port}/", f":{port}/"))) == trouble
    assert set(kept.bodies) == (keys(1, 2) if kept_anyway else keys(2))
    assert box.unread() == 1
    with box.by_hand() as client:
        client.store("1", "+FLAGS", r"(\Seen)")
    assert code_of(MailReading(kept, box.url)) == ""
    assert set(kept.bodies) == keys(1, 2)


@pytest.mark.parametrize("moment", ["before", "after", "remembering"])
def test_killed_while_keeping_nothing_is_lost_or_doubled(box: Dovecot, moment: str) -> None:
    kept = Kept()
    MailReading(kept, box.url)(NOW)
    box.put(a_mail(1), a_mail(2))
    for _ in range(2):
        kept.killed = moment
        with pytest.raises(KeyboardInterrupt):
            MailReading(kept, box.url)(NOW)
    kept.killed = ""
    MailReading(kept, box.url)(NOW)
    assert set(kept.bodies) == keys(1, 2)
    assert box.unread() == 0


def test_it_reads_by_tls_from_a_server_that_can_be_trusted(box: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    box.put(a_mail(1))
    url = f"imaps://{USER.replace('@', '%40')}:{PASSWORD_QUOTED}@127.0.0.1:{box.tls_port}"
    assert mailbox_problem(url) == SENTENCES[Trouble.UNTRUSTED]
    monkeypatch.setenv("SSL_CERT_FILE", str(box.certificate))
    assert mailbox_problem(url) == ""
    assert MailReading(Kept(), url)(NOW) == 1


@pytest.mark.parametrize(
    ("change", "trouble"),
    [
        ((PASSWORD_QUOTED, "lain"), Trouble.LOGIN),
        ((PASSWORD_QUOTED, "kata%C3%A9"), Trouble.LOGIN),
        (("/INBOX", "/Tidak%20Ada"), Trouble.FOLDER),
        (("127.0.0.1:", "127.0.0.1:1"), Trouble.UNREACHABLE),
        (("127.0.0.1", "tidak-ada.invalid"), Trouble.UNREACHABLE),
    ],
)
def test_what_is_wrong_is_a_sentence_without_secrets(box: Dovecot, change: tuple[str, str], trouble: Trouble) -> None:
    url = box.url.replace(*change)
    if change[1].endswith(":1"):
        url = box.url.replace(f":{box.port}", ":1")
    with pytest.raises(MailboxError) as caught:
        MailReading(Kept(), url)(NOW)
    assert caught.value.code == trouble
    assert mailbox_problem(url) == caught.value.message == SENTENCES[trouble]
    assert PASSWORD not in repr(caught.value)
    assert PASSWORD not in repr(imap_account(url))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("greeting", [b"", b"* OK ada\r\n", b"* BYE penuh\r\n", b"HTTP/1.1 400\r\n\r\n"])
def test_a_server_that_keeps_silent_or_speaks_otherwise_is_left(greeting: bytes) -> None:
    over = threading.Event()

    def talk(client: socket.socket) -> None:
        client.sendall(greeting)
        over.wait(20)

    with talking_server(talk) as port:
        problem = mailbox_problem(f"imap://a:p@127.0.0.1:{port}", timeout=0.3)
        assert not over.is_set()
        over.set()
    assert problem == SENTENCES[Trouble.UNREACHABLE]


def test_a_folder_may_have_any_name(box: Dovecot) -> None:
    with box.by_hand() as client:
        client.create('"Pengaduan Baru"')
        client.append('"Pengaduan Baru"', "", None, a_mail(1))
    assert MailReading(Kept(), box.url.replace("/INBOX", "/Pengaduan%20Baru"))(NOW) == 1


@pytest.mark.parametrize(
    ("url", "address", "port", "folder"),
    [
        ("imaps://aduan@mail.contoh.id", "aduan@mail.contoh.id", 993, "INBOX"),
        ("imaps://Aduan%40Contoh.id:p%2Fq@mail.contoh.id:1993/", "aduan@contoh.id", 1993, "INBOX"),
        ("imap://a@localhost/Arsip/2026", "a@localhost", 143, "Arsip/2026"),
    ],
)
def test_an_account_is_read_from_its_url(url: str, address: str, port: int, folder: str) -> None:
    account = imap_account(url)
    assert (account.address, account.port, account.folder) == (address, port, folder)
