"""What a reporter is told of what happens, as tables: pure, through the SOP's own decisions."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.sop.acts import Refused, load_acts
from automation.sop.handling import passed_on
from automation.sop.joined import follow_case
from automation.sop.told import act_of, instant_of, overtaken, told_by
from register.changes import Change
from register.complaint import CHANNEL_LABELS, Channel, Event, EventKind, Identity, Status
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.tables import instant_text
from tests.automation.sop.test_decision import RULES, Case
from tests.builders import MOMENT, a_complaint

DAY = timedelta(days=1)


class Told(Case):
    """A case with what its reporter was told."""

    def __init__(self, channel: Channel = Channel.WHATSAPP, said: str = "", **changes: Any) -> None:
        self.messages: list[ReporterMessage] = []
        super().__init__(MOMENT, said or "Bantuan sembako belum kami terima.", channel=channel, **changes)

    def take(self, change: Change | Refused | None) -> "Told":
        super().take(change)
        self.messages += change.messages if isinstance(change, Change) else ()
        return self

    @property
    def kinds(self) -> list[MessageKind]:
        """What was told after the receipt."""
        return [each.kind for each in self.messages if each.kind is not MessageKind.RECEIPT]


def asked(case: Told) -> Told:
    case.staff(act="Minta Kelengkapan", reason="Mohon foto kartu KKS.")
    return case


def answered(case: Told) -> Told:
    case.staff(act="Proses", reply="Bantuan sudah cair.", send_reply="TRUE")
    return case


@pytest.mark.parametrize("channel", Channel)
def test_only_who_came_by_a_channel_is_acknowledged_unasked(channel: Channel) -> None:
    case = Told(channel)
    expected = [ReporterMessage(MessageKind.RECEIPT, case.complaint.ticket, channel=channel)]
    assert case.messages == (expected if channel in CONVERSED else [])
    assert answered(case).messages[-1].channel == (channel if channel in CONVERSED else Channel.EMAIL)


STORIES: dict[str, tuple[Callable[[Told], object], list[MessageKind]]] = {
    "asked for details": (asked, [MessageKind.NEEDS_INFO]),
    "another reason": (lambda c: asked(c).staff(MOMENT + DAY, reason="Mohon KK juga."), [MessageKind.NEEDS_INFO] * 2),
    "completed": (lambda c: asked(c).reporter("lengkapi", said="ini"), [MessageKind.NEEDS_INFO]),
    "added": (lambda c: c.reporter("tambah_keterangan", said="Ada lagi."), []),
    "handled": (lambda c: c.staff(act="Proses"), []),
    "on hold": (lambda c: c.staff(act="Tunda", reason="Menunggu data pusat."), []),
    "answered": (answered, [MessageKind.ANSWER]),
    "answered anew": (lambda c: answered(c).staff(MOMENT + DAY, reply="Ralat."), [MessageKind.ANSWER] * 2),
    "satisfied": (lambda c: answered(c).reporter("nyatakan_puas"), [MessageKind.ANSWER, MessageKind.CLOSED]),
    "rated": (
        lambda c: (answered(c).reporter("nyatakan_puas"), c.reporter("beri_nilai")),
        [MessageKind.ANSWER, MessageKind.CLOSED],
    ),
    "no response": (lambda c: answered(c).time(MOMENT + 60 * DAY), [MessageKind.ANSWER, MessageKind.CLOSED]),
    "resolved": (lambda c: answered(c).staff(act="Selesai"), [MessageKind.ANSWER, MessageKind.CLOSED]),
    "withdrawn": (lambda c: c.reporter("cabut"), [MessageKind.CLOSED]),
    "not completed": (lambda c: asked(c).time(MOMENT + 60 * DAY), [MessageKind.NEEDS_INFO, MessageKind.CLOSED]),
    "referred": (lambda c: c.staff(act="Bukan Kewenangan", referral="Dinas Sosial"), [MessageKind.REFERRED]),
    "transferred": (lambda c: c.staff(act="Alihkan", reason="Ditangani pusat."), [MessageKind.REFERRED]),
    "archived": (
        lambda c: answered(c).staff(act="Selesai").staff(act="Arsipkan"),
        [MessageKind.ANSWER, MessageKind.CLOSED],
    ),
    "refused": (lambda c: c.staff(act="Selesai"), []),
    "corrected": (lambda c: c.staff(corrected_bidang="Dayasos"), []),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("more", [{}, {"restricted": True}, {"identity": Identity.CONFIDENTIAL}], ids=repr)
def test_each_act_tells_what_the_reporter_must_know(story: str, more: dict[str, Any]) -> None:
    case = Told(**more)
    happens, kinds = STORIES[story]
    happens(case)
    assert case.kinds == kinds
    assert len({(each.kind, each.mark) for each in case.messages}) == len(case.messages)
    assert not [each for each in case.messages if each.ticket != case.complaint.ticket or each.contact]


def undecided() -> Told:
    """A case whose disposition waits for the Ketua Tim."""
    case = Told()
    case.complaint = replace(case.complaint, undecided=True, bidang="", status=Status.RECEIVED, step=5)
    return case


def test_a_disposition_is_told_once_where_it_was_in_doubt() -> None:
    case = undecided()
    case.staff(corrected_bidang="Dayasos").staff(corrected_bidang="Linjamsos")
    assert case.kinds == [MessageKind.DISPOSED]
    assert not overtaken(case.messages[-1], case.complaint)


def test_a_disposition_is_not_told_where_more_is() -> None:
    case = undecided()
    case.staff(corrected_bidang="Dayasos", act="Minta Kelengkapan", reason="Mohon uraian.")
    assert case.kinds == [MessageKind.NEEDS_INFO]


def test_a_mark_tells_the_act_and_when() -> None:
    case = Told()
    case.staff(act="Alihkan", reason="Ditangani pusat.")
    (_, message) = case.messages
    assert (act_of(message), instant_of(message)) == ("alihkan", instant_text(MOMENT))


@pytest.mark.parametrize(
    ("story", "afterwards", "old"),
    [
        ("asked for details", lambda c: c.reporter("lengkapi"), True),
        ("asked for details", lambda c: c.staff(officer="Siapa"), False),
        ("answered", lambda c: c.staff(MOMENT + DAY, reply="Ralat."), True),
        ("answered", lambda c: c.staff(act="Selesai"), False),
        ("resolved", lambda c: c.staff(act="Arsipkan"), False),
        ("resolved", lambda c: c.reporter("buka_kembali"), True),
        ("withdrawn", lambda c: c.staff(act="Buka Kembali"), True),
        ("referred", lambda c: c.staff(act="Buka Kembali"), True),
        ("transferred", lambda c: c.staff(act="Arsipkan"), False),
    ],
)
def test_what_is_not_true_any_more_is_overtaken(story: str, afterwards: Callable[[Told], object], old: bool) -> None:
    case = Told()
    STORIES[story][0](case)
    message = case.messages[-1]
    assert not overtaken(message, case.complaint)
    afterwards(case)
    assert overtaken(message, case.complaint) is old


@pytest.mark.parametrize(
    ("story", "kinds"),
    [
        ("answered", [MessageKind.ANSWER]),
        ("referred", [MessageKind.REFERRED]),
        ("resolved", []),
        ("asked for details", []),
        ("withdrawn", []),
    ],
)
def test_whose_complaint_was_joined_gets_the_answers_of_the_case_only(story: str, kinds: list[MessageKind]) -> None:
    changes: list[Change] = []

    class Kept(Told):
        def take(self, change: Change | Refused | None) -> "Told":
            if isinstance(change, Change):
                changes.append(change)
            return super().take(change)

    STORIES[story][0](Kept(Channel.WEB))
    joined = a_complaint(ticket="AAAA-AAAA-A", channel=Channel.TELEGRAM, status=Status.MERGED, step_begun_at=MOMENT)
    passed = passed_on(changes[-1], joined)
    told = passed.messages if passed else ()
    assert [(each.kind, each.ticket, each.channel) for each in told] == [
        (kind, joined.ticket, Channel.TELEGRAM) for kind in kinds
    ]


def test_a_joined_complaint_that_catches_up_with_its_case_is_told_the_answer() -> None:
    joined = Told(Channel.TELEGRAM).staff(act="Gabungkan", merge_into="7K3M-Q9TX-2", find=lambda _: None)
    case = a_complaint(ticket="AAAA-AAAA-A", status=Status.RESOLVED, replied_at=MOMENT)
    stands = a_complaint(channel=Channel.TELEGRAM, status=Status.MERGED, merged_into=case.ticket, step_begun_at=MOMENT)
    change = follow_case(stands, case, list(joined.clocks.values()), RULES, MOMENT + DAY, reply="Sudah cair.")
    assert change
    assert [(each.kind, each.mark) for each in change.messages] == [(MessageKind.ANSWER, instant_text(MOMENT + DAY))]
    assert not overtaken(change.messages[0], change.applied_to(stands))


@given(
    st.sampled_from(list(CHANNEL_LABELS)),
    st.lists(st.sampled_from([*load_acts(), "lainnya", ""]), max_size=6),
    st.sampled_from(list(EventKind)),
)
def test_nothing_is_told_twice_of_one_change(channel: Channel, acts: list[str], kind: EventKind) -> None:
    events = [Event(kind, MOMENT, "staf", {"act": act} if act else {}) for act in acts]
    told = told_by(a_complaint(channel=channel, step_begun_at=MOMENT), Change("7K3M-Q9TX-2", events=events))
    assert len({each.kind for each in told}) == len(told)
    assert MessageKind.RECEIPT not in {each.kind for each in told}
