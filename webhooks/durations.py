"""Lengths of time in the running language. A number never stands on another line than its unit."""

from collections.abc import Iterable, Mapping

from forms.wording import marked
from register.durations import DAY_MINUTES, DAYS, HOURS, MINUTES, MONTHS, WORKING_DAYS, in_units
from webhooks.language import plural

UNIT_WORDS: Mapping[str, str] = {
    MINUTES: marked("%(count)s menit"),
    HOURS: marked("%(count)s jam"),
    WORKING_DAYS: marked("%(count)s hari kerja"),
    DAYS: marked("%(count)s hari"),
    MONTHS: marked("%(count)s bulan"),
}
_AND = " + "
"""Stands between norms of several units that follow one another."""
_NO_BREAK = "\u00a0"


def minutes_words(minutes: int | None, day: int = DAY_MINUTES) -> str:
    """Minutes as people say them, `day` as in `in_units`; "–" for none."""
    return "–" if minutes is None else _said(in_units(minutes, day))


def norm_words(norm: str) -> str:
    """A norm as the office writes it, "10 menit" or "110 menit + 2 hari kerja"; what is none stays as it is."""
    parts = [part.partition(" ") for part in norm.split(_AND)]
    if not all(amount.isdecimal() and unit in UNIT_WORDS for amount, _, unit in parts):
        return norm
    return _said(((int(amount), unit) for amount, _, unit in parts), _AND)


def _said(amounts: Iterable[tuple[int, str]], between: str = " ") -> str:
    return between.join(plural(UNIT_WORDS[unit], amount).replace(" ", _NO_BREAK, 1) for amount, unit in amounts)
