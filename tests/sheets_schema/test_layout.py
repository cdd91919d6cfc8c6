"""Columns are found by their header, wherever staff moved them, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_schema.columns import Column, Owner, Tab
from sheets_schema.layout import locate, normal
from sheets_schema.provisioning import TABS

SMALL = Tab(
    "Kecil",
    (
        Column("ticket", "Tiket", Owner.SYSTEM),
        Column("name", "Nama Pelapor", Owner.INTAKE),
        Column("x", "X", Owner.STAFF),
    ),
    aliases={"name": ("Pelapor", "Nama Pengadu")},
)

HEADERS = {
    "as laid out": (["Tiket", "Nama Pelapor", "X"], {"ticket": 0, "name": 1, "x": 2}, (), ()),
    "moved, with staff's own": (["X", "Warna", "Tiket", "", "Nama Pelapor"], {"ticket": 2, "name": 4, "x": 0}, (), ()),
    "other case and spaces": ([" tiket ", "NAMA  \n PELAPOR", "x"], {"ticket": 0, "name": 1, "x": 2}, (), ()),
    "missing": (["Tiket", "X"], {"ticket": 0, "x": 1}, ("Nama Pelapor",), ()),
    "doubled": (["Tiket", "Nama Pelapor", "tiket", "X"], {"name": 1, "x": 3}, (), ("Tiket",)),
    "staff's own doubled": (["Tiket", "Nama Pelapor", "X", "Warna", "Warna"], {"ticket": 0, "name": 1, "x": 2}, (), ()),
    "own name in brackets": (
        ["No. (Tiket)", "Siapa [nama pelapor]", "Kode(X)"],
        {"ticket": 0, "name": 1, "x": 2},
        (),
        (),
    ),
    "brackets alone": (["(Tiket)", "Nama Pelapor", "X"], {"name": 1, "x": 2}, ("Tiket",), ()),
    "brackets, not at the end": (["(Tiket) lama", "Nama Pelapor", "X"], {"name": 1, "x": 2}, ("Tiket",), ()),
    "other words in brackets": (["Tiket (lama)", "Nama Pelapor", "X"], {"name": 1, "x": 2}, ("Tiket",), ()),
    "own name and brackets": (["Tiket", "Lama (Tiket)", "Nama Pelapor", "X"], {"name": 2, "x": 3}, (), ("Tiket",)),
    "alias": (["Tiket", " PELAPOR", "X"], {"ticket": 0, "name": 1, "x": 2}, (), ()),
    "alias beside the name": (["Tiket", "Pelapor", "Nama Pelapor", "X"], {"ticket": 0, "name": 2, "x": 3}, (), ()),
    "two aliases": (["Tiket", "Pelapor", "Nama Pengadu", "X"], {"ticket": 0, "x": 3}, (), ("Nama Pelapor",)),
    "merely alike": (["Tiket Lama", "Nama", "X"], {"x": 2}, ("Tiket", "Nama Pelapor"), ()),
    "nothing": ([], {}, ("Tiket", "Nama Pelapor", "X"), ()),
    "numbers and truths": ([1, 2.5, True], {}, ("Tiket", "Nama Pelapor", "X"), ()),
}


@pytest.mark.parametrize(("header", "positions", "missing", "doubled"), HEADERS.values(), ids=HEADERS)
def test_columns_are_located(
    header: list[object], positions: dict[str, int], missing: tuple[str, ...], doubled: tuple[str, ...]
) -> None:
    found = locate(SMALL, header)
    assert (found.positions, found.missing, found.doubled) == (positions, missing, doubled)
    assert found.width == len(header)
    assert found.sound == (not missing and not doubled)


@given(order=st.permutations([column.header for column in TABS[0].columns]), own=st.lists(st.text("abc ", max_size=3)))
def test_any_order_of_columns_is_found(order: list[str], own: list[str]) -> None:
    header = [*own, *order]
    found = locate(TABS[0], header)
    assert found.sound
    assert {key: header[place] for key, place in found.positions.items()} == {
        column.key: column.header for column in TABS[0].columns
    }


@given(header=st.lists(st.sampled_from(["Tiket", "tiket", "Nama Pelapor", "X", "", "Warna"]), max_size=7))
def test_each_column_is_found_or_missing_or_doubled(header: list[str]) -> None:
    found = locate(SMALL, header)
    for column in SMALL.columns:
        count = [normal(title) for title in header].count(normal(column.header))
        assert (column.key in found.positions) == (count == 1)
        assert (column.header in found.missing) == (count == 0)
        assert (column.header in found.doubled) == (count > 1)


@pytest.mark.parametrize("tab", TABS, ids=lambda tab: tab.title)
def test_an_alias_names_one_column_only(tab: Tab) -> None:
    names = [normal(column.header) for column in tab.columns]
    names += [normal(title) for column in tab.columns for title in column.formerly]
    names += [normal(alias) for aliases in tab.aliases.values() for alias in aliases]
    assert len(set(names)) == len(names)
    assert tab.aliases.keys() <= {column.key for column in tab.columns}


def test_column_is_known_by_its_key() -> None:
    assert SMALL.column("name").header == "Nama Pelapor"
    with pytest.raises(KeyError):
        SMALL.column("Nama Pelapor")
