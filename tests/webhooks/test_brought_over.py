"""What pages say of complaints from an earlier register: the day and no invented hour, and where they came from."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from automation.calendars.explaining_due import rules_for
from automation.exchange.checking import Entry, key_of
from automation.exchange.importing import old_case
from automation.exchange.mapping import shipped
from forms.papers.facts import facts_of, texts_of
from forms.papers.kinds import Shown
from forms.papers.office import Office
from register.changes import Change
from register.complaint import Channel, Event, EventKind
from tests.builders import MOMENT, an_intake

from .conftest import Clerk

CAME, ENDED = datetime(2025, 3, 3, 16, tzinfo=UTC), datetime(2025, 3, 20, 16, tzinfo=UTC)
"""Midnight of the next day in WITA: no time was written."""
INVENTED = ("pukul 00.00", "00:00 WITA", "00.00")


@pytest.fixture
def brought(store: Any) -> Callable[..., str]:
    mapping = shipped()["buku"]

    def bring(number: str = "12", *, outcome: str = "selesai", came: datetime = CAME, **said: Any) -> str:
        intake = an_intake(**said)
        entry = Entry(
            row=5,
            key=key_of(mapping.source, number, came, intake),
            number=number,
            received_at=came,
            channel=Channel.LETTER,
            intake=intake,
            outcome=outcome,
            closed_at=ENDED,
            reply="Sudah disalurkan.",
        )
        made = old_case(entry, mapping, store.transfer, rules_for(2026, None), MOMENT)
        store.transfer.add([made])
        return made.complaint.ticket

    return bring


@pytest.mark.parametrize(
    ("language", "came", "closed", "origin"),
    [
        ("id", "Selasa, 4 Maret 2025", "Jumat, 21 Maret 2025", "Dipindahkan dari register lama."),
        ("en", "Tuesday, 4 March 2025", "Friday, 21 March 2025", "Brought over from the earlier register."),
    ],
)
def test_the_status_page_tells_days(
    language: str, came: str, closed: str, origin: str, client: Any, brought: Callable[..., str]
) -> None:
    page = client.get(f"/status/{brought()}?lang={language}").text
    for words in (came, closed, origin):
        assert words in page
    for words in (*INVENTED, "Diperbarui", "Updated", "2026 pukul", "2026 at"):
        assert words not in page


def test_what_came_open_goes_on_as_any_other(client: Any, brought: Callable[..., str]) -> None:
    page = client.get(f"/status/{brought(outcome='terbuka')}").text
    assert "Dipindahkan dari register lama." in page
    assert "Diperbarui" in page
    assert "Ditutup" not in page


def test_what_began_here_is_not_called_brought_over(client: Any, filed: Any) -> None:
    assert "register lama" not in client.get(f"/status/{filed()}").text


def test_a_time_that_is_known_is_told(client: Any, brought: Callable[..., str]) -> None:
    page = client.get(f"/status/{brought(came=CAME.replace(hour=2))}").text
    assert "Senin, 3 Maret 2025 pukul 10.00 WITA" in page


def test_the_receipt_and_the_desk_tell_days(client: Any, clerk: Clerk, brought: Callable[..., str]) -> None:
    ticket = brought("17/PM")
    for page in (client.get(f"/pengaduan/{ticket}/tanda-terima").text, clerk.client.get(f"/loket/{ticket}").text):
        assert "Selasa, 4 Maret 2025" in page
        assert "Dipindahkan dari register lama." in page
        for words in INVENTED:
            assert words not in page
    assert "17/PM" in clerk.client.get(f"/loket/{ticket}").text
    assert "17/PM" not in client.get(f"/status/{ticket}").text


def test_papers_tell_days(store: Any, brought: Callable[..., str]) -> None:
    texts = texts_of(facts_of(store, brought(), Office()), frozenset(Shown))
    assert texts["received"] == "Selasa, 4 Maret 2025"
    assert texts["closed_day"] == "Jumat, 21 Maret 2025"
    assert texts["replied"] == "Jumat, 21 Maret 2025"


OURS_AND_OLD = "1 pengaduan bernomor lama itu"


def looked_for(clerk: Clerk, text: str) -> Any:
    return clerk.client.post("/loket/cari", data={"cari": text})


@pytest.mark.parametrize("text", ["17/PM", "17/pm", " 17/PM/2025 ", "17/PM/2025"])
def test_the_desk_finds_by_the_old_number(text: str, clerk: Clerk, brought: Callable[..., str]) -> None:
    ticket = brought("17/PM")
    brought("18/PM", name="Bapak Lain")
    page = looked_for(clerk, text)
    assert page.status_code == 200
    assert OURS_AND_OLD in page.text
    assert f'href="/loket/{ticket}"' in page.text
    assert "Bapak Lain" not in page.text


def test_an_old_number_is_not_mixed_up_with_ours(
    clerk: Clerk, store: Any, filed: Any, brought: Callable[..., str]
) -> None:
    ours, old = filed(), brought("1")
    store.commit([Change(ours, {"step_begun_at": MOMENT}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    page = looked_for(clerk, "1").text
    mine, _, others = page.partition(OURS_AND_OLD)
    assert ours in mine
    assert old not in mine
    assert old in others
    assert ours not in others


def test_the_old_number_of_what_is_restricted_gives_nothing_away(clerk: Clerk, brought: Callable[..., str]) -> None:
    ticket = brought("99", description="Petugas meminta uang agar bantuan cair, ini pungli.", category="PUNGLI")
    page = looked_for(clerk, "99").text
    assert "Tidak ada pengaduan yang ditemukan" in page
    assert ticket not in page


def test_the_same_old_number_in_two_years_is_two(clerk: Clerk, brought: Callable[..., str]) -> None:
    first, second = brought("12"), brought("12", came=CAME.replace(year=2024))
    page = looked_for(clerk, "12").text
    assert "2 pengaduan bernomor lama itu" in page
    page = looked_for(clerk, "12/2024").text
    assert second in page
    assert first not in page
