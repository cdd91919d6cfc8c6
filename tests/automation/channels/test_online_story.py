"""SOP B from the first comment to the rating: a whole story over real HTTP, and what proves each of its steps."""

from collections.abc import Iterator
from typing import Any

import pytest

from register.complaint import Channel, Status
from register.inbound import Source
from tests.automation.channels.online_office import OnlineOffice, sample
from tests.automation.channels.servers import GraphServer, TelegramServer
from tests.office import Office

PSID = "800000000000008"
COMMENT = "600000000000006_700000000000007"


@pytest.fixture
def online(office: Office) -> Iterator[OnlineOffice]:
    with GraphServer() as graph, TelegramServer() as telegram:
        yield OnlineOffice(office, graph, telegram)


def comment(text: str) -> Any:
    body = sample("facebook_comment")
    body["entry"][0]["changes"][0]["value"]["message"] = text
    return body


def written(text: str, number: int, online: OnlineOffice) -> Any:
    body = sample("messenger_text")
    said = body["entry"][0]["messaging"][0]
    said["message"] = {"mid": f"m_CERITA{number:04}", "text": text}
    said["timestamp"] = int(online.office.now.timestamp() * 1000)
    return body


def test_a_comment_becomes_a_complaint_and_its_writer_is_answered_to_the_end(online: OnlineOffice) -> None:
    office, graph = online.office, online.graph
    graph.people[COMMENT] = PSID

    online.hear(Source.META, comment("Ibu saya lansia telantar, sudah 3 bulan permakanan tidak diantar ke rumah."))
    (complaint,) = online.complaints()
    ticket = complaint.ticket
    public, private = online.told()
    assert (complaint.channel, public.way, private.way) == (Channel.FACEBOOK, "comment", "private reply")
    assert ticket in private.text
    assert not any(word in public.text for word in (ticket, "Warga", "Contoh", "lansia", "permakanan"))

    online.hear(Source.META, written("Baik, terima kasih min", 1, online))
    online.told()
    office.type(ticket, act="Minta Kelengkapan", reason="alamat lengkap ibu Anda")
    online.work()
    (asked,) = online.told()
    assert (asked.way, asked.to) == ("text", PSID)
    assert "alamat lengkap ibu Anda" in asked.text
    assert office.store.complaint(ticket).status is Status.NEEDS_INFO

    online.hear(Source.META, written("Jl. Mawar RT 3 Desa Rempanga, Loa Kulu", 2, online))
    assert office.store.complaint(ticket).status is Status.IN_PROGRESS
    assert "RT 3" in office.row(ticket)["Tanggapan Pelapor"]
    assert ticket in online.told()[0].text

    office.type(ticket, follow_up="Kunjungan ke rumah dijadwalkan.")
    online.work()
    office.type(ticket, reply="Permakanan diantar mulai Senin.", send_reply=True)
    online.work()
    (answer,) = online.told()
    assert (answer.to, "Permakanan diantar mulai Senin." in answer.text) == (PSID, True)

    online.hear(Source.META, written("5 terima kasih banyak", 3, online))
    closed = office.store.complaint(ticket)
    assert closed.status is Status.RESOLVED
    assert "5" in office.row(ticket)["Tanggapan Pelapor"]
    assert ticket in online.told()[0].text
    office.type(ticket, act="Arsipkan")
    online.work()

    told = online.explained(ticket)
    proofs = told.partition("Bukti elektronik tiap langkah")[2]
    print(proofs)
    steps = [line for line in proofs.splitlines() if line[:3] == "  " + line[2:3] and line[3:5] == ". "]
    assert len(steps) == 9
    assert "belum ada" not in proofs
    for proof in (private.id, answer.id):
        assert proof in proofs
    assert len(online.complaints()) == 1
