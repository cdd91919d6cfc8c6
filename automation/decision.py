"""
What the SOP asks for next. Pure: a complaint, what its row says and the rules go in, a change comes out.

Every deadline is counted here, every act of the staff is judged here, and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from automation.acts import SEND_REPLY, Allowed, Refused, decide_act
from automation.configuration import Configuration
from automation.disposition import Disposition, dispose
from automation.procedures import Procedure, load_procedures
from automation.rows import (
    MASK,
    corrected_intake,
    known_cells,
    parse_instant,
    shown_instant,
    ticked,
    typed_channel,
    typed_identity,
    who_acted,
)
from automation.working_time import Norm, chain_due, due_at, remaining
from register.changes import Change
from register.complaint import CLOSED, Complaint, Event, EventKind, Identity, Intake, Status, procedure_for
from sheets_schema.columns import Owner
from sheets_schema.register_tab import REGISTER

LAW_ANSWER = Norm.parse("14 hari")
"""UU 25/2009 article 44: the reporter is answered within 14 calendar days, whatever the SOP allows."""
DISPOSED_LABEL = "Pengaduan diteruskan ke bidang yang menangani"
CORRECTED_LABEL = "Pengaduan dipindahkan ke bidang lain"
REPLIED_LABEL = "Balasan disampaikan kepada pelapor"
WAITING: Mapping[Status, str] = {
    Status.NEEDS_INFO: "menunggu pelapor",
    Status.AWAITING_REPORTER: "menunggu pelapor",
    Status.ON_HOLD: "ditunda",
}
"""What `Sisa Waktu` says while the office itself has nothing to do."""

_NEVER_EMPTY = frozenset({"description", "name", "contact"})
"""What the reporter said is kept when its cell is emptied: a slip of the finger must not lose a person's words."""
_HEADERS = {column.key: column.header for column in REGISTER.columns}
_OWNERS = {column.key: column.owner for column in REGISTER.columns}


@dataclass
class _Draft:
    """A complaint while its change is being worked out."""

    before: Complaint
    now: datetime
    complaint: Complaint
    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    acts: set[str] = field(default_factory=set)
    intake: Intake | None = None
    reply: str | None = None

    def set(self, **values: object) -> None:
        self.complaint = replace(self.complaint, **values)  # type: ignore[arg-type]

    def record(self, kind: EventKind, actor: str, label: str = "", **data: str) -> None:
        self.events.append(Event(kind, self.now, actor, data, public_label=label))


def decide_new(complaint: Complaint, intake: Intake, rules: Configuration, now: datetime) -> Change:
    """
    The first disposition: category, bidang, urgency, and the clock of the steps that the program has just done.

    Source: SOP A steps 1-4, SOP B steps 1-5.
    """
    draft = _Draft(complaint, now, complaint)
    outcome = _dispose(intake, rules)
    draft.set(status=Status.DISPOSED)
    _take_over(draft, outcome)
    draft.record(EventKind.DISPOSED, "sistem", DISPOSED_LABEL, **_recorded(outcome))
    _set_answer_due(draft, rules)
    _advance(draft, (), rules)
    return _change(draft)


def _dispose(intake: Intake, rules: Configuration) -> Disposition:
    return dispose(
        f"{intake.subject}\n{intake.description}",
        category=intake.category,
        rules=rules.rules,
        bidang_of=rules.bidang_of,
    )


def _take_over(draft: _Draft, outcome: Disposition) -> None:
    draft.set(
        category=outcome.category,
        bidang=outcome.bidang,
        urgency=outcome.urgency,
        restricted=draft.complaint.restricted or outcome.restricted,  # what was kept apart once stays apart
    )
    draft.notes.append(outcome.explanation)
    if outcome.restricted:
        draft.notes.append("Kategori terbatas: ditangani di Register Terbatas.")


