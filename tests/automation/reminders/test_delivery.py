"""Messages on their way: when they are sent, tried again, given up, and what a kill leaves behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from automation.channels.outcome import Outcome, Result
from automation.reminders.channels.staff import send
from automation.reminders.delivery import Delivery, remembered_rules
from automation.reminders.working_off import JITTER, LEASE_SECONDS, PAUSES
from register.complaint import EventKind
from register.notices import Batch, Notice, StaffMessage, State
from register.store import Store
from tests.automation.reminders.desk import Desk
from tests.automation.reminders.staff_rules import person, rules, seeds, wita
from tests.automation.reminders.staff_servers import Mailbox, Telegram, tgram

ROOT = Path(__file__).parents[3]
NOW = wita("2026-11-23 10.00")
REFUSED = Outcome(Result.REFUSED, "kanal ke-1: ditolak server (kode 500)")
UNSURE = Outcome(Result.UNSURE, "kanal ke-1: server tidak menjawab")
SENT = Outcome(Result.SENT)


@dataclass
class Post:
    """Somewhere messages go: answers as told, `SENT` once nothing is left to answer."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    got: list[tuple[tuple[str, ...], str]] = field(default_factory=list)

    def __call__(self, urls: Sequence[str], title: str, text: str) -> Outcome:
        self.got.append((tuple(urls), text))
        answer = self.answers.pop(0) if self.answers else SENT
        if isinstance(answer, Exception):
            raise answer
        return answer


@dataclass
class Office:
    """A sender with a clock in hand, and one complaint that messages are about."""

    desk: Desk
    post: Post = field(default_factory=Post)
    now: datetime = NOW

    def __post_init__(self) -> None:
        self.ticket = self.desk.file()
        self.restart()

    def restart(self, holder: str = "pekerja") -> None:
        self.delivery = Delivery(
            self.desk.store, self.post, holder=holder, clock=lambda: self.now, rules=lambda _: self.desk.config
        )

    def queue(self, person: str = "Loket", *, urgent: bool = False, mark: str = "") -> None:
        notice = Notice(self.ticket, 0, "langkah.5", "jatuh_tempo", mark)
        message = StaffMessage(person, "Judul", f"Isi {mark}".strip(), (notice,), urgent=urgent)
        self.desk.store.queue(Batch([notice], messages=[message]), NOW)

    def run(self, at: datetime | None = None) -> int:
        self.now = at or self.now
        return self.delivery(self.now)

    def trail(self) -> list[str]:
        """What became of the messages, in order."""
        events = self.desk.store.events(self.ticket)
        return [event.data["state"] for event in events if event.kind is EventKind.NOTIFIED]


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


def test_what_waits_is_sent_to_the_channels_of_the_person(office: Office) -> None:
    office.desk.config = rules(person("Loket", channels=("ntfy://a", "mailto://b")))
    office.queue()
    assert office.run() == 1
    assert office.post.got == [(("ntfy://a", "mailto://b"), "Isi")]
    assert office.trail() == ["sent"]
    assert office.run() == 0
    assert len(office.post.got) == 1


def test_what_nobody_accepted_is_tried_again_with_growing_pauses_and_given_up(office: Office) -> None:
    office.queue(urgent=True)
    office.post.answers = [REFUSED] * 9
    tried: list[timedelta] = []
    for passed in range(60 * 6):
        if office.run(NOW + timedelta(minutes=passed)):
            tried.append(timedelta(minutes=passed))
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    assert len(pauses) == len(PAUSES)
    minute = timedelta(minutes=1)
    assert all(least <= pause <= least * (1 + JITTER) + minute for pause, least in zip(pauses, PAUSES, strict=True))
    assert office.trail() == ["failed"]
    (trouble,) = office.desk.store.troubles(NOW)
    assert (trouble.person, trouble.state, trouble.tickets) == ("Loket", State.FAILED, (office.ticket,))
    assert trouble.problem == "kanal ke-1: ditolak server (kode 500)"


