"""The only clock of the program; everything else is handed what it says."""

from datetime import UTC, datetime


def clock() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
