"""Open311 GeoReport v2 as clients meet it. The names of elements and the shapes are those of the specification."""

import json
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jsonschema import Draft202012Validator
from werkzeug.test import TestResponse

from forms.categories import categories
from register.changes import Change
from register.complaint import Channel, Event, EventKind, Identity, Status
from register.tickets import new_ticket
from tests.builders import MOMENT
from webhooks.open311 import MOST_ASKED, UNKNOWN_TICKETS

V2 = "/open311/v2"
KEY = "kunci-untuk-uji"
SAID = {
    "service_code": "SEMBAKO",
    "description": "Bantuan sembako belum kami terima selama tiga bulan.",
    "address_string": "Jalan Contoh 1, Rempanga",
    "lat": "-0.4017",
    "long": "116.9853",
    "first_name": "Ibu",
    "last_name": "Contoh",
    "phone": "0812-0000-0000",
    "device_id": "tt222111",
}
NOBODYS = {name: text for name, text in SAID.items() if name not in ("first_name", "last_name", "phone")}
SERVICE = ("service_code", "service_name", "description", "metadata", "type", "keywords", "group")
ATTRIBUTE = ("variable", "code", "datatype", "required", "datatype_description", "order", "description", "values")
REQUEST = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
)
ELEMENTS = {
    "discovery": ("changeset", "contact", "key_service", "endpoints"),
    "endpoints": ("endpoint",),
    "endpoint": ("specification", "url", "changeset", "type", "formats"),
    "formats": ("format",),
    "services": ("service",),
    "service": SERVICE,
    "service_definition": ("service_code", "attributes"),
    "attributes": ("attribute",),
    "attribute": ATTRIBUTE,
    "values": ("value",),
    "value": ("key", "name"),
    "service_requests": ("request",),
    "request": (*REQUEST, "account_id", "token"),
    "errors": ("error",),
    "error": ("code", "description"),
}
"""What may stand in what, by the specification; anything else holds text."""
NULLABLE = {"type": ["string", "null"]}
LISTED = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["service_request_id", "status", "service_code", "requested_datetime"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(REQUEST, NULLABLE),
            "service_request_id": {"type": "string"},
            "service_code": {"type": "string"},
            "requested_datetime": {"type": "string"},
            "status": {"enum": ["open", "closed"]},
            "lat": {"type": ["number", "null"]},
            "long": {"type": ["number", "null"]},
        },
    },
}
"""After the JSON schema of open311.org for requests."""


def file(client, **changes: Any) -> str:
    """The ticket of a request that was filed."""
    answer = client.post(f"{V2}/requests.json", data=SAID | changes)
    assert answer.status_code == 200, answer.text
    (receipt,) = answer.get_json()
    assert receipt.keys() == {"service_request_id", "service_notice", "account_id"}
    return receipt["service_request_id"]


def xml_of(answer: TestResponse, root: str) -> ET.Element:
    """The document, after checking that it holds only what the specification knows."""
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    document = ET.fromstring(answer.data)
    assert document.tag == root
    for element in document.iter():
        known = ELEMENTS.get(element.tag, ())
        assert {child.tag for child in element} <= set(known)
        assert not element.attrib
    return document


def as_spark(element: ET.Element) -> Any:
    """The JSON that an XML document stands for: items of a list lose their name."""
    children = list(element)
    if element.tag in ELEMENTS and len(ELEMENTS[element.tag]) == 1:
        return [as_spark(child) for child in children]
    if children:
        return {child.tag: as_spark(child) for child in children}
    return element.text


def plain(value: Any) -> Any:
    """Without what XML cannot tell: numbers, flags, and nothing from empty."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value in (None, "") else str(value)


def errors_of(answer: TestResponse, code: int) -> list[str]:
    """The sentences of an answer in the specification's shape for errors."""
    errors = answer.get_json()
    assert errors
    assert all(error.keys() == {"code", "description"} and error["code"] == code for error in errors)
    return [error["description"] for error in errors]


def look_at(store, ticket: str, *, restricted: bool = False, **fields: Any) -> None:
    """What the worker decides about a complaint."""
    fields = {"category": "SEMBAKO", "bidang": "LINJAMSOS", "restricted": restricted, "step_begun_at": MOMENT} | fields
    store.commit([Change(ticket, fields)])


