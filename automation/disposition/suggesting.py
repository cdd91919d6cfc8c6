"""
`aduan suggest`: complaints as JSON Lines in, a line of JSON with the proposed disposition out for each.

In: {"text": …}, and if they like "subject" and "category"; other keys are ignored. Out: `category` (KOSONG where there
is nothing to go on), `bidang`, `urgency`, `restricted`, `confidence`, `explanation`; or `error` with the line's number.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from automation.calendars.explaining_due import rules_for
from automation.disposition.disposing import Disposition
from automation.disposition.learning import in_force
from automation.sop.corrections import proposed
from register.complaint import Intake

NOTHING = "KOSONG"

Disposer = Callable[[str, str], Disposition]
"""Disposes a text, given what the reporter chose as category, or ""."""


def disposer(remembered: Mapping[str, Any] | None, model: Mapping[str, Any] | None, year: int) -> Disposer:
    """
    Disposes as the tick does, with what a register has in force, or what a new one starts with.

    Args:
        remembered: The store's setting `configuration`, None without a register.
        model: The store's setting `MODEL_SETTING`.
        year: This WITA year.
    """
    rules = replace(rules_for(year, remembered), learned=in_force(model))
    return lambda text, category: proposed(Intake(text, category=category), rules)


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
