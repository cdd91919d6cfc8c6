"""
What the public is shown of a period: written once, and never counted again.

An edition is plain data that says everything it shows, labels included, so that it reads the same for ever. How it is
made so that no figure points at a person: docs/decisions/0031-public-editions.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register import tables
from register.memory import Memory, check_aware
from register.periods import MONTH, Period

PUBLISHED_AFTER = timedelta(days=10)
"""After a period's end, for corrections. What comes later is not seen."""
OTHERS = "lainnya"
"""The key of the row that joins what may not stand alone."""
OTHERS_NAME = "Lainnya"


@dataclass(frozen=True)
class PublicRow:
    """
    How many were received of one kind.

    Args:
        key: The code in our data, `OTHERS`, or empty for "not known".
        label: In Indonesian.
        count: 0, or at least five.
    """

    key: str
    label: str
    count: int


@dataclass(frozen=True)
class PublicTable:
    """
    Everything that was received, told apart in one way. The rows add up to the edition's `received`.

    Args:
        key: As in `register.figures.Dimension`.
        label: In Indonesian.
    """

    key: str
    label: str
    rows: tuple[PublicRow, ...]


@dataclass(frozen=True)
class PublicShare:
    """
    How much of something went as it should, in tenths, and never in numbers.

    Args:
        key: Such as `langsung.5` for a step of an SOP, `puas` for satisfaction.
        label: In Indonesian, in words that people understand.
        promise: What was promised, such as "2 hari kerja"; empty if it is no promise of time.
        tenths: 0 to 10, rounded; None if too few were counted.
    """

    key: str
    label: str
    promise: str
    tenths: int | None

    @property
    def words(self) -> str:
        """In Indonesian. Ten tenths are 95 % and more, so they are not "all"."""
        if self.tenths is None:
            return "terlalu sedikit untuk ditampilkan"
        return {0: "hampir tidak ada", 10: "hampir semua atau semua"}.get(self.tenths, f"sekitar {self.tenths} dari 10")


@dataclass(frozen=True)
class PublicSpan:
    """
    Months that are counted together, as one of them alone would be too few.

    Args:
        first, last: The first days of its first and last month; the same for a single month.
        received: 0, or at least five.
    """

    first: date
    last: date
    received: int

    @property
    def label(self) -> str:
        """ "November 2026", or "Oktober 2026 sampai November 2026"."""
        first, last = Period(self.first, MONTH), Period(self.last, MONTH)
        return first.label if first == last else f"{first.label} sampai {last.label}"


@dataclass(frozen=True)
class PublicEdition:
    """
    All that the public is shown of one period.

    Args:
        published_at: Aware.
        detail: At which length of period tables are shown in its year, in months: see the setting `publik_rinci`.
        spans: The months that it counts, in order. A month that waits for the following ones is in none: `waiting`.
        received: All of `spans` together; None if there are none, as all of its months wait.
        tables: Empty where its length shows totals only.
        left_out: Keys of tables that could not be shown.
        waiting: The first days of months that will be counted with the following ones.
    """

    period: Period
    published_at: datetime
    detail: int
    spans: tuple[PublicSpan, ...]
    received: int | None
    tables: tuple[PublicTable, ...] = ()
    shares: tuple[PublicShare, ...] = ()
    left_out: tuple[str, ...] = ()
    waiting: tuple[date, ...] = ()

    @property
    def detailed(self) -> bool:
        """Whether it is of the length at which tables are counted."""
        return self.period.months == self.detail

    def table(self, key: str) -> PublicTable | None:
        """The one of that key, if it is shown."""
        return next((table for table in self.tables if table.key == key), None)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON, of which `from_json` makes the same edition."""
        plain = asdict(self)
        plain.update(
            period=self.period.key,
            published_at=self.published_at.isoformat(),
            spans=[
                {"first": span.first.isoformat(), "last": span.last.isoformat(), "received": span.received}
                for span in self.spans
            ],
            waiting=[first.isoformat() for first in self.waiting],
        )
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "PublicEdition":
        """Back from `as_json`."""
        return cls(
            period=Period.parse(plain["period"]),
            published_at=datetime.fromisoformat(plain["published_at"]),
            detail=plain["detail"],
            spans=tuple(
                PublicSpan(date.fromisoformat(span["first"]), date.fromisoformat(span["last"]), span["received"])
                for span in plain["spans"]
            ),
            received=plain["received"],
            tables=tuple(
                PublicTable(table["key"], table["label"], tuple(PublicRow(**row) for row in table["rows"]))
                for table in plain["tables"]
            ),
            shares=tuple(PublicShare(**share) for share in plain["shares"]),
            left_out=tuple(plain["left_out"]),
            waiting=tuple(date.fromisoformat(first) for first in plain["waiting"]),
        )


class Editions(Memory):
    """The shelf of what was published. There is no way to change or take away what stands on it."""

    def publish(self, edition: PublicEdition) -> bool:
        """
        Put an edition on the shelf, unless its period has one already, which stays as it is.

        Returns: whether it is there now because of this call. Raises: ValueError for a naive instant.
        """
        check_aware(edition.published_at)
        table = tables.public_editions
        row = {
            "period": edition.period.key,
            "first": edition.period.first.isoformat(),
            "months": edition.period.months,
            "published_at": edition.published_at,
            "shown": edition.as_json(),
        }
        with self._write() as connection:
            put = self._insert(table).values(row).on_conflict_do_nothing().returning(table.c.period)
            return connection.execute(put).first() is not None

    def edition(self, period: Period) -> PublicEdition | None:
        """What was published of a period, if anything was."""
        table = tables.public_editions
        with self._read() as connection:
            shown = connection.execute(sa.select(table.c.shown).where(table.c.period == period.key)).scalar()
        return PublicEdition.from_json(shown) if shown is not None else None

    def editions(self) -> Sequence[PublicEdition]:
        """All of them, by when the period began, longer ones first."""
        table = tables.public_editions
        query = sa.select(table.c.shown).order_by(table.c.first, table.c.months.desc())
        with self._read() as connection:
            return [PublicEdition.from_json(shown) for shown in connection.execute(query).scalars()]

    def first_recorded(self) -> datetime | None:
        """When the first complaint was recorded; None if there is none yet."""
        first = sa.select(sa.func.min(tables.complaints.c.recorded_at))
        with self._read() as connection:
            at: datetime | None = connection.execute(first).scalar_one()
        return at

    def begun(self) -> datetime | None:
        """
        When this office began to keep its register here: the instant of the first event; None before it.

        Old rows that are imported are recorded before it. What was not kept here is neither published nor reported of
        by the clock: an edition made while an import runs, or for a mistyped year, could never be taken back.
        """
        table = tables.events
        with self._read() as connection:
            at: datetime | None = connection.execute(sa.select(table.c.at).order_by(table.c.seq).limit(1)).scalar()
        return at

    def published(self) -> Sequence[tuple[Period, datetime]]:
        """The periods of which there is one, in the order of `editions`, and when it was published."""
        table = tables.public_editions
        query = sa.select(table.c.period, table.c.published_at).order_by(table.c.first, table.c.months.desc())
        with self._read() as connection:
            return [(Period.parse(key), at) for key, at in connection.execute(query)]

    def any_published(self) -> bool:
        """Whether there is anything to be seen."""
        with self._read() as connection:
            return connection.execute(sa.select(tables.public_editions.c.period).limit(1)).first() is not None
