"""The disposition rules that a new register starts with: what `aduan suggest` uses where there is no register."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from automation.disposition.categories import categories
from automation.disposition.phrase_rules import Rule, words_of
from sheets_schema.configuration_tabs import RULES
from sheets_schema.seeding import seed_rows


@cache
def seeded_rules() -> tuple[Rule, ...]:
    """In the order of the tab."""
    return tuple(
        Rule(
            category=str(row["category"]),
            words=words_of(str(row["words"])),
            weight=float(row["weight"]),
            urgency=str(row["urgency"]),
            note=str(row["remark"]),
            active=bool(row["active"]),
        )
        for row in seed_rows(RULES)
    )


@cache
def seeded_bidang_of() -> Mapping[str, str]:
    """Category code to the code of the bidang that handles it."""
    return MappingProxyType({code: category.bidang for code, category in categories().items()})
