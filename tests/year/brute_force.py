"""
Every clock of a complaint, told again from its audit trail alone and counted along the timetable of minutes.

Nothing here comes from the product's heart: steps, laws and states are typed from the decree and the laws. A clock's
deadline is that of its last count: with the rules, pauses, extension and category that were known when something was
last decided about the complaint while the clock ran.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby

from register.complaint import Event, EventKind
from tests.year.timetable import WITA, Rules, instant, minute

IN_PERSON = ("desk", "phone", "letter")
LAST_STEP = {"langsung": 6, "online": 9}
DISPOSE_STEP = {"langsung": 4, "online": 5}
ANSWER_STEP = {"langsung": 5, "online": 8}

LAWS = ("sp4n.verifikasi", "sp4n.tindak_lanjut", "sp4n.penyelesaian", "uu25.tanggapan", "uu25.keputusan")
LAW_NORMS = {
    "sp4n.verifikasi": "3 hari",
    "sp4n.tindak_lanjut": "5 hari",
    "uu25.tanggapan": "14 hari",
    "uu25.keputusan": "60 hari",
}
SETTLED_WITHIN = {"INFO": "5 hari kerja", "PUNGLI": "60 hari kerja"}
ANSWERED_BY = ("jawaban", "sp4n.tindak_lanjut", "sp4n.penyelesaian", "uu25.tanggapan", "uu25.keputusan")
FOR_THE_REPORTER = ("jawaban", "sp4n.penyelesaian", "uu25.tanggapan", "uu25.keputusan")
"""Clocks of which the strictest is `Batas Waktu`."""

WINDOWS = {
    "needs_info": "kelengkapan",
    "awaiting_reporter": "tanggapan",
    **dict.fromkeys(("resolved", "transferred", "out_of_authority", "withdrawn"), "buka_kembali"),
}
STANDING_STILL = ("needs_info", "awaiting_reporter")
SETTLED = ("resolved", "transferred", "out_of_authority", "withdrawn", "merged", "archived")
ENDED = ("merged", "archived")
ANSWERING = ("alihkan", "bukan_kewenangan", "selesai")
BY_ITSELF = ("tutup_otomatis", "dianggap_dicabut")
STAFF_COLUMNS = (
    "Tindakan", "Alasan", "Instansi Rujukan", "Gabung ke Tiket", "Koreksi Disposisi", "Koreksi Kategori",
    "Koreksi Urgensi", "Petugas", "Tindak Lanjut", "Balasan", "Kirim Balasan",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A clock as the trail tells it; instants are minutes."""

    begun: int
    due: int | None = None
    done: int | None = None


