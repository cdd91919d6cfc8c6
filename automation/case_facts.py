"""
How a complaint was handled, as its report tells it: tables of texts and single facts, by their names in papers.toml.

Pure. Nothing in here is what a reporter wrote; the paper's own facts have that, and mask it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from automation.calendars.indonesian_dates import duration
from automation.calendars.working_time import measure
from automation.configuration.in_force import Configuration
from automation.sop.acts import load_acts
from automation.sop.clock_keys import ANSWER, step_of
from automation.sop.reporting import named
from automation.step_proofs import proofs_of
from automation.story import RUNG_LABELS
from forms.papers import Office, Paper, definitions
from forms.papers.facts import category_label
from register.chain import Root
from register.complaint import CLOSED, Clock, Complaint, Event, EventKind, Procedure
from register.indonesian_dates import short_instant
from register.notices import STATE_LABELS, State
from register.reporter_messages import MESSAGE_LABELS

MOST_MESSAGES = 40
"""Lines of messages on a report; of further ones only the number."""
_SYSTEM, _REPORTER = "Sistem", "Pelapor"
_PEOPLE = {"sistem": _SYSTEM, "pelapor": _REPORTER, "staf": "Petugas"}
_REGISTER_BOOK = "Buku Registrasi Pengaduan"
_PAPERS: Mapping[int, tuple[str, ...]] = {
    2: (_REGISTER_BOOK, definitions()[Paper.COMPLAINT].title),
    3: (definitions()[Paper.COMPLAINT].title,),
    4: (definitions()[Paper.DISPOSITION].title,),
    5: (definitions()[Paper.SETTLEMENT].title,),
}
"""What proves a step of SOP A: the decree's papers, which are printed from the register."""

_CUTTING = frozenset({"cabut", "dianggap_dicabut", "alihkan", "bukan_kewenangan", "buka_kembali"})
"""Acts that end steps which nobody took."""

Rows = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class CaseTold:
    """
    What a report is made from, beside the paper's own facts.

    Args:
        joined: Register numbers of the complaints that were joined to it.
        lacking: Codes of what people had not filled in.
        root: The trail's root that is printed.
    """

    complaint: Complaint
    clocks: Sequence[Clock]
    events: Sequence[Event]
    joined: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    root: Root | None = None


def case_tables(told: CaseTold, rules: Configuration, office: Office) -> Mapping[str, Rows]:
    """Every table of the report by its name; an empty one does not stand on it."""
    return {
        "steps": tuple(_steps(told, rules)),
        "waits": tuple(_waits(told)),
        "dispositions": tuple(_dispositions(told, office)),
        "acts": tuple(_acts(told, office)),
        "proofs": tuple(_proofs(told, rules, office)),
        "messages": _messages(told),
    }


def case_texts(told: CaseTold, rules: Configuration, office: Office) -> Mapping[str, str]:
    """Every single fact of the report by its name."""
    complaint = told.complaint
    procedure = rules.procedures[complaint.procedure.value]
    return {
        "sop": f"{procedure.title} (Nomor {procedure.nomor})",
        "answered": _answered(told, rules),
        "closed_by": _closed_by(told, office),
        "rating": next((f"{rating} dari 5" for rating in reversed(_ratings(told))), "Tidak dinilai"),
        "reopened": f"{complaint.round} kali" if complaint.round else "Tidak pernah",
        "joined": "\n".join(told.joined),
        "missing": f"{named(told.lacking)} belum diisi ketika laporan ini ditulis." if told.lacking else "",
        "evidence_count": f"{complaint.evidence_count} berkas" if complaint.evidence_count else "Tidak ada",
        "trail": _trail(told),
    }