@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("discovery", "discovery"),
        ("services", "services"),
        ("services/SEMBAKO", "service_definition"),
        ("requests", "service_requests"),
        ("requests/{ticket}", "service_requests"),
        ("tokens/{ticket}", "service_requests"),
        ("services/LAINNYA", "errors"),
        ("requests/AAAA-AAAA-A", "errors"),
        ("tokens/123", "errors"),
        ("lain", "errors"),
    ],
)
def test_xml_and_json_tell_the_same(client, path: str, root: str) -> None:
    path = path.format(ticket=file(client))
    json_answer, xml_answer = client.get(f"{V2}/{path}.json"), client.get(f"{V2}/{path}.xml")
    assert json_answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert json_answer.status_code == xml_answer.status_code == (404 if root == "errors" else 200)
    assert as_spark(xml_of(xml_answer, root)) == plain(json_answer.get_json())


def test_discovery_tells_where_and_how(build) -> None:
    client = build(public_url="https://aduan.contoh.id", open311_keys=[KEY]).test_client()
    said = client.get(f"{V2}/discovery.json").get_json()
    assert said["endpoints"][0]["url"] == "https://aduan.contoh.id/open311/v2"
    assert said["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert said["endpoints"][0]["formats"] == ["text/xml", "application/json"]
    assert said["key_service"] == "Mintalah kunci API kepada kantor kami."


def test_every_category_is_a_service_with_its_questions(client) -> None:
    said = client.get(f"{V2}/services.json?lang=en").get_json()
    assert [service["service_code"] for service in said] == [category.code for category in categories()]
    assert said[2]["service_name"] == "Food assistance (BPNT, KKS card)"
    assert all(tuple(service) == SERVICE and service["metadata"] is True for service in said)
    for service in said:
        questions = client.get(f"{V2}/services/{service['service_code']}.json").get_json()
        assert questions["service_code"] == service["service_code"]
        assert [attribute["order"] for attribute in questions["attributes"]] == [1, 2, 3, 4]
        assert all(tuple(attribute) == ATTRIBUTE for attribute in questions["attributes"])
    assert {"key": "Loa Kulu", "name": "Loa Kulu"} in questions["attributes"][0]["values"]


def test_a_request_is_a_complaint(client, store) -> None:
    ticket = file(client, **{"attribute[village]": "rempanga", "attribute[incident_date]": "2026-11-20T20:00:00Z"})
    complaint, intake = store.complaint(ticket), store.intake(ticket)
    assert (complaint.channel, complaint.received_at) == (Channel.OPEN311, MOMENT)
    assert (intake.category, intake.name, intake.phone) == ("SEMBAKO", "Ibu Contoh", "+6281200000000")
    assert (intake.district, intake.village) == ("Loa Kulu", "Rempanga")
    assert intake.incident_place == "Jalan Contoh 1, Rempanga; -0.4017, 116.9853"
    assert str(intake.incident_date) == "2026-11-21", "the office's day"
    assert intake.identity is Identity.OPEN


def test_json_is_taken_too(client, store) -> None:
    said = SAID | {"lat": -0.4017, "long": 200 / 3, "attribute": {"confidential": True}, "email": None}
    answer = client.post(f"{V2}/requests.xml", json=said)
    ticket = xml_of(answer, "service_requests").findtext("request/service_request_id")
    intake = store.intake(ticket)
    assert intake.incident_place.endswith("; -0.4017, 66.666667"), "a place outside of the regency is no error"
    assert intake.identity is Identity.CONFIDENTIAL


@pytest.mark.parametrize(
    ("person", "identity", "name"),
    [
        ({}, Identity.ANONYMOUS, ""),
        ({"first_name": "Ibu"}, Identity.ANONYMOUS, ""),
        ({"email": "ibu@contoh.id"}, Identity.OPEN, "Pelapor Open311"),
        ({"last_name": "Contoh", "email": "ibu@contoh.id"}, Identity.OPEN, "Contoh"),
    ],
)
def test_who_cannot_be_answered_is_anonymous(client, store, person, identity, name) -> None:
    (receipt,) = client.post(f"{V2}/requests.json", data=NOBODYS | person).get_json()
    intake = store.intake(receipt["service_request_id"])
    assert (intake.identity, intake.name) == (identity, name)
    assert ("dicatat tanpa nama" in receipt["service_notice"]) is (identity is Identity.ANONYMOUS)


def test_what_has_no_field_is_kept_below_the_description(client, store) -> None:
    more = {"media_url": "http://127.0.0.1:1/foto.jpg", "attribute[WHISPAWN]": "123", "address_string": "x" * 400}
    intake = store.intake(file(client, **more))
    first, _, *below = intake.description.split("\n")
    assert first == SAID["description"]
    assert below == [
        f"Tempat kejadian: {'x' * 400}; -0.4017, 116.9853",
        "Foto atau berkas (belum diunduh): http://127.0.0.1:1/foto.jpg",
        "[WHISPAWN]: 123",
    ]
    assert intake.incident_place == ""


def test_files_are_not_kept_and_that_is_said(client, store) -> None:

    answer = client.post(f"{V2}/requests.json", data=SAID | {"media": (BytesIO(b"x"), "foto.jpg")})

    assert "tidak disimpan" in answer.get_json()[0]["service_notice"]


@pytest.mark.parametrize(
    ("changes", "status", "named"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "LAINNYA"}, 404, "service_code"),
        ({"description": ""}, 400, "description: "),
        ({"description": "x"}, 400, "description: "),
        ({"description": "x" * 6000}, 400, "description: "),
        ({"lat": "utara"}, 400, "lat, long: "),
        ({"lat": "nan"}, 400, "lat, long: "),
        ({"lat": "91"}, 400, "lat, long: "),
        ({"long": ""}, 400, "lat, long: "),
        ({"phone": "1"}, 400, "phone: "),
        ({"attribute[district]": "Samarinda"}, 400, "attribute[district]: "),
        ({"attribute[incident_date]": "besok"}, 400, "attribute[incident_date]: "),
        ({"jurisdiction_id": "city.gov"}, 404, "jurisdiction_id"),
    ],
)
def test_what_is_wrong_is_named_in_the_specifications_shape(client, store, changes, status, named) -> None:
    answer = client.post(f"{V2}/requests.json", data=SAID | changes)
    assert answer.status_code == status
    assert any(named in sentence for sentence in errors_of(answer, status))
    assert store.complaints() == {}


