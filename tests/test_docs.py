"""
The documentation keeps its word.

Every command in the README's `console` blocks is really executed, in order, in a copy of the tree with a free port and
the embedded register; lines that follow a command must appear in what it prints. Two kinds are not executed:

- `make test` and `make check` would run this very test again: they are checked to be real targets instead;
- the `powershell` block needs Windows: `test_wheel.py` takes the same steps on Linux.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import requests

from automation.configuration.office_settings import default_settings
from automation.reminders.channels.addresses import address_problem
from docs.tables import PAGES, SETTINGS_IN_INDONESIAN, STAFF_COLUMNS_IN_ENGLISH, renewed
from register.settings import SETTINGS
from sheets_schema.columns import Owner
from sheets_schema.register_tab import REGISTER
from tests.running import free_port, wait_until

ROOT = Path(__file__).parents[1]
ENGLISH, INDONESIAN = ROOT / "README.md", ROOT / "README.id.md"
REMINDERS = ROOT / "docs" / "pengingat.md"
MARKDOWN = sorted(p.relative_to(ROOT).as_posix() for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
RECURSIVE = ("make test", "make check")
TYPED = {".venv/bin/aduan password sari": "kata sandi sari\nkata sandi sari\n"}
"""What somebody types when a command asks."""
STOPPED = ("tar ", "make clean", "rm -rf data")
"""Commands before which the README says to stop the program."""
TICKET = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]\b")
STEP_SECONDS = 120
START_SECONDS = 60
FOREIGN = re.compile(r"\b(AI|LLM|chatbot|session|workplace|registry)\b|/work/|/root/|/opt/|pypi\.", re.IGNORECASE)


def commands(page: Path) -> list[tuple[str, list[str]]]:
    """Each command of the page's console blocks, with the lines that it must print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line.removeprefix("$ "), []))
            else:
                found[-1][1].append(line)
    return found


def copy_tree(to: Path) -> None:
    """The tree as a clone would have it, with the installed packages of this one: nothing is downloaded twice."""
    lines = (ROOT / ".gitignore").read_text("utf-8").splitlines()
    ignored = [line.strip("/") for line in lines if line and not line.startswith("#")]
    shutil.copytree(ROOT, to, ignore=shutil.ignore_patterns(".git", *ignored), dirs_exist_ok=True)
    for compiled in ROOT.glob("*/translations/*/LC_MESSAGES/*.mo"):
        shutil.copy2(compiled, to / compiled.relative_to(ROOT))
    (to / ".venv").mkdir()
    for part in ("bin", "lib", "pyvenv.cfg"):
        (to / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    for stamp in ("run.stamp", "test.stamp"):  # newer than everything, so that make installs nothing
        (to / ".venv" / stamp).touch()


class Shell:
    """Runs commands as somebody in the copy would; what keeps running is stopped by its own id."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("ADUAN_", "MAKE", "MFLAGS"))}
        self.environment = plain | {"PORT": str(self.port), "PYTHONPATH": str(folder), "ADUAN_TICK_SECONDS": "1"}
        self.server: subprocess.Popen[bytes] | None = None
        self.ticket = ""

    def run(self, command: str) -> str:
        """What the command prints. An assertion error if it fails."""
        if command.startswith(STOPPED):
            self.stop()
        done = subprocess.run(
            ["/bin/sh", "-c", self._meant(command)],
            cwd=self.folder,
            env=self.environment,
            input=TYPED.get(command, ""),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=STEP_SECONDS,
            start_new_session=True,  # no terminal, so that a password is read from what is typed
        )
        assert done.returncode == 0, f"$ {command}\n{done.stdout}"
        if not self.ticket and (found := TICKET.search(done.stdout)):
            self.ticket = found[0]
        return done.stdout

    def _meant(self, command: str) -> str:
        """The command with this server's port, and the first ticket that was given in place of the example."""
        return command.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}").replace("ABCD-EFGH-J", self.ticket)

    def serve(self, command: str) -> str:
        """Start what serves until it is stopped, and wait until it answers."""
        log = self.folder / "serve.log"
        with log.open("wb") as output:
            self.server = subprocess.Popen(
                ["/bin/sh", "-c", f"exec {command}"],
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        wait_until(lambda: self._register_was_read(log), START_SECONDS, command)
        return log.read_text("utf-8")

    def _register_was_read(self, log: Path) -> bool:
        assert self.server is not None
        assert self.server.poll() is None, log.read_text("utf-8")
        notices = requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).json()
        return notices["register_age_seconds"] is not None

    def stop(self) -> None:
        """As Ctrl+C does: make hands the signal on, and everything that it started ends."""
        if self.server is None:
            return
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(30)
        self.server = None
        wait_until(lambda: not self.answers(), 15, "the server is gone")

    def answers(self) -> bool:
        """Whether anything serves on the port."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).ok
        except requests.ConnectionError:
            return False


@contextmanager
def shell(folder: Path) -> Iterator[Shell]:
    """A shell in a copy of the tree, with nothing left running afterwards."""
    copy_tree(folder)
    opened = Shell(folder)
    try:
        yield opened
    finally:
        opened.stop()


@pytest.mark.program
def test_every_command_of_the_readme_works(tmp_path: Path) -> None:
    """Somebody who types the README from top to bottom gets what it says."""
    with shell(tmp_path) as opened:
        for command, expected in commands(ENGLISH):
            if command in RECURSIVE:
                continue
            said = opened.serve(command) if command == "make run" else opened.run(command)
            lacking = [line for line in expected if line not in said.splitlines()]
            assert not lacking, f"$ {command}\n{said}"
        assert not (tmp_path / "data").exists()
        assert not (tmp_path / ".venv").exists()
        assert (Path(sys.prefix) / "bin" / "python").exists()


@pytest.mark.parametrize("command", RECURSIVE)
def test_commands_that_would_recurse_are_targets(command: str) -> None:
    """They stand in the README, and make knows them; what they run is this suite."""
    assert command in [known for known, _ in commands(ENGLISH)]
    asked = subprocess.run(["make", "-n", *command.split()[1:]], cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert asked.returncode == 0, asked.stderr


def test_both_readmes_have_the_same_commands() -> None:
    """And so the Indonesian one is tested by the English one."""
    assert commands(INDONESIAN) == commands(ENGLISH)


def test_make_explains_every_command() -> None:
    """`make` alone lists each target that is for people, and no two have the same name."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split()
    assert re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE) == phony


