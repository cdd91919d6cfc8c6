"""Where the table in a sheet begins: its header, of one row or two, often below a title. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from automation.exchange.mapping import LABELS, SEARCHED, ColumnMapping
from automation.exchange.table import RawRow, column_name, text_of
from register.brought_over import folded


@dataclass(frozen=True)
class Head:
    """Where a table begins: its header, of one row or two, the last of them, and where our columns stand."""

    row: int
    header: Sequence[str]
    places: Mapping[str, int]

    def label(self, column: str) -> str:
        """How the person finds a column of ours in their file."""
        place = self.places.get(column)
        return f"{self.header[place]} ({column_name(place)})" if place is not None else LABELS.get(column, column)

    def unread(self) -> Sequence[str]:
        """Columns of the file that no column of ours is read from."""
        read = set(self.places.values())
        return [text for place, text in enumerate(self.header) if text.strip() and place not in read]

    def repeated_by(self, row: RawRow) -> bool:
        """Whether a row says the header again, as at the top of each printed page."""
        texts = [folded(text_of(cell)) for cell in row.cells]
        return any(texts) and texts[: len(self.header)] == [folded(text) for text in self.header[: len(texts)]]


def find_head(rows: Iterator[RawRow], mapping: ColumnMapping) -> Head | None:
    """The header among the first rows of a table: where most of the mapping's columns are; None if it is nowhere."""
    best: Head | None = None
    above: Sequence[str] = ()
    for row in islice(rows, SEARCHED):
        texts = [text_of(cell).strip() for cell in row.cells]
        for header in (texts, _joined(above, texts)):
            found = mapping.places(header)
            if found and (best is None or len(found) > len(best.places)):
                best = Head(row.number, header, found)
        above = texts
    return best


def _joined(above: Sequence[str], below: Sequence[str]) -> list[str]:
    """A header of two rows, such as `Pelapor` above `Nama` and `Kontak`; empty if it cannot be one."""
    width, wide, joined = max(len(above), len(below)), "", []
    for place in range(width):
        upper = above[place] if place < len(above) else ""
        lower = below[place] if place < len(below) else ""
        wide = upper or (wide if lower else "")
        joined.append(f"{wide} {lower}".strip() if lower else upper)
    return joined


def is_counting(row: RawRow) -> bool:
    """Whether a row only counts the columns (1, 2, 3 …), as below the header of printed registers."""
    texts = [text_of(cell).strip(" ()") for cell in row.cells if text_of(cell).strip()]
    return len(texts) > 2 and texts == [str(number) for number in range(1, len(texts) + 1)]
