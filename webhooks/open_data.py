"""Open data: every edition as CSV and JSON, with a dictionary. Anybody may read them, also from other sites' pages."""

import csv
import io
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, render_template, url_for

from register.complaint import WITA
from register.editions import PublicEdition
from register.periods import Period
from webhooks.context import here, public_base
from webhooks.language import language
from webhooks.public_statistics import answer, period_words, published_period, row_label

blueprint = Blueprint("open_data", __name__)
SHARES, MONTHS = "bagian", "bulan"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CSV, _JSON = "text/csv", "application/json"


@blueprint.after_request
def _for_all(response: Response) -> Response:
    """Without this, browsers hand them to no page but ours."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/data/")
def catalogue() -> Response:
    """All files."""
    shelf = here().store.published()
    page = render_template(
        "open_data.html",
        years=_by_year([period for period, _ in shelf]),
        dictionary=dictionary(),
        language_key=language(),
    )
    return answer(page, _newest())


def _by_year(periods: Sequence[Period]) -> Sequence[tuple[int, Sequence[tuple[Period, str]]]]:
    """With what each is called: the newest year first, and in it the longest, which have tables, before the months."""
    ordered = sorted(periods, key=lambda each: (-each.first.year, -each.months, -each.first.month))
    found: dict[int, list[tuple[Period, str]]] = {}
    for period in ordered:
        found.setdefault(period.first.year, []).append((period, period_words(period)))
    return list(found.items())


@blueprint.get("/data/pengaduan-<key>.<any(csv, json):form>")
def file(key: str, form: str) -> Response:
    """One edition."""
    edition = here().store.edition(published_period(key))
    if edition is None:
        abort(404)
    content, mimetype = (as_csv(edition), _CSV) if form == "csv" else (_dumped(as_open_json(edition)), _JSON)
    response = answer(content, edition.published_at, mimetype)
    response.headers["Content-Disposition"] = f'inline; filename="pengaduan-{key}.{form}"'
    return response


@blueprint.get("/data/kamus.json")
def dictionary_file() -> Response:
    """The dictionary, for programs, in both languages."""
    return answer(_dumped(dictionary()), None, _JSON)


@blueprint.get("/data/kamus")
def dictionary_page() -> Response:
    """The dictionary, for people."""
    page = render_template("data_dictionary.html", dictionary=dictionary(), language_key=language())
    return answer(page, _newest())


@cache
def dictionary() -> Mapping[str, Any]:
    """Columns, tables, licence and the rule of updates, in both languages."""
    return tomllib.loads(Path(__file__).with_name("open_data.toml").read_text("utf-8"))


def rows_of(edition: PublicEdition) -> Iterator[Mapping[str, str | int | None]]:
    """Every figure of an edition as a row, by the columns of the dictionary."""
    for span in edition.spans:
        yield _row(edition, MONTHS, f"{span.first:%Y-%m}", span.label, count=span.received)
    for table in edition.tables:
        for row in table.rows:
            yield _row(edition, table.key, row.key, row_label(row), count=row.count)
    for share in edition.shares:
        yield _row(edition, SHARES, share.key, share.label, tenths=share.tenths, promise=share.promise)


def _row(
    edition: PublicEdition,
    table: str,
    key: str,
    label: str,
    *,
    count: int | None = None,
    tenths: int | None = None,
    promise: str = "",
) -> Mapping[str, str | int | None]:
    values = (edition.period.key, table, key, label, count, tenths, promise)
    return dict(zip((column["name"] for column in dictionary()["column"]), values, strict=True))


def as_csv(edition: PublicEdition) -> str:
    """Commas and line ends as in RFC 4180, UTF-8. Text that a spreadsheet would compute gets an apostrophe."""
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, [column["name"] for column in dictionary()["column"]])
    writer.writeheader()
    for row in rows_of(edition):
        writer.writerow({name: _harmless(value) for name, value in row.items()})
    return lines.getvalue()


def as_open_json(edition: PublicEdition) -> Mapping[str, Any]:
    """The same rows, with what one has to know of them."""
    return {
        "masa": edition.period.key,
        "dari": edition.period.first.isoformat(),
        "sebelum": edition.period.moved(1).first.isoformat(),
        "terbit": edition.published_at.astimezone(WITA).isoformat(),
        "jumlah": edition.received,
        "rincian_bulan": edition.detail,
        "bulan_menunggu": [f"{first:%Y-%m}" for first in edition.waiting],
        "tidak_ditampilkan": list(edition.left_out),
        "lisensi": dictionary()["licence"],
        "kamus": public_base() + url_for("open_data.dictionary_file"),
        "baris": list(rows_of(edition)),
    }


def _harmless(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def _dumped(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1)


def _newest() -> datetime | None:
    return max((at for _, at in here().store.published()), default=None)
