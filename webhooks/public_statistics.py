"""
What the office shows the public of itself: the pages of its figures. They read what was published and count nothing.

How editions are made so that no figure points at a person: docs/decisions/0031-public-editions.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from babel.dates import format_date
from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from forms.categories import categories
from forms.wording import marked
from register.complaint import WITA
from register.editions import OTHERS, PUBLISHED_AFTER, PublicEdition, PublicRow, PublicShare, PublicSpan, PublicTable
from register.errors import PeriodError
from register.figures import Dimension
from register.periods import HALF, MONTH, QUARTER, YEAR, Period
from webhooks.context import here
from webhooks.durations import norm_words
from webhooks.language import gettext, language

blueprint = Blueprint("statistics", __name__)
KEPT_SECONDS = 3600
"""How long anybody may keep a page without asking again."""
_SHOWN_FLAG = "aduan.statistics_published"
_HEADINGS: Mapping[str, tuple[str, str]] = {
    Dimension.DISTRICT: (marked("Menurut kecamatan"), marked("Kecamatan")),
    Dimension.CATEGORY: (marked("Menurut masalah yang diadukan"), marked("Masalah")),
    Dimension.CHANNEL: (marked("Menurut cara mengadu"), marked("Disampaikan lewat")),
}
"""Of tables, with the head of their first column; in the order in which people ask for them."""
_LENGTHS: Mapping[int, str] = {
    MONTH: marked("Bulan"),
    QUARTER: marked("Triwulan"),
    HALF: marked("Semester"),
    YEAR: marked("Tahun"),
}
_JOINED_OR_UNKNOWN = {OTHERS: marked("Lainnya, digabung"), "": marked("Tidak diketahui")}
_ALL_KEPT = 10
_SATISFIED, _SETTLED = "puas", "selesai"


@dataclass(frozen=True)
class Bar:
    """A row of a table with a bar: `percent` of the longest."""

    label: str
    count: int
    percent: float


@dataclass(frozen=True)
class Bars:
    """A table to be shown with bars; `left_out` instead if it could not be. `nobody` names the values of none."""

    key: str
    heading: str
    head: str
    rows: Sequence[Bar]
    nobody: Sequence[str] = ()

    @property
    def left_out(self) -> bool:
        """Whether there is nothing to be shown."""
        return not self.rows


@blueprint.get("/statistik")
def newest() -> ResponseReturnValue:
    """The newest year; before there is one, the newest of whatever length there is."""
    shelf = here().store.published()
    if not shelf:
        return answer(render_template("statistics_none.html"), None)
    return _page(_newest_of(shelf), shelf, newest=True)


def _newest_of(shelf: Sequence[tuple[Period, datetime]]) -> Period:
    return max((period for period, _ in shelf), key=lambda period: (period.months, period.first))


@blueprint.get("/statistik/<key>")
def one(key: str) -> ResponseReturnValue:
    """What was published of a period, such as `2026` or `2026-11`."""
    return _page(published_period(key), here().store.published())


def published_period(key: str) -> Period:
    """The period that an address names. Aborts with 404 if it names none as we write them."""
    try:
        period = Period.parse(key)
    except PeriodError:
        abort(404)
    if period.key != key:
        abort(404)
    return period


def _page(period: Period, shelf: Sequence[tuple[Period, datetime]], *, newest: bool = False) -> ResponseReturnValue:
    edition = here().store.edition(period)
    if edition is None:
        return _not_published(period, shelf)
    after = [each for each, _ in shelf if each.months == MONTH and each.first >= period.until.date()] if newest else []
    recent = [found for each in after[-YEAR:] if (found := here().store.edition(each))]
    shares = {share.key: share for share in edition.shares}
    page = render_template(
        "statistics.html",
        edition=edition,
        title=period_words(period),
        months=_months(edition.spans),
        waiting=[month_words(first) for first in edition.waiting],
        tables=_tables(edition),
        promises=_promises(edition.shares),
        satisfied=shares.get(_SATISFIED),
        settled=shares.get(_SETTLED),
        recent=_months([span for each in recent for span in each.spans]),
        others=_others(shelf, period),
        tenths=tenths_words,
        norm=norm_words,
        words=period_words,
        published=format_date(edition.published_at.astimezone(WITA).date(), "d MMMM y", locale=language()),
    )
    return answer(page, max(at for _, at in shelf))


def _not_published(period: Period, shelf: Sequence[tuple[Period, datetime]]) -> ResponseReturnValue:
    """A page that says so; and when it will be, if that is to come and sure: every month and year is published."""
    at = (period.until + PUBLISHED_AFTER).astimezone(WITA)
    coming = at > here().clock() and period.months in (MONTH, YEAR)
    newest = _newest_of(shelf) if shelf else None
    page = render_template(
        "statistics_missing.html",
        title=period_words(period),
        coming=format_date(at.date(), "d MMMM y", locale=language()) if coming else "",
        newest=newest,
        newest_title=period_words(newest) if newest else "",
    )
    return page, 404


def _promises(shares: Sequence[PublicShare]) -> Mapping[str, Sequence[tuple[str, PublicShare]]]:
    """Steps by how one came, which the labels say before the colon."""
    found: dict[str, list[tuple[str, PublicShare]]] = {}
    for share in shares:
        way, _, step = share.label.partition(": ")
        if share.promise:
            found.setdefault(gettext(way), []).append((gettext(step), share))
    return found


def _months(spans: Sequence[PublicSpan]) -> Bars:
    longest = max((span.received for span in spans), default=0)
    return Bars(
        "months",
        gettext("Menurut bulan"),
        gettext("Bulan"),
        [Bar(span_words(span), span.received, _percent(span.received, longest)) for span in spans],
    )


def _tables(edition: PublicEdition) -> Sequence[Bars]:
    if not edition.detailed and edition.period.months != YEAR:
        return []
    return [_bars(key, *words, edition.table(key)) for key, words in _HEADINGS.items()]


def _bars(key: str, heading: str, head: str, table: PublicTable | None) -> Bars:
    """Largest first; what was joined, and what is not known, last."""
    rows = sorted(table.rows if table else (), key=lambda row: (row.key in (OTHERS, ""), -row.count, row.label))
    longest = max((row.count for row in rows), default=0)
    return Bars(
        key,
        gettext(heading),
        gettext(head),
        [Bar(row_words(row), row.count, _percent(row.count, longest)) for row in rows if row.count],
        [row_words(row) for row in rows if not row.count and row.key],
    )


def _percent(count: int, longest: int) -> float:
    return round(100 * count / longest, 1) if longest else 0.0


def row_words(row: PublicRow) -> str:
    """What a row is called, in the running language where there are words for it."""
    category = next((each for each in categories() if each.code == row.key), None)
    return category.label_in(language()) if category else gettext(row_label(row))


def row_label(row: PublicRow) -> str:
    """The same in Indonesian, as files have it, whoever asks for them."""
    if row.key in _JOINED_OR_UNKNOWN:
        return _JOINED_OR_UNKNOWN[row.key]
    return next((each.label for each in categories() if each.code == row.key), row.label)


def tenths_words(share: PublicShare) -> str:
    """How much of something, such as "9 dari 10"."""
    if share.tenths is None:
        return gettext("terlalu sedikit")
    if share.tenths == _ALL_KEPT:
        return gettext("hampir semua atau semua")
    if not share.tenths:
        return gettext("hampir tidak ada")
    return gettext("sekitar %(count)s dari 10", count=share.tenths)


def month_words(first: date) -> str:
    """Such as "November 2026"."""
    return format_date(first, "MMMM y", locale=language())


def span_words(span: PublicSpan) -> str:
    """One month, or the months that are counted together."""
    if span.first == span.last:
        return month_words(span.first)
    return gettext("%(first)s sampai %(last)s", first=month_words(span.first), last=month_words(span.last))


def period_words(period: Period) -> str:
    """Such as "Tahun 2026", in the running language."""
    if period.months == MONTH:
        return month_words(period.first)
    if period.months == YEAR:
        return gettext("Tahun %(year)s", year=period.first.year)
    place = (period.first.month - 1) // period.months + 1
    return f"{gettext(_LENGTHS[period.months])} {place}, {period.first.year}"


def _others(shelf: Sequence[tuple[Period, datetime]], shown: Period) -> Sequence[tuple[str, Sequence[Period]]]:
    """All other periods, by year, the newest year first; in a year the longest first."""
    years = sorted({period.first.year for period, _ in shelf}, reverse=True)
    return [
        (str(year), found)
        for year in years
        if (found := [period for period, _ in shelf if period.first.year == year and period != shown])
    ]


def answer(content: str, changed_at: datetime | None, mimetype: str = "text/html") -> Response:
    """
    An answer that anybody may keep for a while, and ask after by its ETag.

    Args:
        changed_at: When anything on it was last published; None if nothing was.
    """
    response = Response(content, mimetype=mimetype)
    response.set_etag(sha256(content.encode()).hexdigest()[:32])
    if changed_at:
        response.last_modified = changed_at
    if request.args.get("lang"):
        response.headers["Cache-Control"] = "private, no-cache"  # it sets a cookie, which is nobody else's
    else:
        response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    if mimetype == "text/html":
        response.vary.add("Cookie")  # which says the language
    response.make_conditional(request)
    return response


def anything_published() -> bool:
    """Whether pages should lead here. What was published stays, so it is asked for only until there is something."""
    found: bool = current_app.extensions.get(_SHOWN_FLAG, False)
    if not found:
        try:
            found = here().store.any_published()
        except SQLAlchemyError:
            return False  # a page that says that the store fails must not fail over this
        current_app.extensions[_SHOWN_FLAG] = found
    return found
