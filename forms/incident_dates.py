"""The day on which it happened."""

import re
from datetime import date

from forms.problems import RefusedError

EARLIEST = date(1990, 1, 1)
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[-/. ]([0-9]{1,2})[-/. ]([0-9]{4})")


def incident_date_of(text: str, today: date) -> date:
    """
    The date of an ISO text (`2026-11-23`), neither after `today` (the office's date, WITA) nor before 1990.

    Raises: RefusedError with code `date_invalid`, `date_future` or `date_too_old`.
    """
    try:
        found = date.fromisoformat(text) if _ISO.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise RefusedError(
            "date_invalid",
            "Tanggal ini tidak ada atau bentuknya salah. Tulis seperti 2026-11-23 (tahun-bulan-hari). Bila tidak tahu "
            "harinya, kosongkan dan tulis perkiraannya di cerita.",
        )
    if found > today:
        raise RefusedError(
            "date_future", "Tanggal kejadian belum tiba. Isi tanggal hari ini atau sebelumnya, atau kosongkan."
        )
    if found < EARLIEST:
        raise RefusedError("date_too_old", "Tanggal kejadian sebelum tahun 1990. Periksa kembali tahunnya.")
    return found


def iso_from_typed(text: str) -> str:
    """`23/11/2026`, as typed where the browser offers no calendar, in ISO order; anything else unchanged."""
    match = _DAY_FIRST.fullmatch(text.strip())
    return f"{match[3]}-{match[2]:0>2}-{match[1]:0>2}" if match else text
