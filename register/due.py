"""When what waits in a queue is to be taken up, also if the clock was once wrong."""

from datetime import datetime, timedelta

import sqlalchemy as sa


def is_due(at: sa.ColumnElement[datetime], now: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    """
    Whether its time has come.

    Args:
        longest: The longest that anything in this queue is put off. What is due later than that was put off by a clock
            that was ahead; it would wait until then for nothing, so it is due now.
    """
    known = at.is_not(None)  # said for SQLite, which otherwise goes through all that will never be due
    return sa.and_(known, sa.or_(at <= now, at > now + longest))
