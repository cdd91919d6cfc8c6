"""What was begun is kept, found again, never mixed up and never lost; and nothing of it stays behind."""

from io import BytesIO

import pytest
import sqlalchemy as sa

from register import tables
from register.drafts import KEPT_DAYS
from tests.evidence_files import jpeg
from tests.webhooks.conftest import SETTINGS
from tests.webhooks.walker import ANSWERS, HEADING, STORY, Form, Walker
from webhooks import create_app


def drafts_in(store) -> int:
    with store._engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.drafts)).scalar_one()


def test_a_begun_form_is_offered_without_a_word_of_it_and_can_be_gone_on_with(walker: Walker) -> None:
    walker.walk(until="pelapor").open()
    assert walker.heading == "Ada pengaduan yang belum terkirim"
    assert STORY not in walker.page.text
    assert "sampai langkah 3 dari 4" in walker.page.text
    walker.open("/pengaduan/isi/pelapor")
    assert walker.heading == HEADING["pelapor"]
    assert walker.values["description"] == STORY


def test_starting_over_deletes_it(walker: Walker, store, token_in) -> None:
    walker.walk(until="pelapor").open()
    walker.page = walker.client.post("/pengaduan/hapus", data={"token": token_in(walker.page)}, follow_redirects=True)
    assert walker.heading == "Sampaikan pengaduan"
    assert walker.values["description"] == ""
    assert drafts_in(store) == 0


def test_another_site_cannot_delete_or_change_what_was_begun(walker: Walker, store) -> None:
    walker.walk(until="pelapor")
    walker.client.post("/pengaduan/hapus", data={"token": "x"})
    response = walker.client.post("/pengaduan/isi/kejadian", data={"description": "Isi dari situs lain."})
    assert response.status_code == 400
    walker.open("/pengaduan/isi/kejadian")
    assert walker.values["description"] == STORY


@pytest.mark.parametrize("name", ["tempat", "pelapor", "periksa"])
def test_when_the_draft_is_gone_the_page_still_holds_everything(walker: Walker, store, name: str) -> None:
    walker.walk(until=name)
    with store._writer.begin() as connection:
        connection.execute(tables.drafts.delete())
    if name == "periksa":
        assert store.intake(walker.press().ticket).description == STORY
        return
    walker.press(**ANSWERS[name])
    assert walker.page.status_code == 200
    assert walker.values["description"] == STORY


def test_after_days_the_draft_is_gone_and_the_form_begins_anew(walker: Walker, clock) -> None:
    walker.walk(until="pelapor")
    clock.pass_by(days=KEPT_DAYS)
    walker.open("/pengaduan/isi/pelapor")
    assert walker.heading == "Sampaikan pengaduan"


def test_a_page_that_was_open_for_days_loses_nothing(anybody: Walker, clock, store) -> None:
    anybody.walk(until="pelapor")
    clock.pass_by(days=KEPT_DAYS + 1)
    anybody.press(**ANSWERS["pelapor"])
    assert anybody.heading == HEADING["periksa"]
    assert store.intake(anybody.press().ticket).description == STORY


def test_when_drafts_cannot_be_saved_the_answers_travel_in_the_pages(walker: Walker, store) -> None:
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE drafts RENAME TO away")
    walker.walk()
    assert store.intake(walker.press().ticket).village == "Rempanga"


@pytest.mark.parametrize("lost_at", ["tempat", "pelapor"])
def test_what_could_not_be_saved_for_a_while_is_not_lost(walker: Walker, store, lost_at: str) -> None:
    walker.walk(until=lost_at)
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE drafts RENAME TO away")
    walker.press(**ANSWERS[lost_at])
    with store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO drafts")
    if lost_at == "tempat":
        walker.press(**ANSWERS["pelapor"])
    intake = store.intake(walker.press().ticket)
    assert (intake.village, intake.name) == ("Rempanga", "Ibu Contoh")


