"""
How a deadline was found, told twice: in phrases like a letter's, and in one short line for a cell.

Counting leaves behind a row of passages, one for each date or event; both wordings are made from them, and only when
somebody asks.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from automation.calendars.indonesian_dates import (
    duration,
    short_date,
    short_duration,
    short_holiday,
    short_range,
    weekday_range,
)
from register.indonesian_dates import long_date, long_instant, weekday_name

LONGEST_BRIEF = 300
"""Letters of the short line; what is more goes out of its middle."""
SERVICE_OVER = "jam layanan sudah berakhir"
_LONGEST_WEEK = timedelta(days=6)
"""Beyond it a weekday alone would be ambiguous, so dates are added."""
_SHORTEST_RUN = 3
"""Equal days in a row from which on they are told as one."""


class Kind(Enum):
    """What a passage tells of its date."""

    SERVED = auto()
    COUNTED = auto()
    STARTED = auto()
    RESUMED = auto()
    CLOSED = auto()
    OVER = auto()
    LANDED = auto()
    ADVANCED = auto()
    POSTPONED = auto()
    PAUSED = auto()
    EXTENDED = auto()
    DUE = auto()


@dataclass(frozen=True)
class Passage:
    """
    One date or event on the way to a deadline.

    `amount` is minutes of service or the number of a working day; `why` the reason in Indonesian, or a norm in words;
    `until` the last date of a run, None for a pause that has not ended; `at` and `ends` are instants in WITA.
    """

    kind: Kind
    on: date
    amount: int = 0
    why: str = ""
    until: date | None = None
    at: datetime | None = None
    ends: datetime | None = None

    @property
    def last(self) -> date:
        """The last date that it tells of."""
        return self.until or self.on


@dataclass(frozen=True)
class Deadline:
    """The last instant that counts as on time (aware, WITA), and how it was found."""

    at: datetime
    passages: tuple[Passage, ...] = ()

    @property
    def derivation(self) -> tuple[str, ...]:
        """How it was found, in Indonesian phrases, one for each date or event."""
        return tuple(_PHRASES[passage.kind](passage) for passage in self.passages)

    @property
    def brief(self) -> str:
        """
        How it was found, in one line of at most LONGEST_BRIEF letters.

        "Jumat 1 j 30 m, Sabtu–Senin libur akhir pekan/Idul Fitri, Selasa 30 m → 09.00 WITA".
        """
        pieces = list(_runs(_merged(self.passages)))
        named = [piece for piece in pieces if piece.kind is not Kind.EXTENDED]
        days = [day for piece in named for day in (piece.on, piece.last)]
        dated = bool(days) and max(days) - min(days) > _LONGEST_WEEK
        texts = [_SHORT[piece.kind](piece, dated) for piece in pieces]
        same_day = bool(named) and named[-1].kind is Kind.SERVED and named[-1].last == self.at.date()
        end = f"→ {'' if same_day and not dated else _end_date(self.at, days)}{self.at:%H.%M} WITA"
        return _capped(texts, end)


def _end_date(at: datetime, days: Sequence[date]) -> str:
    other_year = bool(days) and min(days).year != at.year
    return f"{short_date(at.date())}{f' {at.year}' if other_year else ''} "


def _capped(texts: list[str], end: str) -> str:
    """The texts and the end in one line, without as many from the middle as make it too long."""
    line = " ".join(filter(None, (", ".join(texts), end)))
    kept = min(len(texts), LONGEST_BRIEF // len(", "))  # more could never fit, however many years there are to tell
    while len(line) > LONGEST_BRIEF and kept:
        kept -= 1
        line = f"{', '.join([*texts[: (kept + 1) // 2], '…', *texts[len(texts) - kept // 2 :]])} {end}"
    return line


def _merged(passages: Sequence[Passage]) -> Iterator[Passage]:
    """What the short line tells: without starts and single norms' ends, minutes of one date and closed dates joined."""
    held: Passage | None = None
    for passage in passages:
        if passage.kind in (Kind.STARTED, Kind.DUE):
            continue
        joined = held and _joined(held, passage)
        if held and not joined:
            yield held
        held = joined or passage
    if held:
        yield held


def _joined(before: Passage, after: Passage) -> Passage | None:
    """Both as one, or None if they do not belong together."""
    if after.kind is Kind.OVER and before.on == after.on:
        return before  # that its service went on till closing is known from what was told
    if before.kind is not after.kind:
        return None
    if before.kind is Kind.SERVED and before.on == after.on:
        return replace(before, amount=before.amount + after.amount)
    if before.kind in (Kind.CLOSED, Kind.ADVANCED):
        earlier, later = sorted((before, after), key=lambda passage: passage.on)
        return replace(earlier, until=later.last, why=f"{earlier.why}\n{later.why}")
    return None


def _runs(passages: Iterator[Passage]) -> Iterator[Passage]:
    """Equal days of service, and counted days, that follow one another, as one each."""
    run: list[Passage] = []
    for passage in passages:
        if run and not _continues(run[-1], passage):
            yield from _as_one(run)
            run = []
        run.append(passage)
    yield from _as_one(run)