@dataclass
class Case:
    """A complaint as far as its trail has been told."""

    rules: Sequence[Rules]
    sop: str = ""
    status: str = "received"
    received: int = 0
    round: int = 0
    category: str = ""
    urgency: str = ""
    undecided: bool = False
    answered: bool = False
    extended: int | None = None
    extension: str = ""
    pauses: list[list[int | None]] = field(default_factory=list)
    step: int = 1
    clocks: dict[tuple[int, str], Told] = field(default_factory=dict)
    _counted_with: Rules | None = None

    # -- clocks -------------------------------------------------------------------------------------------------------

    def begin(self, key: str, at: int) -> None:
        running = self.clocks.get((self.round, key))
        if running is None or running.done is not None:
            self.clocks[self.round, key] = Told(at)

    def finish(self, keys: Iterable[str], at: int) -> None:
        for key in keys:
            clock = self.clocks.get((self.round, key))
            if clock is not None and clock.done is None:
                due = clock.due if clock.due is not None else self._due(self.round, key, clock, at)
                self.clocks[self.round, key] = replace(clock, due=due, done=at)

    def count(self, at: int) -> None:
        """Count what runs with what is known at a minute."""
        self._counted_with = self._in_force(at)
        for (round_no, key), clock in self.clocks.items():
            if clock.done is None:
                self.clocks[round_no, key] = replace(clock, due=self._due(round_no, key, clock, at))

    def _in_force(self, at: int) -> Rules:
        return next(rules for rules in reversed(self.rules) if rules.since <= at)

    def _due(self, round_no: int, key: str, clock: Told, at: int) -> int:
        rules = self._in_force(at)
        if key == "darurat":
            return clock.begun + int(rules.norms["darurat_ditangani"].removesuffix(" menit"))
        if key in WINDOWS.values():
            return rules.timetable.window(clock.begun, rules.norms[f"batas_{key}"])
        if key.startswith("langkah."):
            norms = [rules.norms[f"norma_{self.sop}_{key.removeprefix('langkah.')}"]]
        elif key == "jawaban":
            first = 1 if round_no == 0 else DISPOSE_STEP[self.sop] + (not self.undecided)
            norms = [rules.norms[f"norma_{self.sop}_{no}"] for no in range(first, ANSWER_STEP[self.sop] + 1)]
        else:
            norms = [LAW_NORMS.get(key) or SETTLED_WITHIN.get(self.category, "14 hari kerja")]
        of_the_sop = key == "jawaban" or key.startswith("langkah.")
        if of_the_sop and self.extended is not None and clock.begun <= self.extended:
            norms.append(self.extension)
        return rules.timetable.due(clock.begun, norms, self._over())

    def _over(self) -> list[tuple[int, int]]:
        """Pauses that are over, those that touch joined; one that goes on, with all that touches it, moves nothing."""
        joined: list[list[int | None]] = []
        for since, until in self.pauses:
            if since == until:
                continue
            if joined and joined[-1][1] == since:
                joined[-1][1] = until
            else:
                joined.append([since, until])
        return [(since, until) for since, until in joined if since is not None and until is not None]

    # -- what happened ------------------------------------------------------------------------------------------------

    def tell(self, events: Sequence[Event]) -> None:
        """What was decided at once."""
        at = minute(events[0].at)
        if self._counted_with not in (None, self._in_force(at)):
            self.count(at)  # rules changed since something was last decided here
        place = self.round, "darurat"
        alerted = place in self.clocks and self.clocks[place].done is None
        for event in events:
            _TELLING.get(event.kind, _nothing)(self, event, at)
        columns = {e.data.get("column") for e in events if e.kind is EventKind.CELL_READ and e.secret.get("value")}
        if columns.intersection(STAFF_COLUMNS) and alerted and self.round == place[0]:
            self.finish(["darurat"], at)  # who makes an emergency of it in that row has not acted on it yet
        if self.clocks:
            self.count(at)

    def arrive(self, event: Event, at: int) -> None:
        self.sop = "langsung" if event.data["channel"] in IN_PERSON else "online"
        earlier = event.data.get("received_at")
        self.received = minute(datetime.fromisoformat(earlier)) if earlier else at

    def look(self) -> None:
        """The first look at it: everything begins with the receipt."""
        for key in ("langkah.1", "jawaban", *LAWS):
            self.begin(key, self.received)

    def _runs(self, key: str) -> bool:
        clock = self.clocks.get((self.round, key))
        return clock is not None and clock.done is None

    def step_done(self, event: Event, at: int) -> None:
        if not self.clocks:
            self.look()
        no = int(event.data["step"])
        if no == LAST_STEP[self.sop]:
            return  # that is done by the report alone
        self.begin(f"langkah.{no}", at)
        self.finish([f"langkah.{no}"], at)
        self.step = no + 1
        if no < LAST_STEP[self.sop]:
            self.begin(f"langkah.{no + 1}", at)

    def disposed(self, event: Event, at: int) -> None:
        data = event.data
        self.category = data.get("category", self.category)
        first = self.status == "received" and "category" in data and "bidang" in data and not self.undecided
        if first and not data["bidang"]:
            self.undecided = True
        elif data.get("bidang") and (first or self.undecided):
            self.undecided = False
            self.finish(["sp4n.verifikasi"], at)
            if self.status == "received":
                self.status = "disposed"
        before, self.urgency = self.urgency, data.get("urgency", self.urgency)
        if self.urgency == before:
            return
        if self.urgency != "Darurat":
            self.finish(["darurat"], at)
        elif not self.answered:
            self.begin("darurat", at)

    def answer(self, at: int) -> None:
        self.finish((*ANSWERED_BY, "darurat"), at)
        self.answered = True

    def enter(self, status: str, at: int) -> None:
        left, entered = WINDOWS.get(self.status, ""), WINDOWS.get(status, "")
        if left != entered:
            self.finish([left], at)
        if entered:
            self.begin(entered, at)
        self.status = status
        if status in SETTLED:
            self.answer(at)
            self.finish(["sp4n.verifikasi"], at)
        if status in ENDED:
            last = f"langkah.{LAST_STEP[self.sop]}"
            report_to_come = status == "archived" and self._runs(last)
            ended = [key for round_no, key in self.clocks if round_no == self.round]
            self.finish([key for key in ended if not (report_to_come and key == last)], at)
            self.step = LAST_STEP[self.sop] + (not report_to_come)

    def act(self, event: Event, at: int) -> None:
        act, status = event.data.get("act"), event.data.get("status")
        if status is None or (self.status == "merged" and act in ANSWERING):
            return  # a reason told later, or the answer of the case that it was joined to
        if act == "buka_kembali":
            self.reopen(status, at)
        elif status != self.status:
            self.enter(status, at)
        if act == "minta_kelengkapan":
            self.finish(["uu25.tanggapan"], at)
        if status == "in_progress":
            self.finish(["sp4n.tindak_lanjut"], at)
        if act in ANSWERING:
            self.answer(at)

    def reopen(self, status: str, at: int) -> None:
        self.finish([key for round_no, key in self.clocks if round_no == self.round], at)
        self.status, self.round, self.answered = status, self.round + 1, False
        for key in ("jawaban", *LAWS):
            self.begin(key, at)
        if self.urgency == "Darurat":
            self.begin("darurat", at)
        if not self.undecided:
            self.finish(["sp4n.verifikasi"], at)
        self.step = DISPOSE_STEP[self.sop] + (not self.undecided)
        self.begin(f"langkah.{self.step}", at)

    def replied(self, event: Event, at: int) -> None:
        status = event.data.get("status")
        if status is None or self.status == "merged":
            return  # the answer of the case that it was joined to
        if status != self.status:
            self.enter(status, at)
        self.answer(at)

    def reported(self, event: Event, at: int) -> None:
        """The case report is written: the last step is done, and nothing else is."""
        self.finish([f"langkah.{LAST_STEP[self.sop]}"], at)
        self.step = LAST_STEP[self.sop] + 1

    def lengthen(self, event: Event, at: int) -> None:
        self.extended, self.extension = at, self._in_force(at).norms["perpanjangan"]

    def read(self, event: Event, at: int) -> None:
        if event.data.get("column") != "Waktu Masuk" or not self.clocks:
            return
        typed = datetime.strptime(event.secret["value"], "%Y-%m-%d %H:%M").replace(tzinfo=WITA)
        if minute(typed) in (self.received, *range(at + 1, at + 10**7)):
            return
        for place, clock in self.clocks.items():
            if clock.done is None and clock.begun == self.received:
                self.clocks[place] = replace(clock, begun=minute(typed))
        self.received = minute(typed)


