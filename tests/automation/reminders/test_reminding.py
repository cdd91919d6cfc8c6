"""What is told to whom and when, over a real store and a clock in hand; and that all of it is told once."""

import os
import re
import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from automation.checkup import findings
from automation.reminders.escalation import CLIMB, Rung, digest_at, next_service, serving
from automation.reminders.notice_plan import alert_people
from automation.reminders.reminding import Move
from register import tables
from register.complaint import WITA, EventKind, Procedure, Status
from register.notices import Notice
from tests.automation.reminders.desk import FILED, Desk, open_desk
from tests.automation.reminders.staff_rules import handled, on, person, rules, seeds, wita

STORIES = 400 if os.environ.get("ADUAN_TEST_SCALE") == "full" else 20


# -- reminders and the ladder ---------------------------------------------------------------------------------------


def test_a_complaint_that_nobody_touches_climbs_the_ladder(desk: Desk) -> None:
    """SOP langsung: 4 hours before, then an hour, one and three working days after; nothing in between."""
    desk.file("2026-11-23 14.00")
    story = {
        "2026-11-23 08.59": [],
        "2026-11-23 09.00": [("Loket", [Rung.BEFORE])],
        "2026-11-23 13.59": [],
        "2026-11-23 14.00": [("Loket", [Rung.DUE])],
        "2026-11-23 14.59": [],
        "2026-11-23 15.00": [("Kabid Linjamsos", [Rung.KABID])],
        "2026-11-23 16.00": [],
        "2026-11-23 23.59": [],
        "2026-11-24 00.00": [],
        "2026-11-24 07.44": [],
        "2026-11-24 07.45": [("Loket", []), ("Kabid Linjamsos", [])],
        "2026-11-24 15.59": [],
        "2026-11-24 16.00": [("Ketua", [Rung.KETUA_TIM])],
        "2026-11-25 07.45": [("Loket", []), ("Kabid Linjamsos", []), ("Ketua", [])],
        "2026-11-26 07.45": [("Loket", []), ("Kabid Linjamsos", []), ("Ketua", [])],
        "2026-11-26 16.00": [("Kadis", [Rung.KADIS])],
        "2026-11-27 07.45": [("Loket", []), ("Kabid Linjamsos", []), ("Ketua", []), ("Kadis", [])],
        "2026-11-27 16.00": [],
    }
    assert {time: desk.told(time) for time in story} == story


def test_wordings_name_the_complaint_and_the_deadline(desk: Desk) -> None:
    ticket = desk.file("2026-11-23 14.00")
    number = desk.store.complaint(ticket).register_number
    (before,) = desk.at("2026-11-23 09.00")
    assert before.title == "Pengingat pengaduan"
    assert before.text == (
        f"Pengaduan {number} akan jatuh tempo Senin, 23 November 2026 pukul 14.00 WITA. "
        "Mohon segera menyampaikan tindak lanjut."
    )
    kabid = desk.at("2026-11-23 15.00")[-1]
    assert f"Pengaduan {number} di Bidang Linjamsos melampaui batas waktu" in kabid.text
    desk.at("2026-11-26 07.45")
    kadis = desk.at("2026-11-26 16.00")[-1]
    assert f"{number} belum diselesaikan 3 hari kerja setelah jatuh tempo" in kadis.text


def test_two_clocks_of_one_complaint_are_one_line(desk: Desk) -> None:
    ticket = desk.file("2026-11-23 14.00")
    desk.clock(ticket, "2026-11-23 14.00", key="jawaban")
    other = desk.file("2026-11-23 14.00")
    (sent,) = desk.at("2026-11-23 14.00")
    assert len(sent.notices) == 3
    assert [desk.store.complaint(each).register_number in sent.text for each in (ticket, other)] == [True, True]
    assert len(sent.text.splitlines()) == 2


def test_after_a_long_silence_everybody_is_told_at_once(desk: Desk) -> None:
    """The worker was off: no reminder of what is already late, each rung to its person."""
    desk.file("2026-11-16 10.00")
    assert desk.told("2026-11-23 10.00") == [
        ("Loket", [Rung.DUE]),
        ("Kabid Linjamsos", [Rung.KABID]),
        ("Ketua", [Rung.KETUA_TIM]),
        ("Kadis", [Rung.KADIS]),
    ]


