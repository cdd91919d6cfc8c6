"""From the office's Google Sheet to the store: what the Apps Script sends is what its handlers take."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from automation.channels.delivered_edits import keep_edit
from automation.channels.google_forms import handle
from register.complaint import Channel, EventKind
from register.database import open_engine, sqlite_url
from register.inbound import Delivery, Source
from register.sealing import Keyring
from register.store import Store
from sheets_schema.register_tab import REGISTER
from tests.builders import an_intake
from tests.webhooks.apps_script import START, Receiver, Script, receiving

NOW = datetime.fromtimestamp(START / 1000, UTC)


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    path = Path(shutil.copyfile(empty, tmp_path / "aduan.sqlite3"))
    opened = Store(open_engine(sqlite_url(path)), Keyring(bytes(range(32))))
    yield opened
    opened.close()


@pytest.fixture
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def script(server: Receiver) -> Script:
    script = Script(server.port)
    script.run("pasang()")
    return script


def worked_off(server: Receiver, source: Source, handler: Callable[[Delivery], Any]) -> list[Any]:
    """Every delivery of the source, in turn, as the inbox hands them over."""
    bodies = [json.dumps(body).encode() for path, body in server.kept if path == f"/webhooks/{source}"]
    return [handler(Delivery(number, source, body, NOW)) for number, body in enumerate(bodies)]


def test_a_form_becomes_one_complaint_however_often_it_is_sent(script: Script, server: Receiver, store: Store) -> None:
    script.run("google.killed = true")  # after sending, before the row is deleted
    with pytest.raises(Exception, match="execution time"):
        script.submit(
            Timestamp="11/23/2026 10:00:00",
            **{"Isi pengaduan": "=1+1 Bantuan “sembako” 😀", "Nama Pelapor": "Ibu Čontoh", "No. WA": "0812 0000 0000"},
            **{"Tanggal kejadian": "11/5/2026", "Apakah identitas dirahasiakan?": "Ya", "Umur": "61"},
        )
    script.later(1)
    codes = worked_off(server, Source.GOOGLE_FORMS, lambda delivery: handle(store, delivery, NOW))
    assert codes == [("accepted", None), ("repeated", None)]
    (complaint,) = store.complaints().values()
    intake = store.intake(complaint.ticket)
    assert (complaint.channel, complaint.received_at) == (Channel.GOOGLE_FORMS, NOW)
    assert intake.description == "=1+1 Bantuan “sembako” 😀\n\nUmur: 61"
    assert (intake.name, intake.phone, str(intake.incident_date)) == ("Ibu Čontoh", "+6281200000000", "2026-11-05")


def test_a_pasting_names_its_author_in_each_row(script: Script, server: Receiver, store: Store) -> None:
    tickets = [store.accept(an_intake(), channel=Channel.API, now=NOW).complaint.ticket for _ in range(2)]
    header = [REGISTER.column(key).header for key in ("act", "ticket", "send_reply")]
    script.fill([header, ["Proses", tickets[0], True], ["Selesai", tickets[1], False]])
    user = {"email": "petugas@example.go.id"}
    script.edit(2, 1, rows=2, user=user)
    script.edit(2, 3, rows=2, user=user)
    codes = worked_off(server, Source.SHEET_EDITS, lambda delivery: keep_edit(store, delivery, NOW))
    assert codes == ["kept"] * 4
    told = [
        (event.actor, event.data["column"], event.secret["value"])
        for ticket in tickets
        for event in store.events(ticket)
        if event.kind is EventKind.CELL_EDITED
    ]
    assert told == [
        (user["email"], header[0], "Proses"),
        (user["email"], header[2], "TRUE"),
        (user["email"], header[0], "Selesai"),
        (user["email"], header[2], ""),
    ]
