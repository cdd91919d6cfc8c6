"""What a tick tells about itself, to the log and `aduan doctor`; its kind is all that the public health page shows."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What may be wrong with the register, without a word of what anybody typed."""

    HEADERS = "headers"
    CONFIGURATION = "configuration"
    MASS_LOSS = "mass_loss"
    RESTRICTED = "restricted"
    UNREADABLE = "unreadable"
    OTHER_WORKER = "other_worker"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass
class TickReport:
    """What a tick did; `again` asks for another tick at once, whose read is the read-back of what was just written."""

    appended: int = 0
    accepted: int = 0
    changed: int = 0
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    kind: str = ""
    again: bool = False

    def tell(self, kind: Kind, *sentences: str) -> None:
        """Note what staff or the IT person must mend; the first kind is what the public health page shows."""
        self.problems += sentences
        self.kind = self.kind or (kind.value if sentences else "")