@pytest.mark.parametrize(
    ("due", "quiet", "told_at"),
    [
        ("2026-11-23 12.00", "2026-11-23 12.30", "2026-11-23 13.00"),
        ("2026-11-23 16.00", "2026-11-23 16.01", "2026-11-24 07.45"),
        ("2026-11-27 16.30", "2026-11-29 10.00", "2026-11-30 07.45"),
        ("2026-12-23 16.00", "2026-12-25 10.00", "2026-12-28 07.45"),
        ("2026-03-16 15.00", "2026-03-17 07.45", "2026-03-17 08.00"),
        ("2026-03-17 15.00", "2026-03-23 10.00", "2026-03-25 07.45"),
    ],
    ids=["lunch", "evening", "weekend", "Christmas", "Ramadan", "Idul Fitri"],
)
def test_outside_service_time_reminders_wait(desk: Desk, due: str, quiet: str, told_at: str) -> None:
    desk.file(due, begun=wita(due) - timedelta(minutes=1))
    minute_before = f"{wita(told_at) - timedelta(minutes=1):%Y-%m-%d %H.%M}"
    if "2026-11-23" not in told_at:
        desk.store.put_setting("ringkasan", None)
    assert desk.at(f"{wita(due) + timedelta(minutes=1):%Y-%m-%d %H.%M}", quiet, minute_before) == []
    first = desk.at(told_at)[0]
    assert first.person == "Loket"
    assert Rung.DUE in [notice.rung for notice in first.notices]


@pytest.mark.parametrize("status", [Status.AWAITING_REPORTER, Status.NEEDS_INFO])
def test_nobody_is_reminded_while_the_reporter_is_to_answer(desk: Desk, status: Status) -> None:
    ticket = desk.file("2026-11-23 14.00", status=status, pauses=((FILED, None),))
    assert desk.at("2026-11-23 10.00", "2026-11-23 14.00", "2026-11-24 07.45", "2026-11-26 16.00") == []
    desk.change(ticket, status=Status.IN_PROGRESS, pauses=((FILED, wita("2026-11-27 08.00")),))
    desk.clock(ticket, "2026-11-27 16.30")
    assert desk.told("2026-11-27 08.00") == [("Loket", []), ("Kabid Linjamsos", [])], "the digest, as none was made yet"
    assert desk.told("2026-11-27 10.59", "2026-11-27 11.00") == [("Loket", [Rung.BEFORE])]


def test_the_report_of_a_closed_complaint_is_the_petugas_alone(desk: Desk) -> None:
    ticket = desk.file(status=Status.RESOLVED, step=6)
    desk.clock(ticket, "2026-11-23 14.00", key="langkah.6")
    desk.clock(ticket, "2026-11-20 14.00", key="jawaban")
    (before,) = desk.at("2026-11-23 09.00")
    assert before.text.startswith("Pelaporan dan pengarsipan pengaduan ")
    assert desk.told("2026-11-23 14.00") == [("Loket", [Rung.DUE])]
    assert [one.person for one in desk.at("2026-11-24 07.45", "2026-11-26 16.00", "2026-11-27 07.45")] == ["Loket"] * 3


def test_doubt_about_the_bidang_is_the_ketua_tims(desk: Desk) -> None:
    ticket = desk.file(bidang="", undecided=True, step=4, status=Status.RECEIVED)
    desk.clock(ticket, "2026-11-23 10.10", key="langkah.4", begun=wita("2026-11-23 10.00"))
    (asked,) = desk.at("2026-11-23 10.00")
    assert asked.person == "Ketua"
    assert asked.text.startswith("Yth. Ketua Tim, pengaduan ")
    assert desk.told("2026-11-23 10.10") == [("Ketua", [Rung.DUE])]
    assert desk.told("2026-11-23 15.00") == []
    (digest,) = desk.at("2026-11-24 07.45")
    assert digest.person == "Ketua"
    assert "Menunggu disposisi Ketua Tim (1):" in digest.text


