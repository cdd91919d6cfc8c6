import re
from html import unescape

import pytest

from register.complaint import Channel, Identity
from tests.builders import an_intake


def test_the_form_is_light_and_needs_nobody_else(client) -> None:
    page = client.get("/")
    assert page.status_code == 200
    linked = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert len([link for link in linked if ".css" in link]) == 1
    weight = len(page.data) + sum(len(client.get(link, buffered=True).data) for link in linked)
    assert weight <= 60_000
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []
    assert re.findall(r"<style|<script(?! src=)|\son[a-z]+=|\sstyle=", page.text) == []


def test_a_complaint_goes_in_and_leads_to_its_receipt(citizen, store) -> None:
    response = citizen.send(incident_date="1/11/2026", district="Loa Kulu", village="rempanga", confidential="1")
    assert response.status_code == 303
    (ticket,) = store.complaints()
    assert response.headers["Location"] == f"/pengaduan/{ticket}/tanda-terima"
    assert store.complaint(ticket).channel is Channel.WEB
    intake = store.intake(ticket)
    assert (intake.district, intake.village, intake.identity) == ("Loa Kulu", "Rempanga", Identity.CONFIDENTIAL)


def test_an_anonymous_form_leaves_no_identity(citizen, store) -> None:
    ticket = citizen.file(anonymous="1", nik="6402993112999999", address="Jl. Contoh")
    assert store.intake(ticket) == an_intake(name="", phone="", identity=Identity.ANONYMOUS)


def test_a_double_submit_is_one_complaint(citizen, store) -> None:
    token = citizen.open_form()
    first, second = citizen.send(token), citizen.send(token)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(store.complaints()) == 1


def test_two_forms_are_two_complaints(citizen, store) -> None:
    assert citizen.file() != citizen.file()
    assert len(store.complaints()) == 2


def test_errors_are_told_above_and_beside_and_nothing_is_lost(citizen, store) -> None:
    typed = {
        "description": 'x"<b>',
        "name": "",
        "phone": "12345",
        "village": "Rempangga",
        "nik": "123",
        "anonymous": "",
    }
    response = citizen.send(**typed)
    assert response.status_code == 422
    page = unescape(response.text)
    for field in ("description", "name", "phone", "village", "nik"):
        assert f'<a href="#{field}">' in page
        assert f'id="{field}-error"' in page
        assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-error"', page)
    assert '\nx"<b></textarea>' in page
    assert "<b></textarea>" not in response.text
    for field in ("phone", "village", "nik"):
        assert f'value="{typed[field]}"' in page
    assert "<title>Kesalahan:" in page
    assert "<details open>" in page
    assert store.complaints() == {}


def test_a_mended_form_goes_in(citizen, store, token_in) -> None:
    response = citizen.send(description="x")
    assert citizen.send(token_in(response)).status_code == 303


@pytest.mark.parametrize(
    "text",
    ['=HYPERLINK("http://contoh.id")', "<script>alert(1)</script>", "😡😡😡😡😡😡😡😡😡😡", "nol\x00 sampai sepuluh"],
)
def test_odd_text_is_taken(citizen, store, text) -> None:
    assert store.intake(citizen.file(description=text)).description == text.replace("\x00", "")


def test_too_long_a_text_is_shown_again_whole(citizen) -> None:
    response = citizen.send(description="panjang " * 750)
    assert response.status_code == 422
    assert "panjang " * 749 in response.text


def test_a_form_with_a_filled_trap_is_asked_to_be_sent_again(citizen, store, token_in) -> None:
    response = citizen.send(website="http://contoh.id")
    assert response.status_code == 400
    assert store.complaints() == {}
    assert "Ibu Contoh" in response.text
    assert 'value="http://contoh.id"' not in response.text
    assert citizen.send(token_in(response)).status_code == 303


def test_two_megabytes_are_too_much(client) -> None:
    response = client.post("/pengaduan", data={"description": "x" * 2_000_000})
    assert response.status_code == 413
    assert "Kiriman terlalu besar" in response.text


def test_reloading_the_address_of_the_form_leads_back_to_it(client) -> None:
    assert client.get("/pengaduan").headers["Location"] == "/"


def test_the_language_can_be_switched_without_losing_anything(citizen, store, token_in) -> None:
    response = citizen.send(lang="en", description="Cerita yang panjang")
    assert response.status_code == 200
    assert "Check your answers" in response.text
    assert "Cerita yang panjang" in response.text
    assert store.complaints() == {}
    assert citizen.send(token_in(response)).status_code == 303


def test_a_changed_form_sent_again_is_told_that_it_is_in(citizen, store, token_in) -> None:
    token = citizen.open_form()
    ticket = citizen.send(token).headers["Location"].split("/")[2]
    response = citizen.send(token, description="Isi yang lain sama sekali.")
    assert response.status_code == 409
    assert "sudah masuk" in response.text
    assert "Isi yang lain sama sekali." in response.text
    assert ticket not in response.text
    assert len(store.complaints()) == 1
    assert citizen.send(token_in(response), description="Isi yang lain sama sekali.").status_code == 303
    assert len(store.complaints()) == 2


def test_when_the_store_is_down_what_was_typed_is_shown_again(citizen, store) -> None:
    token = citizen.open_form()
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE complaints RENAME TO away")
    response = citizen.send(token)
    assert response.status_code == 503
    assert "BELUM tersimpan" in response.text
    assert "Ibu Contoh" in response.text
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO complaints")
    assert citizen.send(token).status_code == 303


@pytest.mark.parametrize(
    ("lang", "said"),
    [("id", "Ceritakan masalahnya: Terlalu pendek"), ("en", "Tell us about the problem: Too short")],
)
def test_the_list_of_what_is_wrong_names_the_field(citizen, lang, said) -> None:
    citizen.client.get(f"/?lang={lang}")
    summary = citizen.send(description="abc").text.split('class="summary"')[1].split("</ul>")[0]
    assert f'<a href="#description">{said}' in summary
