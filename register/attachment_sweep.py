"""What is done to attachments now and then: interrupted work finished, leftovers removed, the quarantine worked off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from register import tables
from register.complaint import EventKind
from register.holdings import DRAFT, HOLDERS, ROWS, TICKET, Holdings
from register.memory import check_aware
from register.sealing import Keyring

DRAFTS_KEPT = timedelta(days=7)
"""How long files wait for a form that nobody sends, since the last of them came or went; and as long as its draft."""
ORPHANS_KEPT = timedelta(hours=1)
"""How long a file without a row is left alone: its row may be about to be committed."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found and did: drafts handed to their tickets, and what was removed."""

    handed_over: int = 0
    expired: int = 0
    erased: int = 0
    orphans: int = 0


class SweptHoldings(Holdings):
    """Attachments as a caretaker sees them."""

    def __init__(self, engine: sa.Engine, keyring: Keyring, folder: Path) -> None:
        super().__init__(engine, keyring, folder)
        self._orphans: dict[str, datetime] = {}

    # -- quarantine -----------------------------------------------------------------------------------------------

    def quarantined(self) -> list[str]:
        """Ids of files that no scanner has looked at yet, oldest first."""
        query = sa.select(ROWS.c.id).where(ROWS.c.quarantined).order_by(ROWS.c.added_at, ROWS.c.id)
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def quarantined_content(self, attachment_id: str) -> bytes:
        """For the scanner alone. Raises: ErasedError, FileLostError."""
        return self._content(attachment_id, quarantined=True)

    def release(self, attachment_id: str) -> None:
        """The scanner found nothing: it may be opened."""
        with self._write() as connection:
            connection.execute(ROWS.update().where(ROWS.c.id == attachment_id).values(quarantined=False))

    def condemn(self, attachment_id: str, *, now: datetime) -> None:
        """The scanner found something: it goes, and the trail of its ticket says so."""
        check_aware(now)
        with self._write() as connection:
            gone = connection.execute(
                ROWS.delete().where(ROWS.c.id == attachment_id).returning(ROWS.c.file, ROWS.c.holder)
            ).one_or_none()
            if gone is not None:
                data = {"count": "1", "reason": "virus"}
                self._tell(connection, gone.holder, EventKind.EVIDENCE_REMOVED, now, data, actor="sistem")
        if gone is not None:
            self._files.drop(gone.file)

    # -- sweeping -------------------------------------------------------------------------------------------------

    def sweep(self, now: datetime) -> Swept:
        """
        Finish what a kill interrupted, and remove what nobody may have any more. To be called now and then by one
        process.

        Handed over are files of drafts whose form was sent; removed are those of forgotten drafts and of erased
        complaints, and files that no row refers to.
        """
        check_aware(now)
        handed = sum(self._hand_over(origin, TICKET + ticket, now) for origin, ticket in self._sent_drafts())
        expired = self._remove_holders(self._forgotten(now))
        erased = self._remove_holders(self._erased())
        return Swept(handed, expired, erased, self._remove_orphans(now))

    def _sent_drafts(self) -> list[tuple[str, str]]:
        sent = tables.submissions
        query = (
            sa.select(HOLDERS.c.holder, sent.c.ticket)
            .join(sent, sa.literal(DRAFT) + sent.c.key == HOLDERS.c.holder)
            .join(tables.complaint_keys, tables.complaint_keys.c.ticket == sent.c.ticket)
            .where(HOLDERS.c.handed_to.is_(None))
        )
        with self._read() as connection:
            return [(row.holder, row.ticket) for row in connection.execute(query)]

    def _forgotten(self, now: datetime) -> list[str]:
        """
        Holders that nothing happened to for long, but for those whose draft is still there: somebody may have written
        in it only yesterday. A draft goes by its own age.
        """
        query = sa.select(HOLDERS.c.holder).where(
            HOLDERS.c.holder.startswith(DRAFT), HOLDERS.c.touched_at < now - DRAFTS_KEPT
        )
        with self._read() as connection:
            old = list(connection.execute(query).scalars())
            names = list(connection.execute(sa.select(tables.drafts.c.name)).scalars()) if old else []
        alive = {self._place(DRAFT + name) for name in names}
        return [place for place in old if place not in alive]

    def _erased(self) -> list[str]:
        keys = tables.complaint_keys
        query = (
            sa.select(HOLDERS.c.holder)
            .outerjoin(keys, sa.literal(TICKET) + keys.c.ticket == HOLDERS.c.holder)
            .where(HOLDERS.c.holder.startswith(TICKET), keys.c.ticket.is_(None))
        )
        with self._read() as connection:
            return list(connection.execute(query).scalars())

    def _remove_holders(self, places: Sequence[str]) -> int:
        """Each with its files. Returns: how many files that were."""
        count = 0
        for place in places:
            with self._write() as connection:
                query = sa.select(HOLDERS.c.holder).where(HOLDERS.c.holder == place).with_for_update()
                connection.execute(query)
                gone = connection.execute(ROWS.delete().where(ROWS.c.holder == place).returning(ROWS.c.file))
                files = list(gone.scalars())
                connection.execute(HOLDERS.delete().where(HOLDERS.c.holder == place))
            for file in files:
                self._files.drop(file)
            count += len(files)
        return count

    def _remove_orphans(self, now: datetime) -> int:
        there = set(self._files.names())
        with self._read() as connection:
            wanted = set(connection.execute(sa.select(ROWS.c.file)).scalars())
        self._orphans = {name: self._orphans.get(name, now) for name in there - wanted}
        ripe = [name for name, seen_at in self._orphans.items() if now - seen_at >= ORPHANS_KEPT]
        for name in ripe:
            self._files.drop(name)
            del self._orphans[name]
        return len(ripe)
