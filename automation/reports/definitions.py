"""By which rules reports are counted, as their readers are told; `definitions.toml` has the texts."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from automation.reports.document import Section


def how_counted(edition: str) -> Section:
    """The last section of a report: of the `office`, or of the `public` edition."""
    return Section("Cara menghitung", points=_texts()[edition])


@cache
def _texts() -> Mapping[str, Sequence[str]]:
    said = tomllib.loads((Path(__file__).parent / "definitions.toml").read_text("utf-8"))
    return {edition: [" ".join(text.split()) for text in texts] for edition, texts in said.items()}
