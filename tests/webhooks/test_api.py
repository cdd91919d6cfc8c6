import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from register.changes import Change
from register.complaint import Channel, Identity, Status
from tests.builders import MOMENT, an_intake, some_data

URL = "/api/v1/complaints"


def test_a_complaint_gets_a_ticket_and_is_in_the_store(client, store) -> None:
    response = client.post(URL, json=some_data())
    assert response.status_code == 201
    ticket = response.json["ticket"]
    assert response.json == {"ticket": ticket, "status_url": f"http://localhost/status/{ticket}"}
    assert response.headers["Location"] == f"http://localhost{URL}/{ticket}"
    assert store.intake(ticket) == an_intake()
    assert store.complaint(ticket).channel is Channel.API
    assert store.complaint(ticket).received_at == MOMENT


def test_links_lead_to_the_public_address(build) -> None:
    client = build(public_url="https://aduan.contoh.id/").test_client()
    response = client.post(URL, json=some_data())
    assert response.json["status_url"].startswith("https://aduan.contoh.id/status/")
    assert response.headers["Location"].startswith("https://aduan.contoh.id/api/v1/complaints/")


def test_an_anonymous_reporter_leaves_no_identity(client, store) -> None:
    response = client.post(URL, json=some_data(anonymous=True, nik="6402993112999999", email="ibu@contoh.id"))
    assert store.intake(response.json["ticket"]) == an_intake(name="", phone="", identity=Identity.ANONYMOUS)


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://contoh.id","klik")',
        "<script>alert(1)</script>",
        "😡😡😡😡😡😡😡😡😡😡",
        "'; DROP TABLE complaints;--",
    ],
    ids=["formula", "script", "emoji", "sql"],
)
def test_odd_text_is_kept_as_it_is(client, store, text) -> None:
    response = client.post(URL, json=some_data(description=text))
    assert response.status_code == 201
    assert store.intake(response.json["ticket"]).description == text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": None}, "description"),
        ({"lain": "x"}, "lain"),
        ({"description": "x" * 6000}, "description"),
        ({"nik": "640299000000000"}, "nik"),
        ({"incident_date": "2026-11-24"}, "incident_date"),
        ({"anonymous": "ya"}, "anonymous"),
        ({"\ud800": 1}, "\ufffd"),
    ],
    ids=["missing", "unknown", "6,000 characters", "NIK of 15 digits", "future date", "wrong type", "surrogate"],
)
def test_field_errors_are_named(client, store, problem_of, changes, field) -> None:
    problem = problem_of(client.post(URL, json=some_data(**changes)))
    assert problem["status"] == 422
    assert problem["code"] == "invalid_complaint"
    assert [error["field"] for error in problem["errors"]] == [field]
    assert all(error["code"] and error["message"] for error in problem["errors"])
    assert store.complaints() == {}


def test_today_is_the_offices_day(client, clock) -> None:
    clock.now = MOMENT.replace(hour=16)  # already the 24th in WITA
    assert client.post(URL, json=some_data(incident_date="2026-11-24")).status_code == 201


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"x", "text/plain", 415, "wrong_content_type"),
        (b"description=x", "application/x-www-form-urlencoded", 415, "wrong_content_type"),
        (b"{}", "", 415, "wrong_content_type"),
        (b"{", "application/json", 400, "bad_json"),
        (b"", "application/json", 400, "bad_json"),
        (b"\xff\xfe\xff", "application/json", 400, "bad_json"),
        (b"[" * 200_000, "application/json", 400, "bad_json"),
        (b'{"a": ' + b"9" * 5000 + b"}", "application/json", 400, "bad_json"),
        (b"[]", "application/json", 400, "bad_json"),
        (b'"x"', "application/json", 400, "bad_json"),
        (b"null", "application/json", 400, "bad_json"),
        (b"x" * 2_000_000, "application/json", 413, "http_413"),
    ],
    ids=[
        "text",
        "form",
        "no type",
        "broken",
        "empty",
        "not UTF-8",
        "nested",
        "huge number",
        "list",
        "string",
        "null",
        "2 MB",
    ],
)
def test_bodies_that_are_no_complaint(client, store, problem_of, body, content_type, status, code) -> None:
    problem = problem_of(client.post(URL, data=body, content_type=content_type))
    assert (problem["status"], problem["code"]) == (status, code)
    assert store.complaints() == {}


def test_json_with_a_charset_or_a_suffix_is_json(client) -> None:
    body = json.dumps(some_data())
    for content_type in ("application/json; charset=utf-8", "application/vnd.contoh+json"):
        assert client.post(URL, data=body, content_type=content_type).status_code == 201


