"""`aduan demo`: the sample complaints, filed through the public API as a citizen's program would."""

import secrets
import time
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import requests

from automation.sync.rows import Row, read_register
from automation.sync.stubs import STUB_BIDANG
from register.errors import AduanError, SheetUnavailableError
from register.sheet import Sheet
from sheets_schema.register_tab import REGISTER

ANSWER_SECONDS = 20
PATIENCE_SECONDS = 90
"""How long the register may take to show what was filed."""


class DemoError(AduanError):
    """The server does not answer, or refused a sample."""

    code = "demo"


@dataclass(frozen=True)
class Sample:
    """A text and the labels proposed for it; an empty category where there is nothing to go on."""

    text: str
    category: str
    bidang: str
    urgency: str


def samples() -> tuple[Sample, ...]:
    """The 24 samples of domain section 6, in order."""
    loaded = tomllib.loads(files("automation").joinpath("demo_samples.toml").read_text("utf-8"))
    return tuple(Sample(**row) for row in loaded["samples"])


def run(
    address: str, open_sheets: Callable[[], Sequence[Sheet]], *, echo: Callable[[str], Any], bar: Callable[..., Any]
) -> str:
    """
    File the samples, wait for their rows, and print ticket, category, disposition and deadline of each.

    Args:
        address: Where the public pages are.
        open_sheets: Opens the registers in which the outcome is read, that of restricted complaints last. Called again
            while it raises SheetUnavailableError.
        echo: Prints a line.
        bar: Wraps a sequence in a progress bar, as `click.progressbar` does.

    Returns: the closing sentences: how many were registered, and how many agree with the labels.
    Raises: DemoError if the server does not answer or refuses a sample.
    """
    known = samples()
    with bar(known, label="Mengirim pengaduan contoh") as shown:
        tickets = [_file(address, number, sample) for number, sample in enumerate(shown, start=1)]
    rows = _wait_for_rows(open_sheets, tickets)
    for ticket, sample in zip(tickets, known, strict=True):
        echo(_line(ticket, rows.get(ticket), sample))
    return _summary(tickets, rows, known)


def _file(address: str, number: int, sample: Sample) -> str:
    body = {
        "description": sample.text,
        "name": f"Warga Contoh {number:02d}",
        "phone": f"0812-0000-{number:04d}",
        "confidential": sample.category == "PUNGLI",
    }
    try:
        answer = requests.post(
            f"{address}/api/v1/complaints",
            json=body,
            headers={"Idempotency-Key": secrets.token_urlsafe(16)},
            timeout=ANSWER_SECONDS,
        )
    except requests.RequestException as error:
        raise DemoError(
            f"Server di {address} tidak menjawab. Jalankan dahulu: make run. Bila sudah berjalan dengan PORT lain, "
            "sebutkan PORT yang sama di sini, atau alamatnya dengan --url."
        ) from error
    if answer.status_code != 201:
        raise DemoError(f"Contoh {number} ditolak ({answer.status_code}): {answer.text[:300]}")
    return str(answer.json()["ticket"])


def _wait_for_rows(open_sheets: Callable[[], Sequence[Sheet]], tickets: Sequence[str]) -> dict[str, Row]:
    """The rows of those tickets; of a restricted complaint the one in the last sheet, not the stub in the first."""
    until = time.monotonic() + PATIENCE_SECONDS
    rows: dict[str, Row] = {}
    sheets: Sequence[Sheet] = ()
    while time.monotonic() < until:
        try:
            sheets = sheets or open_sheets()
            found = [row for sheet in sheets for row in read_register(sheet.read([REGISTER.title])[REGISTER.title])[1]]
            rows = {row.ticket: row for row in found if row.ticket in set(tickets)}
        except SheetUnavailableError:
            pass  # it is asked again until patience ends
        unfinished = ("", STUB_BIDANG) if len(sheets) > 1 else ("",)
        if len(rows) == len(tickets) and all(row.text("bidang") not in unfinished for row in rows.values()):
            break
        time.sleep(0.5)
    return rows


def _line(ticket: str, row: Row | None, sample: Sample) -> str:
    if row is None:
        return f"{ticket}  (belum tampak di register)"
    marks = "".join("✓" if same else "✗" for same in _agreement(row, sample))
    return (
        f"{ticket}  {row.text('classified') or '—':11}{row.text('bidang'):12}{row.text('urgency'):8}"
        f"  batas {row.text('due_at')}  {marks}  {sample.text[:44]}"
    )


def _agreement(row: Row, sample: Sample) -> tuple[bool, bool, bool]:
    return (
        row.text("classified") == sample.category,
        row.text("bidang") == sample.bidang,
        row.text("urgency") == sample.urgency,
    )


def _summary(tickets: Sequence[str], rows: dict[str, Row], known: Sequence[Sample]) -> str:
    agreed = [_agreement(rows[ticket], sample) for ticket, sample in zip(tickets, known, strict=True) if ticket in rows]
    by_category, by_bidang, by_urgency = (sum(marks) for marks in zip(*agreed, strict=True)) if agreed else (0, 0, 0)
    return (
        f"Terdaftar {len(rows)} dari {len(tickets)} pengaduan.\n"
        f"Sesuai label usulan: kategori {by_category}, bidang {by_bidang}, urgensi {by_urgency}, "
        f"ketiganya {sum(all(marks) for marks in agreed)} dari {len(tickets)}."
    )
