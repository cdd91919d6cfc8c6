"""
Verification of the audit trail: every event is read once, in order, and whatever is not as it was recorded is named.

Four things are looked at: each event against its own hash and the one before; the head and the running MAC, which show
a cut-off end and a chain that was written anew without the key file; the days' roots; and whether complaints say what
their events say. What this can and cannot show is in docs/decisions/0016.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from register.chain import GENESIS, UNSEALED, Digest, Root, next_mac, printed_root, read_printed
from register.missing_roots import DaysOver
from register.standing import Standings
from register.stored_events import StoredEvent, any_text, stored_events

LISTED = 200
"""Findings that are kept; of further ones only the number."""
_BEFORE_ALL = date.min
_FIRST = StoredEvent(0, "", GENESIS, GENESIS)
"""Stands before the first event."""


@dataclass(frozen=True)
class Finding:
    """Something that is not as it was recorded. `seq`, `ticket` and `day` are empty where they do not apply."""

    problem: str
    seq: int | None = None
    ticket: str = ""
    day: date | None = None

    def __str__(self) -> str:
        """A formal Indonesian sentence that says which, and what is wrong."""
        about = ", ".join(
            part for part in (self.ticket and f"tiket {self.ticket}", self.day and f"tanggal {self.day}") if part
        )
        if self.seq is not None:
            return f"Peristiwa {self.seq}{about and f' ({about})'}: {self.problem}"
        return f"{about[0].upper()}{about[1:]}: {self.problem}" if about else self.problem


@dataclass
class Verification:
    """What was found: nothing, if the trail is whole. `events` is how many there are, `last_hash` the newest's."""

    events: int = 0
    last_hash: bytes = GENESIS
    findings: list[Finding] = field(default_factory=list)
    unlisted: int = 0

    def tell(self, problem: str, seq: int | None = None, ticket: str = "", day: date | None = None) -> None:
        """Take note of something."""
        if len(self.findings) < LISTED:
            self.findings.append(Finding(problem, seq, ticket, day))
        else:
            self.unlisted += 1

    def tell_of(self, event: StoredEvent, problem: str) -> None:
        """Take note of something about an event."""
        self.tell(problem, event.seq, event.ticket, event.day)

    @property
    def root(self) -> str:
        """The newest event's hash, as it is printed."""
        return printed_root(self.last_hash)


def verify(connection: sa.Connection, digest: Digest, printed: Sequence[tuple[date, str]]) -> Verification:
    """
    All that is wrong with the trail that a connection sees in one unchanging snapshot.

    Args:
        printed: Roots as reports show them, each with the day printed beside it.

    Raises: PrintedRootError.
    """
    found = Verification()
    papers = [(day, read_printed(text)) for day, text in printed]
    with any_text(connection):
        walk = _Walk(found, digest, _read_roots(connection, digest, found), papers)
        for event in stored_events(connection):
            walk.pass_by(event)
        walk.arrive(_read_head(connection))
        for ticket, problem in walk.standings.disagreements(connection):
            found.tell(problem, ticket=ticket)
    return found


