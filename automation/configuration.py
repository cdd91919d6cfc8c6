"""
The rules that staff keep in the spreadsheet, checked on every read.

A bad row is explained next to it, and the whole tab's last good contents stay in force (design, decision 6). Pure: the
tabs come in as cells, the configuration and the wanted notes go out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from automation.calendar_source import (
    HOURS_SETTINGS,
    LEAST_WEEK,
    LONGEST_CLOSURE_DAYS,
    RAMADAN_SETTING,
    build_calendar,
    idle_settings,
    parse_hours,
    parse_ramadan,
    too_long_closed,
)
from automation.disposition import Rule, category_codes
from automation.errors import OfficeHoursError
from automation.office_calendar import Calendar
from automation.phrase_rules import words_of
from automation.rows import parse_instant, text_of, ticked
from register.sheet import Cell, Values
from sheets_schema.columns import Kind, Tab
from sheets_schema.configuration_tabs import (
    BIDANG,
    HOLIDAY_CHOICES,
    HOLIDAYS,
    OFFICERS,
    RULES,
    SETTINGS,
    TEMPLATES,
    URGENCY_CHOICES,
)
from sheets_schema.layout import Layout, locate
from sheets_schema.seeding import seed_rows

CONFIRM_LOSS = "pulihkan_baris_hilang"
"""Setting in which staff type the code that lets a mass loss of rows be mended."""
MEND = "Perbaiki: "
YEARS_AHEAD = 2
LONGEST_CODE = 60
LONGEST_QUOTE = 60
LONGEST_NOTE = 500
"""Letters of a note: many rows may be wrong at once, and a cell of more than 50,000 is refused with its whole batch."""
UNTICKED_WORDS = ("false", "tidak")
CHECK_ORDER = (BIDANG, RULES, OFFICERS, TEMPLATES, SETTINGS, HOLIDAYS)
"""Bidang before the officers that are in them, hours before the holidays that close them."""

Texts = Mapping[str, str]
Rows = tuple[tuple[tuple[str, str], ...], ...]
"""A tab's rows as sorted (column key, text) pairs: hashable, and plain JSON after `as_json`."""


@dataclass(frozen=True)
class Configuration:
    """What is in force. `bidang_of` maps category codes to bidang codes."""

    bidang: Mapping[str, str]
    bidang_of: Mapping[str, str]
    rules: tuple[Rule, ...]
    officers: tuple[str, ...]
    templates: Mapping[str, str]
    calendar: Calendar
    settings: Mapping[str, str] = field(default_factory=dict)


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


def check(tabs: Mapping[str, Values], *, last_good: Mapping[str, Rows], year: int) -> Checked:
    """
    Check every configuration tab as read.

    Args:
        tabs: Cells by tab title; a tab that is not there falls back like a bad one.
        last_good: What was in force before, by tab title; the seeds stand in where there is nothing.
        year: This WITA year; the calendar reaches `YEARS_AHEAD` years beyond.
    """
    notes: dict[str, dict[int, str]] = {}
    problems: list[str] = []
    good: dict[str, Rows] = {}
    for tab in CHECK_ORDER:
        rows, layout = _read(tab, tabs.get(tab.title))
        found = _problems(tab, rows, good, year) if layout and layout.sound else {}
        if layout is not None:
            notes[tab.title] = {index: MEND + text for index, text in found.items()}
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
    _keep_serving(good, last_good, year)
    return Checked(_configuration(tuple(good.items()), year), notes, good, tuple(problems))


def as_rows(rows: Iterable[Texts]) -> Rows:
    """Rows in the hashable form."""
    return tuple(tuple(sorted(row.items())) for row in rows)


def _seeds(tab: Tab) -> Rows:
    return as_rows({key: text for key, value in row.items() if (text := text_of(value))} for row in seed_rows(tab))


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
    keys = [column.key for column in tab.columns if column.key != "note" and column.key in layout.positions]
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


