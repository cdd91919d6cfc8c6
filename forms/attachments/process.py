"""The looking-into process as the web server sees it: one for each file, ended without mercy."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from forms.attachments.refusals import REFUSALS, refusal
from register.attachment import Kind

PATIENCE_SECONDS = 20.0
"""For one file, by the clock; the process itself may work for 12."""
MOST_AT_ONCE = 2
"""Of these processes; each may take up to a gigabyte."""
WAITING_SECONDS = 1.5
MOST_INSIDE = 3
"""Threads of the web server that may be busy with files; the others always have pages to show."""
_PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
_PASSED_ON = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH")
"""Of the environment; settings and their secrets are no business of a decoder."""
_seats = threading.BoundedSemaphore(MOST_AT_ONCE)
_door = threading.BoundedSemaphore(MOST_INSIDE)


@contextmanager
def at_the_door() -> Iterator[bool]:
    """Whether this thread may have files looked into now. Nobody waits here: a full house is said at once."""
    may_enter = _door.acquire(blocking=False)
    try:
        yield may_enter
    finally:
        if may_enter:
            _door.release()


def inspect(kind: Kind, data: bytes) -> tuple[Kind, bytes]:
    """
    What the file is, and what of it may be kept.

    Raises: RefusedError with one of the reasons in `refusals`.
    """
    if not _seats.acquire(timeout=WAITING_SECONDS):
        raise refusal("busy")
    try:
        told = _ask(kind, data)
    finally:
        _seats.release()
    line, _, kept = told.partition(b"\n")
    try:
        answer = json.loads(line)
        found = None if "refused" in answer else Kind(answer["kind"])
    except (ValueError, KeyError, TypeError) as error:  # it ended over the file
        raise refusal("damaged") from error
    if found is None:
        code = answer.pop("refused")
        raise refusal(code if code in REFUSALS else "damaged", **answer)
    if not kept:
        raise refusal("damaged")
    return found, kept


def _ask(kind: Kind, data: bytes) -> bytes:
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    paths = [_PACKAGE_PARENT, os.environ.get("PYTHONPATH", "")]
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "forms.attachments.child"],
            input=kind.value.encode() + b"\n" + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PATIENCE_SECONDS,
            env=environment | {"PYTHONPATH": os.pathsep.join(path for path in paths if path)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise refusal("too_hard") from error
    except (OSError, MemoryError) as error:  # the machine has no room for another process
        raise refusal("busy") from error
    if done.returncode < 0:  # a signal: out of time or memory, or a crash
        raise refusal("too_hard")
    return done.stdout if done.returncode == 0 else b""
