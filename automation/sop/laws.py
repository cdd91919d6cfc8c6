"""Limits of the law beside the SOP's clock: automation/sop/laws.toml."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from automation.calendars.working_time import Norm
from automation.disposition.categories import category_codes
from automation.errors import NormError, ProcedureError


class Ends(StrEnum):
    """What ends a limit of the law."""

    DISPOSED = "disposed"
    HANDLED = "handled"
    RESPONSE = "response"
    ANSWER = "answer"


@dataclass(frozen=True)
class Law:
    """One limit: its clock's key, label, source, norm, what ends it, and whether it bears on `Batas Waktu`."""

    key: str
    label: str
    source: str
    norm: Norm
    ends: Ends
    answer: bool
    categories: frozenset[str]


@lru_cache(maxsize=1)
def load_laws() -> tuple[Law, ...]:
    """Every limit, in the order of the file. Raises: ProcedureError if the shipped data contradict themselves."""
    return read_laws(files("automation.sop").joinpath("laws.toml").read_text(encoding="utf-8"))


def read_laws(text: str) -> tuple[Law, ...]:
    """The limits that a TOML text holds, checked. Raises: ProcedureError naming the law at fault."""
    laws = tuple(_law(row) for row in tomllib.loads(text).get("law", []))
    for key in {law.key for law in laws}:
        same = [law for law in laws if law.key == key]
        general = [law for law in same if not law.categories]
        named = [code for law in same for code in law.categories]
        if len(general) != 1 or len(set(named)) < len(named) or not set(named) <= set(category_codes()):
            raise ProcedureError(f"Batas {key} pada laws.toml harus berlaku tepat satu kali untuk setiap kategori.")
    return laws


def laws_for(category: str) -> Mapping[str, Law]:
    """The limits for a complaint of that category ("" if unknown), by key."""
    return _by_category(load_laws(), category)


@lru_cache(maxsize=64)
def _by_category(laws: Sequence[Law], category: str) -> Mapping[str, Law]:
    general = {law.key: law for law in laws if not law.categories}
    return general | {law.key: law for law in laws if category in law.categories}


def _law(row: Mapping[str, Any]) -> Law:
    try:
        return Law(
            key=row["key"],
            label=row["label"],
            source=row["source"],
            norm=Norm.parse(row["norm"]),
            ends=Ends(row["ends"]),
            answer=row.get("answer", False),
            categories=frozenset(row.get("categories", [])),
        )
    except (KeyError, ValueError, NormError) as error:
        raise ProcedureError(
            f"Batas {row.get('key', '(tanpa kunci)')} pada laws.toml tidak lengkap: {error}."
        ) from error