def test_a_disposition_is_told_to_the_kepala_bidang(desk: Desk) -> None:
    ticket = desk.file("2026-11-25 16.00", key="jawaban", fresh=True)
    desk.change(ticket, due_at=wita("2026-11-25 16.00"))
    desk.at("2026-11-23 16.30")
    (told,) = desk.at("2026-11-24 07.45")
    assert (told.person, told.notices[0].rung) == ("Kabid Linjamsos", Rung.DISPOSED)
    assert "Baru didisposisi (1):" in told.text
    desk.change(ticket, bidang="Rehsos")
    (again,) = desk.at("2026-11-24 09.00")
    assert again.person == "Kabid Rehsos"
    assert again.text.startswith("Yth. Kepala Bidang Rehsos, bersama ini diteruskan pengaduan ")
    assert "urgensi Sedang. Mohon ditindaklanjuti paling lambat Rabu, 25 November 2026 pukul 16.00 WITA" in again.text
    assert desk.at("2026-11-24 10.00") == []


# -- moved deadlines ------------------------------------------------------------------------------------------------


def test_a_deadline_that_moves_before_it_is_passed_has_a_reminder_of_its_own(desk: Desk) -> None:
    ticket = desk.file("2026-11-23 14.00")
    assert desk.told("2026-11-23 09.00") == [("Loket", [Rung.BEFORE])]
    desk.clock(ticket, "2026-11-23 16.00")
    assert desk.told("2026-11-23 10.59", "2026-11-23 14.00") == [("Loket", [Rung.BEFORE])]
    assert desk.told("2026-11-23 16.00") == [("Loket", [Rung.DUE])]


def test_a_deadline_that_moves_after_it_was_passed_only_climbs(desk: Desk) -> None:
    ticket = desk.file("2026-11-23 09.00")
    assert desk.told("2026-11-23 10.00") == [("Loket", [Rung.DUE]), ("Kabid Linjamsos", [Rung.KABID])]
    desk.clock(ticket, "2026-11-24 16.00")
    assert desk.told("2026-11-24 07.45") == [("Loket", []), ("Kabid Linjamsos", [])]
    assert desk.told("2026-11-24 12.00", "2026-11-24 16.00") == []
    assert desk.told("2026-11-25 07.45") == [("Loket", []), ("Kabid Linjamsos", [])]
    assert desk.told("2026-11-25 08.30", "2026-11-25 15.59") == []
    assert desk.told("2026-11-25 16.00") == [("Ketua", [Rung.KETUA_TIM])]


def test_a_deadline_that_comes_closer_is_told_once(desk: Desk) -> None:
    ticket = desk.file("2026-11-25 16.00")
    assert desk.at("2026-11-23 09.00") == []
    desk.clock(ticket, "2026-11-23 08.00")
    assert desk.told("2026-11-23 09.00") == [("Loket", [Rung.DUE]), ("Kabid Linjamsos", [Rung.KABID])]
    desk.clock(ticket, "2026-11-25 16.00")
    assert desk.told("2026-11-23 09.01", "2026-11-23 16.00") == []


def test_moves_stand_in_the_next_digest_of_whom_they_concern(desk: Desk) -> None:
    ticket = desk.file("2026-12-01 16.00")
    back = desk.file("2026-12-01 16.00")
    a, b, c = (wita(f"2026-12-0{day} 16.00") for day in (1, 2, 3))
    now = wita("2026-11-23 10.00")
    desk.reminders.moved([Move(ticket, 0, "langkah.5", a, b), Move(back, 0, "langkah.5", a, b)], now)
    desk.reminders.moved([Move(ticket, 0, "langkah.5", a, b)], now + timedelta(hours=1))
    desk.reminders.moved(
        [Move(ticket, 0, "langkah.5", b, c), Move(back, 0, "langkah.5", b, a)], now + timedelta(hours=2)
    )
    assert desk.at("2026-11-23 14.00") == []
    digests = desk.at("2026-11-24 07.45")
    assert [one.person for one in digests] == ["Loket", "Kabid Linjamsos"]
    number = desk.store.complaint(ticket).register_number
    assert digests[0].text.endswith(
        f"Batas bergeser (1):\n- Batas waktu pengaduan {number} bergeser dari Selasa, 1 Desember 2026 pukul 16.00 WITA "
        "menjadi Kamis, 3 Desember 2026 pukul 16.00 WITA."
    )
    assert desk.at("2026-11-25 07.45") == []


# -- the digest -----------------------------------------------------------------------------------------------------


