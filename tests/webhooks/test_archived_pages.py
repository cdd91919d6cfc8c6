"""What reporters and clerks see of a complaint in the archive, and of one whose data were destroyed."""

from collections.abc import Callable
from typing import Any

import pytest

from register.changes import Change
from register.complaint import Channel, Event, EventKind, Status
from register.store import Store
from tests.builders import MOMENT, an_intake

SAID = an_intake(nik="6402990000000000")


@pytest.fixture
def archived(store: Store) -> str:
    """The ticket of one in the archive."""
    ticket = store.accept(SAID, channel=Channel.WEB, now=MOMENT).complaint.ticket
    label = "Pengaduan selesai dan diarsipkan"
    done = Event(EventKind.ACT, MOMENT, "staf", {"act": "arsipkan", "status": Status.ARCHIVED}, {"why": "x"}, label)
    fields = {"status": Status.ARCHIVED, "step": 10, "step_begun_at": MOMENT, "replied_at": MOMENT}
    store.commit([Change(ticket, fields, [done], reply="Sudah cair.")])
    assert store.move_out([ticket], MOMENT) == {ticket}
    return ticket


@pytest.mark.parametrize("erased", [False, True], ids=["archived", "erased"])
@pytest.mark.parametrize(
    "path", ["/status/{}", "/status/{}?lang=en", "/api/v1/complaints/{}", "/pengaduan/{}/tanda-terima.pdf"]
)
def test_its_reporter_still_finds_it(
    build: Callable[..., Any], store: Store, archived: str, path: str, erased: bool
) -> None:
    client = build(paper=lambda *_: b"%PDF").test_client()
    if erased:
        store.erase(archived, "permintaan", MOMENT, actor="administrator")
    answer = client.get(path.format(archived), follow_redirects=True)
    assert answer.status_code == 200, answer.text
    if "pdf" not in path:
        assert ("Sudah cair." in answer.text) is not erased
        assert SAID.description not in answer.text or not erased


@pytest.mark.parametrize("erased", [False, True], ids=["archived", "erased"])
@pytest.mark.parametrize("given", ["ticket", "number", "nik", "phone"])
def test_a_clerk_still_finds_it(clerk: Any, store: Store, archived: str, given: str, erased: bool) -> None:
    number = store.complaint(archived).register_number
    if erased:
        store.erase(archived, "permintaan", MOMENT, actor="administrator")
    text = {"ticket": archived, "number": number, "nik": SAID.nik, "phone": "0812-0000-0000"}[given]
    answer = clerk.client.post("/loket/cari", data={"cari": text})
    assert answer.status_code == 200, answer.text
    found = number in answer.text
    assert found is not (erased and given in ("nik", "phone")), "the index went with the key"
    assert not (erased and SAID.name in answer.text)
    assert "di arsip tahun 2026" in answer.text or not found
    saved = clerk.client.get(f"/loket/{archived}", follow_redirects=True)
    assert saved.status_code == 200, saved.text
    assert not (erased and SAID.name in saved.text)