def test_sending_the_first_page_once_more_does_not_undo_later_steps(walker: Walker, store) -> None:
    first = Walker(walker.client).open()
    old = first.page
    first.press(description=STORY).press(**ANSWERS["tempat"])
    first.page = old
    first.press(description="Cerita yang diubah.").press().press(**ANSWERS["pelapor"])
    intake = store.intake(first.press().ticket)
    assert (intake.description, intake.village) == ("Cerita yang diubah.", "Rempanga")


def test_a_double_submit_is_one_complaint(anybody: Walker, store) -> None:
    anybody.walk()
    sent = Form(anybody.page.text).values
    first, second = (anybody.client.post("/pengaduan", data=sent).headers["Location"] for _ in range(2))
    assert first == second
    assert len(store.complaints()) == 1


def test_after_filing_nothing_is_left_in_the_browser(walker: Walker, store) -> None:
    walker.walk().press()
    assert walker.client.get_cookie("draft") is None
    walker.open("/pengaduan/isi/periksa")
    assert walker.heading == "Sampaikan pengaduan"
    assert STORY not in walker.page.text


def test_going_back_after_filing_and_changing_it_is_told_and_kept(walker: Walker, store) -> None:
    walker.walk(until="pelapor")
    old = Walker(walker.client)
    old.page = walker.page
    walker.press(**ANSWERS["pelapor"]).press()
    old.press(identity="open", name="Ibu Contoh", phone="0813-0000-0000").press()
    assert old.page.status_code == 409
    assert walker.ticket not in old.page.text
    assert "0813-0000-0000" in old.page.text
    assert len(store.complaints()) == 1
    assert drafts_in(store) == 0


def test_two_tabs_of_one_form_work_on_the_same_answers(walker: Walker, store) -> None:
    walker.walk(until="pelapor")
    other = Walker(walker.client).open("/pengaduan/isi/kejadian").press(subject="Sembako")
    assert other.heading == HEADING["tempat"]
    walker.press(**ANSWERS["pelapor"])
    intake = store.intake(walker.press().ticket)
    assert (intake.subject, intake.name) == ("Sembako", "Ibu Contoh")


def test_two_forms_begun_beside_each_other_do_not_mix(walker: Walker, store) -> None:
    first, second = Walker(walker.client).open(), Walker(walker.client).open()
    first.press(description="Cerita yang pertama.")
    second.press(description="Cerita yang kedua.")
    for each in (first, second):
        each.press().press(identity="anonymous").press()
    told = {store.intake(each.ticket).description for each in (first, second)}
    assert told == {"Cerita yang pertama.", "Cerita yang kedua."}


def test_who_stays_without_a_name_leaves_none_even_in_the_draft(walker: Walker, store) -> None:
    walker.walk(pelapor={"identity": "anonymous"})
    assert "Ibu Contoh" not in walker.page.text
    walker.open("/pengaduan/isi/pelapor")
    assert walker.values["name"] == ""


def test_a_page_out_of_turn_leads_to_what_is_missing(walker: Walker) -> None:
    walker.walk(until="tempat").open("/pengaduan/isi/periksa")
    assert walker.heading == HEADING["pelapor"]
    assert '<a href="#name">' in walker.page.text


@pytest.mark.parametrize("path", ["/pengaduan/isi/tempat", "/pengaduan/isi/periksa"])
def test_without_a_draft_every_step_leads_to_the_first_page(client, path) -> None:
    assert client.get(path).headers["Location"] == "/"


@pytest.mark.parametrize("path", ["/pengaduan/isi/x", "/pengaduan/isi/bukti"])
def test_there_is_no_other_step(client, path) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code == 404


def test_the_drafts_cookie_is_out_of_reach(client) -> None:
    secure = "https://aduan.contoh.id"
    token = Form(client.get("/", base_url=secure).text).values["token"]
    sent = {"token": token} | ANSWERS["kejadian"]
    response = client.post("/pengaduan/isi/kejadian", data=sent, base_url=secure)
    (cookie,) = [text for text in response.headers.getlist("Set-Cookie") if text.startswith("draft=")]
    for rule in ("HttpOnly", "Secure", "SameSite=Lax", f"Max-Age={KEPT_DAYS * 86400}"):
        assert rule in cookie
    page = client.get("/pengaduan/isi/tempat", base_url=secure)
    assert STORY in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert cookie.split("=")[1].split(";")[0] not in page.text


