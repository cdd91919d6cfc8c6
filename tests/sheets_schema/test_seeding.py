"""What a new register starts with: rows that fit their tabs, and the rest of the program."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

import pytest

from automation.calendars.calendar_source import HOURS_SETTINGS
from automation.disposition.categories import categories, category_codes
from automation.disposition.phrase_rules import GROUP, words_of
from sheets_schema.columns import Column, Kind, Owner, Tab
from sheets_schema.configuration_tabs import BIDANG, CONFIGURATION, HOLIDAYS, OFFICERS, RULES, SETTINGS, TEMPLATES
from sheets_schema.provisioning import SPARE_ROWS
from sheets_schema.register_tab import REGISTER
from sheets_schema.seeding import seed_rows

SEEDED = [tab for tab in CONFIGURATION if tab.seed]


def column_of(tab: Tab, key: str) -> list[str]:
    return [str(row.get(key, "")) for row in seed_rows(tab)]


def test_configuration_is_seeded_but_for_the_holidays_and_the_register_is_not() -> None:
    assert {tab.title for tab in CONFIGURATION} - {tab.title for tab in SEEDED} == {HOLIDAYS.title}
    assert seed_rows(REGISTER) == seed_rows(HOLIDAYS) == ()


@pytest.mark.parametrize("tab", SEEDED, ids=lambda tab: tab.title)
def test_seeds_fill_staff_columns_with_values_that_are_allowed(tab: Tab) -> None:
    assert 0 < len(seed_rows(tab)) < SPARE_ROWS
    for row in seed_rows(tab):
        for key, value in row.items():
            column = tab.column(key)
            assert column.owner is Owner.STAFF
            assert isinstance(value, bool) == (column.kind is Kind.CHECKBOX)
            assert not column.choices or value in ("", *column.choices)
            assert not str(value).startswith("=")


@pytest.mark.parametrize("name", [tab.seed for tab in SEEDED])
def test_every_seed_of_a_file_becomes_a_row(name: str) -> None:
    (tab,) = (tab for tab in SEEDED if tab.seed == name)
    text = files("sheets_schema.seeds").joinpath(f"{name}.toml").read_text("utf-8")
    assert [len(row) for row in tomllib.loads(text)["rows"]] == [len(row) for row in seed_rows(tab)]


def test_seed_with_an_unknown_header_is_refused() -> None:
    strange = Tab("Lain", (Column("other", "Lain", Owner.STAFF),), seed="bidang")
    with pytest.raises(KeyError, match="kode"):
        seed_rows(strange)


def test_each_category_belongs_to_the_bidang_that_the_program_expects() -> None:
    handled: Mapping[str, str] = {
        code.strip(): str(row["code"]) for row in seed_rows(BIDANG) for code in words_of(str(row["categories"]))
    }
    assert sum(len(words_of(text)) for text in column_of(BIDANG, "categories")) == len(handled), "one bidang for each"
    assert handled == {code: category.bidang for code, category in categories().items()}


def test_codes_and_names_are_unique() -> None:
    for tab, key in ((BIDANG, "code"), (BIDANG, "name"), (TEMPLATES, "code"), (SETTINGS, "name"), (OFFICERS, "name")):
        found = column_of(tab, key)
        assert len(set(found)) == len(found), tab.title
        assert "" not in found


def test_officers_belong_to_a_bidang_that_exists() -> None:
    assert set(column_of(OFFICERS, "bidang")) <= {"", *column_of(BIDANG, "code")}


def test_rules_name_categories_that_exist_and_weigh_a_number() -> None:
    assert {text for text in column_of(RULES, "category") if not text.startswith(GROUP)} <= {"", *category_codes()}
    assert all(-100 < float(text) < 100 for text in column_of(RULES, "weight"))


def test_office_hours_are_the_defaults_of_the_calendar() -> None:
    seeded = {str(row["name"]): (str(row["value"]), str(row["remark"])) for row in seed_rows(SETTINGS)}
    hours = {setting.name: (setting.default, setting.help) for setting in HOURS_SETTINGS}
    assert {name: text for name, text in seeded.items() if name.startswith("jam_")} == hours
