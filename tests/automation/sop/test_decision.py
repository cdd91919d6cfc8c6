"""What the SOP asks for next, as tables: pure, without store, sheet or clock."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from automation.calendars.norms import Norm
from automation.configuration.checked import check
from automation.configuration.in_force import Configuration
from automation.disposition.accused import KADIS
from automation.sop.acts import Refused
from automation.sop.corrections import UNREAD_TIME
from automation.sop.decision import (
    decide_by_reporter,
    decide_new,
    decide_row,
    decide_rules_changed,
    decide_time_is_over,
    remaining_time,
    stage,
)
from automation.sop.handling import Find, find_nothing, passed_on
from automation.sop.joined import follow_case
from register.changes import Change
from register.complaint import WITA, Channel, Clock, Complaint, Event, EventKind, Intake, Procedure, Status
from tests.automation.configuration.test_checked import all_tabs
from tests.builders import MOMENT, a_complaint, an_intake

RULES: Configuration = check(all_tabs(), last_good={}, year=2026).configuration


def wita(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WITA)


def apply(complaint: Complaint, change: Change | None) -> Complaint:
    return change.applied_to(complaint) if change else complaint


def disposed(now: datetime = MOMENT, **changes: Any) -> Complaint:
    complaint = a_complaint(received_at=now, recorded_at=now, updated_at=now, **changes)
    return apply(complaint, decide_new(complaint, an_intake(), RULES, now))


class Case:
    """A complaint with its clocks and the trail of what happened to it, moved by hand through time."""

    def __init__(
        self, now: datetime = MOMENT, said: str = "Bantuan sembako belum kami terima.", **changes: Any
    ) -> None:
        self.complaint = a_complaint(received_at=now, recorded_at=now, updated_at=now, **changes)
        self.clocks: dict[tuple[int, str], Clock] = {}
        self.events: list[Event] = []
        self.cells: dict[str, str] = {}
        self.intake = an_intake(description=said)
        self.take(decide_new(self.complaint, self.intake, RULES, now))

    def take(self, change: Change | Refused | None) -> "Case":
        assert not isinstance(change, Refused), change
        if change is not None:
            self.complaint = apply(self.complaint, change)
            self.clocks |= {(clock.round, clock.key): clock for clock in change.clocks}
            self.events += change.events
        return self

    def staff(
        self, now: datetime = MOMENT, find: Find = find_nothing, *, first_look: bool = False, **cells: str
    ) -> "Case":
        """Staff type into cells of the row; those typed before stay."""
        self.cells |= cells
        change = decide_row(
            self.complaint,
            texts={key: text for key, text in self.cells.items() if text},
            changed=list(cells),
            intake=lambda: self.intake,
            rules=RULES,
            now=now,
            clocks=lambda: list(self.clocks.values()),
            find=find,
            first_look=first_look,
        )
        return self.take(change)

    def reporter(self, act: str, now: datetime = MOMENT, said: str = "") -> Change | Refused:
        change = decide_by_reporter(self.complaint, act, list(self.clocks.values()), RULES, now, said=said)
        if not isinstance(change, Refused):
            self.take(change)
        return change

    def time(self, now: datetime) -> Change | None:
        change = decide_time_is_over(self.complaint, list(self.clocks.values()), RULES, now)
        self.take(change)
        return change

    def rules(self, rules: Configuration, now: datetime = MOMENT) -> Change | None:
        change = decide_rules_changed(self.complaint, list(self.clocks.values()), rules, now)
        self.take(change)
        return change

    def clock(self, key: str) -> Clock:
        return self.clocks[self.complaint.round, key]

    def running(self) -> set[str]:
        return {clock.key for clock in self.clocks.values() if clock.done_at is None}

    @property
    def public(self) -> list[str]:
        """The timeline as the reporter reads it."""
        shown = [event for event in self.events if event.public_label]
        return [" ".join([event.public_label, event.secret.get("public", "")]).strip() for event in shown]


def after(complaint: Complaint, now: datetime = MOMENT, **texts: str) -> tuple[Complaint, Change | None]:
    change = decide_row(complaint, texts=texts, changed=list(texts), intake=an_intake, rules=RULES, now=now)
    return apply(complaint, change), change


@pytest.mark.parametrize(
    ("received", "step_due", "answer_due"),
    [
        ("2026-11-23T10:30", "2026-11-23T11:00", "2026-11-23T13:20"),
        ("2026-11-23T11:30", "2026-11-23T12:00", "2026-11-23T14:20"),
        ("2026-11-23T11:31", "2026-11-23T13:01", "2026-11-23T14:21"),
        ("2026-11-23T15:45", "2026-11-24T07:45", "2026-11-24T09:05"),
        ("2026-11-21T22:00", "2026-11-23T08:00", "2026-11-23T09:20"),
        ("2026-03-17T15:00", "2026-03-25T08:00", "2026-03-25T09:20"),
    ],
    ids=["morning", "ends at the break", "over the break", "overnight", "Saturday night", "Idul Fitri 2026"],
)
def test_an_online_complaint_gets_the_clock_of_step_6_and_of_the_answer(
    received: str, step_due: str, answer_due: str
) -> None:
    complaint = disposed(wita(received))
    assert complaint.step == 6
    assert (complaint.step_due_at, complaint.due_at) == (wita(step_due), wita(answer_due))


def test_a_complaint_at_the_desk_gets_two_working_days() -> None:
    complaint = disposed(wita("2026-11-20T10:00"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    assert complaint.step == 5
    assert complaint.step_due_at == complaint.due_at == wita("2026-11-24T16:00")


def test_paper_from_an_outage_is_due_from_when_it_was_received() -> None:
    now = wita("2026-11-23T10:30")
    complaint = a_complaint(
        channel=Channel.DESK, procedure=Procedure.LANGSUNG, received_at=wita("2026-11-19T09:00"), recorded_at=now
    )
    complaint = apply(complaint, decide_new(complaint, an_intake(), RULES, now))
    assert complaint.due_at == wita("2026-11-23T16:00")
    assert complaint.step_due_at == wita("2026-11-25T16:00")


@pytest.mark.parametrize(
    ("texts", "step", "status"),
    [
        ({"act": "Proses"}, 7, Status.IN_PROGRESS),
        ({"follow_up": "sudah ditelepon"}, 7, Status.IN_PROGRESS),
        ({"reply": "Segera cair."}, 8, Status.DISPOSED),
        ({"reply": "Segera cair.", "send_reply": "TRUE"}, 9, Status.AWAITING_REPORTER),
        ({"send_reply": "TRUE"}, 6, Status.DISPOSED),
        ({"act": "Bukan Kewenangan", "reason": "Urusan Dinas PU."}, 9, Status.OUT_OF_AUTHORITY),
        ({"act": "Minta Kelengkapan", "reason": "Foto KKS"}, 6, Status.NEEDS_INFO),
        ({"act": "Selesai"}, 6, Status.DISPOSED),
        ({"act": "entah"}, 6, Status.DISPOSED),
        ({"officer": "Bu Contoh"}, 6, Status.DISPOSED),
    ],
)
def test_what_a_cell_completes(texts: dict[str, str], step: int, status: Status) -> None:
    complaint, change = after(disposed(), **texts)
    assert change is not None
    assert (complaint.step, complaint.status) == (step, status)


def test_a_whole_life_online() -> None:
    complaint = disposed()
    for texts, status in (
        ({"act": "Proses"}, Status.IN_PROGRESS),
        ({"reply": "Segera cair.", "send_reply": "TRUE"}, Status.AWAITING_REPORTER),
        ({"act": "Selesai"}, Status.RESOLVED),
        ({"act": "Arsipkan"}, Status.ARCHIVED),
    ):
        complaint, _ = after(complaint, **texts)
        assert complaint.status is status
    assert complaint.closed
    assert remaining_time(complaint, RULES, MOMENT) == ""
    assert stage(complaint) == "9. Pelaporan dan pengarsipan", "its report follows"


def test_a_refused_act_changes_nothing_but_the_explanation() -> None:
    before = disposed()
    complaint, change = after(before, act="Arsipkan")
    assert change is not None
    assert set(change.fields) == {"note", "updated_at"}
    assert [event.kind for event in change.events] == [EventKind.CELL_READ, EventKind.ACT_REFUSED]
    assert complaint.note.startswith("Arsipkan: ")


def test_emptying_an_act_does_nothing_but_leaves_its_trace() -> None:
    before = disposed()
    change = decide_row(before, texts={}, changed=["act"], intake=Intake, rules=RULES, now=MOMENT)
    assert change is not None
    assert set(change.fields) == {"note", "updated_at"}, "what was refused before is no longer asked for"
    assert change.events[0].secret == {"value": ""}


def test_nothing_changed_is_no_change() -> None:
    assert decide_row(disposed(), texts={}, changed=[], intake=Intake, rules=RULES, now=MOMENT) is None


@pytest.mark.parametrize("text", ["2027-01-01 08:00", "kemarin", "31/02/2026", "23/11/0026", "2026", "1"])
def test_a_time_that_cannot_be_is_explained_and_changes_nothing(text: str) -> None:
    before = disposed()
    complaint, _ = after(before, received_at=text, description=an_intake().description, name="x", contact="y")
    assert complaint.received_at == before.received_at
    assert "Waktu Masuk" in complaint.note


@pytest.mark.parametrize("text", ["2026-11-23 09:15", "2026-11-23 10:30", ""])
def test_what_was_wrong_with_a_time_is_said_no_longer_once_it_is_right(text: str) -> None:
    wrong, _ = after(disposed(), received_at="kemarin")
    assert UNREAD_TIME in wrong.note
    mended, change = after(wrong, received_at=text)
    assert change is not None
    assert UNREAD_TIME not in mended.note


def test_a_corrected_time_moves_the_answers_deadline() -> None:
    before = disposed()
    complaint, _ = after(before, received_at="2026-11-20 09:00")
    assert complaint.received_at == wita("2026-11-20T09:00")
    assert complaint.due_at == wita("2026-11-20T10:50")


@pytest.mark.parametrize(
    ("acts", "text"),
    [
        ([], "hari ini"),
        (["Minta Kelengkapan"], "menunggu pelapor"),
        (["Minta Kelengkapan", "Lanjutkan"], "hari ini"),
        (["Proses", "Tunda"], "hari ini"),
        (["Cabut"], "laporan: 61 hari kerja lagi"),
        (["Cabut", "Arsipkan"], ""),
    ],
)
def test_the_remaining_time_in_every_kind_of_state(acts: list[str], text: str) -> None:
    """The office's own delay is not the reporter's; nothing runs on the office while it waits for the reporter."""
    case = Case()
    for act in acts:
        case.staff(act=act, reason="Foto KKS")
    assert remaining_time(case.complaint, RULES, MOMENT) == text


def test_the_remaining_time_changes_at_most_once_a_day_until_the_deadline() -> None:
    complaint = disposed(wita("2026-11-20T08:00"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    start = wita("2026-11-20T08:00")
    shown = [remaining_time(complaint, RULES, start + timedelta(minutes=30 * n)) for n in range(48 * 6)]
    changes = [(a, b) for a, b in pairwise(shown) if a != b]
    assert len(changes) <= 6
    assert shown[-1].startswith("terlambat")


def test_words_of_a_restricted_case_are_not_in_public_events() -> None:
    complaint = a_complaint()
    change = decide_new(complaint, an_intake(description="Anak dipukuli bapak tirinya tiap hari"), RULES, MOMENT)
    assert change.fields["restricted"] is True
    assert not any(code in event.public_label for event in change.events for code in ("KEKERASAN", "Rehsos"))


def test_a_correction_keeps_what_stood_there_before_sealed() -> None:
    _, change = after(disposed(), description="Cerita baru", name="Nama Baru")
    assert change is not None
    assert [event.secret.get("before") for event in change.events[:2]] == [an_intake().description, an_intake().name]


def test_clearing_a_row_loses_nothing_and_says_so() -> None:
    change = decide_row(
        disposed(), texts={}, changed=["description", "name", "contact"], intake=an_intake, rules=RULES, now=MOMENT
    )
    assert change is not None
    assert change.intake is None
    assert "Uraian dikosongkan" in str(change.fields["note"])


def test_a_better_story_is_disposed_anew_until_somebody_acted() -> None:
    vague = a_complaint()
    vague = apply(vague, decide_new(vague, an_intake(description="tolong dong pak"), RULES, MOMENT))
    assert vague.category == ""
    texts = {"description": "Mohon bantuan kursi roda untuk anak saya"}
    told, _ = after(vague, **texts)
    assert (told.category, told.bidang) == ("DIFABEL", "Rehsos")
    acted, _ = after(vague, act="Proses")
    assert after(acted, **texts)[0].category == ""


def test_a_restricted_category_typed_for_the_reporter_keeps_the_complaint_apart() -> None:
    typed, change = after(disposed(), category="pungli")
    assert change is not None
    assert typed.restricted
    assert "Koreksi Kategori" in typed.note
    assert EventKind.DISPOSED in [event.kind for event in change.events]
    acted, _ = after(disposed(), act="Proses")
    assert after(acted, category="KEKERASAN")[0].restricted
    assert not after(disposed(), category="BLT")[0].restricted


def test_a_restricted_category_typed_for_the_reporter_takes_it_from_whom_the_reporter_accuses() -> None:
    case = Case(said="PKH saya belum cair, orang linjamsos bilang harus sabar.")
    assert case.complaint.bidang == "Linjamsos"
    case.staff(act="Proses").staff(category="PUNGLI")
    assert (case.complaint.bidang, case.complaint.restricted) == (KADIS, True)


@pytest.mark.parametrize(("box", "sent"), [("TRUE", True), ("ya", True), ("x", True), ("entah", False), ("", False)])
def test_a_tick_in_words_counts_and_anything_else_is_explained(box: str, sent: bool) -> None:
    complaint, change = after(disposed(), reply="Segera cair.", send_reply=box)
    assert change is not None
    assert (change.reply is not None) is sent
    assert ("tidak terbaca" in complaint.note) is (box == "entah")


def test_an_unknown_act_is_not_quoted() -> None:
    complaint, _ = after(disposed(), act="Telepon Ibu Contoh 0812 dulu")
    assert complaint.note.startswith("Tindakan: ")
    assert "0812" not in complaint.note


def test_a_reopened_complaint_is_handled_anew_with_a_clock_of_its_own() -> None:
    complaint = disposed()
    for texts in ({"reply": "Segera cair.", "send_reply": "TRUE"}, {"act": "Selesai"}):
        complaint, _ = after(complaint, **texts)
    later = MOMENT + timedelta(days=1)
    complaint, _ = after(complaint, now=later, act="Buka Kembali")
    assert (complaint.status, complaint.step) == (Status.IN_PROGRESS, 6)
    assert complaint.step_due_at == wita("2026-11-24T11:00")


def test_remaining_time_heeds_the_answers_deadline_too() -> None:
    """Paper from an outage may be late for its answer while its step has only begun."""
    now = wita("2026-11-24T02:30")
    complaint = a_complaint(received_at=wita("2026-11-23T10:00"), recorded_at=now)
    complaint = apply(complaint, decide_new(complaint, an_intake(), RULES, now))
    assert remaining_time(complaint, RULES, now).startswith("terlambat")


def test_staff_are_told_where_a_restricted_complaint_is_handled() -> None:
    change = decide_new(a_complaint(), an_intake(description="Anak dipukuli tiap hari"), RULES, MOMENT)
    assert "Register Terbatas" in str(change.fields["note"])


# -- every step with its clock ----------------------------------------------------------------------------------------


def test_each_step_is_begun_due_and_done_by_somebody() -> None:
    case = Case(wita("2026-11-23T10:30"))
    done = {key: clock for (_, key), clock in case.clocks.items() if key.startswith("langkah.")}
    assert [done[f"langkah.{no}"].done_by for no in range(1, 6)] == ["sistem"] * 5
    assert done["langkah.1"].due_at == wita("2026-11-23T10:35")
    assert done["langkah.6"].due_at == wita("2026-11-23T11:00")
    assert done["langkah.6"].done_at is None
    case.staff(wita("2026-11-23T11:20"), act="Proses", officer="Kepala Bidang Linjamsos")
    step = case.clock("langkah.6")
    assert (step.done_by, step.late) == ("Kepala Bidang Linjamsos", True)
    assert case.clock("langkah.7").begun_at == wita("2026-11-23T11:20")
    assert case.complaint.step_due_at == wita("2026-11-23T11:30")


def test_the_strictest_limit_is_shown_and_each_is_kept() -> None:
    case = Case(wita("2026-11-23T10:30"))
    assert case.clock("jawaban").due_at == case.complaint.due_at == wita("2026-11-23T13:20")
    assert case.clock("uu25.tanggapan").due_at == wita("2026-12-07T16:00"), "14 days by the calendar"
    assert case.clock("uu25.keputusan").due_at == wita("2027-01-22T16:30"), "60 days by the calendar, a Friday"
    assert case.clock("sp4n.penyelesaian").due_at == wita("2026-12-11T16:30"), "14 working days, on a Friday"
    assert case.clock("sp4n.verifikasi").done_at, "a bidang has it"
    assert "SP4N" not in case.complaint.basis


def test_a_stricter_law_takes_the_place_of_the_sop() -> None:
    norms = {**RULES.settings, "norma_langsung_5": "40 hari kerja"}
    slow = configured(norms)
    desk = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    desk.rules(slow)
    assert desk.complaint.due_at == wita("2026-12-07T16:00")
    assert desk.complaint.basis.startswith("UU 25/2009 Ps 44: ")


def configured(settings: dict[str, str], holidays: tuple[tuple[str, str, str], ...] = ()) -> Configuration:
    tabs = all_tabs()
    header = tabs["Pengaturan"].header
    rows = tuple((name, value, "", "")[: len(header)] for name, value in settings.items())
    tabs["Pengaturan"] = replace(tabs["Pengaturan"], rows=rows)
    tabs["Hari Libur"] = replace(tabs["Hari Libur"], rows=holidays)
    checked = check(tabs, last_good={}, year=2026)
    assert not checked.problems, checked.problems
    return checked.configuration


def test_a_holiday_that_is_added_moves_what_is_open_and_says_so() -> None:
    case = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    assert case.complaint.due_at == wita("2026-11-25T16:00")
    change = case.rules(configured(dict(RULES.settings), (("2026-11-24", "Pilkades", "Tambah libur"),)))
    assert change is not None
    assert case.complaint.due_at == wita("2026-11-26T16:00")
    moved = next(event for event in case.events if event.kind is EventKind.MOVED)
    assert moved.data == {"limit": "Batas Waktu", "before": "2026-11-25 16:00", "after": "2026-11-26 16:00"}
    assert "bergeser" in case.complaint.note
    assert "Pilkades" in case.complaint.basis
    assert case.rules(configured(dict(RULES.settings), (("2026-11-24", "Pilkades", "Tambah libur"),))) is None


def test_what_is_answered_does_not_move_any_more() -> None:
    case = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    case.staff(wita("2026-11-23T11:00"), act="Selesai", reply="Sudah cair.", send_reply="TRUE")
    case.rules(configured(dict(RULES.settings), (("2026-11-24", "Pilkades", "Tambah libur"),)))
    assert case.complaint.due_at == wita("2026-11-25T16:00")
    assert case.clock("langkah.6").due_at == wita("2026-12-08T16:00"), "the report is still to come"


def test_a_norm_that_no_calendar_holds_stops_no_complaint() -> None:
    """Settings refuse such a norm; should one be in force all the same, only its clock is without a deadline."""
    steps = {step.no: Norm.parse("99999 bulan") for step in RULES.procedures["langsung"].steps}
    endless = replace(
        RULES, procedures={**RULES.procedures, "langsung": RULES.procedures["langsung"].with_norms(steps)}
    )
    case = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    case.rules(endless)
    assert case.clock("jawaban").due_at is None
    assert case.clock("jawaban").basis.startswith("Tidak ada jam layanan")
    assert case.complaint.due_at == case.clock("uu25.tanggapan").due_at, "what can be counted holds"
    case.staff(wita("2026-11-24T11:00"), reply="Sudah cair.", send_reply="TRUE")
    assert case.clock("jawaban").done_at


# -- the clock stands still, and is extended --------------------------------------------------------------------------


def test_time_stands_still_while_the_office_waits_for_the_reporter() -> None:
    case = Case(wita("2026-11-23T08:00"))
    case.staff(wita("2026-11-23T08:10"), act="Minta Kelengkapan", reason="Foto KKS")
    assert case.complaint.waiting
    assert case.clock("kelengkapan").due_at == wita("2026-12-23T16:00")
    assert case.clock("uu25.tanggapan").done_at, "the office has said that it is incomplete"
    case.reporter("lengkapi", wita("2026-11-25T09:00"), said="ini fotonya")
    assert case.complaint.status is Status.IN_PROGRESS
    assert case.complaint.step_due_at == wita("2026-11-25T09:20"), "10 of 30 minutes were used"
    assert case.complaint.due_at == wita("2026-11-25T10:40"), "100 of 110 minutes were left"
    assert case.clock("uu25.keputusan").due_at == wita("2027-01-22T16:30"), "two days later, brought forward to Friday"
    assert {"value": "ini fotonya"} in [event.secret for event in case.events]
    assert not any("fotonya" in line for line in case.public)
    assert "Pelapor diminta melengkapi pengaduan Foto KKS" in case.public


def test_who_does_not_complete_in_time_is_deemed_to_have_withdrawn() -> None:
    case = Case(wita("2026-11-23T08:00")).staff(wita("2026-11-23T08:10"), act="Minta Kelengkapan", reason="KK")
    assert case.time(wita("2026-12-23T16:00")) is None, "the last instant still counts"
    assert case.time(wita("2026-12-23T16:01")) is not None
    assert case.complaint.status_label == "Dianggap Dicabut"
    assert case.complaint.closed
    assert isinstance(case.reporter("lengkapi", wita("2026-12-24T08:00")), Refused)
    assert case.time(wita("2027-12-23T16:01")) is None


def test_who_does_not_respond_in_time_has_their_complaint_closed() -> None:
    case = Case(wita("2026-11-23T08:00")).staff(wita("2026-11-23T09:00"), reply="Segera cair.", send_reply="TRUE")
    assert case.clock("tanggapan").due_at == wita("2026-12-03T16:00")
    case.time(wita("2026-12-03T16:01"))
    assert (case.complaint.status, case.complaint.closed_by) == (Status.RESOLVED, "tutup_otomatis")
    assert case.running() == {"langkah.9", "buka_kembali"}


def test_time_is_extended_once_with_a_reason_that_the_reporter_reads() -> None:
    case = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    case.staff(act="Perpanjang")
    assert case.complaint.extended_at is None
    assert "isi Alasan yang jelas" in case.complaint.note
    case.staff(reason="ya!!!!!!!!!!!")
    assert "paling sedikit 10 huruf" in case.complaint.note, "which is no reason to a reporter"
    assert case.complaint.extended_at is None
    case.staff(reason="Menunggu verifikasi desa")
    assert "Waktu ditambah 5 hari kerja; Batas Waktu menjadi 2026-12-02 16:00 WITA." in case.complaint.note
    assert case.complaint.due_at == case.complaint.step_due_at == wita("2026-12-02T16:00")
    assert "Batas waktu diperpanjang satu kali Menunggu verifikasi desa" in case.public
    case.staff(act="").staff(act="Perpanjang")
    assert case.complaint.due_at == wita("2026-12-02T16:00")
    assert "sudah pernah diperpanjang" in case.complaint.note
    assert "Perpanjang, " not in case.complaint.note, "what is named as possible is possible"


def test_an_extension_that_no_longer_helps_is_kept_for_when_it_does() -> None:
    case = Case(wita("2026-11-23T10:30"), channel=Channel.DESK, procedure=Procedure.LANGSUNG)
    due = case.complaint.due_at
    case.staff(wita("2026-12-10T09:00"), act="Perpanjang", reason="Menunggu verifikasi desa")
    assert (case.complaint.extended_at, case.complaint.due_at) == (None, due)
    assert "perpanjangan 5 hari kerja tidak lagi mencapai saat ini" in case.complaint.note
    assert not any("diperpanjang" in line for line in case.public)
    case.staff(act="").staff(wita("2026-12-02T09:00"), act="Perpanjang")
    assert case.complaint.due_at == wita("2026-12-02T16:00")


@pytest.mark.parametrize(("typed", "noted"), [("2001-01-01 08:00", True), ("2026-11-20 08:00", False)])
def test_a_time_of_receipt_of_long_ago_is_noted(typed: str, noted: bool) -> None:
    case = Case().staff(received_at=typed)
    assert case.complaint.received_at == wita(typed.replace(" ", "T"))
    assert ("lebih dari setahun yang lalu" in case.complaint.note) is noted
    old = a_complaint(received_at=case.complaint.received_at)
    note = str(decide_new(old, an_intake(), RULES, MOMENT).fields["note"])
    assert ("lebih dari setahun yang lalu" in note) is noted


# -- what is kept apart -----------------------------------------------------------------------------------------------

ACCUSING = "Pegawai bidang Linjamsos sering menelepon kami soal PKH yang belum cair."


@pytest.mark.parametrize(
    "chosen",
    [
        [{"corrected_bidang": "Linjamsos"}, {"corrected_category": "PUNGLI"}],
        [{"corrected_bidang": "Linjamsos", "corrected_category": "PUNGLI"}],
        [{"corrected_category": "PUNGLI"}, {"corrected_bidang": "linjamsos"}],
        [{"corrected_bidang": "Linjamsos"}, {"corrected_category": "PUNGLI", "corrected_bidang": "entah"}],
    ],
    ids=["bidang first", "together", "category first", "unknown bidang"],
)
def test_a_restricted_complaint_is_never_with_whom_it_accuses(chosen: list[dict[str, str]]) -> None:
    case = Case(said=ACCUSING)
    for cells in chosen:
        case.staff(**cells)
    assert (case.complaint.category, case.complaint.bidang) == ("PUNGLI", "Kadis")
    assert "Linjamsos disebut sebagai terlapor" in case.complaint.note


def test_a_restricted_complaint_goes_to_a_bidang_that_is_not_accused() -> None:
    case = Case(said=ACCUSING).staff(corrected_category="PUNGLI").staff(corrected_bidang="Rehsos")
    assert case.complaint.bidang == "Rehsos"
    ordinary = Case(said=ACCUSING).staff(corrected_bidang="Linjamsos")
    assert ordinary.complaint.bidang == "Linjamsos", "only what is restricted is kept from it"


def test_staff_are_told_that_what_was_restricted_stays_so() -> None:
    case = Case().staff(corrected_category="PUNGLI").staff(corrected_category="LAYANAN")
    assert case.complaint.restricted
    assert "Kategori dikoreksi ke LAYANAN." in case.complaint.note
    assert "tetap terbatas" in case.complaint.note


# -- where a complaint may go -----------------------------------------------------------------------------------------


def test_what_is_not_ours_is_referred_to_who_decides_it() -> None:
    case = Case(said="Jalan poros rusak parah, kapan diperbaiki?")
    case.cells["description"] = case.intake.description
    case.staff(act="Bukan Kewenangan", reason="Bukan urusan sosial.")
    assert case.complaint.referral == "Dinas Pekerjaan Umum", "the words point there"
    case.staff(referral="SP4N-LAPOR!")
    assert case.complaint.referral == "SP4N-LAPOR!"
    assert any("www.lapor.go.id" in line for line in case.public)
    assert case.complaint.closed
    assert case.running() == {"langkah.9", "buka_kembali"}


def test_duplicates_are_joined_and_each_reporter_gets_the_answer() -> None:
    main = Case(ticket="7K3M-Q9TX-2")
    double = Case(ticket="00000000", number=43)
    double.complaint = replace(double.complaint, ticket="S581-FXWB-H")
    double.staff(act="Gabungkan", merge_into="bukan tiket")
    assert "tidak terbaca" in double.complaint.note
    double.staff(merge_into="7K3M-Q9TX-2", find={"7K3M-Q9TX-2": main.complaint}.get)
    assert (double.complaint.status, double.complaint.merged_into) == (Status.MERGED, "7K3M-Q9TX-2")
    assert double.running() == set()
    change = decide_row(
        main.complaint,
        texts={"reply": "Segera cair.", "send_reply": "TRUE"},
        changed=["reply", "send_reply"],
        intake=an_intake,
        rules=RULES,
        now=MOMENT,
    )
    assert change is not None
    told = passed_on(change, double.complaint)
    assert told is not None
    assert (told.ticket, told.reply) == ("S581-FXWB-H", "Segera cair.")
    assert all("7K3M" not in line for line in double.public), "a ticket is a secret"


@pytest.mark.parametrize("target", ["itself", "unknown"])
def test_a_complaint_is_not_joined_to_itself_or_to_nothing(target: str) -> None:
    case = Case()
    found = {case.complaint.ticket: case.complaint} if target == "itself" else {}
    case.staff(act="Gabungkan", merge_into=case.complaint.ticket, find=found.get)
    assert case.complaint.status is Status.DISPOSED
    assert case.complaint.note.startswith("Gabungkan: ")


def joined_to(case: Case, ticket: str = "S581-FXWB-H") -> Case:
    """Another complaint, joined to that case."""
    double = Case()
    double.complaint = replace(double.complaint, ticket=ticket)
    return double.staff(act="Gabungkan", merge_into=case.complaint.ticket, find=known(case))


def known(*cases: Case) -> Find:
    return {case.complaint.ticket: case.complaint for case in cases}.get


def follow(joined: Case, case: Complaint | None, reply: str = "") -> Change | None:
    change = follow_case(joined.complaint, case, list(joined.clocks.values()), RULES, MOMENT, reply=reply)
    joined.take(change)
    return change


def test_cases_that_lead_in_a_circle_lead_nowhere() -> None:
    one, other, third = Case(), Case(), Case()
    one.complaint = replace(one.complaint, merged_into="S581-FXWB-H")
    other.complaint = replace(other.complaint, ticket="S581-FXWB-H", merged_into=one.complaint.ticket)
    third.complaint = replace(third.complaint, ticket="00000000")
    third.staff(act="Gabungkan", merge_into="S581-FXWB-H", find=known(one, other))
    assert third.complaint.status is Status.DISPOSED
    assert "tidak ditemukan" in third.complaint.note


def test_an_ordinary_complaint_is_not_joined_to_a_restricted_one() -> None:
    case = Case().staff(corrected_category="PUNGLI")
    joined = joined_to(case)
    assert joined.complaint.status is Status.DISPOSED
    assert "tiket induk adalah pengaduan terbatas" in joined.complaint.note
    joined.staff(corrected_category="PUNGLI").staff(merge_into=case.complaint.ticket, find=known(case))
    assert joined.complaint.status is Status.MERGED, "those who may know both may join them"


@pytest.mark.parametrize("case", [{"status": Status.WITHDRAWN}, None], ids=["withdrawn", "a circle"])
def test_what_was_joined_to_a_case_that_came_to_nothing_goes_on_alone(case: dict[str, Any] | None) -> None:
    main = Case()
    joined = joined_to(main)
    follow(joined, case and replace(main.complaint, **case))
    assert (joined.complaint.status, joined.complaint.merged_into) == (Status.IN_PROGRESS, "")
    assert {"jawaban", "langkah.6"} <= joined.running()
    assert joined.complaint.due_at is not None
    assert joined.complaint.due_at > MOMENT
    assert "ditangani tersendiri" in joined.complaint.note
    assert joined.public[-1] == "Pengaduan dibuka kembali Pengaduan Anda kini ditangani tersendiri."


def test_what_was_joined_follows_its_case() -> None:
    main, last = Case(), Case(ticket="00000000")
    joined = joined_to(main)
    assert follow(joined, main.complaint) is None
    assert follow(joined, last.complaint, reply="Segera cair.") is not None
    assert (joined.complaint.merged_into, joined.complaint.replied_at) == ("00000000", MOMENT)
    assert joined.public[-1] == "Balasan disampaikan kepada pelapor"
    follow(joined, replace(last.complaint, restricted=True))
    assert joined.complaint.restricted
    assert "terbatas" in joined.complaint.note
    assert joined.complaint.status is Status.MERGED
    assert follow(joined, replace(last.complaint, status=Status.WITHDRAWN)) is None, "its reporter has an answer"


def test_a_reopened_complaint_has_a_round_of_clocks_of_its_own() -> None:
    case = Case(wita("2026-11-23T08:00"))
    case.staff(wita("2026-11-23T09:00"), reply="Segera cair.", send_reply="TRUE")
    case.reporter("nyatakan_puas", wita("2026-11-24T09:00"))
    first = case.clock("jawaban")
    assert isinstance(case.reporter("buka_kembali", wita("2027-01-04T09:00")), Refused), "too late by then"
    case.reporter("buka_kembali", wita("2026-11-25T09:00"))
    assert (case.complaint.round, case.complaint.status) == (1, Status.IN_PROGRESS)
    assert case.complaint.due_at == wita("2026-11-25T10:10"), "steps 6 to 8 are 70 minutes"
    assert case.complaint.answered_at is None
    assert case.clocks[0, "jawaban"] == first
    assert case.complaint.basis.startswith("dihitung baru sejak dibuka kembali 2026-11-25 09:00 WITA: ")
    assert case.complaint.step_basis.startswith("dihitung baru sejak dibuka kembali 2026-11-25 09:00 WITA: ")
    case.staff(wita("2026-11-25T09:10"), act="Tunda").staff(wita("2026-11-25T09:20"), act="Proses")
    assert "dibuka kembali" in case.complaint.basis
    assert "dibuka kembali" not in case.complaint.step_basis, "that step began later"


def test_staff_correct_category_and_urgency() -> None:
    case = Case(said="Anak itu dibentak-bentak.").staff(corrected_category="KEKERASAN", corrected_urgency="Darurat")
    assert (case.complaint.category, case.complaint.bidang, case.complaint.urgency) == (
        "KEKERASAN",
        "Rehsos",
        "Darurat",
    )
    assert case.complaint.restricted
    assert "darurat" in case.running(), "whoever made an emergency of it has not acted on it yet"
    case.staff(follow_up="sudah ditelepon")
    assert "darurat" not in case.running()


def test_an_emergency_has_an_hour_by_the_wall_clock_until_somebody_acts() -> None:
    case = Case(wita("2026-11-21T23:30"), said="Bayi ditinggal di pos ronda barusan, tolong cepat")
    assert case.complaint.urgency == "Darurat"
    assert case.clock("darurat").due_at == wita("2026-11-22T00:30"), "on a Saturday night"
    for at, shown in (
        ("2026-11-21T23:31", "Darurat: sebelum 22 Nov 00.30 WITA; 1 hari kerja lagi"),
        ("2026-11-22T00:30", "Darurat: sebelum 00.30 WITA; 1 hari kerja lagi"),
        ("2026-11-22T00:31", "Darurat: lewat 00.30 WITA; 1 hari kerja lagi"),
        ("2026-11-23T08:00", "Darurat: lewat 22 Nov 00.30 WITA; hari ini"),
    ):
        assert remaining_time(case.complaint, RULES, wita(at)) == shown
    case.staff(wita("2026-11-21T23:50"), follow_up="sudah ditelepon")
    assert case.clock("darurat").done_at == wita("2026-11-21T23:50")
    assert remaining_time(case.complaint, RULES, wita("2026-11-21T23:51")) == "1 hari kerja lagi"


EMERGENCY = "Bayi ditinggal di pos ronda barusan, tolong cepat"


def test_what_was_typed_along_with_an_emergency_is_no_answer_to_its_alert() -> None:
    case = Case(said=EMERGENCY).staff(officer="Siti", first_look=True)
    assert "darurat" in case.running()
    assert "darurat" not in case.staff(follow_up="sudah ditelepon").running()


@pytest.mark.parametrize("urgency", ["Darurat", "Tinggi"])
def test_an_emergency_that_is_reopened_is_one_again(urgency: str) -> None:
    case = Case(said=EMERGENCY).staff(corrected_urgency=urgency).staff(reply="Sudah dijemput.", send_reply="TRUE")
    assert "darurat" not in case.running()
    case.staff(act="Buka Kembali")
    assert case.complaint.round == 1
    assert ("darurat" in case.running()) is (urgency == "Darurat")


def test_a_complaint_of_an_older_version_gets_its_clocks() -> None:
    case = Case(wita("2026-11-23T10:30"))
    known = {key: clock.due_at for (_, key), clock in case.clocks.items() if clock.done_at is None}
    case.clocks = {}
    case.rules(RULES, wita("2026-11-23T10:31"))
    assert {key: clock.due_at for (_, key), clock in case.clocks.items() if clock.done_at is None} == known
