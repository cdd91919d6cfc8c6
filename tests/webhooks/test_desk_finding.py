"""Finding complaints at the desk, and what whom is shown of them."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from register.changes import Change
from register.complaint import Channel, Event, EventKind, Identity, Status
from tests.builders import MOMENT, an_intake

from .conftest import Clerk

NIK, PHONE, EMAIL = "6402990000000000", "0812-0000-0000", "ibu@contoh.id"
DISPOSED = [Event(EventKind.DISPOSED, MOMENT, "sistem")]


@pytest.fixture
def filed(store: Any) -> Any:
    def file(*, restricted: bool = False, **changes: object) -> str:
        said = an_intake(**{"nik": NIK, "email": EMAIL} | changes)
        ticket: str = store.accept(said, channel=Channel.WEB, now=MOMENT).complaint.ticket
        store.commit([Change(ticket, {"step_begun_at": MOMENT, "restricted": restricted}, DISPOSED)])
        return ticket

    return file


def looked_for(clerk: Clerk, text: str) -> Any:
    return clerk.client.post("/loket/cari", data={"cari": text})


@pytest.mark.parametrize(
    "text",
    [
        "{ticket}", "{lower}", " {ticket} ", "1", "0001", "1/2026", "0001/ADUAN/DINSOS/11/2026",
        "0001/aduan/dinsos/11/2026", NIK, "6402 9900 0000 0000", PHONE, "+6281200000000", "6281200000000",
        EMAIL, " IBU@Contoh.ID ",
    ],
)  # fmt: skip
def test_a_complaint_is_found_by_what_the_reporter_knows(clerk: Clerk, filed: Any, text: str) -> None:
    ticket = filed()
    filed(nik="6402990000000001", phone="+6281200000001", email="lain@contoh.id", name="Bapak Lain")
    answer = looked_for(clerk, text.format(ticket=ticket, lower=ticket.lower().replace("-", " ")))
    assert answer.status_code == 200
    assert f'href="/loket/{ticket}"' in answer.text
    assert "1 pengaduan ditemukan" in answer.text
    assert "Ibu Contoh" in answer.text
    assert "Bapak Lain" not in answer.text


@pytest.mark.parametrize(
    "text", ["0000-0000-S", "99", "1/2025", "6402990000000009", "0812-0000-0009", "siapa@contoh.id"]
)
def test_what_is_not_there_is_not_found(clerk: Clerk, filed: Any, text: str) -> None:
    filed()
    answer = looked_for(clerk, text)
    assert answer.status_code == 200
    assert "Tidak ada pengaduan yang ditemukan" in answer.text


@pytest.mark.parametrize("text", ["Ibu Contoh", "ibu@contoh", "<b>", "640299", "٤٢", "a" * 5000])
def test_what_cannot_be_looked_for_is_told(clerk: Clerk, filed: Any, text: str) -> None:
    filed()
    answer = looked_for(clerk, text)
    assert answer.status_code == 400
    assert "Kesalahan:" in answer.text
    assert "<b>" not in answer.text


def test_nothing_personal_is_in_an_address_or_a_log(clerk: Clerk, filed: Any) -> None:
    ticket = filed()
    assert ticket not in clerk.client.get("/loket/cari", query_string={"cari": NIK}).text
    with capture_logs() as logged:
        looked_for(clerk, NIK)
    assert logged == [{"event": "desk_search", "log_level": "info", "account": "sari", "kind": "nik", "found": 1}]


CASES = {
    "open": ({}, True, True, "Ibu Contoh"),
    "confidential": ({"identity": Identity.CONFIDENTIAL}, False, True, "(dirahasiakan)"),
    "restricted": ({"restricted": True}, False, False, ""),
    "anonymous": (
        {"identity": Identity.ANONYMOUS, "name": "", "nik": "", "phone": "", "email": ""},
        False,
        True,
        "Tanpa nama",
    ),
}


@pytest.mark.parametrize(("which", "by_person", "by_ticket", "shown"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("username", ["sari", "kabid"])
def test_what_somebody_without_the_role_finds(
    client: Any, filed: Any, username: str, which: dict[str, Any], by_person: bool, by_ticket: bool, shown: str
) -> None:
    """Nobody learns by a NIK or a telephone that its owner complained in confidence."""
    clerk = Clerk(client)
    clerk.sign_in(username)
    ticket = filed(**which)
    for text in (NIK, PHONE, EMAIL):
        assert (ticket in looked_for(clerk, text).text) is by_person
    answer = looked_for(clerk, ticket).text
    assert (f'href="/loket/{ticket}"' in answer) is by_ticket
    assert shown in answer
    assert ("Ibu Contoh" in answer) is (shown == "Ibu Contoh")
    assert "12 jam terakhir" in looked_for(clerk, NIK).text
    assert "hubungi Ketua Tim" in looked_for(clerk, NIK).text, "whatever there is, so that it tells nothing"


@pytest.mark.parametrize("which", [{"identity": Identity.CONFIDENTIAL}, {"restricted": True}], ids=str)
def test_what_the_appointed_roles_find(client: Any, filed: Any, which: dict[str, Any]) -> None:
    clerk = Clerk(client)
    clerk.sign_in("ketua")
    ticket = filed(**which)
    for text in (NIK, PHONE, EMAIL, ticket, "1"):
        answer = looked_for(clerk, text).text
        assert f'href="/loket/{ticket}"' in answer
        assert "Ibu Contoh" in answer
    assert "hubungi Ketua Tim" not in looked_for(clerk, NIK).text


@pytest.mark.parametrize(("username", "found"), [("kabid", False), ("ketua", True)])
def test_numbers_tried_one_after_another_give_away_no_confidential_ticket(
    clerk: Clerk, filed: Any, username: str, found: bool
) -> None:
    """With the ticket, and a guess of who it is, somebody could act in the reporter's place."""
    ticket = filed(identity=Identity.CONFIDENTIAL)
    clerk.sign_in_again(username)
    assert (ticket in looked_for(clerk, "1").text) is found


def test_a_clerk_finds_for_12_hours_the_confidential_reporter_they_recorded(clerk: Clerk, clock: Any) -> None:
    ticket = clerk.record(confidential="1", email=EMAIL)
    for text in (PHONE, EMAIL):
        assert f'href="/loket/{ticket}"' in looked_for(clerk, text).text
    clerk.sign_in_again("rudi")
    assert ticket not in looked_for(clerk, EMAIL).text
    clock.pass_by(hours=11, minutes=59)
    clerk.sign_in_again("sari")
    assert f'href="/loket/{ticket}"' in looked_for(clerk, EMAIL).text
    clock.pass_by(minutes=2)
    assert ticket not in looked_for(clerk, EMAIL).text


def test_an_archived_complaint_is_found_and_says_of_which_year(clerk: Clerk, store: Any, filed: Any) -> None:
    ticket = filed()
    archived = [Event(EventKind.ACT, MOMENT, "staf", {"act": "arsipkan", "status": "archived"})]
    store.commit([Change(ticket, {"status": Status.ARCHIVED, "updated_at": MOMENT}, archived)])
    assert "di arsip tahun" not in looked_for(clerk, ticket).text
    assert "Dihitung sebentar lagi" not in clerk.client.get(f"/loket/{ticket}").text
    assert store.move_out([ticket], MOMENT) == {ticket}
    for text in (ticket, PHONE, NIK):
        page = looked_for(clerk, text).text
        assert ticket in page
        assert "di arsip tahun 2026" in page
