"""What is wrong with one row of a configuration tab: each sentence says how to mend it, and quotes little. Pure."""

import math
import re
from collections.abc import Container, Mapping
from datetime import date
from functools import lru_cache

from automation.calendars.calendar_source import HOURS_SETTINGS, RAMADAN_SETTING, parse_hours, parse_ramadan
from automation.configuration.office_settings import problem_of
from automation.disposition.disposing import category_codes
from automation.disposition.phrase_rules import GROUP, term_problem, words_of
from automation.errors import OfficeHoursError
from automation.reminders.channels.addresses import address_problem
from automation.sync.rows import parse_instant
from automation.sync.stubs import STUB_BIDANG
from sheets_schema.configuration_tabs import HOLIDAY_CHOICES, TEMPLATES
from sheets_schema.register_tab import URGENCY_CHOICES
from sheets_schema.seeding import seed_rows

Texts = Mapping[str, str]
"""A row's cells by column key, empty ones left out."""

CONFIRM_LOSS = "pulihkan_baris_hilang"
"""Setting in which staff type the code that lets a mass loss of rows be mended."""
MOVED_SETTINGS: Mapping[str, str] = {"peran_register_terbatas": "ADUAN_RESTRICTED_ROLES"}
"""Names that older registers still show in `Pengaturan`, with the setting of the program that took their place."""
LONGEST_CODE = 60
LONGEST_QUOTE = 60
MOST_WEIGHT = 1000
"""Of a rule, either way: far beyond what any other could outweigh."""
_APPROVED = re.compile(r"[a-z0-9_]{1,512}")
"""A name as Meta takes it."""
_CODE = re.compile(r"\w[\w .&/()-]*")


def quoted(text: str) -> str:
    """What somebody typed, as a note shows it: one short line."""
    return cut(" ".join("".join(letter if letter.isprintable() else " " for letter in text).split()), LONGEST_QUOTE)


def cut(text: str, letters: int) -> str:
    """The text, shortened to so many letters."""
    return text if len(text) <= letters else text[: letters - 1] + "…"


def once(kind: str, name: str, seen: dict[str, int]) -> str:
    """What is wrong with a name that must be there, and only once; `seen` remembers those above."""
    if not name:
        return f"isi {kind}."
    if name.casefold() in seen:
        return f"{kind} '{quoted(name)}' sudah ada pada baris lain."
    seen[name.casefold()] = 1
    return ""


def check_bidang(texts: Texts, seen: dict[str, int]) -> str:
    """What is wrong with a row of `Bidang`; empty if nothing is, here and below."""
    if problem := once("Kode", texts.get("code", ""), seen):
        return problem
    if len(texts["code"]) > LONGEST_CODE:
        return f"Kode paling panjang {LONGEST_CODE} huruf."
    if not _CODE.fullmatch(texts["code"]):
        return "Kode hanya boleh berisi huruf, angka, spasi, dan tanda . - / & ( )."
    if texts["code"].casefold() == STUB_BIDANG.casefold():
        return f"Kode {STUB_BIDANG} dipakai sistem untuk pengaduan terbatas; pilih kode lain."
    for code in codes(texts.get("categories", "")):
        if code not in category_codes():
            return f"kategori '{quoted(code)}' tidak dikenal. Kode yang ada: {', '.join(category_codes())}."
        if problem := once("kategori", code, seen):
            return problem
    return ""


def check_rule(texts: Texts, groups: Container[str]) -> str:
    """A row of `Aturan Disposisi`; `groups` are the names of the groups of words that are in use, in lower case."""
    if texts.get("active", "") not in ("", "TRUE", "FALSE"):
        return "centang atau kosongkan Aktif."
    if not words_of(texts.get("words", "")):
        return "isi Kata Kunci."
    if texts.get("category", "").startswith(GROUP):
        return ""
    if (category := texts.get("category", "").upper()) and category not in category_codes():
        return f"kategori '{quoted(category)}' tidak dikenal. Kode yang ada: {', '.join(category_codes())}."
    if not category and not texts.get("urgency"):
        return "isi Kategori, atau Urgensi, atau keduanya."
    if (urgency := texts.get("urgency", "")) and urgency not in URGENCY_CHOICES:
        return f"urgensi '{quoted(urgency)}' tidak dikenal. Pilih {', '.join(URGENCY_CHOICES)}."
    weight = number_of(texts.get("weight", "") or "0")
    if weight is None or abs(weight) > MOST_WEIGHT or (category and not texts.get("weight")):
        return f"isi Bobot dengan angka dari -{MOST_WEIGHT} sampai {MOST_WEIGHT}, misalnya 3."
    return _check_terms(texts, groups) if texts.get("active") == "TRUE" else ""


def _check_terms(texts: Texts, groups: Container[str]) -> str:
    for place, term in enumerate(words_of(texts["words"]), start=1):
        if problem := term_problem(term, groups):
            return f"kata kunci ke-{place} '{quoted(term)}' {problem}."
    return ""


