"""Submissions of the Google Form, from the delivery's bytes to the complaint in the store."""

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.channels.google_forms import handle
from register.complaint import Channel, Identity, Procedure
from register.database import open_engine, sqlite_url
from register.inbound import Delivery, Message, Source
from register.sealing import Keyring
from register.store import Store
from tests.builders import MOMENT

SAMPLE: dict[str, Any] = {
    "schema": 1,
    "kind": "form_submit",
    "delivery_id": "7b0c1f6e-0000-4000-8000-000000000001",
    "sent_at": "2026-11-23T02:00:01Z",
    "spreadsheet_id": "1ContohSpreadsheetIdTidakNyata",
    "sheet": {"gid": 111111111, "name": "Form Responses 1"},
    "event": {
        "authMode": "FULL",
        "triggerUid": "4034124000000000001",
        "source": {},
        "range": {"columnStart": 1, "columnEnd": 5, "rowStart": 42, "rowEnd": 42},
        "namedValues": {
            "Timestamp": ["23/11/2026 9:00:00"],
            "Nama": ["Warga Contoh"],
            "Nomor HP": ["081200000001"],
            "Kecamatan": ["Contoh"],
            "Isi Pengaduan": ["=1+1 Bantuan belum diterima"],
        },
        "values": ["23/11/2026 9:00:00", "Warga Contoh", "081200000001", "Contoh", "=1+1 Bantuan belum diterima"],
    },
}


@pytest.fixture
def store(empty: Path, tmp_path: Path) -> Iterator[Store]:
    path = Path(shutil.copyfile(empty, tmp_path / "aduan.sqlite3"))
    opened = Store(open_engine(sqlite_url(path)), Keyring(bytes(range(32))))
    yield opened
    opened.close()


