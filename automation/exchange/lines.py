"""
An office as JSON Lines: one line that says what follows, one for each complaint, one for each event, and one that seals
them. The only form that keeps everything, and the one that an empty office takes over.

Instants are UTC text as the store keeps them; keys are the store's own names, so the file reads the same in years.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from automation.exchange.errors import TakeOverError
from register.complaint import Clock, Complaint, Intake
from register.complaints import COLUMNS, TYPED, values_of
from register.facts import plain
from register.sealed_json import dump_intake, load_intake
from register.tables import Instant, Spans
from register.transfer import TrailEvent
from register.wholes import Whole

FORMAT, VERSION = "aduan", 1
_INSTANTS = frozenset(column.name for column in COLUMNS if isinstance(column.type, Instant))
_SPANS = frozenset(column.name for column in COLUMNS if isinstance(column.type, Spans))
_CLOCK_INSTANTS = ("begun_at", "due_at", "done_at")
BROKEN = "Berkas ini bukan ekspor aduan yang utuh (baris {line}). Ulangi: aduan export --format jsonl --restricted"


def head_line(**told: Any) -> dict[str, Any]:
    """The first line."""
    return {"format": FORMAT, "version": VERSION, **told}


def complaint_line(whole: Whole, cells: Mapping[str, str]) -> dict[str, Any]:
    """A complaint's line; `cells` is what staff last wrote in its row, by column key."""
    return {
        "complaint": {name: plain(value) for name, value in values_of(whole.complaint).items()},
        "intake": None if whole.intake is None else json.loads(dump_intake(whole.intake)),
        "reply": whole.reply,
        "clocks": [{name: plain(value) for name, value in vars(clock).items()} for clock in whole.clocks],
        "notices": [{name: plain(value) for name, value in notice.items()} for notice in whole.notices],
        "cells": dict(cells),
    }


def complaint_of_line(line: Mapping[str, Any]) -> tuple[Whole, Mapping[str, str]]:
    """Back again. Raises: KeyError, TypeError, ValueError for what is no such line."""
    names = {item.name for item in fields(Complaint)}
    values = {name: _read(name, value) for name, value in line["complaint"].items() if name in names}
    clocks = [_clock(each) for each in line["clocks"]]
    notices = [each | {"at": _instant(each["at"])} for each in line["notices"]]
    intake: Intake | None = None if line["intake"] is None else load_intake(json.dumps(line["intake"]))
    return Whole(Complaint(**values), intake, line["reply"], clocks, notices), line["cells"]


def event_line(event: TrailEvent) -> dict[str, Any]:
    """An event's line."""
    values = {name: plain(value) for name, value in vars(event).items() if name not in ("data", "secret")}
    return {"event": values | {"data": dict(event.data), "secret": dict(event.secret)}}


def event_of_line(line: Mapping[str, Any]) -> TrailEvent:
    """Back again. Raises: KeyError, TypeError, ValueError."""
    values = line["event"]
    return TrailEvent(**values | {"at": datetime.fromisoformat(values["at"])})


def sealed(lines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The lines as text, and the last one, with how many there were and their SHA-256."""
    whole, count = hashlib.sha256(), 0
    for line in lines:
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        whole.update(text.encode("utf-8", "surrogatepass"))
        count += 1
        yield text
    yield json.dumps({"end": count, "sha256": whole.hexdigest()}) + "\n"


def unsealed(texts: Iterable[str], step: Callable[[int], object] = lambda _count: None) -> Iterator[dict[str, Any]]:
    """The lines back, without the last. Raises: TakeOverError at the first that is broken, or if the seal is."""
    whole, count = hashlib.sha256(), 0
    for number, text in enumerate(texts, start=1):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            line = None
        if not isinstance(line, dict):
            raise TakeOverError(BROKEN.format(line=number))
        if "end" in line:
            if (line["end"], line.get("sha256")) != (count, whole.hexdigest()):
                raise TakeOverError(BROKEN.format(line=number))
            return
        whole.update(text.encode("utf-8", "surrogatepass"))
        count += 1
        if not count % 1000:
            step(1000)
        yield line
    raise TakeOverError(BROKEN.format(line=count + 1))


def _clock(values: Mapping[str, Any]) -> Clock:
    return Clock(**{name: _instant(each) if name in _CLOCK_INSTANTS else each for name, each in values.items()})


def _read(name: str, value: Any) -> Any:
    if name in _INSTANTS:
        return _instant(value)
    if name in _SPANS:
        return tuple((_instant(since), _instant(until)) for since, until in value)
    return TYPED[name][value] if name in TYPED else value


def _instant(text: str | None) -> Any:
    return datetime.fromisoformat(text) if text else None
