"""What an act waits for, what it says meanwhile, and what the reporter never reads."""

from dataclasses import replace

import pytest

from automation.sop.acts import load_acts
from automation.sop.handling import find_nothing
from automation.sop.prerequisites import holds_identity_number
from register.complaint import EventKind, Status
from tests.automation.sop.test_decision import Case

EMERGENCY = "Bayi ditinggal di pos ronda barusan, tolong cepat"
ORDINARY = "Bantuan sembako belum kami terima."


# -- cells that an act needs ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "act", "cells", "asked"),
    [
        (ORDINARY, "Minta Kelengkapan", {}, "isi Alasan dahulu"),
        (ORDINARY, "Minta Kelengkapan", {"reason": " - "}, "isi Alasan dahulu"),
        (ORDINARY, "Minta Kelengkapan", {"reason": "Foto KKS"}, ""),
        (ORDINARY, "Alihkan", {}, "isi Instansi Rujukan atau Alasan dahulu"),
        (ORDINARY, "Alihkan", {"reason": "Urusan desa."}, ""),
        (ORDINARY, "Alihkan", {"referral": "SP4N-LAPOR!"}, ""),
        (ORDINARY, "Bukan Kewenangan", {}, "isi Instansi Rujukan atau Alasan dahulu"),
        (ORDINARY, "Bukan Kewenangan", {"referral": "SP4N-LAPOR!"}, ""),
        (EMERGENCY, "Alihkan", {"referral": "SP4N-LAPOR!"}, "isi Alasan dahulu"),
        (EMERGENCY, "Bukan Kewenangan", {}, "isi Alasan dahulu"),
        (EMERGENCY, "Bukan Kewenangan", {"reason": "Sudah di polisi."}, ""),
        (ORDINARY, "Tunda", {"reason": "NIK 6402990000000000"}, "Alasan memuat nomor 16 angka"),
    ],
)
def test_an_act_waits_for_what_it_needs(said: str, act: str, cells: dict[str, str], asked: str) -> None:
    case = Case(said=said).staff(act=act, **cells)
    if not asked:
        assert case.complaint.status is not Status.DISPOSED
        assert case.complaint.pending_act == ""
        return
    assert (case.complaint.status, case.complaint.pending_act) == (Status.DISPOSED, act.lower().replace(" ", "_"))
    assert f"{act}: {asked}" in case.complaint.note
    case.staff(reason="Sudah ditangani instansi lain.")
    assert case.complaint.status is not Status.DISPOSED
    assert f"{act}: diterapkan" in case.complaint.note


def test_the_reporter_reads_what_is_missing() -> None:
    case = Case().staff(act="Minta Kelengkapan").staff(reason="Foto KKS bagian depan")
    assert "Pelapor diminta melengkapi pengaduan Foto KKS bagian depan" in case.public


def test_all_needs_are_columns_that_staff_fill() -> None:
    needed = {key for act in load_acts().values() for group in act.needs + act.needs_in_emergency for key in group}
    assert needed == {"reason", "referral", "merge_into"}


# -- nothing is settled before it is answered -------------------------------------------------------------------------


def test_a_case_is_not_settled_before_its_reporter_has_an_answer() -> None:
    case = Case().staff(act="Proses").staff(act="Selesai")
    assert (case.complaint.status, case.complaint.pending_act) == (Status.IN_PROGRESS, "selesai")
    assert "Isi Balasan dan centang Kirim Balasan dahulu" in case.complaint.note
    case.staff(reply="Bantuan cair besok.")
    assert case.complaint.status is Status.IN_PROGRESS
    case.staff(send_reply="TRUE")
    assert (case.complaint.status, case.complaint.pending_act) == (Status.RESOLVED, "")
    assert case.public[-2:] == ["Balasan disampaikan kepada pelapor", "Pengaduan dinyatakan selesai"]
    assert case.running() == {"langkah.9", "buka_kembali"}


@pytest.mark.parametrize("first", ["Proses", ""])
def test_answering_and_settling_at_once_is_one_go(first: str) -> None:
    case = Case().staff(act=first).staff(act="Selesai", reply="Bantuan cair besok.", send_reply="TRUE")
    assert case.complaint.status is Status.RESOLVED
    assert EventKind.ACT_REFUSED not in {event.kind for event in case.events}


def test_after_a_reopening_a_new_answer_is_needed() -> None:
    case = Case().staff(act="Selesai", reply="Bantuan cair besok.", send_reply="TRUE")
    case.staff(act="Buka Kembali").staff(act="Selesai")
    assert case.complaint.status is Status.IN_PROGRESS
    case.staff(reply="Bantuan sudah cair kemarin.")
    assert case.complaint.status is Status.RESOLVED


