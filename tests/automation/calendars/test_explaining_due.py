"""`aduan due`, its pure part: what may be typed, and what is answered."""

from datetime import UTC, date, datetime

import pytest

from automation.calendars.calendar_source import LocalDay, build_calendar, skb_warning, skb_warning_for
from automation.calendars.explaining_due import answer, read_instant, read_question, rules_for
from automation.calendars.working_time import WITA
from automation.configuration.in_force import as_rows
from automation.errors import QuestionError
from automation.sop.procedures import load_procedures
from sheets_schema.configuration_tabs import HOLIDAYS, SETTINGS

PROCEDURES = load_procedures()


def ask(sop: str, step: str, began: str) -> tuple[str, ...]:
    question = read_question(PROCEDURES, sop=sop, step=step, began=began)
    return answer(question, rules_for(question.began.year, None)).lines


@pytest.mark.parametrize(
    ("sop", "step", "began", "due"),
    [
        # 17 March is in Ramadan and closes at 15.00; it is the starting date, which is left out, all the same.
        pytest.param("langsung", "5", "2026-03-17T15:45+08:00", "2026-03-26T16:00:00+08:00", id="after closing"),
        pytest.param("langsung", "5", "2026-03-17T14:45+08:00", "2026-03-26T16:00:00+08:00", id="domain.md, section 4"),
        pytest.param("langsung", "5", "2026-03-17T06:45Z", "2026-03-26T16:00:00+08:00", id="UTC"),
        pytest.param("langsung", "5", "2026-03-17T13:45+07:00", "2026-03-26T16:00:00+08:00", id="WIB"),
        pytest.param(" Langsung ", " 5 ", " 2026-03-17T14:45 ", "2026-03-26T16:00:00+08:00", id="WITA if not said"),
        pytest.param("online", "6", "2026-01-05T15:45", "2026-01-06T07:45:00+08:00", id="minutes"),
        pytest.param("online", "1", "2026-01-05T15:45:30", "2026-01-05T15:50:30+08:00", id="seconds"),
        pytest.param("langsung", "6", "2026-12-23T09:00", "2027-01-12T16:00:00+08:00", id="ten working days"),
    ],
)
def test_first_line_is_the_instant(sop: str, step: str, began: str, due: str) -> None:
    assert ask(sop, step, began)[0] == due


def test_derivation_follows_one_phrase_a_line() -> None:
    assert ask("online", "6", "2026-01-05T15:45")[1:] == (
        "SOP online, langkah 6 (Tindak lanjut), norma 30 menit:",
        "Senin, 5 Januari 2026: 15 menit",
        "Selasa, 6 Januari 2026: 15 menit",
        "Batas 30 menit: Selasa, 6 Januari 2026 pukul 07.45 WITA",
    )


@pytest.mark.parametrize(
    ("sop", "step", "began", "sentence"),
    [
        ("", " ", "", "Tambahkan --sop, --step, --from, misalnya: aduan due --sop langsung"),
        ("", "5", "2026-03-17", "Tambahkan --sop, misalnya:"),
        ("medsos", "5", "2026-03-17", "SOP 'medsos' tidak dikenal. Pilih --sop langsung atau online."),
        ("langsung", "", "2026-03-17", "Tambahkan --step, misalnya:"),
        ("langsung", "-1", "2026-03-17", "Langkah '-1' bukan angka. Pilih --step 1 sampai 6."),
        ("langsung", "٥", "2026-03-17", "Langkah '٥' bukan angka. Pilih --step 1 sampai 6."),
        ("langsung", "9" * 5000, "2026-03-17", "bukan angka. Pilih --step 1 sampai 6."),
        ("langsung", "0", "2026-03-17", "SOP langsung mempunyai langkah 1 sampai 6."),
        ("langsung", "7", "2026-03-17", "SOP langsung mempunyai langkah 1 sampai 6."),
        ("langsung", "5", "", "Tambahkan --from, misalnya:"),
        ("langsung", "5", "besok", "Waktu 'besok' tidak terbaca."),
        ("langsung", "5", "2026-02-30T09:00", "Waktu '2026-02-30T09:00' tidak terbaca."),
        ("langsung", "5", "9999-12-31T23:59Z", "Waktu '9999-12-31T23:59Z' tidak terbaca."),
        ("langsung", "5", "0001-01-01", "Tahun pada --from harus antara 2000 dan 2099."),
        ("langsung", "5", "2100-01-01", "Tahun pada --from harus antara 2000 dan 2099."),
    ],
)
def test_what_cannot_be_read_is_one_sentence(sop: str, step: str, began: str, sentence: str) -> None:
    with pytest.raises(QuestionError) as refused:
        read_question(PROCEDURES, sop=sop, step=step, began=began)
    assert sentence in refused.value.message
    assert refused.value.code == "question"


