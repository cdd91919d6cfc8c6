"""The schema as data: complete, free of contradictions, and the same words as the rest of the program."""

import pytest

from automation.disposition.categories import Urgency
from automation.sop.acts import dropdown_labels
from register.complaint import CHANNEL_LABELS, Identity
from sheets_schema.columns import Column, Kind, Owner, Tab
from sheets_schema.layout import normal
from sheets_schema.provisioning import TABS
from sheets_schema.register_tab import IDENTITY_CHOICES, REGISTER, URGENCY_CHOICES

COLUMNS = [pytest.param(tab, column, id=f"{tab.title}!{column.key}") for tab in TABS for column in tab.columns]
SELF_EXPLANATORY = {
    ("Bidang", "Nama Bidang"),
    ("Aturan Disposisi", "Keterangan"),
    ("Petugas", "Nama"),
    ("Petugas", "Bidang"),
    ("Hari Libur", "Keterangan"),
    ("Template Pesan", "Kode"),
    ("Pengaturan", "Nama"),
    ("Pengaturan", "Nilai"),
    ("Pengaturan", "Keterangan"),
}
"""Tab and header of the columns that need no note."""


def test_tabs_have_titles_of_their_own() -> None:
    assert len({normal(tab.title) for tab in TABS}) == len(TABS)


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_headers_and_keys_are_unique_within_a_tab(tab: Tab) -> None:
    named = [normal(name) for column in tab.columns for name in (column.header, *column.formerly)]
    assert len(set(named)) == len(named)
    assert len({column.key for column in tab.columns}) == len(tab.columns)
    assert 0 < tab.frozen_columns < len(tab.columns)


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_each_tab_has_a_place_for_explanations(tab: Tab) -> None:
    assert tab.column("note").owner is Owner.SYSTEM
    assert tab.column("note").header == "Catatan Sistem"


@pytest.mark.parametrize(("tab", "column"), COLUMNS)
def test_column_is_explained_unless_its_header_says_all(tab: Tab, column: Column) -> None:
    assert bool(column.help) != ((tab.title, column.header) in SELF_EXPLANATORY)
    assert column.header == column.header.strip()
    assert column.width > 0


@pytest.mark.parametrize(("tab", "column"), COLUMNS)
def test_choices_come_from_one_place(tab: Tab, column: Column) -> None:
    sources = [bool(column.choices), bool(column.choices_from)]
    assert sum(sources) == (1 if column.kind is Kind.CHOICE else 0)
    assert len({normal(choice) for choice in column.choices}) == len(column.choices)
    if column.choices_from:
        title, key = column.choices_from.split("!")
        (source,) = (other for other in TABS if other.title == title)
        assert source.column(key).owner is Owner.STAFF


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_colours_are_of_columns_that_exist_and_differ_in_text(tab: Tab) -> None:
    """A colour is known by its text in the spreadsheet, so two of one text would be taken for the same."""
    assert {colour.column for colour in tab.colours} <= {column.key for column in tab.columns}
    assert len({colour.text for colour in tab.colours}) == len(tab.colours)


def test_acts_are_those_of_the_procedure() -> None:
    assert REGISTER.column("act").choices == dropdown_labels()


def test_channels_are_those_of_the_register() -> None:
    assert sorted(REGISTER.column("channel").choices) == sorted(CHANNEL_LABELS.values())


def test_urgencies_are_those_of_the_program_most_urgent_first() -> None:
    assert tuple(urgency.value for urgency in reversed(Urgency)) == URGENCY_CHOICES


def test_identity_choices_stand_in_the_order_of_the_identities() -> None:
    assert REGISTER.column("identity").choices == IDENTITY_CHOICES
    assert dict(zip(IDENTITY_CHOICES, Identity, strict=True)) == {
        "Terbuka": Identity.OPEN,
        "Rahasia": Identity.CONFIDENTIAL,
        "Anonim": Identity.ANONYMOUS,
    }
