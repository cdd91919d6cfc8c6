"""
The counter at which channels' messages arrive: a real store and real files, the real job and the tray, a clock in hand.

`Fate` kills the program between any two steps: before and after every call of the store and of the files' keeper.
"""

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, wraps
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import sqlalchemy as sa

from automation.channels.conversations import Conversations
from automation.channels.deeds import Deeds
from automation.channels.incoming_tray import IncomingTray
from automation.channels.message_files import Found, MessageFilesFetched, Missing
from automation.configuration.in_force import Configuration
from automation.sop.decision import decide_new, decide_row
from forms.attachments.refusals import refusal
from register import tables
from register.attachment import Checked, Kind
from register.attachments import Attachments
from register.complaint import Complaint
from register.database import migrate, open_engine, sqlite_url
from register.inbound import Update
from register.message_files import WantedFile
from register.reporter_messages import MessageKind
from register.sealing import Keyring
from register.store import Store
from tests.automation.channels.chats import rules
from tests.builders import MOMENT

KEYRING = Keyring(bytes(range(32)))
PICTURE = b"gambar"
CONVERSATIONAL = [
    kind.value
    for kind in (
        *(MessageKind.ADDED, MessageKind.STATUS, MessageKind.UNKNOWN_TICKET),
        *(MessageKind.NEEDS_TEXT, MessageKind.COMMENT, MessageKind.THANKS),
    )
]
HARMFUL = b"jahat"


class Killed(BaseException):
    """The program is gone; no `except Exception` of it notices."""


class Fate:
    """Counts what was written, and kills right after the one that was drawn; 0 lets everything live."""

    def __init__(self, kills_at: int = 0) -> None:
        self.kills_at = kills_at
        self.steps = 0

    def step(self) -> None:
        self.steps += 1
        if self.steps == self.kills_at:
            raise Killed


WRITING = {
    *("accept", "do_once", "commit", "plan_messages", "settle_group", "box_group", "drop_plan", "replan_group"),
    *("link_conversation", "note_asked", "conversation_later", "take", "hold_lease", "settle_file", "file_later"),
    *("add", "remove", "hand_over", "discard", "hold_on", "queue_message"),
}
"""What changes anything; between two of them it makes no difference when the program ends."""


