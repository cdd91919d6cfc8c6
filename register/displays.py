"""
Screens on a wall that show the office's day without anybody being signed in.

Somebody of the staff makes a link, short enough to be typed with a remote control. Who opens it first within a day gets
a key for their browser in exchange, and the link is worth nothing from then on: it may stand in a history or a log. The
store keeps digests alone. A screen sees what the wall board shows and nothing else, until it is taken off. When each
was last seen is kept, so that a key that somebody carried away is noticed: its screen is off, and seen all the same.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from register import tables
from register.memory import Memory, check_aware

LINK_GOOD_FOR = timedelta(hours=24)
SEEN_EVERY = timedelta(minutes=10)
"""How old "last seen" may be: a screen looks each minute, and that is no reason to write each minute."""
MOST = 20
"""Screens of one office; whoever needs more takes one off."""
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUP = 4
_GROUPS = 3
_PREFIX = "display."


@dataclass(frozen=True)
class Display:
    """
    A screen.

    Args:
        number: Names it when it is taken off; not secret.
        place: Where it hangs, as whoever made it wrote.
        made_by: The account.
        opened_at: When its link was opened; None while nobody has.
        seen_at: When the board was last shown with its key, to within `SEEN_EVERY`; None if it was not yet.
    """

    number: str
    place: str
    made_by: str
    made_at: datetime
    opened_at: datetime | None
    seen_at: datetime | None


class Displays(Memory):
    """The office's screens, in the store's memory; a method is one transaction."""

    def __init__(self, engine: sa.Engine, digest: Callable[..., str]) -> None:
        super().__init__(engine)
        self._digest = digest

    def all(self, *, now: datetime) -> list[Display]:
        """Those that show the board, or may be opened still; the oldest first."""
        check_aware(now)
        found = [_display(name, told) for name, told in self.settings(_PREFIX).items() if _alive(told, now)]
        return sorted(found, key=lambda display: (display.made_at, display.number))

    def make(self, place: str, by: str, *, now: datetime) -> str | None:
        """
        A new screen.

        Returns: the code of its link, such as `7K3M-Q9TX-2ABC`; None if there are `MOST` already.
        """
        check_aware(now)
        code = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        told = {"place": place, "by": by, "at": now.isoformat(), "link": self._digest("display link", code)}
        with self._write() as connection:
            rows = self._locked(connection)
            for name, known in rows.items():
                if not _alive(known, now):
                    _remove(connection, name)
            if sum(_alive(known, now) for known in rows.values()) >= MOST:
                return None
            self._put_setting(connection, _PREFIX + secrets.token_hex(4), told)
        return code

    def open(self, code: str, *, now: datetime) -> str | None:
        """The key for the browser that opens a link first; None if the link is spent, too old, or none of ours."""
        check_aware(now)
        link, key = self._digest("display link", _normal(code)), secrets.token_urlsafe(32)
        if not any(told.get("link") == link for told in self.settings(_PREFIX).values()):
            return None  # guesses do not hold up those who write
        with self._write() as connection:
            for name, told in self._locked(connection).items():
                if _alive(told, now) and secrets.compare_digest(told.get("link", ""), link):
                    opened = {field: text for field, text in told.items() if field != "link"}
                    opened |= {"key": self._digest("display key", key), "opened": now.isoformat()}
                    self._put_setting(connection, name, opened)
                    return key
        return None

    def shows(self, key: str, *, now: datetime) -> bool:
        """Whether a browser's key is that of a screen that was not taken off; it is seen then."""
        check_aware(now)
        digest = self._digest("display key", key)
        for name, told in self.settings(_PREFIX).items():
            if secrets.compare_digest(told.get("key", ""), digest):
                if "seen" not in told or abs(now - datetime.fromisoformat(told["seen"])) >= SEEN_EVERY:
                    self._see(_PREFIX + name, now)
                return True
        return False

    def _see(self, name: str, now: datetime) -> None:
        """Unless it was taken off meanwhile: it must not come back by this."""
        with self._write() as connection:
            told = self._locked(connection).get(name)
            if told is not None:
                self._put_setting(connection, name, told | {"seen": now.isoformat()})

    def remove(self, number: str) -> bool:
        """Take a screen off; its key is worth nothing from then on. False if there is none."""
        with self._write() as connection:
            found = _PREFIX + number in self._locked(connection)
            if found:
                _remove(connection, _PREFIX + number)
            return found

    def _locked(self, connection: sa.Connection) -> dict[str, Any]:
        """All of them, nobody else's until the commit: a link is opened once, by whoever comes first."""
        table = tables.settings
        query = sa.select(table).where(table.c.name.startswith(_PREFIX, autoescape=True)).with_for_update()
        return {row.name: row.value for row in connection.execute(query)}


def _alive(told: dict[str, str], now: datetime) -> bool:
    return "key" in told or now < datetime.fromisoformat(told["at"]) + LINK_GOOD_FOR


def _normal(code: str) -> str:
    """As it was shown, however it was typed: with or without hyphens, in small letters, with O for 0 and I for 1."""
    signs = "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum()).translate(_ALIKE)
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))


_ALIKE = str.maketrans("OIL", "011")


def _remove(connection: sa.Connection, name: str) -> None:
    connection.execute(tables.settings.delete().where(tables.settings.c.name == name))


def _display(name: str, told: dict[str, str]) -> Display:
    opened, seen = (datetime.fromisoformat(told[at]) if at in told else None for at in ("opened", "seen"))
    return Display(name, told["place"], told["by"], datetime.fromisoformat(told["at"]), opened, seen)
