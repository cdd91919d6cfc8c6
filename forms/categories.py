"""The categories a citizen may choose from; `categories.toml` is the list."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from forms.problems import RefusedError


@dataclass(frozen=True)
class Category:
    """A category by its stable code, with its label in both languages."""

    code: str
    label: str
    label_en: str

    def label_in(self, language: str) -> str:
        """The label in `en`, or in Indonesian for any other language."""
        return self.label_en if language == "en" else self.label


@cache
def categories() -> tuple[Category, ...]:
    """Every category, in the order of the form."""
    text = (Path(__file__).parent / "categories.toml").read_text("utf-8")
    return tuple(Category(**item) for item in tomllib.loads(text)["category"])


def category_of(text: str) -> str:
    """The code, in capitals. Raises: RefusedError if there is no such category."""
    code = text.upper()
    if code not in {item.code for item in categories()}:
        raise RefusedError(
            "category_unknown",
            "Kategori ini tidak ada. Pilih dari daftar, atau kosongkan bila tidak tahu.",
        )
    return code
