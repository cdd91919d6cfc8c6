"""The form step by step, as a browser without JavaScript has it: forward, back, and over everything that goes wrong."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from io import BytesIO

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.fields import FIELDS
from forms.steps import way
from register import tables
from register.complaint import Identity
from register.drafts import KEPT_DAYS
from tests.evidence_files import jpeg
from tests.webhooks.conftest import SETTINGS
from webhooks import create_app

STORY = "Bantuan sembako belum kami terima selama tiga bulan."
ANSWERS = {
    "kejadian": {"description": STORY},
    "tempat": {"district": "Loa Kulu", "village": "rempanga", "incident_date": "2026-11-01"},
    "pelapor": {"identity": "confidential", "name": "Ibu Contoh", "phone": "0812-0000-0000"},
    "bukti": {},
}
WRONG = {
    "kejadian": ({"description": "x"}, "description"),
    "tempat": ({"village": "Rempangga"}, "village"),
    "pelapor": ({"identity": "open", "name": "Ibu Contoh", "phone": "123"}, "phone"),
}
RIGHT = {name: {**ANSWERS[name]} for name in WRONG}


class Form(HTMLParser):
    """The main form of a page, with what a browser would send of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.values, self._inside, self._text = "", {}, False, ""
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name, kind = found.get("name") or "", found.get("type") or "text"
        if tag == "form" and found.get("id") == "complaint":
            self._inside, self.action = True, found["action"] or ""
        elif not self._inside:
            return
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in found):
            self.values[name] = found.get("value") or ""
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and "selected" in found:
            self.values[self._select] = found.get("value") or ""
            self._text = "" if "value" in found else self._select

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag in ("textarea", "option"):
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data.removeprefix("\n")


@dataclass
class Walker:
    """Somebody who fills in what a page asks and presses its buttons; `page` is what they see."""

    client: FlaskClient
    page: TestResponse = field(init=False)

    def open(self, path: str = "/") -> "Walker":
        self.page = self.client.get(path, follow_redirects=True)
        return self

    def press(self, *, to: str = "", **typed: str) -> "Walker":
        """The main button, or with `to` the address that another button sends the form to."""
        form = Form(self.page.text)
        sent = form.values | typed
        self.page = self.client.post(to or form.action, data=sent, follow_redirects=True)
        return self

    def walk(self, until: str = "periksa", **changes: dict[str, str]) -> "Walker":
        """From the first page through all steps before `until`."""
        self.open()
        for name, answers in {name: ANSWERS[name] | changes.get(name, {}) for name in ANSWERS}.items():
            if name == until:
                break
            if name == "bukti" and "Langkah 4 dari 5" not in self.page.text:
                continue
            self.press(**answers)
            assert self.page.status_code == 200, self.page.text
        return self

    @property
    def heading(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.page.text)
        return unescape(found[1]) if found else ""

    @property
    def values(self) -> dict[str, str]:
        return Form(self.page.text).values

    @property
    def ticket(self) -> str:
        return self.page.request.path.split("/")[2]


HEADING = {step.name: step.title for step in way(evidence=True).steps}


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    return Walker(client)


@pytest.fixture(params=[True, False], ids=["with cookies", "without cookies"])
def anybody(build, request: pytest.FixtureRequest) -> Walker:
    """A browser without cookies names the origin of the form instead, as every one does today."""
    client = build().test_client(use_cookies=request.param)
    if not request.param:
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return Walker(client)


def drafts_in(store) -> int:
    with store._engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(tables.drafts)).scalar_one()


def test_all_steps_lead_to_a_complaint(anybody: Walker, store) -> None:
    anybody.walk()
    assert anybody.heading == "Periksa jawaban Anda"
    for shown in (STORY, "Rempanga", "1 November 2026", "0812-0000-0000", "Rahasiakan identitas saya"):
        assert shown in anybody.page.text
    ticket = anybody.press().ticket
    intake = store.intake(ticket)
    assert (intake.description, intake.village, intake.name) == (STORY, "Rempanga", "Ibu Contoh")
    assert intake.identity is Identity.CONFIDENTIAL
    assert drafts_in(store) == 0


@pytest.mark.parametrize("name", list(WRONG))
def test_each_step_names_what_is_wrong_and_goes_on_once_it_is_mended(anybody: Walker, name: str) -> None:
    wrong, troubled = WRONG[name]
    anybody.walk(until=name).press(**wrong)
    assert anybody.page.status_code == 422
    assert anybody.heading == HEADING[name]
    assert f'<a href="#{troubled}">' in anybody.page.text
    assert re.search(rf'id="{troubled}"[^>]*aria-describedby="[^"]*{troubled}-error"', anybody.page.text)
    assert "<title>Kesalahan:" in anybody.page.text
    assert anybody.values.items() >= {key: text for key, text in wrong.items() if key != "identity"}.items()
    anybody.press(**RIGHT[name])
    assert anybody.page.status_code == 200
    assert anybody.heading != HEADING[name]


