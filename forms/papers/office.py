"""Who the office is, as its letterhead and its signatures show it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Official:
    """
    Who signs. Name and NIP are empty where nobody was named: then there are dots to write on.

    Args:
        title: What they are, where that is not what the paper calls who signs there, such as Sekretaris.
    """

    name: str = ""
    nip: str = ""
    title: str = ""

    @property
    def grouped_nip(self) -> str:
        """As civil servants write it: date of birth, month of appointment, sex, number."""
        parts = (self.nip[:8], self.nip[8:14], self.nip[14:15], self.nip[15:])
        return " ".join(part for part in parts if part)


@dataclass(frozen=True)
class Office:
    """
    The letterhead and the people who sign.

    Args:
        government: The line above the office's name.
        place: Where papers are dated, such as Tenggarong.
        head, lead: Kepala Dinas and Ketua Tim Pengaduan.
        bidang: Full names by code.
        heads_of_bidang: Who leads each, by code.
        public_url: Where the status pages are, without a final slash; empty if that is not known.
        logo: An image file (PNG, JPEG, SVG), empty for none.
        staff: Names by account, in small letters and without what follows an @.
    """

    name: str = "Dinas Sosial"
    government: str = ""
    address: str = ""
    contact: str = ""
    place: str = ""
    head: Official = Official()
    lead: Official = Official()
    bidang: Mapping[str, str] = field(default_factory=dict)
    heads_of_bidang: Mapping[str, Official] = field(default_factory=dict)
    public_url: str = ""
    logo: bytes = b""
    staff: Mapping[str, str] = field(default_factory=dict)

    def name_of(self, actor: str) -> str:
        """Whom the trail means by an account such as `sari@kantor.id`; empty for what is none, or nobody's known."""
        account, at, _ = actor.casefold().partition("@")
        return self.staff.get(account, "") if at else ""
