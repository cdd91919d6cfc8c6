"""
What a change makes of a complaint and its clocks, kept in the trail with the change's last event.

So a value that was later changed in the database alone contradicts the chain (`register/standing.py`). Kept are codes,
numbers and instants, never what a person wrote. Events of earlier versions have none.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from register.complaint import Clock
from register.tables import instant_text

KEY = "facts"
"""Where they stand in an event's `data`; whoever reads events is spared them."""
CLOCKS = "clocks"
COLUMNS: Mapping[str, str] = {
    "number": "nomor registernya",
    "procedure": "SOP-nya",
    "channel": "kanalnya",
    "identity": "jenis identitasnya",
    "recorded_at": "waktu pencatatannya",
    "received_at": "waktu masuknya",
    "restricted": "tanda terbatasnya",
    "due_at": "batas waktunya",
    "step_due_at": "batas langkahnya",
    "answered_at": "waktu jawabannya",
    "pauses": "waktu berhentinya",
    "extended_at": "waktu perpanjangannya",
    "extension": "lama perpanjangannya",
    "merged_into": "tiket induknya",
    "round": "jumlah pembukaan kembalinya",
    "district": "kecamatannya",
    "inactive_since": "waktu pemindahannya ke arsip",
    "held_since": "waktu penahanannya",
    "erased_at": "waktu penghapusan datanya",
}
"""Columns of a complaint that are kept, and how people call them."""
CLOCK_COLUMNS: Mapping[str, str] = {"begun_at": "waktu mulai", "due_at": "batas", "done_at": "waktu selesai"}


def facts_of(values: Mapping[str, object], clocks: Iterable[Clock] = ()) -> dict[str, Any]:
    """As plain JSON: the kept ones of some columns, and `clocks` as [round, key, begun, due, done]; empty if none."""
    found = {name: plain(values[name]) for name in COLUMNS if name in values}
    kept = [[clock.round, clock.key, *(plain(getattr(clock, name)) for name in CLOCK_COLUMNS)] for clock in clocks]
    return found | ({CLOCKS: kept} if kept else {})


def without_facts(data: Mapping[str, Any]) -> dict[str, Any]:
    """An event's data as it was given."""
    return {name: value for name, value in data.items() if name != KEY}


def plain(value: Any) -> Any:
    """A value of a column as JSON has it: instants as the store's text, tuples as lists."""
    if isinstance(value, datetime):
        return instant_text(value)
    return [plain(each) for each in value] if isinstance(value, tuple | list) else value