def test_a_server_that_asks_to_wait_is_left_alone(office: Office) -> None:
    office.queue()
    office.post.answers = [Outcome(Result.REFUSED, "…", wait_seconds=600), Outcome(Result.REFUSED, "…", 10**9)]
    assert office.run() == 1
    assert office.run(NOW + timedelta(seconds=599)) == 0
    assert office.run(NOW + timedelta(seconds=600)) == 1
    assert office.run(NOW + timedelta(hours=5)) == 0
    assert office.run(wita("2026-11-24 08.00")) == 1
    assert office.trail() == ["sent"]


def test_a_doubtful_message_is_not_sent_again_but_a_darurat_is(office: Office) -> None:
    office.queue(mark="biasa")
    office.queue(mark="darurat", urgent=True)
    office.post.answers = [UNSURE, UNSURE]
    assert office.run() == 2
    assert office.trail() == ["maybe"]
    assert office.run(NOW + PAUSES[0] * (1 + JITTER)) == 1
    assert [text for _, text in office.post.got] == ["Isi darurat", "Isi biasa", "Isi darurat"]
    assert office.trail() == ["maybe", "sent"]


def test_a_darurat_that_stays_doubtful_is_given_up_as_such(office: Office) -> None:
    office.queue(urgent=True)
    office.post.answers = [UNSURE] * 9
    for hour in range(9):
        office.run(NOW + timedelta(hours=3 * hour))
    assert office.trail() == ["maybe"]


@pytest.mark.parametrize("at", ["2026-11-23 12.30", "2026-11-23 23.59", "2026-11-24 00.00", "2026-11-28 10.00"])
def test_outside_service_time_only_a_darurat_is_sent(office: Office, at: str) -> None:
    office.run()
    office.queue(mark="biasa")
    office.queue(mark="darurat", urgent=True)
    assert office.run(wita(at)) == 1
    assert office.post.got[0][1] == "Isi darurat"
    assert office.run(wita(at) + timedelta(minutes=1)) == 0
    assert office.run(wita("2026-11-30 07.30")) == 1
    assert office.trail() == ["sent", "sent"]


@pytest.mark.parametrize("left", ["without channels", "gone"])
def test_a_person_who_lost_the_channels_is_told_of_in_the_register(office: Office, left: str) -> None:
    office.queue()
    office.desk.config = (
        rules(person("Loket", channels=())) if left == "without channels" else rules(without=("Loket",))
    )
    for hour in range(48):
        office.run(NOW + timedelta(hours=hour))
    assert office.post.got == []
    assert office.trail() == ["failed"]
    assert "tidak lagi mempunyai kanal" in office.desk.store.troubles(NOW)[0].problem


def test_an_error_of_our_own_holds_up_nothing_and_is_told(office: Office) -> None:
    office.queue(mark="satu")
    office.queue(mark="dua")
    office.post.answers = [ValueError("satu")]
    with pytest.raises(ValueError, match="satu"):
        office.run()
    with capture_logs() as logs:
        assert office.run() == 1
    assert office.trail() == ["maybe", "sent"]
    assert (logs[0]["event"], logs[0]["queue"]) == ("messages_interrupted", "delivery")


def test_one_of_two_workers_sends(office: Office) -> None:
    office.queue(mark="satu")
    assert office.run() == 1
    first = office.delivery
    office.restart("lainnya")
    office.queue(mark="dua")
    assert office.run() == 0
    assert first(office.now) == 1
    office.queue(mark="tiga")
    assert office.run(NOW + timedelta(seconds=LEASE_SECONDS)) == 1
    assert office.trail() == ["sent"] * 3


def test_the_other_worker_leaves_alone_what_this_one_is_sending(office: Office) -> None:
    """Only whoever holds the lease says what became of a message that is being sent."""
    office.queue()
    assert office.desk.store.hold_lease("delivery", "pekerja", now=NOW, seconds=LEASE_SECONDS)
    assert office.desk.store.claim(NOW, urgent_only=False)
    office.restart("lainnya")
    office.run()
    assert office.trail() == []
    office.run(NOW + timedelta(seconds=LEASE_SECONDS))
    assert office.trail() == ["maybe"]


def test_many_messages_are_sent_over_several_runs(office: Office) -> None:
    for number in range(25):
        office.queue(mark=f"{number:02d}")
    assert (office.run(), office.run(), office.run()) == (20, 5, 0)
    assert [text for _, text in office.post.got] == [f"Isi {number:02d}" for number in range(25)]


