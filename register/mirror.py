"""What ticks last read in the rows of a register, by which the next one knows what staff changed."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from register import tables
from register.changes import Book, MirrorRow
from register.complaints import STANDING
from register.memory import Memory
from register.trail import among, portions

_MIRROR_OF = sa.select(tables.mirror).where(tables.mirror.c.book == sa.bindparam("book"), among(tables.mirror.c.ticket))
_MIRROR = sa.select(tables.mirror).where(
    tables.mirror.c.book == sa.bindparam("book"),
    tables.mirror.c.ticket.in_(sa.select(tables.complaints.c.ticket).where(STANDING)),
)


class Mirror(Memory):
    """Rows by book and ticket."""

    def mirror(self, book: Book = Book.SHARED, tickets: Iterable[str] | None = None) -> dict[str, MirrorRow]:
        """What the last tick read in a book, by ticket: of all that stand there, or of those asked for."""
        asked = [{}] if tickets is None else [{"tickets": some} for some in portions(tickets)]
        query = _MIRROR if tickets is None else _MIRROR_OF
        with self._read() as connection:
            rows = [row for some in asked for row in connection.execute(query, {"book": book.value, **some})]
        return {row.ticket: MirrorRow(row.fingerprint, row.digest, row.cells, row.seen) for row in rows}

    def _put_mirror(self, connection: sa.Connection, read: Sequence[tuple[Book, str, MirrorRow]]) -> None:
        if not read:
            return
        upsert = self._upsert(tables.mirror, ("book", "ticket"), ("fingerprint", "digest", "cells", "seen"))
        rows = [
            {"book": book.value, "ticket": ticket, **vars(row), "cells": dict(row.cells)} for book, ticket, row in read
        ]
        connection.execute(upsert, rows)
