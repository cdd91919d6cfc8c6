"""
Work on very many complaints, shared among the machine's processors.

Python computes on one processor at a time; a year of a hundred thousand complaints takes it a minute. Above some ten
thousand, processes of their own read a slice each from the database and hand back what came of it. Below, starting them
would take longer than they save. Why so: docs/decisions/0036.
"""

import gc
import logging
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from register.cases import Case, Cases
from register.database import open_engine

Result = TypeVar("Result")
Work = Callable[[Iterable[Case]], Result]
_log = logging.getLogger(__name__)

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
            for result in _apart(store, tickets, work, processes):
                yield result
                done += _SLICE
        except (BrokenProcessPool, OSError):  # one was killed for its memory, or none may be started here
            _log.warning("counting in several processes failed; this one counts the rest", exc_info=True)
    if done < len(tickets):
        yield _worked(store, tickets[done:], work)


def _apart(store: Cases, tickets: Sequence[str], work: "Work[Result]", processes: int) -> Iterator[Result]:
    slices = [tickets[start : start + _SLICE] for start in range(0, len(tickets), _SLICE)]
    # Not forked: a copy of a process in which other threads run may wait for ever for what they held.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, (store.address,))
    try:
        yield from pool.map(_work, [(work, each) for each in slices])
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # they end while this one goes on


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


# -- in the other processes -------------------------------------------------------------------------------------------

_stores: list[Cases] = []
"""The one that this process reads from."""


def _begin(address: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started this one is told, and ends it
    Thread(target=_end_with_parent, daemon=True).start()
    _stores.append(Cases(open_engine(address)))


def _end_with_parent() -> None:
    """It may be killed, and would leave this process behind."""
    if (parent := parent_process()) is not None:
        parent.join()
        os._exit(1)


def _work(asked: "tuple[Work[Result], Sequence[str]]") -> Result:
    work, tickets = asked
    return _worked(_stores[0], tickets, work)