def _nothing(case: Case, event: Event, at: int) -> None:
    """Tells nothing about clocks."""


_TELLING = {
    EventKind.RECEIVED: Case.arrive,
    EventKind.STEP_DONE: Case.step_done,
    EventKind.DISPOSED: Case.disposed,
    EventKind.ACT: Case.act,
    EventKind.REPLIED: Case.replied,
    EventKind.REPORTED: Case.reported,
    EventKind.EXTENDED: Case.lengthen,
    EventKind.CELL_READ: Case.read,
    EventKind.STOPPED: lambda case, _, at: case.pauses.append([at, None]),
    EventKind.RESUMED: lambda case, _, at: case.pauses[-1].__setitem__(1, at),
}


def told(events: Sequence[Event], rules: Sequence[Rules], end: datetime) -> Case:
    """The complaint as its trail tells it, counted for the last time at `end`."""
    case = Case(rules)
    for _, at_once in groupby(_numbered(events), key=lambda pair: pair[0]):
        case.tell([event for _, event in at_once])
    if case.clocks:
        case.count(minute(end))
    return case


def _numbered(events: Sequence[Event]) -> Iterable[tuple[tuple[datetime, int], Event]]:
    """Events with the decision they belong to: one instant may hold several, of which the system's own come apart."""
    decision = 0
    for event in events:
        apart = event.kind in (EventKind.RECEIVED, EventKind.MOVED) or event.data.get("act") in BY_ITSELF
        yield (event.at, decision), event
        decision += apart


# -- comparing --------------------------------------------------------------------------------------------------------


@dataclass
class Comparison:
    """How many clocks were compared, by kind, and every difference."""

    compared: dict[str, int] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)

    def count(self, kind: str) -> None:
        self.compared[kind] = self.compared.get(kind, 0) + 1

    def differs(self, what: str, ours: object, theirs: object) -> None:
        self.differences.append(f"{what}: register {_shown(ours)}, brute force {_shown(theirs)}")


Kept = Mapping[tuple[int, str], Told]
"""Clocks as the store keeps them."""


def compare(found: Comparison, name: str, kept: Kept, case: Case, due_at: int | None, step_due_at: int | None) -> None:
    """Compare a complaint's clocks and its two limits with what its trail tells."""
    for place in sorted(kept.keys() | case.clocks.keys()):
        ours, theirs = kept.get(place), case.clocks.get(place)
        found.count(place[1])
        if ours != theirs:
            found.differs(f"{name} round {place[0]} {place[1]}", ours, theirs)
    running = {key: c.due for (no, key), c in case.clocks.items() if no == case.round and c.done is None}
    limits = [due for key in FOR_THE_REPORTER if (due := running.get(key)) is not None]
    if limits:
        found.count("Batas Waktu")
        if due_at != min(limits):
            found.differs(f"{name} Batas Waktu", due_at, min(limits))
    found.count("Batas Langkah")
    if step_due_at != running.get(f"langkah.{case.step}"):
        found.differs(f"{name} Batas Langkah", step_due_at, running.get(f"langkah.{case.step}"))


def _shown(value: object) -> str:
    if isinstance(value, Told):
        parts = (("from", value.begun), ("due", value.due), ("done", value.done))
        return ", ".join(f"{name} {_shown(part)}" for name, part in parts)
    return instant(value).strftime("%Y-%m-%d %H:%M") if isinstance(value, int) else "none"