def decide_row(
    complaint: Complaint,
    *,
    texts: Mapping[str, str],
    changed: Sequence[str],
    intake: Callable[[], Intake],
    rules: Configuration,
    now: datetime,
) -> Change | None:
    """
    What staff did in one row since the last tick.

    Args:
        complaint: As the store has it, already disposed.
        texts: Every cell that people own and that is not empty, by column key.
        changed: Keys of those that differ from what the last tick read, emptied ones included.
        intake: Opens what the reporter said; called only if an intake cell changed.
        rules: The configuration in force.
        now: Aware instant.

    Returns: the change, or None if nothing of substance happened.
    """
    draft = _Draft(complaint, now, complaint)
    actor = who_acted(texts, rules.officers)
    said = [key for key in changed if _OWNERS[key] is Owner.INTAKE]
    if said:
        _correct_intake(draft, texts, said, intake(), rules, actor)
    for key in changed:
        if _OWNERS[key] is Owner.STAFF:
            draft.events.append(_read_event(key, texts, now, actor))
    for key, handle in _STAFF_CELLS.items():
        if key in changed:
            handle(draft, texts, rules, actor)
    if "send_reply" in changed or "reply" in changed:
        _send_reply(draft, texts, actor)
    _advance(draft, [key for key in changed if texts.get(key)], rules)
    return _change(draft) if draft.events or draft.complaint != complaint else None


def stage(complaint: Complaint) -> str:
    """The running step as people read it, such as `6. Tindak lanjut`; `Selesai` when all are done."""
    step = _procedure(complaint).running_step(complaint.step - 1)
    return f"{step.no}. {step.short}" if step else "Selesai"


def remaining_time(complaint: Complaint, rules: Configuration, now: datetime) -> str:
    """`Sisa Waktu`: coarse, so that an idle tick writes nothing; empty once no clock runs."""
    if complaint.closed:
        return ""
    if complaint.status in WAITING:
        return WAITING[complaint.status]
    answer_due = complaint.due_at if complaint.replied_at is None else None
    due = min((at for at in (complaint.step_due_at, answer_due) if at), default=None)
    return remaining(now, due, rules.calendar) if due else ""


def _correct_intake(
    draft: _Draft, texts: Mapping[str, str], changed: Sequence[str], known: Intake, rules: Configuration, actor: str
) -> None:
    """What staff changed in the reporter's words: a correction, kept sealed with what stood there before."""
    before = known_cells(draft.complaint, known)
    for key in changed:
        if texts.get(key) != MASK:
            draft.events.append(_read_event(key, texts, draft.now, actor, before=before[key]))
    draft.notes += [
        f"{_HEADERS[key]} dikosongkan; isi semula tetap tersimpan." for key in _emptied(before, texts, changed)
    ]
    if "identity" in changed and texts.get("identity") and typed_identity(texts) is None:
        draft.notes.append("Identitas tidak dikenal; pilih Terbuka, Rahasia, atau Anonim.")
    corrected = corrected_intake(known, texts, changed)
    if corrected != known:
        draft.intake = corrected
        if known.identity is not Identity.OPEN and corrected.identity is Identity.OPEN:
            draft.notes.append("Samaran tidak dibuka sendiri; ketik ulang nama dan kontak bila pelapor mengizinkan.")
        draft.set(identity=corrected.identity)
        if corrected.description != known.description:
            _redispose(draft, corrected, texts, rules)
    if "received_at" in changed and texts.get("received_at", "").strip():
        _correct_received_at(draft, texts["received_at"], rules)
    if "channel" in changed and texts.get("channel"):
        _correct_channel(draft, texts["channel"])


def _emptied(before: Mapping[str, str], texts: Mapping[str, str], changed: Sequence[str]) -> list[str]:
    return [key for key in changed if key in _NEVER_EMPTY and before[key] and not texts.get(key, "").strip()]


