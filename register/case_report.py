"""A complaint's report as it is kept: plain values."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class CaseReport:
    """
    What was written of a complaint when it was closed for the `round`-th time after the first.

    Args:
        at: Aware, in UTC.
        sha256: Of the PDF, in hexadecimal, as the audit trail has it.
        size: Of the PDF, in bytes.
        missing: Codes of what people had not filled in (`automation/sop/reporting.py`).
    """

    ticket: str
    round: int
    at: datetime
    sha256: str
    size: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class SealedReport:
    """A report whose sealed file is in its place: its name there, and the key that opens it, yet to be sealed."""

    report: CaseReport
    file: str
    content_key: str
