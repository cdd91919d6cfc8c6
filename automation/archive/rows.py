"""Rows of one spreadsheet's tab `Register`, found by ticket in a fresh read: put in, taken out, and written over."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set

from automation.sync.rows import CHECKBOX_KEYS, Row, read_register
from automation.sync.writing import Request, appended_rows, cell_updates, in_calls, write_cells
from register.errors import SheetRefusedError
from register.sheet import Sheet
from sheets_schema.layout import Layout, locate
from sheets_schema.register_tab import REGISTER

Cells = Mapping[str, str]
"""A row's texts by column key."""
KEYS = tuple(column.key for column in REGISTER.columns)
ROWS_AT_ONCE = 100
"""Rows that are read again and deleted together: each is named in one address, which must not become too long."""


class Rows:
    """What a read found. Raises: SheetRefusedError while headers are unsound; as `Sheet.read`."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.layout: Layout
        self.all: list[Row] = []
        self.by_ticket: dict[str, list[Row]] = {}
        self.read()

    def read(self) -> None:
        """Read it again."""
        self.layout, self.all = read_register(self._sheet.read([REGISTER.title])[REGISTER.title])
        if not self.layout.sound:
            raise SheetRefusedError("Judul kolom lembar arsip atau register hilang atau ganda; pulihkan judulnya.")
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in self.all:
            found[row.ticket].append(row)
        self.by_ticket = dict(found)

    def put(self, wanted: Mapping[str, Cells]) -> Set[str]:
        """Have one row each by ticket; done again it changes nothing. Returns: those that were read back as wanted."""
        sheet_id = self._sheet.sheet_ids()[REGISTER.title]
        requests: list[Request] = []
        for ticket in wanted.keys() & self.by_ticket.keys():
            requests += cell_updates(sheet_id, self.by_ticket[ticket][0], _plain(wanted[ticket]))
        new = [_plain(cells) for ticket, cells in wanted.items() if ticket not in self.by_ticket]
        self._send(requests + appended_rows(sheet_id, self.layout, new))
        self.read()
        return {ticket for ticket, cells in wanted.items() if self._stands(ticket, cells)}

    def remove(self, tickets: Set[str]) -> Set[str]:
        """
        Take their rows out, but for those that were written in or moved since they were read.

        Returns: those of which no row was read back.
        """
        doomed = [row for ticket in tickets for row in self.by_ticket.get(ticket, ())]
        from_below = sorted(doomed, key=lambda row: row.index, reverse=True)  # so that the others keep their places
        for start in range(0, len(from_below), ROWS_AT_ONCE):
            self._delete(from_below[start : start + ROWS_AT_ONCE])
        return {ticket for ticket in tickets if ticket not in self.by_ticket}

    def _delete(self, doomed: Sequence[Row]) -> None:
        """
        Delete those of some rows that are as they were read, the lowest first.

        Rows may still be moved between looking and deleting: what people had typed in a row that went instead and has
        no ticket yet is put back; one with a ticket heals at the next tick.
        """
        sheet_id = self._sheet.sheet_ids()[REGISTER.title]
        typed = Counter(row.cells for row in self.all if not row.ticket and row.people_texts())
        # Nothing may come between these two: what is typed there is lost, as the API deletes without conditions.
        self._sheet.batch([_deleted(sheet_id, row.index) for row in self._unchanged(doomed)])
        self.read()
        lost = typed - Counter(row.cells for row in self.all if not row.ticket)
        rows = [Row(0, cells, self.layout).people_texts() for cells in lost.elements()]
        self._send(appended_rows(sheet_id, self.layout, rows))

    def _unchanged(self, rows: Sequence[Row]) -> list[Row]:
        """Those that say at this moment, in the same place, what they said when they were read."""
        found = self._sheet.read_rows(REGISTER.title, [row.index for row in rows])
        layout = locate(REGISTER, found.header)
        if not layout.sound:
            return []
        fresh = [Row(row.index, cells, layout) for row, cells in zip(rows, found.rows, strict=True)]
        return [row for row, now in zip(rows, fresh, strict=True) if _said(row) == _said(now)]

    def write_over(self, wanted: Mapping[str, Cells]) -> Set[str]:
        """Write texts over the cells of the rows there are. Returns: tickets of which nothing else was read back."""
        sheet_id = self._sheet.sheet_ids()[REGISTER.title]
        requests: list[Request] = []
        for ticket, cells in wanted.items():
            for row in self.by_ticket.get(ticket, ()):
                for key, text in cells.items():
                    if row.text(key) != text:
                        requests.append(write_cells(sheet_id, row.index, self.layout.positions[key], [text]))
        self._send(requests)
        self.read()
        return {
            ticket
            for ticket, cells in wanted.items()
            if all(row.text(key) == text for row in self.by_ticket.get(ticket, ()) for key, text in cells.items())
        }

    def _stands(self, ticket: str, cells: Cells) -> bool:
        rows = self.by_ticket.get(ticket, ())
        return len(rows) == 1 and all(rows[0].text(key) == text for key, text in _plain(cells).items())

    def _send(self, requests: Sequence[Request]) -> None:
        for portion in in_calls(requests):
            self._sheet.batch(portion)


def cells_of(row: Row) -> dict[str, str]:
    """A row's texts as they stand, empty ones left out."""
    return _plain({key: row.text(key) for key in KEYS})


def _said(row: Row) -> tuple[str, Cells]:
    """Whose row it is and what people wrote in it; what the system writes is of no loss."""
    return row.ticket, row.people_texts()


def _plain(cells: Cells) -> dict[str, str]:
    return {key: text for key, text in cells.items() if text and not (key in CHECKBOX_KEYS and text == "FALSE")}


def _deleted(sheet_id: int, place: int) -> Request:
    span = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": place, "endIndex": place + 1}
    return {"deleteDimension": {"range": span}}
