from datetime import timedelta

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