def test_a_digest_lists_everything_of_a_person_the_most_urgent_first(desk: Desk) -> None:
    late = desk.file("2026-11-18 16.00")
    urgent = desk.file("2026-11-18 16.00", urgency="Darurat")
    today = desk.file("2026-11-24 16.00")
    later = desk.file("2026-11-25 16.00")
    desk.store.put_setting("ringkasan", None)
    digests = {one.person: one for one in desk.at("2026-11-24 07.45")}
    assert sorted(digests) == ["Kabid Linjamsos", "Kadis", "Ketua", "Loket"]
    loket = digests["Loket"]
    assert loket.title == "Ringkasan pengaduan Selasa, 24 November 2026"
    assert loket.text.startswith("Yth. Loket, ringkasan pengaduan Selasa, 24 November 2026:\n\nTerlambat (2):\n- ")
    places = [loket.text.find(ticket) for ticket in (urgent, late, today)]
    assert places == sorted(places)
    assert min(places) > 0
    assert later not in loket.text
    assert "Jatuh tempo hari ini (1):" in loket.text
    assert today not in digests["Ketua"].text, "to whom only what is late has climbed"


def test_what_stands_in_the_digest_is_not_told_apart(desk: Desk) -> None:
    """The night's reminders go into the digest; a rung of later that day comes by itself."""
    desk.file("2026-11-23 16.00")
    assert desk.told("2026-11-23 15.00") == [("Loket", [Rung.BEFORE])]
    desk.file("2026-11-24 11.40")
    assert desk.told("2026-11-24 07.30", "2026-11-24 07.45") == [
        ("Loket", sorted([Rung.DUE, Rung.BEFORE])),
        ("Kabid Linjamsos", []),
    ]
    assert desk.told("2026-11-24 08.00", "2026-11-24 08.29") == []
    assert desk.told("2026-11-24 08.30") == [("Kabid Linjamsos", [Rung.KABID])]
    assert desk.told("2026-11-24 11.40") == [("Loket", [Rung.DUE])]


def test_an_empty_digest_is_not_sent(desk: Desk) -> None:
    desk.file("2026-12-15 16.00")
    assert desk.at("2026-11-24 07.45", "2026-11-24 10.00") == []


def test_a_digest_names_so_many_and_counts_the_rest(desk: Desk) -> None:
    for _ in range(35):
        desk.file("2026-11-24 16.00")
    digest = desk.at("2026-11-24 07.45")[0]
    assert "Jatuh tempo hari ini (35):" in digest.text
    assert "… dan 5 pengaduan lainnya; lihat Register." in digest.text
    assert len(digest.text.splitlines()) == 34


def test_a_late_digest_holds_reminders_up_for_an_hour_at_most(desk: Desk) -> None:
    desk.config = rules(settings={"ringkasan_pagi": "15.00"})
    desk.file("2026-11-24 08.00")
    assert desk.at("2026-11-24 08.29") == []
    assert desk.told("2026-11-24 08.30") == [("Loket", [Rung.DUE])]
    assert [one.digest_on for one in desk.at("2026-11-24 14.59", "2026-11-24 15.00") if one.digest_on] == [
        on("2026-11-24")
    ] * 2


# -- Darurat --------------------------------------------------------------------------------------------------------


def emergency(desk: Desk, begun: str, **fields: Any) -> str:
    ticket = desk.file(urgency="Darurat", **fields)
    due = f"{wita(begun) + timedelta(hours=1):%Y-%m-%d %H.%M}"
    desk.clock(ticket, due, key="darurat", begun=wita(begun))
    return ticket


@pytest.mark.parametrize(
    ("fields", "said", "unsaid"),
    [
        (
            {"category": "SEMBAKO", "bidang": "Linjamsos"},
            "; kategori: Bantuan sembako (BPNT); bidang: Linjamsos)",
            "terbatas",
        ),
        ({"category": "KEKERASAN", "bidang": "Rehsos", "restricted": True}, "DARURAT: pengaduan terbatas", "kategori"),
    ],
)
def test_a_darurat_says_what_it_is_about_unless_it_is_restricted(
    desk: Desk, fields: dict[str, Any], said: str, unsaid: str
) -> None:
    emergency(desk, "2026-11-28 02.10", **fields)
    text = desk.at("2026-11-28 02.10")[0].text
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize("begun", ["2026-11-28 02.10", "2026-11-24 07.20", "2026-11-23 12.10"])
def test_a_darurat_is_told_at_any_hour_and_climbs_until_somebody_acts(desk: Desk, begun: str) -> None:
    ticket = emergency(desk, begun)
    alarm = desk.at(begun)
    assert [one.person for one in alarm] == ["Kabid Linjamsos", "Ketua"]
    assert all(one.urgent for one in alarm)
    assert alarm[0].title == "DARURAT: pengaduan masyarakat"
    assert ticket in alarm[0].text
    assert "112 atau 110" in alarm[0].text
    after = [f"{wita(begun) + timedelta(minutes=minutes):%Y-%m-%d %H.%M}" for minutes in (59, 60, 119, 120, 180)]
    told = [[one.person for one in desk.at(time) if one.urgent] for time in after]
    assert told == [[], ["Kadis"], [], ["Kadis"], []]


