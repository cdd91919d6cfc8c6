"""
Work on very many complaints, shared among the machine's processors.

Python computes on one processor at a time; a year of a hundred thousand complaints takes it a minute. Above some ten
thousand, processes of their own read a slice each from the database and hand back what came of it. Below, starting them
would take longer than they save. Why so: docs/decisions/0036.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import SimpleQueue
from typing import Any, TypeVar

import structlog

from register.cases import Case, Cases
from register.database import open_engine

Result = TypeVar("Result")
Work = Callable[[Iterable[Case]], Result]
log = structlog.get_logger()

FEW = 20_000
"""Complaints that one process sees to by itself: it takes some ten seconds."""
_SLICE = 1_000
"""Complaints that a process sees to before it hands back what came of it: so much is in its memory at a time."""
MOST = 4
"""Processes: each has memory of its own, some 100 MB."""


def counted_apart(store: Cases, tickets: Sequence[str], work: "Work[Result]") -> Iterator[Result]:
    """What `work` makes of the complaints, slice by slice, in their order. It and what it gives are pickled."""
    processes, done = min(_processors(), MOST), 0
    if len(tickets) > FEW and processes > 1:
        try:
            for result in _apart(store.address, tickets, work, processes):
                yield result
                done += _SLICE
        except (EOFError, OSError, pickle.UnpicklingError) as error:  # one was killed, or none may be started
            log.warning("counting_alone", error=type(error).__name__, done=done, of=len(tickets))
    if done < len(tickets):
        yield _worked(store, tickets[done:], work)


def _apart(address: str, tickets: Sequence[str], work: "Work[Result]", processes: int) -> Iterator[Result]:
    slices = [tickets[start : start + _SLICE] for start in range(0, len(tickets), _SLICE)]
    idle = SimpleQueue[_Process]()

    def ask(some: Sequence[str]) -> Result:
        process = idle.get()
        try:
            answer: Result = process.ask(some)
        finally:
            idle.put(process)
        return answer

    with ExitStack() as ending:
        pool = ThreadPoolExecutor(processes)
        ending.callback(pool.shutdown, cancel_futures=True)
        for _ in range(processes):
            idle.put(ending.enter_context(_Process(address, work)))
        yield from pool.map(ask, slices)


class _Process:
    """
    Another process that works on complaints.

    It is started anew: a copy of this one might wait for ever for what another thread held. Its standard input is a
    pipe, which closes when this process ends, in whatever way; then it ends with its slice (docs/decisions/0005).
    """

    def __init__(self, address: str, work: "Work[Any]") -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this very module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        self._put((address, work))

    def ask(self, tickets: Sequence[str]) -> Any:
        """What the work makes of some complaints. Raises: EOFError or OSError if the process has ended."""
        self._put(tickets)
        if (answers := self._process.stdout) is None:
            raise EOFError
        return pickle.load(answers)  # noqa: S301 - from our own process

    def _put(self, value: object) -> None:
        if (questions := self._process.stdin) is None:
            raise EOFError
        pickle.dump(value, questions)
        questions.flush()

    def __enter__(self) -> "_Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()  # it holds nothing that could be lost
        with suppress(OSError):
            self._process.communicate()


def _worked(store: Cases, tickets: Sequence[str], work: "Work[Result]") -> Result:
    with _no_collecting():
        return work(store.cases_of(tickets))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Without Python's search for cycles, which takes a tenth of the time over so many rows, and finds none in them."""
    used = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if used:
            gc.enable()


def _processors() -> int:
    """Those that this process may use, which on a shared machine are fewer than it has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def main() -> None:
    """In the other process: answers until there are no more questions."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one is told, and ends it
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what anything prints is no answer
    address, work = pickle.load(questions)  # noqa: S301 - from the process that started this one
    store = Cases(open_engine(address))
    with suppress(EOFError, BrokenPipeError):
        while True:
            tickets = pickle.load(questions)  # noqa: S301 - from the process that started this one
            pickle.dump(_worked(store, tickets, work), answers)
            answers.flush()


if __name__ == "__main__":
    main()