def sample(*, answers: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The sample; `answers` are put in place of some of its own."""
    body = deepcopy(SAMPLE) | changes
    body["event"]["namedValues"] |= {question: [text] for question, text in (answers or {}).items()}
    return body


def deliver(store: Store, body: object, now: datetime = MOMENT) -> tuple[str, Message | None]:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return handle(store, Delivery(1, Source.GOOGLE_FORMS, raw, now), now)


def tickets(store: Store) -> list[str]:
    return list(store.complaints())


def test_a_submission_becomes_a_complaint(store: Store) -> None:
    assert deliver(store, sample()) == ("accepted", None)
    (ticket,) = tickets(store)
    complaint, intake = store.complaint(ticket), store.intake(ticket)
    assert (complaint.channel, complaint.procedure) == (Channel.GOOGLE_FORMS, Procedure.ONLINE)
    assert complaint.received_at == datetime.fromisoformat("2026-11-23T01:00:00Z")
    assert complaint.recorded_at == MOMENT
    assert (intake.name, intake.phone, intake.district) == ("Warga Contoh", "+6281200000001", "")
    assert intake.description == "=1+1 Bantuan belum diterima\n\nKecamatan: Contoh", "text stays text"


def test_the_same_delivery_again_is_no_second_complaint(store: Store) -> None:
    deliver(store, sample())
    later = sample(sent_at="2026-11-23T02:20:00Z")
    changed = sample(sent_at="2026-11-23T02:20:00Z", answers={"Nama": "Orang Lain"})
    for body in (sample(), later, changed):
        assert deliver(store, body, MOMENT + timedelta(days=1)) == ("repeated", None)
    assert len(tickets(store)) == 1
    assert deliver(store, sample(delivery_id="7b0c1f6e-0000-4000-8000-000000000003"))[0] == "accepted"


@pytest.mark.parametrize(
    ("claim", "received"),
    [
        pytest.param({"happened_at": "2026-11-23T02:00:00.000Z"}, "2026-11-23T02:00:00Z", id="the script says it"),
        pytest.param({}, "2026-11-23T01:00:00Z", id="Google's own column"),
        pytest.param({"happened_at": "kemarin"}, "2026-11-23T01:00:00Z", id="the script says nonsense"),
        pytest.param({"happened_at": "2026-11-23T02:00:00"}, "2026-11-23T01:00:00Z", id="without a zone"),
        pytest.param({"answers": {"Timestamp": "11/23/2026 9:00:00"}}, "2026-11-23T01:00:00Z", id="month first"),
        pytest.param({"answers": {"Timestamp": "23/11/2027 9:00:00"}}, None, id="in the future"),
        pytest.param({"answers": {"Timestamp": "23/9/2026 9:00:00"}}, None, id="too old"),
        pytest.param({"answers": {"Timestamp": "?"}}, None, id="cannot be read"),
        pytest.param({"happened_at": "2026-11-23T02:34:00Z"}, None, id="a fast clock"),
    ],
)
def test_it_was_received_when_it_was_sent(store: Store, claim: dict[str, Any], received: str | None) -> None:
    deliver(store, sample(**claim))
    (ticket,) = tickets(store)
    assert store.complaint(ticket).received_at == (datetime.fromisoformat(received) if received else MOMENT)


def test_what_is_not_enough_goes_to_triage(store: Store) -> None:
    code, message = deliver(store, sample(answers={"Nomor HP": "080000000001", "Email Address": "nama di contoh"}))
    assert (code, tickets(store)) == ("to_triage", [])
    assert message is not None
    assert (message.id, message.address.channel) == (SAMPLE["delivery_id"], Channel.GOOGLE_FORMS)
    assert message.address.account == "1ContohSpreadsheetIdTidakNyata"
    assert (message.address.person, message.address.name) == (SAMPLE["delivery_id"], "Warga Contoh")
    assert not message.public
    assert message.text.splitlines() == [
        "Nama: Warga Contoh",
        "Nomor HP: 080000000001",
        "Kecamatan: Contoh",
        "Isi Pengaduan: =1+1 Bantuan belum diterima",
        "Email Address: nama di contoh",
    ]


@pytest.mark.parametrize(
    ("answers", "person", "phone"),
    [
        ({"Nama": ""}, "+6281200000001", "+6281200000001"),
        ({"Nama": "", "Nomor HP": "", "Email": "Warga@Example.go.id"}, "Warga@example.go.id", ""),
        ({"Isi Pengaduan": "?"}, "+6281200000001", "+6281200000001"),
    ],
)
def test_a_message_for_triage_says_whom_to_answer(
    store: Store, answers: dict[str, str], person: str, phone: str
) -> None:
    code, message = deliver(store, sample(answers=answers))
    assert (code, tickets(store)) == ("to_triage", [])
    assert message is not None
    assert (message.address.person, message.address.phone) == (person, phone)


@pytest.mark.parametrize(("wish", "text"), [("Rahasia", "Nama: (lihat jawaban formulir)"), ("Anonim", "Umur: 61")])
def test_triage_does_not_show_who_wants_not_to_be_known(store: Store, wish: str, text: str) -> None:
    _code, message = deliver(store, sample(answers={"Isi Pengaduan": "?", "Identitas": wish, "Umur": "61"}))
    assert message is not None
    assert message.address.name == ""
    assert text in message.text.splitlines()
    assert "Warga Contoh" not in message.text
    assert "0812" not in message.text
    assert (message.address.phone == "") == (wish == "Anonim")


def test_an_anonymous_submission_leaves_no_identity(store: Store) -> None:
    assert deliver(store, sample(answers={"Kirim tanpa nama (anonim)": "Ya"}))[0] == "accepted"
    (ticket,) = tickets(store)
    assert store.complaint(ticket).identity is Identity.ANONYMOUS
    assert (store.intake(ticket).name, store.intake(ticket).phone) == ("", "")


BLANK = {**SAMPLE, "event": {**SAMPLE["event"], "namedValues": {"Timestamp": ["23/11/2026 9:00:00"], "Nama": [""]}}}
NOTHING = {**SAMPLE, "event": {"namedValues": {}, "values": []}}
DEEP = b"[" * 100_000 + b"]" * 100_000
ODD = {
    "Isi Pengaduan": [None, {}, [1], True, 12.5, "Bantuan \ud800 belum \u0000 diterima"],
    "Nama": 7,
    "No HP": 81200000001,
}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (BLANK, "blank"),
        (NOTHING, "blank"),
        ({}, "blank"),
        ({"event": []}, "blank"),
        ([], "broken"),
        (b"", "broken"),
        (b"\xff", "broken"),
        (b"null", "broken"),
        (DEEP, "broken"),
        (b'{"event": ' + b"9" * 5000 + b"}", "broken"),
        ({**SAMPLE, "event": {"namedValues": ODD}}, "accepted"),
        ({**SAMPLE, "event": {"values": ["a", "b"]}}, "to_triage"),
        ({**SAMPLE, "delivery_id": 5, "spreadsheet_id": None, "sheet": 3}, "accepted"),
        ({**SAMPLE, "happened_at": "0001-01-01T00:00:00+23:59"}, "accepted"),
        ({**SAMPLE, "happened_at": "9999-12-31T23:59:59-23:59"}, "accepted"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_that_is_delivered_raises(store: Store, body: object, code: str) -> None:
    assert deliver(store, body)[0] == code
    assert len(tickets(store)) == (code == "accepted")


def test_each_part_may_be_missing(store: Store) -> None:
    outcomes = {}
    for path in (["schema"], ["kind"], ["delivery_id"], ["sent_at"], ["spreadsheet_id"], ["sheet"], ["event"],
                 *(["event", name] for name in SAMPLE["event"]),
                 *(["event", "namedValues", name] for name in SAMPLE["event"]["namedValues"])):  # fmt: skip
        body = deepcopy(SAMPLE)
        holder = body
        for name in path[:-1]:
            holder = holder[name]
        del holder[path[-1]]
        if path != ["delivery_id"]:
            body["delivery_id"] = "-".join(path)
        outcomes[path[-1]] = deliver(store, body)[0]
    print(outcomes)
    assert {name for name, code in outcomes.items() if code == "to_triage"} == {
        "namedValues", "Nama", "Nomor HP", "Isi Pengaduan",
    }  # fmt: skip
    assert {name for name, code in outcomes.items() if code == "blank"} == {"event"}
    assert len(tickets(store)) == list(outcomes.values()).count("accepted")
