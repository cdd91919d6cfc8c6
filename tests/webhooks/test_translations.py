"""Every sentence that a visitor may read exists in English; the code itself is the list of sentences."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract_from_dir

from automation.reports.clock_labels import ANSWER_NAME, EMERGENCY_NAME
from automation.sop.acts import TOO_LATE
from forms.categories import Category, categories
from register.complaint import STATUS_LABELS
from register.figures import (
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

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "webhooks" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
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


def extracted() -> Iterator[str]:
    """Msgids in the code and templates of the two rooms, and in the register's errors."""
    rooms = {
        "forms": [("**.py", "python"), ("**.html", "jinja2")],
        "webhooks": [("**.py", "python")],
        "register": [("tickets.py", "python")],
    }
    for room, methods in rooms.items():
        for _file, _line, msgid, _comments, _context in extract_from_dir(
            ROOT / room, method_map=methods, keywords=KEYWORDS
        ):
            yield str(msgid)
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


def sentences() -> set[str]:
    return {
        *extracted(),
        *STATUS_LABELS.values(),
        *OUTCOME_LABELS.values(),
        *VERDICT_LABELS.values(),
        *EMERGENCY_LABELS.values(),
        *DIMENSION_LABELS.values(),
        *PROCEDURE_LABELS.values(),
        *(PENDING_LABEL, OVERDUE_LABEL, NINTH_DECILE_LABEL, UNDECIDED_LABEL, UNKNOWN_LABEL),
        *(ANSWER_NAME, EMERGENCY_NAME),
        *timeline_labels(),
        *refusals(),
        *stages(),
    } - {""}


def test_every_sentence_is_translated() -> None:
    translated = {entry.msgid for entry in polib.pofile(str(CATALOGUE)) if entry.msgstr and not entry.fuzzy}
    assert sorted(sentences() - translated) == []


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    stale = {entry.msgid for entry in polib.pofile(str(CATALOGUE))} - sentences()
    assert sorted(stale) == []


def test_translations_keep_the_places() -> None:
    for entry in polib.pofile(str(CATALOGUE)):
        assert sorted(PLACES.findall(entry.msgid)) == sorted(PLACES.findall(entry.msgstr)), entry.msgid


@pytest.mark.parametrize("category", categories(), ids=lambda item: item.code)
def test_every_category_has_both_labels(category: Category) -> None:
    assert category.label
    assert category.label_en
    assert category.label != category.label_en
