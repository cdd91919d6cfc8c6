"""
Find and replace by regular expression, in a process of its own: one that never ends can be ended from outside.

Reads JSON (`pattern`, `replacement` or null, `ignore_case`, `whole`, `texts`, `cell_room`, `room`) and writes `found`:
for each text that has the pattern its place, what becomes of it, and how many times the pattern was found; or `error`,
or `too_long`. Run as a file, so that it needs nothing but Python.
"""

import json
import re
import sys
from collections.abc import Callable

_REFERENCE = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)
MOST_MEMORY = 512 << 20
"""Bytes."""
MOST_CPU_SECONDS = 5
Found = tuple[int, str, int]
"""The place of a text, what becomes of it, and how many times the pattern was found."""


class TooLongError(Exception):
    """What comes out is longer than there is room for."""


def expanded(replacement: str, match: "re.Match[str]") -> str:
    """The replacement with `$1` and `${name}` filled in, in Java's way; `\\$` is a dollar sign."""

    def one(reference: "re.Match[str]") -> str:
        escaped, number, name = reference.groups()
        if escaped is not None:
            return str(escaped)
        return match.group(int(number) if number else name) or ""

    return _REFERENCE.sub(one, replacement)


def substituted(
    pattern: "re.Pattern[str]", text: str, made: Callable[["re.Match[str]"], str], whole: bool, room: int
) -> tuple[str, int]:
    """
    The text with every match replaced, and their number; `whole`: it must match from its first to its last letter.

    Raises: TooLongError as soon as it is longer than `room` characters.
    """
    matches = [match] if whole and (match := pattern.fullmatch(text)) else [] if whole else pattern.finditer(text)
    pieces, length, end, count = [], 0, 0, 0
    for match in matches:
        piece = text[end : match.start()] + made(match)
        pieces.append(piece)
        length, end, count = length + len(piece), match.end(), count + 1
        if length > room:
            raise TooLongError
    if count and length + len(text) - end > room:
        raise TooLongError
    return "".join([*pieces, text[end:]]), count


def all_found(
    pattern: "re.Pattern[str]",
    texts: list[str],
    made: Callable[["re.Match[str]"], str] | None,
    *,
    whole: bool,
    cell_room: int,
    room: int,
) -> list[Found]:
    """
    The texts that match; without `made` they stay as they are.

    Raises: TooLongError for one that becomes longer than `cell_room` characters, or all together than `room`.
    """
    found: list[Found] = []
    for place, text in enumerate(texts):
        if made is None:
            if pattern.fullmatch(text) if whole else pattern.search(text):
                found.append((place, text, 1))
            continue
        new, count = substituted(pattern, text, made, whole, cell_room)
        room -= len(new) if count else 0
        if room < 0:
            raise TooLongError
        if count:
            found.append((place, new, count))
    return found


def _limit() -> None:
    """Memory and time of this process; not every system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))


def main() -> None:
    """One task from standard input to standard output."""
    _limit()
    try:
        task = json.load(sys.stdin)
        pattern = re.compile(task["pattern"], re.IGNORECASE if task["ignore_case"] else 0)
        put = task["replacement"]
        made = None if put is None else lambda match: expanded(put, match)
        rooms = {name: task[name] for name in ("cell_room", "room")}
        told: dict[str, object] = {"found": all_found(pattern, task["texts"], made, whole=task["whole"], **rooms)}
    except (TooLongError, MemoryError):
        told = {"too_long": True}
    except (re.error, IndexError, RecursionError, OverflowError) as error:
        told = {"error": str(error)}
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main()
