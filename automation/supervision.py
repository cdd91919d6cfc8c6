"""
Keeping child processes alive, and making sure that none outlives its parent, not even a killed one.

Each child's standard input is a pipe that its parent never writes to. When the parent ends, however it ends, the
operating system closes the pipe and the child, reading the end of it, stops. This works on Windows as on Linux.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import structlog

LONGEST_PAUSE_SECONDS = 30.0
"""Between restarts of a child that keeps failing."""
STEADY_SECONDS = 20.0
"""A child that ran so long starts with a clean slate."""
GRACE_SECONDS = 8
"""For a child to finish what it is doing when told to stop."""

log = structlog.get_logger()


@dataclass
class Child:
    """A process to keep running: its name for the log and its command line."""

    name: str
    command: Sequence[str]
    process: "subprocess.Popen[bytes] | None" = None
    failures: int = 0
    started: float = 0.0
    restart_at: float = field(default=0.0)


def supervise(children: Sequence[Child], stop: threading.Event) -> None:
    """Run the children until told to stop, restarting whichever ends; returns when all have ended."""
    try:
        while not stop.wait(0.2):
            for child in children:
                _look_after(child)
    finally:
        _stop_all(children)


def _look_after(child: Child) -> None:
    now = time.monotonic()
    if child.process is None:
        if now >= child.restart_at:
            child.process = subprocess.Popen(child.command, stdin=subprocess.PIPE)  # noqa: S603 - our own program
            child.started = now
    elif (code := child.process.poll()) is not None:
        child.failures = 1 if now - child.started > STEADY_SECONDS else child.failures + 1
        pause = min(2.0 ** (child.failures - 1), LONGEST_PAUSE_SECONDS)
        log.warning("child_ended", child=child.name, exit_code=code, restart_in_seconds=pause)
        _close_pipe(child.process)
        child.process, child.restart_at = None, now + pause


def _stop_all(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        _close_pipe(process)
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _close_pipe(process: "subprocess.Popen[bytes]") -> None:
    if process.stdin is not None:
        process.stdin.close()


def stop_with_parent(stop: Callable[[], None]) -> None:
    """
    In a child: call `stop` when the parent is gone, and end the process if that does not suffice.

    Ctrl+C reaches every process of a terminal; the parent decides, so a child does not heed it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 1):
            pass
        stop()
        time.sleep(GRACE_SECONDS - 2)
        os._exit(1)

    threading.Thread(target=wait, name="parent", daemon=True).start()