def _quoted(text: str) -> str:
    """What somebody typed, as a note shows it: one short line."""
    return _cut(" ".join("".join(letter if letter.isprintable() else " " for letter in text).split()), LONGEST_QUOTE)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _problems(tab: Tab, rows: Mapping[int, Texts], good: Mapping[str, Rows], year: int) -> dict[int, str]:
    """What is wrong, by row; each sentence says how to mend it. The whole tab is checked once its rows are good."""
    bidang = {dict(row)["code"] for row in good.get(BIDANG.title, ()) if "code" in dict(row)}
    checks = {
        BIDANG.title: _check_bidang,
        RULES.title: lambda texts, _: _check_rule(texts),
        OFFICERS.title: lambda texts, seen: _check_officer(texts, seen, bidang),
        HOLIDAYS.title: lambda texts, _: _check_holiday(texts),
        TEMPLATES.title: _check_template,
        SETTINGS.title: _check_setting,
    }
    seen: dict[str, int] = {}
    found: dict[int, str] = {}
    for index, texts in rows.items():
        if problem := checks[tab.title](texts, seen):
            found[index] = _cut(problem, LONGEST_NOTE - len(MEND))
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
    days = {index: _local_day(texts) for index, texts in rows.items()}
    return {index: problem for index, day in days.items() if day and day[0] in closing}


def _once(kind: str, name: str, seen: dict[str, int]) -> str:
    if not name:
        return f"isi {kind}."
    if name.casefold() in seen:
        return f"{kind} '{_quoted(name)}' sudah ada pada baris lain."
    seen[name.casefold()] = 1
    return ""


def _check_bidang(texts: Texts, seen: dict[str, int]) -> str:
    if problem := _once("Kode", texts.get("code", ""), seen):
        return problem
    if len(texts["code"]) > LONGEST_CODE:
        return f"Kode paling panjang {LONGEST_CODE} huruf."
    for code in _codes(texts.get("categories", "")):
        if code not in category_codes():
            return f"kategori '{_quoted(code)}' tidak dikenal. Kode yang ada: {', '.join(category_codes())}."
        if problem := _once("kategori", code, seen):
            return problem
    return ""


def _check_rule(texts: Texts) -> str:
    if texts.get("active", "") not in ("", "TRUE", "FALSE"):
        return "centang atau kosongkan Aktif."
    if not words_of(texts.get("words", "")):
        return "isi Kata Kunci."
    if (category := texts.get("category", "").upper()) and category not in category_codes():
        return f"kategori '{_quoted(category)}' tidak dikenal. Kode yang ada: {', '.join(category_codes())}."
    if not category and not texts.get("urgency"):
        return "isi Kategori, atau Urgensi, atau keduanya."
    if (urgency := texts.get("urgency", "")) and urgency not in URGENCY_CHOICES:
        return f"urgensi '{_quoted(urgency)}' tidak dikenal. Pilih {', '.join(URGENCY_CHOICES)}."
    if category and _number(texts.get("weight", "")) is None:
        return "isi Bobot dengan angka, misalnya 3."
    return ""


def _check_officer(texts: Texts, seen: dict[str, int], bidang: set[str]) -> str:
    if problem := _once("Nama", texts.get("name", ""), seen):
        return problem
    if (code := texts.get("bidang", "")) and code not in bidang:
        return f"bidang '{_quoted(code)}' tidak ada pada tab Bidang."
    return ""


def _check_holiday(texts: Texts) -> str:
    if parse_date(texts.get("on", "")) is None:
        return "isi Tanggal, misalnya 2026-12-31."
    if texts.get("change") not in HOLIDAY_CHOICES:
        return f"pilih Jenis: {' atau '.join(HOLIDAY_CHOICES)}."
    return ""


def _check_template(texts: Texts, seen: dict[str, int]) -> str:
    code = texts.get("code", "")
    if problem := _once("Kode", code, seen):
        return problem
    known = _template_fields().get(code)
    if known is None:
        return f"kode '{_quoted(code)}' tidak dikenal. Kode yang ada: {', '.join(_template_fields())}."
    unknown = sorted(_fields(texts.get("text", "")) - known)
    if unknown:
        return f"isian {{{_quoted(unknown[0])}}} tidak dikenal. Yang ada: {', '.join(sorted(known))}."
    return "" if texts.get("text") else "isi pesan tidak boleh kosong."