def _redispose(draft: _Draft, intake: Intake, texts: Mapping[str, str], rules: Configuration) -> None:
    """A story told better is disposed anew, as long as nobody has acted on the first disposition."""
    acted = texts.get("corrected_bidang") or draft.complaint.step > _procedure(draft.complaint).system_steps + 1
    if draft.complaint.status is not Status.DISPOSED or acted:
        return
    outcome = _dispose(intake, rules)
    if _recorded(outcome) != {key: getattr(draft.complaint, key) for key in ("category", "bidang", "urgency")}:
        label = CORRECTED_LABEL if outcome.bidang != draft.complaint.bidang else ""
        draft.record(EventKind.DISPOSED, "sistem", label, **_recorded(outcome))
        _take_over(draft, outcome)


def _correct_channel(draft: _Draft, text: str) -> None:
    channel = typed_channel(text)
    if channel is None:
        draft.notes.append("Kanal tidak dikenal; pilih dari daftar.")
    elif procedure_for(channel) is draft.complaint.procedure:
        draft.set(channel=channel)
    else:
        draft.notes.append("Kanal tidak dapat dipindah ke SOP yang lain; catat sebagai pengaduan baru.")


def _correct_received_at(draft: _Draft, text: str, rules: Configuration) -> None:
    at = parse_instant(text, _serial(text))
    if at is None or at > draft.now:
        draft.notes.append("Waktu Masuk tidak terbaca atau belum lewat; tulis seperti 2026-11-23 09:15.")
    elif shown_instant(at) != shown_instant(draft.complaint.received_at):
        draft.set(received_at=at)
        _set_answer_due(draft, rules)


