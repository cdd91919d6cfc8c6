"""
Complaints that are probably the same as an earlier one, so that a person can join them.

Two kinds: the same reporter with the same topic, and the same event reported by others. Both are only pointed out, and
neither where it would tell who or what a complaint is that others must not know. An
index over the last days keeps a new complaint's cost at those few that share a reporter or a place with it. Pure.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from automation.disposition.learning import words_seen

REMEMBERED = timedelta(days=30)
"""How far back a reporter's complaints are compared."""
EVENT_LASTS = timedelta(days=3)
"""How far apart reports of one event may lie."""
EVENT_CATEGORIES = frozenset({"BENCANA", "ODGJ", "GEPENG", "TERLANTAR", "LANSIA", "ANAK", "KEKERASAN", "LUAR"})
"""What several people may see. Two people whose PKH did not come are two complaints, however alike."""

ALIKE_SAME_REPORTER = 0.2
"""Share of telling words that one reporter's complaints of one category have in common."""
ALIKE_OTHER_CATEGORY = 0.5
"""Likewise where the categories differ: then it is nearly the same text."""
ALIKE_SAME_EVENT = 0.25
LEAST_SHARED = 3
"""Telling words that reports of one event must share."""
COMMON_SHARE = 0.25
"""A word in a greater share of the complaints tells nothing."""
COMMON_FROM = 20
"""Complaints from which that share is counted."""
MOST_COMPARED = 200
MOST_SHOWN = 3
_SHORTEST_WORD = 4


class Likeness(StrEnum):
    """Why two complaints are probably the same; the words of the note."""

    REPORTER = "pelapor dan topik sama"
    EVENT = "kejadian sama"


@dataclass(frozen=True)
class Filed:
    """
    What of a complaint is compared.

    `reporters` are keyed digests of phone, e-mail, NIK or name; `district` and `village` are names, "" if not given;
    `received_at` is aware. `masked` tells whether its row hides who reported it, `restricted` whether it is a stub.
    """

    ticket: str
    text: str
    category: str
    received_at: datetime
    reporters: frozenset[str] = frozenset()
    district: str = ""
    village: str = ""
    masked: bool = False
    restricted: bool = False


@dataclass(frozen=True)
class NearDuplicate:
    """An earlier complaint that is probably the same."""

    ticket: str
    likeness: Likeness
    alike: float

    @property
    def note(self) -> str:
        """For `Catatan Sistem`."""
        return f"Mirip dengan {self.ticket} ({self.likeness})."


@dataclass(frozen=True)
class _Entry:
    filed: Filed
    words: frozenset[str]


class RecentComplaints:
    """The last days' complaints, found by reporter and by place. Add them in the order in which they came."""

    def __init__(self, filed: Iterable[Filed] = ()) -> None:
        self._entries: deque[_Entry] = deque()
        self._piles: dict[tuple[str, str], deque[_Entry]] = {}
        self._counts: Counter[str] = Counter()
        for each in sorted(filed, key=lambda one: one.received_at):
            self.add(each)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, filed: Filed) -> None:
        """Remember a complaint; those older than `REMEMBERED` before it are forgotten."""
        while self._entries and self._entries[0].filed.received_at < filed.received_at - REMEMBERED:
            self._forget(self._entries.popleft())
        entry = _entry(filed)
        self._entries.append(entry)
        self._counts.update(entry.words)
        for key in _places(filed):
            self._piles.setdefault(key, deque()).append(entry)

    def like(self, filed: Filed, current: Callable[[Filed], Filed] = lambda filed: filed) -> tuple[NearDuplicate, ...]:
        """
        Earlier complaints that are probably the same as this one: the most alike first, at most `MOST_SHOWN`.

        Args:
            current: An earlier one as it is by now: it may have been masked or restricted since it was added.
        """
        entry = _entry(filed)
        candidates = {
            each.filed.ticket: each
            for key in _places(filed)
            for each in list(self._piles.get(key, ()))[-MOST_COMPARED:]
            if each.filed.ticket != filed.ticket and each.filed.received_at <= filed.received_at
        }
        known = (replace(each, filed=current(each.filed)) for each in candidates.values())
        found = [near for each in known if (near := self._compared(entry, each))]
        return tuple(sorted(found, key=lambda near: (-near.alike, near.ticket))[:MOST_SHOWN])

    def _compared(self, new: _Entry, old: _Entry) -> NearDuplicate | None:
        if old.filed.restricted and not new.filed.restricted:
            return None  # the note would tell what the stub is about
        apart = new.filed.received_at - old.filed.received_at
        shared = self._telling(new.words & old.words)
        either = self._telling(new.words | old.words)
        alike = len(shared) / len(either) if either else float(new.words == old.words)
        same_topic = new.filed.category == old.filed.category
        nameable = not (new.filed.masked or old.filed.masked)  # else one row would name the reporter of the other
        if nameable and not new.filed.reporters.isdisjoint(old.filed.reporters):
            if apart <= REMEMBERED and alike >= (ALIKE_SAME_REPORTER if same_topic else ALIKE_OTHER_CATEGORY):
                return NearDuplicate(old.filed.ticket, Likeness.REPORTER, alike)
            return None
        same_event = (
            same_topic and _others_may_report(new.filed) and apart <= EVENT_LASTS and _same_place(new.filed, old.filed)
        )
        if same_event and len(shared) >= LEAST_SHARED and alike >= ALIKE_SAME_EVENT:
            return NearDuplicate(old.filed.ticket, Likeness.EVENT, alike)
        return None

    def _telling(self, words: frozenset[str]) -> frozenset[str]:
        """Without those that many complaints have."""
        if len(self._entries) < COMMON_FROM:
            return words
        most = COMMON_SHARE * len(self._entries)
        return frozenset(word for word in words if self._counts[word] <= most)

    def _forget(self, entry: _Entry) -> None:
        """Of each pile it is the oldest, as they were filled in the same order."""
        self._counts.subtract(entry.words)
        for key in _places(entry.filed):
            self._piles[key].popleft()
            if not self._piles[key]:
                del self._piles[key]


def _places(filed: Filed) -> list[tuple[str, str]]:
    """Where a complaint is looked up: by each key of its reporter, and by the place if others may report the same."""
    keys = [("", reporter) for reporter in filed.reporters]
    return [*keys, (filed.district, filed.category)] if _others_may_report(filed) else keys


def _others_may_report(filed: Filed) -> bool:
    return bool(filed.district) and filed.category in EVENT_CATEGORIES


def _same_place(one: Filed, other: Filed) -> bool:
    return one.district == other.district and (not one.village or not other.village or one.village == other.village)


def _entry(filed: Filed) -> _Entry:
    return _Entry(filed, frozenset(word for word in words_seen(filed.text) if len(word) >= _SHORTEST_WORD))
