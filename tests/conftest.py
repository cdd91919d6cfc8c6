"""
What holds for every test: the order they run in, how long properties search, compiled translations, and that every
answer of a Sheets server in this process is one that Google could have given.

`ADUAN_TEST_SCALE=full` (`make soak`) lets properties search longer; a test that sets its own number scales it itself.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import settings
from werkzeug.routing import Rule

from tests.recording import RECORD

ROOT = Path(__file__).parents[1]
SLOW = (
    "long",
    "store",
    "sheets",
    "office",
    "search",
    "program",
    "postgres",
    "browser",
    "fault",
    "wheel",
    "year",
    "alone",
)
"""Marks of slow tests; one that has several counts as the last of them."""
BY_FIXTURE = {
    **dict.fromkeys(
        ("store", "database", "empty_database", "engine", "opened", "settings", "desk", "newsroom", "counter"), "store"
    ),
    **dict.fromkeys(("server", "serve", "running"), "sheets"),
    "office": "office",
    "taught": "program",
}
"""Fixtures that make a test a slow one: databases, spreadsheet servers over HTTP, a whole office, a trained model."""
TOGETHER = ("program", "postgres", "browser", "wheel")
"""Of these the tests of a file stay in one process: what they share takes long to start."""

settings.register_profile("bounded", max_examples=60, deadline=None)
settings.register_profile("full", max_examples=1000, deadline=None)
settings.load_profile("full" if os.environ.get("ADUAN_TEST_SCALE") == "full" else "bounded")


def _address_builders_kept() -> None:
    """
    Tests build hundreds of applications of the same hundred addresses, and compiling what builds an address is most of
    what an application costs. What was compiled holds only what the address says, so equal rules may share it.
    """
    compile_anew, kept = Rule._compile_builder, {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), append_unknown)
        if key not in kept:
            kept[key] = compile_anew(rule, append_unknown)
        return kept[key]

    Rule._compile_builder = compile_once


_address_builders_kept()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """
    Quick tests first, so that a mistake shows within seconds; of the slow ones the longest first, so that no process
    is left alone with it at the end. Sorting is stable, so files stay together.
    """
    for item in items:
        for fixture in BY_FIXTURE.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(BY_FIXTURE[fixture])
    items.sort(key=lambda item: -_slowness(item) % (len(SLOW) + 1))
    for item in items:
        if place := _slowness(item):
            item.add_marker("slow")
            if SLOW[place - 1] in TOGETHER:
                item.add_marker(pytest.mark.xdist_group(f"{SLOW[place - 1]} {item.path.name}"))


@pytest.fixture(autouse=True)
def _as_google_would(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails if a Sheets server answered, or our gateway sent, what the discovery documents do not know."""
    yield
    found = RECORD.take()
    if found:
        pytest.fail("not as in Google's discovery documents:\n  " + "\n  ".join(found[:20]), pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tables whose lines tests recorded (`record_property(title, line)`), whichever process they ran in."""
    lines: dict[str, list[str]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for title, line in report.user_properties if report.when == "call" else ():
            lines.setdefault(title, []).append(str(line))
    for title, found in lines.items():
        terminalreporter.section(title)
        terminalreporter.write("\n".join([*found, ""]))


def _slowness(item: pytest.Item) -> int:
    """0 for a quick test; the place of the slowest of its marks otherwise."""
    return max((place for place, mark in enumerate(SLOW, start=1) if item.get_closest_marker(mark)), default=0)


def pytest_sessionstart() -> None:
    """Translations are compiled as the build does it, where they are missing or older than their source."""
    for source in ROOT.glob("*/translations/*/LC_MESSAGES/*.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            _compile(source, compiled)


def _compile(source: Path, compiled: Path) -> None:
    draft = compiled.with_name(f"{compiled.name}.{os.getpid()}")
    with source.open("rb") as text, draft.open("wb") as target:
        write_mo(target, read_po(text, locale=source.parts[-3]))
    draft.replace(compiled)