def test_a_date_alone_is_its_first_instant() -> None:
    assert read_instant("2026-03-17") == datetime(2026, 3, 16, 16, tzinfo=UTC)
    assert read_instant("2026-03-17").tzinfo is WITA


def test_every_year_that_may_be_asked_about_has_an_answer() -> None:
    for year in (2000, 2076, 2077, 2099):
        assert ask("online", "9", f"{year}-12-01")[0].startswith(f"{year + 1}-0")


def test_calendar_is_the_remembered_one() -> None:
    holidays = as_rows([{"on": "2026-09-28", "name": "Hari Jadi Kota Tenggarong", "change": "Tambah libur"}])
    hours = as_rows([{"name": "jam_layanan_senin_kamis", "value": "08.00-12.00"}])
    remembered = {HOLIDAYS.title: holidays, SETTINGS.title: hours}
    calendar = rules_for(2026, remembered).calendar
    assert calendar.closed_because(date(2026, 9, 28)) == "libur (Hari Jadi Kota Tenggarong)"
    assert calendar.closes_at(date(2026, 9, 29)) == datetime(2026, 9, 29, 12, tzinfo=WITA)
    assert calendar.closes_at(date(2028, 9, 25)) == datetime(2028, 9, 25, 12, tzinfo=WITA)
    assert rules_for(2026, None).calendar.closes_at(date(2026, 9, 28)) == datetime(2026, 9, 28, 16, tzinfo=WITA)


def test_norm_is_the_one_that_staff_set() -> None:
    remembered = {SETTINGS.title: as_rows([{"name": "norma_langsung_5", "value": "3 hari kerja"}])}
    question = read_question(PROCEDURES, sop="langsung", step="5", began="2026-01-05T09:00")
    lines = answer(question, rules_for(2026, remembered)).lines
    assert lines[0] == "2026-01-08T16:00:00+08:00"
    assert lines[1] == (
        "SOP langsung, langkah 5 (Tindak lanjut), norma 3 hari kerja menurut Pengaturan (2 hari kerja menurut SOP):"
    )


def test_a_calculation_that_reaches_a_year_without_skb_warns() -> None:
    question = read_question(PROCEDURES, sop="online", step="9", began="2027-12-20T09:00")
    assert "tahun 2028 belum tersedia" in answer(question, rules_for(2027, None)).warning
    question = read_question(PROCEDURES, sop="online", step="9", began="2027-06-20T09:00")
    assert answer(question, rules_for(2027, None)).warning == ""


def test_warning_is_for_this_year_and_the_next() -> None:
    calendar = build_calendar(range(2025, 2031))
    assert skb_warning_for(date(2026, 12, 31), calendar) == ""
    assert "tahun 2028 belum" in skb_warning_for(date(2027, 1, 1), calendar)
    assert "tahun 2028 dan 2029 belum" in skb_warning_for(date(2028, 1, 1), calendar)
    assert "tahun 2028, 2029 dan 2030 belum" in skb_warning([2030, 2026, 2029, 2028], calendar)


def test_collective_leave_typed_by_staff_ends_the_warning() -> None:
    leave = LocalDay(date(2028, 2, 29), " cuti bersama Idul Fitri")
    assert skb_warning([2027, 2028], build_calendar(range(2027, 2029), local_days=[leave])) == ""
    other = LocalDay(date(2028, 2, 29), "Hari jadi")
    assert skb_warning([2027, 2028], build_calendar(range(2027, 2029), local_days=[other])) != ""
