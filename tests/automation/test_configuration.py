"""The configuration tabs: what is refused, in which words, and what stays in force."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.configuration import Checked, bidang_name, check, from_json
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
    assert set(outcome.configuration.bidang) == {"Sekretariat", "Dayasos", "Rehsos", "Linjamsos"}


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
        (RULES, {"active": True, "words": "a"}, "isi Kategori"),
        (RULES, {"active": True, "words": "a", "urgency": "Gawat"}, "urgensi"),
        (OFFICERS, {"role": "Petugas"}, "isi Nama"),
        (OFFICERS, {"name": "Bu Contoh", "bidang": "Khayal"}, "tidak ada pada tab Bidang"),
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


def test_an_unknown_field_of_a_template_is_named() -> None:
    values = all_tabs()
    rows = [("pengingat", "Yth. {nama_kecil}, segera.", "")]
    values[TEMPLATES.title] = Values(values[TEMPLATES.title].header, tuple(rows))
    outcome = check(values, last_good={}, year=YEAR)
    assert "{nama_kecil}" in outcome.notes[TEMPLATES.title][1]


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


def test_the_same_contents_give_the_same_configuration_object() -> None:
    assert checked().configuration is checked().configuration


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
