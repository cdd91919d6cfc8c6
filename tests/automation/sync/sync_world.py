"""
The world of the sync machine: an office, what staff did to it, and the promises that every tick must keep.

Only the person at the keyboard and the network are played; register, store and tick are the real ones. What a tick read
is what stood in the sheet right before it, and each write is compared with what stood there right before and after it.
"""

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from automation.configuration.checked import check
from automation.sop.decision import remaining_time, stage
from automation.sync.rows import (
    MASK,
    MASKED_KEYS,
    PEOPLE_KEYS,
    RESTRICTED_MASK,
    SYSTEM_KEYS,
    Row,
    identity_masked,
    intake_cells,
    read_register,
    typed_identity,
)
from automation.sync.sheet_edits import SheetEdit, edit_event
from automation.sync.stubs import shown_system_cells
from register.changes import Book
from register.complaint import EventKind, Identity
from register.database import open_engine, sqlite_url
from register.edits import unplaced
from register.errors import SheetUnavailableError
from register.sealing import load_keyring
from register.sheet import Patience, Sheet
from register.sheet_access import SheetAccess
from register.store import Store
from sheets_schema.configuration_tabs import CONFIGURATION
from sheets_schema.register_tab import REGISTER
from tests.builders import MOMENT, an_intake
from tests.office import OWNER_TOKEN, STAFF_TOKEN, SYSTEM_TOKEN, Office
from tests.staff_hands import (
    cut_row,
    delete_column,
    duplicate_row,
    insert_columns,
    move_column,
    rename,
    sort_rows,
)

HASTE = Patience(attempts=3, first_wait_seconds=0.001, longest_wait_seconds=0.002)
FILLED_LATER = ("received_at", "channel", "identity")
LOOKS = 4
"""Ticks that read sound headers after which nothing of the system's own may be left in a wrong place."""
STORY = re.compile(r"P\d+")


def story(text: str) -> str:
    """Whose words these are: each invented complaint begins with a mark of its own."""
    found = STORY.search(text)
    return found[0] if found else ""


def _whose(row: Row) -> str:
    """Whose words a row holds, in whichever column they stand just now."""
    return story(row.text("description")) or story(" ".join(str(cell) for cell in row.cells))


@dataclass
class Told:
    """What the machine did, for the summary."""

    runs: int = 0
    steps: int = 0
    ticks: int = 0
    writes: int = 0
    crashes: int = 0
    refusals: int = 0
    structural: Counter[str] = field(default_factory=Counter)
    between: int = 0
    edits: int = 0
    filed: int = 0
    typed: int = 0
    lost: int = 0
    """Cells overwritten before any tick had read them, because they moved between its read and its write."""

    def line(self) -> str:
        kinds = ", ".join(f"{name} {count}" for name, count in sorted(self.structural.items()))
        return (
            f"{self.runs} runs, {self.steps} steps, {self.ticks} ticks with {self.writes} writes, {self.filed} filed, "
            f"{self.typed} typed, {self.edits} cells edited, {self.crashes} crashes, {self.refusals} refusals (429), "
            f"{sum(self.structural.values())} structural edits ({kinds}), {self.between} acts between read and write, "
            f"{self.lost} cells overwritten before any tick had read them"
        )


