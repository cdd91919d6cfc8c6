"""The shelf of public editions: what stands on it stays as it is."""

from dataclasses import replace
from datetime import date, timedelta

from register.complaint import Channel
from register.editions import PublicEdition, PublicRow, PublicShare, PublicSpan, PublicTable
from register.periods import Period
from register.store import Store
from tests.builders import MOMENT, an_intake

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
YEAR = PublicEdition(
    period=Period.parse("2026"),
    published_at=MOMENT,
    detail=12,
    spans=(PublicSpan(OCTOBER, NOVEMBER, 12),),
    received=12,
    tables=(PublicTable("channel", "Kanal", (PublicRow("web", "Laman", 7), PublicRow("desk", "Loket", 5))),),
    shares=(PublicShare("langsung.5", "Tindak lanjut", "2 hari kerja", None), PublicShare("puas", "Puas", "", 9)),
    left_out=("district",),
    waiting=(date(2026, 12, 1),),
)
MONTH = PublicEdition(Period.parse("2026-11"), MOMENT, 12, (PublicSpan(OCTOBER, NOVEMBER, 12),), 12)


def test_an_edition_is_read_as_it_was_written_and_never_written_again(store: Store) -> None:
    assert not store.any_published()
    assert store.edition(YEAR.period) is None
    assert store.publish(MONTH)
    assert store.publish(YEAR)
    assert not store.publish(replace(YEAR, received=13, published_at=MOMENT + timedelta(days=1)))
    assert store.any_published()
    assert store.edition(YEAR.period) == YEAR
    assert store.editions() == [YEAR, MONTH]


def test_the_first_complaint_says_since_when_there_is_something_to_count(store: Store) -> None:
    assert store.first_recorded() is None
    for later in (3, 0, 5):
        store.accept(an_intake(), channel=Channel.WEB, now=MOMENT + timedelta(days=later))
    assert store.first_recorded() == MOMENT


def test_spans_are_called_by_their_months() -> None:
    assert YEAR.spans[0].label == "Oktober 2026 sampai November 2026"
    assert PublicSpan(NOVEMBER, NOVEMBER, 5).label == "November 2026"
