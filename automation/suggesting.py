"""
`aduan suggest`: complaints as JSON Lines in, a line of JSON with the proposed disposition out for each.

In: {"text": …}, and if they like "subject" and "category"; other keys are ignored. Out: `category` (KOSONG where there
is nothing to go on), `bidang`, `urgency`, `restricted`, `confidence`, `explanation`; or `error` with the line's number.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from automation import configuration
from automation.accused import Officer, accused_units, kept_from_accused
from automation.configuration import Configuration
from automation.disposition import Disposition, dispose
from automation.learning import Model, in_force, starting_model
from automation.phrase_rules import Rule
from automation.seeded import seeded_bidang_of, seeded_rules
from sheets_schema.configuration_tabs import BIDANG, OFFICERS
from sheets_schema.seeding import seed_rows

NOTHING = "KOSONG"

Disposer = Callable[[str, str], Disposition]
"""Disposes a text, given what the reporter chose as category, or ""."""


def seeded_disposer() -> Disposer:
    """With the rules, the bidang and the model that a new register starts with."""
    bidang = {str(row["code"]): str(row["name"]) for row in seed_rows(BIDANG)}
    return _disposer(seeded_rules(), seeded_bidang_of(), bidang, (), starting_model())


def register_disposer(remembered: Mapping[str, Any], model: Mapping[str, Any] | None, year: int) -> Disposer:
    """
    With what a register has in force.

    Args:
        remembered: The store's setting `configuration`.
        model: The store's setting `MODEL_SETTING`.
        year: This WITA year.
    """
    rules = remembered_configuration(remembered, year)
    rows = map(dict, configuration.from_json(remembered.get(OFFICERS.title, ())))
    officers = tuple(Officer(row.get("name", ""), row.get("bidang", "")) for row in rows)
    return _disposer(rules.rules, rules.bidang_of, rules.bidang, officers, in_force(model))


def _disposer(
    rules: Sequence[Rule],
    bidang_of: Mapping[str, str],
    bidang: Mapping[str, str],
    officers: Sequence[Officer],
    learned: Model,
) -> Disposer:
    def disposer(text: str, category: str) -> Disposition:
        found = dispose(text, category=category, rules=rules, bidang_of=bidang_of, learned=learned)
        return kept_from_accused(found, accused_units(text, respondent="", officers=officers, bidang=bidang))

    return disposer


def remembered_configuration(remembered: Mapping[str, Any], year: int) -> Configuration:
    """The configuration in force, from the store's setting `configuration`; the seeds where it holds nothing."""
    last_good = {title: configuration.from_json(rows) for title, rows in remembered.items()}
    return configuration.check({}, last_good=last_good, year=year).configuration


@dataclass(frozen=True)
class Answer:
    """A line of the output, without its end."""

    line: str
    failed: bool


class _LineError(ValueError):
    """What is wrong with a line, in Indonesian."""


def answers(lines: Iterable[bytes], disposer: Disposer) -> Iterator[Answer]:
    """An answer for each line as it comes, in order. Blank lines are passed over."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _answer(line, number, disposer)


def _answer(line: bytes, number: int, disposer: Disposer) -> Answer:
    try:
        text, category = _read(line)
    except _LineError as error:
        return Answer(_json({"error": f"baris {number}: {error}"}), failed=True)
    found = disposer(text, category)
    shown = {
        "category": found.category or NOTHING,
        "bidang": found.bidang,
        "urgency": found.urgency,
        "restricted": found.restricted,
        "confidence": found.confidence,
        "explanation": found.explanation,
    }
    return Answer(_json(shown), failed=False)


def _read(line: bytes) -> tuple[str, str]:
    """Text (subject first) and chosen category. Raises: _LineError."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _LineError("bukan teks UTF-8.") from None
    except (ValueError, RecursionError):
        raise _LineError("bukan JSON yang benar.") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise _LineError('harus berupa objek JSON dengan "text" berisi teks.')
    extra = {key: row.get(key) or "" for key in ("subject", "category")}
    if not all(isinstance(value, str) for value in extra.values()):
        raise _LineError('"subject" dan "category" harus berupa teks.')
    return f"{extra['subject']}\n{row['text']}".strip(), extra["category"].upper()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
