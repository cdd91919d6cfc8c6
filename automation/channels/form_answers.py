"""
The answers of a Google Form, as our fields: by the questions' titles, which office staff word as they like. Pure.

What fits no field, or cannot be read, is left over: it goes below the description, so that nothing is lost.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from automation.calendars.indonesian_dates import month_number
from forms.categories import categories
from forms.field_kinds import Field, Kind, Privacy
from forms.fields import FIELD, FIELDS
from forms.plain_text import clean_text, showable
from forms.validation import check
from register.complaint import WITA, Intake

_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_NOT_WORDS = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^\s*\d+[a-z]?[.)]\s*")
_WHERE_THERE_IS_ONE = re.compile(r"\b(bapak ibu|(jika|bila|kalau|apabila) ada)\b")
_DENIED = re.compile(r"\b(tidak|bukan|tanpa(?! nama)|jangan|no|not)\b")
_DAY = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})\b")
_NAMED_DAY = re.compile(r"(\d{1,2}) ([^\W\d]+) (\d{4})|([^\W\d]+) (\d{1,2}),? (\d{4})")
_TIME = re.compile(r"[ ,T]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\s?([AP])\.?M\.?)?", re.IGNORECASE)
_WITHHELD = "(lihat jawaban formulir)"


@dataclass(frozen=True)
class Answer:
    """One question and what was answered; `field` is ours that it asks for, None if it is none."""

    question: str
    text: str
    field: Field | None = None

    @property
    def identifies(self) -> bool:
        """Whether it tells who the reporter is."""
        return self.field is not None and self.field.privacy is Privacy.IDENTITY


@dataclass(frozen=True)
class Reading:
    """
    A submission as our fields.

    Args:
        data: Values by field name, for `forms.validation.check`.
        answers: Everything that was answered, in order.
        left: What is not, or not rightly, in `data`.
    """

    data: Mapping[str, object]
    answers: tuple[Answer, ...]
    left: tuple[Answer, ...]

    @property
    def hidden(self) -> bool:
        """Whether the reporter wants not to be known."""
        return bool(self.data.get("confidential") or self.data.get("anonymous"))

    def lines(self, answers: Iterable[Answer]) -> str:
        """Questions with their answers, without who the reporter is if nobody shall know."""
        anonymous = bool(self.data.get("anonymous"))
        told = [each for each in answers if not (anonymous and each.identifies)]
        return "\n".join(
            f"{each.question}: {_WITHHELD if each.identifies and self.hidden else each.text}" for each in told
        )

    def without(self, names: Iterable[str]) -> "Reading":
        """The same with these fields' answers left over."""
        gone = frozenset(names)
        moved = tuple(each for each in self.answers if each.field and each.field.name in gone and each not in self.left)
        return Reading({k: v for k, v in self.data.items() if k not in gone}, self.answers, (*self.left, *moved))


def read_answers(asked: Iterable[tuple[str, str]], *, month_first: bool = False) -> Reading:
    """
    What questions and answers say, blank answers left out.

    Args:
        month_first: Whether the form's spreadsheet writes dates as `11/23/2026`.
    """
    data: dict[str, object] = {}
    answers: list[Answer] = []
    left: list[Answer] = []
    for title, text in asked:
        question = " ".join(title.split())
        answer = Answer(question, clean_text(showable(text), lines=True), _field(question, text))
        if not answer.text or is_stamp(title):
            continue
        answers.append(answer)
        if not _take(answer, data, month_first):
            left.append(answer)
    return Reading(data, tuple(answers), tuple(left))


def is_stamp(title: str) -> bool:
    """Whether that is Google's own column for the instant of sending."""
    return _key(title) in _titles()["stamps"]


def intake_of(reading: Reading, today: date) -> Intake | None:
    """
    The complaint that it makes; None if it cannot be one, as without a name, a contact or anything to go by.

    What is wrong in a field that may stay empty goes below the description instead.
    """
    for _ in FIELDS if _tells(reading) else ():
        description = "\n\n".join(filter(None, (str(reading.data.get("description", "")), reading.lines(reading.left))))
        checked = check({**reading.data, "description": description}, today=today)
        bad = {_given(problem.field, reading.data) for problem in checked.problems} - {"description", ""}
        if not bad:
            return checked.intake
        reading = reading.without(bad)
    return None


def _tells(reading: Reading) -> bool:
    """Whether the story, or where no question asks for it any answer beyond our fields, says more than a word."""
    story = FIELD["description"]
    told = [each for each in reading.answers if each.field is story] or [e for e in reading.answers if e.field is None]
    return any(len(each.text) >= story.shortest for each in told)


