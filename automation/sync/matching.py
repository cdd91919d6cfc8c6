"""
Which row belongs to which complaint. Pure, and never a guess: where two answers are possible, the row is flagged.

A row is found by its ticket. A row whose ticket cell was emptied, or overwritten while staff moved rows, is known again
by the fingerprint of its intake cells, if exactly one complaint without a row has it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from automation.sync.rows import SYSTEM_KEYS, Digest, Row, cell_digests, fingerprint
from register.changes import MirrorRow

MASS_LOSS_ROWS = 20
"""More rows than this vanishing between two ticks stop the writing until staff confirm."""
MASS_LOSS_SHARE = 0.05
MASS_LOSS_SHARE_FROM = 100
"""In a register of at least this many rows, so does a greater share than the above."""


@dataclass
class Matching:
    """The outcome of comparing rows with complaints, by ticket."""

    settled: Set[str] = frozenset()
    """Complaints whose one row is just as it was when it was last looked at."""
    rows: dict[str, Row] = field(default_factory=dict)
    """The one row of each other complaint."""
    found_again: dict[str, Row] = field(default_factory=dict)
    """Those of `rows` whose ticket cell must be written again."""
    doubled: dict[str, list[Row]] = field(default_factory=dict)
    """Tickets that stand in several rows: flagged and left alone."""
    missing: list[str] = field(default_factory=list)
    """Complaints without a row, in the order of recording."""
    vanished: list[str] = field(default_factory=list)
    """Those of `missing` that the last tick had seen."""
    loose: list[Row] = field(default_factory=list)
    """Rows that people typed and that carry no ticket."""
    at_rest: list[Row] = field(default_factory=list)
    """Those of `loose` that stood just like this at the last tick."""
    doubtful: list[Row] = field(default_factory=list)
    """Rows without a ticket that could belong to several complaints."""
    foreign: list[Row] = field(default_factory=list)
    """Rows with a ticket that no complaint has."""
    archived: list[Row] = field(default_factory=list)
    """Rows with a ticket of the archive: on their way out, or pasted in; left alone."""
    stray: list[Row] = field(default_factory=list)
    """Rows in which only system cells are filled: what a moved row left behind."""
    exchanged: dict[str, Row] = field(default_factory=dict)
    """Rows that hold what was last read under another ticket: flagged, and not read, until staff undo it."""
    owners: dict[str, set[str]] = field(default_factory=dict)
    """By the tickets of `exchanged`: whose contents the row seems to hold."""

    @property
    def mass_loss(self) -> bool:
        """Whether so many rows vanished that a person must say whether that was meant."""
        lost = len(self.vanished)
        known = lost + len(self.settled) + len(self.rows) + len(self.doubled) + len(self.exchanged)
        return lost > MASS_LOSS_ROWS or (known >= MASS_LOSS_SHARE_FROM and lost > MASS_LOSS_SHARE * known)


def match(
    rows: Sequence[Row],
    tickets: Iterable[str],
    mirror: Mapping[str, MirrorRow],
    digest: Digest,
    settled: Set[str] = frozenset(),
) -> Matching:
    """
    Compare the rows as read with all tickets of the store and with what the last tick had read.

    Args:
        rows: Those that need a look.
        settled: Tickets of the others, in none of `rows`.
    """
    known = dict.fromkeys(tickets)
    by_ticket: defaultdict[str, list[Row]] = defaultdict(list)
    result = Matching(settled)
    for row in rows:
        typed = row.text("ticket")
        ticket = typed if typed in known else row.ticket
        if ticket in known:
            by_ticket[ticket].append(row)
        elif ticket:
            result.foreign.append(row)
        elif row.people_texts():
            result.loose.append(row)
        elif any(row.text(key) for key in SYSTEM_KEYS):
            result.stray.append(row)
    for ticket, found in by_ticket.items():
        if len(found) == 1:
            result.rows[ticket] = found[0]
        else:
            result.doubled[ticket] = found
    carried = list(result.rows.values())
    mark = _marking(digest)
    while _return_tickets(result, known, mirror, digest, mark):
        pass  # a ticket given back may have stood in the row of another that is now without one
    kept = {row.index for row in result.rows.values()}
    result.stray += [row for row in carried if row.index not in kept]  # the ticket it carried belongs elsewhere
    _set_exchanged_aside(result, mirror, digest, mark)
    placed = settled | result.rows.keys() | result.doubled.keys() | result.exchanged.keys()
    result.missing = [t for t in known if t not in placed]
    result.vanished = [t for t in result.missing if t in mirror and mirror[t].seen]
    return result


Mark = Callable[[Row], str]
"""The fingerprint of a row's intake cells."""


def _marking(digest: Digest) -> Mark:
    """Fingerprints, each made once."""
    known: dict[int, str] = {}

    def mark(row: Row) -> str:
        if row.index not in known:
            known[row.index] = fingerprint(row.people_texts(), digest)
        return known[row.index]

    return mark


