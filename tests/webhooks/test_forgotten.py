"""A forgotten ticket: the same answer and work whoever asks, and nothing of the contact is kept in the clear."""

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from register import tables
from register.store import Store
from tests.builders import MOMENT
from tests.webhooks.conftest import token_in


@pytest.fixture
def client(build: Callable[..., Flask]) -> FlaskClient:
    return build(writes_to_reporters=True).test_client()


def ask(client: FlaskClient, contact: str, token: str | None = None) -> TestResponse:
    token = token_in(client.get("/lupa-tiket")) if token is None else token
    return client.post("/lupa-tiket", data={"token": token, "contact": contact})


@pytest.mark.parametrize("contact", ["0812-0000-0000", "ibu@contoh.id", "+62 812 0000 0000", " IBU@contoh.id "])
def test_a_request_leads_to_the_complaints_of_its_contact(
    client: FlaskClient, store: Store, filed: Callable[..., str], contact: str
) -> None:
    ticket = filed(email="ibu@contoh.id")
    assert ask(client, contact).headers["Location"] == "/lupa-tiket?terkirim=ya"
    message = store.claim_message(MOMENT)
    assert message
    assert (message.kind, message.ticket) == ("tiket_terlupa", "")
    assert store.tickets_of_digest(message.contact) == [ticket]


def test_the_answer_and_the_work_are_the_same_for_anybody(
    client: FlaskClient, store: Store, filed: Callable[..., str]
) -> None:
    filed(email="ibu@contoh.id")
    done: list[list[str]] = []
    answers = []
    for contact in ("ibu@contoh.id", "tidak@contoh.id"):
        token, statements = token_in(client.get("/lupa-tiket")), list[str]()

        def note(*told: object, into: list[str] = statements) -> None:
            into.append(str(told[2]))

        sa.event.listen(store._engine, "before_cursor_execute", note)
        answers.append(ask(client, contact, token))
        sa.event.remove(store._engine, "before_cursor_execute", note)
        done.append(statements)
    assert done[0] == done[1]
    assert done[0]
    assert len({(answer.status_code, answer.headers["Location"], answer.text) for answer in answers}) == 1
    page = client.get("/lupa-tiket?terkirim=ya").text
    assert "contoh.id" not in page.replace("dinsos@kukarkab.go.id", "")


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", "Isi nomor HP atau alamat e-mail"),
        ("   ", "Isi nomor HP atau alamat e-mail"),
        ("ibu@", "Alamat e-mail ini tidak lengkap"),
        ("12", "Nomor telepon ini tidak lengkap"),
        ("0800-000-0000", "Nomor 0800"),
        ("\x00<b>", "Nomor telepon ini"),
    ],
)
def test_what_cannot_be_a_contact_is_said_at_the_field(
    client: FlaskClient, store: Store, contact: str, said: str
) -> None:
    answer = ask(client, contact)
    assert answer.status_code == 422
    assert said in answer.text
    assert '<a href="#contact">' in answer.text
    assert store.claim_message(MOMENT) is None


def test_a_contact_and_a_client_may_be_asked_for_a_few_times_only(client: FlaskClient) -> None:
    client.environ_base["REMOTE_ADDR"] = "203.0.113.7"
    assert [ask(client, "ibu@contoh.id").status_code for _ in range(4)] == [303, 303, 303, 429]
    answers = [ask(client, f"ibu{n}@contoh.id").status_code for n in range(8)]
    assert answers == [303] * 7 + [429], "what the contact's own limit refused does not count for its neighbours"


def test_nothing_of_the_contact_is_kept_or_logged(client: FlaskClient, store: Store) -> None:
    with capture_logs() as logs:
        ask(client, "ibu@contoh.id")
        ask(client, "0812-0000-0000")
    with store._engine.connect() as connection:
        kept = [str(connection.execute(sa.select(table)).all()) for table in (tables.outbox, tables.limits)]
    for secret in ("contoh", "81200000000", "127.0.0.1"):
        assert secret not in "".join(kept)
        assert secret not in str(logs)


def test_a_page_that_is_not_ours_asks_for_nothing(client: FlaskClient, store: Store) -> None:
    answer = ask(client, "ibu@contoh.id", "x")
    assert answer.status_code == 400
    assert 'value="ibu@contoh.id"' in answer.text
    assert store.claim_message(MOMENT) is None


def test_where_no_mail_can_be_sent_the_desk_helps(build: Callable[..., Flask], store: Store) -> None:
    client = build().test_client()
    page = client.get("/lupa-tiket").text
    assert "Petugas loket dapat mencarikan" in page
    assert not re.search("<form[^>]*lupa", page)
    assert ask(client, "ibu@contoh.id", "x").headers["Location"] == "/lupa-tiket"
    assert store.claim_message(MOMENT) is None


def test_the_look_up_leads_here(client: FlaskClient) -> None:
    assert 'href="/lupa-tiket"' in client.get("/status").text


@pytest.mark.parametrize("by_mail", [True, False])
def test_there_is_a_way_on_for_everybody(build: Callable[..., Flask], by_mail: bool) -> None:
    page = build(writes_to_reporters=by_mail).test_client().get("/lupa-tiket").text
    for words in ("WhatsApp", "jam layanan", "hanya memberi alamat e-mail", "Pengaduan tanpa nama"):
        assert words in page
    main = page[page.index("<main") : page.index("</main>")]
    for link in ('href="/status"', 'href="/"', 'href="mailto:', 'href="tel:'):
        assert link in main


@pytest.mark.parametrize("ticket", ["salah", "7K3M-Q9TX-2"])
def test_a_wrong_ticket_leads_here_too(client: FlaskClient, ticket: str) -> None:
    page = client.get(f"/status/{ticket}")
    assert page.status_code == 404
    assert 'href="/lupa-tiket"' in page.text
