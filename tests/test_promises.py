"""
Promises about the whole program, each kept by a look at all of its code or all of its tables.

Routes are in `tests/webhooks/test_routes.py`; generated documentation and links in `tests/test_docs.py`.
"""

import ast
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from automation.calendars.calendar_source import years_without_skb
from automation.worker import Job, run_guarded
from register.errors import SheetUnavailableError
from register.settings import SETTINGS, TEST_PREFIX
from sheets_schema.columns import Column, Owner, Tab
from sheets_schema.configuration_tabs import CONFIGURATION
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES = sorted({path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"})
SOURCES = [ROOT / "aduan.py", *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py")))]
KEEPS_A_CLOCK = {"commands/present.py", "localsheets/storage/shelf.py"}
"""The edges at which the present is read; everything else is handed it."""
CLOCKS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime", "strftime"},
}
SAID_BY_THEIR_HEADER = {"Bidang", "Keterangan", "Kode", "Nama", "Nama Bidang", "Nilai"}
"""Headers of configuration columns that need no further help."""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def calls_of_a_clock(tree: ast.AST) -> Iterator[int]:
    """Lines on which the present is read. `time.monotonic` is no clock: it measures how long something takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS.get(_last_name(node.value), ()):
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for item in node.names if item.name in CLOCKS["time"])


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@cache
def imported(tree: ast.AST) -> frozenset[str]:
    """The top names of everything that a module imports."""
    nodes = list(ast.walk(tree))
    plain = {item.name for node in nodes if isinstance(node, ast.Import) for item in node.names}
    of_parts = {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    return frozenset(name.split(".")[0] for name in plain | of_parts)


@cache
def parsed(path: Path) -> ast.AST:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


# -- clock and chance -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()", "from time import time"],
)
def test_a_clock_is_recognised(source: str) -> None:
    assert list(calls_of_a_clock(ast.parse(source))) == [1]


def test_nobody_reads_the_clock_but_the_edges() -> None:
    """Rules are handed `now`, so that every deadline can be tested and explained."""
    readers = {name_of(path) for path in SOURCES if any(calls_of_a_clock(parsed(path)))}
    assert readers == KEEPS_A_CLOCK


def test_nothing_is_left_to_chance_that_can_be_guessed() -> None:
    """Tickets and tokens are secrets: they come from `secrets`, and nothing else needs chance."""
    assert [name_of(path) for path in SOURCES if "random" in imported(parsed(path))] == []


# -- the spreadsheet --------------------------------------------------------------------------------------------------


def test_no_text_is_ever_parsed_by_the_spreadsheet() -> None:
    """
    What a citizen wrote is never a formula: only the embedded server, which implements it, names USER_ENTERED, and only
    the tab Dasbor, whose formulas are ours, has any.
    """
    naming = {name_of(path) for path in SOURCES if re.search("USER_ENTERED|formulaValue", path.read_text("utf-8"))}
    assert {name for name in naming if not name.startswith("localsheets/")} == {"sheets_schema/dashboard.py"}


@pytest.mark.parametrize("tab", [REGISTER, *CONFIGURATION], ids=lambda tab: tab.title)
def test_every_column_has_an_owner_and_help(tab: Tab) -> None:
    for column in tab.columns:
        assert isinstance(column.owner, Owner)
        assert column.help or (tab in CONFIGURATION and column.header in SAID_BY_THEIR_HEADER), column.header


@pytest.mark.parametrize("tab", [REGISTER, *CONFIGURATION], ids=lambda tab: tab.title)
def test_headers_and_keys_are_unique(tab: Tab) -> None:
    """Columns are found by their header, whatever its capital letters; former ones count as well."""
    headers = [name.casefold() for column in tab.columns for name in (column.header, *column.formerly)]
    assert len(set(headers)) == len(headers)
    assert len({column.key for column in tab.columns}) == len(tab.columns)


def test_choices_come_from_columns_that_exist() -> None:
    tabs = {tab.title: tab for tab in (REGISTER, *CONFIGURATION)}
    borrowed = [column.choices_from for tab in tabs.values() for column in tab.columns if column.choices_from]
    for place in borrowed:
        title, key = place.split("!")
        assert isinstance(tabs[title].column(key), Column)


# -- settings ---------------------------------------------------------------------------------------------------------


def test_every_setting_is_explained_and_its_default_is_right() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith("."), setting.name
        assert setting.problem(setting.default) == "", setting.name
    assert len({setting.key for setting in SETTINGS}) == len(SETTINGS)


def test_no_setting_hides_in_the_code() -> None:
    """Every ADUAN_… that the program mentions is in the one table, and so in the documentation."""
    known = {setting.name for setting in SETTINGS} | {TEST_PREFIX}
    mentioned = {name for path in SOURCES for name in re.findall(r"ADUAN_[A-Z0-9_]+", path.read_text("utf-8"))}
    assert mentioned - known == set()


# -- jobs -------------------------------------------------------------------------------------------------------------


def test_only_the_worker_schedules() -> None:
    assert [name_of(path) for path in SOURCES if "schedule" in imported(parsed(path))] == ["automation/worker.py"]


def test_every_job_runs_inside_the_wrapper() -> None:
    """`.do(run_guarded, …)` is the one way onto the schedule."""
    done = [
        node
        for node in ast.walk(parsed(ROOT / "automation" / "worker.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "do"
    ]
    assert [ast.unparse(call.args[0]) for call in done] == ["run_guarded"]


@pytest.mark.parametrize(
    ("error", "event"),
    [(ValueError("Ibu Contoh, 0812"), "job_failed"), (SheetUnavailableError("Tidak ada."), "register_unreachable")],
)
def test_the_wrapper_logs_a_failing_job_without_a_word_of_what_people_wrote(error: Exception, event: str) -> None:
    def fail(_now: datetime) -> None:
        raise error

    with capture_logs() as logged:
        run_guarded(Job("tick", 2, fail), lambda: MOMENT)
    assert [(entry["event"], entry["job"]) for entry in logged] == [(event, "tick")]
    assert "Ibu Contoh" not in str(logged)


# -- holidays ---------------------------------------------------------------------------------------------------------


def this_year() -> int:
    """ADUAN_TEST_YEAR, or the year of the commit: so the same commit passes or fails on every day."""
    if given := os.environ.get("ADUAN_TEST_YEAR"):
        return int(given)
    if shutil.which("git") is None:
        return MOMENT.year
    asked = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True)
    return datetime.fromtimestamp(int(asked.stdout or MOMENT.timestamp()), UTC).year


def test_holidays_are_known_until_the_end_of_next_year() -> None:
    """The government announces them in the autumn before; a deadline in January needs them in December."""
    year = this_year()
    assert not years_without_skb([year, year + 1]), (
        f"No collective leave is known for {years_without_skb([year, year + 1])}. Raise the package `holidays` in "
        "pyproject.toml and type `make lock`; until it has the new list, staff type the dates into the tab Hari Libur."
    )


# -- what is handed out -----------------------------------------------------------------------------------------------


def test_every_package_is_in_the_wheel_checked_and_bounded() -> None:
    tools = PROJECT["tool"]
    assert sorted(p.rstrip("*") for p in tools["setuptools"]["packages"]["find"]["include"]) == PACKAGES
    assert sorted(tools["importlinter"]["root_packages"]) == PACKAGES
    assert sorted(tools["mypy"]["files"]) == sorted([*PACKAGES, "aduan.py"])


def test_every_folder_of_code_is_a_package() -> None:
    """A folder without `__init__.py` is left out of the wheel without a word."""
    assert [
        name_of(path) for path in SOURCES if not (path.parent / "__init__.py").exists() and path.parent != ROOT
    ] == []


def test_every_kind_of_data_is_in_the_wheel() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["*"]
    files = [path for package in PACKAGES for path in (ROOT / package).rglob("*.*") if "__pycache__" not in path.parts]
    kinds = {f"*{path.suffix}" for path in files} - {"*.py"}
    assert kinds - set(patterns) == set()


def test_every_library_has_its_reason() -> None:
    """Of `pyproject.toml`, in docs/decisions/0002-libraries.md, and none there that is gone."""
    record = (ROOT / "docs" / "decisions" / "0002-libraries.md").read_text("utf-8").casefold()
    rows = re.findall(r"^\| (?!to |---)([^|]+) \|", record, re.MULTILINE)
    explained = {name.strip() for row in rows for name in row.split(",")}
    extras = PROJECT["project"]["optional-dependencies"]
    asked = [*PROJECT["project"]["dependencies"], *(text for extra in extras.values() for text in extra)]
    wanted = {re.split(r"[\[<>=]", text)[0].casefold() for text in asked} - {"aduan"}
    assert explained == wanted


def test_every_library_is_used() -> None:
    """One that nobody imports any more is one that the office installs for nothing."""
    modules = {
        "flask-babel": "flask_babel",
        "flask-limiter": "flask_limiter",
        "google-auth": "google",
        "imap-tools": "imap_tools",
        "lokal-id": "lokal",
        "manimgx-fonts": "manimgx_fonts",
        "pi-heif": "pi_heif",
        "pillow": "PIL",
        "python-docx": "docx",
        "python-stdnum": "stdnum",
        "scikit-learn": "sklearn",
    }
    without_import = {"tzdata"}
    used = {name for path in SOURCES for name in imported(parsed(path))}
    asked = {re.split(r"[\[<>=]", text)[0].casefold() for text in PROJECT["project"]["dependencies"]}
    assert {name for name in asked - without_import if modules.get(name, name) not in used} == set()


def test_the_build_script_can_be_run() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
