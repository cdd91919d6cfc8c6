"""
A paper filled in: its definition and the facts make a sheet, which typst or Word then sets.

A sheet is plain data; its texts are only ever text. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from forms.categories import categories
from forms.papers.errors import NotClosedError
from forms.papers.facts import NOTHING, Facts, Rows, happened, root_line, status_link, texts_of
from forms.papers.kinds import Definition, Paper, Shown, When, definitions
from forms.papers.office import Office, Official
from forms.plain_text import showable
from register.complaint import WITA, Channel, Complaint, Identity, Procedure
from register.indonesian_dates import letter_date

CATEGORIES = "categories"
"""In place of choices: all that a reporter chooses from."""
TIMELINE = "timeline"
"""The table of what the public reads; every other is handed in."""
RESTRICTED_MARK = "TERBATAS"
DOTS = "…" * 12
"""Where a sentence leaves room for a pen."""


@dataclass(frozen=True)
class Line:
    """
    A label and what stands beside it.

    Args:
        lines: Dotted lines to write on, 0 for none; `digits` likewise is how many boxes for a number.
        choices: Boxes, each with whether it is ticked.
    """

    label: str
    text: str = ""
    lines: int = 0
    digits: int = 0
    choices: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True)
class Signature:
    """Where somebody signs. `with_nip` tells whether a line for their NIP belongs there."""

    role: str
    over: str = ""
    name: str = ""
    nip: str = ""
    with_nip: bool = True


@dataclass(frozen=True)
class Part:
    """
    A part of a sheet; `kind` says which of the others it uses: fields, text, choices, table, signatures.

    Args:
        shares: Of a table's columns in its width; none for an instant and what happened then.
    """

    kind: str
    heading: str = ""
    fields: tuple[Line, ...] = ()
    text: str = ""
    lines: int = 0
    choices: tuple[str, ...] = ()
    columns: int = 1
    head: tuple[str, ...] = ()
    rows: Rows = ()
    shares: tuple[float, ...] = ()
    people: tuple[Signature, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """
    A whole paper. `number` and `ticket` are empty on a blank one, which has `lines` for them instead.

    Args:
        mark: Stands in a frame on top: TERBATAS.
        dated: "Tenggarong, 23 November 2026", or that with dots.
        link: What the QR code holds, empty for none: by a bare ticket, a phone would search the web for it.
    """

    title: str
    subtitle: str
    source: str
    page: str
    number: str
    ticket: str
    blank: bool
    large_ticket: bool
    mark: str
    dated: str
    root: str
    link: str
    parts: tuple[Part, ...]

    def plain(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self)


def sheet_of(paper: Paper, facts: Facts, *, blank: bool = False) -> Sheet:
    """
    The paper, filled in; blank also where the facts have no complaint.

    Raises: NotClosedError for a paper about the end of a complaint that has not ended.
    """
    definition = definitions()[paper]
    if blank or facts.complaint is None:
        return _sheet(definition, Facts(facts.office), {})
    if definition.closed_only and not facts.complaint.closed:
        raise NotClosedError(
            f"{definition.title} baru dapat dibuat setelah pengaduan ditutup. Pakai --blank untuk lembar kosong."
        )
    return _sheet(definition, facts, texts_of(facts, definition.shows))


def _sheet(definition: Definition, facts: Facts, texts: Mapping[str, str]) -> Sheet:
    complaint = facts.complaint
    filling = _Filling(facts, texts, definition.shows, _conditions(facts))
    return Sheet(
        title=definition.title,
        subtitle=definition.subtitle,
        source=_source(definition, complaint),
        page=definition.page,
        number=texts.get("number", ""),
        ticket=texts.get("ticket", ""),
        blank=complaint is None,
        large_ticket=definition.ticket == "large",
        mark=RESTRICTED_MARK if complaint and complaint.restricted and definition.shows else "",
        dated=dated(facts),
        root=root_line(facts.root),
        link=status_link(facts.office, complaint) if complaint else "",
        parts=tuple(part for said in definition.parts if (part := filling.part(said)) is not None),
    )


def _conditions(facts: Facts) -> frozenset[When]:
    """Which of them hold."""
    complaint = facts.complaint
    if complaint is None:
        return frozenset({When.BLANK, When.PRESENT, When.AT_OFFICE})
    linked = When.LINKED if status_link(facts.office, complaint) else When.UNLINKED
    if complaint.channel is Channel.DESK:
        return frozenset({When.FILLED, linked, When.PRESENT, When.AT_OFFICE})
    if complaint.procedure is Procedure.LANGSUNG:
        return frozenset({When.FILLED, linked, When.TAKEN_DOWN, When.AT_OFFICE})
    return frozenset({When.FILLED, linked, When.ONLINE})


def _source(definition: Definition, complaint: Complaint | None) -> str:
    if complaint is None:
        return definition.source_blank or definition.source
    online = complaint.procedure is Procedure.ONLINE
    return (online and definition.source_online) or definition.source


def dated(facts: Facts) -> str:
    """Where and when the paper is signed."""
    on = letter_date(facts.printed_at.astimezone(WITA)) if facts.printed_at else DOTS
    return f"{facts.office.place or DOTS}, {on}"


@dataclass(frozen=True)
class _Filling:
    """Fills parts in. Without a complaint every part is blank."""

    facts: Facts
    texts: Mapping[str, str]
    shows: frozenset[Shown]
    conditions: frozenset[When]

    @property
    def blank(self) -> bool:
        return self.facts.complaint is None

    def part(self, said: Mapping[str, Any]) -> Part | None:
        heading = said.get("heading", "")
        if not self._stands(said):
            return None
        if "fields" in said:
            return Part("fields", heading, fields=tuple(map(self._line, filter(self._stands, said["fields"]))))
        if "text" in said:
            text = self.texts.get(said["text"], "")
            if said.get("optional") and not text:
                return None
            open_lines = said.get("lines", 1) if self._to_write(text, said) else 0
            return Part("text", heading, text=text or ("" if open_lines else NOTHING), lines=open_lines)
        if "choices" in said:
            every = [item.label for item in categories()] if said["choices"] == CATEGORIES else said["choices"]
            return Part("choices", heading, choices=tuple(every), columns=said.get("columns", 1))
        if "table" in said:
            return self._table(heading, said)
        if "signatures" in said:
            return self._signatures(said["signatures"])
        return Part("sentence", heading, text=said["sentence"].format_map(_Dotted(self.texts)))

    def _stands(self, said: Mapping[str, Any]) -> bool:
        return self.conditions.issuperset(said.get("when", ()))

    def _to_write(self, text: str, said: Mapping[str, Any]) -> bool:
        return self.blank or bool(said.get("by_hand") and not text)

    def _line(self, said: Mapping[str, Any]) -> Line:
        text = self.texts.get(said["fact"], "")
        if "choices" in said and (self.blank or not text or text in said["choices"]):
            return Line(said["label"], choices=tuple((choice, choice == text) for choice in said["choices"]))
        if self._to_write(text, said):
            digits = said.get("digits", 0)
            return Line(said["label"], lines=0 if digits else said.get("lines", 1), digits=digits)
        return Line(said["label"], text or NOTHING)

    def _table(self, heading: str, said: Mapping[str, Any]) -> Part | None:
        if said["table"] == TIMELINE:
            rows: Rows = tuple(map(happened, self.facts.timeline))
        else:
            rows = tuple(tuple(map(showable, row)) for row in self.facts.tables.get(said["table"], ()))
        shares = tuple(said.get("shares", ()))
        return Part("table", heading, head=tuple(said["head"]), rows=rows, shares=shares) if rows else None

    def _signatures(self, said: Sequence[Mapping[str, Any]]) -> Part | None:
        people = tuple(map(self._signature, filter(self._stands, said)))
        return Part("signatures", people=people) if people else None

    def _signature(self, said: Mapping[str, Any]) -> Signature:
        plain = Signature(said["role"], said.get("over", ""), with_nip=said.get("nip", True))
        official = self._official(said["who"])
        if said["who"] == "reporter":
            identity = self.facts.complaint.identity if self.facts.complaint else None
            return replace(plain, name=self.texts.get("name", "") if identity is Identity.OPEN else "")
        return replace(plain, role=official.title or plain.role, name=official.name, nip=official.grouped_nip)

    def _official(self, who: str) -> Official:
        office: Office = self.facts.office
        bidang = self.facts.complaint.bidang if self.facts.complaint else ""
        known = {
            "head": office.head,
            "lead": office.lead,
            "clerk": Official(self.facts.clerk),
            "head_of_bidang": office.heads_of_bidang.get(bidang),
        }
        return known.get(who) or Official()


class _Dotted(dict[str, str]):
    """Texts of a sentence, with dots where there is none."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__({name: text for name, text in texts.items() if text})

    def __missing__(self, key: str) -> str:
        return DOTS
