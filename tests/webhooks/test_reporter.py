"""What reporters do for themselves: in every status, with every proof, once, and never with a stranger's help."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from register.attachments import Attachments
from register.complaint import Status
from register.proof_links import proof_token
from register.store import Store
from tests.builders import MOMENT, an_intake
from tests.evidence_files import jpeg
from tests.webhooks.conftest import Clock, token_in
from tests.webhooks.handled import DESK, Handled
from webhooks.reporter_acts import ACTS, BY_KEY, LONGEST, Asked, check
from webhooks.reporter_proof import OF_TICKET, SESSION, is_right

RIGHT = "0000"
"""The end of the telephone number that every complaint here has."""
ALLOWED = {
    Status.RECEIVED: {"tambah_keterangan", "cabut"},
    Status.NEEDS_INFO: {"lengkapi", "cabut"},
    Status.DISPOSED: {"tambah_keterangan", "cabut"},
    Status.IN_PROGRESS: {"tambah_keterangan", "cabut"},
    Status.AWAITING_REPORTER: {"nyatakan_puas", "buka_kembali", "tambah_keterangan", "cabut"},
    Status.RESOLVED: {"buka_kembali", "beri_nilai"},
    Status.ON_HOLD: {"tambah_keterangan", "cabut"},
    Status.TRANSFERRED: {"buka_kembali", "beri_nilai"},
    Status.OUT_OF_AUTHORITY: {"buka_kembali", "beri_nilai"},
    Status.WITHDRAWN: {"buka_kembali"},
    Status.MERGED: {"buka_kembali", "tambah_keterangan"},
    Status.ARCHIVED: set[str](),
}
LEADS_TO = {
    "lengkapi": Status.IN_PROGRESS,
    "nyatakan_puas": Status.RESOLVED,
    "buka_kembali": Status.IN_PROGRESS,
    "cabut": Status.WITHDRAWN,
}


@dataclass
class Reporter:
    """Somebody with a ticket and a browser."""

    client: FlaskClient
    ticket: str

    def page(self, act: str) -> TestResponse:
        return self.client.get(f"/pengaduan/{self.ticket}/tanggapi/{act}")

    def send(self, act: str, token: str | None = None, **typed: Any) -> TestResponse:
        filled = {"said": "Sudah saya lengkapi.", "rating": "4", "contact": RIGHT} | typed
        data = {"token": self.token(act) if token is None else token} | filled
        return self.client.post(f"/pengaduan/{self.ticket}/tanggapi/{act}", data=data)

    def token(self, act: str) -> str:
        return token_in(self.page(act))

    def prove(self, contact: str = RIGHT, **more: str) -> TestResponse:
        path = f"/pengaduan/{self.ticket}/bukti"
        token = token_in(self.client.get(path))
        return self.client.post(path, data={"token": token, "contact": contact} | more)


@pytest.fixture
def handled(store: Store) -> Handled:
    return Handled(store)


@pytest.fixture
def app(build: Callable[..., Flask]) -> Flask:
    return build(desk=DESK, writes_to_reporters=True, public_url="http://localhost")


@pytest.fixture
def reporter(app: Flask, handled: Handled) -> Callable[..., Reporter]:
    """Whoever has the ticket of a complaint in a status."""

    def make(status: Status = Status.IN_PROGRESS, **said: Any) -> Reporter:
        return Reporter(app.test_client(), handled.bring_to(status, **said))

    return make


def said(store: Store, ticket: str) -> list[tuple[str, str]]:
    """Acts and words of the reporter, as the trail has them."""
    return [(e.data["act"], e.secret.get("value", "")) for e in store.reporter_events([ticket]).get(ticket, [])]


# -- status by act ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", Status)
def test_what_may_be_done_in_each_status_is_offered_and_done(
    app: Flask, handled: Handled, store: Store, status: Status
) -> None:
    for act in ACTS:
        someone = Reporter(app.test_client(), handled.bring_to(status))
        offered = f"/tanggapi/{act.key}" in someone.client.get(f"/status/{someone.ticket}").text
        page = someone.page(act.key)
        assert offered is (act.key in ALLOWED[status]), act.key
        if not offered:
            assert page.status_code == 409, act.key
            assert someone.send(act.key, token_in(someone.client.get("/"))).status_code == 409
            assert said(store, someone.ticket) == []
            continue
        assert page.status_code == 200
        done = someone.send(act.key)
        assert (done.status_code, done.headers["Location"]) == (303, f"/status/{someone.ticket}")
        complaint = store.complaint(someone.ticket)
        reopened_unlooked = status is Status.RECEIVED
        expected = LEADS_TO.get(act.key, status)
        assert complaint.status is expected or reopened_unlooked
        words = "" if act.text is Asked.NO else "Sudah saya lengkapi."
        assert said(store, someone.ticket) == [(act.key, words)]
        assert store.verify().findings == []
        after = someone.client.get(f"/status/{someone.ticket}").text
        assert act.done in after
        assert "Sudah saya lengkapi" not in after, "what a reporter writes is not shown to whoever has the ticket"


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.key)
def test_a_rating_is_kept_where_it_is_asked_for(app: Flask, handled: Handled, store: Store, act: Any) -> None:
    status = next(status for status, keys in ALLOWED.items() if act.key in keys)
    someone = Reporter(app.test_client(), handled.bring_to(status))
    someone.send(act.key, rating="2")
    (event,) = store.reporter_events([someone.ticket])[someone.ticket]
    assert event.data.get("rating") == (None if act.rating is Asked.NO else "2")


@pytest.mark.parametrize("rating", ["", "5"])
def test_saying_that_it_is_settled_asks_for_no_rating_and_one_is_not_asked_for_again(
    reporter: Callable[..., Reporter], rating: str
) -> None:
    someone = reporter(Status.AWAITING_REPORTER)
    assert someone.send("nyatakan_puas", said="", rating=rating).status_code == 303
    page = someone.client.get(f"/status/{someone.ticket}").text
    assert ("/tanggapi/beri_nilai" in page) is not bool(rating)
    someone.send("beri_nilai", rating="4")
    assert "/tanggapi/beri_nilai" not in someone.client.get(f"/status/{someone.ticket}").text


def test_what_was_reopened_may_be_rated_anew(reporter: Callable[..., Reporter], handled: Handled) -> None:
    someone = reporter(Status.RESOLVED)
    someone.send("beri_nilai", rating="1")
    someone.send("buka_kembali", rating="")
    for cells in ({"act": "Proses"}, {"act": ""}, {"act": "Bukan Kewenangan", "reason": "Ditangani Dinas lain."}):
        handled.type(someone.ticket, **cells)
    assert "/tanggapi/beri_nilai" in someone.client.get(f"/status/{someone.ticket}").text


def test_the_window_ends_reopening(reporter: Callable[..., Reporter], clock: Clock, store: Store) -> None:
    someone = reporter(Status.RESOLVED)
    clock.now = (
        next(c.due_at for c in store.clocks([someone.ticket])[someone.ticket] if c.key == "buka_kembali") or MOMENT
    )
    assert someone.page("buka_kembali").status_code == 200
    clock.pass_by(seconds=1)
    late = someone.page("buka_kembali")
    assert late.status_code == 409
    assert "sudah berakhir" in late.text


# -- proof ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "phone", "email", "right"),
    [
        ("0000", "+6281200000000", "", True),
        (" 00 00 ", "+6281200000000", "", True),
        ("0812-0000-0000", "+6281200000000", "", True),
        ("0812-0000-0001", "+6281200000000", "", False),
        ("812 1111 0000", "+6281200000000", "", False),
        ("0001", "+6281200000000", "", False),
        ("000", "+6281200000000", "", False),
        ("", "+6281200000000", "", False),
        ("Ibu@Contoh.id", "", "ibu@contoh.id", True),
        ("ibu@contoh.id", "+6281200000000", "ibu@contoh.id", True),
        ("ibu@contoh", "", "ibu@contoh.id", False),
        ("@", "", "", False),
        ("@", "+6281200000000", "", False),
        ("ibu", "", "ibu@contoh.id", False),
        ("0000", "", "ibu0000@contoh.id", False),
        ("123", "123", "", False),
        ("👩🏽@", "", "ibu@contoh.id", False),
        ("\ud800@x", "", "ibu@contoh.id", False),
    ],
)
def test_what_proves_a_reporter(typed: str, phone: str, email: str, right: bool) -> None:
    assert is_right(typed, an_intake(phone=phone, email=email)) is right


@given(st.text(max_size=30), st.sampled_from(["", "+6281200001234", "0812"]), st.sampled_from(["", "ibu@contoh.id"]))
def test_a_stranger_proves_nothing(typed: str, phone: str, email: str) -> None:
    if is_right(typed, an_intake(phone=phone, email=email)):
        digits = re.sub(r"\D", "", typed)
        assert digits.endswith("1234") or typed.strip().casefold() == email


@pytest.mark.parametrize("act", ["cabut", "tambah_keterangan"])
@pytest.mark.parametrize("contact", ["", "9999", "lain@contoh.id"])
def test_nothing_is_done_without_proof(reporter: Callable[..., Reporter], store: Store, act: str, contact: str) -> None:
    someone = reporter()
    answer = someone.send(act, contact=contact, said="Tolong dicabut saja.")
    assert answer.status_code == 422
    assert "Tolong dicabut saja." in answer.text
    assert '<a href="#contact">' in answer.text
    assert "<title>Kesalahan:" in answer.text
    assert said(store, someone.ticket) == []


def test_a_wrong_proof_is_answered_the_same_whatever_is_recorded(reporter: Callable[..., Reporter]) -> None:
    answers = [
        someone.send("cabut", contact="9999").text.replace(someone.ticket, "T")
        for someone in (reporter(), reporter(email="ibu@contoh.id"), reporter(phone="", email="ibu@contoh.id"))
    ]
    assert len({re.sub(r'value="[^"]{30,}"', "", text) for text in answers}) == 1


def test_a_browser_that_proved_itself_is_asked_no_more_for_a_while(
    reporter: Callable[..., Reporter], clock: Clock, store: Store
) -> None:
    someone = reporter()
    assert someone.prove().headers["Location"] == f"/status/{someone.ticket}"
    assert 'name="contact"' not in someone.page("cabut").text
    assert "Akhiri" in someone.client.get(f"/status/{someone.ticket}").text
    clock.now += SESSION
    assert 'name="contact"' in someone.page("cabut").text
    someone.prove()
    token = token_in(someone.client.get(f"/status/{someone.ticket}"))
    someone.client.post(f"/pengaduan/{someone.ticket}/keluar", data={"token": token})
    assert 'name="contact"' in someone.page("cabut").text
    assert said(store, someone.ticket) == []


def test_a_session_is_of_one_ticket_and_one_browser(reporter: Callable[..., Reporter], app: Flask) -> None:
    someone, other = reporter(), reporter()
    someone.prove()
    cookie = someone.client.get_cookie("reporter")
    assert cookie
    assert cookie.http_only
    assert someone.ticket not in cookie.value
    assert 'name="contact"' in replace(other, client=someone.client).page("cabut").text
    stolen = Reporter(app.test_client(), someone.ticket)
    stolen.page("cabut")  # has a browser of its own
    stolen.client.set_cookie("reporter", cookie.value)
    assert 'name="contact"' in stolen.page("cabut").text


@pytest.mark.parametrize("cookie", ["", "x", "W10.x", "a.b.c", "W1sxXSwyXQ.x"])
def test_a_made_up_session_is_none(reporter: Callable[..., Reporter], cookie: str) -> None:
    someone = reporter()
    someone.page("cabut")
    someone.client.set_cookie("reporter", cookie)
    assert 'name="contact"' in someone.page("cabut").text


def test_what_was_done_for_another_ticket_opens_no_door(reporter: Callable[..., Reporter]) -> None:
    """A form that was used for one's own complaint must not pass as done, and proven, for a stranger's."""
    mine, strangers = reporter(), reporter()
    token = mine.token("tambah_keterangan")
    mine.send("tambah_keterangan", token)
    mine.client.delete_cookie("reporter")
    answer = replace(strangers, client=mine.client).send("tambah_keterangan", token, contact="9999")
    assert answer.status_code == 409
    assert mine.client.get_cookie("reporter") is None


# -- without a contact ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.key)
def test_without_a_contact_the_ticket_suffices_for_what_cannot_hurt(
    app: Flask, handled: Handled, store: Store, act: Any
) -> None:
    status = next(status for status, keys in ALLOWED.items() if act.key in keys)
    someone = Reporter(app.test_client(), handled.bring_to(status, name="", phone=""))
    if act.key == "cabut":
        assert someone.page("cabut").status_code == 403
        assert "hanya dapat dilakukan di kantor kami" in someone.page("cabut").text
        assert someone.send("cabut", token_in(someone.client.get("/"))).status_code == 403
        assert said(store, someone.ticket) == []
        return
    assert 'name="contact"' not in someone.page(act.key).text
    assert someone.send(act.key, contact="").status_code == 303
    assert someone.client.get_cookie("reporter") is None, "nobody has proven anything"


def test_nobody_without_a_contact_is_offered_what_is_then_refused_or_told_to_come(
    reporter: Callable[..., Reporter],
) -> None:
    someone = reporter(Status.NEEDS_INFO, name="", phone="")
    page = someone.client.get(f"/status/{someone.ticket}").text
    assert "/tanggapi/cabut" not in page
    assert "Cabut pengaduan: tidak dapat lewat halaman ini" in page
    (turn,) = re.findall(r'<section class="turn".*?</section>', page, re.DOTALL)
    assert "tanpa menyebut nama" in turn
    assert "datang, telepon" not in turn.casefold()


# -- guessing ---------------------------------------------------------------------------------------------------------


def test_after_some_wrong_guesses_even_the_right_one_has_to_wait(
    reporter: Callable[..., Reporter], clock: Clock, build: Callable[..., Flask], store: Store
) -> None:
    someone = reporter()
    for _ in range(OF_TICKET.most):
        assert someone.prove("9999").status_code == 422
    refused = someone.prove(RIGHT)
    assert refused.status_code == 429
    assert "pukul 10.45 WITA" in refused.text
    restarted = Reporter(build(desk=DESK).test_client(), someone.ticket)
    assert restarted.send("cabut").status_code == 429, "a restart, and another browser, change nothing"
    clock.now += OF_TICKET.waits[0]
    assert someone.prove(RIGHT).status_code == 303
    assert someone.prove("9999").status_code == 422, "whoever is right begins anew"


def test_the_wait_is_announced_and_said_before_anything_is_typed(
    reporter: Callable[..., Reporter], clock: Clock
) -> None:
    someone = reporter()
    answers = [someone.prove("9999").text for _ in range(OF_TICKET.most)]
    assert [re.findall(r"tinggal (\d) kali", answer)[:1] for answer in answers] == [[], ["3"], ["2"], ["1"], []]
    assert "Coba lagi sesudah Senin" in answers[-1]
    for page in (someone.page("cabut"), someone.client.get(f"/pengaduan/{someone.ticket}/bukti")):
        assert page.status_code == 200
        assert "Terlalu banyak percobaan" in page.text
    clock.now += OF_TICKET.waits[0]
    assert "Terlalu banyak percobaan" not in someone.page("cabut").text


def test_a_client_that_guesses_at_many_tickets_is_stopped(reporter: Callable[..., Reporter]) -> None:
    strangers = [reporter() for _ in range(21)]
    for someone in strangers:
        someone.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert [someone.prove("9999").status_code for someone in strangers] == [422] * 20 + [429]


def test_guessing_at_one_ticket_does_not_lock_another(reporter: Callable[..., Reporter]) -> None:
    first, second = reporter(), reporter()
    for _ in range(OF_TICKET.most + 1):
        first.prove("9999")
    assert second.prove().status_code == 303


# -- a link in a mail -------------------------------------------------------------------------------------------------


def follow(someone: Reporter, token: str) -> TestResponse:
    path = f"/pengaduan/{someone.ticket}/bukti/{token}"
    page = someone.client.get(path)
    return someone.client.post(path, data={"token": token_in(page)}) if page.status_code == 200 else page


def test_a_link_that_was_sent_proves_once_in_the_browser_that_opens_it(
    reporter: Callable[..., Reporter], store: Store, app: Flask
) -> None:
    someone = reporter(email="ibu@contoh.id")
    sent = someone.prove("", cara="tautan")
    assert sent.headers["Location"].endswith("/bukti?terkirim=ya")
    message = store.claim_message(MOMENT)
    assert message
    assert (message.kind, message.ticket) == ("tautan_bukti", someone.ticket)
    token = proof_token(store.digest, someone.ticket, MOMENT)
    someone.client.get(f"/pengaduan/{someone.ticket}/bukti/{token}")  # a scanner of mails opens it, too
    assert follow(someone, token).headers["Location"] == f"/status/{someone.ticket}"
    assert 'name="contact"' not in someone.page("cabut").text
    again = Reporter(app.test_client(), someone.ticket)
    assert follow(again, token).status_code == 410
    assert 'name="contact"' in again.page("cabut").text


@pytest.mark.parametrize("token", ["x", "1-2", "zz-zz"])
def test_a_link_that_nobody_sent_is_no_proof(reporter: Callable[..., Reporter], token: str) -> None:
    answer = follow(reporter(), token)
    assert answer.status_code == 410
    assert "tidak berlaku lagi" in answer.text


def test_links_are_asked_for_a_few_times_only_and_answered_the_same(reporter: Callable[..., Reporter]) -> None:
    someone, nobody = reporter(email="ibu@contoh.id"), reporter()
    assert someone.prove("", cara="tautan").headers["Location"].endswith("bukti?terkirim=ya")
    assert nobody.prove("", cara="tautan").headers["Location"].endswith("bukti?terkirim=ya")
    assert [someone.prove("", cara="tautan").status_code for _ in range(3)] == [303, 303, 429]


@pytest.mark.parametrize(("public_url", "writes"), [("", True), ("http://localhost", False)])
def test_links_are_not_sent_where_they_could_lead_astray(
    build: Callable[..., Flask], handled: Handled, store: Store, public_url: str, writes: bool
) -> None:
    """A link built from the Host header of a stranger's request would carry its secret to the stranger."""
    app = build(desk=DESK, writes_to_reporters=writes, public_url=public_url)
    someone = Reporter(app.test_client(), handled.bring_to(Status.DISPOSED, email="ibu@contoh.id"))
    assert "Kirim tautan" not in someone.client.get(f"/pengaduan/{someone.ticket}/bukti").text
    assert someone.prove("", cara="tautan").status_code == 404
    assert store.claim_message(MOMENT) is None


