"""
Fetching what came with messages: at once, as channels hand files out for minutes or days only, and beside deciding, so
that no complaint waits for a picture. What is fetched after its message was decided on follows to the complaint.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from automation.channels.deeds import Deeds, holder_of
from automation.configuration.in_force import Configuration
from forms.attachments.names import harmless_name
from forms.attachments.refusals import refusal
from forms.attachments.scanning import Scanner, ScannerError
from forms.problems import RefusedError
from register.attachment import Checked
from register.attachments import Attachments, StorageFullError, TooManyAttachmentsError
from register.errors import AduanError, ErasedError
from register.holdings import TICKET, DraftFiledError
from register.message_files import WantedFile
from register.sealed_messages import FileState
from register.store import Store

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
    timedelta(days=1),
    timedelta(days=2),
)
"""Between tries; WhatsApp keeps a file for 7 days, and Meta blocks whoever meets 20 errors in an hour (channels, 2)."""
LEASE_SECONDS = 1_200
MOST_AT_ONCE = 10
"""Files in one run, each of which takes a minute and a half at the most."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Found:
    """A file as the channel handed it out; nothing in it has been checked yet."""

    content: bytes = field(repr=False)
    name: str = field(default="", repr=False)


@dataclass(frozen=True)
class Missing:
    """There is no file. `code` is for the log; `again` tells whether it may come later."""

    code: str
    again: bool


Fetch = Callable[[WantedFile], Found | Missing]
"""Fetches from the channel, or from the mail that was delivered; raises nothing it could tell."""
Check = Callable[[str, bytes], Checked]
"""`forms.attachments.checking.check`. Raises: RefusedError."""


class MessageFilesFetched:
    """
    Works off what is to be fetched.

    Args:
        scanner: Looks for viruses; None where the office has none.
        rules: The configuration in force.
        holder: Names this program to the lease; the same after a restart with the same data folder.
    """

    def __init__(
        self,
        store: Store,
        attachments: Attachments,
        fetch: Fetch,
        check: Check,
        deeds: Deeds,
        *,
        scanner: Scanner | None,
        rules: Callable[[datetime], Configuration],
        holder: str,
    ) -> None:
        self._store = store
        self._attachments = attachments
        self._fetch = fetch
        self._check = check
        self._deeds = deeds
        self._scanner = scanner
        self._rules = rules
        self._holder = holder
        self._held_on: datetime | None = None

    def __call__(self, now: datetime) -> int:
        """Fetch what is due; other servers may let us wait. Returns: how many files were tried."""
        if not self._store.hold_lease("message_files", self._holder, now=now, seconds=LEASE_SECONDS):
            return 0
        rules = self._rules(now)
        self._hold_on(now)
        wanted = self._store.files_to_fetch(now, MOST_AT_ONCE)
        for each in wanted:
            try:
                self._take(each, rules, now)
            except Exception as error:  # noqa: BLE001 - one file must not keep the others, nor any complaint
                log.warning("message_file_failed", file=each.id, error=type(error).__name__)
                self._later(each, "failed", rules, now)
        return len(wanted)

    def _take(self, wanted: WantedFile, rules: Configuration, now: datetime) -> None:
        found = self._fetch(wanted)
        if isinstance(found, Missing):
            if found.again:
                self._later(wanted, found.code, rules, now)
            else:
                self._give_up(wanted, FileState.LOST, found.code, rules, now)
            return
        try:
            checked = self._check(harmless_name(found.name or wanted.media.name), found.content)
            self._keep(wanted, checked, now)
        except RefusedError as refused:
            if refused.code == "busy":
                self._later(wanted, refused.code, rules, now)
            else:
                self._give_up(wanted, FileState.REFUSED, refused.code, rules, now)
        except TooManyAttachmentsError as error:
            self._give_up(wanted, FileState.REFUSED, error.code, rules, now)
        except StorageFullError as error:
            self._later(wanted, error.code, rules, now)
        except ErasedError:
            self._store.settle_file(wanted, FileState.LOST, now, code="erased")
        else:
            self._store.settle_file(wanted, FileState.KEPT, now)

    def _keep(self, wanted: WantedFile, checked: Checked, now: datetime) -> None:
        quarantined = self._unscanned(checked.content)
        holder = TICKET + wanted.ticket if wanted.ticket else holder_of(wanted.message)
        try:
            self._attachments.add(holder, checked, now=now, quarantined=quarantined)
        except DraftFiledError as filed:  # its message was decided on meanwhile
            self._attachments.add(str(filed.facts["holder"]), checked, now=now, quarantined=quarantined)

    def _unscanned(self, content: bytes) -> bool:
        """Whether no scanner could look at it, so that it is locked away. Raises: RefusedError if it is harmful."""
        if self._scanner is None:
            return False
        try:
            harmful = self._scanner.finds_something(content)
        except ScannerError:
            log.warning("scanner_down")
            return True
        if harmful:
            raise refusal("infected")
        return False

    def _later(self, wanted: WantedFile, code: str, rules: Configuration, now: datetime) -> None:
        if wanted.attempts >= len(PAUSES):
            self._give_up(wanted, FileState.LOST, code, rules, now)
        else:
            self._store.file_later(wanted, now + PAUSES[wanted.attempts], code)

    def _give_up(self, wanted: WantedFile, state: FileState, code: str, rules: Configuration, now: datetime) -> None:
        """Of a message that has not gone into a complaint it is told once it has."""
        log.info("message_file_given_up", file=wanted.id, state=state.value, code=code)
        if wanted.ticket:
            try:
                self._deeds.note_refused(wanted.ticket, [code], f"file:{wanted.id}", rules, now)
            except AduanError as error:
                log.warning("message_file_untold", file=wanted.id, error=error.code)
        self._store.settle_file(wanted, state, now, code=code)

    def _hold_on(self, now: datetime) -> None:
        """Files of messages that wait for staff are not forgotten like those of a form that nobody sends."""
        if self._held_on is not None and now - self._held_on < timedelta(days=1):
            return
        for message in self._store.files_waiting_with_messages():
            self._attachments.hold_on(holder_of(message), now=now)
        self._held_on = now
