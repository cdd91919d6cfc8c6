"""
`aduan due`: when a step is due that began at a given instant, and why, for people to read.

Pure: what was typed, the procedures and the configuration come in; the lines to print and a warning go out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from automation.calendars.calendar_source import skb_warning
from automation.calendars.working_time import WITA, due_at
from automation.configuration.checked import check
from automation.configuration.in_force import Configuration, from_json
from automation.errors import ProcedureError, QuestionError
from automation.sop.procedures import Procedure, Step

FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Years about which somebody may ask: Ramadan is computed up to 2076, and nobody lodged a complaint before 2000."""

Remembered = Mapping[str, Sequence[Sequence[Sequence[str]]]]
"""The store's setting `configuration`: rows of the configuration tabs by tab title."""


@dataclass(frozen=True)
class Question:
    """A step of a procedure, and when it began (WITA)."""

    procedure: Procedure
    step: Step
    began: datetime


@dataclass(frozen=True)
class Answer:
    """The lines to print, the deadline in RFC 3339 first; and a warning in Indonesian, or empty."""

    lines: tuple[str, ...]
    warning: str


def read_question(procedures: Mapping[str, Procedure], *, sop: str, step: str, began: str) -> Question:
    """
    What was asked on the command line, as typed; empty texts are what was left out.

    Raises: QuestionError, in one Indonesian sentence, for whichever cannot be read.
    """
    asked = {"--sop": sop, "--step": step, "--from": began}
    if lacking := [name for name, text in asked.items() if not text.strip()]:
        raise QuestionError(
            f"Tambahkan {', '.join(lacking)}, misalnya: aduan due --sop {next(iter(procedures))} --step 5 "
            "--from 2026-03-17T15:45+08:00",
            lacking=lacking,
        )
    procedure = named(procedures, sop)
    number = step.strip()
    if not (number.isascii() and number.isdecimal() and len(number) <= len("999")):
        last = len(procedure.steps)
        raise QuestionError(f"Langkah '{step}' bukan angka. Pilih --step 1 sampai {last}.", found=step)
    try:
        return Question(procedure, procedure.step(int(number)), read_instant(began))
    except ProcedureError as error:
        raise QuestionError(error.message, **dict(error.facts)) from error


def named(procedures: Mapping[str, Procedure], sop: str) -> Procedure:
    """The procedure of that key, as typed. Raises: QuestionError if there is none."""
    procedure = procedures.get(sop.strip().casefold())
    if procedure is None:
        raise QuestionError(f"SOP '{sop}' tidak dikenal. Pilih --sop {' atau '.join(procedures)}.", found=sop)
    return procedure


def read_instant(text: str) -> datetime:
    """
    The instant a text in ISO 8601 means, in WITA; without an offset it is WITA.

    Raises: QuestionError if it is none, or outside the years FIRST_YEAR to LAST_YEAR.
    """
    try:
        read = datetime.fromisoformat(text.strip())
        at = (read if read.tzinfo else read.replace(tzinfo=WITA)).astimezone(WITA)
    except (ValueError, OverflowError):
        raise QuestionError(
            f"Waktu '{text}' tidak terbaca. Tuliskan --from dengan tanggal dan jam, misalnya 2026-03-17T15:45+08:00.",
            found=text,
        ) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise QuestionError(f"Tahun pada --from harus antara {FIRST_YEAR} dan {LAST_YEAR}.", found=text)
    return at


def rules_for(year: int, remembered: Remembered | None) -> Configuration:
    """The remembered configuration with its calendar around a WITA year; the built-in one where there is none."""
    last_good = {title: from_json(rows) for title, rows in (remembered or {}).items()}
    return check({}, last_good=last_good, year=year).configuration


def answer(question: Question, rules: Configuration) -> Answer:
    """
    When that step's own norm is due if the step began then, with the derivation, one phrase a line.

    The norm is the one in force, which staff may have set in place of the decree's.

    Raises: CalendarEndsError.
    Source: design.md, contract of `aduan due`.
    """
    decreed = question.step
    norm = rules.procedures[question.procedure.key].step(decreed.no).norm
    deadline = due_at(question.began, norm, rules.calendar)
    written = decreed.norm_as_written
    worded = written if norm == decreed.norm else f"{norm} menurut Pengaturan ({written} menurut SOP)"
    heading = f"SOP {question.procedure.key}, langkah {decreed.no} ({decreed.short}), norma {worded}:"
    years = range(question.began.year, deadline.at.year + 1)
    return Answer((deadline.at.isoformat(), heading, *deadline.derivation), skb_warning(years, rules.calendar))
