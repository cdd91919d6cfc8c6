"""SOP B from the first comment to the rating: a whole story over real HTTP, and what proves each of its steps."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from register.complaint import Channel, Status
from register.inbound import Source
from tests.automation.channels.online_office import QUIET, OnlineOffice, sample
from tests.automation.channels.servers import GraphServer, TelegramServer
from tests.office import Office
from tests.webhooks import payloads

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
    private, public = online.told()
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
    assert "balas pesan ini" in asked.text
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
    assert "1 (tidak puas) sampai 5" in answer.text

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


def whatsapp(text: str, number: int, online: OnlineOffice, person: str = "ID.10000000000000000001") -> Any:
    body = sample("whatsapp_text")
    value = body["entry"][0]["changes"][0]["value"]
    value["contacts"][0]["user_id"] = person
    said = value["messages"][0]
    said |= {"id": f"wamid.CERITA{number:04}", "from_user_id": person, "text": {"body": text}}
    said["timestamp"] = str(int(online.office.now.timestamp()))
    return body


def test_several_messages_become_one_complaint_and_its_status_is_told(online: OnlineOffice) -> None:
    for number, text in enumerate(("Assalamualaikum min", "KKS saya saldo 0 terus", "sudah 3 bulan di agen Loa Kulu")):
        assert online.deliver(payloads.of(Source.WHATSAPP, whatsapp(text, number, online))) == 200
        online.work(timedelta(seconds=20))
    online.work(QUIET)
    (complaint,) = online.complaints()
    said = online.office.store.intake(complaint.ticket).description
    assert [part in said for part in ("saldo 0", "Loa Kulu")] == [True, True]
    (receipt,) = online.told()
    assert complaint.ticket in receipt.text
    online.hear(Source.WHATSAPP, whatsapp(f"status {complaint.ticket.lower()}", 9, online))
    (status,) = online.told()
    assert complaint.ticket in status.text
    online.hear(Source.WHATSAPP, whatsapp("status 7K3M-Q9TX-2", 10, online))
    assert "7K3M" not in "".join(each.text for each in online.told())
    assert len(online.complaints()) == 1


def test_what_may_be_none_is_for_staff_to_decide_in_the_register(online: OnlineOffice) -> None:
    office = online.office
    online.hear(Source.WHATSAPP, whatsapp("Semoga kantornya cepat pindah ke gedung yang lebih luas ya", 1, online))
    assert online.complaints() == []
    (row,) = [row for row in office.rows("Kotak Masuk") if row["Nomor"]]
    assert "gedung" in row["Isi"]
    place = 1 + office.rows("Kotak Masuk").index(row)
    office.type_at(place, "Kotak Masuk", decision="Jadikan pengaduan")
    online.work()
    (complaint,) = online.complaints()
    after = office.rows("Kotak Masuk")[place - 1]
    assert complaint.ticket in after["Catatan Sistem"]
    assert (after["Isi"], after["Pengirim"]) == ("", "")
    assert complaint.ticket in online.told()[0].text


def test_what_cannot_be_sent_is_a_task_and_may_be_sent_again(online: OnlineOffice) -> None:
    office = online.office
    online.hear(Source.WHATSAPP, whatsapp("KKS saya saldo 0 terus, sembako tidak cair 3 bulan", 1, online))
    (complaint,) = online.complaints()
    online.told()
    online.work(timedelta(hours=25))
    office.type(complaint.ticket, reply="Saldo sudah diisi kembali.", send_reply=True)
    online.work()
    assert online.told() == []
    (row,) = [row for row in office.rows("Pesan Keluar") if row["Nomor"]]
    assert "24 jam" in row["Masalah dan Jalan Keluar"]
    assert "Saldo sudah diisi kembali." in row["Isi Pesan"]
    online.hear(Source.WHATSAPP, whatsapp("Bagaimana min", 2, online))
    online.told()
    office.type_at(1 + office.rows("Pesan Keluar").index(row), "Pesan Keluar", decision="Kirim ulang")
    online.work()
    online.work(timedelta(minutes=1))
    assert any("Saldo sudah diisi kembali." in each.text for each in online.told())
    assert office.rows("Pesan Keluar")[0]["Keadaan"].startswith("terkirim")


def test_extortion_is_never_read_by_all_staff(online: OnlineOffice) -> None:
    office = online.office
    text = "Ketua kelompok minta 50rb tiap pencairan, klo ga ngasih diancam dicoret"
    online.hear(Source.WHATSAPP, whatsapp(text, 1, online))
    (complaint,) = online.complaints()
    assert complaint.restricted
    shown = str([*office.rows("Kotak Masuk"), *office.rows("Pesan Keluar"), office.row(complaint.ticket)])
    assert "50rb" not in shown
    assert "50rb" in str(office.restricted.row(complaint.ticket))


def test_whoever_tells_of_danger_is_told_at_once_whom_to_call(online: OnlineOffice) -> None:
    body = whatsapp("Bayi ditinggal di pos ronda Timbau barusan, tolong cepat", 1, online)
    assert online.deliver(payloads.of(Source.WHATSAPP, body)) == 200
    online.work()
    (receipt,) = online.told()
    assert receipt.text.startswith("Bila saat ini ada bahaya")
    assert [number in receipt.text for number in ("112", "110", "119", "129")] == [True] * 4
    assert online.complaints()[0].ticket in receipt.text


def test_an_app_of_meta_may_deliver_everything_to_either_address(online: OnlineOffice) -> None:
    story = "Ibu saya lansia telantar, sudah 3 bulan permakanan tidak diantar ke rumah."
    online.hear(Source.WHATSAPP, comment(story))
    (complaint,) = online.complaints()
    assert complaint.channel is Channel.FACEBOOK
    online.hear(Source.META, comment(story))
    assert online.complaints() == [online.office.store.complaint(complaint.ticket)], "the same comment is the same"
