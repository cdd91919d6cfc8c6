"""A kill at any instant: what was acknowledged is there, no row is without its file, and leftovers are swept."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from register.attachment import Checked, Kind
from register.attachment_sweep import ORPHANS_KEPT
from register.attachments import Attachments
from register.complaint import Channel
from register.database import migrate, open_engine, sqlite_url
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT, an_intake

ROOT = Path(__file__).parents[2]
KEYRING = Keyring(bytes(range(32)))
MOST_POINTS = 100
PAPER = Checked(Kind.PDF, "a.pdf", b"surat")
PROGRAM = """
import os, signal, sys
from pathlib import Path
import sqlalchemy as sa
from register.attachment import Checked, Kind
from register.attachments import Attachments
from register.database import open_engine, sqlite_url
from register.sealing import Keyring
from tests.builders import MOMENT

def work(act, ticket, folder, point):
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    attachments = Attachments(engine, Keyring(bytes(range(32))), folder / "lampiran")
    left = point

    def count(*_):
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)

    sa.event.listen(engine, "after_cursor_execute", count)
    sa.event.listen(engine, "commit", count)
    touches, place = ("open", "os.rename", "os.remove"), str(folder / "lampiran")
    sys.addaudithook(lambda event, told: count() if event in touches and place in str(told[0]) else None)
    if act == "add":
        made = attachments.add("draft:x", Checked(Kind.PDF, "a.pdf", b"surat"), now=MOMENT).id
        os.write(1, made.encode() + b" ")
    elif act == "remove":
        attachments.remove("draft:x", attachments.of("draft:x")[0].id, now=MOMENT)
    else:
        attachments.hand_over("draft:x", "ticket:" + ticket, now=MOMENT)
    os._exit(0)

for line in sys.stdin:
    act, ticket, folder, point = line.split()
    if not (child := os.fork()):
        work(act, ticket, Path(folder), int(point))
    _, status = os.waitpid(child, 0)
    os.write(1, b"killed\\n" if os.WIFSIGNALED(status) else b"ended %d\\n" % os.WEXITSTATUS(status))
"""
"""Each line on its input is an act in a folder, in which it is killed after so many statements and touches of files."""


@contextmanager
def killer() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as program:
        yield program
        assert program.stdin
        program.stdin.close()


@pytest.mark.program
@pytest.mark.skipif(os.name != "posix", reason="ends a process as only POSIX can")
@pytest.mark.parametrize("act", ["add", "remove", "hand_over"])
def test_a_kill_leaves_no_row_without_its_file(tmp_path: Path, act: str) -> None:
    ticket = _prepare(tmp_path / "0", act)
    with killer() as program:
        assert program.stdin
        assert program.stdout
        for point in range(1, MOST_POINTS):
            folder = Path(shutil.copytree(tmp_path / "0", tmp_path / str(point)))
            program.stdin.write(f"{act} {ticket} {folder} {point}\n")
            program.stdin.flush()
            *acknowledged, end = program.stdout.readline().removesuffix(" 0\n").split()
            assert end in ("killed", "ended")
            _check(folder, act, ticket, acknowledged)
            if end == "ended":
                break
    assert 5 < point < MOST_POINTS - 1, "it was never killed in the middle, or never came to its end"


def _prepare(folder: Path, act: str) -> str:
    folder.mkdir()
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    migrate(engine, backup_folder=folder, now=MOMENT)
    store = Store(engine, KEYRING)
    ticket = store.accept(an_intake(), channel=Channel.WEB, now=MOMENT, submission_key="web:x").complaint.ticket
    if act != "add":
        Attachments(engine, KEYRING, folder / "lampiran").add("draft:x", PAPER, now=MOMENT)
    engine.dispose()
    return ticket


def _check(folder: Path, act: str, ticket: str, acknowledged: list[str]) -> None:
    engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
    attachments, store = Attachments(engine, KEYRING, folder / "lampiran"), Store(engine, KEYRING)
    assert attachments.lost() == 0
    before = attachments.of("draft:x") + attachments.of(f"ticket:{ticket}")
    assert len(before) == 1 or act != "hand_over", "a file was lost on its way to the ticket"
    if acknowledged:
        assert [each.id for each in before] == acknowledged
    for passed in (timedelta(), ORPHANS_KEPT):
        attachments.sweep(MOMENT + passed)
    after = attachments.of(f"ticket:{ticket}")
    assert [each.id for each in after] == [each.id for each in before], "the complaint was filed: its files are its own"
    assert [attachments.open(each) for each in after] == [PAPER.content] * len(before)
    assert len([path for path in (folder / "lampiran").rglob("*") if path.is_file()]) == len(after)
    assert store.verify().findings == []
    engine.dispose()
