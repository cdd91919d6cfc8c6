"""What a row of a configuration tab says that is not wrong itself: that it waits for others, or is doubtful. Pure."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping

from automation.configuration.tab_rows import Texts, named_in, plain, quoted
from sheets_schema.columns import Tab
from sheets_schema.configuration_tabs import OFFICERS, SETTINGS

CHECK = "Periksa: "
WAITS = "Belum berlaku: "
_HOURS_AND_HOLIDAYS = f"{WAITS}jam layanan pada tab Pengaturan dan tab Hari Libur belum cocok satu sama lain."
_MOST_NAMED = 3

InForce = Collection[tuple[tuple[str, str], ...]]
"""A tab's contents in force: rows as sorted (column key, text) pairs."""


def remarks(
    tab: Tab, rows: Mapping[int, Texts], bad: Collection[int], in_force: InForce, officers: InForce
) -> dict[int, str]:
    """
    By row, why it is not in force though nothing is wrong with it, or what in it means nothing.

    Args:
        rows: The tab as read, by sheet row: 1 is the first below the header.
        bad: Those that are to be mended: meanwhile the whole tab's last good contents stay in force.
        officers: The contents in force of the tab `Petugas`.
    """
    standing = set(in_force)
    names = {plain(dict(row)["name"]) for row in officers}
    doubt = _DOUBTS.get(tab.title, _no_doubt)
    found: dict[int, str] = {}
    for index, texts in rows.items():
        if index in bad:
            continue
        if tuple(sorted(texts.items())) not in standing:
            found[index] = _mend_first(bad) if bad else _HOURS_AND_HOLIDAYS
        elif doubtful := doubt(texts, names):
            found[index] = CHECK + doubtful
    return found


def _mend_first(bad: Iterable[int]) -> str:
    shown = [str(index + 1) for index in sorted(bad)]
    more = [f"dan {len(shown) - _MOST_NAMED} lainnya"] if len(shown) > _MOST_NAMED else []
    return f"{WAITS}perbaiki dahulu baris {', '.join(shown[:_MOST_NAMED] + more)}."


def _no_doubt(texts: Texts, names: Container[str]) -> str:
    return ""


def _officer(texts: Texts, names: Container[str]) -> str:
    substitute = texts.get("substitute", "")
    if not substitute or plain(substitute) in names:
        return ""
    return (
        f"Pengganti '{quoted(substitute)}' tidak ada pada tab ini; selama digantikan, yang bersangkutan dan atasannya "
        "yang diberi tahu."
    )


def _setting(texts: Texts, names: Container[str]) -> str:
    on_call = named_in(texts.get("value", "")) if texts.get("name") == "petugas_siaga" else []
    unknown = next((name for name in on_call if plain(name) not in names), "")
    return f"'{quoted(unknown)}' tidak ada pada tab Petugas, sehingga tidak diberi tahu." if unknown else ""


_DOUBTS: Mapping[str, Callable[[Texts, Container[str]], str]] = {OFFICERS.title: _officer, SETTINGS.title: _setting}
"""By tab, what is doubtful in a row that is in force; the names are those of the tab `Petugas`, as `plain` has them."""
