"""Which papers there are, and what stands on each; `papers.toml` is the list."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any


class Paper(StrEnum):
    """A paper by its key in `papers.toml`, which is also its name on the command line."""

    COMPLAINT = "formulir-pengaduan"
    DISPOSITION = "formulir-penyaluran"
    SETTLEMENT = "formulir-penyelesaian"
    CLOSING = "berita-acara"
    REPORT = "laporan"
    RECEIPT = "tanda-terima"
    RECEIPT_A4 = "tanda-terima-a4"
    RECEIPT_SLIP = "tanda-terima-80mm"


EDITABLE = (Paper.DISPOSITION, Paper.SETTLEMENT)
"""Those that offices also edit as Word files."""


class Shown(StrEnum):
    """What of a complaint may stand on a paper."""

    MATTER = "matter"
    OPEN_MATTER = "matter unless restricted"
    NAME = "name"
    CONTACT = "contact"


class When(StrEnum):
    """
    Where a part of a paper stands, or a line or a signature of one.

    A blank paper is for the desk: on it stands what whoever comes there signs.
    """

    BLANK = "blank"
    FILLED = "filled"
    LINKED = "linked"
    """The address of the status pages is known."""
    UNLINKED = "not linked"
    PRESENT = "reporter present"
    TAKEN_DOWN = "by telephone or letter"
    ONLINE = "online"
    AT_OFFICE = "at the office"
    """By a clerk: of somebody present, by telephone, or from a letter."""


@dataclass(frozen=True)
class Definition:
    """
    One paper. `parts` are as in `papers.toml`.

    Args:
        source: Stands in the footer: by which step of the SOP the paper is made; `source_online` is that of the SOP
            for complaints that came online, and `source_blank` that of the blank paper, where it is another.
        closed_only: Whether it can only be made of a complaint that is closed.
        ticket: "large" where the ticket is what the paper is for.
    """

    title: str
    parts: tuple[Mapping[str, Any], ...]
    shows: frozenset[Shown]
    source: str = ""
    source_blank: str = ""
    source_online: str = ""
    subtitle: str = ""
    page: str = "a4"
    template: str = "paper.typ"
    closed_only: bool = False
    ticket: str = ""


@cache
def definitions() -> Mapping[Paper, Definition]:
    """Every paper's definition; one that is `like` another has whatever it does not say itself from there."""
    loaded = tomllib.loads((Path(__file__).parent / "papers.toml").read_text("utf-8"))
    return {Paper(key): _definition(loaded.get(said.get("like", ""), {}) | said) for key, said in loaded.items()}


def _definition(said: Mapping[str, Any]) -> Definition:
    plain = {name: value for name, value in said.items() if name not in ("like", "part", "shows")}
    return Definition(**plain, parts=tuple(said["part"]), shows=frozenset(map(Shown, said["shows"])))
