"""
What staff may set in the tab `Pengaturan`, besides office hours: each setting's kind, and its default from the seeds.

A setting that is missing or blank keeps its default; one that cannot be read is explained next to it.
"""

import re
from collections.abc import Callable, Mapping
from datetime import time
from functools import lru_cache

from automation.calendars.working_time import Norm, Unit
from automation.errors import NormError
from register.periods import HALF, QUARTER, YEAR
from sheets_schema.configuration_tabs import SETTINGS
from sheets_schema.seeding import seed_rows

NORM_SETTING = re.compile(r"norma_(?P<procedure>[a-z]+)_(?P<step>\d{1,2})")
"""`norma_langsung_5`: the norm of a step, in place of the decree's."""

RETENTION_SETTING = re.compile(r"retensi_(?P<category>[A-Z]+)")
"""`retensi_PKH`: how long the identity in an archived complaint of a category is kept, in place of `retensi`."""

_YEARS = re.compile(r"(\d{1,3})\s+(tahun|bulan)", re.IGNORECASE)
_CLOCK_TIME = re.compile(r"([01]?\d|2[0-3])[.:]([0-5]\d)")


def norm_of(text: str) -> Norm:
    """A span such as "4 jam" or "2 hari kerja". Raises: NormError."""
    return Norm.parse(text)


def minutes_of(text: str) -> Norm:
    """A span of minutes or hours. Raises: NormError."""
    norm = Norm.parse(text)
    if norm.unit is not Unit.MINUTES:
        raise NormError("Tuliskan dalam menit atau jam, misalnya '60 menit'.", found=text)
    return norm


def days_of(text: str) -> Norm:
    """A span of calendar days, which is how the law counts a reporter's time. Raises: NormError."""
    norm = Norm.parse(text)
    if norm.unit is not Unit.CALENDAR_DAYS:
        raise NormError("Tuliskan dalam hari kalender, misalnya '30 hari'.", found=text)
    return norm


def time_of(text: str) -> time:
    """A time of day, WITA, such as "07.45". Raises: NormError."""
    match = _CLOCK_TIME.fullmatch(text.strip())
    if not match:
        raise NormError("Tuliskan jam, misalnya '07.45'.", found=text)
    return time(int(match[1]), int(match[2]))


def line_of(text: str) -> str:
    """One line for a letterhead or below a signature. Raises: NormError if it is too long for one."""
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        raise NormError(f"Terlalu panjang: paling banyak {LONGEST_LINE} huruf.", found=text)
    return line


def nip_of(text: str) -> str:
    """The 18 digits of a civil servant's number; empty for none. Raises: NormError."""
    digits = re.sub(r"[\s.]", "", text)
    if digits and not re.fullmatch(r"[0-9]{18}", digits):
        raise NormError("NIP terdiri atas 18 angka.", found=text)
    return digits


def detail_of(text: str) -> int:
    """At which length of period, in months, the public is shown tables. Raises: NormError."""
    months = DETAILS.get(text.strip().casefold())
    if months is None:
        raise NormError(f"Tuliskan salah satu: {', '.join(DETAILS)}.", found=text)
    return months


DETAILS: Mapping[str, int] = {"tahun": YEAR, "semester": HALF, "triwulan": QUARTER}
"""Values of the setting `publik_rinci`."""


def years_of(text: str) -> int | None:
    """How long data are kept, in months, such as "5 tahun" or "18 bulan"; None if for ever. Raises: NormError."""
    if not text.strip():
        return None
    match = _YEARS.fullmatch(text.strip())
    if not match or not int(match[1]):
        raise NormError(
            "Tuliskan masa simpan, misalnya '5 tahun' atau '18 bulan'; kosong berarti selamanya.", found=text
        )
    return int(match[1]) * (12 if match[2].casefold() == "tahun" else 1)


def yes_of(text: str) -> bool:
    """ "ya" or "tidak". Raises: NormError."""
    if text.strip().casefold() not in ("ya", "tidak"):
        raise NormError("Tuliskan ya atau tidak.", found=text)
    return text.strip().casefold() == "ya"


LONGEST_LINE = 120
"""Letters that a letterhead's line holds."""
LONGEST: Mapping[Unit, int] = {
    Unit.MINUTES: 600_000,
    Unit.WORKING_DAYS: 1_250,
    Unit.CALENDAR_DAYS: 1_826,
    Unit.CALENDAR_MONTHS: 60,
}
"""About five years of each: no norm of the law is so long, and beyond it the calendar would come to its end."""

KINDS: Mapping[str, Callable[[str], object]] = {
    "batas_kelengkapan": days_of,
    "batas_tanggapan": days_of,
    "batas_buka_kembali": days_of,
    "perpanjangan": norm_of,
    "laporan_setelah": norm_of,
    "pengingat_laporan": norm_of,
    "pengingat_sebelum_langsung": norm_of,
    "pengingat_sebelum_online": norm_of,
    "eskalasi_kabid": norm_of,
    "eskalasi_sekretaris": norm_of,
    "eskalasi_kadis": norm_of,
    "ringkasan_pagi": time_of,
    "darurat_ditangani": minutes_of,
    "petugas_siaga": str,
    "kop_pemerintah": line_of,
    "kop_nama": line_of,
    "kop_alamat": line_of,
    "kop_kontak": line_of,
    "kop_kota": line_of,
    "nama_kepala_dinas": line_of,
    "nip_kepala_dinas": nip_of,
    "nama_ketua_tim": line_of,
    "nip_ketua_tim": nip_of,
    "publik_rinci": detail_of,
    "arsip_setelah": days_of,
    "arsip_lembar": yes_of,
    "retensi": years_of,
}
"""Every setting by name, with what reads it; norms of steps (`NORM_SETTING`) and office hours come besides."""


@lru_cache(maxsize=1)
def default_settings() -> Mapping[str, str]:
    """The values that a new register starts with, by name."""
    return {str(row["name"]): str(row["value"]) for row in seed_rows(SETTINGS)}


def value_of(settings: Mapping[str, str], name: str) -> str:
    """A setting's text, or its default where it is missing or blank."""
    return settings.get(name, "").strip() or default_settings().get(name, "")


def problem_of(name: str, text: str) -> str | None:
    """
    What is wrong with a setting, as a sentence for its row; empty if nothing is, None if no setting is called so.
    """
    read = norm_of if NORM_SETTING.fullmatch(name) and name in default_settings() else KINDS.get(name)
    if RETENTION_SETTING.fullmatch(name):
        read = years_of
    if read is None:
        return None
    try:
        value = read(value_of({name: text}, name))
    except NormError as error:
        return error.message
    if isinstance(value, Norm) and value.amount > LONGEST[value.unit]:
        return f"Terlalu lama: paling lama {LONGEST[value.unit]} {value.unit}, kira-kira lima tahun."
    return ""
