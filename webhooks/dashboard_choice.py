"""What the dashboard is asked for: a period and filters, as they stand in its address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from forms.categories import categories
from forms.regions import districts
from forms.wording import marked
from register.complaint import CHANNEL_LABELS
from register.errors import PeriodError
from register.figures import HIDDEN, PROCEDURE_LABELS, Chosen, Dimension, missing_label
from register.periods import FIRST_YEAR, HALF, LAST_YEAR, MONTH, QUARTER, YEAR, Period
from webhooks.language import gettext, language

PERIOD, PROCEDURE = "masa", "sop"
UNKNOWN = "-"
"""Stands in an address for what is not known of a complaint."""
PARAMETERS: Mapping[Dimension, str] = {
    Dimension.BIDANG: "bidang",
    Dimension.CHANNEL: "kanal",
    Dimension.CATEGORY: "kategori",
    Dimension.DISTRICT: "kecamatan",
    Dimension.URGENCY: "urgensi",
}
LENGTH_LABELS: Mapping[int, str] = {
    MONTH: marked("Bulan"),
    QUARTER: marked("Triwulan"),
    HALF: marked("Semester"),
    YEAR: marked("Tahun"),
}
URGENCIES = {
    "Darurat": marked("Darurat"),
    "Tinggi": marked("Tinggi"),
    "Sedang": marked("Sedang"),
    "Rendah": marked("Rendah"),
}
_NOT_BEGUN = marked(
    "%(period)s belum dimulai, jadi belum ada yang dapat dihitung. Di bawah ini %(running)s, yang sedang berjalan."
)
HIDDEN_LABEL = marked("(terbatas)")
_LONGEST = 100


@dataclass(frozen=True)
class Choice:
    """A period, and which of its complaints. `problem` says what of the address could not be read."""

    period: Period
    chosen: Chosen = field(default_factory=Chosen)
    problem: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two choices the same."""
        return self.period, self.chosen.procedure, tuple(sorted(self.chosen.values.items())), self.chosen.hides

    def hiding(self, hides: bool) -> "Choice":
        """The same for somebody who may not know what restricted complaints are about, or who may."""
        return replace(self, chosen=replace(self.chosen, hides=hides))

    def at(self, period: Period) -> "Choice":
        """The same complaints in another period."""
        return replace(self, period=period)

    def narrowed(self, dimension: Dimension, value: str) -> "Choice":
        """Only those with a value."""
        return replace(self, chosen=replace(self.chosen, values={**self.chosen.values, dimension: value}))

    def of_procedure(self, procedure: str) -> "Choice":
        """Only those of one SOP."""
        return replace(self, chosen=replace(self.chosen, procedure=procedure))

    def parameters(self) -> dict[str, str]:
        """As they stand in an address."""
        own = {PARAMETERS[dimension]: value or UNKNOWN for dimension, value in self.chosen.values.items()}
        procedure = {PROCEDURE: self.chosen.procedure} if self.chosen.procedure else {}
        return {PERIOD: self.period.key} | own | procedure


def choice_of(asked: Mapping[str, str], now: datetime) -> Choice:
    """What an address asks for; the running month where it says nothing that can be read, and no period to come."""
    problem, period = "", Period.around(now, MONTH)
    if written := asked.get(PERIOD, ""):
        try:
            period, problem = _begun(Period.parse(written), now)
        except PeriodError:
            problem = gettext(
                "'%(text)s' bukan masa laporan. Tulis seperti 2026-11 (bulan), 2026-Q4 (triwulan), "
                "2026-S2 (semester), atau 2026 (tahun), dengan tahun dari %(first)s sampai %(last)s.",
                text=written[:40],
                first=FIRST_YEAR,
                last=LAST_YEAR,
            )
    values = {
        dimension: "" if asked[name] == UNKNOWN else asked[name][:_LONGEST]
        for dimension, name in PARAMETERS.items()
        if asked.get(name)
    }
    procedure = asked.get(PROCEDURE, "")
    return Choice(period, Chosen(values, procedure if procedure in PROCEDURE_LABELS else ""), problem)


def _begun(period: Period, now: datetime) -> tuple[Period, str]:
    """A period; in place of one that has not begun the running one of its length, and a sentence about that."""
    if period.since <= now:
        return period, ""
    running = Period.around(now, period.months)
    words = {"period": period_label(period), "running": period_label(running)}
    return running, gettext(_NOT_BEGUN, **words)


def value_label(dimension: Dimension, value: str, bidang: Mapping[str, str]) -> str:
    """A value as people read it. `bidang` are names by code."""
    if not value:
        return gettext(missing_label(dimension))
    if value == HIDDEN:
        return gettext(HIDDEN_LABEL)
    if dimension is Dimension.CATEGORY:
        return next((each.label_in(language()) for each in categories() if each.code == value), value)
    if dimension is Dimension.CHANNEL:
        return gettext(next((label for channel, label in CHANNEL_LABELS.items() if channel == value), value))
    if dimension is Dimension.BIDANG:
        return bidang.get(value, value)
    return gettext(URGENCIES[value]) if dimension is Dimension.URGENCY and value in URGENCIES else value


def options(dimension: Dimension, bidang: Mapping[str, str], chosen: str | None) -> list[tuple[str, str]]:
    """What a filter offers: values as they stand in an address, and their labels."""
    known: Mapping[Dimension, Iterable[str]] = {
        Dimension.BIDANG: bidang,
        Dimension.CHANNEL: [channel.value for channel in CHANNEL_LABELS],
        Dimension.CATEGORY: [each.code for each in categories()],
        Dimension.DISTRICT: [each.name for each in districts()],
        Dimension.URGENCY: URGENCIES,
    }
    values = [*known[dimension], ""]
    if chosen is not None and chosen not in values:
        values.append(chosen)
    return [(value or UNKNOWN, value_label(dimension, value, bidang)) for value in values]


def period_label(period: Period) -> str:
    """A period in the running language: "November 2026", "Triwulan IV 2026"."""
    if language() != "en":
        return period.label
    place = (period.first.month - 1) // period.months + 1
    return {
        MONTH: f"{period.first:%B %Y}",
        QUARTER: f"Quarter {place} of {period.first.year}",
        HALF: f"Half-year {place} of {period.first.year}",
        YEAR: f"Year {period.first.year}",
    }[period.months]
