"""A file's name as people may see it again: to recognise the file by, never to open one."""

import re
from pathlib import PurePosixPath

from forms.attachments.refusals import refusal
from forms.plain_text import clean_text, showable

LONGEST = 80
NAMELESS = "berkas"
_PATH = re.compile(r"[/\\\x00]|^\.\.?$")


def display_name(name: str) -> str:
    """
    The name without controls, blanks in rows, or more letters than fit; its ending is kept.

    Raises: RefusedError for a path: browsers send names alone, so somebody means the file to land elsewhere.
    """
    if _PATH.search(name):
        raise refusal("bad_name")
    return _shortened(clean_text(showable(name), lines=False)) or NAMELESS


def harmless_name(name: str) -> str:
    """Any name, fit to be shown in an error."""
    last = re.split(r"[/\\]", showable(name))[-1]
    return _shortened(clean_text(last, lines=False).strip(".")) or NAMELESS


def _shortened(name: str) -> str:
    if len(name) <= LONGEST:
        return name
    suffix = PurePosixPath(name).suffix[:10]
    return name[: LONGEST - len(suffix) - 1] + "…" + suffix
