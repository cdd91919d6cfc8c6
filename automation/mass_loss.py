"""
Many rows vanishing at once: most likely a mishap, so the writing stops until staff say what to do.

They answer in `Pengaturan`, next to the question: the code shown there in `Nilai` brings every row back. The code is
made anew for each mishap, so that an old answer confirms nothing.
"""

import secrets
from collections.abc import Mapping

from automation.configuration import CONFIRM_LOSS
from automation.rows import Row
from register.sheet import Values
from register.store import Store
from sheets_schema.configuration_tabs import SETTINGS
from sheets_schema.layout import locate

_REMEMBERED = "mass_loss"


class MassLoss:
    """The question that stands open, if any, remembered in the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def ask(self, rows: int) -> str:
        """Ask about that many vanished rows; the question as staff read it."""
        asked = self._store.setting(_REMEMBERED)
        if not asked or asked["rows"] != rows:
            self._store.put_setting(_REMEMBERED, {"rows": rows, "code": f"{rows}-{secrets.token_hex(2).upper()}"})
        return self.question()

    def question(self) -> str:
        """What `Catatan Sistem` says next to the setting; empty while nothing is asked."""
        asked = self._store.setting(_REMEMBERED)
        if not asked:
            return ""
        return (
            f"{asked['rows']} baris hilang dari Register sekaligus; penulisan dihentikan. Urungkan penghapusan itu, "
            f"atau isi Nilai dengan {asked['code']} agar semua baris dikembalikan."
        )

    def confirmed(self, tabs: Mapping[str, Values]) -> bool:
        """Whether staff typed the code that was asked for."""
        asked = self._store.setting(_REMEMBERED)
        return bool(asked) and _typed(tabs[SETTINGS.title]) == asked["code"]

    def forget(self) -> None:
        """The rows are back: nothing is asked any more."""
        if self._store.setting(_REMEMBERED):
            self._store.put_setting(_REMEMBERED, None)


def is_answer(row: Row) -> bool:
    """Whether this row of `Pengaturan` is where staff answer."""
    return row.text("name").strip() == CONFIRM_LOSS


def _typed(values: Values) -> str:
    layout = locate(SETTINGS, values.header)
    if not layout.sound:
        return ""
    rows = (Row(index, cells, layout) for index, cells in enumerate(values.rows, start=1))
    return next((row.text("value").strip().upper() for row in rows if is_answer(row)), "")
