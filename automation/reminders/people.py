"""
Who is told about a complaint: the petugas, and up the ladder to the Kepala Dinas, each with a substitute while away.

Roles are what the tab `Petugas` says in `Peran`, read tolerantly ("Plt. Kepala Bidang", "Sekretaris/Ketua Tim"). Where
a rung has nobody the next one is told, never the one below. Pure: dates are handed in.

Source: domain section 1 (actors of both SOPs); Ketua Tim is the Sekretaris (SOP B step 4).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache

from automation.configuration.in_force import Configuration, Officer
from automation.configuration.tab_rows import named_in, plain
from automation.disposition.accused import KADIS
from register.complaint import Complaint, Procedure


class Role(StrEnum):
    """What somebody does in the SOP."""

    LOKET = "Petugas Loket"
    ADMIN = "Admin Media Sosial"
    KABID = "Kepala Bidang"
    KETUA_TIM = "Ketua Tim"
    KADIS = "Kepala Dinas"


ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.KADIS: ("kepala dinas", "kadis"),
    Role.KETUA_TIM: ("ketua tim", "sekretaris", "sekdis"),
    Role.KABID: ("kepala bidang", "kabid"),
    Role.ADMIN: ("admin media sosial", "admin medsos", "admin"),
    Role.LOKET: ("petugas loket", "loket", "resepsionis", "petugas resepsionis"),
}
"""How a role may begin in `Peran`."""

_FOLLOWED_BY: Mapping[str, tuple[str, ...]] = {
    "ketua tim": ("pengaduan", "penanganan pengaduan", "pengelola pengaduan", "pengelolaan pengaduan"),
    "sekretaris": ("dinas", "dinsos", "selaku ketua tim", "sebagai ketua tim", "merangkap ketua tim"),
}
"""How these may go on: a Sekretaris Bidang, or a Ketua Tim Kerja of some bidang, is not who leads complaints."""

FRONT: Mapping[Procedure, Role] = {Procedure.LANGSUNG: Role.LOKET, Procedure.ONLINE: Role.ADMIN}
"""Who takes part for the office where no petugas is named."""

_ACTING = re.compile(r"^(plt|plh|pj|pjs)\b\.?\s*")
_PARTS = re.compile(r"[,;/&()\n]| dan | [-–—] ")


class Level(StrEnum):
    """A rung of the ladder, by who stands on it."""

    PETUGAS = "petugas"
    KABID = "kepala_bidang"
    KETUA_TIM = "ketua_tim"
    KADIS = "kepala_dinas"


LADDER = tuple(Level)


@lru_cache(maxsize=256)
def roles_in(text: str) -> frozenset[Role]:
    """The roles that a text names, such as `Peran` or a setting; empty if none is known."""
    parts = (_ACTING.sub("", " ".join(part.split())) for part in _PARTS.split(text.casefold()))
    return frozenset(
        role for part in parts for role, words in ROLE_WORDS.items() if any(_begins(part, word) for word in words)
    )


def reach(level: Level, complaint: Complaint, rules: Configuration, on: date) -> tuple[Officer, ...]:
    """
    Who is told at that level on that date (WITA), in the order of the tab; the next level's people if it has nobody.

    While somebody is away the substitute is told, or that one's own. Where this leads nowhere (a name that
    the tab does not have, two who stand in for each other, nobody named) the person and the superior both are.

    A restricted complaint reaches only the roles of `ADUAN_RESTRICTED_ROLES`.
    """
    for place in range(LADDER.index(level), len(LADDER)):
        holders = [who for who in _holders(LADDER[place], complaint, rules) if may_know(who, complaint, rules)]
        if holders:
            return _present(holders, place, complaint, rules, on)
    return ()


def may_know(officer: Officer, complaint: Complaint, rules: Configuration) -> bool:
    """
    Whether that person may be told of the complaint at all.

    Of a restricted one that is the Kadis's own, since the unit below is accused, nobody below is told.
    """
    if not complaint.restricted:
        return True
    if complaint.bidang == KADIS and Role.KADIS not in roles_in(officer.role):
        return False
    named = {part.strip().casefold() for part in rules.restricted_roles.split(",") if part.strip()}
    return bool(roles_in(officer.role) & roles_in(rules.restricted_roles)) or officer.role.strip().casefold() in named


def find(officers: Mapping[str, Officer], name: str) -> Officer | None:
    """The row of a name as somebody typed it, whatever its capital letters and spaces."""
    wanted = plain(name)
    return next((officer for officer in officers.values() if wanted and plain(officer.name) == wanted), None)


def away(officer: Officer, on: date) -> bool:
    """Whether somebody is away on that date; a missing date leaves that end open."""
    if not (officer.substitute or officer.away_from or officer.away_until):
        return False
    return (officer.away_from or on) <= on <= (officer.away_until or on)


def on_call(rules: Configuration) -> list[str]:
    """The names that the setting `petugas_siaga` gives."""
    return named_in(rules.setting("petugas_siaga"))


def stand_ins(officers: Iterable[Officer], rules: Configuration, on: date) -> tuple[Officer, ...]:
    """Those who are there for some people, each once; the people themselves where nobody is."""
    return _each_once(_stand_in(officer, rules, on) or officer for officer in officers)


def heads(bidang: str, rules: Configuration) -> list[Officer]:
    """Its Kepala Bidang, or somebody above whose own bidang it is (the Sekretaris of the Sekretariat)."""
    own = [officer for officer in rules.officers.values() if officer.bidang == bidang]
    for role in (Role.KABID, Role.KETUA_TIM, Role.KADIS):
        if found := [officer for officer in own if role in roles_in(officer.role)]:
            return found
    return with_role(Role.KADIS, rules) if bidang == KADIS else []


def with_role(role: Role, rules: Configuration) -> list[Officer]:
    return [officer for officer in rules.officers.values() if role in roles_in(officer.role)]


def gaps(rules: Configuration, on: date) -> list[str]:
    """What is lacking for everybody to be told, in sentences for `aduan doctor`."""
    officers = list(rules.officers.values())
    found = [
        f"Tab Petugas: belum ada {role}; pemberitahuannya naik ke jenjang berikutnya."
        for role in (Role.LOKET, Role.ADMIN, Role.KETUA_TIM, Role.KADIS)
        if not any(role in roles_in(officer.role) for officer in officers)
    ]
    found += [
        f"Tab Petugas: Bidang {code} belum mempunyai Kepala Bidang; pemberitahuannya naik kepada Ketua Tim."
        for code in rules.bidang
        if not heads(code, rules)
    ]
    found += [
        f"Tab Petugas: {officer.name} sedang digantikan, tetapi penggantinya tidak dapat ditentukan; yang bersangkutan "
        "dan atasannya yang diberi tahu."
        for officer in officers
        if away(officer, on) and _stand_in(officer, rules, on) is None
    ]
    found += [
        f"Tab Pengaturan: petugas_siaga menyebut '{name.strip()[:60]}', yang tidak ada pada tab Petugas."
        for name in on_call(rules)
        if find(rules.officers, name) is None
    ]
    silent = [officer.name for officer in officers if not officer.channels]
    if silent:
        found.append(f"Tab Petugas: Kanal Pemberitahuan masih kosong bagi {', '.join(silent)}.")
    return found


def _holders(level: Level, complaint: Complaint, rules: Configuration) -> list[Officer]:
    if level is Level.PETUGAS:
        named = find(rules.officers, complaint.officer)
        return [named] if named else with_role(FRONT[complaint.procedure], rules)
    if level is Level.KABID:
        return heads(complaint.bidang, rules) if complaint.bidang else []
    return with_role(Role.KETUA_TIM if level is Level.KETUA_TIM else Role.KADIS, rules)


def _present(
    holders: Sequence[Officer], place: int, complaint: Complaint, rules: Configuration, on: date
) -> tuple[Officer, ...]:
    told: list[Officer] = []
    for officer in holders:
        substitute = _stand_in(officer, rules, on)
        if substitute is not None and may_know(substitute, complaint, rules):
            told.append(substitute)
            continue
        told.append(officer)
        if place + 1 < len(LADDER):
            told += reach(LADDER[place + 1], complaint, rules, on)
    return _each_once(told)


def _stand_in(officer: Officer, rules: Configuration, on: date) -> Officer | None:
    """The end of the chain of substitutes, the officer where nobody is away; None if the chain leads nowhere."""
    passed: set[str] = set()
    while away(officer, on):
        passed.add(officer.name)
        following = find(rules.officers, officer.substitute)
        if following is None or following.name in passed:
            return None
        officer = following
    return officer


def _each_once(officers: Iterable[Officer]) -> tuple[Officer, ...]:
    return tuple({officer.name: officer for officer in officers}.values())


def _begins(part: str, word: str) -> bool:
    rest = part.removeprefix(f"{word} ")
    ways = _FOLLOWED_BY.get(word)
    return part == word or (rest != part and (ways is None or any(rest == way or _begins(rest, way) for way in ways)))
