"""
Find and replace by regular expression, in a process of its own: one that never ends can be ended from outside.

Reads JSON (`pattern`, `replacement`, `ignore_case`, `whole`, `texts`) and writes, for each text, what becomes of it and
how many times the pattern was found; or `error`. Run as a file, so that it needs nothing but Python.
"""

import json
import re
import sys

_REFERENCE = re.compile(r"\\(.)|\$(\d)|\$\{(\w+)\}", re.DOTALL)


def expanded(replacement: str, match: "re.Match[str]") -> str:
    """The replacement with `$1` and `${name}` filled in, in Java's way; `\\$` is a dollar sign."""

    def one(reference: "re.Match[str]") -> str:
        escaped, number, name = reference.groups()
        if escaped is not None:
            return str(escaped)
        return match.group(int(number) if number else name) or ""

    return _REFERENCE.sub(one, replacement)


def main() -> None:
    """One task from standard input to standard output."""
    task = json.load(sys.stdin)
    try:
        pattern = re.compile(task["pattern"], re.IGNORECASE if task["ignore_case"] else 0)
        whole = [not task["whole"] or pattern.fullmatch(text) for text in task["texts"]]
        count = 1 if task["whole"] else 0
        told = [
            pattern.subn(lambda match: expanded(task["replacement"], match), text, count) if fits else (text, 0)
            for text, fits in zip(task["texts"], whole, strict=True)
        ]
    except (re.error, IndexError, RecursionError, OverflowError) as error:
        json.dump({"error": str(error)}, sys.stdout)
    else:
        json.dump({"texts": told}, sys.stdout)


if __name__ == "__main__":
    main()
