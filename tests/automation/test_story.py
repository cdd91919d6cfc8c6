"""The whole story of a complaint, as `aduan explain` prints it."""

from automation.reminders.escalation import Rung
from automation.story import KIND_LABELS, RUNG_LABELS, clock_label, story
from register.complaint import Event, EventKind
from register.reporter_messages import MessageKind
from tests.automation.sop.test_decision import RULES, Case, wita


def told(case: Case, *, texts: bool = False) -> str:
    return "\n".join(story(case.complaint, list(case.clocks.values()), case.events, RULES, texts=texts))


def test_the_story_tells_each_step_with_how_late_it_was() -> None:
    case = Case(wita("2026-11-23T10:30"))
    case.staff(wita("2026-11-23T11:20"), act="Proses", officer="Kepala Bidang Linjamsos")
    text = told(case)
    assert "Langkah 6, Tindak lanjut: norma 30 menit; mulai 2026-11-23 10:30, batas 2026-11-23 11:00;" in text
    assert "selesai 2026-11-23 11:20 oleh Kepala Bidang Linjamsos, terlambat 20 menit waktu layanan" in text
    assert "Langkah 7, Balasan bidang" in text
    assert "berjalan" in text
    assert "UU 25/2009: keputusan" in text


def test_the_story_says_why_it_went_where_it_went() -> None:
    text = told(Case())
    assert "SEMBAKO" in text
    assert "aturan" in text


def test_what_people_wrote_is_shown_only_if_asked_for() -> None:
    case = Case().staff(follow_up="Ibu Contoh sudah ditelepon", act="Minta Kelengkapan", reason="Foto KKS")
    assert "Ibu Contoh" not in told(case)
    assert "Foto KKS" not in told(case)
    assert "isi: Ibu Contoh sudah ditelepon" in told(case, texts=True)
    assert "kepada pelapor: Foto KKS" in told(case, texts=True)


def test_the_steps_stand_in_their_order_and_the_laws_last() -> None:
    case = Case(wita("2026-11-23T10:30")).staff(wita("2026-11-23T11:20"), act="Minta Kelengkapan", reason="Foto KKS")
    lines = story(case.complaint, list(case.clocks.values())[::-1], case.events, RULES)
    shown = [line.split(":")[0].split(",")[0].strip() for line in lines if "; mulai " in line]
    steps = [f"Langkah {no}" for no in range(1, 7)]
    assert shown[:8] == [*steps, "Jawaban kepada pelapor (SOP)", "Waktu pelapor melengkapi"]
    assert {name.split()[0] for name in shown[8:]} == {"SP4N-LAPOR", "UU"}


def test_the_story_has_words_for_codes() -> None:
    case = Case(wita("2026-11-23T10:30")).staff(act="Minta Kelengkapan", reason="Foto KKS")
    told_staff = {"rung": "darurat_1", "person": "Kabid", "state": "sent"}
    case.events.append(Event(EventKind.NOTIFIED, wita("2026-11-23T11:00"), "sistem", told_staff))
    text = told(case)
    assert "tindakan Minta Kelengkapan, status Menunggu Kelengkapan" in text
    assert "Darurat, peringatan pertama kepada Kabid: terkirim" in text
    assert set(RUNG_LABELS) == {*Rung, *MessageKind}


def test_every_clock_and_every_event_has_a_name() -> None:
    case = (
        Case(said="Bayi ditinggal di pos ronda barusan").staff(act="Minta Kelengkapan", reason="KK").staff(act="Cabut")
    )
    labels = [clock_label(clock, case.complaint, RULES) for clock in case.clocks.values()]
    assert not set(labels) & {clock.key for clock in case.clocks.values()}
    assert set(EventKind) == set(KIND_LABELS)
