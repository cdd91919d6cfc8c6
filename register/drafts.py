"""
Drafts: what somebody is still writing, so that a dropped connection or a closed browser loses none of it.

A draft is found by a key that only the writer's browser keeps; here stands a digest of it. What was typed is sealed
under a key of the draft's own, which goes when the draft goes: when it is filed, thrown away, or left for some days.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import sqlalchemy as sa

from register import sealed_json, tables
from register.errors import KeyFileError
from register.memory import Memory, check_aware
from register.sealing import Keyring

KEPT_DAYS = 7
"""A draft that nobody went on with for so long is deleted."""
_PURPOSE = "draft"


@dataclass(frozen=True)
class Draft:
    """
    A complaint in the making.

    Args:
        key: The secret that the browser keeps.
        name: The key of its form's token: under it the complaint is filed, so it stays the same from page to page.
        typed: What was typed, by field, as it was typed.
        step: Name of the step to go on with.
    """

    key: str = field(repr=False)
    name: str
    typed: Mapping[str, str] = field(repr=False)
    step: str

    @property
    def holder(self) -> str:
        """Whose its attachments are until it is filed."""
        return holder_of(self.name)


def holder_of(name: str) -> str:
    """Whose the attachments of a form with this name are until it is filed."""
    return f"draft:{name}"


def new_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_urlsafe(24)


class Drafts(Memory):
    """Drafts in the store's database; a method is one transaction."""

    def __init__(self, engine: sa.Engine, keyring: Keyring) -> None:
        super().__init__(engine)
        self._keyring = keyring

    def find(self, key: str, *, now: datetime) -> Draft | None:
        """The draft of a browser's key; None if there is none (any more), or if its key file is another one."""
        check_aware(now)
        digest, table = self._digest(key), tables.drafts
        alive = sa.and_(table.c.digest == digest, table.c.saved_at > now - timedelta(days=KEPT_DAYS))
        with self._read() as connection:
            row = connection.execute(sa.select(table).where(alive)).one_or_none()
        if row is None:
            return None
        try:
            text = self._keyring.open(row.wrapped_key, digest, _PURPOSE, row.sealed)
        except KeyFileError:
            return None
        return Draft(key, row.name, sealed_json.load_texts(text), row.step)

    def save(self, draft: Draft, *, now: datetime) -> None:
        """Keep a draft as it is now, over what was there under its key."""
        check_aware(now)
        digest = self._digest(draft.key)
        wrapped = self._keyring.new_wrapped_key(digest)
        typed = sealed_json.dump_texts({name: text for name, text in draft.typed.items() if text})
        values = {
            "digest": digest,
            "name": draft.name,
            "step": draft.step,
            "saved_at": now,
            "wrapped_key": wrapped,
            "sealed": self._keyring.seal(wrapped, digest, _PURPOSE, typed),
        }
        upsert = self._upsert(tables.drafts, ("digest",), tuple(name for name in values if name != "digest"))
        with self._write() as connection:
            connection.execute(upsert, [values])

    def delete(self, name: str) -> None:
        """Throw away what was typed under this name, in whatever browser."""
        with self._write() as connection:
            connection.execute(tables.drafts.delete().where(tables.drafts.c.name == name))

    def expire(self, now: datetime) -> list[str]:
        """
        Delete what was left for `KEPT_DAYS`.

        Returns: the names of the drafts that went, so that their attachments can go too.
        """
        check_aware(now)
        old = tables.drafts.c.saved_at <= now - timedelta(days=KEPT_DAYS)
        with self._write() as connection:
            names = list(connection.execute(sa.select(tables.drafts.c.name).where(old)).scalars())
            if names:
                connection.execute(tables.drafts.delete().where(old))
        return names

    def _digest(self, key: str) -> str:
        return self._keyring.digest("draft", key)
