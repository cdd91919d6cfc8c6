"""
Many rows vanishing at once: most likely a mishap, so the writing stops until staff say what to do.

They answer in `Pengaturan`, next to the question: the code shown there in `Nilai` brings every row back. The code is
made anew for each mishap, so that an old answer confirms nothing.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from automation.configuration.tab_rows import CONFIRM_LOSS
from automation.sync.rows import Row
from register.changes import Book
from register.sheet import Values
from register.store import Store
from sheets_schema.configuration_tabs import SETTINGS
from sheets_schema.layout import Layout, locate
from sheets_schema.seeding import seed_rows

_REMEMBERED = "mass_loss"


class MassLoss:
    """The question that stands open for a book, if any, remembered in the store."""

    def __init__(self, store: Store, book: Book = Book.SHARED, title: str = "Register") -> None:
        self._store = store
        self._name = _REMEMBERED if book is Book.SHARED else f"{_REMEMBERED}.{book}"
        self._title = title
        self._known: dict[str, Any] = {}
        """What was asked, once it was read: this worker is the only one that asks."""

    def ask(self, rows: int) -> str:
        """Ask about that many vanished rows; the question as staff read it."""
        asked = self._asked()
        if not asked or asked["rows"] != rows:
            self._put({"rows": rows, "code": f"{rows}-{secrets.token_hex(2).upper()}"})
        return self.question()

    def question(self) -> str:
        """What `Catatan Sistem` says next to the setting; empty while nothing is asked."""
        asked = self._asked()
        if not asked:
            return ""
        return (
            f"{asked['rows']} baris hilang dari {self._title} sekaligus; penulisan dihentikan. Urungkan penghapusan "
            f"itu, atau isi Nilai dengan {asked['code']} agar semua baris dikembalikan."
        )

    def confirmed(self, tabs: Mapping[str, Values]) -> bool:
        """Whether staff typed the code that was asked for."""
        asked = self._asked()
        return bool(asked) and _typed(tabs[SETTINGS.title]) == asked["code"]

    def forget(self) -> None:
        """The rows are back: nothing is asked any more."""
        if self._asked():
            self._put(None)

    def read_again(self) -> None:
        """Another worker may have asked since."""
        self._known = {}

    def _asked(self) -> Any:
        if not self._known:
            self._known = {"asked": self._store.setting(self._name)}
        return self._known["asked"]

    def _put(self, asked: dict[str, Any] | None) -> None:
        self._store.put_setting(self._name, asked)
        self._known = {"asked": asked}


def missing_answer_row(values: Values) -> bool:
    """
    Whether the tab `Pengaturan`, as read, has no row in which staff could answer.

    False while its headers are unsound: then nothing may be written there.
    """
    layout = locate(SETTINGS, values.header)
    return layout.sound and not any(is_answer(row) for row in _rows(values, layout))


def answer_row() -> dict[str, str]:
    """The cells of that row by column key, as a new register starts with them."""
    return next(
        {key: str(cell) for key, cell in row.items()} for row in seed_rows(SETTINGS) if row["name"] == CONFIRM_LOSS
    )


def is_answer(row: Row) -> bool:
    """Whether this row of `Pengaturan` is where staff answer."""
    return row.text("name").strip() == CONFIRM_LOSS


def _typed(values: Values) -> str:
    layout = locate(SETTINGS, values.header)
    if not layout.sound:
        return ""
    return next((row.text("value").strip().upper() for row in _rows(values, layout) if is_answer(row)), "")


def _rows(values: Values, layout: Layout) -> Iterator[Row]:
    return (Row(index, cells, layout) for index, cells in enumerate(values.rows, start=1))
