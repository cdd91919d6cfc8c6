"""Files at the desk: saved by whoever may open the complaint, added by whoever records, and never shown to others."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask

from register.attachment import Checked, Kind
from register.attachments import Attachments
from register.complaint import EventKind
from register.store import Store
from tests.builders import MOMENT
from tests.evidence_files import jpeg
from tests.webhooks.conftest import Clerk, token_in


@pytest.fixture
def clerk(build: Callable[..., Flask], attachments: Attachments) -> Clerk:
    app = build()
    app.extensions["aduan"] = replace(app.extensions["aduan"], attachments=attachments)
    found = Clerk(app.test_client())
    assert found.sign_in().status_code == 303
    return found


def sent(attachments: Attachments, ticket: str, name: str = "foto.jpg") -> str:
    kept = attachments.add(f"ticket:{ticket}", Checked(Kind.JPEG, name, jpeg()), now=MOMENT)
    return kept.id


def test_a_clerk_adds_a_scan_and_saves_it_again(clerk: Clerk, attachments: Attachments, store: Store) -> None:
    ticket = clerk.record()
    page = clerk.client.get(f"/loket/{ticket}/bukti")
    assert "Belum ada berkas." in page.text
    data = {"token": token_in(page), "evidence": (BytesIO(jpeg()), "surat.jpg")}
    assert clerk.client.post(f"/loket/{ticket}/bukti", data=data).status_code == 303
    (kept,) = attachments.of(f"ticket:{ticket}")
    assert kept.name in clerk.client.get(f"/loket/{ticket}/bukti").text
    assert "1 berkas" in clerk.client.get(f"/loket/{ticket}").text
    answer = clerk.client.get(f"/loket/{ticket}/bukti/{kept.id}")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/jpeg", attachments.open(kept))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (event,) = [event for event in store.events(ticket) if event.kind is EventKind.EVIDENCE_ADDED]
    assert (event.actor, event.public_label) == ("sari@kantor", "Bukti ditambahkan petugas")


def test_a_bad_file_is_named_and_a_stale_page_takes_nothing(clerk: Clerk, attachments: Attachments) -> None:
    ticket = clerk.record()
    token = token_in(clerk.client.get(f"/loket/{ticket}/bukti"))
    for data, status, told in (
        ({"token": token, "evidence": (BytesIO(b"<?php"), "jahat.png")}, 422, "jahat.png"),
        ({"token": "x", "evidence": (BytesIO(jpeg()), "foto.jpg")}, 400, "terlalu lama terbuka"),
    ):
        answer = clerk.client.post(f"/loket/{ticket}/bukti", data=data)
        assert answer.status_code == status
        assert told in answer.text
    assert attachments.of(f"ticket:{ticket}") == []


@pytest.mark.parametrize(("who", "status"), [("baru", 403), ("kabid", 200), ("ketua", 200)])
def test_who_may_look(clerk: Clerk, attachments: Attachments, store: Store, filed, who: str, status: int) -> None:
    ticket = clerk.record()
    clerk.sign_in_again(who)
    expected = 403 if who == "kabid" else status  # a complaint that nobody looked at may turn out restricted
    assert clerk.client.get(f"/loket/{ticket}/bukti/{sent(attachments, ticket)}").status_code == expected


def test_a_confidential_complaints_files_are_for_its_roles_alone(clerk: Clerk, attachments: Attachments) -> None:
    ticket = clerk.record(confidential="1")
    file = sent(attachments, ticket)
    clerk.sign_in_again("rudi")
    for path in (f"/loket/{ticket}/bukti", f"/loket/{ticket}/bukti/{file}"):
        assert clerk.client.get(path).status_code == 403
    clerk.sign_in_again("ketua")
    assert clerk.client.get(f"/loket/{ticket}/bukti/{file}").status_code == 200


def test_a_file_of_another_complaint_or_that_is_locked_is_not_given(clerk: Clerk, attachments: Attachments) -> None:
    ticket, other = clerk.record(), clerk.record(nik="", description="Hal yang lain sama sekali, mohon dijawab.")
    file = sent(attachments, other)
    assert clerk.client.get(f"/loket/{ticket}/bukti/{file}").status_code == 404
    kept = attachments.add(f"ticket:{ticket}", Checked(Kind.PDF, "a.pdf", b"%PDF"), now=MOMENT, quarantined=True)
    assert clerk.client.get(f"/loket/{ticket}/bukti/{kept.id}").status_code == 409
