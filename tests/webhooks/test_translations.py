"""Every sentence that a visitor may read exists in English; the code itself is the list of sentences."""

import ast
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import polib
import pytest
from babel.messages.extract import extract_from_dir

from automation.sop.acts import TOO_LATE
from forms.categories import Category, categories
from register.complaint import STATUS_LABELS
from register.figures import (
    CLOCK_LABELS,
    DIMENSION_LABELS,
    EMERGENCY_LABELS,
    NINTH_DECILE_LABEL,
    OUTCOME_LABELS,
    OVERDUE_LABEL,
    PENDING_LABEL,
    PROCEDURE_LABELS,
    UNDECIDED_LABEL,
    UNKNOWN_LABEL,
    VERDICT_LABELS,
)
from webhooks.desk_finding import _THERE_ARE
from webhooks.durations import UNIT_WORDS

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "webhooks" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "plural": None,
    "marked": None,
    "RefusedError": (2,),
    "Problem": (3,),
    "InvalidTicketError": None,
    "TicketNotFoundError": None,
    "BadJsonError": None,
    "WrongContentTypeError": None,
    "BadIdempotencyKeyError": None,
    "NoRegisterError": None,
}
PLACES = re.compile(r"%\([a-z]+\)s")


def extracted(keywords: Mapping[str, Any] = KEYWORDS) -> Iterator[str]:
    """Msgids in the code and templates of the two rooms, and in the register's errors."""
    rooms = {
        "forms": [("**.py", "python"), ("**.html", "jinja2")],
        "webhooks": [("**.py", "python")],
        "register": [("tickets.py", "python")],
    }
    for room, methods in rooms.items():
        for _file, _line, msgid, _comments, _context in extract_from_dir(
            ROOT / room, method_map=methods, keywords=keywords
        ):
            yield str(msgid)


def of_errors() -> Iterator[str]:
    """What some errors say that are raised far from pages."""
    yield "Nomor tiket ini tidak ditemukan. Mohon periksa kembali tanda terima Anda."
    yield (
        "Kunci pengiriman ini sudah dipakai untuk pengaduan dengan isi yang berbeda. "
        "Pakai kunci baru untuk pengaduan baru."
    )
    yield "Pengaduan belum dapat diterima. Perbaiki kolom yang disebut di bawah ini."


def timeline_labels() -> Iterator[str]:
    """What the rooms that make events call them on the timeline: constants named `…_LABEL`, and the acts' data."""
    for path in [*ROOT.glob("automation/**/*.py"), *ROOT.glob("register/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
                names = [target.id for target in node.targets if isinstance(target, ast.Name)]
                if any(name.endswith("_LABEL") for name in names):
                    yield str(node.value.value)
    for path in ROOT.glob("automation/sop/*.toml"):
        yield from (act.get("timeline", "") for act in tomllib.loads(path.read_text("utf-8")).get("act", []))


def refusals() -> Iterator[str]:
    """Why reporters may not do something now, as their pages say."""
    for path in ROOT.glob("automation/sop/*.toml"):
        for act in tomllib.loads(path.read_text("utf-8")).get("act", []):
            if "reporter" in act["by"]:
                yield act["refusal"]
    yield TOO_LATE


def stages() -> Iterator[str]:
    """The steps of both SOPs as the status page names them, such as `6. Menindaklanjuti`."""
    for path in ROOT.glob("automation/sop/*.toml"):
        for step in tomllib.loads(path.read_text("utf-8")).get("step", []):
            yield f"{step['no']}. {step['short']}"


def promises() -> Iterator[str]:
    """How one came, and what was promised then, as the public's statistics say."""
    told = tomllib.loads((ROOT / "automation" / "reports" / "promises.toml").read_text("utf-8"))
    for steps in told.values():
        for label in steps.values():
            yield from label.split(": ", 1)


def sentences() -> set[str]:
    return {
        *extracted(),
        *of_errors(),
        *STATUS_LABELS.values(),
        *OUTCOME_LABELS.values(),
        *VERDICT_LABELS.values(),
        *EMERGENCY_LABELS.values(),
        *DIMENSION_LABELS.values(),
        *PROCEDURE_LABELS.values(),
        *(PENDING_LABEL, OVERDUE_LABEL, NINTH_DECILE_LABEL, UNDECIDED_LABEL, UNKNOWN_LABEL),
        *CLOCK_LABELS.values(),
        *timeline_labels(),
        *refusals(),
        *stages(),
        *promises(),
    } - {""}


def said(entry: polib.POEntry) -> list[str]:
    """In English: once, or of one and of many."""
    return [*entry.msgstr_plural.values()] or [entry.msgstr]


def test_every_sentence_is_translated() -> None:
    translated = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if all(said(entry)) and not entry.fuzzy}
    assert sorted(sentences() - translated) == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    stale = {entry.msgid for entry in polib.pofile(str(CATALOGUE))} - sentences()
    assert sorted(stale) == []


def test_translations_keep_the_places() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        for english in said(entry):
            assert sorted(PLACES.findall(entry.msgid)) == sorted(PLACES.findall(english)), entry.msgid


def test_what_is_said_of_one_and_of_many_is_counted() -> None:
    """A sentence with two forms is found by its number alone, and one with a single form without."""
    both = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if len(said(entry)) == 2}
    counted = {*extracted({"plural": None}), _THERE_ARE, *UNIT_WORDS.values()}
    assert both == counted
    assert both.isdisjoint(extracted({"gettext": None, "_": None}))


@pytest.mark.parametrize("category", categories(), ids=lambda item: item.code)
def test_every_category_has_both_labels(category: Category) -> None:
    assert category.label
    assert category.label_en
    assert category.label != category.label_en
