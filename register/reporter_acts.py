"""What reporters do with their own complaints, once for each form that they send."""

from enum import StrEnum

import sqlalchemy as sa

from register import tables
from register.accepting import Accepting
from register.changes import Change
from register.committing import Committing
from register.complaint import Complaint
from register.complaints import complaint_of


class Done(StrEnum):
    """What came of an act of a reporter."""

    NOW = "now"
    REPEATED = "repeated"
    """The same form was sent before: what it asked for is done already."""
    CONFLICT = "conflict"
    """The form was used before, for something else."""
    STALE = "stale"
    """The complaint has changed since it was looked at."""


class ReporterActs(Accepting, Committing):
    """Applies what reporters do."""

    def done_before(self, key: str, content: str = "") -> Done | None:
        """Whether the form with this key was sent before: `REPEATED`, or `CONFLICT` if with something else."""
        with self._read() as connection:
            return self._done_before(connection, key, content)

    def _done_before(self, connection: sa.Connection, key: str, content: str) -> Done | None:
        table = tables.submissions
        query = sa.select(table.c.content_digest).where(table.c.key == self._submission(key))
        digest = connection.execute(query).scalar_one_or_none()
        if digest is None:
            return None
        return Done.REPEATED if digest == self._keyring.digest("act", content) else Done.CONFLICT

    def do_once(self, change: Change, known: Complaint, *, key: str, content: str = "") -> Done:
        """
        Apply what a reporter does, once for each form that was sent.

        Args:
            known: The complaint as it was when the change was decided on.
            key: The form's one-use key.
            content: What was sent with it, to tell a second press of the button from another wish.

        Raises: ErasedError; KeyFileError.
        """
        with self._write() as connection:
            row = self._locked(connection, change.ticket)
            if before := self._done_before(connection, key, content):
                return before
            if row is None or complaint_of(row) != known:
                return Done.STALE
            digest = self._keyring.digest("act", content)
            values = {"key": self._submission(key), "ticket": change.ticket, "content_digest": digest}
            connection.execute(tables.submissions.insert().values(**values))
            self._commit(connection, [change])
        return Done.NOW
