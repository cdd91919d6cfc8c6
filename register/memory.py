"""The ground the store stands on: transactions, and small values that are remembered between ticks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any

import sqlalchemy as sa

from register import tables
from register.database import writing

_SETTING = sa.select(tables.settings.c.value).where(tables.settings.c.name == sa.bindparam("of"))
"""Put together once, as that takes longer than executing it."""


class Memory:
    """Remembered JSON values and leases, over one engine; a method is one transaction."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._upserts: dict[sa.Table, Any] = {}

    def close(self) -> None:
        """Give the database's connections back."""
        self._engine.dispose()

    def setting(self, name: str) -> Any:
        """A remembered JSON value, or None."""
        with self._read() as connection:
            return connection.execute(_SETTING, {"of": name}).scalar_one_or_none()

    def put_setting(self, name: str, value: Any) -> None:
        """Remember a JSON value."""
        with self._write() as connection:
            self._put_setting(connection, name, value)

    def settings(self, prefix: str) -> dict[str, Any]:
        """Every remembered JSON value whose name begins so, by the rest of its name."""
        table = tables.settings
        query = sa.select(table).where(table.c.name.startswith(prefix, autoescape=True)).order_by(table.c.name)
        with self._read() as connection:
            return {row.name.removeprefix(prefix): row.value for row in connection.execute(query)}

    def hold_lease(self, name: str, holder: str, *, now: datetime, seconds: int) -> bool:
        """
        Take or prolong a lease, so that one worker at a time writes to a register.

        Returns: whether `holder` holds it now. A lease lapses by itself `seconds` after it was last taken.
        Raises: ValueError for a naive instant.
        """
        check_aware(now)
        table, key = tables.settings, f"lease.{name}"
        nobody = {"holder": "", "until": now.isoformat()}
        with self._write() as connection:
            # A row that is not there cannot be locked: two first takers would both find the lease free.
            connection.execute(self._insert(table).values(name=key, value=nobody).on_conflict_do_nothing())
            held = connection.execute(
                sa.select(table.c.value).where(table.c.name == key).with_for_update()
            ).scalar_one()
            if held["holder"] != holder and datetime.fromisoformat(held["until"]) > now:
                return False
            until = now + timedelta(seconds=seconds)
            self._put_setting(connection, key, {"holder": holder, "until": until.isoformat()})
            return True

    def ready(self) -> bool:
        """Whether the database answers."""
        with self._read() as connection:
            return bool(connection.execute(sa.text("SELECT 1")).scalar_one() == 1)

    @contextmanager
    def _read(self) -> Iterator[sa.Connection]:
        with self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def _write(self) -> Iterator[sa.Connection]:
        with self._writer.begin() as connection:
            yield connection

    def _upsert(self, table: sa.Table, index: tuple[str, ...], changing: tuple[str, ...]) -> Any:
        """Inserts rows, or brings what is there already up to date; put together once for a table."""
        if table not in self._upserts:
            insert = self._insert(table)
            replaced = {name: insert.excluded[name] for name in changing}
            self._upserts[table] = insert.on_conflict_do_update(index_elements=index, set_=replaced)
        return self._upserts[table]

    def _insert(self, table: sa.Table) -> Any:
        """With ON CONFLICT, as the database knows it; the module of its dialect came with the engine."""
        return import_module(f"sqlalchemy.dialects.{self._engine.dialect.name}").insert(table)

    def _put_setting(self, connection: sa.Connection, name: str, value: Any) -> None:
        connection.execute(self._upsert(tables.settings, ("name",), ("value",)), {"name": name, "value": value})


def check_aware(at: datetime) -> None:
    if at.tzinfo is None:
        raise ValueError("the store takes aware instants only")
