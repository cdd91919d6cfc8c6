"""What staff change in the reporter's words, and in the disposition: corrections, kept with what stood there before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from automation.configuration.in_force import Configuration
from automation.disposition.accused import KADIS, accused_units, kept_from_accused
from automation.disposition.categories import Urgency, categories
from automation.disposition.disposing import Disposition, dispose
from automation.sop.clock_keys import EMERGENCY
from automation.sop.drafts import SYSTEM, Draft
from automation.sop.laws import Ends
from automation.sync.rows import (
    MASK,
    corrected_intake,
    known_cells,
    parse_instant,
    shown_instant,
    typed_channel,
    typed_identity,
)
from forms.regions import district_name
from register.complaint import Event, EventKind, Identity, Intake, Status, procedure_for
from sheets_schema.register_tab import REGISTER

DISPOSED_LABEL = "Pengaduan diteruskan ke bidang yang menangani"
CORRECTED_LABEL = "Pengaduan dipindahkan ke bidang lain"
RESTRICTED_NOTE = "Kategori terbatas: ditangani di Register Terbatas."
CHOSEN_NOTE = "Kategori {code} dipilih, pengaduan dirahasiakan; pakai Koreksi Kategori bila disposisinya perlu diubah."
UNKNOWN_IDENTITY = "Identitas tidak dikenal; pilih Terbuka, Rahasia, atau Anonim."
UNKNOWN_CHANNEL = "Kanal tidak dikenal; pilih dari daftar."
OTHER_PROCEDURE = "Kanal tidak dapat dipindah ke SOP yang lain; catat sebagai pengaduan baru."
UNREAD_TIME = "Waktu Masuk tidak terbaca atau belum lewat; tulis seperti 2026-11-23 09:15."
STAYS_RESTRICTED_NOTE = "Pengaduan ini tetap terbatas: yang pernah terbatas tetap ditangani di Register Terbatas."
_A_YEAR = timedelta(days=365)

_NEVER_EMPTY = frozenset({"description", "name", "contact"})
"""What the reporter said is kept when its cell is emptied: a slip of the finger must not lose a person's words."""
_PROBLEMS: Mapping[str, tuple[str, ...]] = {
    "identity": (UNKNOWN_IDENTITY,),
    "channel": (UNKNOWN_CHANNEL, OTHER_PROCEDURE),
    "received_at": (UNREAD_TIME,),
}
"""What notes say of an intake cell until it changes again."""
_HEADERS = {column.key: column.header for column in REGISTER.columns}


def proposed(intake: Intake, rules: Configuration, *, restricted: bool = False) -> Disposition:
    """The disposition that the reporter's words ask for; `restricted` if it is kept apart whatever they say."""
    text = f"{intake.subject}\n{intake.description}"
    found = dispose(text, category=intake.category, rules=rules.rules, bidang_of=rules.bidang_of, learned=rules.learned)
    return kept_from_accused(replace(found, restricted=found.restricted or restricted), _accused(intake, rules))


def _accused(intake: Intake, rules: Configuration) -> frozenset[str]:
    return accused_units(
        f"{intake.subject}\n{intake.description}",
        respondent=intake.respondent,
        officers=rules.officers.values(),
        bidang=rules.bidang,
    )


def take_over(draft: Draft, outcome: Disposition) -> None:
    """Make a proposal the complaint's disposition, and say why."""
    draft.set(
        category=outcome.category,
        bidang=outcome.bidang,
        urgency=outcome.urgency,
        restricted=draft.complaint.restricted or outcome.restricted,  # what was kept apart once stays apart
    )
    draft.notes.append(outcome.explanation)
    if outcome.restricted:
        draft.notes.append(RESTRICTED_NOTE)
    _mind_emergency(draft, SYSTEM)


def record_disposition(draft: Draft, by: str, label: str = "", why: str = "", **told: str) -> None:
    """Put into the trail what the disposition now is, or those parts of it that changed."""
    known = {key: str(getattr(draft.complaint, key)) for key in ("category", "bidang", "urgency")}
    draft.record(EventKind.DISPOSED, by, label, why=why, status=draft.complaint.status.value, **(told or known))


def read_event(draft: Draft, key: str, texts: Mapping[str, str], actor: str, before: str = "") -> Event:
    """That a cell was read, with what stood in it, sealed."""
    secret = {"value": texts.get(key, "")} | ({"before": before} if before else {})
    return Event(EventKind.CELL_READ, draft.now, actor, {"column": _HEADERS[key]}, secret)


