from datetime import timedelta

import pytest
import sqlalchemy as sa

from automation.sop.states import load_states
from register import tables
from register.changes import Change
from register.complaint import Clock, Event, EventKind, Status
from tests.builders import MOMENT, a_complaint
from webhooks.limit_words import limit_words
from webhooks.reporter_time import WINDOWS, turn_of


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


# -- the reporter's turn ----------------------------------------------------------------------------------------------

IN_TEN_DAYS = MOMENT + timedelta(days=10)
TURNS = [
    (Status.NEEDS_INFO, "kelengkapan", "id", "bila tidak, pengaduan dianggap dicabut"),
    (Status.NEEDS_INFO, "kelengkapan", "en", "otherwise it is deemed withdrawn"),
    (Status.AWAITING_REPORTER, "tanggapan", "id", "bila tidak, pengaduan dianggap selesai"),
    (Status.AWAITING_REPORTER, "tanggapan", "en", "otherwise the complaint is deemed resolved"),
    (Status.RESOLVED, "buka_kembali", "id", "bila tidak, pengaduan ini tetap ditutup"),
    (Status.RESOLVED, "buka_kembali", "en", "otherwise this complaint stays closed"),
]


@pytest.mark.parametrize(("status", "key", "lang", "otherwise"), TURNS)
def test_the_reporter_is_told_until_when_what_else_and_how(client, store, filed, status, key, lang, otherwise) -> None:
    ticket = filed()
    clock = Clock(key, 0, MOMENT, IN_TEN_DAYS, "10 hari")
    store.commit([Change(ticket, {"status": status}, clocks=[clock])])
    page = client.get(f"/status/{ticket}?lang={lang}").text
    until = {"id": "Kamis, 3 Desember 2026 pukul 10.30 WITA", "en": "Thursday, 3 December 2026 at 10:30 WITA"}[lang]
    (turn,) = page.split('class="turn"')[1:]
    turn = turn.split("</section>")[0]
    for words in (
        until,
        otherwise,
        ticket,
        "Jl. Cut Nyak Dhien",
        "0541-661049",
        f"dinsos@kukarkab.go.id?subject={ticket}",
    ):
        assert words in turn


def test_the_reporters_times_are_those_of_the_states() -> None:
    given = {status: state.window for status, state in load_states().items() if state.window}
    assert {status: window.clock for status, window in WINDOWS.items()} == given


@pytest.mark.parametrize(
    ("status", "clock", "late"),
    [
        (Status.IN_PROGRESS, Clock("kelengkapan", 0, MOMENT, IN_TEN_DAYS, ""), False),
        (Status.RESOLVED, Clock("buka_kembali", 0, MOMENT, IN_TEN_DAYS, "", done_at=MOMENT), False),
        (Status.RESOLVED, Clock("buka_kembali", 1, MOMENT, IN_TEN_DAYS, ""), False),
        (Status.RESOLVED, Clock("buka_kembali", 0, MOMENT, None, ""), False),
        (Status.RESOLVED, Clock("buka_kembali", 0, MOMENT, IN_TEN_DAYS, ""), True),
    ],
    ids=["not their turn", "over", "another round's", "not counted", "passed"],
)
def test_nothing_is_asked_that_cannot_be_done(status, clock, late) -> None:
    now = IN_TEN_DAYS + timedelta(seconds=1) if late else MOMENT
    assert turn_of(a_complaint(status=status), [clock], now) is None


def test_completing_ends_only_when_the_system_says_so() -> None:
    clock = Clock("kelengkapan", 0, MOMENT, IN_TEN_DAYS, "")
    turn = turn_of(a_complaint(status=Status.NEEDS_INFO), [clock], IN_TEN_DAYS + timedelta(minutes=1))
    assert turn is not None
    assert turn.until == IN_TEN_DAYS


