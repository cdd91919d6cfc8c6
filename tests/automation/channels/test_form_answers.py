"""The answers of a Google Form, read as our fields."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.channels.form_answers import (
    _key,
    _listed,
    intake_of,
    read_answers,
    sent_at,
)
from forms.categories import categories
from forms.field_kinds import Kind
from forms.fields import FIELD, FIELDS
from forms.plain_text import clean_text
from register.complaint import WITA, Identity

TODAY = date(2026, 11, 23)
STORY = "Bantuan sembako belum kami terima."
WHO = {"Nama": "Ibu Contoh", "Nomor HP": "0812-0000-0000"}
NEAR = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def read(answers: Mapping[str, str], **options: Any) -> Any:
    return read_answers(answers.items(), **options)


def filed(**answers: str) -> Any:
    """The intake of a form that asks for story, name and telephone, and for what is given here."""
    intake = intake_of(read({"Isi Pengaduan": STORY} | WHO | answers), TODAY)
    assert intake is not None
    return intake


# -- titles -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("Isi Pengaduan", "description"),
        ("1. Uraian pengaduan *", "description"),
        ("Silakan tuliskan keluhan Anda:", "description"),
        ("KRONOLOGI KEJADIAN", "description"),
        ("Nama Lengkap Pelapor (sesuai KTP)", "name"),
        ("Nama Bapak/Ibu", "name"),
        ("Nomor HP/WA (aktif)", "phone"),
        ("No. WhatsApp", "phone"),
        ("No.HP", "phone"),
        ("Email Address", "email"),
        ("Alamat Email", "email"),
        ("E-mail (jika ada)", "email"),
        ("Alamat Pelapor", "address"),
        ("Alamat Kejadian", "incident_place"),
        ("Desa/Kelurahan", "village"),
        ("Kecamatan:", "district"),
        ("Tanggal Kejadian", "incident_date"),
        ("NIK (16 digit)", "nik"),
        ("No. KK bila ada", "kk"),
        ("Jenis Bantuan", "category"),
        ("RT/RW", "rt_rw"),
        ("Nama petugas yang dilaporkan", "respondent"),
        ("Nama Ibu Kandung", None),
        ("Nama petugas", None),
        ("Umur", None),
        ("", None),
        ("Pelapor", None),
        ("Nama, kosongkan bila ingin anonim", None),
    ],
)
def test_a_question_is_known_by_its_title(title: str, field: str | None) -> None:
    (answer,) = read({title: "Contoh"}).answers
    assert (answer.field.name if answer.field else None) == field


def test_no_title_stands_for_two_fields() -> None:
    listed = _listed()["titles"]
    assert set(listed) <= set(FIELD)
    claims: dict[str, set[str]] = {}
    for field in FIELDS:
        for title in (field.name, field.label, field.on_paper, *field.titles, *listed.get(field.name, ())):
            claims.setdefault(_key(title), set()).add(field.name)
    assert {key: names for key, names in claims.items() if len(names) > 1} == {}


# -- answers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "answer", "identity"),
    [
        ("Rahasiakan identitas saya", "Ya", Identity.CONFIDENTIAL),
        ("Rahasiakan identitas saya", "Rahasiakan identitas saya", Identity.CONFIDENTIAL),
        ("Rahasiakan identitas saya", "Tidak", Identity.OPEN),
        ("Apakah identitas Anda ingin dirahasiakan?", "YA.", Identity.CONFIDENTIAL),
        ("Apakah identitas Anda ingin dirahasiakan?", "Tidak perlu", Identity.OPEN),
        ("Apakah identitas Anda ingin dirahasiakan?", "terserah", Identity.CONFIDENTIAL),
        ("Identitas", "Terbuka", Identity.OPEN),
        ("Identitas", "Tidak ditampilkan", Identity.CONFIDENTIAL),
        ("Identitas", "Ya, rahasiakan identitas saya", Identity.CONFIDENTIAL),
        ("Identitas", "Kirim tanpa nama (anonim)", Identity.ANONYMOUS),
        ("Kirim tanpa nama (anonim)", "Ya", Identity.ANONYMOUS),
        ("Apakah Anda ingin anonim?", "Tidak, silakan hubungi saya", Identity.OPEN),
        ("Apakah Anda ingin anonim?", "Ya", Identity.ANONYMOUS),
        ("Nama samaran bila ingin anonim", "Melati", Identity.OPEN),
    ],
)
def test_how_openly_the_reporter_is_named(question: str, answer: str, identity: Identity) -> None:
    assert filed(**{question: answer}).identity is identity


@pytest.mark.parametrize(
    ("text", "month_first", "day"),
    [
        ("2026-11-05", False, date(2026, 11, 5)),
        ("5/11/2026", False, date(2026, 11, 5)),
        ("05-11-2026", False, date(2026, 11, 5)),
        ("5.11.26", False, date(2026, 11, 5)),
        ("11/5/2026", True, date(2026, 11, 5)),
        ("11/20/2026", False, date(2026, 11, 20)),
        ("5 November 2026", False, date(2026, 11, 5)),
        ("Kamis, 5 Nopember 2026", False, date(2026, 11, 5)),
        ("5 nov 2026", False, date(2026, 11, 5)),
        ("November 5, 2026", True, date(2026, 11, 5)),
        ("5/11/2026 14:00:00", False, date(2026, 11, 5)),
        ("minggu lalu", False, None),
        ("31/2/2026", False, None),
        ("24/11/2026", False, None),
    ],
)
def test_dates_as_people_write_them(text: str, month_first: bool, day: date | None) -> None:
    answers = {"Isi Pengaduan": STORY, **WHO, "Tanggal Kejadian": text}
    intake = intake_of(read(answers, month_first=month_first), TODAY)
    assert intake is not None
    assert intake.incident_date == day
    assert (f"Tanggal Kejadian: {text}" in intake.description) == (day is None), "what is not read is kept"


@pytest.mark.parametrize("category", categories(), ids=lambda category: category.code)
def test_categories_by_code_and_by_label(category: Any) -> None:
    for text in (category.code, category.code.lower(), category.label, category.label_en):
        assert filed(Kategori=text).category == category.code


@pytest.mark.parametrize(("text", "code"), [("BPNT", "SEMBAKO"), ("Program Keluarga Harapan", "PKH"), ("Lain", "")])
def test_categories_by_part_of_a_label(text: str, code: str) -> None:
    intake = filed(Kategori=text)
    assert intake.category == code
    assert ("Kategori: Lain" in intake.description) == (text == "Lain")


def test_what_fits_nowhere_goes_below_the_description() -> None:
    intake = filed(Umur="61", NIK="123", Kecamatan="Contoh", **{"Berapa kali\n diadukan?": "=1+1 dua"})
    assert intake.description.splitlines() == [
        STORY,
        "",
        "Umur: 61",
        "Berapa kali diadukan?: =1+1 dua",
        "NIK: 123",
        "Kecamatan: Contoh",
    ]
    assert (intake.nik, intake.district) == ("", "")


def test_questions_that_are_all_unknown_still_make_a_complaint() -> None:
    intake = intake_of(read({**WHO, "Ceritanya bagaimana": STORY}), TODAY)
    assert intake is not None
    assert intake.description == f"Ceritanya bagaimana: {STORY}"


def test_of_two_answers_the_first_counts_and_the_second_is_kept() -> None:
    answers = [
        ("Isi", STORY),
        ("Isi pengaduan", STORY),
        *WHO.items(),
        ("No. HP", "0813-0000-0000"),
        ("Nama", "Ibu Contoh"),
    ]
    intake = intake_of(read_answers(answers), TODAY)
    assert intake is not None
    assert intake.phone == "+6281200000000"
    assert intake.description == f"{STORY}\n\nIsi: {STORY}\nNo. HP: 0813-0000-0000"


def test_an_anonymous_reporter_is_named_nowhere() -> None:
    intake = filed(Anonim="Ya", NIK="123", Umur="61", **{"No. HP": "0813-0000-0000", "Email": "contoh@example.go.id"})
    assert intake.identity is Identity.ANONYMOUS
    assert (intake.name, intake.phone, intake.email) == ("", "", "")
    assert intake.description == f"{STORY}\n\nUmur: 61"


def test_a_confidential_reporter_is_not_named_below_the_description() -> None:
    """The description stands in the shared register, where name and contact are masked."""
    intake = filed(Identitas="Rahasia", NIK="123", Umur="61")
    assert intake.description == f"{STORY}\n\nUmur: 61\nNIK: (lihat jawaban formulir)"


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param({"Isi": STORY, "Nama": "Ibu Contoh"}, id="no contact"),
        pytest.param({"Isi": STORY, "No HP": "0812-0000-0000"}, id="no name"),
        pytest.param({**WHO, "Isi Pengaduan": "pendek"}, id="too short"),
        pytest.param(
            {**WHO, "Isi Pengaduan": "pendek", "Kecamatan": "Contoh"}, id="too short without what is left over"
        ),
        pytest.param({**WHO, "Kecamatan": "Contoh di mana"}, id="only a place"),
        pytest.param({**WHO, "Isi Pengaduan": "a" * 5001}, id="too long"),
        pytest.param({**WHO, "Isi Pengaduan": "a" * 4990, "Umur": "61 tahun"}, id="too long with what is left over"),
        pytest.param({"Isi Pengaduan": STORY, **WHO, "Nomor HP": "080000000001"}, id="a number that cannot be called"),
        pytest.param(WHO, id="nothing to go by"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_is_not_enough_is_no_complaint(answers: dict[str, str]) -> None:
    assert intake_of(read(answers), TODAY) is None


_TITLES = st.sampled_from([field.on_paper for field in FIELDS] + ["Umur", "Email Address", "Identitas", "Cap waktu"])
_TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(["Ya", "Tidak", "31/12/2026", "6402990000000000", "Loa Kulu"]))


@given(st.dictionaries(_TITLES, _TEXTS, max_size=12))
def test_no_answer_is_lost(answers: dict[str, str]) -> None:
    answers = {"Uraian pengaduan": STORY, "Nama pelapor": "Ibu Contoh", "Nomor telepon": "081200000000"} | {
        title: text.replace("\r", "\n")
        for title, text in answers.items()
        if title not in ("Nama pelapor", "Nomor telepon")
    }
    reading = read(answers)
    intake = intake_of(reading, TODAY)
    if intake is None or reading.hidden:
        return
    for answer in reading.answers:
        if answer.field is None or answer.field.kind is not Kind.FLAG:
            taken = answer.field is not None and getattr(intake, answer.field.name)
            taken = taken or (answer.field is FIELD["village"] and intake.district)  # a kecamatan in a village's place
            assert taken or answer.question in intake.description, answer
    assert all(answer.question in intake.description for answer in reading.left)
    assert {each.question for each in reading.answers} == {
        " ".join(title.split())
        for title, text in answers.items()
        if clean_text(text, lines=True) and title != "Cap waktu"
    }


# -- the instant ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stamp", "at", "month_first"),
    [
        ("23/11/2026 9:00:00", datetime(2026, 11, 23, 9, 0, tzinfo=WITA), False),
        ("11/23/2026 9:00:00", datetime(2026, 11, 23, 9, 0, tzinfo=WITA), True),
        ("23/11/2026 9.00.05", datetime(2026, 11, 23, 9, 0, 5, tzinfo=WITA), False),
        ("2026-11-23 09:00:00", datetime(2026, 11, 23, 9, 0, tzinfo=WITA), False),
        ("2026/11/23 9:00:00 PM", datetime(2026, 11, 23, 21, 0, tzinfo=WITA), False),
        ("11/23/2026 12:30:00 AM", datetime(2026, 11, 23, 0, 30, tzinfo=WITA), True),
        ("12/11/2026 9:00:00", datetime(2026, 11, 12, 9, 0, tzinfo=WITA), False),
        ("11/12/2026 9:00:00", datetime(2026, 11, 12, 9, 0, tzinfo=WITA), True),
        ("23/11/2026", None, False),
        ("99/99/2026 9:00:00", None, False),
        ("23/11/2026 99:00:00", None, False),
        ("kemarin", None, False),
        ("", None, False),
    ],
)
def test_the_instant_of_sending(stamp: str, at: datetime | None, month_first: bool) -> None:
    assert sent_at(stamp, NEAR) == (at, month_first)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.booleans())
def test_either_order_of_day_and_month_is_recognised_within_a_week(moment: datetime, month_first: bool) -> None:
    at = moment.replace(microsecond=0, tzinfo=WITA)
    stamp = f"{at:%m/%d/%Y %H:%M:%S}" if month_first else f"{at:%d/%m/%Y %H:%M:%S}"
    found, _order = sent_at(stamp, at + timedelta(minutes=1))
    assert found == at
