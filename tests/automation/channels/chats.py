"""Messages and complaints as the tests of conversations need them. Everybody in them is invented."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from automation.calendars.explaining_due import rules_for
from automation.channels.verdicts import Case
from automation.configuration.in_force import Configuration
from automation.sop.decision import decide_new
from register.complaint import Channel, Clock, Intake, Status
from register.inbound import Address, Media, Message
from register.sealed_messages import KeptMessage
from tests.builders import MOMENT, a_complaint

PHONE = "6281200000000"
TICKET = "7K3M-Q9TX-2"


@cache
def rules() -> Configuration:
    """What a new register starts with."""
    return rules_for(2026, None)


def an_address(channel: Channel = Channel.WHATSAPP, **changes: Any) -> Address:
    return replace(Address(channel, "kantor", "orang-1", name="Ibu Contoh"), **changes)


def a_message(number: int = 1, text: str = "", after: float = 0, **changes: Any) -> Message:
    """What a channel delivers; `after` are seconds after the moment."""
    address = changes.pop("address", None) or an_address(changes.pop("channel", Channel.WHATSAPP))
    return Message(f"m{number}", address, MOMENT + timedelta(seconds=after), text, **changes)


def kept(text: str = "", number: int = 1, after: float = 0, **changes: Any) -> KeptMessage:
    """What nobody has decided on yet."""
    at = MOMENT + timedelta(seconds=after)
    message = KeptMessage(number, f"d{number}", at, at, text, an_address(), mark=text)
    return replace(message, **changes)


def chat(*texts: str, every: float = 20, **changes: Any) -> list[KeptMessage]:
    """Messages one soon after the other."""
    return [kept(text, number, every * (number - 1), **changes) for number, text in enumerate(texts, start=1)]


def a_case(status: Status = Status.DISPOSED, *, own: bool = True, **changes: Any) -> Case:
    """A complaint of the conversation that was handled up to that status, an hour before the moment."""
    at = MOMENT - timedelta(hours=1)
    grave = {key: changes.pop(key) for key in ("restricted", "emergency") if key in changes}
    complaint = a_complaint(ticket=TICKET, received_at=at, recorded_at=at, updated_at=at)
    story = Intake("Bantuan sembako belum kami terima selama tiga bulan di Loa Kulu.")
    change = decide_new(complaint, story, rules(), at)
    complaint = replace(change.applied_to(complaint), status=status, **changes)
    clocks = [*change.clocks, *_windows(status)]
    return Case(complaint, clocks, own, **grave)


def _windows(status: Status) -> Sequence[Clock]:
    names = {Status.AWAITING_REPORTER: "tanggapan", Status.RESOLVED: "buka_kembali", Status.WITHDRAWN: "buka_kembali"}
    if status not in names:
        return ()
    at = MOMENT - timedelta(hours=1)
    return [Clock(names[status], 0, at, at + timedelta(days=10), "10 hari")]


def media(count: int = 1) -> tuple[Media, ...]:
    return tuple(Media(id=f"berkas-{number}", name=f"foto {number}.jpg") for number in range(1, count + 1))


def later(minutes: float = 3) -> datetime:
    return MOMENT + timedelta(minutes=minutes)