def _continues(before: Passage, after: Passage) -> bool:
    if before.kind is not after.kind or after.on - before.on != timedelta(days=1):
        return False
    return after.kind is Kind.COUNTED or (after.kind is Kind.SERVED and after.amount == before.amount)


def _as_one(run: Sequence[Passage]) -> Sequence[Passage]:
    return [replace(run[0], until=run[-1].on)] if len(run) >= _SHORTEST_RUN else run


def _pause(passage: Passage) -> str:
    began = long_instant(passage.at) if passage.at else ""
    if passage.ends is None:
        return f"Sejak {began}: berhenti ({passage.why})"
    return f"{began} s.d. {long_instant(passage.ends)}: berhenti ({passage.why})"


def _phrase(text: str) -> Callable[[Passage], str]:
    return lambda passage: f"{long_date(passage.on)}: {text.format(p=passage)}"


_PHRASES: Mapping[Kind, Callable[[Passage], str]] = {
    Kind.SERVED: lambda passage: f"{long_date(passage.on)}: {duration(passage.amount)}",
    Kind.COUNTED: _phrase("hari kerja ke-{p.amount}"),
    Kind.STARTED: _phrase("{p.why}, tidak dihitung"),
    Kind.RESUMED: _phrase("sampai penutupan layanan"),
    Kind.CLOSED: _phrase("{p.why}"),
    Kind.OVER: _phrase(SERVICE_OVER),
    Kind.LANDED: lambda passage: f"{passage.why} dari {long_date(passage.on)}: {long_date(passage.last)}",
    Kind.ADVANCED: _phrase("{p.why}, dimajukan"),
    Kind.POSTPONED: lambda _: "Tidak ada layanan sampai tanggal itu: dihitung sampai penutupan berikutnya",
    Kind.PAUSED: _pause,
    Kind.EXTENDED: lambda passage: f"Diperpanjang {passage.why}",
    Kind.DUE: lambda passage: f"Batas {passage.why}: {long_instant(passage.at) if passage.at else ''}",
}


def _day(passage: Passage, dated: bool) -> str:
    if not dated:
        return weekday_range(passage.on, passage.last)
    if passage.on == passage.last:
        return f"{weekday_name(passage.on)} {short_date(passage.on)}"
    return short_range(passage.on, passage.last)


def _each(passage: Passage) -> str:
    return "masing-masing " if passage.until else ""


def _ordinals(passage: Passage) -> str:
    last = passage.amount + (passage.last - passage.on).days
    return f"ke-{passage.amount}" if last == passage.amount else f"ke-{passage.amount}–{last}"


def _reasons(passage: Passage) -> str:
    """Why the dates are closed, each reason once, the general ones last: "libur Idul Fitri/cuti bersama"."""
    texts = dict.fromkeys(passage.why.split("\n"))
    holidays = dict.fromkeys(
        short_holiday(text.removeprefix("libur (").removesuffix(")")) if text.startswith("libur (") else text
        for text in texts
    )
    general = [text for text in ("cuti bersama", "libur akhir pekan") if holidays.pop(text, "") is None]
    own = [text for text in holidays if text.startswith("tidak ada layanan") or text == SERVICE_OVER]
    named = [text for text in holidays if text not in own]
    days_off = [*named, *(text.removeprefix("libur ") for text in general)]
    return "/".join([*(["libur " + "/".join(days_off)] if days_off else []), *own])


def _brief_pause(passage: Passage, dated: bool) -> str:
    if passage.until is None:
        return f"berhenti sejak {short_date(passage.on)} ({passage.why})"
    return f"berhenti {short_range(passage.on, passage.last)} ({passage.why})"


_SHORT: Mapping[Kind, Callable[[Passage, bool], str]] = {
    Kind.SERVED: lambda passage, dated: f"{_day(passage, dated)} {_each(passage)}{short_duration(passage.amount)}",
    Kind.COUNTED: lambda passage, dated: f"{_day(passage, dated)} hari {_ordinals(passage)}",
    Kind.RESUMED: lambda passage, dated: f"{_day(passage, dated)} sampai penutupan layanan",
    Kind.CLOSED: lambda passage, dated: f"{_day(passage, dated)} {_reasons(passage)}",
    Kind.OVER: lambda passage, dated: f"{_day(passage, dated)} {SERVICE_OVER}",
    Kind.LANDED: lambda passage, _: f"{passage.why} dari {short_date(passage.on)} = {short_date(passage.last)}",
    Kind.ADVANCED: lambda passage, dated: f"{_day(passage, dated)} {_reasons(passage)}, dimajukan",
    Kind.POSTPONED: lambda *_: "penutupan berikutnya",
    Kind.PAUSED: _brief_pause,
    Kind.EXTENDED: lambda passage, _: f"diperpanjang {passage.why}",
}
