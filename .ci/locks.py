"""
The lock files agree with pyproject.toml, without asking any registry.

Every dependency is locked, pinned to one version inside its bounds, hashed, and nothing is locked that no dependency
brings; the locks of the program and of its tests pin the same versions. `make lock` mends whatever this finds.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
OURS = "aduan (pyproject.toml)"
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^]]*\])?==(?P<version>[^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Locked:
    """One package of a lock file: its version, whether it is hashed, and what brings it."""

    version: str
    hashed: bool
    via: frozenset[str]


def read_lock(path: Path) -> dict[str, Locked]:
    """The packages of a lock file, by canonical name."""
    text = path.read_text("utf-8")
    starts = [*_ENTRY.finditer(text)]
    ends = [*(entry.start() for entry in starts[1:]), len(text)]
    locked = {}
    for entry, end in zip(starts, ends, strict=True):
        block = text[entry.end() : end]
        via = re.findall(r"^ +# +(?:via )?(\S.*)$", block, re.MULTILINE)
        locked[canonicalize_name(entry["name"])] = Locked(entry["version"], "--hash=" in block, frozenset(via))
    return locked


def wanted(extras: tuple[str, ...]) -> dict[str, Requirement]:
    """What pyproject.toml asks for directly, extras of our own followed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    texts = [*project["dependencies"], *(t for extra in extras for t in project["optional-dependencies"][extra])]
    found = [Requirement(text) for text in texts]
    own = {canonicalize_name(item.name): item for item in found if canonicalize_name(item.name) != project["name"]}
    followed = {extra for item in found if item.name == project["name"] for extra in item.extras}
    return own | (wanted(tuple(followed)) if followed else {})


def problems(name: str, extras: tuple[str, ...]) -> Iterator[str]:
    """What is wrong with a lock file, a sentence each."""
    locked, direct = read_lock(ROOT / name), wanted(extras)
    for package, requirement in direct.items():
        if package not in locked:
            yield f"{name}: {package} is not locked"
        elif not requirement.specifier.contains(locked[package].version, prereleases=True):
            yield f"{name}: {package} {locked[package].version} is outside {requirement.specifier}"
    for package, entry in locked.items():
        if not entry.hashed:
            yield f"{name}: {package} has no hash"
        if any(way.startswith(OURS) for way in entry.via) and package not in direct:
            yield f"{name}: {package} is no longer asked for"


def main() -> int:
    """0 if both locks are in order."""
    run, test = read_lock(ROOT / "requirements.lock"), read_lock(ROOT / "requirements-test.lock")
    found = [*problems("requirements.lock", ()), *problems("requirements-test.lock", ("test",))]
    found += [
        f"requirements-test.lock: {package} is not {entry.version}, as in requirements.lock"
        for package, entry in run.items()
        if package not in test or test[package].version != entry.version
    ]
    for sentence in found:
        print(sentence)
    print("Mend with: make lock" if found else f"Locks are current: {len(run)} packages to run, {len(test)} to test.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