STANDS = "Batas waktu berhenti dihitung sampai kelengkapan diterima"
PROMISE = "Dijawab paling lambat"


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"status": Status.IN_PROGRESS}, {PROMISE}),
        ({"status": Status.NEEDS_INFO, "pauses": ((MOMENT, None),)}, {STANDS}),
        ({"status": Status.IN_PROGRESS, "pauses": ((MOMENT, MOMENT),)}, {PROMISE}),
        ({"status": Status.AWAITING_REPORTER, "pauses": ((MOMENT, None),), "answered_at": MOMENT}, set()),
        ({"status": Status.RESOLVED, "answered_at": MOMENT}, set()),
    ],
)
def test_only_a_limit_that_runs_is_promised(client, store, filed, values, shown) -> None:
    ticket = filed()
    store.commit([Change(ticket, {"due_at": IN_TEN_DAYS, **values})])
    page = client.get(f"/status/{ticket}").text
    assert {words for words in (PROMISE, STANDS) if words in page} == shown


def test_a_joined_complaint_says_that_its_answer_will_appear_until_it_does(client, store, filed) -> None:
    ticket = filed()
    store.commit([Change(ticket, {"status": Status.MERGED})])
    assert "Jawabannya akan dimuat di halaman ini" in client.get(f"/status/{ticket}").text
    assert "The answer will appear on this page" in client.get(f"/status/{ticket}?lang=en").text
    replied(store, ticket, "Sudah cair.", status=Status.MERGED)
    assert "The answer will appear" not in client.get(f"/status/{ticket}").text


# -- how the limit was counted -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "norm", "words"),
    [
        (
            "Senin 1 j 30 m, Selasa 20 m → 07.50 WITA",
            "110 menit",
            "110 menit kerja menurut SOP online. Senin 1 jam 30 menit, Selasa 20 menit; batasnya 07.50 WITA",
        ),
        ("UU 25/2009 Ps 44: 14 hari dari 23 Nov → 7 Des 16.00 WITA", "", "14 hari dari 23 Nov; batasnya 7 Des 16.00"),
        ("", "110 menit", ""),
    ],
)
def test_the_count_is_told_in_whole_words(basis, norm, words) -> None:
    clocks = [Clock("jawaban", 0, MOMENT, MOMENT, norm, basis), Clock("langkah.5", 0, MOMENT, MOMENT, "1 menit", basis)]
    told = limit_words(a_complaint(basis=basis), clocks)
    assert words in told
    assert bool(told) is bool(basis)


def test_an_english_page_says_that_the_count_is_in_indonesian(client, store, filed) -> None:
    ticket = filed()
    store.commit([Change(ticket, {"due_at": MOMENT, "basis": "Senin 1 j 50 m → 13.20 WITA"})])
    page = client.get(f"/status/{ticket}?lang=en").text
    assert "How this limit was counted (in Indonesian)" in page
    assert '<p lang="id">Senin 1 jam 50 menit; batasnya 13.20 WITA</p>' in page
    assert client.get(f"/api/v1/complaints/{ticket}").json.keys() == {
        *(
            "ticket",
            "status",
            "status_label",
            "stage",
            "received_at",
            "due_at",
            "updated_at",
            "bidang",
            "timeline",
            "reply",
        )
    }


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


def test_the_look_up_starts_empty(client) -> None:
    response = client.get("/status")
    assert response.status_code == 200
    assert "aria-invalid" not in response.text
    assert '<span class="mono">7K3M-Q9TX-2</span>' in response.text


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Isi nomor tiket Anda."),
        (" ", "Isi nomor tiket Anda."),
        ("0001/ADUAN/DINSOS/XI/2026", "bukan nomor tiket"),
        ("0001 / aduan / dinsos", "bukan nomor tiket"),
        ("ADUAN", "terdiri atas 9 huruf dan angka"),
    ],
)
def test_the_look_up_says_what_is_wrong_with_what_is_no_ticket(client, typed, sentence) -> None:
    response = client.get("/status", query_string={"tiket": typed})
    assert response.status_code == 400
    assert sentence in response.text
    assert 'aria-invalid="true"' in response.text


def test_the_look_up_shows_a_typo_again(client) -> None:
    response = client.get("/status", query_string={"tiket": '"><b>\x00'})
    assert response.status_code == 400
    assert "&#34;&gt;&lt;b&gt;" in response.text
    assert "terdiri atas 9 huruf dan angka" in response.text