# -- once, and at the same moment -------------------------------------------------------------------------------------


def test_a_double_press_is_one_act(reporter: Callable[..., Reporter], store: Store) -> None:
    someone = reporter()
    token = someone.token("cabut")
    answers = [someone.send("cabut", token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(said(store, someone.ticket)) == 1


def test_the_same_page_with_other_words_is_asked_about(reporter: Callable[..., Reporter], store: Store) -> None:
    someone = reporter()
    token = someone.token("tambah_keterangan")
    someone.send("tambah_keterangan", token, said="Yang pertama.")
    again = someone.send("tambah_keterangan", token, said="Yang kedua.")
    assert again.status_code == 409
    assert "Yang kedua." in again.text
    assert someone.send("tambah_keterangan", token_in(again), said="Yang kedua.").status_code == 303
    assert [words for _, words in said(store, someone.ticket)] == ["Yang pertama.", "Yang kedua."]


@pytest.mark.parametrize("token", ["", "x"])
def test_a_page_that_is_not_ours_does_nothing(reporter: Callable[..., Reporter], store: Store, token: str) -> None:
    someone = reporter()
    answer = someone.send("cabut", token)
    assert answer.status_code == 400
    assert "Sudah saya lengkapi." in answer.text
    assert said(store, someone.ticket) == []


def test_another_site_cannot_act_for_a_browser_that_proved_itself(
    reporter: Callable[..., Reporter], app: Flask, store: Store
) -> None:
    someone = reporter()
    someone.prove()
    foreign = Reporter(app.test_client(), someone.ticket).token("cabut")
    assert someone.send("cabut", foreign).status_code == 400
    assert said(store, someone.ticket) == []


def test_too_much_for_one_complaint_has_to_wait(reporter: Callable[..., Reporter]) -> None:
    someone = reporter()
    answers = [someone.send("tambah_keterangan", said=f"Yang ke-{n}.").status_code for n in range(21)]
    assert answers == [303] * 20 + [429]


# -- what is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act", "typed", "field"),
    [
        ("lengkapi", {"said": ""}, "said"),
        ("lengkapi", {"said": "ya"}, "said"),
        ("lengkapi", {"said": "\u200b\u200b\u200b"}, "said"),
        ("tambah_keterangan", {"said": "x" * (LONGEST + 1)}, "said"),
        ("beri_nilai", {"rating": ""}, "rating"),
        ("beri_nilai", {"rating": "6"}, "rating"),
        ("beri_nilai", {"rating": "0"}, "rating"),
        ("beri_nilai", {"rating": "٣"}, "rating"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    reporter: Callable[..., Reporter], store: Store, act: str, typed: dict[str, str], field: str
) -> None:
    status = next(status for status, keys in ALLOWED.items() if act in keys)
    someone = reporter(status)
    answer = someone.send(act, **typed)
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}' in answer.text
    assert said(store, someone.ticket) == []


@given(st.sampled_from(ACTS), st.text(), st.text(max_size=3), st.booleans())
def test_whatever_is_typed_is_an_act_or_a_named_problem(act: Any, text: str, rating: str, files: bool) -> None:
    found = check(act, text, rating, has_files=files, takes_files=True)
    assert {problem.field for problem in found.problems} <= {"said", "rating"}
    assert found.rating in range(6)
    if not found.problems:
        assert len(found.said) <= LONGEST
        assert found.rating or act.rating is not Asked.MUST


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(said=st.text(max_size=50), rating=st.text(max_size=3), contact=st.text(max_size=20), act=st.sampled_from(ACTS))
def test_whatever_is_sent_is_answered(
    reporter: Callable[..., Reporter], said: str, rating: str, contact: str, act: Any
) -> None:
    someone = reporter()
    data = {"said": said, "rating": rating, "contact": contact}
    sendable = {name: text.encode("utf-8", "replace").decode() for name, text in data.items()}
    assert someone.send(act.key, token_in(someone.client.get("/")), **sendable).status_code < 500


def test_what_a_ticket_refuses_is_not_counted_against_the_neighbours(
    reporter: Callable[..., Reporter], build: Callable[..., Flask]
) -> None:
    """Behind one address there may be a whole kampung."""
    stranger, neighbour = reporter(), reporter()
    for someone in (stranger, neighbour):
        someone.client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    answers = [stranger.send("cabut", contact="1111").status_code for _ in range(25)]
    assert set(answers) == {422, 429}
    assert neighbour.send("cabut", contact=RIGHT).status_code == 303


# -- evidence ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_files(app: Flask, attachments: Attachments) -> Attachments:
    app.extensions["aduan"] = replace(app.extensions["aduan"], attachments=attachments)
    return attachments


def test_files_go_to_the_complaint_and_count_as_words(
    with_files: Attachments, reporter: Callable[..., Reporter], store: Store
) -> None:
    someone = reporter(Status.NEEDS_INFO)
    assert 'enctype="multipart/form-data"' in someone.page("lengkapi").text
    answer = someone.send("lengkapi", said="", evidence=(BytesIO(jpeg()), "kk.jpg"))
    assert answer.status_code == 303
    assert [file.name for file in with_files.of(f"ticket:{someone.ticket}")] == ["kk.jpg"]
    assert said(store, someone.ticket) == [("lengkapi", "")]


def test_a_bad_file_is_named_and_the_act_waits(
    with_files: Attachments, reporter: Callable[..., Reporter], store: Store
) -> None:
    someone = reporter(Status.NEEDS_INFO)
    answer = someone.send("lengkapi", said="", evidence=(BytesIO(b"<?php"), "kk.png"))
    assert answer.status_code == 422
    assert 'href="#evidence"' in answer.text
    assert "kk.png" in answer.text
    assert 'name="contact"' not in someone.page("lengkapi").text, "what was proven need not be typed again"
    assert with_files.of(f"ticket:{someone.ticket}") == []
    assert said(store, someone.ticket) == []


@pytest.mark.parametrize(
    ("first", "status"),
    [
        ({"contact": "9999"}, 422),
        ({"said": "x" * (LONGEST + 1)}, 422),
        ({"lang": "en"}, 200),
    ],
    ids=["wrong proof", "too long", "other language"],
)
def test_files_outlive_a_mistake_and_are_nobodys_before_proof(
    with_files: Attachments, reporter: Callable[..., Reporter], store: Store, first: dict[str, str], status: int
) -> None:
    someone = reporter()
    again = someone.send("tambah_keterangan", evidence=(BytesIO(jpeg()), "kk.jpg"), **first)
    assert again.status_code == status
    assert '<span class="file-name">kk.jpg</span>' in again.text
    assert with_files.of(f"ticket:{someone.ticket}") == []
    assert store.complaint(someone.ticket).evidence_count == 0
    token = token_in(again)
    assert someone.send("tambah_keterangan", token, evidence=(BytesIO(jpeg(64, 64)), "b.jpg")).status_code == 303
    assert [file.name for file in with_files.of(f"ticket:{someone.ticket}")] == ["kk.jpg", "b.jpg"]
    assert "Berkas yang kami terima: 2." in someone.client.get(f"/status/{someone.ticket}?lang=id").text
    assert someone.send("tambah_keterangan", token).status_code == 303, "pressed twice"
    assert len(with_files.of(f"ticket:{someone.ticket}")) == 2


def test_a_file_that_was_chosen_by_mistake_is_taken_away(
    with_files: Attachments, reporter: Callable[..., Reporter]
) -> None:
    someone = reporter()
    again = someone.send("tambah_keterangan", contact="9999", evidence=(BytesIO(jpeg()), "kk.jpg"))
    (file,) = re.findall(r'name="remove" value="([^"]+)"', again.text)
    without = someone.send("tambah_keterangan", token_in(again), remove=file)
    assert without.status_code == 200
    assert "kk.jpg" not in without.text
    assert someone.send("tambah_keterangan", token_in(without)).status_code == 303
    assert with_files.of(f"ticket:{someone.ticket}") == []


def test_files_that_could_not_be_kept_are_asked_for_again(
    with_files: Attachments, reporter: Callable[..., Reporter]
) -> None:
    someone = reporter()
    assert "Pilih lagi berkas Anda" in someone.send("lengkapi", "x", evidence=(BytesIO(jpeg()), "kk.jpg")).text
    assert "Pilih lagi berkas Anda" not in someone.send("lengkapi", "x").text


def test_a_complaint_that_is_full_of_files_takes_no_more(
    with_files: Attachments, reporter: Callable[..., Reporter], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webhooks.evidence.MOST_FOR_TICKET", 0)
    someone = reporter()
    answer = someone.send("tambah_keterangan", evidence=(BytesIO(jpeg()), "kk.jpg"))
    assert answer.status_code == 422
    assert "Satu pengaduan memuat paling banyak 0 berkas" in answer.text
    assert said(store, someone.ticket) == []


# -- the way back, and the other language ---------------------------------------------------------------------------


def test_the_other_language_takes_along_what_is_typed(reporter: Callable[..., Reporter], store: Store) -> None:
    someone = reporter(Status.AWAITING_REPORTER)
    assert 'name="lang" value="en"' in someone.page("buka_kembali").text
    english = someone.send("buka_kembali", said="Belum sampai.", rating="2", lang="en")
    assert english.status_code == 200
    assert '<html lang="en">' in english.text
    assert "Belum sampai." in english.text
    assert 'value="2" checked' in english.text
    assert "Kesalahan" not in english.text
    assert said(store, someone.ticket) == []
    assert someone.send("buka_kembali", token_in(english)).status_code == 303


def test_only_a_page_that_answers_mends_the_way_back(reporter: Callable[..., Reporter]) -> None:
    someone = reporter()
    assert "answered.js" not in someone.page("cabut").text
    (script,) = re.findall(r'src="(/static/answered.js[^"]*)"', someone.send("cabut", contact="9999").text)
    with someone.client.get(script) as answer:
        assert "replaceState" in answer.text


def test_return_in_a_field_presses_the_acts_own_button(reporter: Callable[..., Reporter]) -> None:
    first = re.search(r'<button type="submit" form="act"[^>]*>([^<]+)', reporter().page("cabut").text)
    assert first
    assert first[1] == BY_KEY["cabut"].button


def test_what_was_done_is_said_once_in_the_browser_that_did_it(reporter: Callable[..., Reporter], app: Flask) -> None:
    someone, done = reporter(), BY_KEY["tambah_keterangan"].done
    someone.send("tambah_keterangan")
    assert done not in app.test_client().get(f"/status/{someone.ticket}").text
    assert done in someone.client.get(f"/status/{someone.ticket}").text
    assert done not in someone.client.get(f"/status/{someone.ticket}").text


@pytest.mark.parametrize("cookie", ["", ".", "x.1", "cabut.-1", "cabut.x", "cabut.\u0663", "hapus.2"])
def test_a_made_up_notice_tells_nothing_untrue(reporter: Callable[..., Reporter], cookie: str) -> None:
    someone = reporter()
    someone.client.set_cookie("done", cookie)
    page = someone.client.get(f"/status/{someone.ticket}")
    assert page.status_code == 200
    assert "Berkas yang kami terima" not in page.text


# -- what is kept quiet -----------------------------------------------------------------------------------------------


def test_nothing_personal_is_logged_or_in_an_address(reporter: Callable[..., Reporter]) -> None:
    structlog.reset_defaults()
    someone = reporter(email="ibu@contoh.id")
    with capture_logs() as logs:
        places = [someone.send("cabut", contact="9999"), someone.send("cabut", said="Rahasia saya."), someone.prove()]
    told = str(logs) + " ".join(place.headers.get("Location", "") for place in places)
    for secret in ("0000", "9999", "Rahasia", "contoh"):
        assert secret not in told.replace(someone.ticket, "")


def test_an_erased_complaint_can_only_be_read(reporter: Callable[..., Reporter], store: Store) -> None:
    import sqlalchemy as sa

    from register import tables

    someone = reporter()
    with store._writer.begin() as connection:
        connection.execute(sa.delete(tables.complaint_keys))
    assert "tanggapi" not in someone.client.get(f"/status/{someone.ticket}").text
    assert someone.page("cabut").status_code == 410


@pytest.mark.parametrize("path", ["tanggapi/hapus", "tanggapi/proses", "tanggapi/"])
def test_there_is_no_page_for_what_is_not_theirs(reporter: Callable[..., Reporter], path: str) -> None:
    someone = reporter()
    assert someone.client.get(f"/pengaduan/{someone.ticket}/{path}").status_code == 404


def test_without_a_desk_reporters_may_only_read(build: Callable[..., Flask], handled: Handled) -> None:
    someone = Reporter(build().test_client(), handled.bring_to(Status.AWAITING_REPORTER))
    assert "tanggapi" not in someone.client.get(f"/status/{someone.ticket}").text
    assert someone.page("cabut").status_code == 409


def test_the_acts_of_the_pages_are_those_of_the_sop() -> None:
    from automation.sop.acts import Actor, load_acts

    assert set(BY_KEY) == {key for key, act in load_acts().items() if Actor.REPORTER in act.by}


@pytest.fixture(autouse=True)
def _whole_trail(store: Store) -> Iterator[None]:
    yield
    assert [str(finding) for finding in store.verify().findings] == []