@pytest.mark.parametrize("page", PAGES)
def test_generated_tables_are_current(page: str) -> None:
    """Mend with: make docs"""
    text = (ROOT / page).read_text("utf-8")
    assert "<!-- table: " in text
    assert renewed(text) == text, f"A table in {page} is stale. Type: make docs"


def test_translated_tables_name_what_there_is() -> None:
    """A new setting or staff column needs its sentence in docs/tables.py as well."""
    assert list(SETTINGS_IN_INDONESIAN) == [setting.name for setting in SETTINGS]
    assert list(STAFF_COLUMNS_IN_ENGLISH) == [c.key for c in REGISTER.columns if c.owner is Owner.STAFF]


@pytest.mark.parametrize("page", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/**/*.md")))
def test_every_page_is_reachable(page: str) -> None:
    """From the README, CONTRIBUTING or the list of decisions."""
    entries = ("README.md", "CONTRIBUTING.md", "docs/decisions/README.md")
    linked = {target for entry in entries for target in links(ROOT / entry)}
    assert (ROOT / page).resolve() in linked


def test_the_page_on_reminders_tells_each_default() -> None:
    rows = re.findall(r"^\|.*\| ([^|]*`[a-z_]+`) \| ([^|]*) \|$", REMINDERS.read_text("utf-8"), re.MULTILINE)
    told = {
        name: text.strip("`").replace("kosong", "")
        for names, texts in rows
        for name, text in zip(re.findall(r"`(\w+)`", names), texts.split(", "), strict=True)
    }
    assert len(told) == 9
    assert told == {name: default_settings()[name] for name in told}


def test_the_address_on_the_page_on_reminders_means_what_it_says() -> None:
    (address,) = re.findall(r"^ +(mailtos://\S+)$", REMINDERS.read_text("utf-8"), re.MULTILINE)
    parts = urlsplit(address)
    assert address_problem(address) == ""
    assert (unquote(parts.username or ""), unquote(parts.password or "")) == ("aduan@contoh.id", "a@b:c")


@pytest.mark.parametrize("page", MARKDOWN)
def test_relative_links_lead_somewhere(page: str) -> None:
    missing = [target for target in links(ROOT / page) if not target.exists()]
    assert not missing


@pytest.mark.parametrize("page", MARKDOWN)
def test_code_that_pages_name_exists(page: str) -> None:
    """Files in backticks, and the names that stand behind them: `automation/sync/rows.py`, `MASK`."""
    text = (ROOT / page).read_text("utf-8")
    files = set(re.findall(r"`([\w./]+/[\w./]+\.(?:py|toml|po|sh))`", text))
    assert {name for name in files if not (ROOT / name).is_file()} == set()
    for name, said in re.findall(r"`([\w/]+\.py)`?(?:,| \()\s*`(\w+)`", text):
        assert re.search(rf"\b{said}\b", (ROOT / name).read_text("utf-8")), f"{name} has no {said}"


@pytest.mark.parametrize("page", ["README.md", "README.id.md", "CHANGELOG.md", "CONTRIBUTING.md"])
def test_pages_speak_only_of_the_program(page: str) -> None:
    """Not of the places and tools with which somebody happened to write it."""
    assert not FOREIGN.findall((ROOT / page).read_text("utf-8"))


def links(page: Path) -> set[Path]:
    """Where a page's relative links lead."""
    targets = re.findall(r"\]\((?!https?://|#|mailto:)([^)#]+)", page.read_text("utf-8"))
    return {(page.parent / target).resolve() for target in targets}