def test_our_jurisdiction_is_ours_in_any_case(client) -> None:
    for asked in ("", "dinsos.kukarkab.go.id", "Dinsos.Kukarkab.go.id"):
        assert client.get(f"{V2}/services.json", query_string={"jurisdiction_id": asked}).status_code == 200
    assert client.get(f"{V2}/services.json?jurisdiction_id=city.gov").status_code == 404


def test_errors_come_in_the_clients_language(client) -> None:
    answer = client.post(f"{V2}/requests.json", data={}, headers={"Accept-Language": "en"})
    assert errors_of(answer, 400) == ["No service_code was given. Choose one from the list of services."]
    assert answer.headers["Content-Language"] == "en"
    assert "Set-Cookie" not in client.get(f"{V2}/services.json?lang=en").headers


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("PUT", "requests.json", b"", 405),
        ("POST", "requests.json", b"{", 400),
        ("POST", "requests.json", b"[]", 400),
        ("POST", "requests.json", b'{"lat": {"a": 1}}', 400),
        ("POST", "requests.json", b'"' + b"x" * 1_100_000 + b'"', 413),
    ],
)
def test_broken_requests_are_errors_too(client, method, path, body, code) -> None:
    answer = client.open(f"{V2}/{path}", method=method, data=body, content_type="application/json")
    assert errors_of(answer, code)
    assert answer.status_code == (413 if code == 413 else 400)


# -- keys ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def keyed(build):
    """An office that gave two civic clients a key each."""
    return build(open311_keys=[KEY, "kunci-lain"]).test_client()


@pytest.mark.parametrize("key", [None, "", "salah", "kunci-untuk-uji2", "ключ"])
def test_nobody_files_without_a_key_that_counts(keyed, store, key) -> None:
    answer = keyed.post(f"{V2}/requests.json", data=SAID | ({"api_key": key} if key is not None else {}))
    assert answer.status_code == 403
    assert "api_key" in errors_of(answer, 403)[0]
    assert store.complaints() == {}
    answer = keyed.post(f"{V2}/requests.xml", data=SAID)
    assert xml_of(answer, "errors").findtext("error/code") == "403"


