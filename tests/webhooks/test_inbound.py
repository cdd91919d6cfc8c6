"""What channels deliver: every sample payload with every kind of signature, and without each of its fields."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import structlog
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from register import tables
from register.inbound import Source
from register.store import Store
from tests.webhooks.payloads import FOLDER, SECRETS, SOURCES, WRONG, Delivery, delivery, of, with_one_missing
from webhooks import InboundSecrets
from webhooks.inbound import GATES, LARGEST_BODY_BYTES
from webhooks.refusals import REFUSED_PER_MINUTE
from webhooks.signatures import FRESH, by_script

SENT = datetime(2026, 11, 23, 2, 0, 1, tzinfo=UTC)
"""When the samples of our scripts say that they were sent."""
TABLE = "webhooks: right, wrong, missing, stale, doubled; without each field in turn"
ELSEWHERE, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


@dataclass
class Edge:
    """The application as channels see it."""

    client: FlaskClient
    store: Store
    clock: object

    def take(self, sent: Delivery, **more: object) -> TestResponse:
        answered = self.client.post(sent.path, data=sent.body, headers=dict(sent.headers), **more)
        assert answered.status_code < 500, answered.text
        assert "Set-Cookie" not in answered.headers
        return answered

    def status(self, sent: Delivery) -> int:
        return self.take(sent).status_code

    def kept(self) -> int:
        with self.store._engine.connect() as connection:
            query = sa.select(sa.func.count()).select_from(tables.deliveries)
            return int(connection.execute(query).scalar_one())


@pytest.fixture
def edge(build, store: Store, clock) -> Edge:
    clock.now = SENT
    return Edge(build(inbound=SECRETS).test_client(), store, clock)


def test_every_sample_is_used() -> None:
    assert {name.split()[0] for name in SOURCES} == {path.stem for path in FOLDER.glob("*.json")}
    assert {*SOURCES.values()} == {*GATES} == {*Source} - {Source.EMAIL}


@pytest.mark.parametrize("name", SOURCES)
def test_table_of_outcomes(
    edge: Edge, build: Callable[..., object], name: str, record_property: Callable[[str, str], None]
) -> None:
    """Right, wrong, missing, stale, doubled, and without every field in turn: what is answered, and what is kept."""
    sent = delivery(name)
    scripted = GATES[sent.source].judge is by_script
    outcome: dict[str, int] = {}
    outcome["wrong"] = edge.status(sent.signed(WRONG))
    outcome["missing"] = edge.status(sent.unsigned())
    edge.clock.now = SENT + FRESH + timedelta(seconds=1)
    outcome["stale"] = edge.status(sent)
    stale_kept, edge.clock.now = edge.kept(), SENT
    outcome["right"] = edge.status(sent)
    outcome["doubled"] = edge.status(sent)
    assert edge.kept() == 1

    missing = dict(with_one_missing(name))
    answers = {path: edge.status(each) for path, each in missing.items()}
    refused = {path for path, status in answers.items() if status != 200}
    expected = {"sent_at"} if scripted else {sent.header} if sent.source is Source.DRIVE else set()
    assert outcome == {"right": 200, "wrong": 401, "missing": 401, "stale": 401 if scripted else 200, "doubled": 200}
    assert stale_kept == (0 if scripted else 1)
    assert refused == expected
    assert {answers[path] for path in refused} <= {401}
    assert edge.kept() == 1 + len(missing) - len(refused)

    told = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(answers.values()).items()))
    columns = "".join(f"{outcome[each]:>9}" for each in ("right", "wrong", "missing", "stale", "doubled"))
    record_property(
        "webhooks: right, wrong, missing, stale, doubled; without each field", f"{name:26}{columns}   {told}"
    )


@pytest.mark.parametrize("name", SOURCES)
def test_bytes_are_kept_as_they_came(edge: Edge, name: str) -> None:
    sent = delivery(name)
    assert edge.take(sent).data in (b"", b"ok")
    kept = edge.store.next_delivery(SENT)
    assert kept
    assert (kept.source, kept.received_at) == (sent.source, SENT)
    if sent.body:
        assert kept.body == sent.body
    else:
        said = {header: text for header, text in sent.headers.items() if header != sent.header}
        assert json.loads(kept.body) == said, "all that Drive said, and not its secret"


# -- what else may come --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'{"text": "\\u0001\\ud83d\\ude4f \\u00e9"}',
        '{"text": "é 🙏"}'.encode(),
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"a=1&" * 2_000,
        json.dumps({"entry": [{"id": str(number), "changes": [{}]} for number in range(1_000)]}).encode(),
        b" " * LARGEST_BODY_BYTES,
    ],
    ids=["empty", "cut", "null", "escaped", "plain", "no text", "deep", "form", "1,000 updates", "largest"],
)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain; charset=x", ""])
def test_whatever_is_rightly_signed_is_kept_whatever_it_says_it_is(edge: Edge, body: bytes, kind: str) -> None:
    sent = Delivery(Source.META, body, {"Content-Type": kind} if kind else {}).signed()
    assert edge.status(sent) == 200
    kept = edge.store.next_delivery(SENT)
    assert kept
    assert kept.body == body


def test_a_thousand_updates_in_one_body_are_one_delivery(edge: Edge) -> None:
    (entry,) = json.loads(delivery("facebook_comment").body)["entry"]
    batch = of(Source.META, {"object": "page", "entry": [entry | {"id": str(number)} for number in range(1_000)]})
    assert [edge.status(batch) for _ in range(2)] == [200, 200]
    assert edge.kept() == 1


def test_the_same_bytes_from_two_sources_are_two(edge: Edge) -> None:
    sent = delivery("facebook_comment")
    assert [edge.status(sent), edge.status(replace(sent, source=Source.WHATSAPP))] == [200, 200]
    assert edge.kept() == 2


def test_every_one_of_several_secrets_is_right(edge: Edge) -> None:
    sent = delivery("facebook_comment")
    assert [edge.status(sent.signed(secret)) for secret in SECRETS.meta] == [200, 200]


@pytest.mark.parametrize("source", GATES)
def test_five_megabytes_are_the_most(edge: Edge, source: Source, problem_of) -> None:
    sent = Delivery(source, b" " * (LARGEST_BODY_BYTES + 1), {}).signed()
    assert problem_of(edge.take(sent))["status"] == 413
    assert edge.kept() == 0


@pytest.mark.parametrize("name", ["facebook_comment", "telegram_text", "sheet_edit", "drive_push_headers sync"])
def test_a_source_without_a_secret_is_not_served_and_only_the_log_says_why(
    build, store: Store, name: str, problem_of
) -> None:
    edge = Edge(build(inbound=InboundSecrets()).test_client(), store, None)
    sent = delivery(name)
    with structlog.testing.capture_logs() as logs:
        answered = edge.take(sent)
    setting = GATES[sent.source].setting
    assert problem_of(answered)["status"] == 404
    assert setting not in answered.text
    assert setting in logs[0]["detail"]
    assert edge.kept() == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/webhooks/", 404),
        ("POST", "/webhooks/twitter", 404),
        ("POST", "/webhooks/email", 404),
        ("POST", "/webhooks/meta/", 404),
        ("PUT", "/webhooks/meta", 405),
        ("GET", "/webhooks/telegram", 405),
        ("GET", "/webhooks/sheet-edits", 405),
    ],
)
def test_problems_for_what_is_not_served(edge: Edge, method: str, path: str, status: int, problem_of) -> None:
    assert problem_of(edge.client.open(path, method=method))["status"] == status


def test_neither_languages_nor_cookies(edge: Edge) -> None:
    sent = delivery("facebook_comment").unsigned()
    answered = edge.client.post(sent.path + "?lang=en", data=sent.body, headers={"Accept-Language": "en"})
    assert "Tanda tangan" in answered.get_json()["detail"]
    assert "Set-Cookie" not in answered.headers
    assert answered.headers["Cache-Control"] == "no-store"


def test_nothing_that_somebody_wrote_is_in_the_log(edge: Edge) -> None:
    with structlog.testing.capture_logs() as logs:
        for name in SOURCES:
            edge.take(delivery(name))
            edge.take(delivery(name).signed(WRONG))
    assert {entry["event"] for entry in logs} == {"webhook_refused"}
    assert {key for entry in logs for key in entry} == {"event", "log_level", "source", "signature"}


def test_a_store_that_is_down_is_503_so_that_it_is_sent_again(edge: Edge, problem_of) -> None:
    with edge.store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE deliveries RENAME TO away")
    sent = delivery("telegram_text")
    answered = edge.client.post(sent.path, data=sent.body, headers=dict(sent.headers))
    assert problem_of(answered)["code"] == "store_unavailable"
    with edge.store._writer.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO deliveries")
    assert edge.status(sent) == 200


# -- how often -----------------------------------------------------------------------------------------------------


def at(address: str) -> dict[str, object]:
    return {"environ_base": {"REMOTE_ADDR": address}}


def test_refused_ones_of_one_address_are_limited(edge: Edge, problem_of) -> None:
    sent = delivery("facebook_comment")
    forged = sent.signed(WRONG)
    statuses = Counter(edge.take(forged, **at(ELSEWHERE)).status_code for _ in range(REFUSED_PER_MINUTE + 5))
    assert statuses == {401: REFUSED_PER_MINUTE, 429: 5}
    refused = edge.take(forged, **at(ELSEWHERE))
    assert problem_of(refused)["code"] == "too_many_requests"
    assert 1 <= int(refused.headers["Retry-After"]) <= 3600
    assert edge.take(sent, **at(NEIGHBOUR)).status_code == 200


def test_right_ones_are_not_limited_nor_counted(edge: Edge) -> None:
    for number in range(REFUSED_PER_MINUTE * 2):
        assert edge.take(of(Source.META, {"number": number}), **at(ELSEWHERE)).status_code == 200
    assert edge.take(delivery("facebook_comment").signed(WRONG), **at(ELSEWHERE)).status_code == 401


# -- the handshake -------------------------------------------------------------------------------------------------

ASKED = {"hub.mode": "subscribe", "hub.verify_token": SECRETS.meta_verify_token, "hub.challenge": "1158201444"}


@pytest.mark.parametrize("source", ["whatsapp", "meta"])
def test_the_challenge_comes_back_as_plain_text(edge: Edge, source: str) -> None:
    answered = edge.client.get(f"/webhooks/{source}", query_string=ASKED)
    assert (answered.status_code, answered.mimetype, answered.text) == (200, "text/plain", "1158201444")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "lain"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "é\x00"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
    ],
)
def test_whoever_does_not_know_the_word_gets_no_challenge(edge: Edge, change: dict[str, str], problem_of) -> None:
    for asked in (ASKED | change, {key: text for key, text in ASKED.items() if key not in change}):
        answered = edge.client.get("/webhooks/meta", query_string=asked)
        assert problem_of(answered)["status"] == 403
        assert "1158201444" not in answered.text


def test_guessing_the_word_is_limited(edge: Edge) -> None:
    asked = ASKED | {"hub.verify_token": "lain"}
    answers = [edge.client.get("/webhooks/meta", query_string=asked, **at(ELSEWHERE)) for _ in range(62)]
    assert Counter(each.status_code for each in answers) == {403: REFUSED_PER_MINUTE, 429: 2}


def test_without_a_word_there_is_no_handshake(build, problem_of) -> None:
    with structlog.testing.capture_logs() as logs:
        answered = build(inbound=InboundSecrets()).test_client().get("/webhooks/meta", query_string=ASKED)
    assert problem_of(answered)["status"] == 404
    assert "ADUAN_META_VERIFY_TOKEN" in logs[0]["detail"]
