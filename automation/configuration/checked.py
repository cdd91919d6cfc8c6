"""
The rules that staff keep in the spreadsheet, checked on every read.

A bad row is explained next to it, and the whole tab's last good contents stay in force (design, decision 6). Pure: the
tabs come in as cells, the configuration and the wanted notes go out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from automation.calendars.calendar_source import (
    LEAST_WEEK,
    LONGEST_CLOSURE_DAYS,
    idle_settings,
    too_long_closed,
)
from automation.configuration.in_force import (
    Configuration,
    Officer,
    Rows,
    as_rows,
    built,
    calendar_of,
    hours_of,
    local_day,
    officer_of,
    restricted_accounts,
)
from automation.configuration.remarks import remarks
from automation.configuration.tab_rows import (
    CONFIRM_LOSS,
    MOVED_SETTINGS,
    Texts,
    check_agency,
    check_bidang,
    check_holiday,
    check_officer,
    check_rule,
    check_setting,
    check_template,
    cut,
)
from automation.sync.rows import text_of, ticked
from register.settings import RESTRICTED_ROLES
from register.sheet import Cell, Values
from sheets_schema.columns import Kind, Owner, Tab
from sheets_schema.configuration_tabs import (
    AGENCIES,
    BIDANG,
    HOLIDAYS,
    OFFICERS,
    RULES,
    SETTINGS,
    TEMPLATES,
)
from sheets_schema.layout import Layout, locate
from sheets_schema.seeding import seed_rows

MEND = "Perbaiki: "
YEARS_BACK, YEARS_AHEAD = 5, 2
"""How many years around this one the calendar knows; its past is that of the clocks that still run."""
MOVED = "Tidak dipakai lagi: sekarang diatur administrator dengan {setting}."
LONGEST_NOTE = 500
"""Letters of a note: many rows may be wrong at once, and a cell of more than 50,000 is refused with its whole batch."""
UNTICKED_WORDS = ("false", "tidak")
CHECK_ORDER = (BIDANG, RULES, OFFICERS, AGENCIES, TEMPLATES, SETTINGS, HOLIDAYS)
"""Bidang before the officers that are in them, hours before the holidays that close them."""


@dataclass(frozen=True)
class Checked:
    """
    The outcome of checking the tabs.

    `notes` holds, by tab title, the wanted text of `Catatan Sistem` by sheet row (1 is the first below the header);
    `good` the contents in force by tab title, to be remembered; `problems` the sentences for `aduan doctor`.
    """

    configuration: Configuration
    notes: Mapping[str, Mapping[int, str]]
    good: Mapping[str, Rows]
    problems: tuple[str, ...]

    @property
    def kind(self) -> str:
        """What is wrong without a word of what anybody typed: "configuration", or empty if nothing is."""
        return "configuration" if self.problems else ""


def check(
    tabs: Mapping[str, Values],
    *,
    last_good: Mapping[str, Rows],
    year: int,
    since: int | None = None,
    restricted_roles: str = RESTRICTED_ROLES,
    local_channels: bool = False,
) -> Checked:
    """
    Check every configuration tab as read.

    Args:
        tabs: Cells by tab title; a tab that is not there falls back like a bad one.
        last_good: What was in force before, by tab title; the seeds stand in where there is nothing.
        year: This WITA year; the calendar reaches from `YEARS_BACK` years before to `YEARS_AHEAD` years beyond.
        since: WITA year in which the oldest running clock began, if the calendar must reach back further.
        restricted_roles: `ADUAN_RESTRICTED_ROLES`.
        local_channels: `ADUAN_ALLOW_LOCAL_CHANNELS`.
    """
    last_good = _still_good(last_good)
    notes: dict[str, dict[int, str]] = {}
    problems: list[str] = []
    good: dict[str, Rows] = {}
    read: list[tuple[Tab, dict[int, Texts], dict[int, str]]] = []
    for tab in CHECK_ORDER:
        rows, layout = _read(tab, tabs.get(tab.title))
        found = _problems(tab, rows, good, year, local_channels=local_channels) if layout and layout.sound else {}
        if layout is not None:
            notes[tab.title] = {index: MEND + text for index, text in found.items()} | _moved(tab, rows)
        problems += [f"{tab.title}, baris {index + 1}: {text}" for index, text in found.items()]
        if layout is None or not layout.sound:
            lacking = ", ".join((layout.missing + layout.doubled) if layout else (tab.title,))
            problems.append(f"Tab {tab.title}: judul kolom hilang atau ganda ({lacking}).")
        elif tab is SETTINGS and all(texts.get("name") != CONFIRM_LOSS for texts in rows.values()):
            problems.append(
                f"Tab {tab.title}: baris {CONFIRM_LOSS} tidak ada; tuliskan kembali nama itu di kolom Nama."
            )
        usable = layout is not None and layout.sound and not found
        good[tab.title] = as_rows(rows.values()) if usable else last_good.get(tab.title) or _seeds(tab)
        if layout is not None and layout.sound:
            read.append((tab, rows, found))
    _keep_serving(good, last_good, year)
    for tab, rows, found in read:
        notes[tab.title] = remarks(tab, rows, found, good[tab.title], good[OFFICERS.title]) | notes[tab.title]
    years = range(min(year - YEARS_BACK, since or year), year + YEARS_AHEAD + 1)
    configuration = built(tuple(good.items()), years, restricted_roles)
    return Checked(configuration, notes, good, tuple(problems))


def as_typed(tab: Tab, values: Values) -> Values:
    """A configuration tab as read, without what only the system writes there: equal ones are checked alike."""
    layout = locate(tab, values.header)
    own = [layout.positions[c.key] for c in tab.columns if c.owner is Owner.SYSTEM and c.key in layout.positions]
    return Values(values.header, tuple(_without(cells, own) for cells in values.rows))


def _without(cells: tuple[Cell, ...], places: Sequence[int]) -> tuple[Cell, ...]:
    kept = ["" if place in places else cell for place, cell in enumerate(cells)]
    while kept and kept[-1] == "":
        kept.pop()
    return tuple(kept)


def entered_accounts(officers: Values, roles: str) -> frozenset[str]:
    """
    Of the tab `Petugas` as people entered it, the accounts of these roles; whether the rest of a row is right or not.

    A cell that a formula fills, and so whoever may write a formula beside it, names nobody here.
    """
    return restricted_accounts(entered_officers(officers), roles)


def entered_officers(officers: Values) -> list[Officer]:
    """Of the tab `Petugas` as people entered it, every row, whether all of it is right or not."""
    rows, _ = _read(OFFICERS, officers)
    return [officer_of({"name": "", **texts}) for texts in rows.values()]


def _seeds(tab: Tab) -> Rows:
    return as_rows({key: text for key, value in row.items() if (text := text_of(value))} for row in seed_rows(tab))


def _still_good(last_good: Mapping[str, Rows]) -> Mapping[str, Rows]:
    """Without remembered settings that an earlier version let pass and that would stop the office: defaults hold."""
    rows = last_good.get(SETTINGS.title, ())
    return {**last_good, SETTINGS.title: tuple(row for row in rows if not check_setting(dict(row), {}))}


def _keep_serving(good: dict[str, Rows], last_good: Mapping[str, Rows], year: int) -> None:
    """
    Let hours and holidays that are in force leave service time together.

    New hours may not suit holidays that stay in force, nor either of them this version or this year; the hours go back
    first, as the holidays are what people were told.
    """
    before = last_good.get(SETTINGS.title) or _seeds(SETTINGS)
    for settings in (good[SETTINGS.title], before, _seeds(SETTINGS)):
        if not _idle(settings) and not _closing(good[HOLIDAYS.title], settings, year):
            good[SETTINGS.title] = settings
            return
    good[SETTINGS.title], good[HOLIDAYS.title] = _seeds(SETTINGS), _seeds(HOLIDAYS)


def _read(tab: Tab, values: Values | None) -> tuple[dict[int, Texts], Layout | None]:
    if values is None:
        return {}, None
    layout = locate(tab, values.header)
    keys = [c.key for c in tab.columns if c.owner is not Owner.SYSTEM and c.key in layout.positions]
    boxes = {column.key for column in tab.columns if column.kind is Kind.CHECKBOX}
    rows = {
        index: {key: text for key in keys if (text := _cell(cells, layout.positions[key], box=key in boxes))}
        for index, cells in enumerate(values.rows, start=1)
    }
    return {index: texts for index, texts in rows.items() if any(t != "FALSE" for t in texts.values())}, layout


def _cell(cells: Sequence[Cell], place: int, *, box: bool) -> str:
    text = text_of(cells[place]).strip() if place < len(cells) else ""
    if not box:
        return text
    return "TRUE" if ticked(text) else "FALSE" if text.casefold() in UNTICKED_WORDS else text


def _moved(tab: Tab, rows: Mapping[int, Texts]) -> dict[int, str]:
    """What rows say that were settings once."""
    names = {index: texts.get("name", "") for index, texts in rows.items()} if tab is SETTINGS else {}
    return {i: MOVED.format(setting=MOVED_SETTINGS[name]) for i, name in names.items() if name in MOVED_SETTINGS}


def _problems(
    tab: Tab, rows: Mapping[int, Texts], good: Mapping[str, Rows], year: int, *, local_channels: bool
) -> dict[int, str]:
    """What is wrong, by row; each sentence says how to mend it. The whole tab is checked once its rows are good."""
    bidang = {dict(row)["code"] for row in good.get(BIDANG.title, ()) if "code" in dict(row)}
    groups = {texts.get("category", "").casefold() for texts in rows.values() if texts.get("active") == "TRUE"}
    checks = {
        BIDANG.title: check_bidang,
        RULES.title: lambda texts, _: check_rule(texts, groups),
        OFFICERS.title: lambda texts, seen: check_officer(texts, seen, bidang, local_channels=local_channels),
        AGENCIES.title: check_agency,
        HOLIDAYS.title: lambda texts, _: check_holiday(texts),
        TEMPLATES.title: check_template,
        SETTINGS.title: check_setting,
    }
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    for index, texts in rows.items():
        if problem := checks[tab.title](texts, seen):
            found[index] = cut(problem, LONGEST_NOTE - len(MEND))
    if tab is SETTINGS and not found:
        return _idle_weeks(rows)
    if tab is HOLIDAYS and not found:
        return _long_closures(rows, good[SETTINGS.title], year)
    return found


def _idle_weeks(rows: Mapping[int, Texts]) -> dict[int, str]:
    idle = _idle(as_rows(rows.values()))
    hours = LEAST_WEEK // timedelta(hours=1)
    problem = f"layanan seminggu kurang dari {hours} jam. Isi jam layanan paling sedikit satu hari."
    return {index: problem for index, texts in rows.items() if texts.get("name") in idle}


def _long_closures(rows: Mapping[int, Texts], settings: Rows, year: int) -> dict[int, str]:
    if _idle(settings):
        return {}
    closing = _closing(as_rows(rows.values()), settings, year)
    problem = (
        f"lebih dari {LONGEST_CLOSURE_DAYS} hari berturut-turut tanpa layanan. Hapus sebagian tanggal, atau periksa "
        f"jam layanan pada tab {SETTINGS.title}."
    )
    days = {index: local_day(texts) for index, texts in rows.items()}
    return {index: problem for index, day in days.items() if day and day[0] in closing}


@lru_cache(maxsize=8)
def _idle(settings: Rows) -> frozenset[str]:
    """Names of the settings that leave a week without service."""
    return frozenset(idle_settings(hours_of(settings)))


@lru_cache(maxsize=8)
def _closing(holidays: Rows, settings: Rows, year: int) -> frozenset[date]:
    """Dates of local holidays that, with these hours, close the office for too long."""
    days = [day for row in holidays if (day := local_day(dict(row)))]
    calendar = calendar_of(holidays, settings, range(year - 1, year + YEARS_AHEAD + 1))
    return frozenset(too_long_closed(calendar, (on for on, _, _ in days)))
