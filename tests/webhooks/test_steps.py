"""The form step by step: forward, back, and over everything that goes wrong."""

import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from forms.fields import FIELDS
from forms.steps import way
from register import tables
from register.complaint import Identity
from tests.webhooks.walker import ANSWERS, HEADING, RIGHT, STORY, WRONG, Walker


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


def assert_told_at(walker: Walker, name: str) -> None:
    """At an address that Back can ask for again; where no cookie leads to a draft, in the answer itself."""
    asked = walker.page.request
    expected = ("GET", 200) if walker.client._cookies is not None else ("POST", 422)
    assert (asked.method, walker.page.status_code) == expected
    assert asked.path == f"/pengaduan/isi/{name}"


@pytest.mark.parametrize("name", list(WRONG))
def test_each_step_names_what_is_wrong_and_goes_on_once_it_is_mended(anybody: Walker, name: str) -> None:
    wrong, troubled = WRONG[name]
    anybody.walk(until=name).press(**wrong)
    assert_told_at(anybody, name)
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
    assert_told_at(anybody, name)
    assert "Simpan dan kembali ke ringkasan" in anybody.page.text
    anybody.press(**RIGHT[name], **changed[name])
    assert anybody.heading == HEADING["periksa"]
    intake = store.intake(anybody.press().ticket)
    ((key, text),) = changed[name].items()
    assert getattr(intake, key) == text
    assert intake.description == STORY


def test_leaving_a_change_alone_leads_back_too(anybody: Walker) -> None:
    anybody.walk().press(to="/pengaduan/isi/periksa", ke="tempat").press(ke="periksa", incident_place="Agen")
    assert anybody.heading == HEADING["periksa"]


@pytest.mark.parametrize("name", list(WRONG))
def test_leaving_a_change_that_is_not_right_leaves_the_answer_as_it_was(walker: Walker, store, name: str) -> None:
    walker.walk().press(to="/pengaduan/isi/periksa", ke=name).press(ke="periksa", **WRONG[name][0])
    assert walker.heading == HEADING["periksa"]
    intake = store.intake(walker.press().ticket)
    assert (intake.description, intake.village, intake.phone) == (STORY, "Rempanga", "+6281200000000")


@pytest.mark.parametrize("name", list(WRONG))
def test_a_change_stays_one_until_it_is_right(walker: Walker, name: str) -> None:
    walker.walk().press(to="/pengaduan/isi/periksa", ke=name)
    for typed in (WRONG[name][0], WRONG[name][0] | {"ke": "periksa"}):
        walker.press(**typed)
        assert walker.heading == HEADING[name]
        assert "Simpan dan kembali ke ringkasan" in walker.page.text
    assert walker.press(**RIGHT[name]).heading == HEADING["periksa"]


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


def test_back_never_asks_to_send_a_form_once_more(walker: Walker) -> None:
    """Every page that one sees is asked for by GET: over mistakes and in the other language."""
    seen = [walker.open().press().page]
    assert (walker.heading, walker.page.request.path) == ("Sampaikan pengaduan", "/")
    assert '<a href="#description">' in walker.page.text
    seen += [walker.press(lang="en", description=STORY).page, walker.press().page]
    seen += [walker.press(lang="id", village="Rempangga").page, walker.press().page, walker.press(village="").page]
    seen += [walker.press(lang="en").page, walker.press(**ANSWERS["pelapor"]).page, walker.press(lang="id").page]
    assert walker.heading == HEADING["periksa"]
    assert {page.request.method for page in seen} == {"GET"}
    assert {page.status_code for page in seen} == {200}


def test_a_mended_step_has_nothing_wrong_when_one_goes_back_to_it(walker: Walker) -> None:
    walker.walk(until="tempat").press(village="Rempangga")
    address = walker.page.request.full_path
    assert "village-error" in walker.page.text
    walker.press(village="Rempanga").open(address)
    assert "village-error" not in walker.page.text
    assert walker.values["village"] == "Rempanga"


def test_a_kecamatan_in_place_of_the_village_is_read_back_as_what_it_is(anybody: Walker, store) -> None:
    anybody.walk(tempat={"district": "", "village": "Tenggarong"})
    assert re.search(r"<dt>Kecamatan</dt><dd[^>]*>Tenggarong</dd>", anybody.page.text)
    intake = store.intake(anybody.press().ticket)
    assert (intake.district, intake.village) == ("Tenggarong", "")


def test_the_kecamatan_are_in_the_order_of_the_alphabet(walker: Walker) -> None:
    offered = re.findall(r"<option>([^<]+)</option>", walker.walk(until="tempat").page.text)
    assert offered == sorted(offered)
    assert len(offered) == 20


def test_what_can_be_added_without_a_name_is_said_so(walker: Walker) -> None:
    page = walker.walk(until="pelapor").page.text
    assert '<span class="of-nameless">Tambahkan orang yang terdampak</span>' in page


def test_switching_the_language_of_the_empty_form_shows_its_first_page(walker: Walker, store) -> None:
    walker.open().press(lang="en")
    assert walker.heading == "Make a complaint"
    assert drafts_in(store) == 0


@pytest.mark.parametrize("name", ["kejadian", "tempat", "pelapor", "periksa"])
def test_every_step_is_held_while_the_connection_is_gone(walker: Walker, name: str) -> None:
    walker.walk(until=name)
    (form,) = re.findall(r'<form id="complaint".*?</form>', walker.page.text, re.DOTALL)
    assert len(re.findall(r'<p [^>]*role="alert" data-keep="[^"]*tetap di halaman ini[^"]*" hidden>', form)) == 1
    assert form.count("/static/keep.js") == 1
    assert len(walker.client.get("/static/keep.js", buffered=True).data) < 1500


@pytest.mark.parametrize("category", ["KEKERASAN", "SEMBAKO"])
def test_help_in_danger_is_named_whatever_it_is_about(walker: Walker, category: str) -> None:
    walker.walk(kejadian={"category": category})
    for page in (walker.page, walker.press().page):
        assert [number for number in ("112", "110", "129") if f'<a href="tel:{number}">' in page.text] == [
            "112",
            "110",
            "129",
        ]


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