def test_nobody_is_alerted_again_once_somebody_acted(desk: Desk) -> None:
    ticket = emergency(desk, "2026-11-28 02.10")
    desk.at("2026-11-28 02.10")
    desk.clock(
        ticket, "2026-11-28 03.10", key="darurat", begun=wita("2026-11-28 02.10"), done_at=wita("2026-11-28 02.30")
    )
    assert desk.at("2026-11-28 03.10", "2026-11-28 05.00") == []


@pytest.mark.parametrize(
    ("settings", "silent", "expected"),
    [
        ({}, (), [["Kabid Linjamsos", "Ketua"], ["Kadis"], ["Kadis"]]),
        ({"petugas_siaga": "Siaga; loket"}, (), [["Siaga", "Loket"], ["Kabid Linjamsos", "Ketua"], ["Kadis"]]),
        ({"petugas_siaga": "Entah"}, (), [["Kabid Linjamsos", "Ketua"], ["Kadis"], ["Kadis"]]),
        (
            {"petugas_siaga": "Siaga"},
            ("Siaga",),
            [["Siaga", "Kabid Linjamsos", "Ketua"], ["Kabid Linjamsos", "Ketua"], ["Kadis"]],
        ),
        (
            {},
            ("Kabid Linjamsos", "Ketua"),
            [["Kabid Linjamsos", "Ketua", "Kadis"], ["Kadis"], ["Kadis"]],
        ),
    ],
    ids=["default", "on call", "nobody known", "on call without channel", "heads without channel"],
)
def test_who_is_alerted(settings: dict[str, str], silent: tuple[str, ...], expected: list[list[str]]) -> None:
    people = {name: person(name) for name in ("Siaga", "Kabid Linjamsos", "Ketua")}
    people |= {name: person(name, channels=()) for name in silent}
    config = rules(*people.values(), settings=settings)
    found = [
        [officer.name for officer in alert_people(rung, handled(), config, on("2026-11-28"))]
        for rung in (Rung.ALERT_1, Rung.ALERT_2, Rung.ALERT_3)
    ]
    assert found == expected


def test_a_restricted_darurat_goes_only_to_those_who_may_know() -> None:
    config = rules(person("Siaga"), settings={"petugas_siaga": "Siaga, Kadis"})
    restricted = handled(restricted=True)
    found = [
        [officer.name for officer in alert_people(rung, restricted, config, on("2026-11-28"))]
        for rung in (Rung.ALERT_1, Rung.ALERT_2)
    ]
    assert found == [["Kadis"], ["Ketua"]]
    gone = rules(person("Ketua", substitute="Loket"), settings={"petugas_siaga": "Ketua"})
    first = alert_people(Rung.ALERT_1, restricted, gone, on("2026-11-28"))
    assert [officer.name for officer in first] == ["Ketua", "Kadis"], "a substitute who may not know is no help"


# -- what is never told ---------------------------------------------------------------------------------------------


def test_of_a_restricted_complaint_neither_category_nor_bidang_is_told(desk: Desk) -> None:
    desk.file("2026-11-20 16.30", restricted=True, category="PUNGLI", bidang="Rehsos", key="jawaban")
    emergency(desk, "2026-11-23 10.00", restricted=True, category="KEKERASAN", bidang="Rehsos")
    found = desk.at("2026-11-23 10.00", "2026-11-23 15.00", "2026-11-24 07.45", "2026-11-27 07.45")
    assert {one.person for one in found} == {"Ketua", "Kadis"}
    text = "\n".join(one.title + one.text for one in found)
    assert [
        word for word in ("PUNGLI", "KEKERASAN", "ekerasan", "ungutan", "Rehsos", "Rehabilitasi") if word in text
    ] == []