class _Walk:
    """One pass along the chain."""

    def __init__(
        self, found: Verification, digest: Digest, roots: Sequence[Root], papers: Sequence[tuple[date, bytes]]
    ) -> None:
        self.found, self.standings = found, Standings()
        self._digest, self._papers = digest, list(papers)
        self._last, self._mac = _FIRST, UNSEALED
        self._suspects: list[StoredEvent] = []
        self._whole = True
        self._gaps: list[int] = []
        self._rooted = {root.day for root in roots}
        self._ahead = list(roots)
        self._to_be_sealed = sorted(roots, key=lambda root: (root.newest, root.seq))
        self._sealed, self._agreed = _BEFORE_ALL, 0
        self._today = _BEFORE_ALL
        self._days = DaysOver()

    # -- event by event -------------------------------------------------------------------------------------------

    def pass_by(self, event: StoredEvent) -> None:
        """The next event."""
        self._check_place(event)
        if event.computed != event.hash:
            self._whole = False
            self._suspect(event)
        elif event.seq == self._last.seq + 1 and event.previous not in self._last.hashes:
            self._whole = False
            problem = f"tidak bersambung dengan peristiwa {self._last.seq}; salah satunya diganti sesudah dicatat."
            self.found.tell_of(event, problem)
        self._check_day(event)
        self._check_roots(event)
        self._look_for_papers(event)
        if event.link is not None:
            self.standings.take(event.link, event.at)
            if event.at is not None:
                self._days.pass_by(event.link, event.at)
        self._mac = next_mac(self._digest, self._mac, event.hash)
        self._last = event
        self.found.events += 1

    def _suspect(self, event: StoredEvent) -> None:
        """To be named at the end, when it is known where it may have come from."""
        if len(self._suspects) < LISTED:
            self._suspects.append(event)
        else:
            self.found.unlisted += 1

    def _check_place(self, event: StoredEvent) -> None:
        expected = self._last.seq + 1
        if event.seq < 1:
            self.found.tell_of(event, "disisipkan; nomor ini tidak pernah diberikan.")
        elif event.seq > max(expected, 1):
            self._gap(max(expected, 1), event.seq - 1, event.day)

    def _gap(self, first: int, last: int, until: date | None) -> None:
        self._whole = False
        which = f"Peristiwa {first}" if first == last else f"Peristiwa {first} sampai {last}"
        self.found.tell(f"{which} hilang{_between(self._last.day, until)}.")
        self._gaps += range(first, min(last, first + LISTED - len(self._gaps) - 1) + 1)

    def _look_for_papers(self, event: StoredEvent) -> None:
        """A root on paper is that of an event which is not younger than the paper."""
        if self._papers and event.day is not None:
            self._papers = [
                (day, mark) for day, mark in self._papers if not (event.computed.startswith(mark) and event.day <= day)
            ]

    # -- days and roots -------------------------------------------------------------------------------------------

    def _check_day(self, event: StoredEvent) -> None:
        while self._to_be_sealed and self._to_be_sealed[0].newest < event.seq:
            self._sealed = self._to_be_sealed.pop(0).day
        if event.day is None:
            return
        if event.day <= self._sealed:
            self.found.tell_of(event, f"bertanggal mundur; akar {self._sealed} sudah disegel sebelumnya.")
        passed, self._today = self._today, max(self._today, event.day)  # a day that has begun does not go back
        if passed not in (_BEFORE_ALL, self._today) and self._ahead and passed not in self._rooted:
            self.found.tell("akar hari itu hilang.", day=passed)  # later days have theirs

    def _check_roots(self, event: StoredEvent) -> None:
        while self._ahead and self._ahead[0].seq <= event.seq:
            root = self._ahead.pop(0)
            if root.seq < event.seq:
                self._tell_of_nothing(root)
            elif root.hash not in event.hashes:
                self.found.tell(f"akar hari itu tidak cocok dengan peristiwa {root.seq}.", day=root.day)
            else:
                self._agreed = root.seq
            self._today = _BEFORE_ALL

    def _tell_of_nothing(self, root: Root) -> None:
        self.found.tell(f"akar hari itu menunjuk peristiwa {root.seq}, yang tidak ada.", day=root.day)

    # -- at the end -----------------------------------------------------------------------------------------------

    def arrive(self, heads: Sequence[tuple[int, bytes, str]]) -> None:
        """What can only be said once every event was seen; `heads` is one row, if nobody touched it."""
        if len(heads) == 1:
            self._check_head(*heads[0])
        else:
            self.found.tell("Kepala rantai hilang, ganda, atau rusak.")
        self._name_suspects()
        for root in self._ahead:
            self._tell_of_nothing(root)
        if self._days.unsealed and not self._rooted:
            problem = "hari itu lama berakhir tanpa akar satu pun; akar dihapus, atau pekerja tidak menyegelnya."
            self.found.tell(problem, day=self._days.unsealed)
        for day, mark in self._papers:
            self.found.tell(
                f"akar cetak {printed_root(mark)} tidak ada dalam rantai sampai hari itu; jejak ditulis ulang "
                "sesudah dicetak, atau akar itu salah ketik.",
                day=day,
            )
        self.found.last_hash = self._last.hash

    def _check_head(self, seq: int, own_hash: bytes, mac: str) -> None:
        last = self._last
        if seq > last.seq:
            self._gap(max(last.seq, 0) + 1, seq, None)
        elif seq < last.seq:
            self.found.tell_of(last, "disisipkan di ujung rantai; kepala rantai tidak mengenalnya.")
        elif own_hash not in last.hashes:
            self.found.tell(f"Kepala rantai tidak cocok dengan peristiwa terakhir ({seq}).")
        elif mac != self._mac and self._whole:  # what was found in the chain says more than this
            since = f", mungkin sesudah peristiwa {self._agreed}" if self._agreed else ""
            self.found.tell(
                "Meterai kepala rantai tidak cocok dengan berkas kunci: rantai ditulis ulang oleh pihak yang tidak "
                f"memegang berkas kunci{since}."
            )

    def _name_suspects(self) -> None:
        """An event that does not fit its number, but fits that of another suspect or of a gap, was moved."""
        places = [*self._gaps, *(event.seq for event in self._suspects)][:LISTED]
        for event in self._suspects:
            origin = next((seq for seq in places if event.fits(seq)), None)
            if event.link is None:
                self.found.tell_of(event, "tidak dapat dibaca; diubah sesudah dicatat.")
            elif origin is not None:
                self.found.tell_of(event, f"urutannya diubah; semula peristiwa {origin}.")
            else:
                problem = "diubah atau disisipkan sesudah dicatat; isinya tidak cocok dengan hash-nya."
                self.found.tell_of(event, problem)