def test_the_rules_are_those_that_the_tick_remembered(desk: Desk) -> None:
    read = remembered_rules(desk.store)
    assert read(NOW).officers.keys() == seeds().officers.keys()
    row = [["channels", "ntfy://satu ntfy://dua"], ["name", "Siti Contoh"], ["role", "Kepala Dinas"]]
    desk.store.put_setting("configuration", {"Petugas": [row]})
    assert list(read(NOW).officers.values()) == [
        person("Siti Contoh", role="Kepala Dinas", channels=("ntfy://satu", "ntfy://dua"))
    ]
    next_year = NOW + timedelta(days=365)
    assert max(read(next_year).calendar.closed) > max(read(NOW).calendar.closed)
    desk.store.put_setting("configuration", {})
    assert read(NOW).officers.keys() == seeds().officers.keys()


# -- through real servers -------------------------------------------------------------------------------------------


def test_a_reminder_arrives_by_mail_and_telegram_in_spite_of_a_busy_server(
    desk: Desk, mail: tuple[Mailbox, str], telegram: Telegram
) -> None:
    box, url = mail
    desk.config = rules(person("Loket", channels=(tgram(),)), person("Kabid Linjamsos", channels=(url,)))
    ticket = desk.file("2026-11-23 09.00")
    assert len(desk.at("2026-11-23 10.00")) == 2
    now = [NOW]
    send_here = partial(send, local=True)
    delivery = Delivery(desk.store, send_here, holder="a", clock=lambda: now[0], rules=lambda _: desk.config)
    telegram.status, telegram.answer = 429, {"ok": False, "parameters": {"retry_after": 90}}
    assert delivery(now[0]) == 2
    number = desk.store.complaint(ticket).register_number
    assert number in box.letters[0].get_content()
    telegram.status = 200
    assert delivery(NOW + timedelta(seconds=89)) == 0
    assert delivery(NOW + timedelta(seconds=90)) == 1
    assert number in telegram.calls[-1][1]["text"]
    told = [event.data for event in desk.store.events(ticket) if event.kind is EventKind.NOTIFIED]
    assert [(data["person"], data["state"]) for data in told] == [("Kabid Linjamsos", "sent"), ("Loket", "sent")]


SEND_WHILE_HANGING = """
import sys
from datetime import datetime
from apprise.plugins.telegram import NotifyTelegram
from automation.reminders.channels.staff import send
from automation.reminders.delivery import Delivery
from tests.automation.reminders.desk import open_desk
from tests.automation.reminders.staff_rules import person, rules
from tests.automation.reminders.staff_servers import tgram
from pathlib import Path
path, url, now = sys.argv[1:]
NotifyTelegram.notify_url = url
at = datetime.fromisoformat(now)
config = rules(person("Loket", channels=(tgram(),)))
Delivery(open_desk(Path(path)).store, send, holder="a", clock=lambda: at, rules=lambda _: config)(at)
"""


@pytest.mark.fault
@pytest.mark.parametrize("urgent", [False, True], ids=["ordinary", "Darurat"])
def test_a_kill_between_sending_and_noting_leaves_a_message_in_doubt(
    desk: Desk, tmp_path: Path, telegram: Telegram, urgent: bool
) -> None:
    office = Office(desk)
    office.queue(urgent=urgent)
    telegram.hang = threading.Event()
    arguments = [str(tmp_path / "aduan.sqlite3"), f"http://127.0.0.1:{telegram.port}/bot", NOW.isoformat()]
    with subprocess.Popen([sys.executable, "-c", SEND_WHILE_HANGING, *arguments], cwd=ROOT) as process:
        until = time.monotonic() + 60
        while not telegram.calls and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
    assert len(telegram.calls) == 1
    office.restart("a")
    assert office.run() == int(urgent)
    assert office.trail() == (["sent"] if urgent else ["maybe"])
    assert len(office.post.got) == int(urgent)


def test_a_new_store_has_nothing_to_send(desk: Desk) -> None:
    store: Store = desk.store
    assert not store.messages_wait(NOW, urgent_only=False)
