"""What staff may do with a complaint in which status, as one table, and what is wrong with acts that contradict."""

import pytest

from automation.acts import SEND_REPLY, Allowed, Refused, decide_act, dropdown_labels, load_acts, read_acts
from automation.errors import ProcedureError
from register.complaint import Status

TABLE = {
    "proses": ("disposed on_hold needs_info", "in_progress"),
    "minta_kelengkapan": ("received disposed in_progress", "needs_info"),
    "tunda": ("disposed in_progress", "on_hold"),
    "lanjutkan": ("on_hold needs_info", "in_progress"),
    "alihkan": ("received disposed in_progress on_hold", "transferred"),
    "bukan_kewenangan": ("received disposed in_progress needs_info on_hold", "out_of_authority"),
    "selesai": ("in_progress awaiting_reporter", "resolved"),
    "cabut": ("received needs_info disposed in_progress awaiting_reporter on_hold", "withdrawn"),
    "buka_kembali": ("resolved out_of_authority transferred withdrawn awaiting_reporter", "in_progress"),
    "arsipkan": ("resolved withdrawn out_of_authority transferred", "archived"),
    "kirim_balasan": ("disposed in_progress needs_info on_hold", "awaiting_reporter"),
}
STAYS = {"kirim_balasan": "awaiting_reporter transferred out_of_authority resolved"}

AN_ACT = """
[[act]]
key = "arsipkan"
label = "Arsipkan"
label_en = "Archive"
from = [{sources}]
to = "{to}"
completes_step = true
in_dropdown = true
timeline = "Diarsipkan"
timeline_en = "Archived"
refusal = "Belum dapat diarsipkan."
"""


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("key", TABLE)
def test_act_in_every_status(key: str, status: Status) -> None:
    sources, to = TABLE[key]
    verdict = decide_act(key, status)
    if status in sources.split():
        assert verdict == Allowed(load_acts()[key], Status(to))
    elif status in STAYS.get(key, "").split():
        assert verdict == Allowed(load_acts()[key], status)
    else:
        assert isinstance(verdict, Refused)
        assert verdict.act is load_acts()[key]
        assert verdict.reason.endswith(".")


@pytest.mark.parametrize("name", ["Minta Kelengkapan", "minta_kelengkapan", "  minta  KELENGKAPAN "])
def test_act_is_found_by_label_or_key(name: str) -> None:
    verdict = decide_act(name, Status.DISPOSED)
    assert isinstance(verdict, Allowed)
    assert verdict.act.key == "minta_kelengkapan"


@pytest.mark.parametrize("name", ["", "Hapus", "=HYPERLINK(1)"])
def test_unknown_act_is_refused_with_a_way_out(name: str) -> None:
    verdict = decide_act(name, Status.DISPOSED)
    assert verdict == Refused("Tindakan ini tidak dikenal. Mohon pilih salah satu tindakan dari daftar.")


def test_dropdown_leaves_out_sending_a_reply() -> None:
    assert dropdown_labels()[:2] == ("Proses", "Minta Kelengkapan")
    assert len(dropdown_labels()) == len(TABLE) - 1
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
