"""Edits that the spreadsheet's script delivers, from their bytes to the audit trail."""

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from automation.channels.delivered_edits import heed_hint, keep_edit
from register.complaint import Channel, Event, EventKind
from register.database import open_engine, sqlite_url
from register.edits import unplaced
from register.inbound import Delivery, Source
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT, an_intake

SAMPLE: dict[str, Any] = {
    "schema": 1,
    "kind": "sheet_edit",
    "delivery_id": "7b0c1f6e-0000-4000-8000-000000000002",
    "sent_at": "2026-11-23T02:20:01Z",
    "spreadsheet_id": "1ContohSpreadsheetIdTidakNyata",
    "sheet": {"gid": 222222222, "name": "Register", "header": "Tindakan", "row_key": ""},
    "event": {
        "authMode": "FULL",
        "triggerUid": "4034124000000000002",
        "source": {},
        "user": {"email": "petugas@example.go.id", "nickname": "petugas"},
        "range": {"columnStart": 7, "columnEnd": 7, "rowStart": 42, "rowEnd": 42},
        "value": "Selesai",
        "oldValue": "Proses",
    },
}


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    path = Path(shutil.copyfile(empty, tmp_path / "aduan.sqlite3"))
    opened = Store(open_engine(sqlite_url(path)), Keyring(bytes(range(32))))
    yield opened
    opened.close()


@pytest.fixture
def ticket(store: Store) -> str:
    return store.accept(an_intake(), channel=Channel.API, now=MOMENT).complaint.ticket


def deliver(store: Store, body: object) -> str:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return keep_edit(store, Delivery(1, Source.SHEET_EDITS, raw, MOMENT), MOMENT)


def sample(row_key: str, **changes: Any) -> dict[str, Any]:
    body = deepcopy(SAMPLE) | changes
    body["sheet"]["row_key"] = row_key
    return body


def edits(store: Store, ticket: str) -> list[Event]:
    return [event for event in store.events(ticket) if event.kind is EventKind.CELL_EDITED]


def test_an_edit_is_kept_once_with_its_author(store: Store, ticket: str) -> None:
    assert deliver(store, sample(ticket.lower())) == "kept"
    assert deliver(store, sample(ticket, sent_at="2026-11-23T02:25:00Z")) == "repeated"
    (edit,) = edits(store, ticket)
    assert (edit.actor, edit.data["column"], edit.secret["value"]) == ("petugas@example.go.id", "Tindakan", "Selesai")
    assert edit.data["edited_at"] == "2026-11-23T02:20:01+00:00"


def test_a_retry_tells_when_the_edit_was_made(store: Store, ticket: str) -> None:
    assert deliver(store, sample(ticket, happened_at="2026-11-23T02:10:00.000Z")) == "kept"
    assert edits(store, ticket)[0].data["edited_at"] == "2026-11-23T02:10:00+00:00"


@pytest.mark.parametrize("row_key", ["", "7K3M-Q9TX-2", "abc", "~2026-11", "~lain", "x" * 5000, "\u0000\ud800"])
def test_an_edit_of_no_complaint_is_kept_apart(store: Store, ticket: str, row_key: str) -> None:
    assert deliver(store, sample(row_key)) == "kept"
    assert edits(store, ticket) == []
    assert len(edits(store, unplaced(MOMENT))) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\x00",
        b"[]",
        b"{}",
        b"[" * 100_000,
        {**SAMPLE, "delivery_id": ""},
        {**SAMPLE, "delivery_id": "x" * 101},
        {**SAMPLE, "sent_at": "2026-11-23T02:00:01"},
        {**SAMPLE, "sent_at": 5},
        {**SAMPLE, "sheet": "Register"},
        {**SAMPLE, "event": []},
        {**SAMPLE, "event": {"range": "A1"}},
        {**SAMPLE, "event": {"user": "petugas"}},
        {**SAMPLE, "event": {"value": 10**400}},
    ],
    ids=range(14),
)
def test_what_is_broken_changes_nothing(store: Store, ticket: str, body: object) -> None:
    before = store.events(ticket)
    assert deliver(store, body) == "broken"
    assert store.events(ticket) == before
    assert store.events(unplaced(MOMENT)) == []


def test_each_part_may_be_missing(store: Store, ticket: str) -> None:
    outcomes = {}
    for path in ([[name] for name in SAMPLE] + [["sheet", name] for name in SAMPLE["sheet"]]
                 + [["event", name] for name in SAMPLE["event"]]):  # fmt: skip
        body = sample(ticket, delivery_id="-".join(path))
        holder = body
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]
        outcomes[".".join(path)] = deliver(store, body)
    print(outcomes)
    assert {name for name, code in outcomes.items() if code == "broken"} == {
        "delivery_id", "sent_at", "sheet", "event", "sheet.name", "sheet.header",
    }  # fmt: skip
    assert set(outcomes.values()) == {"kept", "broken"}


def test_texts_are_fit_to_be_stored(store: Store, ticket: str) -> None:
    body = sample(ticket)
    body["event"] |= {"value": "a\u0000b\ud800", "user": {"email": "p\u0000@example.go.id"}}
    body["sheet"] |= {"header": "Kolom\u0000 Sendiri", "name": "Tab\u0000"}
    assert deliver(store, body) == "kept"
    (edit,) = edits(store, ticket)
    assert edit.secret["value"] == "ab\ufffd"
    assert "\x00" not in repr(edit)


def test_a_hint_of_drive_needs_nothing_done(store: Store) -> None:
    assert heed_hint(store, Delivery(1, Source.DRIVE, b"", MOMENT), MOMENT) == "hint"