def check_officer(texts: Texts, seen: dict[str, int], bidang: set[str], *, local_channels: bool = False) -> str:
    """A row of `Petugas`; `bidang` are the codes in force, `local_channels` is ADUAN_ALLOW_LOCAL_CHANNELS."""
    if problem := once("Nama", texts.get("name", ""), seen):
        return problem
    if (code := texts.get("bidang", "")) and code not in bidang:
        return f"bidang '{quoted(code)}' tidak ada pada tab Bidang."
    for key, header in (("away_from", "Pengganti Dari"), ("away_until", "Pengganti Sampai")):
        if texts.get(key) and parse_date(texts[key]) is None:
            return f"isi {header} dengan tanggal, misalnya 2026-12-31."
    start, end = parse_date(texts.get("away_from", "")), parse_date(texts.get("away_until", ""))
    if start and end and start > end:
        return "Pengganti Dari lebih akhir daripada Pengganti Sampai."
    for place, url in enumerate(texts.get("channels", "").split(), start=1):
        if problem := address_problem(url, local=local_channels) or _not_understood(url):
            return f"kanal ke-{place}: {problem}"
    if texts.get("substitute", "").casefold() == texts["name"].casefold():
        return "Pengganti tidak boleh orang yang sama."
    return ""


def _not_understood(url: str) -> str:
    from automation.reminders.channels.staff import (
        understood,  # loads apprise, which is needed only where there are channels
    )

    return "" if understood(url) else "alamat tidak dikenali layanannya; periksa token dan tujuannya."


def check_agency(texts: Texts, seen: dict[str, int]) -> str:
    """A row of `Instansi`."""
    if problem := once("Nama", texts.get("name", ""), seen):
        return problem
    return "" if texts.get("contact") else "isi Kontak: ke sanalah pelapor diarahkan."


def check_holiday(texts: Texts) -> str:
    """A row of `Hari Libur`."""
    if parse_date(texts.get("on", "")) is None:
        return "isi Tanggal, misalnya 2026-12-31."
    if texts.get("change") not in HOLIDAY_CHOICES:
        return f"pilih Jenis: {' atau '.join(HOLIDAY_CHOICES)}."
    return ""


def check_template(texts: Texts, seen: dict[str, int]) -> str:
    """A row of `Template Pesan`."""
    code = texts.get("code", "")
    if problem := once("Kode", code, seen):
        return problem
    known = template_fields().get(code)
    if known is None:
        return f"kode '{quoted(code)}' tidak dikenal. Kode yang ada: {', '.join(template_fields())}."
    unknown = sorted(_fields(texts.get("text", "")) - known)
    if unknown:
        allowed = f"Yang ada: {', '.join(sorted(known))}" if known else "Pesan ini tidak memuat isian"
        return f"isian {{{quoted(unknown[0])}}} tidak dikenal. {allowed}."
    if not texts.get("text"):
        return "isi pesan tidak boleh kosong."
    approved = texts.get("whatsapp_template", "")
    if approved and not _APPROVED.fullmatch(approved):
        return f"Template WhatsApp '{quoted(approved)}': nama hanya huruf kecil, angka, dan garis bawah."
    return ""


def check_setting(texts: Texts, seen: dict[str, int]) -> str:
    """A row of `Pengaturan`."""
    name, value = texts.get("name", ""), texts.get("value", "")
    if problem := once("Nama", name, seen):
        return problem
    if name == CONFIRM_LOSS or name in MOVED_SETTINGS:
        return ""
    try:
        if name in {setting.name for setting in HOURS_SETTINGS}:
            parse_hours(name, value)
        elif RAMADAN_SETTING.fullmatch(name):
            parse_ramadan(name, value)
        else:
            found = problem_of(name, value)
            return f"pengaturan '{quoted(name)}' tidak dikenal." if found is None else found
    except OfficeHoursError as error:
        return error.message
    return ""


def parse_date(text: str) -> date | None:
    """A date as staff type it, or as a spreadsheet's serial number; None if it cannot be read."""
    number = number_of(text)
    at = parse_instant("", number) if number is not None else parse_instant(text)
    return at.date() if at else None


def plain(name: str) -> str:
    """A name without what people do not mean by it: capital letters and spaces."""
    return " ".join(name.casefold().split())


def named_in(text: str) -> list[str]:
    """The names that a cell holds, parted by commas, semicolons or lines."""
    return [name for name in re.split(r"[,;\n]", text) if name.strip()]


def codes(text: str) -> list[str]:
    """Category codes of a cell, parted by commas."""
    return [code.strip().upper() for code in text.split(",") if code.strip()]


def number_of(text: str) -> float | None:
    """A number as staff type it, or None; what is no finite number is none."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _fields(text: str) -> set[str]:
    return set(re.findall(r"\{([^{}]*)\}", text))


@lru_cache(maxsize=1)
def template_fields() -> dict[str, set[str]]:
    """The fields that each template may use: those of its shipped wording."""
    return {str(row["code"]): _fields(str(row["text"])) for row in seed_rows(TEMPLATES)}
