"""What an account may do, by its row in `Petugas`."""

import pytest

from automation.staff_duties import Duty, Standing, standing_of
from register.settings import RESTRICTED_ROLES

OFFICERS = [
    ("Sari Contoh", "Petugas Loket", "sari"),
    ("Budi Contoh", "Kepala Bidang", "Budi@kantor.test"),
    ("Ketua Contoh", "Ketua Tim (Sekretaris)", "ketua"),
    ("Dinas Contoh", "Kepala Dinas", "dinas"),
    ("Tanpa Akun", "Ketua Tim", ""),
    ("Tanpa Peran", "Staf", "staf"),
    ("Rangkap Satu", "Staf", "rangkap"),
    ("Rangkap Dua", "Plt. Resepsionis", "rangkap"),
]
REMEMBERED = {
    "Petugas": [
        [[key, text] for key, text in (("account", account), ("name", name), ("role", role)) if text]
        for name, role, account in OFFICERS
    ]
}
DESK = {Duty.RECORD, Duty.FIND}
EXPECTED = {
    "sari": DESK,
    "Sari": DESK,
    "budi": {Duty.FIND},
    "ketua": {*DESK, Duty.OPEN, Duty.DISPLAY},
    "dinas": {Duty.FIND, Duty.OPEN, Duty.DISPLAY},
    "staf": set(),
    "rangkap": DESK,
    "siapa": set(),
    "": set(),
    "admin": set(Duty),
    "Admin": set(),
}


@pytest.mark.parametrize(("account", "duties"), EXPECTED.items())
def test_an_account_has_the_duties_of_its_role(account: str, duties: set[Duty]) -> None:
    assert standing_of(account, REMEMBERED, RESTRICTED_ROLES).duties == duties


def test_the_row_tells_who_it_is() -> None:
    found = standing_of("sari", REMEMBERED, RESTRICTED_ROLES)
    assert (found.name, found.role) == ("Sari Contoh", "Petugas Loket")


@pytest.mark.parametrize("remembered", [None, {}, {"Petugas": []}])
def test_before_the_first_tick_only_the_administrator_may_do_anything(remembered: dict[str, list[object]]) -> None:
    assert standing_of("sari", remembered, RESTRICTED_ROLES) == Standing()
    assert standing_of("admin", remembered, RESTRICTED_ROLES).duties == set(Duty)


def test_who_opens_restricted_complaints_is_the_offices_setting() -> None:
    assert Duty.OPEN in standing_of("sari", REMEMBERED, "Petugas Loket").duties
    assert Duty.OPEN not in standing_of("ketua", REMEMBERED, "Petugas Loket").duties