def test_the_list_has_what_was_filed_with_the_callers_key_and_no_word_of_it(keyed, store, filed) -> None:
    filed()
    others = file(keyed, api_key="kunci-lain")
    tickets = [file(keyed, api_key=KEY) for _ in range(3)]
    assert keyed.get(f"{V2}/requests.json").get_json() == []
    assert keyed.get(f"{V2}/requests.json?api_key=salah").status_code == 403
    listed = keyed.get(f"{V2}/requests.json?api_key={KEY}").get_json()
    Draft202012Validator(LISTED).validate(listed)
    assert {entry["service_request_id"] for entry in listed} == set(tickets)
    assert others not in json.dumps(listed)
    for said in (SAID["description"], "Jalan Contoh", "Ibu Contoh", "0812"):
        assert said not in json.dumps(listed)


def test_a_key_that_the_office_did_not_give_lists_nothing(client) -> None:
    """Else whoever guessed what others call their key would get their tickets."""
    file(client, api_key="demo")
    assert client.get(f"{V2}/requests.json?api_key=demo").get_json() == []


def test_a_list_is_narrowed_by_status_service_and_time(keyed, store, clock) -> None:
    def listed(**asked: str) -> set[str]:
        answer = keyed.get(f"{V2}/requests.json", query_string={"api_key": KEY} | asked)
        assert answer.status_code == 200, answer.text
        return {entry["service_request_id"] for entry in answer.get_json()}

    old = file(keyed, api_key=KEY)
    clock.pass_by(days=91)
    mid = file(keyed, api_key=KEY)
    clock.pass_by(days=1)
    new = file(keyed, api_key=KEY)
    look_at(store, mid, status=Status.RESOLVED)
    assert listed() == {mid, new}
    assert listed(status="open") == {new}
    assert listed(status="closed") == {mid}
    assert listed(status="open,closed") == {mid, new}
    assert listed(service_code="sembako") == {mid}, "of the others it is not known yet what may be told"
    assert listed(service_code="PKH") == set()
    assert listed(end_date="2026-11-24T00:00:00Z") == {old}
    assert listed(start_date="2026-11-01T00:00:00+08:00") == {old}
    assert listed(start_date=(MOMENT + timedelta(days=92)).strftime("%Y-%m-%dT%H:%M:%SZ")) == {new}


@pytest.mark.parametrize(
    "asked",
    [
        {"start_date": "kemarin"},
        {"start_date": "0001-01-01T00:00:00+08:00"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"start_date": "2026-01-01", "end_date": "2026-12-01"},
        {"start_date": "2026-12-01", "end_date": "2026-11-01"},
        {"status": "selesai"},
        {"service_request_id": ",".join(["7K3M-Q9TX-2"] * (MOST_ASKED + 1))},
    ],
)
def test_questions_that_cannot_be_answered_are_refused(client, asked) -> None:
    answer = client.get(f"{V2}/requests.json", query_string=asked)
    assert answer.status_code == 400
    assert errors_of(answer, 400)


def test_whoever_knows_tickets_sees_status_and_reply(client, store, filed) -> None:
    first, second = file(client), filed()
    look_at(store, first, status=Status.RESOLVED, replied_at=MOMENT)
    store.commit([Change(first, reply="Sudah kami salurkan.")])
    asked = f"{first.lower()},{second},AAAA-AAAA-A,x"
    listed = client.get(f"{V2}/requests.json?service_request_id={asked}&status=closed&start_date=x").get_json()
    assert [entry["service_request_id"] for entry in listed] == [first, second], "ids override the other arguments"
    assert client.get(f"{V2}/requests/{first}.json").get_json() == listed[:1]
    Draft202012Validator(LISTED).validate(listed)
    entry = listed[0]
    assert (entry["status"], entry["service_code"]) == ("closed", "SEMBAKO")
    assert entry["status_notes"] == "Selesai\n\nSudah kami salurkan."
    assert entry["requested_datetime"] == "2026-11-23T10:30:00+08:00"
    assert datetime.fromisoformat(entry["updated_datetime"]).astimezone(UTC) == MOMENT
    assert entry["description"] is entry["address"] is entry["lat"] is None
    assert client.get(f"{V2}/requests/{first}.json").headers["Cache-Control"] == "no-store"