def sent_at(stamp: str, near: datetime) -> tuple[datetime | None, bool]:
    """
    The instant that Google's own column tells, in WITA, and whether it is written with the month first.

    Of the two ways to read `5/6/2026 9:00` the one is meant that is nearer to `near`, an aware instant.
    """
    day, time = _DAY.match(stamp.strip()), _TIME.search(stamp)
    if day is None or time is None:
        return None, False
    hour = int(time[1]) % 12 + 12 * (time[4].upper() == "P") if time[4] else int(time[1])
    found = []
    for month_first in (False, True):
        on = _numbers(day, month_first=month_first, strict=True)
        if on is not None and hour < 24 and int(time[2]) < 60 and int(time[3] or 0) < 60:
            at = datetime(on.year, on.month, on.day, hour, int(time[2]), int(time[3] or 0), tzinfo=WITA)
            found.append((abs(at - near), month_first, at))
    if not found:
        return None, False
    _distance, month_first, at = min(found)
    return at, month_first


def _take(answer: Answer, data: dict[str, object], month_first: bool) -> bool:
    """Put it into `data`. False if it has to be left over."""
    field = answer.field
    if field is None:
        return False
    if field.kind is Kind.FLAG:
        wish = _wish(field.name, answer.text)
        if wish != "open":
            data[wish or "confidential"] = True  # not understood: rather too careful than too open
        return bool(wish)
    value = _value(field, answer.text, month_first)
    return data.setdefault(field.name, value) == value


def _value(field: Field, text: str, month_first: bool) -> str:
    if field.kind is Kind.DATE:
        return _iso(text, month_first)
    return _category(text) if field.kind is Kind.CATEGORY else text


def _given(field: str, data: Mapping[str, object]) -> str:
    """The answered field that is to blame: of a village in several kecamatan, the village. Empty if there is none."""
    if field in data:
        return field
    return "village" if field == "district" and "village" in data else ""


# -- titles -----------------------------------------------------------------------------------------------------------


def _field(title: str, answer: str) -> Field | None:
    key = _key(title)
    name = _titles()["fields"].get(key, "")
    if not name and re.search(r"rahasia", key):
        name = "confidential"
    if not name and re.search(r"\b(anonim|tanpa nama)\b", key) and _wish("anonymous", answer):
        name = "anonymous"
    return FIELD.get(name)


def _key(title: str) -> str:
    """A title without what office staff vary."""
    plain = _NOT_WORDS.sub(" ", _BRACKETS.sub(" ", _NUMBERING.sub("", title.casefold()))).strip()
    words = _WHERE_THERE_IS_ONE.sub(" ", plain).split()
    return " ".join(word for word in words if word not in _listed()["fillers"]) or plain


@cache
def _listed() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "form_titles.toml").read_text("utf-8"))


@cache
def _titles() -> dict[str, Any]:
    """Field names by every title that stands for them, those of forms/fields.py first."""
    known = {_key(title): f.name for f in FIELDS for title in (f.name, f.label, f.on_paper, *f.titles)}
    more = {_key(title): name for name, titles in _listed()["titles"].items() for title in titles}
    return {"fields": more | known, "stamps": {_key(title) for title in _listed()["stamps"]}}


# -- answers ----------------------------------------------------------------------------------------------------------


def _wish(flag: str, text: str) -> str:
    """`anonymous`, `confidential` or `open`; empty if it cannot be told."""
    key = _key(text)
    if key in _listed()["answers"]["no"]:
        return "open"
    if key in _listed()["answers"]["yes"]:
        return flag
    if _DENIED.search(key):
        return "open" if flag == "anonymous" and key.startswith(("tidak", "no")) else ""
    if re.search(r"\b(anonim|tanpa nama)\b", key):
        return "anonymous"
    return "confidential" if "rahasia" in key else ""


def _category(text: str) -> str:
    """The code of the category that is meant, or the text."""
    return _category_names().get(_key(text), text)


@cache
def _category_names() -> Mapping[str, str]:
    return {_key(name): item.code for item in categories() for name in _names(item.label, item.label_en, item.code)}


def _names(*labels: str) -> Iterator[str]:
    """The labels, then what stands in their brackets."""
    for label in labels:
        for inside in _BRACKETS.findall(label):
            yield from inside.split(",")
    yield from labels


def _iso(text: str, month_first: bool) -> str:
    """A date as people and Google write it, in ISO order; anything else unchanged."""
    plain = " ".join(text.split())
    day, named = _DAY.match(plain), _NAMED_DAY.search(plain)
    on = _numbers(day, month_first=month_first) if day else None
    if named:
        number, month, year = named.group(1, 2, 3) if named[1] else named.group(5, 4, 6)
        on = _date(int(year), month_number(month), int(number))
    return on.isoformat() if on else text


def _numbers(day: re.Match[str], *, month_first: bool, strict: bool = False) -> date | None:
    """`strict` takes the order as told; otherwise the other one counts where only that makes a date."""
    first, second, third = (int(number) for number in day.groups())
    if len(day[1]) == 4:
        return _date(first, second, third)
    year = third + 2000 if third < 100 else third
    orders = [_date(year, first, second), _date(year, second, first)]
    if not month_first:
        orders.reverse()
    return orders[0] if strict else orders[0] or orders[1]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