def mortal(kind: type[Any]) -> type[Any]:
    """The same class, any change by which may be the program's last."""

    def dangerous(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            result = method(self, *args, **kwargs)
            self.fate.step()
            return result

        return call

    names = [name for name in WRITING if hasattr(kind, name)]
    return type(f"Mortal{kind.__name__}", (kind,), {name: dangerous(getattr(kind, name)) for name in names})


MortalStore, MortalAttachments = mortal(Store), mortal(Attachments)


@cache
def _template() -> Path:
    path = Path(mkdtemp(prefix="konter-")) / "aduan.sqlite3"
    engine = open_engine(sqlite_url(path))
    migrate(engine, backup_folder=path.parent, now=MOMENT)
    engine.dispose()
    return path


def check(name: str, content: bytes) -> Checked:
    """Takes what says that it is a picture; real files are looked into elsewhere."""
    if content == HARMFUL:
        raise refusal("hidden_content")
    return Checked(Kind.JPEG, name, content)


@dataclass
class Counter:
    """See the module."""

    folder: Path
    now: datetime = MOMENT
    heard: int = 0
    files: dict[str, Found | Missing] = field(default_factory=dict)
    """By the id of the media; every other file is a picture of its own."""
    rules: Configuration = field(default_factory=rules)
    check: Callable[[str, bytes], Checked] = check
    store: Store = field(init=False)
    attachments: Attachments = field(init=False)

    def __post_init__(self) -> None:
        if not (self.folder / "aduan.sqlite3").exists():
            shutil.copyfile(_template(), self.folder / "aduan.sqlite3")
        self.restart()

    def copied(self, folder: Path) -> "Counter":
        """Another of the same, as it is now; this one is closed."""
        self.store.close()
        shutil.copytree(self.folder, folder)
        return Counter(folder, self.now, self.heard, self.files, self.rules, self.check)

    def restart(self, kills_at: int = 0) -> Fate:
        """A new program, which remembers nothing but what is on the disk."""
        fate = Fate(kills_at)
        engine = open_engine(sqlite_url(self.folder / "aduan.sqlite3"))
        sa.event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        self.store = MortalStore(engine, KEYRING)
        self.attachments = MortalAttachments(engine, KEYRING, self.folder / "lampiran")
        self.store.fate = self.attachments.fate = fate  # type: ignore[attr-defined]  # of the mortal kind
        deeds = Deeds(self.store, self.attachments)
        common = {"rules": lambda _: self.rules, "holder": "pekerja"}
        self.fetched = MessageFilesFetched(
            self.store, self.attachments, self._fetch, self.check, deeds, scanner=None, **common
        )
        self.job = Conversations(self.store, deeds, **common)
        self.tray = IncomingTray(self.store, deeds)
        return fate

    def deliver(self, *updates: Update) -> int:
        """A delivery is read, as the inbox does it."""
        with self.store._write() as connection:
            return self.store._take_messages(connection, updates, 1, self.now)

    def run(self, minutes: float = 0) -> None:
        """Let time pass, and the jobs run."""
        self.now += timedelta(minutes=minutes)
        self.fetched(self.now)
        self.job(self.now)

    def look(self) -> None:
        """The tick's first look at every complaint that nobody has looked at."""
        for ticket, complaint in self.store.complaints().items():
            if complaint.step_begun_at is None:
                self.store.commit([decide_new(complaint, self.store.intake(ticket), self.rules, self.now)])

    def staff(self, ticket: str, **texts: str) -> None:
        """Staff fill cells of a complaint's row."""
        change = decide_row(
            self.store.complaint(ticket),
            texts=texts,
            changed=list(texts),
            intake=lambda: self.store.intake(ticket),
            rules=self.rules,
            now=self.now,
            clocks=lambda: self.store.clocks([ticket])[ticket],
        )
        assert change
        self.store.commit([change])

    def decide(self, **texts: str) -> None:
        """Staff decide on the one row that waits."""
        ((number, _),) = self.waiting().items()
        self.tray.decide(number, texts, self.rules, self.now)

    def waiting(self) -> Mapping[str, Mapping[str, str]]:
        """The rows that wait for staff."""
        return {number: row.cells for number, row in self.tray.rows(self.now).items() if row.waits}

    @property
    def complaint(self) -> Complaint:
        """The one there is."""
        (found,) = self.store.complaints().values()
        return found

    def said(self, ticket: str) -> list[str]:
        """What the reporter wrote after filing it."""
        events = self.store.reporter_events([ticket]).get(ticket, [])
        return [event.secret["value"] for event in events if event.secret]

    def file_names(self, ticket: str) -> list[str]:
        return [file.name for file in self.attachments.of(f"ticket:{ticket}")]

    @property
    def told(self) -> list[sa.Row[Any]]:
        """What the conversations themselves queued for whoever wrote; acts tell of themselves."""
        table = tables.outbox
        query = sa.select(table).where(table.c.kind.in_(CONVERSATIONAL)).order_by(table.c.id)
        with self.store._read() as connection:
            return list(connection.execute(query))[self.heard :]

    def hear(self) -> None:
        """From now on, what was told up to now is left out."""
        self.heard += len(self.told)

    def told_kinds(self) -> list[str]:
        return sorted(message.kind for message in self.told)

    def _fetch(self, wanted: WantedFile) -> Found | Missing:
        return self.files.get(wanted.media.id, Found(PICTURE + wanted.media.id.encode(), wanted.media.name))


def killed_everywhere(start: Counter, act: Callable[[Counter], None], folder: Path) -> list[Counter]:
    """
    The act, killed after each of its changes in turn; afterwards it is gone on with as far as it was not done.

    Returns: the counters as they then are; nothing ever happened to the first.
    """
    counters: list[Counter] = []
    for kills_at in range(1_000):
        counter = start.copied(folder / str(kills_at))
        fate = counter.restart(kills_at)
        with suppress(Killed):
            act(counter)
            if kills_at:
                assert fate.steps < kills_at
                counter.store.close()
                return counters
        counter.restart()
        for minutes in (1, 11):
            counter.run(minutes)
        counters.append(counter)
    raise AssertionError("it never comes to an end")