def _steps(told: CaseTold, rules: Configuration) -> Iterator[tuple[str, ...]]:
    procedure = rules.procedures[told.complaint.procedure.value]
    of_steps = sorted((c for c in told.clocks if step_of(c.key)), key=lambda c: (c.round, step_of(c.key)))
    for clock in of_steps:
        step = procedure.step(step_of(clock.key))
        again = f"\n(dibuka kembali ke-{clock.round})" if clock.round else ""
        by = f"\n{_PEOPLE.get(clock.done_by, clock.done_by)}" if clock.done_by else ""
        times = (clock.begun_at, clock.due_at, clock.done_at)
        yield (
            f"{step.no}. {step.short}{again}",
            f"{step.actor}{by}",
            clock.norm,
            *(short_instant(at) if at else "–" for at in times),
            _cut_short(clock, told.events) or _kept(clock, rules),
        )


def _cut_short(clock: Clock, events: Sequence[Event]) -> str:
    """By what a step ended in time without being done, such as a withdrawal; empty if it was done, or late already."""
    if clock.late:
        return ""
    acts = [event for event in events if event.at == clock.done_at and event.data.get("act") in _CUTTING]
    return f"Berakhir: {_act(acts[0])}" if acts else ""


def _kept(clock: Clock, rules: Configuration) -> str:
    if clock.done_at is None:
        return "Berjalan"
    if clock.due_at is None:
        return "Tanpa batas"
    if not clock.late:
        return "Tepat waktu"
    return f"Terlambat {duration(measure(clock.due_at, clock.done_at, rules.calendar))}"


def _answered(told: CaseTold, rules: Configuration) -> str:
    """Whether the reporter was answered in time by the SOP, in the last round."""
    if told.complaint.replied_at is None:
        return ""
    mine = [c for c in told.clocks if c.key == ANSWER and c.round == told.complaint.round]
    return next((_kept(clock, rules) for clock in mine if clock.done_at), "")


def _waits(told: CaseTold) -> Iterator[tuple[str, ...]]:
    for since, until in told.complaint.pauses:
        if since == until:
            continue
        yield short_instant(since), short_instant(until) if until else "–", "Waktu berhenti: menunggu pelapor"
    for event in told.events:
        if event.kind is EventKind.EXTENDED:
            why = f": {event.secret['public']}" if event.secret.get("public") else ""
            yield short_instant(event.at), "–", f"Waktu diperpanjang {told.complaint.extension}{why}"
        elif event.kind is EventKind.MOVED:
            limit, before, after = (event.data.get(name, "") for name in ("limit", "before", "after"))
            yield short_instant(event.at), "–", f"{limit} bergeser dari {before} ke {after}"


def _dispositions(told: CaseTold, office: Office) -> Iterator[tuple[str, ...]]:
    labels: Mapping[str, Callable[[str], str]] = {
        "category": category_label,
        "bidang": lambda code: office.bidang.get(code, code),
        "urgency": lambda urgency: f"urgensi {urgency}",
    }
    for event in told.events:
        said = [label(event.data[name]) for name, label in labels.items() if event.data.get(name)]
        if event.kind is EventKind.DISPOSED and said:
            yield short_instant(event.at), _who(event, office), "; ".join(said)
        elif event.kind is EventKind.REFERRED:
            yield short_instant(event.at), _who(event, office), f"dirujuk ke {event.data.get('agency', '')}"


def _acts(told: CaseTold, office: Office) -> Iterator[tuple[str, ...]]:
    for event in told.events:
        if (what := _DEEDS.get(event.kind, _no_deed)(event)) != "":
            yield short_instant(event.at), _who(event, office), what


def _act(event: Event) -> str:
    act = load_acts().get(event.data.get("act", ""))
    rating = f", nilai {event.data['rating']} dari 5" if event.data.get("rating") else ""
    return f"{act.label}{rating}" if act else ""


def _no_deed(event: Event) -> str:
    return ""


