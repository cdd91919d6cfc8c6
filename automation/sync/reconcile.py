"""
The tick: read once, compare, decide, commit, write once.

The store is committed before the sheets are written, so nothing that people see in the register can be lost; what a
sheet then lacks, the next tick writes. A tick may be killed at any instruction and run again (design, decision 4).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from operator import is_

from automation.configuration import checked as configuration
from automation.configuration.checked import Checked
from automation.configuration.in_force import Configuration, from_json
from automation.configuration.notes import configuration_cells
from automation.disposition.alike import Alike
from automation.disposition.learning import Model, starting_model
from automation.disposition.rule_counts import RuleCounts
from automation.reminders.reminding import Reminders
from automation.sop import decision, joined, timers
from automation.sync.mass_loss import answer_row, missing_answer_row
from automation.sync.quiet import Quiet
from automation.sync.register_book import TITLES, UNREADABLE, Place, RegisterBook, commit_each
from automation.sync.remembered import Remembered
from automation.sync.tick_report import Kind, TickReport
from automation.sync.trays import Tray, Trays
from automation.sync.writing import Request, appended_rows, cell_updates
from register.changes import Book, Change
from register.complaint import WITA
from register.errors import SheetRefusedError, SheetUnavailableError
from register.settings import RESTRICTED_ROLES
from register.sheet import Sheet, Values
from register.store import Store
from sheets_schema.columns import Tab
from sheets_schema.configuration_tabs import CONFIGURATION, OFFICERS, SETTINGS
from sheets_schema.layout import locate
from sheets_schema.provisioning import TABS as ALL_TABS

TABS = tuple(tab.title for tab in ALL_TABS)
NO_RESTRICTED_BOOK = (
    "{count} pengaduan terbatas hanya tampil sebagai ringkasan karena Register Terbatas belum disetel. Buat "
    "spreadsheet kedua, bagikan dengan akun layanan, lalu isi ADUAN_GOOGLE_RESTRICTED_SHEET_ID."
)

NOT_ENTERED = (
    "Akun {accounts} belum mendapat akses Register Terbatas: Peran dan Akun pada tab Petugas harus diketik oleh "
    "administrator, bukan hasil rumus."
)


@dataclass(frozen=True)
class RestrictedPlace(Place):
    """
    The spreadsheet of the restricted complaints.

    Args:
        share: Called with the accounts that may work in it whenever these change.
    """

    share: Callable[[Set[str]], None]


class Reconciler:
    """
    Keeps the registers and the store in agreement.

    Args:
        still_writing: Asked before each write: whether this worker still holds the register's lease.
        provision: Brings the spreadsheet to the schema; called when a tab or its spare rows are missing.
        learned: What corrections taught about dispositions, beside the rules.
        restricted: Where the details of restricted complaints stand; in no sheet at all if there is none.
        restricted_roles: `ADUAN_RESTRICTED_ROLES`: whose accounts may work there.
        local_channels: `ADUAN_ALLOW_LOCAL_CHANNELS`.
        trays: Tabs of messages that staff decide on.
    """

    def __init__(
        self,
        store: Store,
        sheet: Sheet,
        *,
        still_writing: Callable[[], bool],
        provision: Callable[[Mapping[str, int]], object],
        restricted: RestrictedPlace | None = None,
        restricted_roles: str = RESTRICTED_ROLES,
        local_channels: bool = False,
        learned: Callable[[], Model] = starting_model,
        accounts: Callable[[], Set[str] | None] = lambda: None,
        trays: Sequence[Tray] = (),
    ) -> None:
        self._store = store
        self._sheet = sheet
        self._restricted_roles = restricted_roles
        self._local_channels = local_channels
        self._learned = learned
        self._accounts = accounts
        self._known: Set[str] | None = None
        """Who can log in, the same object as long as it is so; None where that is not ours to know."""
        self._rule_counts = RuleCounts(store)
        self._alike = Alike(store)
        self._memory = Remembered(store)
        self._place = restricted
        self._shared = RegisterBook(
            Book.SHARED,
            Place(sheet, provision),
            store,
            self._memory,
            still_writing=still_writing,
            tabs=TABS,
            handled_apart=restricted is not None,
        )
        self._restricted = (
            RegisterBook(Book.RESTRICTED, restricted, store, self._memory, still_writing=still_writing)
            if restricted is not None
            else None
        )
        self._shared_with: Set[str] | None = None
        self._trays = Trays(trays)
        self._quiet = Quiet(store, self._memory)
        self._typed: dict[str, tuple[Values, Values]] = {}
        """By configuration tab, what was read last, and that without the system's own cells."""
        self._checked: tuple[dict[str, Values], int, Checked] | None = None
        """The configuration tabs, the year in which they were checked, and what was found."""
        self._noted: tuple[tuple[object, ...], tuple[object, ...]] | None = None
        """What the notes in the configuration tabs were made from when they were last found as they should be."""
        self._counted_with = ""
        """The mark of the rules with which all running clocks are known to be counted."""

    def tick(self, now: datetime) -> TickReport:
        """
        One round. Raises: SheetUnavailableError, SheetRefusedError; what was committed by then stays right.
        """
        report = TickReport()
        values = self._shared.read()
        details = self._read_details(report)
        if (known := self._accounts()) != self._known:
            self._known = known
        read = (values, details, self._learned(), self._known, self._trays.marks())
        if self._quiet.holds(read, now):
            return report
        try:
            checked = self._configuration(values, now, report)
            requests = self._decide(values, details, checked.configuration, now, report)
        except BaseException:
            self.forget()  # it is not known how far this came
            raise
        self._write_details(requests[Book.RESTRICTED], checked.configuration, report)
        self._shared.write(requests[Book.SHARED], report)
        self._shared.write(self._notes(values, checked, now, report), report)  # apart: neither can hold up the other
        decided = self._trays.look(values, self._shared.sheet_ids, checked.configuration, now, report)
        self._shared.write(decided, report)
        idle = report == TickReport() and not any(book.waiting for book in self._books())
        self._quiet.after(read, now, idle=idle and not self._rule_counts.outdated)
        return report

    def forget(self) -> None:
        """Remember nothing of earlier ticks: another worker may have written since."""
        self._memory.forget()
        self._alike.forget()
        self._quiet.forget()
        self._trays.forget()
        self._checked, self._noted, self._counted_with = None, None, ""
        for book in self._books():
            book.forget()

    def _books(self) -> list[RegisterBook]:
        return [self._shared] if self._restricted is None else [self._shared, self._restricted]

    # -- the restricted complaints' own book, whose troubles hold up nothing else -------------------------------------

    def _read_details(self, report: TickReport) -> dict[str, Values] | None:
        if self._restricted is not None:
            with _told(report):
                return self._restricted.read()
        return None

    def _write_details(self, requests: list[Request], rules: Configuration, report: TickReport) -> None:
        if self._restricted is None or self._place is None:
            count = sum(complaint.restricted for complaint in self._memory.complaints.values())
            report.tell(Kind.RESTRICTED, *([NO_RESTRICTED_BOOK.format(count=count)] if count else []))
            return
        with _told(report):
            if rules.restricted_accounts != self._shared_with:
                self._share(self._place, rules.restricted_accounts, report)
            self._restricted.write(requests, report)

    def _share(self, place: RestrictedPlace, accounts: Set[str], report: TickReport) -> None:
        """Only with accounts that somebody entered: what a formula beside a guarded cell fills into it is not."""
        entered = configuration.entered_accounts(self._sheet.entered(OFFICERS.title), self._restricted_roles)
        if doubtful := accounts - entered:
            report.tell(Kind.RESTRICTED, NOT_ENTERED.format(accounts=", ".join(sorted(doubtful))))
        if accounts & entered != self._shared_with:
            place.share(accounts & entered)
            self._shared_with = accounts & entered

    # -- deciding -------------------------------------------------------------------------------------------------

    def _configuration(self, values: Mapping[str, Values], now: datetime, report: TickReport) -> Checked:
        tabs, year = {tab.title: self._as_typed(tab, values) for tab in CONFIGURATION}, now.astimezone(WITA).year
        known = self._checked
        if known is not None and known[1] == year and all(tabs[title] is before for title, before in known[0].items()):
            checked = known[2]
        else:
            checked = self._check(tabs, year)
        report.tell(Kind.CONFIGURATION, *checked.problems)
        learned = self._learned()
        if checked.configuration.learned is not learned:
            checked = replace(checked, configuration=replace(checked.configuration, learned=learned))
            self._checked = (tabs, year, checked) if self._checked is not None else None
        return checked

    def _as_typed(self, tab: Tab, values: Mapping[str, Values]) -> Values:
        """The same object as long as the tab is read the same."""
        read = values[tab.title]
        if tab.title not in self._typed or self._typed[tab.title][0] is not read:
            typed = configuration.as_typed(tab, read)
            before = self._typed.get(tab.title)
            self._typed[tab.title] = read, before[1] if before is not None and before[1].same_as(typed) else typed
        return self._typed[tab.title][1]

    def _check(self, tabs: dict[str, Values], year: int) -> Checked:
        remembered = self._store.setting("configuration") or {}
        last_good = {title: from_json(rows) for title, rows in remembered.items()}
        oldest = self._store.oldest_running()
        checked = configuration.check(
            tabs,
            last_good=last_good,
            year=year,
            since=oldest.astimezone(WITA).year if oldest else None,
            restricted_roles=self._restricted_roles,
            local_channels=self._local_channels,
        )
        if checked.good != last_good:
            self._store.put_setting("configuration", checked.good)
            self._checked = None
        else:
            self._checked = tabs, year, checked  # it would come to the same again
        return checked

    def _decide(
        self,
        values: Mapping[str, Values],
        details: Mapping[str, Values] | None,
        rules: Configuration,
        now: datetime,
        report: TickReport,
    ) -> dict[Book, list[Request]]:
        """
        Look at both books before writing to either: what is done in one shows in the other.

        The shared one comes first, so that what turns out restricted there gets its row in the other at once.
        """
        self._memory.refresh()
        self._time_passes(rules, now, report)
        self._dispose_new(rules, now, report)
        books: list[tuple[Book, RegisterBook, Mapping[str, Values]]] = [(Book.SHARED, self._shared, values)]
        if self._restricted is not None and details is not None:
            books.append((Book.RESTRICTED, self._restricted, details))
        looks = [(key, book, book.look(read, values, rules, now, report)) for key, book, read in books]
        self._follow_cases(rules, now, report)
        requests: dict[Book, list[Request]] = {key: [] for key in Book}
        for key, book, look in looks:
            if look is not None:
                requests[key] = book.requests(look, rules, now, report)
        return requests

    def _time_passes(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """What is over by now, and what a changed norm, office hour or holiday moved."""
        moved: list[Change] = []
        if self._counted_with != rules.clock_mark:
            moved, moves = timers.rules_changed(self._store, rules, now)
            Reminders(self._store).moved(moves, now)  # before they are committed: one that is kept twice is told once
            commit_each(self._memory, moved, report)
            timers.remember(self._store, rules, moved, now)
            self._counted_with = rules.clock_mark
        over = timers.times_over(self._store, rules, now)
        commit_each(self._memory, over, report)
        report.changed += len(moved) + len(over)

    def _follow_cases(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """What was joined to a case goes where the case went, by the hands of staff, of its reporter or of time."""
        changes = joined.catch_up(self._store, self._memory.complaints.get, rules, now)
        commit_each(self._memory, changes, report)
        report.changed += len(changes)

    def _dispose_new(self, rules: Configuration, now: datetime, report: TickReport) -> None:
        """Disposition needs no sheet, so it comes first and goes on while the sheet's headers are unsound."""
        waiting = {ticket: found for ticket, found in self._memory.complaints.items() if found.step_begun_at is None}
        if not waiting:
            return
        intakes = self._store.intakes(waiting)
        changes = [
            self._alike.pointed_out(
                decision.decide_new(waiting[ticket], said, rules, now),
                waiting[ticket],
                said,
                self._memory.complaints,
                now,
            )
            for ticket, said in intakes.items()
        ]
        report.tell(Kind.UNREADABLE, *(UNREADABLE.format(ticket=ticket) for ticket in waiting if ticket not in intakes))
        self._memory.commit(changes)
        report.changed += len(changes)

    # -- notes in the configuration tabs ------------------------------------------------------------------------------

    def _notes(
        self, values: Mapping[str, Values], checked: Checked, now: datetime, report: TickReport
    ) -> list[Request]:
        """`Catatan Sistem` of the configuration tabs; and the row to answer in, if somebody removed it."""
        requests: list[Request] = []
        sheet_ids = self._shared.sheet_ids
        if not sheet_ids:
            return []  # its tabs are not known any more: the next tick looks again
        if missing_answer_row(values[SETTINGS.title]):
            layout = locate(SETTINGS, values[SETTINGS.title].header)
            requests += appended_rows(sheet_ids[SETTINGS.title], layout, [answer_row()])
            report.again = True
        question, counts = self._question(), self._rule_counts.of(checked.configuration.rules, now)
        made_from = (*(values[tab.title] for tab in CONFIGURATION), checked), (question, counts, self._known)
        if self._noted and all(map(is_, made_from[0], self._noted[0])) and made_from[1] == self._noted[1]:
            return requests
        known = self._known
        for tab, row, wanted in configuration_cells(values, checked, question=question, counts=counts, accounts=known):
            requests += cell_updates(sheet_ids[tab.title], row, wanted)
        self._noted = made_from if not requests else None
        return requests

    def _question(self) -> str:
        return " ".join(question for book in self._books() if (question := book.mass_loss.question()))


@contextmanager
def _told(report: TickReport) -> Iterator[None]:
    """A register of restricted complaints that cannot be reached is told of, and waits for the next tick."""
    try:
        yield
    except (SheetUnavailableError, SheetRefusedError) as error:
        report.tell(Kind.RESTRICTED, f"{TITLES[Book.RESTRICTED]}: {error.message}")
