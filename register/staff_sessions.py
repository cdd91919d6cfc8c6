"""
Who of the staff is signed in: one session for the desk, the papers and the grid, each a row of the store.

The browser keeps a random token and the store only its fingerprint, so that a copy of the database lets nobody in. A
session ends after an office's longest day, when somebody signs out, and at once when the account is removed or its
password changes.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

import sqlalchemy as sa

from register import tables
from register.accounts import Account, state_of
from register.database import writing
from register.memory import check_aware

COOKIE = "aduan_staff"
"""The cookie that keeps the token; browsers send it to every port of the host."""
LONGEST = timedelta(hours=12)
"""An office day with overtime; the next morning everybody signs in anew."""


class StaffSessions:
    """Sessions in the store's database, so that every process of the program knows them."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def begin(self, account: Account, *, now: datetime) -> str:
        """
        Sign somebody in, and forget the sessions that are over.

        Returns: the token for the browser's cookie.
        Raises: ValueError for a naive instant.
        """
        check_aware(now)
        token = secrets.token_urlsafe(32)
        table = tables.staff_sessions
        with writing(self._engine).begin() as connection:
            connection.execute(table.delete().where(table.c.begun_at <= now - LONGEST))
            connection.execute(
                table.insert().values(
                    number=number_of(token), username=account.username, state=account.state, begun_at=now
                )
            )
        return token

    def account(self, token: str, *, now: datetime) -> Account | None:
        """Whose token it is; None if the session is over or never was."""
        return self.holder(number_of(token), now=now) if token else None

    def holder(self, number: str, *, now: datetime) -> Account | None:
        """Whose session has that number (`number_of` its token); None if it is over."""
        session, accounts = tables.staff_sessions, tables.staff_accounts
        query = (
            sa.select(
                session.c.state, session.c.begun_at, accounts.c.username, accounts.c.name, accounts.c.password_hash
            )
            .join(accounts, accounts.c.username == session.c.username)
            .where(session.c.number == number)
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None or row.begun_at <= now - LONGEST or state_of(row.password_hash) != row.state:
            return None
        return Account(row.username, row.name, row.state)

    def end(self, token: str) -> None:
        """Sign out; a copy of the cookie is worth nothing from then on."""
        table = tables.staff_sessions
        with writing(self._engine).begin() as connection:
            connection.execute(table.delete().where(table.c.number == number_of(token)))


def number_of(token: str) -> str:
    """A token's fingerprint, which names the session without opening it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
