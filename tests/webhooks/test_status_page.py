import pytest
import sqlalchemy as sa

from register import tables
from register.changes import Change
from register.complaint import Event, EventKind, Status
from tests.builders import MOMENT


def replied(store, ticket, text, **changes) -> None:
    fields = {"status": Status.RESOLVED, "bidang": "Linjamsos", "replied_at": MOMENT} | changes
    store.commit([Change(ticket, fields, reply=text)])


def test_the_page_tells_where_a_complaint_stands(client, store, filed) -> None:
    ticket = filed()
    event = Event(EventKind.DISPOSED, MOMENT, "sistem", public_label="Pengaduan diteruskan ke bidang yang menangani")
    store.commit([Change(ticket, {"status": Status.DISPOSED, "bidang": "Linjamsos", "due_at": MOMENT}, [event])])
    page = client.get(f"/status/{ticket}").text
    for words in ("Didisposisi", "Linjamsos", "Dijawab paling lambat", "Pengaduan diteruskan ke bidang", "Ombudsman"):
        assert words in page
    assert page.count("Senin, 23 November 2026 pukul 10.30 WITA") == 5
    assert "Jawaban kami" not in page


def test_the_page_names_nobody(client, filed) -> None:
    page = client.get(f"/status/{filed()}").text
    for secret in ("Ibu Contoh", "81200000000", "sembako"):
        assert secret not in page


def test_a_reply_is_shown_as_text_with_its_lines(client, store, filed) -> None:
    ticket = filed()
    replied(store, ticket, "Sudah cair.\n\n<script>alert(1)</script>")
    page = client.get(f"/status/{ticket}").text
    assert "Sudah cair.\n\n&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "Dijawab paling lambat" not in page


def test_a_restricted_complaint_does_not_tell_its_bidang(client, store, filed) -> None:
    ticket = filed()
    store.commit([Change(ticket, {"restricted": True, "bidang": "Sekretariat"})])
    assert "Sekretariat" not in client.get(f"/status/{ticket}").text


def test_an_erased_complaint_keeps_its_status_without_the_reply(client, store, filed) -> None:
    ticket = filed()
    replied(store, ticket, "Sudah cair.")
    with store._writer.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys))
    page = client.get(f"/status/{ticket}")
    assert page.status_code == 200
    assert "Selesai" in page.text
    assert "Sudah cair." not in page.text


@pytest.mark.parametrize(
    "spell",
    [str.lower, lambda t: t.replace("-", ""), lambda t: t.replace("-", " "), lambda t: t.replace("0", "o")],
    ids=["lower case", "no dashes", "spaces", "o for 0"],
)
def test_any_spelling_leads_to_the_ticket(client, filed, spell) -> None:
    ticket = filed()
    while spell is not None and spell(ticket) == ticket:
        ticket = filed()
    assert client.get(f"/status/{spell(ticket)}").headers["Location"] == f"/status/{ticket}"
    assert client.get("/status", query_string={"tiket": spell(ticket)}).headers["Location"] == f"/status/{ticket}"


@pytest.mark.parametrize(
    ("ticket", "sentence"),
    [
        ("0000-0000-S", "Nomor tiket ini tidak ditemukan"),
        ("0000-0000-1", "Ada huruf atau angka yang salah"),
        ("ABC", "terdiri atas 9 huruf dan angka"),
        ("UUUU-UUUU-U", "huruf atau tanda yang tidak dipakai"),
    ],
)
def test_tickets_that_lead_nowhere_are_explained_with_a_field_to_try_again(client, ticket, sentence) -> None:
    response = client.get(f"/status/{ticket}")
    assert response.status_code == 404
    assert sentence in response.text
    assert f'name="tiket" value="{ticket}"' in response.text


@pytest.mark.parametrize("query", ["", "?tiket=", "?tiket=%20"])
def test_the_look_up_starts_empty(client, query) -> None:
    response = client.get(f"/status{query}")
    assert response.status_code == 200
    assert "aria-invalid" not in response.text


def test_the_look_up_shows_a_typo_again(client) -> None:
    response = client.get("/status", query_string={"tiket": '"><b>\x00'})
    assert response.status_code == 400
    assert "&#34;&gt;&lt;b&gt;" in response.text
    assert "terdiri atas 9 huruf dan angka" in response.text
