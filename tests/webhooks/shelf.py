"""A shelf of public editions of an invented office, made as the job makes them."""

from collections.abc import Mapping
from functools import cache

from automation.reports.public import Shown
from automation.reports.publishing import shown
from forms.regions import districts
from register.editions import PublicEdition
from register.figures import Dimension, Timing
from register.periods import YEAR, Period
from register.store import Store
from tests.automation.reports.adversary import Entry, Office

FIRST = Period.parse("2025-01")
CATEGORIES = ("SEMBAKO", "SEMBAKO", "DATA", "PKH", "PBI", "DATA", "LANSIA", "BENCANA", "PUNGLI", "INFO")
CHANNELS = ("desk", "web", "whatsapp", "web", "phone", "desk", "letter")
TIMINGS = (
    Timing("langsung", "langkah.4", "Disposisi", "10 menit", 118, 3, 0, 6, 9),
    Timing("langsung", "langkah.5", "Tindak lanjut", "2 hari kerja", 104, 14, 2, 600, 900),
    Timing("langsung", "langkah.6", "Pelaporan", "10 hari kerja", 20, 1, 0, 2000, 4000),
    Timing("online", "langkah.2", "Verifikasi", "10 menit", 140, 30, 1, 7, 15),
    Timing("online", "langkah.8", "Balasan kepada pelapor", "30 menit", 90, 80, 3, 29, 80),
)


class InventedOffice(Office):
    """Knows the values that the program knows."""

    @property
    def shown(self) -> Mapping[Dimension, Shown]:
        return shown()


@cache
def invented_shelf(months: int = 16) -> tuple[PublicEdition, ...]:
    """A year and some months."""
    names = [district.name for district in districts()]
    entries = [
        Entry(
            month,
            CHANNELS[(number * 3 + month) % len(CHANNELS)],
            names[(number * number + month) % 11],
            CATEGORIES[(number + month) % len(CATEGORIES)],
        )
        for month in range(months)
        for number in range(3 if month == 6 else 17 + month % 5 * 3)
    ]
    office = InventedOffice(FIRST, {}, entries, timings=TIMINGS, ratings={1: 6, 3: 10, 4: 30, 5: 50})
    return tuple(office.published(months, YEAR))


def fill(store: Store, months: int = 16) -> None:
    """Put it into a store."""
    for edition in invented_shelf(months):
        assert store.publish(edition)
