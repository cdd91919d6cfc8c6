"""
Doing what was decided: acts of the staff, of the reporter and of time, replies, referrals, and joining duplicates.

An act that may not be done now changes nothing: it is explained in `Catatan Sistem` and kept in the audit trail.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from automation.configuration.in_force import Agency
from automation.disposition.categories import Urgency
from automation.disposition.phrase_rules import Rule, rule_book
from automation.sop.acts import SEND_REPLY, Act, Allowed, Refused, decide_act, load_acts, possible_acts
from automation.sop.clock_keys import EMERGENCY
from automation.sop.deadlines import counted, limits
from automation.sop.drafts import SYSTEM, Draft
from automation.sop.laws import Ends
from automation.sop.prerequisites import IDENTITY_NUMBER, holds_identity_number, lacking
from automation.sop.told import told_of_case
from automation.sync.rows import shown_instant, ticked
from register.changes import Change
from register.complaint import Complaint, EventKind, Status
from register.errors import InvalidTicketError
from register.tickets import parse_ticket

Find = Callable[[str], Complaint | None]
"""A complaint by its ticket, None if there is none."""

REPLIED_LABEL = "Balasan disampaikan kepada pelapor"
EXPLAINED_LABEL = "Keterangan dari petugas"
JOINS_RESTRICTED = (
    "tiket induk adalah pengaduan terbatas. Bila perkaranya sama, isi Koreksi Kategori dengan PUNGLI atau KEKERASAN "
    "dahulu, lalu gabungkan di Register Terbatas; bila tidak, periksa Gabung ke Tiket."
)
_REFERS = ("alihkan", "bukan_kewenangan")


def find_nothing(ticket: str) -> Complaint | None:
    """No other complaint is known."""
    return None


def choose_act(draft: Draft, texts: Mapping[str, str], changed: Sequence[str], actor: str, find: Find) -> None:
    """What the cells `Tindakan`, `Alasan`, `Instansi Rujukan` and `Gabung ke Tiket` of a row ask for now."""
    chosen = texts.get("act", "").strip()
    if "act" in changed:
        if not chosen:
            draft.set(note="", pending_act="")  # what was refused before is no longer asked for
            return
        _try(draft, chosen, texts, actor, find)
        return
    act = _chosen(chosen)
    if act is None:
        return
    if act.key == draft.complaint.pending_act:
        _try(draft, chosen, texts, actor, find)
    elif act.to is draft.complaint.status or act.to is None:
        _explain_later(draft, act, texts, changed, actor)


def follows_reply(texts: Mapping[str, str]) -> bool:
    """Whether the act that a row's cell `Tindakan` holds is to be looked at only after its reply: it needs one."""
    act = _chosen(texts.get("act", "").strip())
    return act is not None and act.needs_answer


def _chosen(text: str) -> Act | None:
    verdict = decide_act(text, Status.RECEIVED) if text else None
    return verdict.act if verdict else None


def _try(draft: Draft, chosen: str, texts: Mapping[str, str], actor: str, find: Find) -> None:
    verdict = decide_act(chosen, draft.complaint.status)
    if isinstance(verdict, Allowed):
        verdict = _heed_needs(draft, verdict, texts, find)
    else:
        verdict = replace(verdict, reason=verdict.reason + _instead(draft))
    if isinstance(verdict, Refused):
        draft.record(EventKind.ACT_REFUSED, actor, status=draft.complaint.status.value)
        draft.notes.append(f"{verdict.act.label if verdict.act else 'Tindakan'}: {verdict.reason}")
        return
    draft.set(pending_act="")
    do(draft, verdict, actor, public=_public(draft, verdict.act, texts))
    draft.notes.append(f"{verdict.act.label}: diterapkan {shown_instant(draft.now)} WITA.")
    if verdict.act.key == "perpanjang":
        draft.notes.append(_extended(draft))


def _instead(draft: Draft, but: Act | None = None) -> str:
    """What staff may choose now, as a sentence to follow a refusal; empty if nothing."""
    possible = possible_acts(draft.complaint.status, but=but)
    return f" Yang dapat dipilih sekarang: {', '.join(possible)}." if possible else ""


def _extended(draft: Draft) -> str:
    """By how much, and until when: a law's limit may stay where it is."""
    draft.recount()
    moved = "menjadi" if draft.complaint.due_at != draft.before.due_at else "tetap"
    due = shown_instant(draft.complaint.due_at)
    return f"Waktu ditambah {draft.complaint.extension}; Batas Waktu {moved} {due} WITA."


def _heed_needs(draft: Draft, verdict: Allowed, texts: Mapping[str, str], find: Find) -> Allowed | Refused:
    """Whether everything is there that the act needs; what lacks a cell waits for it."""
    act = verdict.act
    draft.set(pending_act="")
    if act.once and draft.complaint.extended_at is not None:
        once = "waktu pengaduan ini sudah pernah diperpanjang; hanya boleh satu kali."
        return Refused(once + _instead(draft, but=act), act)
    problem = lacking(act, draft.complaint, texts)
    if act.key == "gabungkan" and not problem:
        problem = _merge(draft, texts["merge_into"], find)
    if problem:
        draft.set(pending_act=act.key)
        return Refused(problem, act)
    if act.key == "perpanjang" and (problem := _extend(draft)):
        return Refused(problem, act)
    return verdict


