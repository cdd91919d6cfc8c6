"""
The staff's figures (`/petugas/dasbor`): any period, any filter, and behind every number the complaints it counts.

Restricted complaints are counted for everybody, and listed only for those who may know of them; for all others they
count under `(terbatas)` where a figure says what complaints are about.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.wording import marked
from register.complaint import Complaint
from register.errors import PeriodError
from register.figures import (
    CLOCK_LABELS,
    DIMENSION_LABELS,
    EMERGENCY_LABELS,
    OUTCOME_LABELS,
    OVERDUE_LABEL,
    PENDING_LABEL,
    PROCEDURE_LABELS,
    VERDICT_LABELS,
    Dimension,
    Statistics,
)
from register.periods import LENGTHS, Period
from webhooks.context import here
from webhooks.counted import Count
from webhooks.dashboard_choice import (
    LENGTH_LABELS,
    PARAMETERS,
    PROCEDURE,
    Choice,
    choice_of,
    options,
    period_label,
    value_label,
)
from webhooks.dashboard_view import view_of
from webhooks.desk_access import may_see
from webhooks.desk_finding import archived_words
from webhooks.language import gettext
from webhooks.staff import signed_in, staff_only

blueprint = Blueprint("dashboard", __name__, url_prefix="/petugas/dasbor")
LIST, PAGE = "daftar", "hal"
PAGE_ROWS = 50
REPORT_TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_WAIT_SECONDS = 3
_RATING = re.compile(r"rating:([1-5])")
_CLOCK = re.compile(r"(on_time|late|overdue):(langsung|online):([a-z0-9_.]{1,40})")
_LISTS: Mapping[str, str] = {
    "received": marked("Diterima"),
    "closed": marked("Ditutup"),
    "pending": PENDING_LABEL,
    "reopened": marked("Dibuka kembali"),
    "emergencies": marked("Darurat yang diterima"),
    **{f"emergencies:{name}": label for name, label in EMERGENCY_LABELS.items()},
    **{f"verdict:{name}": label for name, label in VERDICT_LABELS.items()},
    **{f"outcome:{outcome.value}": label for outcome, label in OUTCOME_LABELS.items()},
}
_REPEATING = ("reopened", "rating", "on_time", "late", "overdue")
"""Figures that count one complaint as often as it happened; it stands in their lists once."""
_CLOCK_WORDS = {
    "on_time": marked("Tepat waktu"),
    "late": marked("Terlambat"),
    "overdue": OVERDUE_LABEL,
}


@dataclass(frozen=True)
class Listed:
    """A page of the complaints behind a figure. `hidden` counts the restricted ones that whoever asks may not see."""

    total: int
    hidden: int
    complaints: Sequence[Complaint]
    page: int
    pages: int


@blueprint.get("")
@staff_only("finds")
def show() -> ResponseReturnValue:
    """The figures of a period beside those of the one before."""
    statistics, now = _statistics(), here().clock()
    choice = _choice(now)
    before = choice.period.moved(-1)
    counted = _counted(
        ("figures", *choice.key), lambda: statistics.figures([before, choice.period], now, choice.chosen)
    )
    bidang = here().settings.bidang_names()
    if counted is None:
        return _still_counting(choice)
    earlier, figures = counted.value
    return render_template(
        "dashboard.html",
        choice=choice,
        counted=counted,
        running=figures.until < choice.period.until,
        view=view_of(figures, earlier, choice, bidang, _behind),
        title=period_label(choice.period),
        before=period_label(before),
        ways=_ways(choice),
        filters=_filters(choice, bidang),
        said=_said(choice, bidang),
        reports=_reports(),
        report_types=REPORT_TYPES,
    ), (400 if choice.problem else 200)


@blueprint.get("/daftar")
@staff_only("finds")
def behind() -> ResponseReturnValue:
    """The complaints behind a figure."""
    statistics, now = _statistics(), here().clock()
    choice, of = _choice(now), request.args.get(LIST, "received")
    if of not in _LISTS and not _RATING.fullmatch(of) and not _CLOCK.fullmatch(of):
        abort(404)

    def count() -> tuple[list[str], set[str]]:
        tickets = list(statistics.tickets(choice.period, now, choice.chosen, of))
        return tickets, store.today.hidden_among(tickets)

    store = here().store
    counted = _counted(("tickets", of, *choice.key), count)
    if counted is None:
        return _still_counting(choice)
    bidang = here().settings.bidang_names()
    tickets, maybe_hidden = counted.value
    listed = _listed(tickets, maybe_hidden, request.args.get(PAGE, "1"))
    parameters = choice.parameters() | {LIST: of}
    return render_template(
        "dashboard_list.html",
        choice=choice,
        counted=counted,
        what=_what(of),
        repeats=of.partition(":")[0] in _REPEATING,
        title=period_label(choice.period),
        said=_said(choice, bidang),
        listed=listed,
        rows=[_row(each, bidang) for each in listed.complaints],
        in_register=any(each.inactive_since is None for each in listed.complaints),
        back=_address("dashboard.show", choice.parameters()),
        page_url=lambda page: _address("dashboard.behind", parameters | {PAGE: str(page)}),
    ), (400 if choice.problem else 200)


@blueprint.get("/laporan/<period>.<any(pdf, xlsx, csv):kind>")
@staff_only("finds")
def report(period: str, kind: str) -> ResponseReturnValue:
    """A periodic report that is finished, as the office may see it; of restricted complaints it has no number."""
    reports, found = here().reports, None
    with suppress(PeriodError):
        found = reports.of(Period.parse(period)) if reports else None
    if found is None or kind not in found.files:
        abort(404)
    response = Response(found.files[kind].read_bytes(), mimetype=REPORT_TYPES[kind])
    shown = "inline" if kind == "pdf" else "attachment"
    response.headers["Content-Disposition"] = f'{shown}; filename="{found.files[kind].name}"'
    return response


def _choice(now: datetime) -> Choice:
    """What the address asks for, as whoever asks may know it."""
    member = signed_in()
    return choice_of(request.args, now).hiding(member is None or not member.opens)


def _statistics() -> Statistics:
    return here().statistics or abort(404)


def _counted(key: tuple[object, ...], count: Callable[[], Any]) -> Count | None:
    newest = here().store.today.newest_event()
    return here().counted.get(key, count, now=here().clock(), newest=newest)


def _still_counting(choice: Choice) -> ResponseReturnValue:
    page = render_template("dashboard_wait.html", title=period_label(choice.period), seconds=_WAIT_SECONDS)
    return page, 200, {"Refresh": str(_WAIT_SECONDS)}


def _address(endpoint: str, parameters: Mapping[str, str]) -> str:
    return f"{url_for(endpoint)}?{urlencode(parameters)}"


def _behind(choice: Choice, of: str) -> str:
    return _address("dashboard.behind", choice.parameters() | {LIST: of})


def _listed(tickets: Sequence[str], maybe_hidden: set[str], page: str) -> Listed:
    """What whoever asks may see of them. Few are restricted, so only these are looked at before the page is cut out."""
    store = here().store
    hidden = {ticket for ticket, each in store.complaints_of(maybe_hidden).items() if not may_see(each)}
    shown = [ticket for ticket in tickets if ticket not in hidden]
    pages = max(1, -(-len(shown) // PAGE_ROWS))
    at = min(max(int(page), 1), pages) if page.isdecimal() and len(page) < 8 else 1
    some = store.complaints_of(shown[(at - 1) * PAGE_ROWS : at * PAGE_ROWS]).values()
    seen = [each for each in some if may_see(each)]  # one may have been restricted since they were counted
    return Listed(len(tickets), len(hidden) + len(some) - len(seen), seen, at, pages)


def _ways(choice: Choice) -> list[tuple[str, str, bool]]:
    """Label, address, and whether it is the one that is shown: the lengths of a period."""
    start, now = choice.period, here().clock()
    at = now if start.holds(now) else start.since
    return [
        (gettext(LENGTH_LABELS[months]), _page_of(choice.at(Period.around(at, months))), months == start.months)
        for months in LENGTHS
    ]


def _page_of(choice: Choice) -> str:
    return _address("dashboard.show", choice.parameters())


def _filters(choice: Choice, bidang: Mapping[str, str]) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """Name, label, what is chosen, and the options of every filter."""
    values = choice.parameters()
    own = [
        (
            name,
            gettext(DIMENSION_LABELS[dimension]),
            values.get(name, ""),
            options(dimension, bidang, choice.chosen.values.get(dimension)),
        )
        for dimension, name in PARAMETERS.items()
    ]
    procedures = [(value, gettext(label)) for value, label in PROCEDURE_LABELS.items()]
    return [*own, (PROCEDURE, "SOP", choice.chosen.procedure, procedures)]


def _said(choice: Choice, bidang: Mapping[str, str]) -> list[str]:
    """The filters that are set, in words."""
    own = [
        f"{gettext(DIMENSION_LABELS[dimension])}: {value_label(dimension, value, bidang)}"
        for dimension, value in choice.chosen.values.items()
    ]
    procedure = choice.chosen.procedure
    return [*own, *([gettext(PROCEDURE_LABELS[procedure])] if procedure else [])]


def _what(of: str) -> str:
    """What a list is of."""
    if of in _LISTS:
        return gettext(_LISTS[of])
    if rating := _RATING.fullmatch(of):
        return gettext("Nilai %(stars)s", stars=rating[1])
    kind, procedure, key = of.split(":")
    step = key.partition(".")[2] if key.startswith("langkah.") else ""
    name = gettext("Langkah %(no)s", no=step) if step else gettext(CLOCK_LABELS.get(key, key))
    return f"{gettext(_CLOCK_WORDS[kind])}: {name}, {gettext(PROCEDURE_LABELS[procedure])}"


def _row(complaint: Complaint, bidang: Mapping[str, str]) -> tuple[Complaint, str, str, str]:
    """A complaint, its category and bidang in words, and how it stands."""
    standing = (gettext(complaint.status_label), archived_words(complaint))
    category = value_label(Dimension.CATEGORY, complaint.category, bidang)
    return complaint, category, bidang.get(complaint.bidang, complaint.bidang), ", ".join(filter(None, standing))


def _reports() -> list[tuple[int, list[tuple[str, str, Sequence[str]]]]]:
    """The reports that are there, by year, newest first: label, key and formats of each."""
    reports = here().reports
    made = reports.made() if reports else ()
    return [
        (year, [(period_label(each.period), each.period.key, each.formats) for each in of_year])
        for year, of_year in groupby(made, key=lambda each: each.period.first.year)
    ]