class Network:
    """WSGI middleware between the system and the register: what goes wrong there, and looks before and after writes."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.before_write: list[Callable[[], None]] = []
        self.around_write: Callable[[], Callable[[], None]] | None = None
        self.lose_answers = self.refuse = self.drop = 0
        self.cut = False
        self.reads = 0
        self.written: set[str] = set()
        """Every text that the system has sent."""

    def calm(self) -> None:
        self.before_write, self.lose_answers, self.refuse, self.drop, self.cut = [], 0, 0, 0, False

    def __call__(self, environ: Mapping[str, Any], start_response: Any) -> Any:
        if SYSTEM_TOKEN not in environ.get("HTTP_AUTHORIZATION", ""):
            return self._app(environ, start_response)
        if self.cut:
            return self._fail(start_response, "503 Service Unavailable")
        if self.refuse:
            self.refuse -= 1
            return self._fail(start_response, "429 Too Many Requests", [("Retry-After", "0")])
        if environ["PATH_INFO"].endswith("values:batchGet"):
            self.reads += 1
        if not environ["PATH_INFO"].endswith(":batchUpdate"):
            return self._app(environ, start_response)
        return self._write(environ, start_response)

    def _write(self, environ: Mapping[str, Any], start_response: Any) -> Any:
        while self.before_write:
            self.before_write.pop(0)()
        if self.drop:
            self.drop -= 1
            return self._fail(start_response, "503 Service Unavailable")
        after = self.around_write() if self.around_write else None
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        environ = {**environ, "wsgi.input": io.BytesIO(body)}
        self.written |= set(_texts(json.loads(body)))
        lost, self.lose_answers = self.lose_answers, max(0, self.lose_answers - 1)
        told: list[Any] = []
        body = b"".join(self._app(environ, lambda *args: told.extend(args)))
        if after is not None:
            after()
        if lost:
            return self._fail(start_response, "503 Service Unavailable")
        start_response(*told[:2])
        return [body]

    def _fail(self, start_response: Any, status: str, headers: list[tuple[str, str]] | None = None) -> list[bytes]:
        start_response(status, [("Content-Type", "text/html"), *(headers or [])])
        return [b"<h1>no</h1>"]


def _texts(body: Any) -> Iterator[str]:
    """The texts for cells in a request's body."""
    if isinstance(body, dict):
        yield from (text for name, text in body.items() if name == "stringValue")
        body = list(body.values())
    if isinstance(body, list):
        for part in body:
            yield from _texts(part)


class Place:
    """One server for all runs; each gets a fresh copy of one provisioned spreadsheet and of the empty store."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        self.network = Network(office.server.app)
        office.server.app = self.network
        office.tick()
        rules = len(office.rows("Aturan Disposisi"))
        sheet_id = office.sheet_id("Aturan Disposisi")
        few = {"sheetId": sheet_id, "dimension": "ROWS", "startIndex": 25, "endIndex": rules + 1}
        office.owner.batch([{"deleteDimension": {"range": few}}])
        office.tick()
        office.store.close()
        self._made = 0

    def fresh(self) -> Office:
        """A new office. The last one's spreadsheet is deleted."""
        self._made += 1
        folder = self.folder / "runs"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name in ("aduan.sqlite3", "aduan.sqlite3-wal", "aduan.sqlite3-shm"):
            with suppress(FileNotFoundError):
                shutil.copy(self.folder / name, folder / name)
        store = Store(
            open_engine(sqlite_url(folder / "aduan.sqlite3")), load_keyring(self.folder / "kunci", create=False)
        )
        pristine, url = self.office.sheet._access.spreadsheet_id, self.office.sheet._access.url
        copied = self._drive("post", f"{pristine}/copy", name=f"Lembar {self._made}")["id"]
        sheets = [Sheet(SheetAccess(copied, url, token), HASTE) for token in (SYSTEM_TOKEN, STAFF_TOKEN, OWNER_TOKEN)]
        share = {"type": "user", "role": "writer", "emailAddress": "petugas@kantor.invalid"}
        self._drive("post", f"{copied}/permissions", **share)
        sheet, staff, owner = sheets
        return Office(
            staff,
            owner,
            store,
            self.office.server,
            self.network,  # type: ignore[arg-type]
            sheet,
            restricted=self.office.restricted,
            restricted_sheet=self.office.restricted_sheet,
            now=MOMENT,
            apart=False,  # the machine's complaints are none of that kind
        )

    def drop(self, office: Office) -> None:
        self._drive("delete", office.sheet._access.spreadsheet_id)
        office.store.close()
        for sheet in (office.sheet, office.staff, office.owner):
            sheet.close()

    def _drive(self, method: str, path: str, **body: Any) -> Any:
        connection = self.office.owner._connection
        return connection.ask(
            method, f"https://www.googleapis.com/drive/v3/files/{path}", body=body or None, safe=False
        )