def test_the_same_key_and_complaint_give_the_same_ticket(client, store) -> None:
    first = client.post(URL, json=some_data(), headers={"Idempotency-Key": "kunci-1"})
    again = client.post(URL, json=some_data(subject=""), headers={"Idempotency-Key": "kunci-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert len(store.complaints()) == 1


def test_the_same_key_at_the_same_moment_is_one_complaint(client, store) -> None:
    def send(_turn: int) -> str:
        own = client.application.test_client()
        response = own.post(URL, json=some_data(), headers={"Idempotency-Key": "kunci-1"})
        return f"{response.status_code} {response.json['ticket']}"

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(send, range(16)))
    (ticket,) = store.complaints()
    assert answers == {f"201 {ticket}"}


def test_the_same_key_for_another_complaint_is_a_conflict(client, store, problem_of) -> None:
    client.post(URL, json=some_data(), headers={"Idempotency-Key": "kunci-1"})
    other = client.post(URL, json=some_data(name="Bapak Contoh"), headers={"Idempotency-Key": "kunci-1"})
    problem = problem_of(other)
    assert (problem["status"], problem["code"]) == (409, "idempotency_conflict")
    assert len(store.complaints()) == 1


def test_a_refused_complaint_does_not_use_its_key_up(client) -> None:
    headers = {"Idempotency-Key": "kunci-1"}
    assert client.post(URL, json=some_data(name=""), headers=headers).status_code == 422
    assert client.post(URL, json=some_data(), headers=headers).status_code == 201


@pytest.mark.parametrize("key", ["x" * 256, "dua kata", "kunci\u00e9"], ids=["long", "a space", "not ASCII"])
def test_a_bad_key_is_refused(client, problem_of, key) -> None:
    problem = problem_of(client.post(URL, json=some_data(), headers={"Idempotency-Key": key}))
    assert (problem["status"], problem["code"]) == (400, "bad_idempotency_key")


def test_status_json_is_the_contracts(client, store, filed, build) -> None:
    ticket = filed()
    store.commit(
        [
            Change(
                ticket,
                {
                    "status": Status.IN_PROGRESS,
                    "bidang": "Linjamsos",
                    "step": 6,
                    "due_at": MOMENT,
                    "replied_at": MOMENT,
                },
                reply="Sudah disalurkan.",
            )
        ]
    )
    client = build(stage_label=lambda complaint: f"{complaint.step}. Tindak lanjut").test_client()
    assert client.get(f"{URL}/{ticket}").json == {
        "ticket": ticket,
        "status": "in_progress",
        "status_label": "Dalam Proses",
        "stage": "6. Tindak lanjut",
        "received_at": "2026-11-23T10:30:00+08:00",
        "due_at": "2026-11-23T10:30:00+08:00",
        "updated_at": "2026-11-23T10:30:00+08:00",
        "bidang": "Linjamsos",
        "timeline": [{"at": "2026-11-23T10:30:00+08:00", "label": "Pengaduan diterima"}],
        "reply": "Sudah disalurkan.",
    }


def test_a_new_complaint_has_neither_deadline_nor_reply_yet(client, filed) -> None:
    body = client.get(f"{URL}/{filed()}").json
    assert (body["status"], body["due_at"], body["reply"], body["bidang"]) == ("received", None, None, None)


def test_a_restricted_complaint_does_not_tell_its_bidang(client, store, filed) -> None:
    ticket = filed()
    store.commit([Change(ticket, {"restricted": True, "bidang": "Sekretariat"})])
    assert client.get(f"{URL}/{ticket}").json["bidang"] is None


def test_any_spelling_of_a_ticket_is_understood(client, filed) -> None:
    ticket = filed()
    typed = ticket.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert client.get(f"{URL}/{typed}").json["ticket"] == ticket


@pytest.mark.parametrize(
    ("ticket", "code"),
    [
        ("0000-0000-S", "ticket_not_found"),
        ("0000-0000-2", "invalid_ticket"),
        ("ABC", "invalid_ticket"),
        ("%00", "invalid_ticket"),
        ("💥", "invalid_ticket"),
    ],
)
def test_tickets_that_lead_nowhere(client, problem_of, ticket, code) -> None:
    problem = problem_of(client.get(f"{URL}/{ticket}"))
    assert (problem["status"], problem["code"]) == (404, code)


def test_messages_come_in_english_where_it_is_preferred(client, problem_of) -> None:
    response = client.post(URL, json={}, headers={"Accept-Language": "en-GB,en;q=0.9"})
    assert problem_of(response)["errors"][0]["message"] == "Tell us about the problem, in at least 10 characters."
    assert response.headers["Content-Language"] == "en"
    response = client.post(URL, json={}, headers={"Accept-Language": "fr"})
    assert problem_of(response)["errors"][0]["message"] == "Ceritakan masalahnya, sedikitnya 10 karakter."
