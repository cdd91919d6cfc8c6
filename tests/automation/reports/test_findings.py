"""Findings say what stands out, never more than the numbers bear, and always something."""

import re
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from automation.reports.findings import findings, hours, percent, wording
from register.figures import Dimension, Emergencies, Figures, Outcome, Timing, Verdicts
from register.periods import Period

NOVEMBER = Period.parse("2026-11")
FEW, MANY = st.integers(0, 3), st.integers(0, 400)


def some_figures(period: Period = NOVEMBER, **changes: Any) -> Figures:
    """A middling month in which nothing stands out."""
    usual = Figures(
        period=period,
        until=period.until,
        received=100,
        received_by={Dimension.CATEGORY: {"PKH": 60, "BANSOS": 40}},
        closed=100,
        outcomes=dict.fromkeys(Outcome, 0),
        pending_before=20,
        pending_after=20,
        reopened=0,
        timings=(),
        verdicts=Verdicts(80, 40, 0, 40),
        ratings=dict.fromkeys(range(1, 6), 0),
        emergencies=Emergencies(0, 0, 0, 0, None),
        months=(),
    )
    return replace(usual, **changes)


def timing(**changes: Any) -> Timing:
    return replace(Timing("online", "langkah.5", "5. Disposisi", "30 menit", 20, 0, 0, 90, 200), **changes)


@st.composite
def any_figures(draw: st.DrawFn, counts: st.SearchStrategy[int], period: Period = NOVEMBER) -> Figures:
    received, closed = draw(counts), draw(counts)
    by = {each: {"": draw(counts), "PKH": draw(counts), "tak dikenal": draw(counts)} for each in Dimension}
    on_time, late, overdue = draw(counts), draw(counts), draw(counts)
    median = draw(st.one_of(st.none(), st.integers(0, 9000)))
    said = [draw(counts) for _ in range(3)]
    looks = [draw(counts) for _ in range(3)]
    return some_figures(
        period,
        received=received,
        closed=closed,
        received_by=by,
        pending_before=draw(counts),
        pending_after=draw(counts),
        reopened=draw(counts),
        timings=[timing(on_time=on_time, late=late, overdue=overdue, median=median)],
        verdicts=Verdicts(sum(said), *said),
        emergencies=Emergencies(sum(looks), *looks, None),
    )


@given(any_figures(MANY), any_figures(MANY, NOVEMBER.moved(-1)), any_figures(MANY, NOVEMBER.moved(-12)))
def test_every_finding_is_a_whole_sentence(now: Figures, before: Figures, year_before: Figures) -> None:
    said = findings(now, [year_before, before])
    assert said
    assert len(set(said)) == len(said)
    for sentence in said:
        assert sentence[0].isalnum()
        assert sentence.endswith(".")
        assert not re.search(r"[{}]|None|\bnan\b", sentence)
    assert said == findings(now, [before, year_before]), "in whatever order the others come"


@given(any_figures(FEW), any_figures(MANY, NOVEMBER.moved(-1)))
def test_of_few_nothing_is_said_in_percent(now: Figures, before: Figures) -> None:
    said = findings(now, [before])
    assert not any("%" in sentence or "dibandingkan" in sentence for sentence in said)
    nothing = not (now.received or now.closed or now.pending_before or now.pending_after)
    assert any("terlalu sedikit" in sentence for sentence in said) != nothing


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_percentage_is_never_none_or_all_unless_it_is(part: int, whole: int) -> None:
    shown = percent(min(part, whole), whole)
    assert (shown == 0) == (part == 0)
    assert (shown == 100) == (part >= whole)


def test_a_middling_month_says_so() -> None:
    (said,) = findings(some_figures(), [some_figures(NOVEMBER.moved(-1))])
    assert said == "Tidak ada perubahan atau keterlambatan yang menonjol pada November 2026."


def test_each_thing_that_stands_out_is_told() -> None:
    now = some_figures(
        received=150,
        received_by={Dimension.CATEGORY: {"PKH": 110, "": 40}},
        pending_after=70,
        reopened=4,
        timings=[timing(late=5), timing(key="langkah.6", label="6. Tindak lanjut", median=1200, norm="2 hari kerja")],
        verdicts=Verdicts(80, 40, 20, 20),
        emergencies=Emergencies(3, 1, 1, 1, 10),
    )
    said = " ".join(findings(now, [some_figures(NOVEMBER.moved(-1))]))
    for part in (
        "2 dari 3 pengaduan Darurat terlambat atau belum ditangani (1 terlambat, 1 belum).",
        "5. Disposisi (SOP Pengaduan Online): 5 dari 25 terlambat atau melewati batas (20%).",
        "20 dari 80 pengaduan yang selesai menurut petugas dinilai 1 atau 2 oleh pelapornya (25%).",
        "Pengaduan yang diterima naik 50% dibandingkan Oktober 2026, dari 100 menjadi 150.",
        "bertambah dari 20 pada awal masa menjadi 70",
        "Langkah yang paling lama adalah 6. Tindak lanjut (SOP Pengaduan Online): nilai tengah 20 jam layanan",
        "Kategori tidak diketahui pada 40 dari 150 pengaduan (27%)",
        "naik dari 60 pengaduan pada Oktober 2026 menjadi 110.",
        "Pengaduan dibuka kembali 4 kali.",
    ):
        assert part in said


def test_a_running_period_is_not_compared() -> None:
    now = some_figures(until=NOVEMBER.since.replace(day=12), received=400, pending_after=90)
    said = findings(now, [some_figures(NOVEMBER.moved(-1))])
    assert said[0].startswith("November 2026 belum berakhir; angka dihitung sampai Kamis, 12 November 2026")
    assert not any(re.search("naik|bertambah|pada akhirnya", sentence) for sentence in said)


def test_within_a_sentence_a_period_begins_small() -> None:
    year = Period.parse("2026")
    (said,) = findings(some_figures(year))
    assert said.endswith("pada tahun 2026.")
    (said,) = findings(some_figures(year, received=0, closed=0, pending_before=0, pending_after=0))
    assert said.endswith("pada tahun 2026.")


def test_a_small_month_before_is_no_measure() -> None:
    said = findings(
        some_figures(), [some_figures(NOVEMBER.moved(-1), received=3, received_by={Dimension.CATEGORY: {"PKH": 3}})]
    )
    assert "Angka Oktober 2026 terlalu kecil (3 diterima) untuk dibandingkan." in said
    assert not any("Oktober 2026" in sentence for sentence in said if "terlalu kecil" not in sentence)


def test_an_empty_period_is_told_as_such() -> None:
    empty = some_figures(received=0, closed=0, pending_before=0, pending_after=0)
    assert findings(empty) == ("Tidak ada pengaduan yang diterima, ditutup, atau tertunda pada November 2026.",)


def test_every_sentence_and_word_of_the_file_ends_well() -> None:
    assert all(text.endswith(".") for text in wording().says.values())
    assert [hours(minutes) for minutes in (0, 1, 60, 90, 447)] == ["0", "0,1", "1", "1,5", "7,5"]
