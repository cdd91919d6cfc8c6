"""Staff accounts: who may log in to the register's grid. Passwords are kept as scrypt hashes only."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from werkzeug.security import check_password_hash, generate_password_hash

from register import tables
from register.database import writing
from register.errors import AduanError

SHORTEST_PASSWORD = 8
ADMIN = "admin"
_METHOD = "scrypt:32768:8:1"


class WeakPasswordError(AduanError):
    """The password is too short."""

    code = "weak_password"


@dataclass(frozen=True)
class Account:
    """A person of the staff. `state` is a fingerprint that changes with the password."""

    username: str
    name: str
    state: str = field(default="", compare=False, repr=False)


class Accounts:
    """Accounts in the store's database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def exist(self) -> bool:
        """Whether anybody can log in."""
        with self._engine.connect() as connection:
            return connection.execute(sa.select(tables.staff_accounts.c.username).limit(1)).first() is not None

    def usernames(self) -> frozenset[str]:
        """All who can log in."""
        with self._engine.connect() as connection:
            return frozenset(connection.execute(sa.select(tables.staff_accounts.c.username)).scalars())

    def set_password(self, username: str, password: str, *, now: datetime, name: str = "") -> None:
        """
        Make an account, or give it another password; without `name` its name stays.

        Raises: WeakPasswordError below 8 characters.
        """
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPasswordError(f"Kata sandi paling sedikit {SHORTEST_PASSWORD} huruf. Pilih yang lebih panjang.")
        key = _key(username)
        values = {
            "password_hash": generate_password_hash(password, method=_METHOD),
            "changed_at": now,
        }
        table = tables.staff_accounts
        with writing(self._engine).begin() as connection:
            renamed = {"name": name} if name else {}
            changed = connection.execute(table.update().where(table.c.username == key).values(**values, **renamed))
            if not changed.rowcount:
                connection.execute(table.insert().values(username=key, name=name or key, **values))

    def remove(self, username: str) -> bool:
        """Take an account away, whose sessions end with it; false if there was none of that name."""
        table = tables.staff_accounts
        with writing(self._engine).begin() as connection:
            return bool(connection.execute(table.delete().where(table.c.username == _key(username))).rowcount)

    def authenticate(self, username: str, password: str) -> Account | None:
        """The account, if the password is right. An unknown name takes as long to refuse as a wrong password."""
        table = tables.staff_accounts
        with self._engine.connect() as connection:
            row = connection.execute(sa.select(table).where(table.c.username == _key(username))).one_or_none()
        right = check_password_hash(row.password_hash if row else _NOBODY, password)
        return Account(row.username, row.name, state_of(row.password_hash)) if row and right else None

    def state(self, username: str) -> str | None:
        """The account's `state` now; None if there is no such account (any more)."""
        table = tables.staff_accounts
        with self._engine.connect() as connection:
            found = connection.execute(sa.select(table.c.password_hash).where(table.c.username == _key(username)))
            password_hash = found.scalar_one_or_none()
        return None if password_hash is None else state_of(password_hash)


def _key(username: str) -> str:
    """As it is kept: without outer spaces, nor the one character that PostgreSQL refuses even to look for."""
    return username.replace("\x00", "\ufffd").strip()


def state_of(password_hash: str) -> str:
    """An account's `state`: of a salted hash, so that it tells nothing about the password."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:24]


def new_password() -> str:
    """A random password that can be read aloud: four groups of four letters without look-alikes."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


_NOBODY = f"{_METHOD}${secrets.token_hex(8)}${secrets.token_hex(64)}"
"""A hash that is no password's; comparing with it takes as long as with any other, making it takes no time."""
