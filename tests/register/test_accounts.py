"""Staff accounts: who gets in, and what is kept of a password."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.security import check_password_hash

from register import tables
from register.accounts import _NOBODY, SHORTEST_PASSWORD, Account, Accounts, WeakPasswordError, new_password
from register.database import migrate, open_engine, sqlite_url
from tests.builders import MOMENT


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine(sqlite_url(tmp_path / "aduan.sqlite3"))
    migrate(engine, backup_folder=tmp_path, now=MOMENT)
    yield engine
    engine.dispose()


@pytest.fixture
def accounts(engine: sa.Engine) -> Accounts:
    return Accounts(engine)


def test_state_changes_with_the_password_and_is_gone_with_the_account(accounts: Accounts, engine: sa.Engine) -> None:
    assert accounts.state("siti") is None
    accounts.set_password("siti", "Kata Sandi 1", now=MOMENT)
    account = accounts.authenticate("siti", "Kata Sandi 1")
    assert account is not None
    assert account.state == accounts.state("siti")
    accounts.set_password("siti", "Kata Sandi 1", now=MOMENT)
    assert account.state != accounts.state("siti"), "given again is given anew"
    with engine.begin() as connection:
        connection.execute(tables.staff_accounts.delete())
    assert accounts.state("siti") is None


def test_nobody_can_log_in_at_first(accounts: Accounts) -> None:
    assert not accounts.exist()
    assert accounts.authenticate("admin", "") is None


def test_only_the_right_name_and_password_get_in(accounts: Accounts) -> None:
    accounts.set_password("siti", "Kata Sandi 1", now=MOMENT, name="Siti Contoh")
    siti = Account("siti", "Siti Contoh")
    tries = {
        ("siti", "Kata Sandi 1"): siti,
        ("  siti\t", "Kata Sandi 1"): siti,
        ("siti", "kata sandi 1"): None,
        ("siti", "Kata Sandi 1 "): None,
        ("siti", ""): None,
        ("Siti", "Kata Sandi 1"): None,
        ("", "Kata Sandi 1"): None,
        ("siti' OR '1'='1", "Kata Sandi 1"): None,
    }
    assert {given: accounts.authenticate(*given) for given in tries} == tries


def test_another_password_replaces_the_first(accounts: Accounts, engine: sa.Engine) -> None:
    accounts.set_password("siti", "kata-sandi-1", now=MOMENT, name="Siti Contoh")
    accounts.set_password(" siti ", "kata-sandi-2", now=MOMENT + timedelta(days=1))
    assert accounts.authenticate("siti", "kata-sandi-1") is None
    assert accounts.authenticate("siti", "kata-sandi-2") == Account("siti", "Siti Contoh")
    with engine.connect() as connection:
        (row,) = connection.execute(sa.select(tables.staff_accounts))
    assert row.changed_at == MOMENT + timedelta(days=1)


def test_account_without_a_name_goes_by_its_username(accounts: Accounts) -> None:
    accounts.set_password("siti", "kata-sandi-1", now=MOMENT)
    assert accounts.authenticate("siti", "kata-sandi-1") == Account("siti", "siti")
    accounts.set_password("siti", "kata-sandi-2", now=MOMENT, name="Siti Contoh")
    assert accounts.authenticate("siti", "kata-sandi-2") == Account("siti", "Siti Contoh")


def test_passwords_are_kept_as_salted_scrypt_hashes(accounts: Accounts, engine: sa.Engine) -> None:
    for username in ("siti", "budi"):
        accounts.set_password(username, "kata-sandi-sama", now=MOMENT)
    with engine.connect() as connection:
        hashes = connection.execute(sa.select(tables.staff_accounts.c.password_hash)).scalars().all()
    assert len(set(hashes)) == 2
    assert all(found.startswith("scrypt:") and "sama" not in found for found in hashes)


def test_nobody_costs_as_much_to_refuse_as_somebody(accounts: Accounts, engine: sa.Engine) -> None:
    """The same method with the same cost, a salt and a hash as long, and no password that fits."""
    accounts.set_password("siti", "kata-sandi-siti", now=MOMENT)
    with engine.connect() as connection:
        kept = connection.execute(sa.select(tables.staff_accounts.c.password_hash)).scalar_one()
    assert [len(part) for part in _NOBODY.split("$")] == [len(part) for part in kept.split("$")]
    assert _NOBODY.partition("$")[0] == kept.partition("$")[0]
    assert not any(check_password_hash(_NOBODY, word) for word in ("", "kata-sandi-siti"))


def test_short_password_is_refused_on_either_side_of_the_limit(accounts: Accounts) -> None:
    with pytest.raises(WeakPasswordError) as refused:
        accounts.set_password("siti", "x" * (SHORTEST_PASSWORD - 1), now=MOMENT)
    assert "xxx" not in refused.value.message
    assert not accounts.exist()
    accounts.set_password("siti", "x" * SHORTEST_PASSWORD, now=MOMENT)
    assert accounts.exist()


def test_new_passwords_can_be_read_aloud_and_differ() -> None:
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"([a-hj-km-np-z2-9]{4}-){3}[a-hj-km-np-z2-9]{4}", password) for password in made)
    assert not set("".join(made)) & set("il1o0")
