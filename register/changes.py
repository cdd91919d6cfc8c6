"""What goes into the store and what its writers get back: plain values between a tick and the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from register.case_report import SealedReport
from register.complaint import Clock, Complaint, Event, Intake
from register.reporter_messages import ReporterMessage


class Book(StrEnum):
    """The spreadsheets in which complaints stand: the one shared with everybody, and the restricted cases' own."""

    SHARED = "shared"
    RESTRICTED = "restricted"


@dataclass(frozen=True)
class Accepted:
    """The outcome of filing: the complaint, and whether the same submission had been accepted before."""

    complaint: Complaint
    repeated: bool


@dataclass(frozen=True)
class MirrorRow:
    """
    What a tick last read in one row, as keyed digests.

    `fingerprint` is of the intake cells together and tells whose row it is; `digest` is of all cells that people own;
    `cells` holds each of these that is not empty. `seen` tells whether the last complete read found the row.
    """

    fingerprint: str
    digest: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    seen: bool = False


@dataclass(frozen=True)
class Change:
    """
    All that one tick changes about one complaint; committed together with the other changes of the tick.

    `clocks` are those that began, ended or moved; each replaces the one of its round and key.
    `mirror` is what was read in its row of `book`. `messages` are what its reporter is told of these events, from the
    last of them on, if there is a way to. `report` is the case report that was written, its file in place already.
    """

    ticket: str
    fields: Mapping[str, object] = field(default_factory=dict)
    events: Sequence[Event] = ()
    intake: Intake | None = None
    reply: str | None = None
    mirror: MirrorRow | None = None
    clocks: Sequence[Clock] = ()
    book: Book = Book.SHARED
    messages: Sequence[ReporterMessage] = ()
    report: SealedReport | None = None

    def applied_to(self, complaint: Complaint) -> Complaint:
        """The complaint as it is once this is committed."""
        return replace(complaint, **self.fields)  # type: ignore[arg-type]  # names of its fields
