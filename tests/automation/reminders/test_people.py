"""Who is told of a complaint."""

from dataclasses import replace
from typing import Any

import pytest

from automation.configuration.in_force import Configuration
from automation.reminders.people import LADDER, Level, Role, away, gaps, reach, roles_in
from register.complaint import Procedure
from tests.automation.reminders.staff_rules import handled, on, person, rules, seeds

DAY = on("2026-11-23")


def told(level: Level, config: Configuration, **changes: Any) -> list[str]:
    return [officer.name for officer in reach(level, handled(**changes), config, DAY)]


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Kepala Bidang", {Role.KABID}),
        ("kabid perlindungan dan jaminan sosial", {Role.KABID}),
        ("Ketua Tim (Sekretaris)", {Role.KETUA_TIM}),
        ("Sekretaris / Ketua Tim Pengaduan", {Role.KETUA_TIM}),
        ("Plt.  Kepala   Dinas", {Role.KADIS}),
        ("Plh Kabid", {Role.KABID}),
        ("Petugas Loket, Admin Medsos", {Role.LOKET, Role.ADMIN}),
        ("Resepsionis dan Admin", {Role.LOKET, Role.ADMIN}),
        ("Staf Kepala Bidang", set()),
        ("Sekretaris - Ketua Tim", {Role.KETUA_TIM}),
        ("Plt. Sekretaris Dinas Sosial", {Role.KETUA_TIM}),
        ("Sekretaris selaku Ketua Tim Pengaduan", {Role.KETUA_TIM}),
        ("Ketua Tim Penanganan Pengaduan Masyarakat", {Role.KETUA_TIM}),
        ("Kepala Dinas Sosial Kabupaten", {Role.KADIS}),
        ("Sekretaris Bidang Rehsos", set()),
        ("Sekretaris Kepala Dinas", set()),
        ("Ketua Tim Kerja Rehsos", set()),
        ("Sekretariat", set()),
        ("Kadisnaker", set()),
        ("", set()),
    ],
)
def test_roles_are_read_tolerantly(text: str, roles: set[Role]) -> None:
    assert roles_in(text) == roles


@pytest.mark.parametrize(
    ("changes", "petugas", "kabid"),
    [
        ({}, ["Loket"], ["Kabid Linjamsos"]),
        ({"procedure": Procedure.ONLINE}, ["Admin"], ["Kabid Linjamsos"]),
        ({"officer": "siti  contoh"}, ["Siti Contoh"], ["Kabid Linjamsos"]),
        ({"officer": "Tidak Dikenal"}, ["Loket"], ["Kabid Linjamsos"]),
        ({"bidang": "Sekretariat"}, ["Loket"], ["Ketua"]),
        ({"bidang": ""}, ["Loket"], ["Ketua"]),
        ({"bidang": "Bidang Lain"}, ["Loket"], ["Ketua"]),
        ({"restricted": True}, ["Ketua"], ["Ketua"]),
        ({"restricted": True, "officer": "Kadis"}, ["Kadis"], ["Ketua"]),
        ({"restricted": True, "officer": "Siti Contoh"}, ["Ketua"], ["Ketua"]),
    ],
    ids=str,
)
def test_each_rung_has_its_people(changes: dict[str, Any], petugas: list[str], kabid: list[str]) -> None:
    config = rules(person("Siti Contoh", role="Pekerja Sosial"))
    assert told(Level.PETUGAS, config, **changes) == petugas
    assert told(Level.KABID, config, **changes) == kabid
    assert told(Level.KETUA_TIM, config, **changes) == ["Ketua"]
    assert told(Level.KADIS, config, **changes) == ["Kadis"]


def test_everybody_with_the_role_is_told() -> None:
    assert told(Level.PETUGAS, rules(person("Loket 2", role="Loket"))) == ["Loket", "Loket 2"]


@pytest.mark.parametrize(
    ("without", "expected"),
    [
        (("Kabid Linjamsos",), ["Loket", "Ketua", "Ketua", "Kadis"]),
        (("Loket", "Kabid Linjamsos"), ["Ketua", "Ketua", "Ketua", "Kadis"]),
        (("Kabid Linjamsos", "Ketua"), ["Loket", "Kadis", "Kadis", "Kadis"]),
        (("Kadis",), ["Loket", "Kabid Linjamsos", "Ketua", None]),
        (("Loket", "Kabid Linjamsos", "Ketua", "Kadis"), [None, None, None, None]),
    ],
    ids=str,
)
def test_a_rung_without_anybody_is_the_next_ones(without: tuple[str, ...], expected: list[str | None]) -> None:
    config = rules(without=without)
    assert [told(level, config) for level in LADDER] == [[name] if name else [] for name in expected]