_DEEDS: Mapping[EventKind, Callable[[Event], str]] = {
    EventKind.ACT: _act,
    EventKind.EXTENDED: _act,
    EventKind.REPLIED: lambda event: "Balasan disampaikan" if "case" not in event.data else "Balasan induk diteruskan",
    EventKind.EVIDENCE_ADDED: lambda event: f"Bukti diterima: {event.data.get('count', '1')} berkas",
    EventKind.EVIDENCE_REMOVED: lambda event: f"Bukti dihapus: {event.data.get('count', '1')} berkas",
    EventKind.MERGED: lambda _: "Digabung ke pengaduan induk",
    EventKind.REPORT_HELD: lambda event: f"Laporan ditahan: {named(event.data.get('missing', '').split())} belum diisi",
    EventKind.REPORTED: lambda _: "Laporan ditulis",
}


def _proofs(told: CaseTold, rules: Configuration, office: Office) -> Iterator[tuple[str, ...]]:
    steps = rules.procedures[told.complaint.procedure.value].steps
    online = told.complaint.procedure is Procedure.ONLINE
    found = proofs_of(told.events) if online else {}
    done = {step_of(clock.key) for clock in told.clocks if clock.done_at}
    for step in steps:
        if step is steps[-1]:
            shown = ["Laporan ini"]
        elif online:
            shown = [f"{short_instant(event.at)} {_proof(event, office)}" for event in found.get(step.no, ())]
        else:
            shown = [*_PAPERS.get(step.no, ("Tercatat dalam register",))] if step.no in done else []
        yield f"{step.no}. {step.short}", step.output, "\n".join(shown) or "–"


def _proof(event: Event, office: Office) -> str:
    if event.kind is EventKind.NOTIFIED:
        return RUNG_LABELS.get(event.data.get("rung", ""), "pesan")
    labels = {
        EventKind.RECEIVED: "diterima dan dicatat",
        EventKind.DISPOSED: "didisposisi",
        EventKind.REPLIED: "balasan dimuat",
        EventKind.CELL_READ: f"isian {event.data.get('column', '')}",
        EventKind.ACT: _act(event),
    }
    return f"{labels.get(event.kind, event.kind.value)} ({_who(event, office)})"


def _messages(told: CaseTold) -> Rows:
    sent = [event for event in told.events if event.kind is EventKind.NOTIFIED]
    reporters = {kind.value for kind in MESSAGE_LABELS}
    rows = [
        (
            short_instant(event.at),
            RUNG_LABELS.get(event.data.get("rung", ""), "pesan"),
            _REPORTER if event.data.get("rung") in reporters else event.data.get("person", "") or "–",
            STATE_LABELS[State(event.data["state"])] if event.data.get("state") in set(State) else "–",
        )
        for event in sent
    ]
    more = len(rows) - MOST_MESSAGES
    if more > 0:
        rows = [*rows[:MOST_MESSAGES], ("…", f"dan {more} pesan lainnya; lihat: aduan explain", "", "")]
    return tuple(rows)


def _ratings(told: CaseTold) -> list[str]:
    return [event.data["rating"] for event in told.events if event.data.get("rating")]


def _closed_by(told: CaseTold, office: Office) -> str:
    """The act that closed it for the last time; filing it afterwards is no closing."""
    found: Event | None = None
    for event in told.events:
        if status := event.data.get("status"):
            found = (found or event) if status in CLOSED else None
    return f"{_act(found)} oleh {_who(found, office)}, {short_instant(found.at)} WITA" if found else ""


def _who(event: Event, office: Office) -> str:
    """Whom people know, never an account or an address."""
    return _PEOPLE.get(event.actor) or office.name_of(event.actor) or ("Petugas" if "@" in event.actor else event.actor)


def _trail(told: CaseTold) -> str:
    count = f"Jejak audit pengaduan ini memuat {len(told.events)} peristiwa ketika laporan ini disusun."
    if told.root is None:
        return f"{count} Akar harinya disegel sesudah tengah malam dan tampil pada dokumen berikutnya."
    return (
        f"{count} Akar jejak audit {told.root.day.isoformat()}: {told.root.printed}. Keutuhannya diperiksa dengan "
        "perintah: "
        f"aduan verify --root {told.root.day.isoformat()} '{told.root.printed}'."
    )