# -- evidence ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_files(store, clock, attachments):
    return create_app(store, SETTINGS, clock=clock, attachments=attachments)


def test_files_follow_the_complaint(with_files, attachments) -> None:
    client = with_files.test_client()
    walker = Walker(client).walk(until="bukti")
    assert walker.heading == HEADING["bukti"]
    assert 'enctype="multipart/form-data"' in walker.page.text
    sent = walker.values | {"evidence": [(BytesIO(jpeg()), "foto.jpg")]}
    walker.page = client.post("/pengaduan/isi/bukti", data=sent, follow_redirects=True)
    assert walker.heading == HEADING["periksa"]
    assert "Langkah 5 dari 5" in walker.page.text
    assert "<dt>Berkas</dt><dd>foto.jpg</dd>" in walker.page.text
    assert [file.name for file in attachments.of(f"ticket:{walker.press().ticket}")] == ["foto.jpg"]


def test_a_bad_file_is_named_at_its_step_and_the_good_one_is_kept(with_files, attachments, store) -> None:
    client = with_files.test_client()
    walker = Walker(client).walk(until="bukti")
    files = [(BytesIO(b"<?php"), "jahat.png"), (BytesIO(jpeg()), "foto.jpg")]
    walker.page = client.post("/pengaduan/isi/bukti", data=walker.values | {"evidence": files})
    assert (walker.page.status_code, walker.heading) == (422, HEADING["bukti"])
    assert 'href="#evidence"' in walker.page.text
    assert "jahat.png" in walker.page.text
    assert [file.name for file in attachments.of(f"draft:{kept_name(store)}")] == ["foto.jpg"]
    assert walker.press().heading == HEADING["periksa"]


def test_without_a_draft_to_belong_to_no_files_are_asked_for(with_files) -> None:
    client = with_files.test_client(use_cookies=False)
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    walker = Walker(client).walk(until="pelapor").press(**ANSWERS["pelapor"])
    assert walker.heading == HEADING["periksa"]
    assert "Langkah 4 dari 4" in walker.page.text


def test_files_go_with_what_was_begun(with_files, attachments, store, token_in) -> None:
    client = with_files.test_client()
    walker = Walker(client).walk(until="bukti")
    holder = f"draft:{kept_name(store)}"
    client.post("/pengaduan/isi/bukti", data=walker.values | {"evidence": [(BytesIO(jpeg()), "foto.jpg")]})
    assert attachments.of(holder)
    client.post("/pengaduan/hapus", data={"token": token_in(walker.page)})
    assert attachments.of(holder) == []


def test_at_the_evidence_step_nothing_is_lost_when_the_draft_is(with_files, store) -> None:
    """Another tab threw it away and began anew, the cookies went, or the database is down."""
    client = with_files.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    walker = Walker(client).walk(until="bukti")
    client.delete_cookie("draft")
    sent = walker.values
    for token in (sent["token"], "x"):
        client.delete_cookie("form")
        walker.page = client.post("/pengaduan/isi/bukti", data=sent | {"token": token})
        assert walker.heading == HEADING["periksa"]
        assert STORY in walker.page.text


def test_a_field_that_is_far_too_long_does_not_fill_the_disk(walker: Walker, store) -> None:
    walker.open().press(description="a" * 900_000)
    with store._engine.connect() as connection:
        assert all(len(sealed) < 50_000 for sealed in connection.execute(sa.select(tables.drafts.c.sealed)).scalars())
    assert len(walker.page.text) < 60_000


def kept_name(store) -> str:
    with store._engine.connect() as connection:
        return connection.execute(sa.select(tables.drafts.c.name)).scalar_one()