def test_the_answer_is_expected_by_its_deadline(client, store) -> None:
    ticket = file(client)
    look_at(store, ticket, due_at=MOMENT + timedelta(days=3))
    (entry,) = client.get(f"{V2}/requests/{ticket}.json").get_json()
    assert (entry["status"], entry["expected_datetime"]) == ("open", "2026-11-26T10:30:00+08:00")


@pytest.mark.parametrize("code", ["PUNGLI", "KEKERASAN"])
def test_nothing_tells_what_a_restricted_complaint_is_about(keyed, store, code) -> None:
    ticket = file(keyed, service_code=code, api_key=KEY)
    for looked_at in (False, True):
        if looked_at:
            look_at(store, ticket, category=code, restricted=True)
        for path in (f"requests/{ticket}.json", f"requests.json?api_key={KEY}"):
            answer = keyed.get(f"{V2}/{path}")
            assert answer.get_json()[0]["service_code"] == ""
            assert code not in answer.text
            assert "LINJAMSOS" not in answer.text


def test_the_same_idempotency_key_is_the_same_request(keyed, store) -> None:
    def send(key: str = KEY, **changes: str) -> TestResponse:
        sent = SAID | {"api_key": key} | changes
        return keyed.post(f"{V2}/requests.json", data=sent, headers={"Idempotency-Key": "satu"})

    assert send().get_json() == send().get_json()
    assert len(store.complaints()) == 1
    other = send(description="Bantuan lain belum kami terima.")
    assert (other.status_code, errors_of(other, 409) != []) == (400, True)
    assert send("kunci-lain").status_code == 200
    assert len(store.complaints()) == 2
    file(keyed, api_key=KEY)
    file(keyed, api_key=KEY)
    assert len(store.complaints()) == 4, "without it every request is one of its own"


def test_filing_is_limited_like_the_api(build, store) -> None:
    client = build(api_per_hour=2).test_client()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.5"
    assert [client.post(f"{V2}/requests.json", data=SAID).status_code for _ in range(3)] == [200, 200, 429]
    answer = client.post(f"{V2}/requests.json", data=SAID)
    assert errors_of(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


def test_the_key_itself_is_nowhere_in_the_trail(keyed, store) -> None:
    (event,) = store.events(file(keyed, api_key=KEY))
    assert event == Event(EventKind.RECEIVED, MOMENT, "pelapor", event.data, public_label="Pengaduan diterima")
    assert event.data.keys() == {"channel", "open311"}
    assert KEY not in str(event.data)


def test_tickets_cannot_be_guessed_at_length(build, store, filed, clock) -> None:
    client, ticket = build().test_client(), filed()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.6"
    known = f"{V2}/requests/{ticket}.json"
    for start in range(0, UNKNOWN_TICKETS.most, MOST_ASKED):
        unknown = [new_ticket() for _ in range(min(MOST_ASKED, UNKNOWN_TICKETS.most - start))]
        assert client.get(known).status_code == 200
        assert client.get(f"{V2}/requests.json?service_request_id={','.join(unknown)}").json == []

    one_more = (f"requests/{new_ticket()}", f"tokens/{new_ticket()}", f"requests/{ticket}", f"tokens/{ticket}")
    for path in one_more:
        refused = client.get(f"{V2}/{path}.json")
        assert refused.status_code == 429
        assert refused.json[0]["code"] == 429
        assert int(refused.headers["Retry-After"]) == UNKNOWN_TICKETS.waits[0].total_seconds()
    assert build().test_client().get(known, environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 200

    clock.now += UNKNOWN_TICKETS.waits[0]
    assert client.get(known).status_code == 200


def test_a_question_with_one_guess_too_many_tells_nothing(build, store, filed) -> None:
    client, ticket = build().test_client(), filed()
    client.environ_base["REMOTE_ADDR"] = "203.0.113.8"
    for _ in range(UNKNOWN_TICKETS.most - 1):
        assert client.get(f"{V2}/tokens/{new_ticket()}.json").status_code == 404
    asked = f"{ticket},{new_ticket()},{new_ticket()}"
    assert client.get(f"{V2}/requests.json?service_request_id={asked}").status_code == 429
