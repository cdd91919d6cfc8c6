"""`aduan archive`, `restore`, `hold` and `erase`: what they say and do, and that nothing of what was erased opens."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.archive import erasing
from automation.archive.erasing import erase_outdated, report_erased
from automation.archive.job import ASKED
from automation.archive.plan import Verdict
from automation.calendars.explaining_due import rules_for
from automation.reports.counting import Counting
from commands import archive as commands
from forms.papers import Paper, facts_of, render
from forms.papers.facts import ERASED
from register.archive import Task
from register.attachment import Checked, Kind
from register.changes import Change
from register.complaint import WITA, Channel, Clock, Event, EventKind, Status
from register.errors import ErasedError
from register.figures import Figures
from register.inbound import Address, Message
from register.opening import Opened, open_data, prepare
from register.periods import Period
from tests.builders import MOMENT, an_intake
from tests.forms.papers.paper_facts import OFFICE, text
from tests.register.test_opening import settings_for
from tests.test_asking import Ask, ask

__all__ = ["ask"]

NOW = MOMENT + timedelta(days=100)
DATA = ("--data", "data")
PERSON = Address(Channel.FACEBOOK, "halaman-1", "orang-rahasia", name="Ibu Tersembunyi")


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """An office of which something is there already; its commands are run a hundred days later."""
    settings = settings_for(tmp_path / "data")
    prepare(settings, MOMENT)
    monkeypatch.setattr(commands, "clock", lambda: NOW)
    found = open_data(settings)
    yield found
    found.store.close()


def closed(opened: Opened, at: datetime = MOMENT, **fields: Any) -> str:
    """A complaint that was answered and archived then; with everything that may hang on one."""
    store, channel = opened.store, Channel.FACEBOOK
    with store._write() as connection:
        store._take_messages(connection, [Message(f"m{at}", PERSON, at, "uraian-tersembunyi")], 7, at)
    (waiting,) = store.conversations_to_decide(at + timedelta(days=1), 10)
    ticket = store.accept(an_intake(), channel=channel, now=at, conversation=waiting.conversation).complaint.ticket
    picture = Checked(Kind.JPEG, "foto rumah.jpg", b"gambar rumah")
    opened.attachments.add(f"ticket:{ticket}", picture, now=at)
    opened.attachments.hand_over("draft:x", f"ticket:{ticket}", now=at)
    report = opened.reports.seal(ticket, 0, b"%PDF-1.7 laporan", now=at, missing=())
    told = {"category": "PKH", "bidang": "Linjamsos", "urgency": "Sedang", "step": 10, "step_begun_at": at}
    status = fields.get("status", Status.ARCHIVED)
    done = Event(EventKind.ACT, at, "staf", {"act": "arsipkan", "status": status}, {"why": "kata-rahasia"})
    changes = told | {"status": status, "updated_at": at, "note": "catatan-rahasia"} | fields
    store.commit([Change(ticket, changes, [done], reply="balasan-rahasia", report=report)])
    return ticket


def figures(opened: Opened) -> Figures:
    (found,) = Counting(opened.store, lambda _: rules_for(2026, None)).figures([Period.parse("2026")], NOW)
    return found


def test_archive_lists_what_would_move_and_why_others_do_not(ask: Ask, opened: Opened) -> None:
    ready, held, young = closed(opened), closed(opened), closed(opened, at=NOW)
    opened.store.hold(held, "perkara", NOW, actor="admin")
    waits = closed(opened)
    clock = Clock("langkah.10", 0, MOMENT, None, "")
    opened.store.commit([Change(waits, {}, [Event(EventKind.ACT, MOMENT, "staf", {})], clocks=[clock])])
    opened.store.accept(an_intake(), channel=Channel.WEB, now=NOW)
    code, out, err = ask(*DATA, "archive", "--dry-run")
    assert (code, err) == (0, "")
    lines = {line.split()[0]: line for line in out.splitlines()}
    for ticket, verdict in {
        ready: Verdict.MOVES, held: Verdict.HELD, young: Verdict.YOUNG, waits: Verdict.RUNNING
    }.items():  # fmt: skip
        assert lines[ticket].endswith(verdict)
    assert "1 belum diarsipkan" in out
    assert "1 akan dipindahkan ke arsip" in out
    assert opened.store.setting(ASKED) is None
    code, out, _ = ask(*DATA, "archive")
    assert (code, ready in out) == (0, False)
    assert "1 akan dipindahkan ke arsip" in out, "the worker moves it"
    assert opened.store.setting(ASKED) is not None


def test_restore_brings_it_back_and_says_where_it_is(ask: Ask, opened: Opened) -> None:
    ticket = closed(opened)
    assert "tidak di arsip" in ask(*DATA, "restore", ticket)[1]
    opened.store.move_out([ticket], NOW)
    code, out, _ = ask(*DATA, "restore", ticket.lower().replace("-", " "))
    assert (code, out.startswith(f"Dikembalikan: {ticket}.")) == (0, True)
    assert opened.store.complaint(ticket).inactive_since is None


def test_hold_and_release(ask: Ask, opened: Opened) -> None:
    ticket = closed(opened)
    for wrong in ((), ("--reason", "perkara", "--release")):
        assert ask(*DATA, "hold", ticket, *wrong)[0] == 1
    assert ask(*DATA, "hold", ticket, "--reason", "perkara 12/2026")[0] == 0
    code, out, err = ask(*DATA, "erase", ticket, "--reason", "permintaan", "--yes")
    assert (code, "sedang ditahan" in err, "perkara" in out + err) == (1, True, False)
    assert "dilepaskan" in ask(*DATA, "hold", ticket, "--release")[1]
    assert "tidak sedang ditahan" in ask(*DATA, "hold", ticket, "--release")[1]
    assert opened.store.verify().findings == []


@pytest.mark.parametrize("command", ["restore", "hold", "erase"])
def test_a_wrong_ticket_is_told_in_one_sentence(ask: Ask, opened: Opened, command: str) -> None:
    more = ("--release",) if command == "hold" else ()
    code, out, err = ask(*DATA, command, "7K3M-Q9TX-2", *more)
    assert (code, out, err) == (1, "", "Tidak ada pengaduan dengan tiket 7K3M-Q9TX-2 di data ini.\n")


def test_erase_shows_asks_destroys_and_proves(ask: Ask, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket, store = closed(opened), opened.store
    store.move_out([ticket], NOW)
    before = figures(opened)
    assert before.closed == 1
    (attachment,) = opened.attachments.of(f"ticket:{ticket}")
    (report,) = opened.reports.of(ticket)
    assert opened.reports.open(report).startswith(b"%PDF")
    (conversation,) = store.doomed(ticket).conversations
    assert ask(*DATA, "erase", ticket)[0] == 1, "without a reason"
    assert ask(*DATA, "erase", ticket, "--check")[0] == 1, "it is all there"
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    code, out, _ = ask(*DATA, "erase", ticket, "--reason", "permintaan")
    assert "1 lampiran" in out
    assert code != 0
    assert store.intake(ticket) == an_intake(), "who does not confirm destroys nothing"
    code, out, _ = ask(*DATA, "erase", ticket, "--reason", "permintaan", "--yes")
    assert (code, "Dimusnahkan" in out, "rahasia" in out) == (0, True, False)
    waiting = ask(*DATA, "erase", ticket, "--check")[2]
    assert "sel spreadsheet arsip belum selesai dibersihkan" in waiting
    assert "Barisnya di Register belum selesai dihapus" in waiting
    assert "(" not in waiting.replace("(aduan serve)", ""), "no word of the program's own"
    for task in Task:
        store.archive_task_done(task, [ticket])  # as the worker does
    code, out, err = ask(*DATA, "erase", ticket, "--check")
    assert (code, err) == (0, "")
    assert "BUKTI PENGHAPUSAN" in out
    for opening in (
        lambda: store.intake(ticket),
        lambda: store.events(ticket),
        lambda: opened.reports.open(report),
        lambda: opened.attachments.open(attachment),
    ):
        with pytest.raises(ErasedError):
            opening()
    assert store.undecided_messages(conversation).messages == ()
    assert opened.attachments.of(f"ticket:{ticket}") == []
    assert list(opened.reports._files.names()) == []
    assert list(opened.attachments._files.names()) == []
    assert store.complaint(ticket).note == ""
    assert figures(opened) == before
    assert store.verify().findings == []
    facts = facts_of(store, ticket, OFFICE)
    for paper in (Paper.COMPLAINT, Paper.SETTLEMENT):
        assert ERASED in text(render(paper, facts))


def test_what_was_erased_is_not_erased_again(ask: Ask, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = closed(opened)
    assert ask(*DATA, "erase", ticket, "--reason", "permintaan", "--yes")[0] == 0
    erased_at, events = opened.store.complaint(ticket).erased_at, opened.store.events(ticket, opened=False)
    assert erased_at is not None
    monkeypatch.setattr("sys.stdin", io.StringIO())  # nobody answers, as nothing is asked
    for more in ((), ("--reason", "putusan"), ("--reason", "putusan", "--yes")):
        code, out, err = ask(*DATA, "erase", ticket, *more)
        assert (code, err) == (0, "")
        assert f"Tiket {ticket} sudah dimusnahkan pada {erased_at.astimezone(WITA):%d-%m-%Y %H.%M} WITA" in out
        assert "Bukti" not in out
    assert opened.store.complaint(ticket).erased_at == erased_at
    assert opened.store.events(ticket, opened=False) == events


def test_a_conversation_stays_until_its_last_complaint_is_erased(opened: Opened, ask: Ask) -> None:
    first, store = closed(opened), opened.store
    second = store.accept(
        an_intake(), channel=Channel.FACEBOOK, now=MOMENT, conversation=store.doomed(first).conversations[0]
    ).complaint.ticket
    done = Event(EventKind.ACT, MOMENT, "staf", {"act": "arsipkan", "status": Status.ARCHIVED})
    store.commit([Change(second, {"status": Status.ARCHIVED, "updated_at": MOMENT}, [done])])
    out = ask(*DATA, "erase", first, "--reason", "permintaan", "--yes")[1]
    assert "1 percakapan tetap ada" in out
    (conversation,) = store.doomed(second).conversations
    assert [message.text for message in store.undecided_messages(conversation).messages] == ["uraian-tersembunyi"]
    ask(*DATA, "erase", second, "--reason", "permintaan", "--yes")
    assert store.undecided_messages(conversation).messages == ()


# -- retention --------------------------------------------------------------------------------------------------------


def _rules(**settings: str) -> Any:
    rules = rules_for(2026, None)
    return replace(rules, settings={**rules.settings, **settings})


def test_retention_erases_a_category_and_a_kill_loses_no_report(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, rules = opened.store, _rules(retensi_PKH="3 bulan")
    old, other, held = closed(opened), closed(opened, category="SEMBAKO"), closed(opened)
    young, active = closed(opened, at=MOMENT + timedelta(days=30)), closed(opened)
    store.hold(held, "perkara", NOW, actor="admin")
    store.move_out([old, other, young], NOW)
    before = figures(opened)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(erasing, "report_erased", killed)
        with pytest.raises(KeyboardInterrupt):
            erase_outdated(store, rules, NOW, tmp_path)
    assert [t for t in store.complaints() if store.complaint(t).erased_at] == [old]
    report = erase_outdated(store, rules, NOW + timedelta(hours=1), tmp_path)
    assert report is not None
    assert report.stat().st_mode & 0o777 == 0o600
    said = report.read_text("utf-8")
    assert old in said
    assert "retensi 3 bulan" in said
    assert not any(ticket in said for ticket in (other, young, held, active))
    assert erase_outdated(store, rules, NOW + timedelta(hours=2), tmp_path) is None
    store.erase(active, "permintaan", NOW, actor="administrator")
    by_hand = report_erased(store, rules, tmp_path)
    assert by_hand is not None
    assert active in by_hand.read_text("utf-8")
    assert list(report.parent.glob("*.tmp")) == []
    assert figures(opened) == before
    store.seal_day(NOW + timedelta(days=1))
    assert store.verify().findings == []
