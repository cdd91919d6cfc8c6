"""A complaint while its change is being worked out: values, events, notes and clocks, and the one change they make."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime

from automation.configuration.in_force import Configuration
from automation.sop.acts import Act
from automation.sop.clock_keys import ANSWER, EMERGENCY, step_key, step_of
from automation.sop.deadlines import ClockId, counted, counting_facts, limits
from automation.sop.laws import Ends, laws_for
from automation.sop.procedures import Procedure
from automation.sop.states import Time, load_states
from automation.sop.told import told_by
from register.changes import Change
from register.complaint import Clock, Complaint, Event, EventKind, Intake, Status

SYSTEM = "sistem"
MOVED_LABEL = "Batas waktu dihitung ulang"

_NEVER_CHANGED = frozenset({"ticket", "number", "procedure", "recorded_at", "updated_at"})
_CHANGEABLE = tuple(item.name for item in fields(Complaint) if item.name not in _NEVER_CHANGED)


@dataclass
class Draft:
    """See the module. `clocks` are those of the complaint, by round and key; `now` is aware."""

    before: Complaint
    now: datetime
    rules: Configuration
    clocks: dict[ClockId, Clock] = field(default_factory=dict)
    complaint: Complaint = field(init=False)
    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)
    """Keys of the acts that were done just now."""
    intake: Intake | None = None
    reply: str | None = None

    def __post_init__(self) -> None:
        self.complaint = self.before
        self._clocks_before = dict(self.clocks)

    @property
    def procedure(self) -> Procedure:
        """Its SOP, with the norms in force."""
        return self.rules.procedures[self.complaint.procedure.value]

    def set(self, **values: object) -> None:
        """Change values of the complaint."""
        self.complaint = replace(self.complaint, **values)  # type: ignore[arg-type]

    def record(
        self, kind: EventKind, actor: str, label: str = "", public: str = "", why: str = "", **data: str
    ) -> None:
        """
        Put an event into the trail.

        Args:
            label: What the public timeline shows, a msgid; empty keeps it internal.
            public: A sentence of the office's for the reporter, sealed at rest and shown behind the label.
            why: A sentence for the office, sealed as well.
        """
        secret = {name: text for name, text in (("public", public), ("why", why)) if text}
        self.events.append(Event(kind, self.now, actor, data, secret, label))

    # -- clocks -------------------------------------------------------------------------------------------------------

    def begin(self, key: str, at: datetime | None = None) -> None:
        """Start a clock of this round; one that runs already goes on."""
        place = (self.complaint.round, key)
        running = self.clocks.get(place)
        if running is None or running.done_at is not None:
            self.clocks[place] = Clock(key, self.complaint.round, at or self.now, None, "")

    def runs(self, key: str) -> bool:
        """Whether a clock of this round runs."""
        running = self.clocks.get((self.complaint.round, key))
        return running is not None and running.done_at is None

    def finish(self, key: str, by: str) -> None:
        """End a clock of this round, if it runs. One that ends before the rules counted it is counted all the same."""
        place = (self.complaint.round, key)
        running = self.clocks.get(place)
        if running is not None and running.done_at is None:
            known = running if running.due_at else counted(running, self.complaint, self.rules)
            self.clocks[place] = replace(known, done_at=self.now, done_by=by)

    def finish_laws(self, ends: Ends, by: str) -> None:
        """End the limits of the law that are met by this."""
        for law in laws_for(self.complaint.category).values():
            if law.ends is ends:
                self.finish(law.key, by)

    def begin_answer(self, at: datetime) -> None:
        """Start what the reporter waits for: the SOP's answer, and the laws' limits."""
        self.begin(ANSWER, at)
        for key in laws_for(self.complaint.category):
            self.begin(key, at)

    def finish_answer(self, by: str) -> None:
        """The reporter has an answer, or needs none any more."""
        self.finish(ANSWER, by)
        for ends in (Ends.HANDLED, Ends.RESPONSE, Ends.ANSWER):
            self.finish_laws(ends, by)
        if self.complaint.answered_at is None:
            self.set(answered_at=self.now)

    def move_receipt(self, at: datetime) -> None:
        """Correct when the complaint reached the office; what runs since then moves along."""
        for place, clock in self.clocks.items():
            if clock.done_at is None and clock.begun_at == self.complaint.received_at:
                self.clocks[place] = replace(clock, begun_at=at)
        self.set(received_at=at)

    def recount(self, *, all_anew: bool = False) -> None:
        """
        Count every running clock whose facts changed, and what the complaint shows of them.

        Args:
            all_anew: Whether the others are counted again, too: the rules they were counted with may be others now.
        """
        all_anew = all_anew or counting_facts(self.complaint) != counting_facts(self.before)
        for place, clock in self.clocks.items():
            stands = clock.due_at is not None and clock == self._clocks_before.get(place) and not all_anew
            if clock.done_at is None and not stands:
                self.clocks[place] = counted(clock, self.complaint, self.rules)
        found = limits(self.complaint, self.clocks.values())
        self.set(**vars(found))

    # -- steps and states ---------------------------------------------------------------------------------------------

    def complete_steps(self, through: int, by: str) -> None:
        """Complete the running step and all up to that number, and begin the next."""
        for no in range(self.complaint.step, through + 1):
            self.begin(step_key(no))
            self.finish(step_key(no), by)
            self.record(EventKind.STEP_DONE, by, step=str(no))
        if through >= self.complaint.step:
            self._begin_step(through + 1)

    def restart_at(self, no: int) -> None:
        """Begin a step anew, in a new round."""
        self._begin_step(no)

    def _begin_step(self, no: int) -> None:
        self.set(step=no, step_begun_at=self.now)
        if no <= len(self.procedure.steps):
            self.begin(step_key(no))

    def enter(self, status: Status, act: Act, by: str) -> None:
        """Go into a state: its clocks run, stand still, or end, and the reporter's time there begins."""
        states = load_states()
        left, entered = states[self.complaint.status], states[status]
        self.set(status=status, closed_by=act.key if entered.clocks in (Time.REPORT, Time.ENDED) else "")
        if left.window and left.window != entered.window:
            self.finish(left.window, by)
        if entered.window:
            self.begin(entered.window)
        self._stand_still(entered.clocks is Time.STAND_STILL)
        if entered.clocks in (Time.REPORT, Time.ENDED):
            self.finish_answer(by)
            self.finish_laws(Ends.DISPOSED, by)
            self.finish(EMERGENCY, by)
        if entered.clocks is Time.REPORT:
            self.complete_steps(len(self.procedure.steps) - 1, by)
        elif entered.clocks is Time.ENDED:
            self._end_everything(by, but=self._last_step if status is Status.ARCHIVED else "")

    def _stand_still(self, still: bool) -> None:
        pauses = self.complaint.pauses
        if still and not self.complaint.waiting:
            self.set(pauses=(*pauses, (self.now, None)))
            self.record(EventKind.STOPPED, SYSTEM)
        elif not still and self.complaint.waiting:
            self.set(pauses=(*pauses[:-1], (pauses[-1][0], self.now)))
            self.record(EventKind.RESUMED, SYSTEM)

    @property
    def _last_step(self) -> str:
        """The key of the step that the case report completes."""
        return step_key(len(self.procedure.steps))

    def _end_everything(self, by: str, *, but: str) -> None:
        """What was filed before its report was written still has that step before it."""
        for _, key in [place for place in self.clocks if place[0] == self.complaint.round]:
            if key != but:
                self.finish(key, by)
        if not self.runs(but):
            self.set(step=len(self.procedure.steps) + 1, step_begun_at=self.now)

    # -- the outcome --------------------------------------------------------------------------------------------------

    def change(self) -> Change:
        """All of it as one change, with what its reporter is told; notes replace what `Catatan Sistem` said before."""
        if self.notes:
            self.set(note=" ".join(self.notes))
        after = self.complaint
        values = {
            name: getattr(after, name) for name in _CHANGEABLE if getattr(after, name) != getattr(self.before, name)
        }
        if values or self.reply is not None or self.intake is not None:
            values["updated_at"] = self.now
        clocks = [clock for place, clock in self.clocks.items() if clock != self._clocks_before.get(place)]
        made = Change(after.ticket, values, tuple(self.events), self.intake, self.reply, clocks=tuple(clocks))
        return replace(made, messages=told_by(self.before, made))


def draft_of(complaint: Complaint, clocks: Sequence[Clock], rules: Configuration, now: datetime) -> Draft:
    """
    A draft with the clocks of the complaint; those that an older version did not keep are begun from what it kept.
    """
    draft = Draft(complaint, now, rules, {(clock.round, clock.key): clock for clock in clocks})
    if complaint.step_begun_at is None or draft.clocks:
        return draft
    if complaint.answered_at is None and not complaint.closed:
        draft.begin_answer(complaint.received_at)
        draft.finish_laws(Ends.DISPOSED, SYSTEM)
    if complaint.step <= len(draft.procedure.steps) and step_of(step_key(complaint.step)):
        draft.begin(step_key(complaint.step), complaint.step_begun_at)
    state = load_states()[complaint.status]
    if state.window:
        draft.begin(state.window, complaint.updated_at)
    if state.clocks is Time.STAND_STILL and not complaint.pauses:
        draft.set(pauses=((complaint.updated_at, None),))
    return draft
