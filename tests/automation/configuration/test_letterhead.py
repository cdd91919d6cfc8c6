"""Who the office is on its papers, from the tabs that staff fill in."""

from datetime import date

import pytest

from automation.calendars.explaining_due import rules_for
from automation.configuration.in_force import Configuration, as_rows
from automation.configuration.letterhead import office_of
from automation.configuration.office_settings import problem_of
from forms.papers import Official
from sheets_schema.configuration_tabs import OFFICERS, SETTINGS

TODAY = date(2026, 11, 23)
PEOPLE = [
    {"name": "Dr. Kepala", "role": "Kepala Dinas", "bidang": "Kadis"},
    {"name": "Ketua Contoh", "role": "Sekretaris/Ketua Tim", "bidang": "Sekretariat"},
    {"name": "Siti Contoh", "role": "Plt. Kepala Bidang", "bidang": "Rehsos"},
    {"name": "Kepala Bidang Dayasos", "role": "Kepala Bidang", "bidang": "Dayasos"},
]


def rules(people: list[dict[str, str]], **settings: str) -> Configuration:
    typed = as_rows([{"name": name, "value": value} for name, value in settings.items()])
    return rules_for(TODAY.year, {OFFICERS.title: as_rows(people), SETTINGS.title: typed})


def test_a_new_register_has_a_letterhead_and_nobody_who_signs() -> None:
    office = office_of(rules_for(TODAY.year, None), TODAY)
    assert (office.name, office.place) == ("Dinas Sosial", "Tenggarong")
    assert "Tenggarong" in office.address
    assert {office.head, office.lead} == {Official()}
    assert {official.name for official in office.heads_of_bidang.values()} == {""}


def test_people_of_the_tab_petugas_sign_under_their_own_names() -> None:
    office = office_of(rules(PEOPLE, nip_ketua_tim="19800101 200501 2 002"), TODAY)
    assert office.head == Official("Dr. Kepala")
    assert office.lead == Official("Ketua Contoh", "198001012005012002")
    assert office.heads_of_bidang["Rehsos"] == Official("Siti Contoh")
    assert office.heads_of_bidang["Dayasos"] == Official()
    assert office.heads_of_bidang["Sekretariat"] == Official("Ketua Contoh", "198001012005012002", "Sekretaris")
    assert office.heads_of_bidang["Kadis"] == Official("Dr. Kepala", "", "Kepala Dinas")


def test_staff_are_known_by_their_accounts() -> None:
    people = [{"name": "Rini Contoh", "role": "Petugas Loket", "account": "Rini@kantor.id"}, *PEOPLE]
    assert office_of(rules(people), TODAY).name_of("rini@aduan.invalid") == "Rini Contoh"


def test_the_settings_name_comes_first() -> None:
    named = rules(PEOPLE, nama_kepala_dinas="Dr. Kepala, M.Si.", kop_nama=" Dinas  Uji ")
    office = office_of(named, TODAY, public_url="https://contoh.id", logo=b"x")
    assert (office.head.name, office.name, office.public_url, office.logo) == (
        "Dr. Kepala, M.Si.",
        "Dinas Uji",
        "https://contoh.id",
        b"x",
    )


def test_nobody_signs_for_somebody_who_is_away() -> None:
    """Plt. or Plh., and with which number, is written by hand."""
    away = PEOPLE[0] | {"substitute": "Ketua Contoh", "away_from": "2026-11-20", "away_until": "2026-11-30"}
    away_rules = rules([away, *PEOPLE[1:]], nama_kepala_dinas="Dr. Kepala, M.Si.")
    assert office_of(away_rules, TODAY).head == Official()
    assert office_of(away_rules, date(2026, 12, 1)).head.name == "Dr. Kepala, M.Si."


@pytest.mark.parametrize(
    ("name", "typed", "problem"),
    [
        ("kop_nama", "Dinas Sosial", ""),
        ("kop_alamat", "a" * 121, "Terlalu panjang: paling banyak 120 huruf."),
        ("nip_ketua_tim", "12345", "NIP terdiri atas 18 angka."),
        ("nip_ketua_tim", "19800101 200501 2 002", ""),
        ("nip_ketua_tim", "", ""),
        ("kop_faks", "x", None),
    ],
)
def test_a_setting_that_cannot_stand_there_is_explained(name: str, typed: str, problem: str | None) -> None:
    assert problem_of(name, typed) == problem
