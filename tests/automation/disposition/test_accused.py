"""Complaints about staff never reach the unit that they accuse; a mere role is no unit."""

import pytest

from automation.disposition.accused import KADIS, Officer, accused_units, kept_from_accused
from automation.disposition.disposing import dispose
from automation.disposition.seeded import seeded_bidang_of, seeded_rules
from sheets_schema.configuration_tabs import BIDANG, OFFICERS
from sheets_schema.seeding import seed_rows

UNITS = {str(row["code"]): str(row["name"]) for row in seed_rows(BIDANG)}
SEEDED = tuple(Officer(str(row["name"]), str(row.get("bidang", ""))) for row in seed_rows(OFFICERS))
PEOPLE = (
    *SEEDED,
    Officer("Wahyudi Contoh", bidang="Sekretariat"),
    Officer("Siti Rahmah", bidang="Linjamsos"),
    Officer("Edi", bidang=""),
)


@pytest.mark.parametrize(
    ("text", "respondent", "units"),
    [
        ("Petugas loket minta uang 50 ribu", "", set()),
        ("Petugas loket minta uang", "Petugas Loket", set()),
        ("Admin media sosial kasar", "", set()),
        ("Pegawai Sekretariat minta uang", "", {"Sekretariat"}),
        ("Ada pungli di bidang linjamsos", "", {"Linjamsos"}),
        ("Ada pungli di Bidang Rehabilitasi Sosial", "", {"Rehsos"}),
        ("Orang bidang jaminan sosial yang memotong", "", {"Linjamsos"}),
        ("Pak Wahyudi minta 100 ribu", "", {"Sekretariat"}),
        ("Dia minta uang", "Wahyudi", {"Sekretariat"}),
        ("Wahyudi Contoh minta uang", "", {"Sekretariat"}),
        ("tetangga saya wahyudi juga dipotong", "", set()),
        ("Bu Siti Rahmah dan bu Wati", "", {"Linjamsos"}),
        ("Kepala Bidang Rehsos minta jatah", "", {"Rehsos"}),
        ("Kepala Dinas", "Kepala Dinas", set()),
        ("", "", set()),
    ],
)
def test_accused_units(text: str, respondent: str, units: set[str]) -> None:
    assert accused_units(text, respondent=respondent, officers=PEOPLE, bidang=UNITS) == units


@pytest.mark.parametrize(
    ("text", "bidang"),
    [
        ("Pegawai Sekretariat minta uang 50 ribu tiap pencairan bansos", KADIS),
        ("Pegawai Linjamsos minta uang 50 ribu tiap pencairan bansos", "Sekretariat"),
        ("Petugas loket minta uang 50 ribu tiap pencairan bansos", "Sekretariat"),
        ("Pegawai Rehsos memukul anak asuhnya tiap hari sampai lebam", KADIS),
        ("Pegawai Sekretariat judes di loket", "Sekretariat"),
    ],
)
def test_where_it_goes(text: str, bidang: str) -> None:
    found = dispose(text, rules=seeded_rules(), bidang_of=seeded_bidang_of())
    kept = kept_from_accused(found, accused_units(text, respondent="", officers=PEOPLE, bidang=UNITS))
    assert kept.bidang == bidang
    if bidang == KADIS:
        assert kept.explanation.endswith(f"; ke Kadis karena {found.bidang} disebut sebagai terlapor.")
        assert not kept.unsure
    else:
        assert kept == found


def test_who_sits_where_the_ketua_tim_does_is_not_asked_about_themselves() -> None:
    text = "PKH saya tidak cair, orang sekretariat bilang harus bayar dulu"
    found = dispose(text, rules=seeded_rules(), bidang_of=seeded_bidang_of(), category="KEKERASAN")
    assert found.unsure
    kept = kept_from_accused(found, accused_units(text, respondent="", officers=PEOPLE, bidang=UNITS))
    assert (kept.bidang, kept.unsure) == (KADIS, False)


def test_there_is_a_row_for_the_kadis() -> None:
    assert UNITS[KADIS] == "Kepala Dinas"