def correct_intake(draft: Draft, texts: Mapping[str, str], changed: Sequence[str], known: Intake, actor: str) -> None:
    """What staff changed in the intake cells of a row; `changed` are keys of these."""
    before = known_cells(draft.complaint, known)
    _drop_problems(draft, changed)
    for key in changed:
        if texts.get(key) != MASK:
            draft.events.append(read_event(draft, key, texts, actor, before=before[key]))
    draft.notes += [
        f"{_HEADERS[key]} dikosongkan; isi semula tetap tersimpan." for key in _emptied(before, texts, changed)
    ]
    if "identity" in changed and texts.get("identity") and typed_identity(texts) is None:
        draft.notes.append(UNKNOWN_IDENTITY)
    corrected = corrected_intake(known, texts, changed)
    if corrected != known:
        draft.intake = corrected
        if known.identity is not Identity.OPEN and corrected.identity is Identity.OPEN:
            draft.notes.append("Samaran tidak dibuka sendiri; ketik ulang nama dan kontak bila pelapor mengizinkan.")
        draft.set(identity=corrected.identity, district=district_name(corrected.district))
        chosen = _restricted_choice(corrected) if corrected.category != known.category else ""
        if chosen or corrected.description != known.description:
            _dispose_anew(draft, corrected, texts)
        if chosen:
            _keep_apart(draft, corrected, chosen, actor)
    if "received_at" in changed and texts.get("received_at", "").strip():
        _correct_received_at(draft, texts["received_at"])
    if "channel" in changed and texts.get("channel"):
        _correct_channel(draft, texts["channel"])


def _drop_problems(draft: Draft, changed: Sequence[str]) -> None:
    """What was wrong with a cell is not any more once it changed, or is said anew."""
    for problem in (problem for key in changed for problem in _PROBLEMS.get(key, ())):
        draft.set(note=draft.complaint.note.replace(problem, "").strip())


def _restricted_choice(intake: Intake) -> str:
    """The code of the category chosen, if it is a restricted one."""
    chosen = categories().get(intake.category.upper())
    return chosen.code if chosen and chosen.restricted else ""


def _keep_apart(draft: Draft, intake: Intake, code: str, actor: str) -> None:
    """
    A restricted category typed into `Kategori` counts like the reporter's own choice: from then on it is kept apart.

    What it is and who handles it stays with whoever decided that, unless that is the bidang which is accused.
    """
    draft.set(restricted=True)
    in_the_accused_ones = draft.complaint.bidang in _accused(intake, draft.rules)
    if in_the_accused_ones and KADIS in draft.rules.bidang and not draft.complaint.undecided:
        _correct_bidang(draft, KADIS, actor)
    if code != draft.complaint.category:
        draft.notes.append(CHOSEN_NOTE.format(code=code))
    if RESTRICTED_NOTE not in draft.notes:
        draft.notes.append(RESTRICTED_NOTE)
    record_disposition(draft, actor, why=" ".join(draft.notes))


def _emptied(before: Mapping[str, str], texts: Mapping[str, str], changed: Sequence[str]) -> list[str]:
    return [key for key in changed if key in _NEVER_EMPTY and before[key] and not texts.get(key, "").strip()]


def _dispose_anew(draft: Draft, intake: Intake, texts: Mapping[str, str]) -> None:
    """A story told better is disposed anew, as long as nobody has acted on the first disposition."""
    complaint = draft.complaint
    corrected = any(texts.get(key) for key in DISPOSITION_CELLS)
    untouched = complaint.step <= draft.procedure.dispose_step + 1 and complaint.round == 0
    if corrected or not untouched or complaint.status not in (Status.RECEIVED, Status.DISPOSED):
        return
    outcome = proposed(intake, draft.rules, restricted=complaint.restricted)
    if outcome.restricted:
        draft.set(restricted=True)  # whatever else stays
    known = (complaint.category, complaint.bidang, complaint.urgency)
    if known == (outcome.category, outcome.bidang, outcome.urgency) or (complaint.undecided and outcome.unsure):
        return
    take_over(draft, outcome)
    if complaint.undecided:
        settle_disposition(draft, SYSTEM)
    label = CORRECTED_LABEL if outcome.bidang != complaint.bidang else ""
    record_disposition(draft, SYSTEM, DISPOSED_LABEL if complaint.undecided else label, why=outcome.explanation)


def _correct_channel(draft: Draft, text: str) -> None:
    channel = typed_channel(text)
    if channel is None:
        draft.notes.append(UNKNOWN_CHANNEL)
    elif procedure_for(channel) is draft.complaint.procedure:
        draft.set(channel=channel)
    else:
        draft.notes.append(OTHER_PROCEDURE)


def _correct_received_at(draft: Draft, text: str) -> None:
    at = parse_instant(text, _serial(text))
    if at is None or at > draft.now:
        draft.notes.append(UNREAD_TIME)
    elif shown_instant(at) != shown_instant(draft.complaint.received_at):
        draft.move_receipt(at)
        draft.notes += long_ago(at, draft.now)