def test_nothing_that_the_reporter_said_is_told(desk: Desk) -> None:
    desk.file("2026-11-20 16.30")
    emergency(desk, "2026-11-23 10.00")
    found = desk.at("2026-11-23 10.00", "2026-11-24 07.45")
    text = "\n".join(one.title + one.text for one in found)
    assert len(found) > 4
    assert [word for word in ("Ibu Contoh", "sembako", "0812", "81200000000") if word in text] == []


def test_a_template_of_staffs_own_is_used_and_cannot_break_anything(desk: Desk) -> None:
    desk.config = replace(rules(), templates=dict(seeds().templates) | {"pengingat": "{tiket} {apa} { {0} {batas!r}"})
    ticket = desk.file("2026-11-23 14.00")
    (sent,) = desk.at("2026-11-23 09.00")
    assert sent.text == f"{ticket} {{apa}} {{ {{0}} {{batas!r}}"


# -- an office without channels -------------------------------------------------------------------------------------


def test_without_channels_nothing_piles_up(desk: Desk) -> None:
    desk.config = rules(*(person(name, channels=()) for name in seeds_people()))
    ticket = desk.file("2026-11-20 16.30")
    emergency(desk, "2026-11-23 10.00")
    assert desk.at("2026-11-23 10.00", "2026-11-24 07.45", "2026-11-30 07.45") == []
    told = [event.data for event in desk.store.events(ticket) if event.kind is EventKind.NOTIFIED]
    assert [(data["rung"], data["person"], data["state"]) for data in told] == [
        (Rung.DUE, "Loket", "no_channel"),
        (Rung.KABID, "Kabid Linjamsos", "no_channel"),
        (Rung.KETUA_TIM, "Ketua", "no_channel"),
        (Rung.KADIS, "Kadis", "no_channel"),
    ]


def test_without_anybody_nothing_is_raised_and_it_is_said_once(desk: Desk) -> None:
    desk.config = rules(without=tuple(seeds_people()))
    ticket = desk.file("2026-11-23 09.00")
    emergency(desk, "2026-11-23 10.00")
    assert desk.at("2026-11-23 10.00", "2026-11-24 07.45") == []
    states = [event.data["state"] for event in desk.store.events(ticket) if event.kind is EventKind.NOTIFIED]
    assert states == ["nobody", "nobody"]


def seeds_people() -> list[str]:
    return [officer.name for officer in rules().officers.values()]


# -- idling ---------------------------------------------------------------------------------------------------------


def asked_of(desk: Desk, at: datetime) -> list[str]:
    """The tables that a run asks, in order."""
    asked: list[str] = []

    def hear(*call: Any) -> None:
        asked.extend(re.findall(r"\bFROM (\w+)", call[2]))

    sa.event.listen(desk.engine, "before_cursor_execute", hear)
    desk.reminders.run(desk.config, at)
    sa.event.remove(desk.engine, "before_cursor_execute", hear)
    return asked


def test_a_run_with_nothing_to_do_asks_the_store_one_question(desk: Desk) -> None:
    desk.file("2026-11-23 14.00")
    desk.at("2026-11-23 08.00")
    assert asked_of(desk, wita("2026-11-23 08.00") + timedelta(seconds=2)) == ["events"]
    assert desk.told("2026-11-23 08.59", "2026-11-23 09.00") == [("Loket", [Rung.BEFORE])]


def test_an_event_is_a_look_at_its_complaint_alone(desk: Desk) -> None:
    first = desk.file("2026-11-23 14.00")
    desk.at("2026-11-23 08.00")
    desk.clock(first, "2026-11-23 13.59")
    assert desk.told("2026-11-23 08.30") == []
    assert desk.reminders._look is not None
    assert desk.reminders._look.coming == {first: wita("2026-11-23 08.59")}
    assert desk.told("2026-11-23 08.59") == [("Loket", [Rung.BEFORE])]


def test_what_comes_up_hours_later_is_not_missed(desk: Desk) -> None:
    """A look holds for an hour; the next one finds what lay beyond it."""
    desk.file("2026-11-24 11.30")
    times = [f"2026-11-23 {hour:02d}.{minute:02d}" for hour in range(8, 17) for minute in range(0, 60, 7)]
    assert desk.at(*times) == []
    assert desk.told("2026-11-24 07.45") == [("Loket", [Rung.BEFORE]), ("Kabid Linjamsos", [])]


