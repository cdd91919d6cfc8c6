"""
The kinds of complaints the office knows, from sheets_schema/seeds/kategori.toml.

Which bidang handles a category is the staff's to change (tab `Bidang`); codes, labels, ordinary urgency and the mark
of restricted ones are the program's. Source: domain section 3.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType


class Urgency(StrEnum):
    """How soon a person must look; least urgent first."""

    LOW = "Rendah"
    MEDIUM = "Sedang"
    HIGH = "Tinggi"
    EMERGENCY = "Darurat"

    @property
    def rank(self) -> int:
        """0 for the least urgent."""
        return list(Urgency).index(self)


@dataclass(frozen=True)
class Category:
    """
    One kind of complaint.

    `bidang` and `urgency` hold where nobody says otherwise. Of a `restricted` one the reporter's
    name and contact are always masked in the shared sheet, and its bidang is not told to the public.
    """

    code: str
    label_id: str
    label_en: str
    bidang: str
    urgency: Urgency
    restricted: bool


@lru_cache(maxsize=1)
def categories() -> Mapping[str, Category]:
    """Every category by its code, in the order in which lists show them."""
    text = files("sheets_schema.seeds").joinpath("kategori.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["rows"]
    return MappingProxyType({row["code"]: Category(**{**row, "urgency": Urgency(row["urgency"])}) for row in rows})


def category_codes() -> tuple[str, ...]:
    """The codes, in the order in which lists show them."""
    return tuple(categories())
