"""By e-mail: whoever answers a mail of ours is the reporter, whoever only writes in their name is nobody."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime

import pytest

from register.complaint import Status
from register.inbound import Source
from tests.automation.channels.online_office import QUIET, OnlineOffice
from tests.automation.channels.servers import GraphServer, TelegramServer
from tests.automation.channels.test_sending_mail import Server, plain, smtp
from tests.office import Office


@pytest.fixture
def mailed(office: Office) -> Iterator[tuple[OnlineOffice, Server]]:
    with GraphServer() as graph, TelegramServer() as telegram, smtp() as (server, port):
        yield OnlineOffice(office, graph, telegram, {"ADUAN_MAILBOX": plain(port)}), server


def write(online: OnlineOffice, text: str, *, answers: str = "") -> None:
    """A mail in the reporter's name, perhaps by them."""
    mail = EmailMessage()
    mail["From"] = "Ibu Contoh <ibu@contoh.invalid>"
    mail["Subject"] = "Re: Bantuan"
    mail["Date"] = format_datetime(online.office.now)
    mail["Message-ID"] = f"<{online.office.now.timestamp():.0f}@contoh.invalid>"
    if answers:
        mail["In-Reply-To"] = answers
    mail.set_content(text)
    online.office.store.keep_delivery(Source.EMAIL, mail["Message-ID"], mail.as_bytes(), online.office.now)
    online.work()
    online.work(QUIET)


def waiting(online: OnlineOffice) -> list[str]:
    return [row["Usulan"] for row in online.office.rows("Kotak Masuk") if row["Isi"]]


def test_a_forged_mail_moves_nothing_and_an_answer_does(mailed: tuple[OnlineOffice, Server]) -> None:
    online, server = mailed
    office = online.office
    write(online, "Bantuan PKH saya sudah 3 bulan tidak cair di desa Rempanga, mohon diperiksa.")
    (complaint,) = online.complaints()
    ticket = complaint.ticket

    office.type(ticket, act="Minta Kelengkapan", reason="foto KTP")
    online.work(timedelta(minutes=1))
    write(online, "Dapatkan pinjaman tanpa agunan, bunga rendah")
    assert office.store.complaint(ticket).status is Status.NEEDS_INFO
    asked = server.letters[-1][1]["Message-ID"]
    write(online, "Alamat saya RT 3 desa Rempanga", answers=asked)
    assert office.store.complaint(ticket).status is Status.IN_PROGRESS

    office.type(ticket, reply="PKH Ibu cair Senin.", send_reply=True)
    online.work(timedelta(minutes=1))
    answer = server.letters[-1][1]["Message-ID"]
    for text in ("selesai, puas", "1", "belum beres"):
        write(online, text, answers="<tebakan@kantor.invalid>")
        assert office.store.complaint(ticket).status is Status.AWAITING_REPORTER
    hints = waiting(online)
    assert len(hints) == 4
    assert all(ticket in hint for hint in hints)

    write(online, "5 terima kasih", answers=answer)
    closed = office.store.complaint(ticket)
    assert closed.status is Status.RESOLVED
    assert len(waiting(online)) == 4, "nothing is lost"