@pytest.mark.parametrize("what", ["event", "rules"])
def test_idling_ends_when_something_happens(desk: Desk, what: str) -> None:
    ticket = desk.file("2026-11-24 16.00")
    assert desk.at("2026-11-23 08.00") == []
    if what == "event":
        desk.clock(ticket, "2026-11-23 08.00")
    else:
        desk.config = rules(settings={"pengingat_sebelum_langsung": "3 hari kerja"})
    assert [one.person for one in desk.at("2026-11-23 08.00")] == ["Loket"]


def test_a_failing_run_is_made_up_for_by_the_next(desk: Desk) -> None:
    """Whatever a run had seen when it failed, the next one sees again."""
    ticket = desk.file("2026-11-24 16.00")
    assert desk.at("2026-11-23 08.00") == []
    desk.clock(ticket, "2026-11-23 08.01")
    for _ in range(3):
        cut_run(desk, wita("2026-11-23 08.02"))
    assert desk.told("2026-11-23 08.03") == [("Loket", [Rung.DUE])]


def test_a_clock_that_was_set_back_tells_nothing_twice(desk: Desk) -> None:
    desk.file("2026-11-23 10.00")
    assert len(desk.at("2026-11-23 11.00")) == 2
    assert desk.at("2026-11-20 16.00", "2026-11-23 07.45", "2026-11-23 11.00") == []


def test_a_clock_that_was_ahead_holds_up_no_digest_and_is_told(desk: Desk) -> None:
    desk.file("2026-11-24 14.00")
    assert desk.told("2026-11-24 07.45")
    desk.file("2027-11-23 14.00")
    assert desk.told("2027-11-23 09.30"), "a year ahead, until somebody sets the clock right"
    (said,) = (line for line in findings(desk.store, desk.config, wita("2026-11-25 07.00")) if "jam komputer" in line)
    assert "Selasa, 23 November 2027" in said
    assert {message.digest_on for message in desk.at("2026-11-25 07.45")} == {date(2026, 11, 25)}
    assert not any("jam komputer" in line for line in findings(desk.store, desk.config, wita("2026-11-25 08.00")))


# -- once, ever -----------------------------------------------------------------------------------------------------


@pytest.mark.search
def test_a_cut_between_any_two_statements_of_a_run_changes_nothing_that_is_told(empty: Path, tmp_path: Path) -> None:
    """The worker dies at statement 1, 2, 3, … of the morning's run and begins again."""
    expected: list[tuple[str, tuple[Notice, ...], date | None]] | None = None
    for cut in range(200):
        path = tmp_path / f"{cut}.sqlite3"
        shutil.copyfile(empty if cut == 0 else tmp_path / "0.sqlite3", path)
        desk = open_desk(path)
        if cut == 0:
            for due in ("2026-11-20 16.30", "2026-11-23 09.00", "2026-11-23 16.00"):
                desk.file(due)
            emergency(desk, "2026-11-23 07.00")
            desk.engine.dispose()
            continue
        begun = 0

        def count(*_: Any, limit: int = cut) -> None:
            nonlocal begun
            begun += 1
            if begun == limit:
                raise ConnectionAbortedError("cut")

        sa.event.listen(desk.engine, "before_cursor_execute", count)
        with suppress(ConnectionAbortedError):
            desk.reminders.run(desk.config, wita("2026-11-23 07.45"))
        sa.event.remove(desk.engine, "before_cursor_execute", count)
        desk.restart()
        found = [(one.person, one.notices, one.digest_on) for one in desk.at("2026-11-23 07.45", "2026-11-23 07.46")]
        expected = expected or found
        assert found == expected
        desk.store.close()
        if begun < cut:
            break
    assert cut > 15
    assert expected


@st.composite
def days(draw: st.DrawFn) -> list[tuple[str, int, int]]:
    """What happens: an act, upon which complaint, and how many minutes later the next does."""
    acts = st.sampled_from(
        ["tick", "tick", "tick", "move", "wait", "resume", "close", "dispose", "act", "restart", "cut"]
    )
    return draw(st.lists(st.tuples(acts, st.integers(0, 3), st.integers(1, 1500)), min_size=8, max_size=24))