def _extend(draft: Draft) -> str:
    """Extend the time, which may be done once; why not, or empty. What would be late all the same keeps its chance."""
    extension = str(draft.rules.norm("perpanjangan"))
    extended = replace(draft.complaint, extended_at=draft.now, extension=extension)
    running = [clock for clock in draft.clocks.values() if clock.done_at is None]
    found = limits(extended, [counted(clock, extended, draft.rules) for clock in running])
    if any(due is not None and due <= draft.now for due in (found.step_due_at, found.due_at)):
        return f"perpanjangan {extension} tidak lagi mencapai saat ini, jadi batas waktu tetap terlampaui."
    draft.set(extended_at=draft.now, extension=extension)
    return ""


def do(draft: Draft, verdict: Allowed, actor: str, *, public: str = "") -> None:
    """
    An allowed act, with all that follows for steps, clocks and state.

    Args:
        public: What the reporter reads behind the act's own sentence.
    """
    act, to = verdict.act, verdict.to
    if draft.complaint.undecided and to is Status.IN_PROGRESS:
        to = Status.RECEIVED  # nobody can handle what has no bidang yet
    if act.reopens:
        _reopen(draft, act, to, actor)
    else:
        draft.done.add(act.key)
        draft.complete_steps(draft.procedure.completed_through(acts=draft.done, disposed=False), actor)
        if to is not draft.complaint.status:
            draft.enter(to, act, actor)
    if act.key == "minta_kelengkapan":
        draft.finish_laws(Ends.RESPONSE, actor)
    if to is Status.IN_PROGRESS:
        draft.finish_laws(Ends.HANDLED, actor)
    if act.answers:
        draft.finish_answer(actor)
        draft.finish(EMERGENCY, actor)
    kind = EventKind.EXTENDED if act.key == "perpanjang" else EventKind.ACT
    draft.record(kind, actor, act.timeline, public, act=act.key, status=draft.complaint.status.value)


def _reopen(draft: Draft, act: Act, to: Status, actor: str) -> None:
    """The complaint is handled anew, with clocks of its own; those of the round before are history."""
    for _, key in [place for place in draft.clocks if place[0] == draft.complaint.round]:
        draft.finish(key, actor)
    draft.enter(to, act, actor)
    draft.set(round=draft.complaint.round + 1, answered_at=None, merged_into="", closed_by="")
    draft.begin_answer(draft.now)
    if draft.complaint.urgency == Urgency.EMERGENCY:
        draft.begin(EMERGENCY)
    if not draft.complaint.undecided:
        draft.finish_laws(Ends.DISPOSED, actor)
    draft.restart_at(draft.procedure.dispose_step + (not draft.complaint.undecided))


def _public(draft: Draft, act: Act, texts: Mapping[str, str]) -> str:
    parts = [_refer(draft, texts)] if act.key in _REFERS else []
    if act.tells_why:
        parts.append(texts.get("reason", "").strip())
    return " ".join(part for part in parts if part)


def _refer(draft: Draft, texts: Mapping[str, str]) -> str:
    """Where the reporter is sent: what staff chose, else what the words point to, else the first of the tab."""
    agencies = draft.rules.agencies
    chosen = texts.get("referral", "").strip()
    name = next((name for name in agencies if name.casefold() == chosen.casefold()), "")
    if chosen and not name:
        draft.notes.append("Instansi Rujukan: nama itu tidak ada pada tab Instansi.")
    if not name:
        name = _pointed_to(texts.get("description", ""), draft) or next(iter(agencies), "")
        if name:
            draft.notes.append(f"Pelapor diarahkan ke {name}; pilih Instansi Rujukan bila lain.")
    if not name:
        return ""
    draft.set(referral=name)
    draft.record(EventKind.REFERRED, SYSTEM, agency=name)
    return referral_to(agencies[name])


def referral_to(agency: Agency) -> str:
    """The sentence that sends a reporter to another office."""
    return f"Silakan menghubungi {agency.name}: {agency.contact}."


def _pointed_to(description: str, draft: Draft) -> str:
    agencies = [agency for agency in draft.rules.agencies.values() if agency.words]
    met = rule_book(tuple(Rule("", agency.words) for agency in agencies)).met_by(description)
    return agencies[met[0].number - 1].name if met else ""


def _explain_later(draft: Draft, act: Act, texts: Mapping[str, str], changed: Sequence[str], actor: str) -> None:
    """A reason or a referral that was typed after its act took effect is told as well."""
    public = ""
    if "referral" in changed and act.key in _REFERS and texts.get("referral", "").strip():
        public = _refer(draft, texts)
    elif "reason" in changed and act.tells_why and act.to is draft.complaint.status:
        public = texts.get("reason", "").strip()
    if holds_identity_number(public):
        draft.notes.append(f"Keterangan belum disampaikan: {IDENTITY_NUMBER}")
    elif public:
        draft.record(EventKind.ACT, actor, EXPLAINED_LABEL, public, act=act.key)
        draft.notes.append("Keterangan disampaikan kepada pelapor.")


