"""The configuration tabs: what is refused, in which words, and what stays in force."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.calendars.working_time import WITA, Norm, due_at
from automation.configuration.checked import LONGEST_NOTE, Checked, as_typed, check, entered_accounts
from automation.configuration.in_force import as_rows, bidang_name, from_json
from automation.configuration.tab_rows import CONFIRM_LOSS
from register.sheet import Values
from sheets_schema.columns import Tab
from sheets_schema.configuration_tabs import (
    BIDANG,
    CONFIGURATION,
    HOLIDAYS,
    OFFICERS,
    RULES,
    SETTINGS,
    TEMPLATES,
)
from sheets_schema.seeding import seed_rows

YEAR = 2026


def tab_values(tab: Tab, *extra: dict[str, Any]) -> Values:
    rows = [*seed_rows(tab), *extra]
    keys = [column.key for column in tab.columns]
    return Values(
        tuple(column.header for column in tab.columns), tuple(tuple(r.get(k, "") for k in keys) for r in rows)
    )


def all_tabs(changed: Tab | None = None, *extra: dict[str, Any]) -> dict[str, Values]:
    return {tab.title: tab_values(tab, *(extra if tab is changed else ())) for tab in CONFIGURATION}


def checked(changed: Tab | None = None, *extra: dict[str, Any]) -> Checked:
    return check(all_tabs(changed, *extra), last_good={}, year=YEAR)


def test_the_seeds_are_all_good() -> None:
    outcome = checked()
    assert outcome.problems == ()
    assert {note for notes in outcome.notes.values() for note in notes.values()} == set()
    assert set(outcome.configuration.bidang) == {"Sekretariat", "Dayasos", "Rehsos", "Linjamsos", "Kadis"}


@pytest.mark.parametrize(
    ("tab", "row", "words"),
    [
        (BIDANG, {"name": "Tanpa kode"}, "isi Kode"),
        (BIDANG, {"code": "dayasos", "name": "Ganda"}, "sudah ada"),
        (BIDANG, {"code": "Baru", "categories": "PKH"}, "sudah ada"),
        (BIDANG, {"code": "Baru", "categories": "KHAYAL"}, "tidak dikenal"),
        (RULES, {"active": True, "category": "PKH", "weight": "3"}, "isi Kata Kunci"),
        (RULES, {"active": True, "category": "PKHX", "words": "a", "weight": "3"}, "tidak dikenal"),
        (RULES, {"active": True, "category": "PKH", "words": "a", "weight": "tiga"}, "angka"),
        (RULES, {"active": True, "category": "PKH", "words": "a", "weight": "nan"}, "angka"),
        (RULES, {"active": True, "category": "PKH", "words": "a", "weight": "-inf"}, "angka"),
        (RULES, {"active": True, "category": "PKH", "words": "a", "weight": "1e308"}, "angka"),
        (RULES, {"active": True, "urgency": "Darurat", "words": "a", "weight": "nan"}, "angka"),
        (BIDANG, {"code": "Terbatas"}, "dipakai sistem"),
        (BIDANG, {"code": "terbatas", "categories": "PKH"}, "dipakai sistem"),
        (BIDANG, {"code": "<script>"}, "huruf, angka"),
        (BIDANG, {"code": "=1+1"}, "huruf, angka"),
        (RULES, {"active": True, "words": "a"}, "isi Kategori"),
        (RULES, {"active": True, "words": "a", "urgency": "Gawat"}, "urgensi"),
        (OFFICERS, {"role": "Petugas"}, "isi Nama"),
        (RULES, {"active": True, "category": "PKH", "words": "a, becak + !", "weight": "3"}, "ke-2 'becak + !' belum"),
        (RULES, {"active": True, "category": "PKH", "words": "a & ", "weight": "3"}, "belum lengkap"),
        (
            RULES,
            {"active": True, "category": "PKH", "words": "@tidakada & a", "weight": "3"},
            "kelompok kata yang tidak",
        ),
        (RULES, {"active": True, "category": "PKH", "words": "!a", "weight": "3"}, "harus tiada"),
        (OFFICERS, {"name": "Bu Contoh", "bidang": "Khayal"}, "tidak ada pada tab Bidang"),
        (OFFICERS, {"name": "Bu Contoh", "away_from": "2026-12-02", "away_until": "2026-12-01"}, "lebih akhir"),
        (OFFICERS, {"name": "Bu Contoh", "channels": "tgram://123"}, "kanal ke-1: alamat tidak dikenali"),
        (OFFICERS, {"name": "Bu Contoh", "channels": "ntfy://topik tgram://123"}, "kanal ke-2: alamat tidak dikenali"),
        (HOLIDAYS, {"on": "kapan-kapan", "name": "x", "change": "Tambah libur"}, "isi Tanggal"),
        (HOLIDAYS, {"on": "2026-12-31", "name": "x", "change": "Libur"}, "pilih Jenis"),
        (TEMPLATES, {"code": "karangan", "text": "x"}, "tidak dikenal"),
        (TEMPLATES, {"code": "pengingat", "text": "x"}, "sudah ada"),
        (SETTINGS, {"name": "jam_khayal", "value": "x"}, "tidak dikenal"),
        (SETTINGS, {"name": "ramadan_2028", "value": "entah"}, ""),
    ],
    ids=lambda value: getattr(value, "title", None),
)
def test_a_bad_row_is_named_and_its_whole_tab_stays_as_it_was(tab: Tab, row: dict[str, Any], words: str) -> None:
    outcome = checked(tab, row)
    index = len(seed_rows(tab)) + 1
    assert list(outcome.notes[tab.title]) == [index]
    assert outcome.notes[tab.title][index].startswith("Perbaiki: ")
    assert words in outcome.notes[tab.title][index]
    assert outcome.problems[0].startswith(f"{tab.title}, baris {index + 1}: ")
    assert outcome.good == checked().good


# -- rows that are not wrong themselves -------------------------------------------------------------------------------


def test_rows_that_wait_for_others_say_so() -> None:
    rows = [{"on": f"2026-12-0{day}", "name": "Tutup", "change": "Tambah libur"} for day in range(1, 5)]
    before = checked(HOLIDAYS, *rows[:2]).good
    changed = [rows[0], rows[1] | {"name": "Ditutup"}, {"on": "besok"}, rows[2]]
    notes = check(all_tabs(HOLIDAYS, *changed), last_good=before, year=YEAR).notes[HOLIDAYS.title]
    waits = "Belum berlaku: perbaiki dahulu baris 4."
    assert {index: note for index, note in notes.items() if index != 3} == {2: waits, 4: waits}
    assert check(all_tabs(HOLIDAYS, *rows), last_good=before, year=YEAR).notes[HOLIDAYS.title] == {}


@pytest.mark.parametrize(
    ("bad", "named"),
    [(1, "baris 2."), (2, "baris 2, 3."), (3, "baris 2, 3, 4."), (4, "baris 2, 3, 4, dan 1 lainnya.")],
)
def test_bad_rows_are_named_up_to_three(bad: int, named: str) -> None:
    good = {"on": "2026-12-31", "name": "Tutup", "change": "Tambah libur"}
    notes = checked(HOLIDAYS, *({"on": "kapan"} for _ in range(bad)), good).notes[HOLIDAYS.title]
    assert notes[bad + 1] == f"Belum berlaku: perbaiki dahulu {named}"


@pytest.mark.parametrize(
    ("tab", "row", "words"),
    [
        (OFFICERS, {"name": "Bu Contoh", "substitute": "Bu Siapa"}, "Periksa: Pengganti 'Bu Siapa' tidak ada"),
        (OFFICERS, {"name": "Bu Contoh", "substitute": " petugas  LOKET"}, ""),
        (OFFICERS, {"name": "Bu Contoh", "away_from": "2026-12-01", "away_until": "2026-12-01"}, ""),
        (RULES, {"active": False, "category": "PKH", "words": "@tidakada & a", "weight": "3"}, ""),
        (RULES, {"active": True, "category": "PKH", "words": "@LANSIA & a, b/, a + ! c", "weight": "3"}, ""),
    ],
)
def test_a_doubtful_row_is_in_force_and_says_what_to_check(tab: Tab, row: dict[str, Any], words: str) -> None:
    outcome = checked(tab, row)
    assert outcome.problems == ()
    note = outcome.notes[tab.title].get(len(seed_rows(tab)) + 1, "")
    assert note.startswith(words)
    assert bool(note) is bool(words)


def test_a_group_of_words_that_is_not_active_is_none() -> None:
    group = {"active": False, "category": "@becak", "words": "becak"}
    rule = {"active": True, "category": "PKH", "words": "@becak & a", "weight": "3"}
    assert checked(RULES, group, rule).problems
    assert checked(RULES, group | {"active": True}, rule).problems == ()


@pytest.mark.parametrize(
    ("value", "unknown"), [("", ""), ("petugas loket", ""), ("Petugas Loket; Bu Siapa, Pak Siapa", "Bu Siapa")]
)
def test_who_is_on_call_must_be_in_the_tab_of_officers(value: str, unknown: str) -> None:
    outcome = check(all_tabs() | {SETTINGS.title: with_hours(petugas_siaga=value)}, last_good={}, year=YEAR)
    assert outcome.problems == ()
    notes = list(outcome.notes[SETTINGS.title].values())
    assert notes == (
        [f"Periksa: '{unknown}' tidak ada pada tab Petugas, sehingga tidak diberi tahu."] if unknown else []
    )


LONG = "rahasia\x00\u202e\r\n" + "x" * 49_980


@pytest.mark.parametrize(
    ("tab", "row"),
    [
        (BIDANG, {"code": LONG}),
        (BIDANG, {"code": "Baru", "categories": LONG}),
        (RULES, {"words": "a", "weight": "1", "category": LONG}),
        (RULES, {"words": "a", "urgency": LONG}),
        (RULES, {"words": "a", "category": "PKH", "weight": LONG}),
        (RULES, {"words": "a", "category": "PKH", "weight": "1", "active": LONG}),
        (OFFICERS, {"name": "Bu Contoh", "bidang": LONG}),
        (HOLIDAYS, {"on": LONG, "change": "Tambah libur"}),
        (HOLIDAYS, {"on": "2026-12-31", "change": LONG}),
        (TEMPLATES, {"code": LONG, "text": "x"}),
        (TEMPLATES, {"code": "pengingat", "text": f"{{{LONG}}}"}),
        (SETTINGS, {"name": LONG}),
        (SETTINGS, {"name": "jam_layanan_jumat", "value": LONG}),
        (SETTINGS, {"name": "ramadan_2028", "value": LONG}),
    ],
    ids=lambda value: getattr(value, "title", None),
)
def test_a_note_is_short_whatever_was_typed(tab: Tab, row: dict[str, Any]) -> None:
    values = all_tabs()
    header = values[tab.title].header
    cells = tuple(row.get(column.key, "") for column in tab.columns)
    values[tab.title] = Values(header, (cells,))
    outcome = check(values, last_good={}, year=YEAR)
    note = outcome.notes[tab.title][1]
    assert len(note) <= LONGEST_NOTE
    assert note.isprintable()
    assert "x" * 60 not in note
    assert all(len(problem) < 2 * LONGEST_NOTE for problem in outcome.problems)


def test_a_doubled_name_is_quoted_in_short() -> None:
    name = "Bu " + "x" * 40_000
    first, note = (
        check(all_tabs(OFFICERS, {"name": name}, {"name": name}), last_good={}, year=YEAR).notes["Petugas"].values()
    )
    assert first.startswith("Belum berlaku: ")
    assert note.startswith("Perbaiki: Nama 'Bu xxx")
    assert len(note) < 120


# -- what only shows when the tab is taken as a whole -------------------------------------------------------------

WEEKDAYS = {"layanan": ("jam_layanan_senin_kamis", "jam_layanan_jumat")}
WEEKDAYS["ramadan"] = ("jam_ramadan_senin_kamis", "jam_ramadan_jumat")


def with_hours(**hours: str) -> Values:
    """The tab `Pengaturan` as seeded, some of its values changed."""
    rows = [{**row, "value": hours.get(str(row["name"]), row["value"])} for row in seed_rows(SETTINGS)]
    header = tuple(column.header for column in SETTINGS.columns)
    return Values(header, tuple(tuple(str(row.get(c.key, "")) for c in SETTINGS.columns) for row in rows))


def noted(outcome: Checked) -> set[str]:
    """The names of settings that have a note."""
    names = [str(row["name"]) for row in seed_rows(SETTINGS)]
    return {names[index - 1] for index in outcome.notes[SETTINGS.title]}


@pytest.mark.parametrize(
    ("closed", "named"),
    [
        pytest.param([*WEEKDAYS["layanan"], *WEEKDAYS["ramadan"]], {"layanan", "ramadan"}, id="always closed"),
        pytest.param(WEEKDAYS["layanan"], {"layanan"}, id="open in Ramadan only"),
        pytest.param(WEEKDAYS["ramadan"], {"ramadan"}, id="closed in Ramadan"),
        pytest.param(["jam_layanan_senin_kamis"], set(), id="open on Fridays"),
    ],
)
@pytest.mark.parametrize("hours", ["tutup", "08.00-08.05"])
def test_hours_must_leave_service_in_every_week(closed: list[str], named: set[str], hours: str) -> None:
    values = all_tabs() | {SETTINGS.title: with_hours(**dict.fromkeys(closed, hours))}
    outcome = check(values, last_good={}, year=YEAR)
    assert noted(outcome) == {name for kind in named for name in WEEKDAYS[kind]}
    assert all("kurang dari 1 jam" in note for note in outcome.notes[SETTINGS.title].values())
    assert outcome.configuration.calendar.hours(date(2026, 11, 23)) is not None or not named
    assert (outcome.good == checked().good) is bool(named)
    assert outcome.kind == ("configuration" if named else "")


def test_an_office_that_serves_at_weekends_only_is_no_mistake() -> None:
    closed = dict.fromkeys([*WEEKDAYS["layanan"], *WEEKDAYS["ramadan"]], "tutup")
    values = all_tabs() | {SETTINGS.title: with_hours(**closed, jam_layanan_sabtu="08.00-12.00")}
    assert check(values, last_good={}, year=YEAR).problems == ()


def closed_days(first: date, count: int) -> list[dict[str, Any]]:
    days = [first + timedelta(days=number) for number in range(count)]
    return [{"on": day.isoformat(), "name": "Tutup", "change": "Tambah libur"} for day in days]


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        pytest.param(closed_days(date(2026, 1, 1), 365), 365, id="a whole year"),
        pytest.param(closed_days(date(2023, 6, 1), 500), 500, id="long ago, where paper complaints may date from"),
        pytest.param(closed_days(date(2026, 6, 1), 31), 31, id="a month and a day"),
        pytest.param(closed_days(date(2026, 6, 2), 24), 0, id="some weeks"),
        pytest.param([*closed_days(date(2026, 6, 1), 40), *closed_days(date(2026, 12, 28), 2)], 40, id="two stretches"),
        pytest.param(
            [*closed_days(date(2026, 6, 1), 40), {"on": "2026-06-17", "name": "Masuk", "change": "Hapus libur"}],
            0,
            id="opened again between",
        ),
    ],
)
def test_holidays_must_not_close_the_office_for_too_long(rows: list[dict[str, Any]], refused: int) -> None:
    outcome = checked(HOLIDAYS, *rows)
    notes = outcome.notes[HOLIDAYS.title]
    assert [index for index, note in notes.items() if "30 hari berturut-turut" in note] == list(range(1, refused + 1))
    assert {note for index, note in notes.items() if index > refused} <= {
        f"Belum berlaku: perbaiki dahulu baris 2, 3, 4, dan {refused - 3} lainnya."
    }
    assert (outcome.good == checked().good) is bool(refused)


@pytest.mark.parametrize("norm", ["10 menit", "2 hari kerja", "14 hari", "3 bulan"])
def test_whatever_staff_close_deadlines_are_found_soon(norm: str) -> None:
    tabs = all_tabs(HOLIDAYS, *closed_days(date(2026, 1, 1), 800))
    tabs[SETTINGS.title] = with_hours(**dict.fromkeys([*WEEKDAYS["layanan"], *WEEKDAYS["ramadan"]], "tutup"))
    calendar = check(tabs, last_good={}, year=YEAR).configuration.calendar
    for month in range(1, 13):
        start = datetime(YEAR, month, 1, 9, tzinfo=WITA)
        assert due_at(start, Norm.parse(norm), calendar).at - start < timedelta(days=110)


def test_holidays_may_close_what_the_hours_leave_open_only_so_far() -> None:
    """Five Fridays are a harmless list, until the office serves on Fridays only: then the hours stay as they were."""
    fridays = [row for row in closed_days(date(2026, 7, 3), 29) if date.fromisoformat(row["on"]).weekday() == 4]
    before = checked(HOLIDAYS, *fridays)
    assert before.problems == ()
    tabs = all_tabs(HOLIDAYS, *fridays) | {SETTINGS.title: with_hours(jam_layanan_senin_kamis="tutup")}
    outcome = check(tabs, last_good=before.good, year=YEAR)
    assert outcome.good == before.good
    assert list(outcome.notes[HOLIDAYS.title]) == [1, 2, 3, 4, 5]
    assert "Pengaturan" in outcome.notes[HOLIDAYS.title][1]
    (held_back,) = outcome.notes[SETTINGS.title].values()
    assert held_back.startswith("Belum berlaku: jam layanan")


TOO_LONG = {
    "norma_online_6": "99999 hari kerja",
    "norma_online_9": "99999 bulan",
    "norma_langsung_5": "61 bulan",
    "batas_tanggapan": "1827 hari",
    "pengingat_sebelum_online": "99999 bulan",
    "eskalasi_kadis": "1251 hari kerja",
    "darurat_ditangani": "10001 jam",
}


@pytest.mark.parametrize(("name", "value"), TOO_LONG.items())
def test_a_time_beyond_all_reason_is_refused(name: str, value: str) -> None:
    outcome = check(all_tabs() | {SETTINGS.title: with_hours(**{name: value})}, last_good={}, year=YEAR)
    (note,) = outcome.notes[SETTINGS.title].values()
    assert note.startswith("Perbaiki: Terlalu lama: paling lama ")
    assert outcome.good == checked().good


def test_what_an_earlier_version_let_pass_is_not_in_force_any_more() -> None:
    let_pass = {**TOO_LONG, "ramadan_2027": "19-02-2031 s.d. 20-03-2031", "eskalasi_kabid": "3 hari kerja"}
    remembered = {SETTINGS.title: as_rows({"name": name, "value": value} for name, value in let_pass.items())}
    found = check({}, last_good=remembered, year=YEAR).configuration
    assert dict(found.settings) == {"eskalasi_kabid": "3 hari kerja"}
    assert found.calendar.ramadan == checked().configuration.calendar.ramadan


def test_the_calendar_reaches_back_to_the_oldest_running_clock() -> None:
    def known(since: int | None) -> int:
        return min(check({}, last_good={}, year=YEAR, since=since).configuration.calendar.closed).year

    assert (known(None), known(2024), known(2018)) == (2021, 2021, 2018)


def test_a_remembered_configuration_without_service_is_not_put_in_force_again() -> None:
    """As an older version may have remembered it."""
    idle = {row: "tutup" for kind in WEEKDAYS.values() for row in kind}
    remembered = dict(checked().good)
    remembered[SETTINGS.title] = as_rows({"name": name, "value": value} for name, value in idle.items())
    remembered[HOLIDAYS.title] = as_rows(closed_days(date(2026, 1, 1), 365))
    tabs = {SETTINGS.title: Values((), ()), HOLIDAYS.title: Values((), ())}
    outcome = check(all_tabs() | tabs, last_good=remembered, year=YEAR)
    assert outcome.good == checked().good


def test_settings_without_the_row_for_the_answer_are_a_problem_and_stay_in_force() -> None:
    values = with_hours(jam_layanan_jumat="08.00-11.00")
    less = Values(values.header, tuple(row for row in values.rows if row[0] != CONFIRM_LOSS))
    outcome = check(all_tabs() | {SETTINGS.title: less}, last_good={}, year=YEAR)
    (problem,) = outcome.problems
    assert CONFIRM_LOSS in problem
    assert outcome.configuration.settings["jam_layanan_jumat"] == "08.00-11.00"
    assert outcome.notes[SETTINGS.title] == {}


# -- check boxes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "active"),
    [(text, True) for text in (True, "TRUE", "true", "Ya", " ya ", "x", "X", "1", 1.0)]
    + [(text, False) for text in (False, "FALSE", "false", "tidak", "Tidak", "")],
)
def test_a_box_may_be_ticked_in_words(cell: Any, active: bool) -> None:
    outcome = checked(RULES, {"active": cell, "category": "PKH", "words": "layangan", "weight": "3"})
    assert outcome.problems == ()
    assert outcome.configuration.rules[-1].active is active


@pytest.mark.parametrize("cell", ["mungkin", "0", "2", "ya, mulai Senin", "-"])
def test_a_box_that_says_neither_is_explained(cell: str) -> None:
    outcome = checked(RULES, {"active": cell, "category": "PKH", "words": "layangan", "weight": "3"})
    assert list(outcome.notes[RULES.title].values()) == ["Perbaiki: centang atau kosongkan Aktif."]


def test_a_row_that_only_says_no_is_no_row() -> None:
    assert checked(RULES, {"active": "tidak"}, {"active": "false"}).problems == ()


def test_an_unknown_field_of_a_template_is_named() -> None:
    values = all_tabs()
    rows = [("pengingat", "Yth. {nama_kecil}, segera.", "")]
    values[TEMPLATES.title] = Values(values[TEMPLATES.title].header, tuple(rows))
    outcome = check(values, last_good={}, year=YEAR)
    assert "{nama_kecil}" in outcome.notes[TEMPLATES.title][1]


def templates(*rows: tuple[str, str, str]) -> Checked:
    """The outcome of a tab `Template Pesan` with these codes, texts and approved templates."""
    values = all_tabs()
    values[TEMPLATES.title] = Values(values[TEMPLATES.title].header, tuple((*row, "") for row in rows))
    return check(values, last_good={}, year=YEAR)


@pytest.mark.parametrize(
    ("code", "text"),
    [("balasan_komentar", "Terima kasih, {nama}."), ("status", "{keadaan}: {kategori}"), ("penutupan", "{nik}")],
)
def test_no_message_to_a_reporter_takes_a_field_that_it_does_not_know(code: str, text: str) -> None:
    outcome = templates((code, text, ""))
    assert "tidak dikenal" in outcome.notes[TEMPLATES.title][1]
    assert outcome.configuration.templates[code] == template_texts()[code]


def template_texts() -> dict[str, str]:
    return {str(row["code"]): str(row["text"]) for row in seed_rows(TEMPLATES)}


def test_approved_templates_are_known_by_their_code() -> None:
    outcome = templates(("tanda_terima", "{tiket}", "tanda_terima_2"), ("status", "{keadaan}", ""))
    assert outcome.problems == ()
    assert outcome.configuration.whatsapp_templates == {"tanda_terima": "tanda_terima_2"}


@pytest.mark.parametrize("name", ["Tanda_Terima", "tanda terima", "tanda-terima", "x" * 513, "ä"])
def test_a_name_that_meta_does_not_take_is_explained(name: str) -> None:
    outcome = templates(("tanda_terima", "{tiket}", name))
    assert "Template WhatsApp" in outcome.notes[TEMPLATES.title][1]
    assert outcome.configuration.whatsapp_templates == {}


def test_the_last_good_contents_stay_in_force_not_the_seeds() -> None:
    good = checked(BIDANG, {"code": "Baru", "name": "Bidang Baru"}).good
    remembered = {title: from_json(rows) for title, rows in good.items()}
    outcome = check(all_tabs(BIDANG, {"name": "rusak"}), last_good=remembered, year=YEAR)
    assert "Baru" in outcome.configuration.bidang


@pytest.mark.parametrize("tab", CONFIGURATION, ids=lambda tab: tab.title)
def test_a_missing_tab_or_header_falls_back(tab: Tab) -> None:
    values = all_tabs()
    header = values[tab.title].header
    for broken in (Values((), ()), Values(header[1:], ()), Values((*header, header[0]), ())):
        outcome = check(values | {tab.title: broken}, last_good={}, year=YEAR)
        assert outcome.good == checked().good
        assert tab.title in outcome.problems[0]
    del values[tab.title]
    assert check(values, last_good={}, year=YEAR).good == checked().good


def test_empty_rows_and_unticked_boxes_are_no_rows() -> None:
    assert checked(RULES, {}, {"active": False}).problems == ()


def test_what_only_the_system_writes_is_not_part_of_the_configuration() -> None:
    rule = {"active": True, "category": "PKH", "words": "layangan", "weight": "3"}
    quiet, noted = checked(RULES, rule), checked(RULES, rule | {"caught": "7", "note": "Perbaiki: isi."})
    assert noted.good == quiet.good
    assert noted.configuration is quiet.configuration
    typed = [as_typed(RULES, tab_values(RULES, rule | system)) for system in ({}, {"caught": "7", "note": "x"})]
    assert typed[0].same_as(typed[1])
    assert not typed[0].same_as(as_typed(RULES, tab_values(RULES, rule | {"weight": "4"})))
    assert not typed[0].same_as(as_typed(RULES, tab_values(RULES, rule | {"active": 1})))


def test_the_same_contents_give_the_same_configuration_object() -> None:
    assert checked().configuration is checked().configuration


@pytest.mark.search
@given(st.data())
def test_any_cells_give_a_configuration(data: st.DataObject) -> None:
    tab = data.draw(st.sampled_from(CONFIGURATION))
    cell = st.one_of(st.text(max_size=20), st.floats(), st.booleans())
    rows = data.draw(st.lists(st.lists(cell, max_size=len(tab.columns)).map(tuple), max_size=4))
    header = tuple(column.header for column in tab.columns)
    outcome = check(all_tabs() | {tab.title: Values(header, tuple(rows))}, last_good={}, year=YEAR)
    assert outcome.configuration.calendar is not None


def test_the_public_reads_a_bidangs_full_name() -> None:
    remembered = checked().good
    assert bidang_name(remembered, "Linjamsos") == "Bidang Perlindungan dan Jaminan Sosial"
    assert bidang_name(remembered, "Lama") == "Lama"
    assert bidang_name(None, "Linjamsos") == "Linjamsos"


# -- who may see restricted complaints ------------------------------------------------------------------------------

STAFF = [
    {"name": "Bu Ketua", "role": "Ketua Tim (Sekretaris)", "account": "ketua"},
    {"name": "Pak Dinas", "role": "kepala dinas", "account": " dinas@aduan.invalid "},
    {"name": "Pak Bidang", "role": "Kepala Bidang", "account": "bidang"},
    {"name": "Bu Loket", "role": "Petugas Loket", "account": "loket"},
    {"name": "Tanpa Akun", "role": "Ketua Tim"},
    {"name": "Tanpa Peran", "account": "siapa"},
]


@pytest.mark.parametrize(
    ("named", "accounts"),
    [
        ("Ketua Tim, Kepala Dinas", {"ketua", "dinas"}),
        ("", set()),
        ("Kepala Bidang, PETUGAS LOKET", {"bidang", "loket"}),
        ("Ketua Tim (Sekretaris)", {"ketua"}),
        ("Wali Kota", set()),
    ],
)
def test_accounts_of_the_named_roles_may_see_restricted_complaints(named: str, accounts: set[str]) -> None:
    officers = values_of(OFFICERS, STAFF)
    outcome = check(all_tabs() | {OFFICERS.title: officers}, last_good={}, year=2026, restricted_roles=named)
    assert outcome.problems == ()
    assert outcome.configuration.restricted_accounts == entered_accounts(officers, named) == accounts


def test_a_setting_that_moved_out_of_the_tab_is_told_so_and_does_nothing() -> None:
    old = {"name": "peran_register_terbatas", "value": "Petugas Loket"}
    tabs = all_tabs(SETTINGS, old) | {OFFICERS.title: values_of(OFFICERS, STAFF)}
    outcome = check(tabs, last_good={}, year=YEAR)
    assert outcome.problems == ()
    (note,) = outcome.notes[SETTINGS.title].values()
    assert "ADUAN_RESTRICTED_ROLES" in note
    assert outcome.configuration.restricted_accounts == {"ketua", "dinas"}


@pytest.mark.parametrize(
    "row",
    [
        {"role": "=F2", "account": "loket"},
        {"role": "Ketua Tim", "account": "=A2"},
        {"role": "Ketua Tim"},
        {"account": "loket"},
    ],
    ids=str,
)
def test_a_row_counts_only_where_both_cells_were_entered(row: dict[str, str]) -> None:
    assert "loket" not in entered_accounts(values_of(OFFICERS, [row | {"name": "loket"}]), "Ketua Tim")


def values_of(tab: Tab, rows: Any) -> Values:
    cells = tuple(tuple(row.get(column.key, "") for column in tab.columns) for row in rows)
    return Values(tuple(column.header for column in tab.columns), cells)
