"""
NIK and KK, the numbers of a person and of a family.

A NIK is `PPKKCC DDMMYY SSSS`: region, birth date (women add 40 to the day) and a serial from 0001. It never changes
when people move, so only its length is an error; the rest makes a warning for staff. Source: domain section 3.
"""

import re
from calendar import monthrange

from forms.problems import Problem, RefusedError

DIGITS = 16
KUKAR = "6402"
_SEPARATORS = re.compile(r"[\s.\-–]")
_WOMEN_ADD = 40


def nik_of(text: str) -> str:
    """The 16 digits. Raises: RefusedError if there are more, fewer, or other signs."""
    digits = _SEPARATORS.sub("", text)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise RefusedError("nik_length", "NIK terdiri atas 16 angka. Periksa kembali KTP atau kartu keluarga Anda.")
    return digits


def kk_of(text: str) -> str:
    """The 16 digits. Raises: RefusedError if there are more, fewer, or other signs."""
    digits = _SEPARATORS.sub("", text)
    if not re.fullmatch(rf"[0-9]{{{DIGITS}}}", digits):
        raise RefusedError("kk_length", "Nomor KK terdiri atas 16 angka. Periksa kembali kartu keluarga Anda.")
    return digits


def nik_warnings(nik: str) -> tuple[Problem, ...]:
    """What looks odd in a NIK of the right length: region, birth date, serial. None of it refuses the complaint."""
    found = []
    if not nik.startswith(KUKAR):
        found.append(Problem("nik", "nik_region", "NIK ini diterbitkan di luar Kutai Kartanegara."))
    if not _is_birth_date(int(nik[6:8]), int(nik[8:10]), int(nik[10:12])):
        found.append(Problem("nik", "nik_date", "Tanggal lahir di dalam NIK ini tidak ada. Mohon dicocokkan."))
    if nik.endswith("0000"):
        found.append(Problem("nik", "nik_serial", "Nomor urut NIK dimulai dari 0001. Mohon dicocokkan."))
    return tuple(found)


def _is_birth_date(day: int, month: int, year: int) -> bool:
    """The century is not in the number: a day that exists in either 19YY or 20YY will do."""
    day -= _WOMEN_ADD if day > _WOMEN_ADD else 0
    if not 1 <= month <= 12:
        return False
    return 1 <= day <= max(monthrange(1900 + year, month)[1], monthrange(2000 + year, month)[1])
