"""
What a reporter is told of a change, wherever it came from: staff, the reporter, or time. Pure.

A message is a code; its text is put together when it is sent, from how the complaint stands then
(`automation/reminders/reporter_wording.py`). What reporters did themselves is not echoed, but for the end of the
matter. Restricted and confidential complaints are told alike: a message holds the ticket, dates, and what the office
itself wrote to the reporter.

Source: SOP B steps 3 (acknowledge) and 8 (publish the answer); UU 25/2009 Ps 44 (say what is missing), Ps 50 (notify).
"""

from collections.abc import Callable, Iterator, Mapping

from register.changes import Change
from register.complaint import CLOSED, Channel, Complaint, Event, EventKind, Status
from register.reporter_messages import CONVERSED, MessageKind, ReporterMessage
from register.tables import instant_text

CLOSING: Mapping[str, str] = {
    "selesai": "penutupan",
    "nyatakan_puas": "penutupan",
    "tutup_otomatis": "penutupan",
    "cabut": "pencabutan",
    "dianggap_dicabut": "dianggap_dicabut",
}
"""Acts that end the matter for its reporter, with the code of their wording."""
REFERRING = frozenset({"alihkan", "bukan_kewenangan"})
_OF_A_CASE = frozenset({MessageKind.ANSWER, MessageKind.REFERRED})


def told_by(before: Complaint, change: Change) -> tuple[ReporterMessage, ...]:
    """
    The messages that a change of a complaint brings, in order.

    Args:
        before: As it was; what nobody had looked at yet is new.

    Returns: None but for complaints that came by a channel are acknowledged: whoever files on the web sees the receipt,
        and has it sent if they like. Whether there is anybody to tell at all is known to the store.
    """
    channel = before.channel if before.channel in CONVERSED else Channel.EMAIL
    found = {}
    for kind, mark in _told(before, change):
        found[kind] = ReporterMessage(kind, before.ticket, channel=channel, mark=mark)
    if len(found) > 1:
        found.pop(MessageKind.DISPOSED, None)  # whatever else is told says more
    return tuple(found.values())


def told_of_case(joined: Complaint, change: Change) -> tuple[ReporterMessage, ...]:
    """What the reporter of a joined complaint is told of a change of its case: answers only."""
    return tuple(message for message in told_by(joined, change) if message.kind in _OF_A_CASE)


def act_of(message: ReporterMessage) -> str:
    """The act of which a message of `CLOSED` or `REFERRED` tells; it stands first in its mark."""
    return message.mark.partition(" ")[0]


def instant_of(message: ReporterMessage) -> str:
    """The instant of the event of which a message tells, as the store keeps instants; it stands last in its mark."""
    return message.mark.rpartition(" ")[2]


def overtaken(message: ReporterMessage, complaint: Complaint) -> bool:
    """Whether something newer happened to the complaint, so that the message would not be true any more."""
    match message.kind:
        case MessageKind.ANSWER:
            return complaint.replied_at is None or instant_text(complaint.replied_at) != message.mark
        case MessageKind.NEEDS_INFO:
            return complaint.status is not Status.NEEDS_INFO
        case MessageKind.DISPOSED:
            return complaint.closed or complaint.answered_at is not None or str(complaint.round) != message.mark
        case MessageKind.CLOSED:
            return not message.mark.endswith(f" {complaint.round}")
        case MessageKind.REFERRED:
            return not complaint.closed
    return False


def _told(before: Complaint, change: Change) -> Iterator[tuple[MessageKind, str]]:
    if before.step_begun_at is None and "step_begun_at" in change.fields and before.channel in CONVERSED:
        yield MessageKind.RECEIPT, ""
    after = change.applied_to(before)
    if before.undecided and not after.undecided and after.status not in CLOSED:
        yield MessageKind.DISPOSED, str(after.round)
    for event in change.events:
        tell = _TOLD.get(event.kind)
        if tell and (found := tell(event, after)):
            yield found


def _of_act(event: Event, after: Complaint) -> tuple[MessageKind, str] | None:
    act, at = event.data.get("act", ""), instant_text(event.at)
    if act in CLOSING:
        return MessageKind.CLOSED, f"{act} {after.round}"
    if act in REFERRING:
        return MessageKind.REFERRED, f"{act} {at}"
    return (MessageKind.NEEDS_INFO, at) if act == "minta_kelengkapan" else None


def _of_reply(event: Event, _after: Complaint) -> tuple[MessageKind, str]:
    return MessageKind.ANSWER, instant_text(event.at)


_TOLD: Mapping[EventKind, Callable[[Event, Complaint], tuple[MessageKind, str] | None]] = {
    EventKind.ACT: _of_act,
    EventKind.REPLIED: _of_reply,
}
