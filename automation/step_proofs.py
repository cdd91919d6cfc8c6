"""
Which events of the trail are the electronic proof of a step of SOP B, as the decree asks for them. Pure.

Source: annex 2 of decree 1167/DINSOS/SET.1/337/12/2022, column "Output": "bukti elektronik balasan admin", "bukti
elektronik penyaluran pengaduan", "balasan/tindak lanjut pengaduan secara manual atau elektronik".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from register.complaint import Event, EventKind
from register.notices import State
from register.reporter_messages import MessageKind
from sheets_schema.register_tab import REGISTER


@dataclass(frozen=True)
class Sign:
    """What tells such an event: its kind, what must stand in its data, and what must not be missing there."""

    kind: EventKind
    data: Mapping[str, str] = field(default_factory=dict)
    named: str = ""

    def fits(self, event: Event) -> bool:
        """Whether an event is one."""
        told = all(event.data.get(name) == value for name, value in self.data.items())
        return event.kind is self.kind and told and bool(not self.named or event.data.get(self.named))


def _told(rung: str) -> Sign:
    return Sign(EventKind.NOTIFIED, {"rung": rung, "state": State.SENT.value})


def _filled(key: str) -> Sign:
    return Sign(EventKind.CELL_READ, {"column": REGISTER.column(key).header})


_RECEIPT = _told(MessageKind.RECEIPT.value)
_SIGNS: Mapping[int, tuple[Sign, ...]] = {
    1: (Sign(EventKind.RECEIVED),),
    2: (_told("balasan_komentar"), _RECEIPT),
    3: (_RECEIPT,),
    4: (Sign(EventKind.DISPOSED),),
    5: (Sign(EventKind.DISPOSED, named="bidang"), _told("disposisi")),
    6: (Sign(EventKind.ACT, {"act": "proses"}), _filled("follow_up")),
    7: (_filled("reply"),),
    8: (Sign(EventKind.REPLIED), _told("penyelesaian")),
    9: (Sign(EventKind.REPORTED), Sign(EventKind.ACT, {"act": "arsipkan"})),
}
"""By number of the step in automation/sop/online.toml."""


def proofs_of(events: Sequence[Event]) -> Mapping[int, list[Event]]:
    """The proofs of each step, in the order of happening; none for a step that was not done."""
    return {no: [event for event in events if any(sign.fits(event) for sign in signs)] for no, signs in _SIGNS.items()}
