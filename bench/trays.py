"""
What large trays cost: 5,000 messages that wait for staff, beside 500, in `Kotak Masuk` and in `Pesan Keluar`.

Only so many stand there at once, so ten times as many must not cost ten times the time. `python -m bench.trays`
measures this alone.
"""

import logging
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from automation.channels.deeds import Deeds
from automation.channels.incoming_tray import IncomingTray
from automation.channels.outgoing_tray import OutgoingTray
from automation.channels.verdicts import Deed
from automation.reminders.delivery import remembered_rules
from automation.sync.trays import Tray
from register import tables
from register.complaint import Channel
from register.database import open_engine, sqlite_url
from register.inbound import Address, Message, Source
from register.notices import State
from register.reporter_messages import MessageKind, ReporterMessage
from register.sealed_messages import GroupState
from register.store import Store
from tests.builders import MOMENT
from tests.office import Office, close_office, open_office

SMALL, LARGE = 500, 5_000
PORTION = 500
SAID = "Selamat pagi, ini kabar kegiatan kampung kami minggu depan."


def measure(folder: Path) -> None:
    """Fill both trays twice; print a line for each size, and the ratio of the two."""
    office = open_office(folder, judged=False)
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    try:
        store = office.store
        incoming = IncomingTray(store, Deeds(store, None, lambda _telling, _now: None))
        outgoing = OutgoingTray(store, public_url="https://aduan.contoh.id", rules=remembered_rules(store))
        office.trays = (incoming, outgoing)
        office.restart()
        seconds = {}
        for have, size in ((0, SMALL), (SMALL, LARGE)):
            for start in range(have, size, PORTION):
                _fill(office.store, engine, range(start, start + PORTION))
            seconds[size] = _decided(office, office.trays, size)
    finally:
        engine.dispose()
        close_office(office)
    print(f"trays, ratio of the two: {seconds[LARGE] / seconds[SMALL]:.1f} for {LARGE // SMALL} times the messages")


def _decided(office: Office, trays: Sequence[Tray], size: int) -> float:
    """Seconds of a tick in which staff decide on one message."""
    while office.tick().again:
        pass
    laid_out = [_seconds(tray.rows, office.now) for tray in trays]
    index = next(index for index, row in enumerate(office.rows(trays[0].tab.title), start=1) if row["Nomor"])
    office.type_at(index, trays[0].tab.title, decision="Abaikan")
    decided = _seconds(office.tick)
    while office.tick().again:
        pass
    idle = _seconds(office.tick)
    print(
        f"trays, {size:,} waiting in each: rows {laid_out[0]:.2f} s and {laid_out[1]:.2f} s, "
        f"tick with a decision {decided:.2f} s, idle {idle:.2f} s"
    )
    return decided


def _fill(store: Store, engine: sa.Engine, numbers: range) -> None:
    """Somebody wrote each of these, and what was to be told them is left to staff."""
    said = [
        Message(f"m{number}", Address(Channel.TELEGRAM, "telegram", f"{number}", name=f"Warga {number}"), MOMENT, SAID)
        for number in numbers
    ]
    store.keep_delivery(Source.TELEGRAM, f"d{numbers.start}", b"{}", MOMENT)
    delivery = store.next_delivery(MOMENT)
    if delivery is None or store.read_delivery(delivery, said, MOMENT) != len(said):
        raise RuntimeError("the messages were not taken")
    deciding = store.conversations_to_decide(MOMENT, len(said))
    for each in deciding:
        messages = store.undecided_messages(each.conversation).messages
        store.plan_messages(each.conversation, messages, Deed.BOX.value, MOMENT, state=GroupState.BOXED)
        store.conversation_later(each, None)
        told = ReporterMessage(
            MessageKind.NEEDS_TEXT, channel=Channel.TELEGRAM, conversation=each.conversation, mark="bench"
        )
        store.queue_message(told, MOMENT)
    outbox = tables.outbox
    tasks = {"state": State.TASK.value, "problem": "uji", "shown_at": MOMENT, "changed_at": MOMENT}
    with engine.begin() as connection:
        queued = outbox.c.state == State.QUEUED.value
        connection.execute(sa.update(outbox).where(queued).values(**tasks))


def _seconds(act: Callable[..., object], *given: object) -> float:
    began = time.perf_counter()
    act(*given)
    return time.perf_counter() - began


if __name__ == "__main__":
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        measure(Path(name))