@pytest.mark.parametrize(
    ("start", "end", "is_away"),
    [
        ("2026-11-23", "2026-11-23", True),
        ("2026-11-22", "2026-11-24", True),
        ("", "2026-11-23", True),
        ("2026-11-23", "", True),
        ("", "", True),
        ("2026-11-24", "", False),
        ("", "2026-11-22", False),
        ("2026-11-24", "2026-11-22", False),
    ],
)
def test_a_substitute_is_told_from_the_first_to_the_last_day(start: str, end: str, is_away: bool) -> None:
    dates = {"away_from": on(start) if start else None, "away_until": on(end) if end else None}
    officer = person("Kabid Linjamsos", substitute="kabid rehsos", **dates)
    assert away(officer, DAY) is is_away
    assert told(Level.KABID, rules(officer)) == ["Kabid Rehsos" if is_away else "Kabid Linjamsos"]


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ({"Kabid Linjamsos": "Kabid Rehsos", "Kabid Rehsos": "Kabid Dayasos"}, ["Kabid Dayasos"]),
        ({"Kabid Linjamsos": "Kabid Rehsos", "Kabid Rehsos": "Kabid Linjamsos"}, ["Kabid Linjamsos", "Ketua"]),
        ({"Kabid Linjamsos": "Entah"}, ["Kabid Linjamsos", "Ketua"]),
        ({"Kabid Linjamsos": "Kabid Rehsos", "Kabid Rehsos": "Entah"}, ["Kabid Linjamsos", "Ketua"]),
        ({"Kabid Linjamsos": "Kadis", "Ketua": "Kadis"}, ["Kadis"]),
        ({"Kabid Linjamsos": "Entah", "Ketua": "Kadis"}, ["Kabid Linjamsos", "Kadis"]),
        ({"Kabid Linjamsos": "Entah", "Ketua": "Entah"}, ["Kabid Linjamsos", "Ketua", "Kadis"]),
    ],
    ids=str,
)
def test_substitutes_may_have_substitutes(chain: dict[str, str], expected: list[str]) -> None:
    config = rules(*(person(name, substitute=substitute) for name, substitute in chain.items()))
    assert told(Level.KABID, config) == expected


def test_somebody_away_without_a_substitute_is_told_with_the_superior() -> None:
    assert told(Level.KABID, rules(person("Kabid Linjamsos", away_until=DAY))) == ["Kabid Linjamsos", "Ketua"]
    assert told(Level.KADIS, rules(person("Kadis", away_until=DAY))) == ["Kadis"]


@pytest.mark.parametrize(
    ("substitute", "expected"), [("Kadis", ["Kadis"]), ("Kabid Rehsos", ["Ketua", "Kadis"])], ids=str
)
def test_a_restricted_complaint_reaches_only_those_who_may_know(substitute: str, expected: list[str]) -> None:
    config = rules(person("Ketua", substitute=substitute))
    for level in LADDER[:3]:
        assert told(level, config, restricted=True) == expected


def test_of_a_restricted_complaint_that_is_the_kadis_own_nobody_below_is_told() -> None:
    for level in LADDER:
        assert told(level, rules(), restricted=True, bidang="Kadis", officer="Ketua") == ["Kadis"]
    assert told(Level.KETUA_TIM, rules(), restricted=False, bidang="Kadis") == ["Ketua"]


def test_roles_that_may_know_are_a_setting() -> None:
    config = replace(
        rules(person("Inspektur", role="Inspektur Pembantu")), restricted_roles="kadis, Inspektur Pembantu"
    )
    assert told(Level.PETUGAS, config, restricted=True) == ["Kadis"]
    assert told(Level.PETUGAS, config, restricted=True, officer="Inspektur") == ["Inspektur"]


def test_a_new_register_lacks_nothing_but_channels() -> None:
    (found,) = gaps(seeds(), DAY)
    assert found.startswith("Tab Petugas: Kanal Pemberitahuan masih kosong bagi Petugas Loket, ")
    assert gaps(rules(), DAY) == []


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (rules(without=("Admin",)), "belum ada Admin Media Sosial"),
        (rules(without=("Kabid Rehsos",)), "Bidang Rehsos belum mempunyai Kepala Bidang"),
        (rules(person("Kadis", substitute="Entah")), "Kadis sedang digantikan"),
        (rules(settings={"petugas_siaga": "Loket; Entah"}), "petugas_siaga menyebut 'Entah'"),
        (rules(person("Kadis", channels=())), "masih kosong bagi Kadis"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_lacking_is_said(config: Configuration, words: str) -> None:
    (found,) = gaps(config, DAY)
    assert words in found