def case_of(ticket: str, find: Find) -> Complaint | None:
    """The case to which a ticket leads over those that were joined; None if there is none, or they lead in a circle."""
    passed: set[str] = set()
    found = find(ticket)
    while found is not None and found.merged_into:
        if found.ticket in passed:
            return None
        passed.add(found.ticket)
        found = find(found.merged_into)
    return found


def _merge(draft: Draft, text: str, find: Find) -> str:
    """Join to another case; what is wrong with its ticket, or empty. A case that was joined itself leads to its own."""
    try:
        ticket = parse_ticket(text)
    except InvalidTicketError:
        return "Gabung ke Tiket tidak terbaca; tulis seperti ABCD-EFGH-J."
    target = case_of(ticket, find)
    if target is None:
        return "tiket induk tidak ditemukan; periksa Gabung ke Tiket."
    if target.restricted and not draft.complaint.restricted:
        return JOINS_RESTRICTED
    if target.ticket == draft.complaint.ticket:
        return "pengaduan tidak dapat digabung dengan dirinya sendiri."
    if target.status is Status.ARCHIVED:
        return "tiket induk sudah diarsipkan; pilih yang masih berjalan."
    if target.answered_at is not None and target.replied_at is None:  # a reply that is there reaches this one too
        return (
            f"tiket induk sudah ditutup tanpa balasan ({target.status_label}), sehingga pelapor ini tidak mendapat "
            "jawaban. Balas pengaduan ini sendiri, atau pilih Buka Kembali pada tiket induk lalu Gabungkan lagi."
        )
    if target.bidang and draft.complaint.bidang not in ("", target.bidang):
        draft.notes.append(f"Tiket induk ditangani Bidang {target.bidang}; periksa apakah perkaranya sama.")
    draft.set(merged_into=target.ticket)
    draft.record(EventKind.MERGED, SYSTEM, into=target.ticket)
    return ""


# -- replies ----------------------------------------------------------------------------------------------------------


def send_reply(draft: Draft, texts: Mapping[str, str], actor: str) -> None:
    """Publish `Balasan`: when `Kirim Balasan` is ticked, and again when the text changes while it is."""
    box, text = texts.get("send_reply", ""), texts.get("reply", "").strip()
    if box and not ticked(box):
        draft.notes.append("Kirim Balasan tidak terbaca; centang kotaknya untuk mengirim.")
    if not ticked(box):
        if draft.before.replied_at is not None and "send_reply" not in texts:
            draft.notes.append("Balasan yang sudah terkirim tetap tampak bagi pelapor.")
        return
    if not text:
        draft.notes.append("Kirim Balasan dicentang, tetapi Balasan masih kosong.")
        return
    if holds_identity_number(text):
        draft.record(EventKind.ACT_REFUSED, actor, status=draft.complaint.status.value)
        draft.notes.append(f"Balasan belum dikirim: {IDENTITY_NUMBER}")
        return
    verdict = decide_act(SEND_REPLY, draft.complaint.status)
    if isinstance(verdict, Refused):
        draft.record(EventKind.ACT_REFUSED, actor, status=draft.complaint.status.value)
        draft.notes.append(f"Balasan tidak dikirim: {verdict.reason}{_instead(draft)}")
        return
    draft.reply = text
    draft.set(replied_at=draft.now)
    draft.done.add(SEND_REPLY)
    draft.complete_steps(draft.procedure.completed_through(acts=draft.done, disposed=False), actor)
    if verdict.to is not draft.complaint.status:
        draft.enter(verdict.to, verdict.act, actor)
    draft.finish_answer(actor)
    draft.finish(EMERGENCY, actor)
    draft.record(EventKind.REPLIED, actor, REPLIED_LABEL, status=verdict.to.value)
    draft.notes.append(f"Balasan dikirim {shown_instant(draft.now)} WITA.")


def follow_up(draft: Draft, texts: Mapping[str, str], actor: str) -> None:
    """Writing in `Tindak Lanjut` is acting: a complaint that was only disposed is now being handled."""
    if texts.get("follow_up") and draft.complaint.status is Status.DISPOSED:
        verdict = decide_act("proses", draft.complaint.status)
        if isinstance(verdict, Allowed):
            do(draft, verdict, actor)


def passed_on(change: Change, joined: Complaint) -> Change | None:
    """
    What a reporter whose complaint was joined to a case must learn of that case's change; None if nothing.

    Only the office's answers are passed on, as they were told to the reporter of the case.
    """
    answers = {key for key, act in load_acts().items() if act.answers}
    told = [
        event
        for event in change.events
        if event.kind is EventKind.REPLIED or (event.kind is EventKind.ACT and event.data.get("act") in answers)
    ]
    if not told:
        return None
    at = told[-1].at
    values: dict[str, object] = {"updated_at": at}
    if change.reply is not None:
        values["replied_at"] = at
    events = tuple(replace(event, data={"case": "induk"}) for event in told)  # its status is not this one's
    return Change(joined.ticket, values, events, reply=change.reply, messages=told_of_case(joined, change))
