"""How long a step may take, as the decree and the law write it: "10 menit", "2 hari kerja", "14 hari", "3 bulan"."""

import re
from dataclasses import dataclass
from enum import StrEnum

from automation.errors import NormError

_NORM = re.compile(r"(\d{1,5})\s*(menit|jam|hari kerja|hari kalender|hari|bulan)")


class Unit(StrEnum):
    """What a norm counts."""

    MINUTES = "menit"
    WORKING_DAYS = "hari kerja"
    CALENDAR_DAYS = "hari"
    CALENDAR_MONTHS = "bulan"


@dataclass(frozen=True)
class Norm:
    """How long a step may take: a positive amount of one unit; minutes are minutes of service time."""

    amount: int
    unit: Unit = Unit.MINUTES

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise NormError("Norma waktu paling sedikit 1. Mohon perbaiki angkanya.", found=self.amount)

    @classmethod
    def parse(cls, text: str) -> "Norm":
        """
        The norm a text means: "10 menit", "2 jam", "2 hari kerja", "14 hari", "14 hari kalender", "3 bulan".

        Raises: NormError if the text is none of these.
        """
        match = _NORM.fullmatch(" ".join(text.casefold().split()))
        if not match:
            raise NormError(
                "Norma waktu tidak terbaca. Tuliskan misalnya '10 menit', '2 hari kerja', '14 hari' atau '3 bulan'.",
                found=text,
            )
        amount, word = int(match[1]), match[2]
        if word == "jam":
            return cls(amount * 60)
        return cls(amount, Unit(word.removesuffix(" kalender")))

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"
