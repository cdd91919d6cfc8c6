"""
What is done about the messages of a conversation. Pure: messages, its complaints, the rules and the present go in.

Messages that belong together are taken together, in order. They are a question for the status, an answer to ours, an
addition to a complaint, a complaint, or nothing that the program should decide: then staff do, in `Kotak Masuk`. What
tells of an emergency, of extortion or of violence is a complaint at once, and never waits where all staff can read it.
Source: SOP B steps 1-3; design, conversations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from automation.channels import spoken
from automation.channels.filing import is_answer, joined_text, subject_of
from automation.channels.gathering import lanes, ready_at, rightly_timed, windows
from automation.channels.verdicts import Ask, Case, Deed, Plan, Verdict, Wait
from automation.configuration.in_force import Configuration
from automation.disposition.categories import Urgency
from automation.disposition.disposing import Disposition, dispose
from automation.sop.corrections import proposed
from automation.sop.decision import reporter_acts
from register.complaint import Channel, Complaint, Intake, Status
from register.sealed_messages import KeptMessage

MORE_AWAITED = timedelta(hours=24)
"""So long a message that says too little waits for more."""
ASKED_EVERY = timedelta(days=1)
OPEN_AWAITED = timedelta(days=14)
"""So long after something last happened, what the reporter of an open complaint writes is taken to be about it."""
MOST_A_DAY = 10
"""Complaints that one conversation makes in 24 hours; further ones are left to staff, unless they are grave."""
LEAST_LETTERS = 10
"""Of a complaint, as in the form."""
SATISFIED = 4
"""From this rating on the reporter is satisfied. Source: webhooks/reporter_acts.py, RATINGS."""
_VAGUE = frozenset({"", "LUAR", "INFO"})
"""Categories to which a model counts whatever is said in everyday life."""
_AS_REPORTER = frozenset({"lengkapi", "beri_nilai", "nyatakan_puas", "buka_kembali"})
"""Acts that move a complaint, so that it must be certain that its reporter does them."""
NEW_OR_MORE = "Pengaduan baru, atau tambahan pada {ticket}? Periksa dahulu."
UNPROVEN = "Tampaknya tanggapan atas {ticket}, tetapi bukan balasan atas surat kita: pastikan dahulu kepada pelapor."
"""Why a mail is left to staff; anybody may write in anybody's name."""
_SETTLED = frozenset({Status.RESOLVED, Status.TRANSFERRED, Status.OUT_OF_AUTHORITY, Status.WITHDRAWN})


