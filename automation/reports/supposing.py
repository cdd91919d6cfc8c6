"""
Rules that are only supposed: the office's own with other norms, more holidays or fewer, to be counted with. Pure.

They are put where staff would type them, in the rows of `Pengaturan` and `Hari Libur`, so that they mean the same.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from automation.calendars.explaining_due import Remembered
from automation.calendars.norms import Norm
from automation.configuration.checked import check
from automation.configuration.in_force import Configuration, as_rows, built, from_json
from automation.errors import NormError, QuestionError
from automation.sop.procedures import load_procedures
from register.settings import RESTRICTED_ROLES
from sheets_schema.configuration_tabs import HOLIDAY_CHOICES, HOLIDAYS, SETTINGS

_NORM = re.compile(r"\s*(?P<sop>\w+)\.(?P<step>\d{1,2})\s*=\s*(?P<norm>.+)")
_CLOSES, _OPENS = HOLIDAY_CHOICES
SUPPOSED = "diandaikan"
"""What stands as the name of a supposed holiday."""


@dataclass(frozen=True)
class Supposed:
    """
    What would be otherwise.

    Args:
        norms: By name of their setting, such as `norma_langsung_5`.
        closed: Dates (WITA) on which the office would not serve.
        opened: Dates on which it would, though they are holidays.
    """

    norms: Mapping[str, Norm] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    opened: frozenset[date] = frozenset()

    @property
    def lines(self) -> Sequence[str]:
        """In Indonesian, one for each."""
        norms = [f"{name} = {norm}" for name, norm in sorted(self.norms.items())]
        days = [f"{on} libur" for on in sorted(self.closed)] + [f"{on} bukan libur" for on in sorted(self.opened)]
        return norms + days


def read_supposed(norms: Sequence[str], closed: Sequence[date], opened: Sequence[date]) -> Supposed:
    """
    As typed on the command line: `langsung.5=3 hari kerja`.

    Raises: QuestionError naming what cannot be read, or that nothing would be otherwise.
    """
    if not norms and not closed and not opened:
        raise QuestionError(
            'Sebutkan apa yang diandaikan, misalnya: --norm "langsung.5=3 hari kerja", --holiday 2026-03-17, '
            "atau --workday 2026-12-24."
        )
    if both := set(closed) & set(opened):
        raise QuestionError(f"{min(both)} tidak dapat libur dan bukan libur sekaligus.")
    return Supposed(dict(map(_norm, norms)), frozenset(closed), frozenset(opened))


def _norm(text: str) -> tuple[str, Norm]:
    found = _NORM.fullmatch(text)
    procedure = load_procedures().get(found["sop"].casefold()) if found else None
    if found is None or procedure is None or not 1 <= int(found["step"]) <= len(procedure.steps):
        known = " atau ".join(f"{key}.1 sampai {key}.{len(each.steps)}" for key, each in load_procedures().items())
        raise QuestionError(f"'{text}' tidak terbaca. Tulis misalnya \"langsung.5=3 hari kerja\"; langkahnya {known}.")
    try:
        return f"norma_{procedure.key}_{int(found['step'])}", Norm.parse(found["norm"])
    except NormError as error:
        raise QuestionError(f"'{text}': {error.message}") from error


def rules_supposed(remembered: Remembered | None, supposed: Supposed, years: range) -> Configuration:
    """
    The remembered configuration with what is supposed.

    Args:
        years: WITA years that deadlines reach; dates outside them have no holidays.
    """
    known = {title: from_json(rows) for title, rows in (remembered or {}).items()}
    good = dict(check({}, last_good=known, year=years[-1]).good)
    days = {str(on): _CLOSES for on in supposed.closed} | {str(on): _OPENS for on in supposed.opened}
    norms = [{"name": name, "value": str(norm)} for name, norm in supposed.norms.items()]
    kept = tuple(row for row in good[SETTINGS.title] if dict(row)["name"] not in supposed.norms)
    good[SETTINGS.title] = (*kept, *as_rows(norms))
    holidays = [{"on": on, "name": SUPPOSED, "change": change} for on, change in sorted(days.items())]
    good[HOLIDAYS.title] = (*good[HOLIDAYS.title], *as_rows(holidays))
    return built(tuple(good.items()), years, RESTRICTED_ROLES)
