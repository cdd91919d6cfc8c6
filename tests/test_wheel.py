"""What is handed out works without this tree: the wheel, installed into an empty venv, run from an empty folder."""

import os
import signal
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import psutil
import pytest
import requests

from tests.running import free_port, wait_until
from tests.test_docs import copy_tree

pytestmark = pytest.mark.wheel
ROOT = Path(__file__).parents[1]
UV = Path(sys.executable).with_name("uv")
STEP_SECONDS = 240
START_SECONDS = 60

CARRIED = (
    "aduan.py",
    "automation/sop/langsung.toml",
    "automation/sop/online.toml",
    "automation/demo_samples.toml",
    "automation/disposition/starting_examples.jsonl",
    "automation/disposition/starting_model.json",
    "commands/present.py",
    "forms/categories.toml",
    "forms/papers/papers.toml",
    "forms/papers/templates/base.typ",
    "forms/templates/step.html",
    "forms/static/*.css",
    "forms/static/*.js",
    "localsheets/grid/templates/*/grid.html",
    "localsheets/grid/static/main.js",
    "localsheets/grid/static/*.css",
    "localsheets/grid/static/*.svg",
    "register/migrations/env.py",
    "register/migrations/script.py.mako",
    "register/migrations/versions/0001_first.py",
    "sheets_schema/seeds/aturan_disposisi.toml",
    "webhooks/translations/en/LC_MESSAGES/messages.mo",
    "aduan-*.dist-info/licenses/LICENSE",
)
"""One of each kind of file that is easily forgotten."""
SOURCES_LEFT_OUT = {".po", ".pot"}


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What a command prints. An assertion error if it fails."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean_environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=STEP_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def clean_environment() -> dict[str, str]:
    """Nothing that leads back to this tree or its venv."""
    led_by = ("ADUAN_", "PYTHON", "VIRTUAL_ENV", "MAKE", "MFLAGS", "PORT")
    return {name: value for name, value in os.environ.items() if not name.startswith(led_by)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a clean copy without compiled translations."""
    folder = tmp_path_factory.mktemp("wheel")
    copy_tree(folder / "tree")
    for compiled in (folder / "tree").glob("**/*.mo"):
        compiled.unlink()
    run(UV, "build", "--wheel", "--python", sys.executable, "--out-dir", folder / "dist", cwd=folder / "tree")
    (built,) = (folder / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `aduan` command in a venv that holds nothing but the wheel and what the lock names."""
    venv = tmp_path_factory.mktemp("venv") / "venv"
    run(UV, "venv", "--python", sys.executable, venv, cwd=venv.parent)
    python, lock = venv / "bin" / "python", ROOT / "requirements.lock"
    run(UV, "pip", "install", "--python", python, "--constraints", lock, wheel, cwd=venv.parent)
    return venv / "bin" / "aduan"


def test_wheel_carries_all_that_is_not_python(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [pattern for pattern in CARRIED if not any(fnmatch(name, pattern) for name in names)] == []


def test_wheel_carries_every_file_of_the_packages(wheel: Path) -> None:
    """A new kind of file must be added to `package-data` in pyproject.toml."""
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]["find"]
    tree = wheel.parents[1] / "tree"
    files = [path for top in packages["include"] for path in tree.glob(f"{top.rstrip('*')}/**/*") if path.is_file()]
    listed = {path.relative_to(tree).as_posix() for path in files}
    carried = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in listed - carried if Path(name).suffix not in SOURCES_LEFT_OUT} == set()


def test_wheel_leaves_the_tests_behind(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert [name for name in names if name.startswith(("tests/", "bench/", "docs/", "data/"))] == []


@pytest.fixture
def served(installed: Path, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """`aduan serve` running in an empty folder; the folder and the port."""
    port, log = free_port(), tmp_path.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            [installed, "serve"],
            cwd=tmp_path,
            env=clean_environment() | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text("utf-8")
        return requests.get(f"http://127.0.0.1:{port}/readyz", timeout=5).ok

    family = psutil.Process(process.pid)
    try:
        wait_until(answers, START_SECONDS, "the installed program answers")
        yield tmp_path, port
    finally:
        children = family.children(recursive=True) if process.poll() is None else []
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _, alive = psutil.wait_procs(children, timeout=20)
        assert not alive


def test_installed_program_registers_the_samples(installed: Path, served: tuple[Path, int]) -> None:
    """As somebody without make does it: `pip install`, `aduan serve`, `aduan demo`."""
    folder, port = served
    said = run(installed, "demo", cwd=folder, PORT=str(port))
    assert "Terdaftar 24 dari 24" in said
    assert (folder / "data" / "aduan.sqlite3").exists()
    page = requests.get(f"http://127.0.0.1:{port}/?lang=en", timeout=10)
    assert "Make a complaint" in page.text, "the compiled translation is in use"