class World:
    """One run. Attributes named after what staff did; `tick` and `settle` check the promises."""

    def __init__(self, place: Place, told: Told) -> None:
        self.place, self.told = place, told
        self.office = place.fresh()
        self.network = place.network
        self.network.calm()
        self.network.around_write = self._around_write
        self.filed: dict[str, str] = {}
        self.may_be: Counter[str] = Counter()
        """How many complaints of each story there may be at most."""
        self.last_read: dict[str, dict[str, str]] = {}
        self.delivered: list[tuple[str, str]] = []
        self.broken: list[str] = []
        self._checked: Any = None
        self._moving, self._strewn = False, 0
        self.owed: dict[tuple[str, str], str] = {}
        """What a write has overwritten because something moved after the read."""
        self.emptied: set[tuple[str, str]] = set()
        """Cells that a person emptied."""

    def close(self) -> None:
        self.network.calm()
        self.network.around_write = None
        self.place.drop(self.office)

    # -- ticking --------------------------------------------------------------------------------------------------

    def tick(self) -> Any:
        """One tick, however it ends, and what must hold after it."""
        self.told.ticks += 1
        before = self.office.staff.read([REGISTER.title])[REGISTER.title]
        self._sound = read_register(before)[0].sound
        reads = self.network.reads
        report = None
        with suppress(SheetUnavailableError):
            report = self.office.tick()
        self._moving = False
        assert not self.broken, self.broken
        if self.network.reads > reads and self._sound and before != self._checked:
            self._checked = before
            self._check_trail(read_register(before)[1])
            self._strewn -= 1
        return report

    def _around_write(self) -> Callable[[], None]:
        """Looks at the sheet; what it returns looks again, and compares."""
        self.told.writes += 1
        before = self.office.staff.read([REGISTER.title])[REGISTER.title]

        def compare() -> None:
            after = self.office.staff.read([REGISTER.title])[REGISTER.title]
            try:
                self._check_write(before, after)
            except AssertionError as error:
                self.broken.append(str(error))  # in the server's thread; the tick's thread raises it

        return compare

    def _check_write(self, before: Any, after: Any) -> None:
        assert before.header == after.header, "a header was written"
        if before == after:
            return
        assert self._sound, "written although a header was missing or doubled"
        layout, rows = read_register(before)
        if not layout.sound:
            return  # moved between read and write
        known = {row.index: row for row in read_register(after)[1]}
        for row in rows:
            for key in PEOPLE_KEYS:
                was, now = row.text(key), known[row.index].text(key) if row.index in known else ""
                if was == now or self._healed(row, key, was, now):
                    continue
                masked = now == RESTRICTED_MASK or (key in MASKED_KEYS and now == MASK)
                filled = key in FILLED_LATER and not was
                if masked or filled:
                    continue
                assert self._moving or key in FILLED_LATER, f"row {row.index}: {key} was {was!r}, is {now!r}"
                self.owed[(row.ticket, key)] = was  # its place moved, or was written, since the read: to be put back

    def _healed(self, row: Row, key: str, was: str, now: str) -> bool:
        """Whether the system put back what staff had written there, where its own text had landed."""
        last = self.last_read.get(row.ticket, {}).get(key, "")
        ours = was in self.network.written and was != last if was else (row.ticket, key) not in self.emptied
        return last == now or (self._strewn > 0 and ours)

    # -- the trail ------------------------------------------------------------------------------------------------

    def _check_trail(self, rows: list[Row]) -> None:
        """Whatever a person wrote into what was read is in the audit trail, with its emptying."""
        trails = {ticket: self.office.store.events(ticket) for ticket in self.office.store.complaints()}
        apart = self.office.store.events(unplaced(self.office.now))
        known = {
            (event.data.get("column"), event.secret.get("value", ""))
            for events in [*trails.values(), apart]
            for event in events
        }
        for ticket, complaint in self.office.store.complaints().items():
            said = self.office.store.intake(ticket)
            open_said = intake_cells(complaint, said) | {"name": said.name, "contact": said.contact}
            known |= {(REGISTER.column(key).header, text) for key, text in open_said.items()}
        counts = Counter(row.ticket for row in rows if row.ticket)
        for row in rows:
            last = self._last_of(row)
            ours = self._ours(row, last)
            texts = {key: text for key, text in row.people_texts().items() if key not in ours}
            for key, text in texts.items():
                hidden = key in MASKED_KEYS and (
                    text == MASK or typed_identity(row.people_texts()) is Identity.ANONYMOUS
                )
                assert hidden or (REGISTER.column(key).header, text) in known, f"{key} = {text!r} was read, not kept"
            if counts[row.ticket] == 1 and row.ticket in trails:
                self._check_emptied(row, texts | {key: last[key] for key in ours & last.keys()}, trails[row.ticket])

    def _last_of(self, row: Row) -> dict[str, str]:
        """What was last read in the row; nothing if that was another complaint's."""
        last = self.last_read.get(row.ticket, {})
        mine, other = story(row.text("description")), story(last.get("description", ""))
        return {} if mine and other and mine != other else last

    def _ours(self, row: Row, last: Mapping[str, str]) -> set[str]:
        """Cells that the system's own words have just written over in a wrong place."""
        if self._strewn <= 0:
            return set()
        texts, written = row.people_texts(), self.network.written
        masks = {(key, MASK) for key in MASKED_KEYS}
        ours = {k for k, text in texts.items() if text in written and text != last.get(k) and (k, text) not in masks}
        return ours | {key for key in last.keys() - texts.keys() if (row.ticket, key) in self.owed}

    def _check_emptied(self, row: Row, texts: dict[str, str], trail: list[Any]) -> None:
        last = self.last_read.get(row.ticket, {})
        for key in [key for key in last.keys() - texts.keys() if not row.is_masked(key) and last[key] != MASK]:
            header = REGISTER.column(key).header
            read = [event for event in trail if event.data.get("column") == header]
            exchanged = story(texts.get("description", "")) != story(last.get("description", ""))
            assert exchanged or (read and read[-1].secret.get("value") == ""), f"{key} was emptied, which nobody kept"
        self.last_read[row.ticket] = texts

    # -- staff and citizens ---------------------------------------------------------------------------------------

    def file(self, text: str, identity: Identity) -> None:
        mark = self._mark()
        name = "" if identity is Identity.ANONYMOUS else f"Pelapor {mark}"
        intake = an_intake(description=f"{mark} {text}", name=name, identity=identity)
        self.filed[self.office.accept(intake).ticket] = mark
        self.may_be[mark] = 1
        self.told.filed += 1

    def type_row(self, **cells: Any) -> None:
        mark = self._mark()
        cells = {key: f"{mark} {text}" if key in ("description", "name") else text for key, text in cells.items()}
        if self.sound():
            self.office.type_at(len(self.office.rows()) + 1, by=self.office.owner, **cells)
            self.may_be[mark] = 1
            self.told.typed += 1

    def _mark(self) -> str:
        return f"P{len(self.may_be) + 1}"

    def sound(self) -> bool:
        return self.office.layout().sound

    def rows(self) -> list[Row]:
        return read_register(self.office.staff.read([REGISTER.title])[REGISTER.title])[1]

    def edit(self, a: int, key: str, value: Any) -> None:
        """A clerk writes into some row that has something in it."""
        rows = self.rows()
        if not rows:
            return
        row = rows[a % len(rows)]
        if key == "description" and value:
            value = f"{_whose(row)} {value}"
        self.office.type_at(row.index, by=self.office.owner, **{key: value})
        self.owed.pop((row.ticket, key), None)
        (self.emptied.discard if value else self.emptied.add)((row.ticket, key))
        if not row.ticket:
            self.may_be[_whose(row)] += 1  # edited while it is being accepted, it may be taken anew
        self.told.edits += 1

    def structural(self, name: str, a: int, b: int) -> None:
        """Something that moves rows or columns; nothing where there is nothing to move."""
        rows = self.rows()
        if rows or name == "own column":
            self._moving, self._strewn = True, LOOKS
            getattr(self, "_" + name.replace(" ", "_"))(rows, a, b)
            self.told.structural[name] += 1

    def _sort(self, rows: list[Row], a: int, b: int) -> None:
        sort_rows(self.office, ("ticket", "status", "description", "follow_up")[a % 4], descending=bool(b % 2))

    def _move(self, rows: list[Row], a: int, b: int) -> None:
        self.office.move_row(rows[a % len(rows)].index, 1 + b % (len(rows) + 1))

    def _insert(self, rows: list[Row], a: int, b: int) -> None:
        self.office.insert_rows(1 + a % (len(rows) + 1), 1 + b % 2)

    def _delete(self, rows: list[Row], a: int, b: int) -> None:
        self._forgive(rows[a % len(rows)])
        self.emptied |= {(rows[a % len(rows)].ticket, key) for key in PEOPLE_KEYS}
        self.office.delete_rows(rows[a % len(rows)].index)

    def _duplicate(self, rows: list[Row], a: int, b: int) -> None:
        row = rows[a % len(rows)]
        self.may_be[_whose(row)] += 1
        duplicate_row(self.office, row.index, rows[-1].index + 1)

    def _cut(self, rows: list[Row], a: int, b: int) -> None:
        cut_row(self.office, rows[a % len(rows)].index, rows[-1].index + 1 + b % 2)

    def _blank_ticket(self, rows: list[Row], a: int, b: int) -> None:
        row = rows[a % len(rows)]
        self.may_be[_whose(row)] += 1
        self.office.type_at(row.index, by=self.office.owner, ticket="")

    def _forgive(self, row: Row) -> None:
        for key in PEOPLE_KEYS:
            self.owed.pop((row.ticket, key), None)

    def _clear(self, rows: list[Row], a: int, b: int) -> None:
        self._forgive(rows[a % len(rows)])
        self.emptied |= {(rows[a % len(rows)].ticket, key) for key in PEOPLE_KEYS}
        self.office.type_at(rows[a % len(rows)].index, by=self.office.owner, **dict.fromkeys(PEOPLE_KEYS, ""))

    def _own_column(self, rows: list[Row], a: int, b: int) -> None:
        insert_columns(self.office, a % 26, f"Kolom {a} {b}")

    def _move_column(self, rows: list[Row], a: int, b: int) -> None:
        move_column(self.office, a % 26, b % 26)

    def _rename(self, rows: list[Row], a: int, b: int) -> None:
        layout = self.office.layout()
        if layout.sound:
            column = REGISTER.columns[a % len(REGISTER.columns)]
            rename(
                self.office, layout.positions[column.key], f"Kata kami ({column.header})" if b % 2 else column.header
            )

    def _break(self, rows: list[Row], a: int, b: int) -> None:
        layout = self.office.layout()
        if layout.sound:
            column = REGISTER.columns[a % len(REGISTER.columns)]
            rename(self.office, layout.positions[column.key], f"Rusak {column.header}")

    def _double(self, rows: list[Row], a: int, b: int) -> None:
        insert_columns(self.office, b % 26, REGISTER.columns[a % len(REGISTER.columns)].header + " ")

    def deliver(self, a: int) -> None:
        """The spreadsheet tells of an edit; perhaps twice."""
        rows = [row for row in self.rows() if row.ticket in self.filed and row.people_texts()]
        if rows:
            row = rows[a % len(rows)]
            key, text = sorted(row.people_texts().items())[a % len(row.people_texts())]
            number = len(self.delivered) + 1
            edit = SheetEdit(
                f"kiriman-{number}", self.office.now, f"petugas{a}@kantor.invalid", REGISTER.title, row.ticket,
                REGISTER.column(key).header, text, None,
            )  # fmt: skip
            assert self.office.store.record_edit(row.ticket, edit_event(edit, self.office.now))
            assert not self.office.store.record_edit(row.ticket, edit_event(edit, self.office.now))
            self.delivered.append((row.ticket, edit.delivery))

    def between(self, act: Callable[[], None]) -> None:
        """Something happens between the next read and the write after it."""

        def safely() -> None:
            self.told.between += 1
            try:
                act()
            except AssertionError as error:
                self.broken.append(str(error))

        self.network.before_write.append(safely)
        self.tick()

    def trouble(self, kind: str) -> None:
        """The worker dies, or the network fails it."""
        if kind == "restart":
            self.office.restart()
            self.told.crashes += 1
        elif kind == "answer lost":
            self.network.lose_answers = 1
        elif kind == "killed before writing":
            self.network.drop = 1
            self.tick()
            self.office.restart()
            self.told.crashes += 1
        elif kind == "cut":
            self.network.cut = True
            self.tick()
            self.network.cut = False
        else:
            self.network.refuse = 2 if kind == "refused" else 9
            self.told.refusals += self.network.refuse
            self.tick()
            self.network.refuse = 0

    # -- coming to rest -------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Disturbances end: staff mend what only people can mend, and two ticks later everything must be right."""
        self.network.calm()
        self._mend_headers()
        self.tick()
        self._remove_copies()
        self.tick()
        self.tick()
        self._check_converged(self.rows())
        for _ in range(4):
            self.tick()
        self._remove_copies()
        for _ in range(3):
            report = self.tick()
        rows = self.rows()
        self._check_converged(rows)
        tickets = Counter(row.ticket for row in rows if row.ticket)
        complaints = self.office.store.complaints()
        assert tickets == Counter(dict.fromkeys(complaints, 1)), "each ticket exactly once"
        assert self.filed.keys() <= complaints.keys(), "an accepted complaint is not in the store"
        stories = Counter(story(self.office.store.intake(ticket).description) for ticket in complaints)
        many = {mark: count for mark, count in stories.items() if count > self.may_be[mark]}
        assert not many, f"one row became two complaints: {many}"
        assert report.requests == 0, "an idle tick wrote"
        self._check_owed({row.ticket: row for row in rows})
        for ticket, delivery in self.delivered:
            told = [e for e in self.office.store.events(ticket) if e.kind is EventKind.CELL_EDITED]
            assert [e.data["delivery"] for e in told].count(delivery) == 1

    def _check_owed(self, rows: Mapping[str, Row]) -> None:
        """What was overwritten had been read, and stands there again; what nobody had read yet is counted as lost."""
        for (ticket, key), was in self.owed.items():
            if ticket in rows and rows[ticket].text(key) not in (was, RESTRICTED_MASK):
                had_been_read = {event.secret.get("value") for event in self.office.store.events(ticket)}
                assert was not in had_been_read, f"{key} of {ticket} was {was!r} and is {rows[ticket].text(key)!r}"
                self.told.lost += 1

    def _mend_headers(self) -> None:
        layout = self.office.layout()
        if layout.sound:
            return
        header = self.office.staff.read([REGISTER.title])[REGISTER.title].header
        for place, title in enumerate(header):
            if str(title).startswith("Rusak "):
                rename(self.office, place, str(title).removeprefix("Rusak "))
        for place in reversed(range(len(header))):
            if str(header[place]).endswith(" "):
                delete_column(self.office, place)
        assert self.sound()

    def _remove_copies(self) -> None:
        """Staff delete all but the first row of a doubled ticket, and rows that the system does not know."""
        seen: set[str] = set()
        spare = []
        for row in self.rows():
            if (row.ticket and row.ticket in seen) or row.text("note").startswith(
                ("Tiket ini tidak dikenal", "Tiket baris")
            ):
                spare.append(row.index)
            seen.add(row.ticket)
        for index in reversed(spare):
            self.office.delete_rows(index)

    def _check_converged(self, rows: list[Row]) -> None:
        complaints = self.office.store.complaints()
        counts = Counter(row.ticket for row in rows)
        rules = self.rules()
        for row in rows:
            if row.ticket in complaints and counts[row.ticket] == 1:
                complaint = complaints[row.ticket]
                words = {"stage": stage(complaint), "remaining": remaining_time(complaint, rules, self.office.now)}
                wanted = shown_system_cells(complaint, Book.SHARED, row, **words)
                shown = {key: row.text(key) for key in SYSTEM_KEYS}
                assert shown == wanted, "system cells did not converge"
                if identity_masked(complaint):
                    hidden = ("", MASK, RESTRICTED_MASK)
                    assert all(row.text(key) in hidden for key in MASKED_KEYS), "a name stands in the sheet"

    def rules(self) -> Any:
        titles = [tab.title for tab in CONFIGURATION]
        return check(self.office.staff.read(titles), last_good={}, year=2026).configuration
