from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from register.changes import Change
from register.complaint import Status
from tests.builders import MOMENT

DUE = MOMENT + timedelta(minutes=110)


def test_a_receipt_shows_the_ticket_and_when_it_was_received(client, filed) -> None:
    ticket = filed()
    page = client.get(f"/pengaduan/{ticket}/tanda-terima").text
    assert f"<strong>{ticket}</strong>" in page
    assert "Senin, 23 November 2026 pukul 10.30 WITA" in page
    assert f"http://localhost/status/{ticket}" in page
    assert "<svg" in page


def test_a_receipt_names_nobody(client, filed) -> None:
    page = client.get(f"/pengaduan/{filed(email='ibu@contoh.id')}/tanda-terima").text
    for secret in ("Ibu Contoh", "81200000000", "ibu@contoh.id", "sembako"):
        assert secret not in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Segera dimuat di halaman status"),
        ({"due_at": DUE}, "Senin, 23 November 2026 pukul 12.20 WITA"),
        ({"due_at": DUE, "answered_at": MOMENT}, ""),
        ({"due_at": DUE, "status": Status.WITHDRAWN}, ""),
        ({"due_at": DUE, "pauses": ((MOMENT, None),)}, ""),
    ],
    ids=["not counted yet", "known", "answered", "closed", "waiting"],
)
def test_a_receipt_tells_when_an_answer_is_due(client, store, filed, values, said) -> None:
    ticket = filed()
    store.commit([Change(ticket, values)])
    page = client.get(f"/pengaduan/{ticket}/tanda-terima").text
    assert ("Dijawab paling lambat" in page) is bool(said)
    assert said in page


def test_a_receipt_can_be_read_out(client, filed) -> None:
    ticket = filed()
    page = client.get(f"/pengaduan/{ticket}/tanda-terima?lang=en").text
    words = dict(
        zip("0123456789", ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], strict=True)
    )
    spoken = ", ".join(" ".join(words.get(sign, sign) for sign in group) for group in ticket.split("-"))
    assert f"Read out as: {spoken}" in page


def test_another_spelling_is_redirected(client, filed) -> None:
    ticket = filed()
    response = client.get(f"/pengaduan/{ticket.lower()}/tanda-terima")
    assert response.headers["Location"] == f"/pengaduan/{ticket}/tanda-terima"


@pytest.mark.parametrize("ticket", ["0000-0000-S", "0000-0000-1", "x"])
def test_there_is_no_receipt_for_nothing(client, ticket) -> None:
    assert client.get(f"/pengaduan/{ticket}/tanda-terima").status_code == 404


# -- sent to the reporter's own devices ------------------------------------------------------------------------------


def links(page: str) -> list[str]:
    return [unescape(part.partition('"')[0]) for part in page.split('href="')[1:]]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_whatsapp_and_mail_get_ticket_and_link_only(client, filed, lang) -> None:
    ticket = filed(email="ibu@contoh.id")
    page = client.get(f"/pengaduan/{ticket}/tanda-terima?lang={lang}").text
    (whatsapp,) = [link for link in links(page) if link.startswith("https://wa.me/")]
    (mail,) = [link for link in links(page) if link.startswith("mailto:?")]
    said = [parse_qs(urlsplit(whatsapp).query)["text"][0], parse_qs(urlsplit(mail).query)["body"][0]]
    assert urlsplit(whatsapp).path == "/", "it names no receiver"
    assert urlsplit(mail).path == ""
    for text in said:
        assert text.splitlines()[0].endswith(ticket)
        assert text.splitlines()[1:] == [f"http://localhost/status/{ticket}"]


def send(client, ticket, token_in) -> str:
    page = client.get(f"/pengaduan/{ticket}/tanda-terima")
    answer = client.post(f"/pengaduan/{ticket}/tanda-terima/kirim", data={"token": token_in(page)})
    assert answer.status_code == 303
    return client.get(answer.headers["Location"]).text


@pytest.mark.parametrize("email", ["ibu@contoh.id", ""])
def test_a_receipt_goes_to_the_recorded_address_a_few_times(build, store, filed, token_in, email) -> None:
    client, ticket = build(writes_to_reporters=True).test_client(), filed(email=email)
    for _ in range(3):
        assert "Bila Anda mengisi alamat e-mail" in send(client, ticket, token_in)
    assert "sudah beberapa kali diminta" in send(client, ticket, token_in)
    messages = [store.claim_message(MOMENT) for _ in range(4)]
    assert [message and (message.kind, message.ticket) for message in messages] == [("tanda_terima", ticket)] * 3 + [
        None
    ]


def test_a_receipt_is_not_sent_for_a_strange_page(build, store, filed) -> None:
    client, ticket = build(writes_to_reporters=True).test_client(), filed()
    answer = client.post(f"/pengaduan/{ticket}/tanda-terima/kirim", data={"token": "x", "to": "lain@contoh.id"})
    assert "terkirim=ulang" in answer.headers["Location"]
    assert store.claim_message(MOMENT) is None


def test_nothing_is_offered_that_cannot_be_done(client, filed) -> None:
    ticket = filed()
    page = client.get(f"/pengaduan/{ticket}/tanda-terima").text
    assert "/kirim" not in page
    assert ".pdf" not in page
    assert client.post(f"/pengaduan/{ticket}/tanda-terima/kirim").status_code == 404
    assert client.get(f"/pengaduan/{ticket}/tanda-terima.pdf").status_code == 404


def test_a_receipt_on_paper_comes_from_whoever_draws_it(build, filed) -> None:
    app, ticket = build(), filed()
    app.extensions["aduan"] = replace(app.extensions["aduan"], paper=lambda *asked: " ".join(("%PDF", *asked)).encode())
    client = app.test_client()
    assert f"/pengaduan/{ticket}/tanda-terima.pdf" in client.get(f"/pengaduan/{ticket}/tanda-terima").text
    answer = client.get(f"/pengaduan/{ticket.lower()}/tanda-terima.pdf")
    assert (answer.mimetype, answer.data) == (
        "application/pdf",
        f"%PDF tanda-terima {ticket} http://localhost".encode(),
    )
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/pengaduan/0000-0000-S/tanda-terima.pdf").status_code == 404