def _between(earlier: date | None, later: date | None) -> str:
    """When something missing must have been recorded."""
    if earlier and later:
        return f" (dicatat di antara tanggal {earlier} dan {later})"
    if earlier:
        return f" (dicatat pada atau sesudah tanggal {earlier})"
    return f" (dicatat pada atau sebelum tanggal {later})" if later else ""


def _raw(connection: sa.Connection, table: str, *columns: str) -> Sequence[sa.Row[Any]]:
    """Rows without types, so that nothing is converted on the way."""
    chosen: list[sa.ColumnClause[Any]] = [sa.column(name) for name in columns]
    return connection.execute(sa.select(*chosen).select_from(sa.table(table))).all()


def _read_head(connection: sa.Connection) -> list[tuple[int, bytes, str]]:
    rows = _raw(connection, "trail_head", "seq", "hash", "mac")
    return [(row.seq, row.hash, row.mac) for row in rows if isinstance(row.seq, int) and isinstance(row.hash, bytes)]


def _read_roots(connection: sa.Connection, digest: Digest, found: Verification) -> list[Root]:
    """The roots by event, each with its seal and its place checked."""
    roots = []
    for row in _raw(connection, "trail_roots", "day", "seq", "hash", "newest", "mac"):
        root = _root_of(row)
        if root is None or root.mac(digest) != row.mac:
            found.tell(f"Akar hari {row.day} diubah; segelnya tidak cocok dengan berkas kunci.")
        if root is not None:
            roots.append(root)
    roots.sort(key=lambda root: (root.seq, root.day))
    for earlier, later in pairwise(roots):
        if later.day <= earlier.day:
            found.tell(f"akar hari itu disegel sesudah akar {earlier.day}; jam komputer pernah mundur.", day=later.day)
    return roots


def _root_of(row: sa.Row[Any]) -> Root | None:
    try:
        root = Root(date.fromisoformat(row.day), row.seq, row.hash, row.newest)
    except (TypeError, ValueError):
        return None
    well_formed = isinstance(root.seq, int) and isinstance(root.newest, int) and isinstance(root.hash, bytes)
    return root if well_formed else None