def _return_tickets(
    result: Matching, known: Container[str], mirror: Mapping[str, MirrorRow], digest: Digest, mark: Mark
) -> bool:
    """Give rows back to complaints that lost theirs, by fingerprint, where there is no doubt; whether any was given."""
    strangers = _overwritten(result.rows, mirror, mark, digest)
    if not strangers and not result.loose:
        return False
    homeless = _homeless(result, known, mirror, strangers)
    candidates: defaultdict[str, list[Row]] = defaultdict(list)
    for row in [*result.loose, *strangers.values()] if homeless else ():
        if mark(row) in homeless:
            candidates[mark(row)].append(row)
    moved = False
    for shared, found in candidates.items():
        tickets = homeless[shared]
        if len(found) > len(tickets) or not (len(found) == len(tickets) == 1 or _fresh(tickets, mirror)):
            doubtful = [row for row in found if row in result.loose]
            result.doubtful += doubtful
            result.loose = [row for row in result.loose if row not in doubtful]
            continue
        moved = True
        for ticket, row in zip(tickets, found, strict=False):
            _move(result, row, ticket, strangers)
    return moved


def _homeless(
    result: Matching, known: Container[str], mirror: Mapping[str, MirrorRow], strangers: Container[str]
) -> dict[str, list[str]]:
    """
    Complaints without a row, by fingerprint, and those just given their ticket that it put into another row.

    One that was read in its row before stays there: most likely columns were sorted without their tickets, which is
    flagged, not set right by us.
    """
    present = result.settled | result.rows.keys() | result.doubled.keys()
    homeless: defaultdict[str, list[str]] = defaultdict(list)
    for ticket, read in mirror.items():
        astray = ticket in strangers and not read.digest
        if ticket in known and read.fingerprint and (astray or ticket not in present):
            homeless[read.fingerprint].append(ticket)
    return homeless


def _set_exchanged_aside(result: Matching, mirror: Mapping[str, MirrorRow], digest: Digest, mark: Mark) -> None:
    """Find rows whose story, name and contact are another complaint's: sorted without their tickets, most likely."""
    strangers = _overwritten(result.rows, mirror, mark, digest)
    if not strangers:
        return
    owners: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
    for ticket, read in mirror.items():
        if read.cells.get("description"):
            owners[_story(read.cells)].add(ticket)
    for ticket, row in strangers.items():
        story = _story(cell_digests(row.people_texts(), digest))
        if owners.get(story) and ticket not in owners[story]:
            result.exchanged[ticket] = result.rows.pop(ticket)
            result.owners[ticket] = owners[story]


def _story(cells: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(cells.get(key, "") for key in ("description", "name", "contact"))


def _overwritten(
    rows: Mapping[str, Row], mirror: Mapping[str, MirrorRow], mark: Mark, digest: Digest
) -> dict[str, Row]:
    """Rows whose contents are not those last read under their ticket: perhaps a ticket landed in the wrong row."""
    return {
        ticket: row
        for ticket, row in rows.items()
        if (read := mirror.get(ticket)) and mark(row) != read.fingerprint and not _only_filled(row, read, digest)
    }


def _only_filled(row: Row, read: MirrorRow, digest: Digest) -> bool:
    """Whether it is a row just given its ticket that differs by nothing but cells that the clerk had left empty."""
    if read.digest:
        return False
    typed = {key: text for key, text in row.people_texts().items() if key in read.cells}
    return fingerprint(typed, digest) == read.fingerprint


def _fresh(tickets: Sequence[str], mirror: Mapping[str, MirrorRow]) -> bool:
    """Tickets just given to typed rows and not yet read back: their rows are alike, so any pairing is right."""
    return not any(mirror[ticket].digest for ticket in tickets)


def _move(result: Matching, row: Row, ticket: str, strangers: Mapping[str, Row]) -> None:
    for wrong, stranger in strangers.items():
        if stranger is row and result.rows.get(wrong) is row:
            del result.rows[wrong]
    if row in result.loose:
        result.loose.remove(row)
    result.rows[ticket] = row
    result.found_again[ticket] = row


def steady(rows: Sequence[Row], before: Mapping[str, int], digest: Digest) -> tuple[list[Row], Counter[str]]:
    """
    Those hand-typed rows that stood just like this at the last tick, and the count of each for the next.

    Two rows that are alike count twice.
    """
    now: Counter[str] = Counter()
    same: list[Row] = []
    for row in rows:
        mark = people_mark(row, digest)
        now[mark] += 1
        if now[mark] <= before.get(mark, 0):
            same.append(row)
    return same, now


def people_mark(row: Row, digest: Digest) -> str:
    """Fingerprint of the cells that decide whether a hand-typed row is still being typed."""
    return digest("typed", *(row.text(key).strip() for key in ("description", "name", "contact", "identity")))
