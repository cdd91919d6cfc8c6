"""Who the office is on its papers: the letterhead of tab `Pengaturan`, and who signs, of tab `Petugas`. Pure."""

from collections.abc import Iterable
from datetime import date

from automation.configuration.in_force import Configuration, Officer
from automation.configuration.office_settings import line_of, nip_of
from automation.reminders.people import Role, away, heads, roles_in, with_role
from forms.papers import Office, Official

_TITLES = {Role.KETUA_TIM: "Sekretaris", Role.KADIS: "Kepala Dinas"}
"""What the head of a bidang is called who is none of its Kepala Bidang."""


def office_of(rules: Configuration, on: date, *, public_url: str = "", logo: bytes = b"") -> Office:
    """
    The office for its papers, as it is on that date (WITA).

    Args:
        public_url: ADUAN_PUBLIC_URL, for the QR code and the link to the status.
        logo: A PNG, JPEG or SVG file; empty for none.
    """
    return Office(
        name=line_of(rules.setting("kop_nama")),
        government=line_of(rules.setting("kop_pemerintah")),
        address=line_of(rules.setting("kop_alamat")),
        contact=line_of(rules.setting("kop_kontak")),
        place=line_of(rules.setting("kop_kota")),
        head=_signer("kepala_dinas", with_role(Role.KADIS, rules), rules, on),
        lead=_signer("ketua_tim", with_role(Role.KETUA_TIM, rules), rules, on),
        bidang=rules.bidang,
        heads_of_bidang={code: _head(code, rules, on) for code in rules.bidang},
        staff={officer.username: _own_name(officer) for officer in rules.officers.values() if officer.account},
        public_url=public_url,
        logo=logo,
    )


def _signer(name: str, holders: Iterable[Officer], rules: Configuration, on: date) -> Official:
    named = Official(line_of(rules.setting(f"nama_{name}")), nip_of(rules.setting(f"nip_{name}")))
    present = _present(holders, on)
    if present is None:
        return Official()
    return named if named.name else Official(_own_name(present), named.nip)


def _head(bidang: str, rules: Configuration, on: date) -> Official:
    """Where it is the Ketua Tim or the Kepala Dinas who leads it, they sign as what they are."""
    found = heads(bidang, rules)
    roles = roles_in(found[0].role) if found else frozenset()
    for role, setting in ((Role.KADIS, "kepala_dinas"), (Role.KETUA_TIM, "ketua_tim")):
        if role in roles and Role.KABID not in roles:
            signer = _signer(setting, found, rules, on)
            return Official(signer.name, signer.nip, _TITLES[role])
    present = _present(found, on)
    return Official(_own_name(present) if present else "")


def _present(holders: Iterable[Officer], on: date) -> Officer | None:
    """
    Who signs: the first of those whose task it is. Nobody while that one is away: whether a Plt. or a Plh. signs then,
    and with which title, is written by hand. An empty person where the tab names none.
    """
    first = next(iter(holders), Officer(""))
    return None if away(first, on) else first


def _own_name(officer: Officer) -> str:
    """A person's name; nothing while the tab still names the role in its place, as a new register does."""
    return "" if roles_in(officer.name) else officer.name