@pytest.mark.search
@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(story=days(), moves=st.lists(st.integers(-2000, 4000), min_size=24, max_size=24))
def test_whatever_happens_each_thing_is_told_once_in_service_time_and_upwards(
    empty: Path, tmp_path_factory: pytest.TempPathFactory, story: list[tuple[str, int, int]], moves: list[int]
) -> None:
    path = tmp_path_factory.mktemp("story") / "aduan.sqlite3"
    shutil.copyfile(empty, path)
    desk = open_desk(path)
    now = wita("2026-12-18 09.00")
    tickets = [
        desk.file(procedure=Procedure.LANGSUNG, urgency="Darurat" if number == 3 else "Sedang") for number in range(4)
    ]
    for ticket in tickets:
        desk.clock(ticket, "2026-12-18 14.00")
        desk.clock(ticket, "2026-12-21 10.00", key="jawaban")
    desk.clock(tickets[3], "2026-12-18 10.00", key="darurat", begun=now)
    for (act, which, minutes), shift in zip(story, moves, strict=False):
        now += timedelta(minutes=minutes)
        _play(desk, act, tickets[which], now, f"{now + timedelta(minutes=shift):%Y-%m-%d %H.%M}")
    _check(desk, tickets)
    for later in (60, 61):  # two months of silence, and the morning after
        opening = next_service(now + timedelta(days=later), desk.config.calendar)
        # An hour on may be the break, in which nobody is told anything.
        desk.reminders.run(desk.config, next_service(opening + timedelta(hours=1), desk.config.calendar))
    _check(desk, tickets)
    assert _untold(desk, tickets) == []
    desk.store.close()


def _play(desk: Desk, act: str, ticket: str, now: datetime, due: str) -> None:
    fields: dict[str, dict[str, Any]] = {
        "wait": {"status": Status.NEEDS_INFO, "pauses": ((now, None),)},
        "resume": {"status": Status.IN_PROGRESS, "pauses": ((now, now),)},
        "close": {"status": Status.RESOLVED},
        "dispose": {"bidang": "Rehsos"},
    }
    if act in fields:
        desk.change(ticket, **fields[act])
    elif act == "move":
        desk.reminders.moved([Move(ticket, 0, "langkah.5", now, wita(due))], now)
        desk.clock(ticket, due)
    elif act == "act":
        desk.clock(ticket, due, key="darurat", begun=now, done_at=now)
    elif act == "restart":
        desk.restart()
    elif act == "cut":
        cut_run(desk, now)
    desk.reminders.run(desk.config, now)


def cut_run(desk: Desk, now: datetime) -> None:
    """A run that dies when it has told something, but not yet written the message."""

    def fail(*call: Any) -> None:
        if call[2].startswith("INSERT INTO staff_messages"):
            raise ConnectionAbortedError("cut")

    sa.event.listen(desk.engine, "before_cursor_execute", fail)
    with suppress(ConnectionAbortedError):
        desk.reminders.run(desk.config, now)
    sa.event.remove(desk.engine, "before_cursor_execute", fail)


def _untold(desk: Desk, tickets: list[str]) -> list[str]:
    """Complaints that the office has long been late with, and of which the Kepala Dinas was not told."""
    told = desk.store.told(tickets)
    return [
        ticket
        for ticket, complaint in desk.store.complaints_of(tickets).items()
        if not complaint.waiting and not complaint.closed and not any(n.rung == Rung.KADIS for n in told[ticket])
    ]


def _check(desk: Desk, tickets: list[str]) -> None:
    calendar = desk.config.calendar
    with desk.engine.connect() as connection:
        rows = connection.execute(sa.select(tables.staff_messages)).all()
        given = connection.execute(sa.select(tables.notices).order_by(tables.notices.c.at)).all()
    for row in rows:
        day = row.created_at.astimezone(WITA).date()
        assert row.urgent or serving(row.created_at, calendar), row.created_at
        assert row.notices or row.digest_on
        morning = digest_at(day, desk.config)
        assert not row.digest_on or (morning and row.created_at >= morning)
    carried = [(row.person, tuple(place.values())) for row in rows for place in row.notices]
    assert len(set(carried)) == len(carried), "somebody was told the same twice"
    told = {tuple(place.values()) for row in rows for place in row.notices}
    assert told <= {(row.ticket, row.round, row.clock, row.rung, row.mark) for row in given}
    for ticket in tickets:
        for clock in ("langkah.5", "jawaban"):
            climbed = [
                (row.at, CLIMB.index(row.rung))
                for row in given
                if (row.ticket, row.clock) == (ticket, clock) and row.rung in CLIMB
            ]
            assert all(b >= a or ta == tb for (ta, a), (tb, b) in pairwise(climbed)), climbed