def converse(
    channel: Channel,
    messages: Sequence[KeptMessage],
    cases: Sequence[Case],
    rules: Configuration,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> Verdict:
    """
    The next thing to do; to be asked again after it is done. None if there are no messages.

    Args:
        messages: Those that nobody has decided on, oldest first.
        cases: What the conversation is about, the newest first.
        asked_at: When they were last asked to tell more.
    """
    judge = _Judge(channel, cases, rules, now, asked_at)
    waits = []
    for lane in lanes(channel, rightly_timed(messages, now, MORE_AWAITED)):
        found = judge.lane(lane)
        if not isinstance(found, Wait):
            return found
        waits.append(found.until)
    return Wait(min(waits)) if waits else None


def disposition_of(messages: Sequence[KeptMessage], rules: Configuration) -> Disposition:
    """What the words of messages ask for."""
    return proposed(Intake(joined_text(messages), subject=subject_of(messages)), rules)


def _is_emergency(found: Disposition) -> bool:
    return found.urgency is Urgency.EMERGENCY


@dataclass(frozen=True)
class _Judge:
    """Judges messages of one conversation, as things stand."""

    channel: Channel
    cases: Sequence[Case]
    rules: Configuration
    now: datetime
    asked_at: datetime | None

    def lane(self, lane: Sequence[KeptMessage]) -> Plan | Ask | Wait:
        """What is done first about messages that can belong together."""
        waiting: tuple[KeptMessage, ...] = ()
        for window in windows(lane):
            if waiting and window[0].at - waiting[0].at > MORE_AWAITED:
                return self._boxed(waiting, "Belum cukup jelas, dan tidak dijelaskan lebih lanjut oleh pengirimnya.")
            taken = waiting + window
            plan, at_once = self._judge(taken)
            if not at_once and self.now < ready_at(window):
                return Wait(ready_at(window))
            if plan is not None:
                return plan
            waiting = taken
        return self._too_little(waiting)

    def _too_little(self, messages: tuple[KeptMessage, ...]) -> Plan | Ask | Wait:
        ends = messages[0].received_at + MORE_AWAITED
        public = messages[0].public
        if self.now >= ends or (public and not spoken.pleads(joined_text(messages))):
            return self._boxed(messages, "Terlalu singkat untuk menjadi pengaduan.")
        asked = self.asked_at is not None and abs(self.now - self.asked_at) < ASKED_EVERY
        return Wait(ends) if asked else Ask()

    def _judge(self, messages: tuple[KeptMessage, ...]) -> tuple[Plan | None, bool]:
        """What is done about messages that belong together, None if they say too little; and whether it is at once."""
        text = joined_text(messages)
        found = disposition_of(messages, self.rules)
        automatic = all(message.automatic for message in messages)
        if automatic and self._is_bounce(messages, text):
            return Plan(Deed.DROP, messages), True
        if found.restricted or (not automatic and self._alarms(messages, found)):
            return self._grave(messages, text, found), True
        if hint := _unanswered_hint(messages):
            return self._boxed(messages, hint), True
        if plan := self._not_for_us(messages, text):
            return plan, True
        if (question := spoken.status_question(text)) and (plan := self._status(messages, question)):
            return plan, True
        return self._about_case(messages, text, found) or self._anew(messages, text, found), False

    def _is_bounce(self, messages: tuple[KeptMessage, ...], text: str) -> bool:
        """The words are those of mails: people below a post say of aid that it did not arrive."""
        senders = [each.address.person for each in messages]
        return self.channel is Channel.EMAIL and spoken.is_bounce(subject_of(messages), text, *senders)

    def _grave(self, messages: tuple[KeptMessage, ...], text: str, found: Disposition) -> Plan:
        """What must not wait: an addition to a complaint that is as grave, and as secret; else a complaint."""
        case = self._current(messages)
        if (
            case
            and (case.restricted or not found.restricted)
            and (case.emergency or not self._ruled_alarm(messages, found))
        ):
            plan = None if spoken.is_new_matter(text) else self._about_own(messages, text, case, found)
            if plan and plan.deed is Deed.ACT:
                return plan
            if plan and "tambah_keterangan" in reporter_acts(case.complaint, case.clocks, self.now):
                return self._act(messages, case, "tambah_keterangan")
        joined = None if case or self._ruled_alarm(messages, found) else self._about_joined(messages, text)
        return Plan(Deed.COMPLAINT, messages) if found.restricted or joined is None else joined

    def _alarms(self, messages: tuple[KeptMessage, ...], found: Disposition) -> bool:
        """
        Whether words tell of an emergency. Better one too many than one missed; but of what is said in public, or is
        no matter of the office, a rule must say so: a model alone knows complaints, and no small talk. So it is of
        mail that nobody reads answers to, which programs often write.
        """
        vague = messages[0].public or found.category in _VAGUE or messages[0].unanswered
        return self._ruled_alarm(messages, found) if vague else _is_emergency(found)

    def _ruled_alarm(self, messages: tuple[KeptMessage, ...], found: Disposition) -> bool:
        """Likewise of an addition: a model takes an address alone ("RT 3 dekat langgar") for an alarm."""
        return _is_emergency(found) and _is_emergency(self._ruled(messages))

    def _ruled(self, messages: tuple[KeptMessage, ...]) -> Disposition:
        """What the rules alone make of words."""
        text = f"{subject_of(messages)}\n{joined_text(messages)}"
        return dispose(text, rules=self.rules.rules, bidang_of=self.rules.bidang_of)

    def _not_for_us(self, messages: tuple[KeptMessage, ...], text: str) -> Plan | None:
        """Leftovers of forms, and what the channel could not hand over."""
        if self.channel is Channel.GOOGLE_FORMS:
            return self._boxed(messages, "Isian formulir yang tidak dapat dibaca sebagai pengaduan.")
        if not text and any(message.unsupported for message in messages):
            return self._boxed(messages, "Jenis pesan ini tidak diteruskan oleh kanalnya; buka di kanal itu.")
        return None

    def _status(self, messages: tuple[KeptMessage, ...], question: spoken.StatusQuestion) -> Plan | None:
        ticket = question.ticket
        if not ticket and not question.mistyped:
            ticket = next((case.complaint.ticket for case in self.cases if case.own), "")
        return Plan(Deed.STATUS, messages, ticket=ticket) if ticket or question.mistyped else None

    # -- complaints that there are --------------------------------------------------------------------------------

    def _current(self, messages: tuple[KeptMessage, ...]) -> Case | None:
        """
        The complaint of their own that is written about: one that the subject names, or else one of which we asked
        something, or else the newest.
        """
        own = [case for case in self.cases if case.own]
        named = [case for case in own if _names(messages, case)]
        asked = [case for case in own if case.complaint.status is Status.NEEDS_INFO]
        return next(iter([*named, *asked, *own]), None)

    def _about_case(self, messages: tuple[KeptMessage, ...], text: str, found: Disposition) -> Plan | None:
        if spoken.is_new_matter(text):
            return None
        case = self._current(messages)
        plan = self._about_own(messages, text, case, found) if case else None
        return plan or self._about_joined(messages, text)

    def _about_joined(self, messages: tuple[KeptMessage, ...], text: str) -> Plan | None:
        """Whom staff once joined to a complaint of somebody else may write about anything: staff see what it is."""
        joined = (case for case in self.cases if not case.own and not case.restricted and self._is_open(case))
        case = next(joined, None)
        if case is None or not _says_something(messages, text):
            return None
        return self._boxed(messages, f"Pesan terdahulu pengirim ini digabung ke {case.complaint.ticket}.")

    def _is_open(self, case: Case) -> bool:
        """Whether what somebody writes is taken to be about it, unless it says otherwise."""
        return not case.complaint.closed and self.now - _last_heard(case.complaint) <= OPEN_AWAITED

    def _about_own(self, messages: tuple[KeptMessage, ...], text: str, case: Case, found: Disposition) -> Plan | None:
        if self._is_other_matter(messages, text, case):
            if case.complaint.status is not Status.NEEDS_INFO and self._is_complaint(messages, text, found):
                return None
            return self._boxed(messages, NEW_OR_MORE.format(ticket=case.complaint.ticket))
        status = case.complaint.status
        possible = reporter_acts(case.complaint, case.clocks, self.now)
        if status is Status.NEEDS_INFO:
            return self._act(messages, case, "lengkapi") if _says_something(messages, text) else None
        if status is Status.AWAITING_REPORTER or (status in _SETTLED and "buka_kembali" in possible):
            return self._answer(messages, text, case, possible, found)
        if status in _SETTLED and (number := spoken.rating(text)) and "beri_nilai" in possible:
            return self._act(messages, case, "beri_nilai", number)
        if not self._is_open(case):
            return None
        return self._withdrawn(messages, text) or self._act(messages, case, "tambah_keterangan")

    def _answer(
        self, messages: tuple[KeptMessage, ...], text: str, case: Case, possible: Sequence[str], found: Disposition
    ) -> Plan | None:
        """What a reporter says to our answer."""
        if plan := self._withdrawn(messages, text):
            return plan
        number, wanted = _wanted_acts(text)
        act = next((key for key in (*wanted, "tambah_keterangan") if key in possible), "")
        if act:
            return self._act(messages, case, act, number)
        if self._is_complaint(messages, text, found):
            return None
        return self._boxed(messages, f"Tanggapan atas {case.complaint.ticket}, yang sudah ditutup.")

    def _is_other_matter(self, messages: tuple[KeptMessage, ...], text: str, case: Case) -> bool:
        """Whether it may be a complaint of its own. A rule must say so: a model makes one of an address alone."""
        apart = self._is_apart(messages, case) and not spoken.objects(text) and not spoken.praises(text)
        return apart and spoken.letters(text) >= LEAST_LETTERS and bool(self._ruled(messages).category)

    def _is_apart(self, messages: tuple[KeptMessage, ...], case: Case) -> bool:
        """
        Whether messages begin something of their own: mails that answer none and have another subject, comments that
        answer none. Chats have one thread for all.
        """
        if any(is_answer(message) for message in messages):
            return False
        if self.channel is Channel.EMAIL:
            return not _names(messages, case)
        return all(message.public for message in messages)

    def _withdrawn(self, messages: tuple[KeptMessage, ...], text: str) -> Plan | None:
        if not spoken.withdraws(text):
            return None
        return self._boxed(messages, "Pengirim tampaknya ingin mencabut pengaduannya; pastikan dahulu kepadanya.")

    def _act(self, messages: tuple[KeptMessage, ...], case: Case, act: str, number: int = 0) -> Plan:
        if (number or act in _AS_REPORTER) and not all(message.proven for message in messages):
            return self._boxed(messages, UNPROVEN.format(ticket=case.complaint.ticket))
        return Plan(Deed.ACT, messages, case.complaint.ticket, act, number)

    # -- complaints that there are not ----------------------------------------------------------------------------

    def _anew(self, messages: tuple[KeptMessage, ...], text: str, found: Disposition) -> Plan | None:
        if self._is_complaint(messages, text, found):
            return self._too_many(messages) or Plan(Deed.COMPLAINT, messages)
        if spoken.praises(text):
            return self._boxed(messages, "Tampaknya ucapan terima kasih atau dukungan.")
        if spoken.letters(text) < LEAST_LETTERS:
            return None
        return self._boxed(messages, "Tidak dikenali sebagai pengaduan.")

    def _too_many(self, messages: tuple[KeptMessage, ...]) -> Plan | None:
        """What nobody has reason to do, staff look at first."""
        day = timedelta(days=1)
        lately = [case for case in self.cases if case.own and self.now - case.complaint.recorded_at < day]
        if len(lately) < MOST_A_DAY:
            return None
        return self._boxed(messages, f"Pengirim sudah membuat {MOST_A_DAY} pengaduan atau lebih dalam sehari.")

    def _is_complaint(self, messages: tuple[KeptMessage, ...], text: str, found: Disposition) -> bool:
        if spoken.letters(text) < LEAST_LETTERS or spoken.praises(text):
            return False
        ruled = self._ruled(messages)
        if ruled.category or ruled.urgency in (Urgency.HIGH, Urgency.EMERGENCY):
            return not (messages[0].public and found.unsure)  # not everything below a post is said to us
        return found.category not in _VAGUE and not found.unsure

    def _boxed(self, messages: tuple[KeptMessage, ...], hint: str) -> Plan:
        """Left to staff; but whoever reported something secret must not show up where all of them read."""
        if secret := next((case for case in self.cases if case.own and case.restricted), None):
            return Plan(Deed.NOTE, messages, secret.complaint.ticket)
        return Plan(Deed.BOX, messages, hint=hint)


def _names(messages: Sequence[KeptMessage], case: Case) -> bool:
    """Whether the subject of mails is the complaint's, or has its ticket as our mails have."""
    subject = subject_of(messages).casefold()
    return bool(subject) and (subject == case.subject.casefold() or case.complaint.ticket.casefold() in subject)


def _says_something(messages: Sequence[KeptMessage], text: str) -> bool:
    return spoken.says_something(text) or any(message.files for message in messages)


def _unanswered_hint(messages: Sequence[KeptMessage]) -> str:
    """Why messages are left to staff that no program may answer; empty if one of them may be answered."""
    if any(message.answerable for message in messages):
        return ""
    if messages[0].public:
        return "Komentar tanpa nama penulis; sistem tidak membalasnya, jawab di halamannya."
    if all(message.automatic for message in messages):
        return "E-mail otomatis; tidak dibalas."
    return "Dikirim dari alamat yang tidak menerima balasan; tidak dibalas."


def _wanted_acts(text: str) -> tuple[int, tuple[str, ...]]:
    """The rating that a text gives, and the acts that it asks for, the best first."""
    if number := spoken.rating(text):
        return number, ("beri_nilai", "nyatakan_puas") if number >= SATISFIED else ("beri_nilai",)
    if spoken.says_settled(text):
        return 0, ("nyatakan_puas",)
    return 0, ("buka_kembali",) if spoken.objects(text) else ()


def _last_heard(complaint: Complaint) -> datetime:
    instants = (complaint.received_at, complaint.heard_at, complaint.replied_at)
    return max(at for at in instants if at is not None)