def _check_setting(texts: Texts, seen: dict[str, int]) -> str:
    name, value = texts.get("name", ""), texts.get("value", "")
    if problem := _once("Nama", name, seen):
        return problem
    if name == CONFIRM_LOSS:
        return ""
    try:
        if name in {setting.name for setting in HOURS_SETTINGS}:
            parse_hours(name, value)
        elif RAMADAN_SETTING.fullmatch(name):
            parse_ramadan(name, value)
        else:
            return f"pengaturan '{_quoted(name)}' tidak dikenal."
    except OfficeHoursError as error:
        return error.message
    return ""


@lru_cache(maxsize=4)
def _configuration(good: tuple[tuple[str, Rows], ...], year: int) -> Configuration:
    """Built once for the same contents: rules are compiled and calendars counted only when something changed."""
    tabs = {title: [dict(row) for row in rows] for title, rows in good}
    bidang = {row["code"]: row.get("name", row["code"]) for row in tabs[BIDANG.title]}
    return Configuration(
        bidang=bidang,
        bidang_of={code: row["code"] for row in tabs[BIDANG.title] for code in _codes(row.get("categories", ""))},
        rules=tuple(_rule(row) for row in tabs[RULES.title]),
        officers=tuple(row["name"] for row in tabs[OFFICERS.title]),
        templates={row["code"]: row["text"] for row in tabs[TEMPLATES.title]},
        calendar=_calendar(dict(good)[HOLIDAYS.title], dict(good)[SETTINGS.title], year),
        settings={row["name"]: row.get("value", "") for row in tabs[SETTINGS.title]},
    )


def _calendar(holidays: Rows, settings: Rows, year: int) -> Calendar:
    return build_calendar(
        range(year - 1, year + YEARS_AHEAD + 1),
        local_days=[day for row in holidays if (day := _local_day(dict(row)))],
        hours=_hours(settings),
    )


def _hours(settings: Rows) -> dict[str, str]:
    rows = (dict(row) for row in settings)
    return {row["name"]: row.get("value", "") for row in rows if row["name"] != CONFIRM_LOSS}


@lru_cache(maxsize=8)
def _idle(settings: Rows) -> frozenset[str]:
    """Names of the settings that leave a week without service."""
    return frozenset(idle_settings(_hours(settings)))


@lru_cache(maxsize=8)
def _closing(holidays: Rows, settings: Rows, year: int) -> frozenset[date]:
    """Dates of local holidays that, with these hours, close the office for too long."""
    days = [day for row in holidays if (day := _local_day(dict(row)))]
    return frozenset(too_long_closed(_calendar(holidays, settings, year), (on for on, _, _ in days)))


def _rule(row: Texts) -> Rule:
    return Rule(
        category=row.get("category", "").upper(),
        words=words_of(row.get("words", "")),
        weight=_number(row.get("weight", "")) or 0.0,
        urgency=row.get("urgency", ""),
        note=row.get("remark", ""),
        active=row.get("active", "").upper() == "TRUE",
    )


def _local_day(row: Texts) -> tuple[date, str, str] | None:
    on = parse_date(row.get("on", ""))
    kind = "add" if row.get("change") == HOLIDAY_CHOICES[0] else "remove"
    return (on, row.get("name", "libur setempat"), kind) if on else None


def parse_date(text: str) -> date | None:
    """A date as staff type it, or as a spreadsheet's serial number; None if it cannot be read."""
    number = _number(text)
    at = parse_instant("", number) if number is not None else parse_instant(text)
    return at.date() if at else None


def _codes(text: str) -> list[str]:
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{([^{}]*)\}", text))


@lru_cache(maxsize=1)
def _template_fields() -> dict[str, set[str]]:
    """The fields that each template may use: those of its shipped wording."""
    return {str(row["code"]): _fields(str(row["text"])) for row in seed_rows(TEMPLATES)}


def from_json(rows: Sequence[Sequence[Sequence[str]]]) -> Rows:
    """Remembered rows, back from JSON."""
    return tuple(tuple((str(key), str(text)) for key, text in row) for row in rows)


def bidang_name(remembered: Mapping[str, Sequence[Sequence[Sequence[str]]]] | None, code: str) -> str:
    """A bidang's full name by its code, from the remembered configuration; the code where there is none."""
    rows = (dict(row) for row in from_json((remembered or {}).get(BIDANG.title, ())))
    return next((row.get("name", code) for row in rows if row.get("code") == code), code)