def long_ago(received_at: datetime, now: datetime) -> list[str]:
    """A note where a time of receipt lies so far back that a slip of the finger is likely; it holds all the same."""
    if now - received_at <= _A_YEAR:
        return []
    return [f"Waktu Masuk {shown_instant(received_at)} lebih dari setahun yang lalu; periksa tahunnya."]


def _serial(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return ""


# -- the disposition --------------------------------------------------------------------------------------------------


def settle_disposition(draft: Draft, by: str) -> None:
    """The Ketua Tim has chosen: what waited for the disposition goes on."""
    draft.set(undecided=False)
    draft.finish_laws(Ends.DISPOSED, by)
    draft.complete_steps(draft.procedure.dispose_step, by)
    if draft.complaint.status is Status.RECEIVED:
        draft.set(status=Status.DISPOSED)


def _correct_bidang(draft: Draft, chosen: str, actor: str) -> None:
    bidang = draft.rules.bidang
    code = next((code for code in bidang if code.casefold() == chosen.casefold()), None)
    if code is None:
        draft.notes.append(f"Koreksi Disposisi: bidang tersebut tidak ada. Pilih {', '.join(bidang)}.")
        return
    if code == draft.complaint.bidang and not draft.complaint.undecided:
        return
    first = draft.complaint.undecided
    draft.set(bidang=code)
    if first:
        settle_disposition(draft, actor)
    record_disposition(draft, actor, DISPOSED_LABEL if first else CORRECTED_LABEL, bidang=code)
    draft.notes.append(f"Disposisi ditetapkan ke {code}." if first else f"Disposisi dikoreksi ke {code}.")


def _correct_category(draft: Draft, chosen: str, actor: str) -> None:
    category = categories().get(chosen.upper())
    if category is None:
        draft.notes.append("Koreksi Kategori: kode tersebut tidak ada; pilih dari daftar.")
        return
    if category.code == draft.complaint.category:
        return
    draft.set(category=category.code, restricted=draft.complaint.restricted or category.restricted)
    record_disposition(draft, actor, category=category.code)
    draft.notes.append(f"Kategori dikoreksi ke {category.code}.")
    if draft.complaint.restricted:
        draft.notes.append(RESTRICTED_NOTE if category.restricted else STAYS_RESTRICTED_NOTE)


def _correct_urgency(draft: Draft, chosen: str, actor: str) -> None:
    urgency = next((each for each in Urgency if each.casefold() == chosen.casefold()), None)
    if urgency is None:
        draft.notes.append(f"Koreksi Urgensi: pilih {', '.join(Urgency)}.")
        return
    if urgency == draft.complaint.urgency:
        return
    draft.set(urgency=urgency.value)
    record_disposition(draft, actor, urgency=urgency.value)
    draft.notes.append(f"Urgensi dikoreksi ke {urgency}.")
    _mind_emergency(draft, actor)


def _mind_emergency(draft: Draft, actor: str) -> None:
    """An emergency has a clock of its own until somebody acts; what is none any more has not."""
    if draft.complaint.urgency == Urgency.EMERGENCY:
        if draft.complaint.answered_at is None:
            draft.begin(EMERGENCY)
    else:
        draft.finish(EMERGENCY, actor)


def correct_disposition(
    draft: Draft, texts: Mapping[str, str], changed: Sequence[str], intake: Callable[[], Intake], actor: str
) -> None:
    """
    What staff chose in the correction columns; a category brings its bidang along unless that was chosen too.

    A restricted complaint never goes to the bidang that its reporter accuses, nor stays there, whoever chose it.
    """
    chosen = {key: texts.get(key, "").strip() for key in DISPOSITION_CELLS if key in changed}
    if category := chosen.get("corrected_category"):
        _correct_category(draft, category, actor)
    bidang = chosen.get("corrected_bidang", "")
    if category and not texts.get("corrected_bidang"):
        bidang = draft.rules.bidang_of.get(draft.complaint.category, "")
    if category or bidang:
        _correct_bidang_unless_accused(draft, bidang, intake, actor)
    if urgency := chosen.get("corrected_urgency"):
        _correct_urgency(draft, urgency, actor)


def _correct_bidang_unless_accused(draft: Draft, chosen: str, intake: Callable[[], Intake], actor: str) -> None:
    """The bidang that was chosen; of a restricted one the Kadis, where that bidang or the one it keeps is accused."""
    accused = _accused(intake(), draft.rules) if draft.complaint.restricted else frozenset[str]()
    barred = next((code for code in accused if code.casefold() == chosen.casefold()), "")
    if chosen and not barred:
        _correct_bidang(draft, chosen, actor)
    if draft.complaint.bidang in accused:
        barred = barred or draft.complaint.bidang
    if barred:
        draft.notes.append(f"{barred} disebut sebagai terlapor; pengaduan terbatas tidak ditangani di sana.")
        _correct_bidang(draft, KADIS, actor)


DISPOSITION_CELLS = ("corrected_category", "corrected_bidang", "corrected_urgency")
