import pytest


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
