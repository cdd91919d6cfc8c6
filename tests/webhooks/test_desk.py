"""The front desk: recording who came, telephoned or wrote, without losing a word."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from forms.fields import FIELD, FIELDS
from forms.pages import STATIC
from register.changes import Change
from register.complaint import Channel, Event, EventKind, Identity, Procedure, Status
from tests.builders import MOMENT, an_intake

from .conftest import WALK_IN, Clerk


def of(store: Any, ticket: str) -> Any:
    return store.complaint(ticket)


def test_a_walk_in_has_its_ticket_at_once(clerk: Clerk, store: Any) -> None:
    ticket = clerk.record()
    complaint, intake = store.complaint(ticket), store.intake(ticket)
    assert (complaint.channel, complaint.procedure) == (Channel.DESK, Procedure.LANGSUNG)
    assert (complaint.received_at, complaint.recorded_at) == (MOMENT, MOMENT)
    assert (intake.name, intake.phone, intake.nik) == ("Ibu Contoh", "+6281200000000", "6402990000000000")
    assert (intake.district, intake.village, intake.rt_rw) == ("Loa Kulu", "Rempanga", "01/02")
    (event,) = store.events(ticket)
    assert event.kind is EventKind.RECEIVED
    assert event.actor == "sari@kantor", "the trail names the account"
    assert event.data == {"channel": "desk", "notice": "told"}
    page = clerk.client.get(f"/loket/{ticket}")
    assert page.status_code == 200
    assert ticket in page.text
    assert complaint.register_number in page.text
    assert "Pengaduan tercatat" in page.text
    assert WALK_IN["name"] not in page.text
    assert page.text.count("autofocus") == 1
    assert page.text.index("autofocus") > page.text.index("desk-next")


@pytest.mark.parametrize(("path", "more"), [("/loket", {}), ("/loket/kertas", {"arrived_date": "2026-11-20"})])
def test_an_odd_nik_is_shown_first_and_saved_when_pressed_again(
    clerk: Clerk, store: Any, token_in: Any, path: str, more: dict[str, str]
) -> None:
    odd, asked = "6471 9945 1399 0000", {"nik_ditanyakan": "6471994513990000"}
    first = clerk.send(path=path, nik=odd, **more)
    assert first.status_code == 422
    for told in ("di luar Kutai Kartanegara", "Tanggal lahir di dalam NIK", "dimulai dari 0001", "Simpan tetap"):
        assert told in first.text
    assert 'name="nik_ditanyakan" value="6471994513990000"' in first.text
    assert f'value="{odd}"' in first.text
    assert store.complaints() == {}
    another = clerk.send(token_in(first), path=path, nik="6471994513990001", **more, **asked)
    assert another.status_code == 422, "another odd one is asked about as well"
    assert clerk.send(token_in(another), path=path, nik=odd, **more, **asked).status_code == 303
    assert [each.nik for each in store.intakes(store.complaints()).values()] == ["6471994513990000"]


def test_without_a_nik_nothing_is_asked_about_it(clerk: Clerk) -> None:
    assert clerk.send(nik="", nik_ditanyakan="").status_code == 303
    assert clerk.send(anonymous="1", nik_ditanyakan="").status_code == 303, "it is not kept"


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.LETTER])
def test_the_telephone_and_the_post_are_of_the_same_sop(clerk: Clerk, store: Any, channel: Channel) -> None:
    complaint = store.complaint(clerk.record(channel=channel.value))
    assert (complaint.channel, complaint.procedure) == (channel, Procedure.LANGSUNG)


@pytest.mark.parametrize("channel", ["web", "whatsapp", "", "x"])
def test_another_channel_is_the_desk(clerk: Clerk, store: Any, channel: str) -> None:
    assert store.complaint(clerk.record(channel=channel)).channel is Channel.DESK


def test_a_letter_counts_from_the_day_it_arrived(clerk: Clerk, store: Any) -> None:
    ticket = clerk.record(channel="letter", arrived_date="2026-11-20", arrived_time="09:15", notice="")
    complaint = store.complaint(ticket)
    assert complaint.received_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
    assert complaint.recorded_at == MOMENT
    (event,) = store.events(ticket)
    assert event.data == {"channel": "letter", "received_at": complaint.received_at.isoformat()}


def test_a_paper_is_keyed_in_with_its_time_and_number(clerk: Clerk, store: Any) -> None:
    sent = {"arrived_date": "20/11/2026", "arrived_time": "09.15", "paper": "K-0007", "notice": "", "rt_rw": ""}
    answer = clerk.send(path="/loket/kertas", **sent)
    assert answer.status_code == 303, answer.text
    (ticket,) = store.complaints()
    assert store.complaint(ticket).received_at == datetime(2026, 11, 20, 1, 15, tzinfo=UTC)
    assert store.events(ticket)[0].data["paper"] == "K-0007"


WRONG = {
    "no time": ({"arrived_date": "", "arrived_time": ""}, "Waktu masuk belum diisi."),
    "a time to come": ({"arrived_date": "2026-11-24"}, "Waktu masuk belum tiba"),
    "a time that is none": ({"arrived_time": "pagi"}, "Waktu masuk tidak terbaca"),
    "a number that is a person's": ({"paper": "Ibu Contoh, Jalan Contoh 1; 0812"}, "Nomor kertas hanya"),
}


@pytest.mark.parametrize(("changes", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_a_paper_is_told(clerk: Clerk, store: Any, changes: dict[str, str], told: str) -> None:
    answer = clerk.send(path="/loket/kertas", **{"arrived_date": "2026-11-20", "arrived_time": "09:15"} | changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert store.complaints() == {}


def test_a_mistake_shows_everything_that_was_typed_again(clerk: Clerk, store: Any) -> None:
    typed = {field.name: f"<{field.name}>" for field in FIELDS if field.name not in ("confidential", "anonymous")}
    answer = clerk.send(**typed | {"channel": "phone", "arrived_time": "09:00", "notice": ""})
    assert answer.status_code == 422
    shown = answer.text
    assert "<title>Kesalahan:" in shown
    for name in typed:
        if name not in ("category", "district"):  # chosen from a list
            assert f"&lt;{name}&gt;" in shown, name
    assert 'value="phone" checked' in shown
    assert 'value="09:00"' in shown
    assert '<a href="#notice">' in shown
    assert store.complaints() == {}


def test_every_problem_leads_to_a_control_that_is_there(clerk: Clerk) -> None:
    import re

    answer = clerk.client.post("/loket", data={"token": clerk.open_form(), "arrived_date": "x"})
    targets = set(re.findall(r'<a href="#(\w+)">', answer.text)) - {"isi"}
    assert {"name", "phone", "address", "category", "arrived_date", "notice"} <= targets
    assert targets <= set(re.findall(r' id="(\w+)"', answer.text))


PAPER_TIME = {"arrived_date": "2026-11-20", "arrived_time": "09:15"}


@pytest.mark.parametrize(("path", "more"), [("/loket", {}), ("/loket/kertas", PAPER_TIME)])
def test_whoever_has_no_telephone_is_recorded_by_name(
    clerk: Clerk, store: Any, path: str, more: dict[str, str]
) -> None:
    assert clerk.send(path=path, phone="", **more).status_code == 303
    (ticket,) = store.complaints()
    said, complaint = store.intake(ticket), store.complaint(ticket)
    assert (said.name, said.phone, said.email, complaint.identity) == ("Ibu Contoh", "", "", Identity.OPEN)


def test_what_is_not_kept_of_an_anonymous_reporter_is_hidden_and_told(clerk: Clerk, store: Any) -> None:
    import re

    page = clerk.client.get("/loket").text
    hidden = set(re.findall(r'class="field desk-(\w+) desk-identity', page))
    ticket = clerk.record(anonymous="1", email="ibu@contoh.id", kk="6402990000000000")
    said = store.intake(ticket)
    typed = {name for name in (*WALK_IN, "email", "kk") if name in FIELD}
    assert {name for name in typed if not getattr(said, name)} == hidden
    assert "tidak disimpan, walaupun sudah diketik" in page
    rules = (STATIC / "pages.css").read_text("utf-8")
    assert "#desk:has(#anonymous:checked) .desk-identity { display: none; }" in rules
    assert "#desk:has(#anonymous:checked) .desk-nameless { display: block; }" in rules


@pytest.mark.parametrize(
    ("path", "more"), [("/loket", {}), ("/loket/kertas", {"arrived_date": "2026-11-20"})], ids=["desk", "paper"]
)
def test_what_must_be_filled_in_is_marked_before_it_is_missed(clerk: Clerk, path: str, more: dict[str, str]) -> None:
    import re

    marked = re.findall(r'<label for="(\w+)">[^<]*<span class="desk-must"', clerk.client.get(path).text)
    assert {"name", "description", "category"} <= set(marked)
    for name in marked:
        brought = {"village": ""} if name == "district" else {}  # which a village brings along
        missed = clerk.send(path=path, **more | brought | {name: "", "arrived_time": ""})
        assert missed.status_code == 422, name
        assert f'<a href="#{name}">' in missed.text
    left = dict.fromkeys((set(WALK_IN) & set(FIELD)) - set(marked) - {"phone", "address"}, "")
    assert clerk.send(path=path, **more | left).status_code == 303, "and nothing else is missed"


def test_the_notice_is_not_needed_for_a_letter(clerk: Clerk) -> None:
    assert clerk.send(notice="").status_code == 422
    assert clerk.send(notice="", channel="letter").status_code == 303


def test_a_double_submit_is_one_complaint(clerk: Clerk, store: Any) -> None:
    token = clerk.open_form()
    first, second = clerk.send(token), clerk.send(token)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(store.complaints()) == 1


def test_a_form_that_was_saved_with_other_contents_can_be_saved_as_another(clerk: Clerk, store: Any, token_in) -> None:
    token = clerk.open_form()
    clerk.send(token)
    again = clerk.send(token, description="Pengaduan lain dari orang yang sama.")
    assert again.status_code == 409
    assert "Pengaduan lain dari orang yang sama." in again.text
    assert clerk.send(token_in(again), description="Pengaduan lain dari orang yang sama.").status_code == 303
    assert len(store.complaints()) == 2


def test_a_form_of_another_site_records_nothing(clerk: Clerk, store: Any) -> None:
    answer = clerk.client.post("/loket", data=WALK_IN)
    assert answer.status_code == 400
    assert store.complaints() == {}


def test_the_pages_script_is_told_whether_something_on_it_is_not_saved_yet(clerk: Clerk) -> None:
    assert 'data-sent="0"' in clerk.client.get("/loket").text
    assert 'data-sent="0"' in clerk.client.get("/loket/kertas").text
    assert 'data-sent="1"' in clerk.send(rt_rw="").text


def test_a_store_that_is_down_loses_nothing(clerk: Clerk, store: Any, monkeypatch, token_in) -> None:
    token = clerk.open_form()
    accept = store.accept

    def down(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, Exception("locked"))

    monkeypatch.setattr(store, "accept", down)
    answer = clerk.send(token)
    assert answer.status_code == 503
    assert "BELUM tersimpan" in answer.text
    assert WALK_IN["description"] in answer.text
    monkeypatch.setattr(store, "accept", accept)
    assert clerk.send(token_in(answer)).status_code == 303


def test_the_language_is_changed_without_losing_what_was_typed(clerk: Clerk, store: Any) -> None:
    answer = clerk.send(lang="en")
    assert answer.status_code == 200
    assert "Complaints desk" in answer.text
    assert WALK_IN["description"] in answer.text
    assert store.complaints() == {}


# -- who complained before --------------------------------------------------------------------------------------------


@pytest.fixture
def looked_at(store: Any) -> Any:
    """Files a complaint that the worker has looked at."""

    def file(*, channel: Channel = Channel.WEB, fields: Any = None, **changes: object) -> str:
        ticket: str = store.accept(an_intake(**changes), channel=channel, now=MOMENT).complaint.ticket
        seen = {"step_begun_at": MOMENT, "status": Status.DISPOSED} | (fields or {})
        store.commit([Change(ticket, seen, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
        return ticket

    return file


def hint(clerk: Clerk, **typed: str) -> Any:
    answer = clerk.client.post("/loket/sama", data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return json.loads(answer.text)


@pytest.mark.parametrize(
    "typed", [{"phone": "0812 0000 0000"}, {"nik": "6402 9900 0000 0000"}, {"phone": "+62812-0000-0000", "nik": "x"}]
)
def test_open_complaints_of_the_same_person_are_pointed_out(
    clerk: Clerk, looked_at: Any, typed: dict[str, str]
) -> None:
    ticket = looked_at(nik="6402990000000000")
    looked_at(phone="+6281200000001")
    told = hint(clerk, **typed)
    assert [each["ticket"] for each in told["found"]] == [ticket]
    assert "1 pengaduan" in told["sentence"]
    assert "Didisposisi" in told["found"][0]["text"]
    assert told["found"][0]["url"] == f"/loket/{ticket}"


@pytest.mark.parametrize("typed", [{}, {"nik": "6402"}, {"phone": "0812"}, {"name": "Ibu Contoh"}])
def test_nothing_is_asked_before_it_is_typed_to_its_end(clerk: Clerk, looked_at: Any, typed: dict[str, str]) -> None:
    looked_at()
    assert hint(clerk, **typed) == {"sentence": "", "found": []}


HIDDEN = {
    "closed": {"fields": {"status": Status.RESOLVED}},
    "restricted": {"fields": {"restricted": True}},
    "confidential": {"identity": Identity.CONFIDENTIAL},
    "not looked at yet": {"fields": {"step_begun_at": None}},
}


@pytest.mark.parametrize("which", HIDDEN.values(), ids=HIDDEN)
def test_what_a_clerk_may_not_know_of_is_not_pointed_out(clerk: Clerk, looked_at: Any, which: dict[str, Any]) -> None:
    looked_at(**which)
    told = hint(clerk, phone="0812-0000-0000")
    assert told["found"] == []
    assert "Belum ada" in told["sentence"]


def test_without_a_script_it_is_shown_when_asked_for_and_with_every_mistake(
    clerk: Clerk, looked_at: Any, store: Any
) -> None:
    ticket = looked_at()
    asked = clerk.send(act="periksa")
    assert asked.status_code == 200
    assert WALK_IN["description"] in asked.text
    wrong = clerk.send(rt_rw="")
    for page in (asked, wrong):
        assert f'<a href="/loket/{ticket}"' in page.text
    assert list(store.complaints()) == [ticket]


# -- papers -----------------------------------------------------------------------------------------------------------


def a_paper(key: str, ticket: str, base: str = "http://localhost") -> bytes:
    """Stands in for whoever makes the papers: tells what was asked for."""
    return f"%PDF {key} {ticket} {base}".encode()


@pytest.fixture
def printing(build: Any) -> Clerk:
    found = Clerk(build(paper=a_paper).test_client())
    found.sign_in()
    return found


def test_papers_are_printed_from_the_page_of_the_ticket(printing: Clerk) -> None:
    ticket = printing.record()
    page = printing.client.get(f"/loket/{ticket}").text
    for key in ("formulir-pengaduan", "tanda-terima", "tanda-terima-80mm"):
        assert f"/loket/{ticket}/{key}.pdf" in page
        answer = printing.client.get(f"/loket/{ticket}/{key}.pdf")
        assert (answer.mimetype, answer.data) == ("application/pdf", a_paper(key, ticket))
        assert answer.headers["Cache-Control"] == "no-store"
    assert printing.client.get(f"/loket/{ticket}/lain.pdf").status_code == 404


def an_office_file(key: str, of: str, kind: str) -> bytes:
    return f"{kind} {key} {of}".encode()


@pytest.fixture
def office(build: Any) -> Clerk:
    found = Clerk(build(paper=a_paper, office_file=an_office_file).test_client())
    found.sign_in()
    return found


def test_every_paper_of_the_decree_is_reached_by_links_alone(office: Clerk, store: Any) -> None:
    from forms.papers import EDITABLE, Paper

    ticket = office.record()
    store.commit([Change(ticket, {"status": Status.RESOLVED}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    page = office.client.get(f"/loket/{ticket}").text
    for key in Paper:
        assert f'href="/loket/{ticket}/{key}.pdf"' in page
        assert office.client.get(f"/loket/{ticket}/{key}.pdf").data == a_paper(key, ticket)
        assert (f'href="/loket/{ticket}/{key}.docx"' in page) is (key in EDITABLE)
        answer = office.client.get(f"/loket/{ticket}/{key}.docx")
        assert answer.status_code == (200 if key in EDITABLE else 404)
        if key in EDITABLE:
            assert answer.data == an_office_file(key, ticket, "docx")
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{key}-{ticket}.docx"'


def test_a_complaint_that_has_not_ended_has_no_minutes_of_its_end(office: Clerk) -> None:
    ticket = office.record()
    assert "berita-acara" not in office.client.get(f"/loket/{ticket}").text
    assert office.client.get(f"/loket/{ticket}/berita-acara.pdf").status_code == 404


def test_the_head_of_a_bidang_prints_the_disposition_and_no_restricted_one(office: Clerk, looked_at: Any) -> None:
    office.sign_in_again("kabid")
    seen, hidden = looked_at(), looked_at(**HIDDEN["restricted"])
    for kind in ("pdf", "docx"):
        assert office.client.get(f"/loket/{seen}/formulir-penyaluran.{kind}").status_code == 200
        assert office.client.get(f"/loket/{hidden}/formulir-penyaluran.{kind}").status_code == 403


def test_blank_papers_and_the_book_are_linked_from_the_staffs_page(office: Clerk) -> None:
    import re

    assert 'href="/loket/dokumen"' in office.client.get("/petugas").text
    page = office.client.get("/loket/dokumen").text
    blanks = re.findall(r'href="/loket/dokumen/([a-z0-9-]+)\.pdf"', page)
    assert {"formulir-pengaduan", "tanda-terima", "buku-registrasi"} <= set(blanks)
    for key in blanks:
        assert office.client.get(f"/loket/dokumen/{key}.pdf").data == an_office_file(key, "", "pdf")
    assert '<option value="11" selected>' in page, "the present month"
    assert office.client.get("/loket/dokumen/lain.pdf").status_code == 404


BOOKS = [
    ("tahun=2026&bulan=11&sebagai=pdf", b"pdf buku-registrasi 2026-11", "inline"),
    ("tahun=2026&bulan=&sebagai=xlsx", b"xlsx buku-registrasi 2026", "attachment"),
]


@pytest.mark.parametrize(("query", "made", "shown"), BOOKS)
def test_the_book_of_a_month_or_a_year(office: Clerk, query: str, made: bytes, shown: str) -> None:
    answer = office.client.get(f"/loket/buku?{query}")
    assert answer.data == made
    assert answer.headers["Content-Disposition"].startswith(shown)


@pytest.mark.parametrize("query", ["", "tahun=abcd", "tahun=2026&bulan=13", "tahun=2026&sebagai=exe", "tahun=1900"])
def test_a_book_that_cannot_be_leads_back_to_the_choice(office: Clerk, query: str) -> None:
    assert office.client.get(f"/loket/buku?{query}").headers["Location"] == "/loket/dokumen"


def test_whoever_finds_nothing_prints_nothing(office: Clerk) -> None:
    office.sign_in_again("baru")
    for path in ("/loket/dokumen", "/loket/dokumen/tanda-terima.pdf", "/loket/buku?tahun=2026"):
        assert office.client.get(path).status_code == 403


def test_where_no_papers_can_be_made_the_receipt_is_printed(clerk: Clerk) -> None:
    ticket = clerk.record()
    page = clerk.client.get(f"/loket/{ticket}").text
    assert f"/pengaduan/{ticket}/tanda-terima" in page
    assert ".pdf" not in page
    assert clerk.client.get(f"/loket/{ticket}/tanda-terima.pdf").status_code == 404


@pytest.mark.parametrize("which", [HIDDEN["restricted"], HIDDEN["confidential"]], ids=["restricted", "confidential"])
def test_papers_say_who_it_was_and_are_for_those_who_may_know(printing: Clerk, looked_at: Any, which: Any) -> None:
    ticket = looked_at(**which)
    assert printing.client.get(f"/loket/{ticket}/tanda-terima.pdf").status_code == 403
    printing.sign_in_again("ketua")
    assert printing.client.get(f"/loket/{ticket}/tanda-terima.pdf").status_code == 200


def test_whoever_recorded_a_confidential_complaint_prints_it_the_same_day(
    printing: Clerk, store: Any, clock: Any
) -> None:
    ticket = printing.record(confidential="1")
    store.commit([Change(ticket, {"restricted": True}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    assert printing.client.get(f"/loket/{ticket}/formulir-pengaduan.pdf").status_code == 200
    assert printing.client.get(f"/loket/{ticket}").status_code == 200
    printing.sign_in_again("rudi")
    assert printing.client.get(f"/loket/{ticket}/formulir-pengaduan.pdf").status_code == 403
    assert printing.client.get(f"/loket/{ticket}").status_code == 403
    clock.now += timedelta(hours=13)
    printing.sign_in_again("sari")
    assert printing.client.get(f"/loket/{ticket}/formulir-pengaduan.pdf").status_code == 403


def test_another_spelling_of_a_ticket_and_none_at_all(clerk: Clerk) -> None:
    ticket = clerk.record()
    assert clerk.client.get(f"/loket/{ticket.lower()}").headers["Location"] == f"/loket/{ticket}"
    assert clerk.client.get("/loket/0000-0000-0").status_code == 404