def _serial(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return ""


def _choose_act(draft: _Draft, texts: Mapping[str, str], rules: Configuration, actor: str) -> None:
    chosen = texts.get("act", "").strip()
    if not chosen:
        draft.set(note="")  # what was refused before is no longer asked for
        return
    verdict = decide_act(chosen, draft.complaint.status)
    if isinstance(verdict, Refused):
        draft.record(EventKind.ACT_REFUSED, actor, status=draft.complaint.status.value)
        draft.notes.append(f"{verdict.act.label if verdict.act else 'Tindakan'}: {verdict.reason}")
        return
    _do(draft, verdict, actor)
    draft.notes.append(f"{verdict.act.label}: diterapkan {shown_instant(draft.now)} WITA.")


def _do(draft: _Draft, verdict: Allowed, actor: str) -> None:
    if draft.complaint.closed and verdict.to not in CLOSED and verdict.act.key != SEND_REPLY:
        # Reopened: it is handled anew, with a clock of its own.
        draft.set(step=_procedure(draft.complaint).system_steps + 1, step_begun_at=None)
    draft.set(status=verdict.to)
    draft.acts.add(verdict.act.key)
    draft.record(EventKind.ACT, actor, verdict.act.timeline, act=verdict.act.key, status=verdict.to.value)


def _correct_bidang(draft: _Draft, texts: Mapping[str, str], rules: Configuration, actor: str) -> None:
    chosen = texts.get("corrected_bidang", "").strip()
    code = next((code for code in rules.bidang if code.casefold() == chosen.casefold()), None)
    if not chosen:
        return
    if code is None:
        draft.notes.append(f"Koreksi Disposisi: bidang tersebut tidak ada. Pilih {', '.join(rules.bidang)}.")
    elif code != draft.complaint.bidang:
        draft.set(bidang=code)
        draft.record(EventKind.DISPOSED, actor, CORRECTED_LABEL, bidang=code)
        draft.notes.append(f"Disposisi dikoreksi ke {code}.")


def _follow_up(draft: _Draft, texts: Mapping[str, str], rules: Configuration, actor: str) -> None:
    """Writing in `Tindak Lanjut` is acting: a complaint that was only disposed is now being handled."""
    if texts.get("follow_up") and draft.complaint.status is Status.DISPOSED:
        verdict = decide_act("proses", draft.complaint.status)
        if isinstance(verdict, Allowed):
            _do(draft, verdict, actor)


def _send_reply(draft: _Draft, texts: Mapping[str, str], actor: str) -> None:
    """Publish `Balasan`: when `Kirim Balasan` is ticked, and again when the text changes while it is."""
    box, text = texts.get("send_reply", ""), texts.get("reply", "").strip()
    if box and not ticked(box):
        draft.notes.append("Kirim Balasan tidak terbaca; centang kotaknya untuk mengirim.")
    if not ticked(box):
        return
    if not text:
        draft.notes.append("Kirim Balasan dicentang, tetapi Balasan masih kosong.")
        return
    verdict = decide_act(SEND_REPLY, draft.complaint.status)
    if isinstance(verdict, Refused):
        draft.record(EventKind.ACT_REFUSED, actor, status=draft.complaint.status.value)
        draft.notes.append(f"Balasan tidak dikirim: {verdict.reason}")
        return
    draft.reply = text
    draft.acts.add(SEND_REPLY)
    draft.set(status=verdict.to, replied_at=draft.now)
    draft.record(EventKind.REPLIED, actor, REPLIED_LABEL, status=verdict.to.value)
    draft.notes.append(f"Balasan dikirim {shown_instant(draft.now)} WITA.")


_STAFF_CELLS: Mapping[str, Callable[[_Draft, Mapping[str, str], Configuration, str], None]] = {
    "corrected_bidang": _correct_bidang,
    "act": _choose_act,
    "follow_up": _follow_up,
}


def _advance(draft: _Draft, filled: Sequence[str], rules: Configuration) -> None:
    """Complete the steps that are done by acts and newly filled cells, and start the clock of the next."""
    complaint, procedure = draft.complaint, _procedure(draft.complaint)
    completed = procedure.completed_through(acts=draft.acts, cells=filled)
    for no in range(complaint.step, completed + 1):
        draft.record(EventKind.STEP_DONE, "sistem", step=str(no))
    if completed >= complaint.step or complaint.step_begun_at is None:
        running = procedure.running_step(max(completed, complaint.step - 1))
        due = due_at(draft.now, running.norm, rules.calendar).at if running else None
        draft.set(step=running.no if running else len(procedure.steps) + 1, step_begun_at=draft.now, step_due_at=due)


def _set_answer_due(draft: _Draft, rules: Configuration) -> None:
    """`Batas Waktu`: the end of step 5 (SOP A) or 8 (SOP B) counted from receipt, or the law's if that is stricter."""
    received_at = draft.complaint.received_at
    by_sop = chain_due(received_at, _procedure(draft.complaint).answer_norms, rules.calendar).at
    by_law = due_at(received_at, LAW_ANSWER, rules.calendar).at
    draft.set(due_at=min(by_sop, by_law))


def _procedure(complaint: Complaint) -> Procedure:
    return load_procedures()[complaint.procedure.value]


def _recorded(outcome: Disposition) -> dict[str, str]:
    return {"category": outcome.category, "bidang": outcome.bidang, "urgency": outcome.urgency}


def _read_event(key: str, texts: Mapping[str, str], now: datetime, actor: str, before: str = "") -> Event:
    secret = {"value": texts.get(key, "")} | ({"before": before} if before else {})
    return Event(EventKind.CELL_READ, now, actor, {"column": _HEADERS[key]}, secret)


def _change(draft: _Draft) -> Change:
    if draft.notes:
        draft.set(note=" ".join(draft.notes))
    after = draft.complaint
    values = {name: getattr(after, name) for name in _CHANGEABLE if getattr(after, name) != getattr(draft.before, name)}
    if values or draft.reply is not None or draft.intake is not None:
        values["updated_at"] = draft.now
    return Change(after.ticket, values, tuple(draft.events), draft.intake, draft.reply)


_CHANGEABLE = (
    "channel", "identity", "received_at", "status", "category", "bidang", "urgency", "restricted", "step",
    "step_begun_at", "step_due_at", "due_at", "replied_at", "note",
)  # fmt: skip
