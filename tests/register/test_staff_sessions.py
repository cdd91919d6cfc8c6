"""Who of the staff is signed in, and what ends it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from register import tables
from register.accounts import Account, Accounts
from register.database import migrate, open_engine, sqlite_url
from register.staff_sessions import LONGEST, StaffSessions, number_of
from tests.builders import MOMENT

PASSWORD = "Kata Sandi 1"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: sa.Engine) -> StaffSessions:
    return StaffSessions(engine)


@pytest.fixture
def siti(engine: sa.Engine) -> Account:
    Accounts(engine).set_password("siti", PASSWORD, now=MOMENT, name="Siti Contoh")
    account = Accounts(engine).authenticate("siti", PASSWORD)
    assert account is not None
    return account


def test_a_token_tells_whose_session_it_is(sessions: StaffSessions, siti: Account) -> None:
    token = sessions.begin(siti, now=MOMENT)
    found = sessions.account(token, now=MOMENT + LONGEST - timedelta(seconds=1))
    assert found is not None
    assert (found.username, found.name, found.state) == ("siti", "Siti Contoh", siti.state)
    assert sessions.holder(number_of(token), now=MOMENT) == siti


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 500, "\ud800"])
def test_a_token_that_nobody_was_given_opens_nothing(sessions: StaffSessions, siti: Account, token: str) -> None:
    sessions.begin(siti, now=MOMENT)
    assert sessions.account(token, now=MOMENT) is None


def sign_out(sessions: StaffSessions, engine: sa.Engine, token: str) -> datetime:
    sessions.end(token)
    return MOMENT


def wait_until_the_day_is_over(sessions: StaffSessions, engine: sa.Engine, token: str) -> datetime:
    return MOMENT + LONGEST


def change_the_password(sessions: StaffSessions, engine: sa.Engine, token: str) -> datetime:
    Accounts(engine).set_password("siti", "Kata Sandi 2", now=MOMENT)
    return MOMENT


def remove_the_account(sessions: StaffSessions, engine: sa.Engine, token: str) -> datetime:
    with engine.begin() as connection:
        connection.execute(tables.staff_accounts.delete())
    return MOMENT


@pytest.mark.parametrize("happen", [sign_out, wait_until_the_day_is_over, change_the_password, remove_the_account])
def test_what_ends_a_session(
    sessions: StaffSessions,
    engine: sa.Engine,
    siti: Account,
    happen: Callable[[StaffSessions, sa.Engine, str], datetime],
) -> None:
    token = sessions.begin(siti, now=MOMENT)
    now = happen(sessions, engine, token)
    assert sessions.account(token, now=now) is None
    assert sessions.holder(number_of(token), now=now) is None


def test_the_store_keeps_no_token_and_forgets_what_is_over(
    sessions: StaffSessions, engine: sa.Engine, siti: Account
) -> None:
    first = sessions.begin(siti, now=MOMENT)
    second = sessions.begin(siti, now=MOMENT + LONGEST)
    with engine.connect() as connection:
        rows = connection.execute(sa.select(tables.staff_sessions)).all()
    assert [row.number for row in rows] == [number_of(second)]
    assert first not in str(rows)
    assert second not in str(rows)


def test_a_naive_instant_is_refused(sessions: StaffSessions, siti: Account) -> None:
    with pytest.raises(ValueError, match="aware"):
        sessions.begin(siti, now=datetime(2026, 11, 23, 10, 0))