@pytest.mark.parametrize(("name", "before"), [("tempat", "kejadian"), ("pelapor", "tempat"), ("periksa", "pelapor")])
def test_back_keeps_what_was_typed_even_if_it_is_not_right_yet(anybody: Walker, name: str, before: str) -> None:
    anybody.walk(until=name)
    typed = {"tempat": {"village": "Belum tahu"}, "pelapor": {"phone": "08"}, "periksa": {}}[name]
    anybody.press(to=f"/pengaduan/isi/{name}", ke=before, **typed)
    assert anybody.heading == HEADING[before]
    assert anybody.values["description"] == STORY
    anybody.press()
    assert anybody.heading == HEADING[name]
    assert anybody.values.items() >= typed.items()


@pytest.mark.parametrize("name", ["kejadian", "tempat", "pelapor"])
def test_changing_one_answer_leads_back_to_all_of_them(anybody: Walker, store, name: str) -> None:
    changed = {"kejadian": {"subject": "Sembako"}, "tempat": {"incident_place": "Agen"}, "pelapor": {"rt_rw": "00/00"}}
    anybody.walk().press(to="/pengaduan/isi/periksa", ke=name)
    assert anybody.heading == HEADING[name]
    assert "Simpan dan kembali ke ringkasan" in anybody.page.text
    anybody.press(**WRONG[name][0])
    assert anybody.page.status_code == 422
    anybody.press(**RIGHT[name], **changed[name])
    assert anybody.heading == HEADING["periksa"]
    intake = store.intake(anybody.press().ticket)
    ((key, text),) = changed[name].items()
    assert getattr(intake, key) == text
    assert intake.description == STORY


def test_leaving_a_change_alone_leads_back_too(anybody: Walker) -> None:
    anybody.walk().press(to="/pengaduan/isi/periksa", ke="tempat").press(ke="periksa", incident_place="Agen")
    assert anybody.heading == HEADING["periksa"]


@pytest.mark.parametrize("name", ["kejadian", "tempat", "pelapor", "periksa"])
def test_the_language_can_be_switched_at_every_step(anybody: Walker, store, name: str) -> None:
    anybody.walk(until=name)
    typed = {"kejadian": {"description": STORY}, "periksa": {}}.get(name, ANSWERS.get(name, {}))
    anybody.press(lang="en", **typed)
    assert anybody.page.status_code == 200
    assert '<html lang="en">' in anybody.page.text
    assert anybody.values["description"] == STORY
    if name in ("tempat", "pelapor"):
        kept = {key: text for key, text in typed.items() if key in anybody.values}
        assert anybody.values.items() >= kept.items()


def test_switching_the_language_of_the_empty_form_shows_its_first_page(walker: Walker, store) -> None:
    walker.open().press(lang="en")
    assert walker.heading == "Make a complaint"
    assert drafts_in(store) == 0


# -- drafts -----------------------------------------------------------------------------------------------------------


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


def kept_name(store) -> str:
    with store._engine.connect() as connection:
        return connection.execute(sa.select(tables.drafts.c.name)).scalar_one()


# -- weight -----------------------------------------------------------------------------------------------------------


def test_every_page_is_light_on_a_cold_cache(build, store, clock, capsys) -> None:
    """The budget is 60,000 bytes a page with all that it links to; the number of each is printed."""
    client = build().test_client()
    walker, weights = Walker(client), {}
    for name in ("kejadian", "tempat", "pelapor", "periksa"):
        walker.walk(until=name)
        weights[name] = weigh(client, walker.page)
        client.delete_cookie("draft")
    weights["tanda-terima"] = weigh(client, walker.press().page)
    weights["privasi"] = weigh(client, client.get("/privasi"))
    with capsys.disabled():
        print("\nbytes cold (page + all it links to, requests):", weights)
    assert max(total for _own, total, _requests in weights.values()) <= 60_000


def weigh(client: FlaskClient, page: TestResponse) -> tuple[int, int, int]:
    linked = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text))
    assert len([link for link in linked if ".css" in link]) == 1
    assert re.findall(r'(?:src|action)="(?:https?:)?//', page.text) == []
    assert re.findall(r"<style|<script(?! src=)|\son[a-z]+=|\sstyle=", page.text) == []
    total = len(page.data) + sum(len(client.get(link, buffered=True).data) for link in linked)
    return len(page.data), total, 1 + len(linked)


def test_every_field_is_asked_for_on_one_step() -> None:
    asked = [item.name for step in way(evidence=True).steps for item in step.fields]
    assert sorted(asked) == sorted(item.name for item in FIELDS)
