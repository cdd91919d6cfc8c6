"""Who may do what with a complaint in which status, as one table, and what is wrong with acts that contradict."""

from datetime import timedelta

import pytest

from automation.errors import ProcedureError
from automation.sop.acts import (
    SEND_REPLY,
    TOO_LATE,
    UNKNOWN,
    Actor,
    Allowed,
    Refused,
    decide_act,
    dropdown_labels,
    load_acts,
    possible_acts,
    read_acts,
)
from register.complaint import Status
from tests.builders import MOMENT

OPEN = "received needs_info disposed in_progress awaiting_reporter on_hold"
TABLE = {
    "proses": ("staff", "disposed on_hold needs_info", "in_progress"),
    "minta_kelengkapan": ("staff", "received disposed in_progress on_hold", "needs_info"),
    "lengkapi": ("reporter", "needs_info", "in_progress"),
    "tunda": ("staff", "disposed in_progress", "on_hold"),
    "lanjutkan": ("staff", "on_hold needs_info", "in_progress"),
    "perpanjang": ("staff", "", ""),
    "alihkan": ("staff", "received disposed in_progress on_hold", "transferred"),
    "bukan_kewenangan": ("staff", "received disposed in_progress needs_info on_hold", "out_of_authority"),
    "gabungkan": ("staff", OPEN, "merged"),
    "selesai": ("staff", "in_progress awaiting_reporter", "resolved"),
    "nyatakan_puas": ("reporter", "awaiting_reporter", "resolved"),
    "tutup_otomatis": ("system", "awaiting_reporter", "resolved"),
    "dianggap_dicabut": ("system", "needs_info", "withdrawn"),
    "cabut": ("staff reporter", OPEN, "withdrawn"),
    "buka_kembali": (
        "staff reporter",
        "resolved out_of_authority transferred withdrawn awaiting_reporter merged",
        "in_progress",
    ),
    "arsipkan": ("staff system", "resolved withdrawn out_of_authority transferred merged", "archived"),
    "tambah_keterangan": ("reporter", "", ""),
    "beri_nilai": ("reporter", "", ""),
    "kirim_balasan": ("staff", "disposed in_progress needs_info on_hold", "awaiting_reporter"),
}
STAYS = {
    "kirim_balasan": "awaiting_reporter transferred out_of_authority resolved",
    "perpanjang": "received disposed in_progress on_hold",
    "tambah_keterangan": "received disposed in_progress on_hold awaiting_reporter merged",
    "beri_nilai": "resolved transferred out_of_authority",
}

AN_ACT = """
[[act]]
key = "arsipkan"
label = "Arsipkan"
label_en = "Archive"
by = ["staff"]
from = [{sources}]
to = "{to}"
completes_step = true
timeline = "Diarsipkan"
timeline_en = "Archived"
refusal = "Belum dapat diarsipkan."
"""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("by", Actor)
@pytest.mark.parametrize("key", TABLE)
def test_act_in_every_status(key: str, by: Actor, status: Status) -> None:
    doers, sources, to = TABLE[key]
    verdict = decide_act(key, status, by=by)
    if by not in doers.split():
        assert verdict == Refused(UNKNOWN), "an act of somebody else's"
    elif status in sources.split():
        assert verdict == Allowed(load_acts()[key], Status(to))
    elif status in STAYS.get(key, "").split():
        assert verdict == Allowed(load_acts()[key], status)
    else:
        assert isinstance(verdict, Refused)
        assert verdict.act is load_acts()[key]
        assert verdict.reason.endswith(".")


@pytest.mark.parametrize(
    ("by", "late", "allowed"),
    [
        (Actor.REPORTER, timedelta(0), True),
        (Actor.REPORTER, timedelta(seconds=1), False),
        (Actor.STAFF, timedelta(days=400), True),
    ],
)
def test_a_reporter_may_reopen_within_the_time_for_it(by: Actor, late: timedelta, allowed: bool) -> None:
    verdict = decide_act("buka_kembali", Status.RESOLVED, by=by, window_ends=MOMENT, now=MOMENT + late)
    assert isinstance(verdict, Allowed) is allowed
    assert allowed or verdict == Refused(TOO_LATE, load_acts()["buka_kembali"])


@pytest.mark.parametrize("name", ["Minta Kelengkapan", "minta_kelengkapan", "  minta  KELENGKAPAN "])
def test_act_is_found_by_label_or_key(name: str) -> None:
    verdict = decide_act(name, Status.DISPOSED)
    assert isinstance(verdict, Allowed)
    assert verdict.act.key == "minta_kelengkapan"


@pytest.mark.parametrize("name", ["", "Hapus", "=HYPERLINK(1)"])
def test_unknown_act_is_refused_with_a_way_out(name: str) -> None:
    verdict = decide_act(name, Status.DISPOSED)
    assert verdict == Refused("Tindakan ini tidak dikenal. Mohon pilih salah satu tindakan dari daftar.")


@pytest.mark.parametrize("status", Status)
def test_what_may_be_chosen_is_what_would_be_allowed(status: Status) -> None:
    allowed = [label for label in dropdown_labels() if isinstance(decide_act(label, status), Allowed)]
    assert list(possible_acts(status)) == allowed
    assert list(possible_acts(status, but=load_acts()["cabut"])) == [label for label in allowed if label != "Cabut"]


def test_dropdown_leaves_out_sending_a_reply() -> None:
    assert dropdown_labels()[:2] == ("Proses", "Minta Kelengkapan")
    assert len(dropdown_labels()) == sum("staff" in doers for doers, _, _ in TABLE.values()) - 1
    assert load_acts()[SEND_REPLY].label not in dropdown_labels()


def test_every_act_is_worded_for_staff_and_public() -> None:
    assert set(load_acts()) == set(TABLE)
    for act in load_acts().values():
        assert act.refusal.count(".") == 1, act.key
        assert act.timeline, act.key
        assert act.timeline_en, act.key


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        pytest.param(AN_ACT.format(sources='"resolved"', to="archived"), "Tidak ada tindakan", id="dead ends"),
        pytest.param(AN_ACT.format(sources='"hilang"', to="archived"), "tidak ada", id="unknown source"),
        pytest.param(AN_ACT.format(sources='"resolved"', to="hilang"), "tidak ada", id="unknown target"),
        pytest.param(AN_ACT.format(sources="", to="archived") * 2, "nama yang sama", id="twice the same name"),
        pytest.param('[[act]]\nkey = "proses"', "tidak lengkap", id="incomplete"),
    ],
)
def test_acts_that_contradict_themselves_are_refused(text: str, fault: str) -> None:
    with pytest.raises(ProcedureError) as refused:
        read_acts(text)
    assert refused.value.code == "procedure"
    assert fault in refused.value.message