def test_who_chose_another_act_meanwhile_is_not_surprised() -> None:
    case = Case().staff(act="Proses").staff(act="Selesai").staff(act="Tunda")
    case.staff(reply="Bantuan cair besok.", send_reply="TRUE")
    assert case.complaint.status is Status.AWAITING_REPORTER


# -- numbers that the public must not read ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NIK 6402990000000000.", True),
        ("6402 9900 0000 0000", True),
        ("640299-000000-0000", True),
        ("64.02.99.000000.0000", True),
        ("KK6402990000000000ya", True),
        ("6402••••••••0001", False),
        ("64029900000000001", False),
        ("Telepon 0812-0000-0000 atau 0541-661049", False),
        ("Cair 2026-11-23 09.15, lalu 2026-12-23 09.15", False),
        ("", False),
    ],
)
def test_sixteen_digits_are_found(text: str, found: bool) -> None:
    assert holds_identity_number(text) is found


def test_a_reply_with_a_nik_is_not_sent_until_it_is_masked() -> None:
    case = Case().staff(reply="NIK 6402990000000000 sudah aktif.", send_reply="TRUE")
    assert case.complaint.replied_at is None
    assert case.complaint.note.startswith("Balasan belum dikirim: memuat nomor 16 angka (NIK/KK).")
    assert "990000" not in case.complaint.note
    case.staff(reply="NIK 6402••••••••0000 sudah aktif.")
    assert case.complaint.status is Status.AWAITING_REPORTER


def test_a_reason_told_later_does_not_publish_a_nik_either() -> None:
    case = Case().staff(act="Tunda").staff(reason="Menunggu data NIK 6402990000000000")
    assert not any("6402" in line for line in case.public)
    assert "Keterangan belum disampaikan" in case.complaint.note


# -- what is possible instead -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["Arsipkan", "karangan"])
def test_a_refusal_names_what_may_be_done_now(act: str) -> None:
    note = Case().staff(act=act).complaint.note
    assert note.endswith(
        "Yang dapat dipilih sekarang: Proses, Minta Kelengkapan, Tunda, Perpanjang, Alihkan, Bukan Kewenangan, "
        "Gabungkan, Cabut."
    )


def test_of_an_archived_case_nothing_is_possible() -> None:
    note = Case().staff(act="Cabut").staff(act="Arsipkan").staff(act="Proses").complaint.note
    assert note.startswith("Proses: ")
    assert "Yang dapat dipilih" not in note


# -- joining ----------------------------------------------------------------------------------------------------------


def joined(**target: object) -> Case:
    main = replace(Case(ticket="7K3M-Q9TX-2").complaint, **target)  # type: ignore[arg-type]
    case = Case(ticket="S581-FXWB-H", number=43)
    return case.staff(act="Gabungkan", merge_into=main.ticket, find={main.ticket: main}.get)


def test_joining_to_a_case_that_was_closed_without_a_reply_is_refused() -> None:
    """Its reporter would never hear anything; a reply that is there is handed on (`automation/sop/joined.py`)."""
    withdrawn = Case().staff(act="Cabut").complaint
    case = joined(status=withdrawn.status, answered_at=withdrawn.answered_at)
    assert case.complaint.status is Status.DISPOSED
    assert f"sudah ditutup tanpa balasan ({withdrawn.status_label})" in case.complaint.note
    answered = Case().staff(reply="Bantuan cair besok.", send_reply="TRUE").complaint
    case = joined(status=answered.status, answered_at=answered.answered_at, replied_at=answered.replied_at)
    assert case.complaint.status is Status.MERGED


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ({}, ""),
        ({"bidang": "Rehsos"}, "Tiket induk ditangani Bidang Rehsos"),
    ],
)
def test_joining_to_a_case_of_another_bidang_is_pointed_out(target: dict[str, object], words: str) -> None:
    case = joined(**target)
    assert case.complaint.status is Status.MERGED
    assert words in case.complaint.note
    assert ("periksa apakah perkaranya sama" in case.complaint.note) is bool(words)


# -- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "note"),
    [
        ("Bu Siapa", "Petugas: nama itu tidak ada pada tab Petugas; yang diingatkan: Admin Media Sosial."),
        ("admin  media sosial", ""),
        ("", ""),
    ],
)
def test_a_name_that_nobody_has_is_pointed_out(name: str, note: str) -> None:
    case = Case()
    before = case.complaint.note
    case.staff(officer=name, find=find_nothing)
    assert case.complaint.note == (note or before)
    assert case.complaint.officer == name
