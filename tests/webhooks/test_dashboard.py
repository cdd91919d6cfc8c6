"""The staff's figures: every number leads to the complaints it counts, to those who may see them, and is quick."""

import re
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from automation.reports.counting import Counting
from register.changes import Change
from register.complaint import WITA, Channel, Event, EventKind, Status
from register.figures import Chosen, Figures
from register.periods import MONTH, QUARTER, YEAR, Period
from register.report_files import Reports
from register.store import Store
from tests.builders import MOMENT, an_intake
from webhooks.counted import Counted
from webhooks.durations import minutes_words, norm_words

from .conftest import Clerk, Clock
from .handled import RULES, Handled

LINK = re.compile(r'<a href="(/petugas/dasbor/daftar\?[^"]*)">(\d+)</a>')
TOTAL = re.compile(r"<strong>(\d+) pengaduan</strong>(?:, (\d+) pengaduan terbatas)?")
ROW = re.compile(r'<td class="mono"><a href="/loket/([^"]+)">')
REPEATING = ("daftar=reopened", "daftar=rating", "daftar=late", "daftar=on_time", "daftar=overdue")
DAY = timedelta(days=1)
EVERYTHING = Chosen()


@pytest.fixture
def tickets(store: Store) -> Sequence[str]:
    """A complaint in every status, two of October, an emergency, and one that is restricted."""
    handled = Handled(store)
    found = [handled.bring_to(status, category="SEMBAKO", district="Loa Kulu") for status in Status]
    handled.now = MOMENT - 40 * DAY
    found += [handled.bring_to(status, category="PKH") for status in (Status.RESOLVED, Status.IN_PROGRESS)]
    handled.now = MOMENT
    secret = handled.file(category="SEMBAKO", district="Tenggarong")
    urgent = handled.file()
    for ticket, values in ((secret, {"restricted": True}), (urgent, {"urgency": "Darurat"})):
        store.commit([Change(ticket, values, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    return [*found, secret, urgent]


@pytest.fixture
def office(build: Callable[..., Flask], store: Store, clock: Clock, tmp_path: Path) -> Clerk:
    """Somebody in front of the dashboard, with the figures counted as they are in an office."""
    clock.pass_by(minutes=5)  # figures are of what was before now
    reports = Reports(tmp_path / "laporan")
    reports.keep(Period.parse("2026-10"), {"pdf": b"%PDF-1.7", "xlsx": b"PK", "csv": b"a"})
    clerk = Clerk(build(statistics=Counting(store, lambda _: RULES), reports=reports).test_client())
    assert clerk.sign_in("ketua").status_code == 303
    return clerk


def shown(clerk: Clerk, address: str) -> tuple[int, int, list[str]]:
    """Of a list: how many it says there are, how many of them it hides, and the tickets on all its pages."""
    found: list[str] = []
    page = clerk.client.get(address)
    total = TOTAL.search(page.text)
    assert total, page.text
    while True:
        found += ROW.findall(page.text)
        onwards = re.search(r'href="([^"]*)" rel="next"', page.text)
        if onwards is None:
            return int(total[1]), int(total[2] or 0), found
        page = clerk.client.get(unescape(onwards[1]))


PAGES = ("?masa=2026-11", "?masa=2026", "?masa=2026-Q4&kategori=SEMBAKO&sop=online", "?masa=2026-11&kecamatan=-")


@pytest.mark.parametrize("query", PAGES)
def test_every_number_leads_to_the_complaints_it_counts(office: Clerk, tickets: Sequence[str], query: str) -> None:
    page = office.client.get(f"/petugas/dasbor{query}").text
    links = {(unescape(address), int(number)) for address, number in LINK.findall(page)}
    assert len(links) > 15
    assert any(number for _, number in links)
    for address, number in links:
        total, hidden, found = shown(office, address)
        assert hidden == 0
        assert len(found) == len(set(found)) == total
        if any(each in address for each in REPEATING):
            assert total <= number, address
            assert bool(total) == bool(number), address
        else:
            assert total == number, address


@pytest.mark.parametrize("username", ["sari", "kabid"])
def test_restricted_complaints_are_counted_and_not_listed(office: Clerk, tickets: Sequence[str], username: str) -> None:
    (_, hidden, everything), secret = shown(office, "/petugas/dasbor/daftar?masa=2026-11"), tickets[-2]
    assert (hidden, secret in everything) == (0, True)
    office.sign_in_again(username)
    total, hidden, found = shown(office, "/petugas/dasbor/daftar?masa=2026-11")
    assert total == len(everything)
    assert hidden == 2, "the restricted one, and the one that nobody has looked at yet"
    assert secret not in found
    assert len(found) == total - hidden


@pytest.mark.parametrize(
    "chosen", ["kategori=SEMBAKO", "kecamatan=Tenggarong", "bidang=Linjamsos", "kategori=(terbatas)"]
)
def test_filters_do_not_tell_what_a_restricted_complaint_is_about(
    office: Clerk, store: Store, tickets: Sequence[str], chosen: str
) -> None:
    """The shared register says that there is such a one, when, by which channel and how urgent: no more."""
    address = f"/petugas/dasbor/daftar?masa=2026-11&{chosen}"
    everything = shown(office, address)
    office.sign_in_again("sari")
    total, hidden, found = shown(office, address)
    secret = store.complaint(tickets[-2])
    assert (tickets[-2] in everything[2]) == (chosen != "kategori=(terbatas)"), secret
    assert (hidden, total - len(found)) == ((2, 2) if chosen == "kategori=(terbatas)" else (0, 0))


def test_one_that_was_restricted_since_is_not_listed(office: Clerk, store: Store, tickets: Sequence[str]) -> None:
    class Slow(Counted):
        def get(self, key: Any, count: Any, *, now: Any, newest: int) -> Any:
            return super().get(key, count, now=now, newest=0)  # figures that are not counted anew

    app: Any = office.client.application
    object.__setattr__(app.extensions["aduan"], "counted", Slow())
    office.sign_in_again("sari")
    address, ticket = "/petugas/dasbor/daftar?masa=2026-11&kecamatan=Loa+Kulu", tickets[3]
    assert ticket in shown(office, address)[2]
    store.commit([Change(ticket, {"restricted": True}, [Event(EventKind.DISPOSED, MOMENT, "sistem")])])
    assert ticket not in shown(office, address)[2]


def test_the_figures_follow_the_trail(office: Clerk, filed: Any) -> None:
    assert shown(office, "/petugas/dasbor/daftar?masa=2026-11")[0] == 0
    filed()
    assert shown(office, "/petugas/dasbor/daftar?masa=2026-11")[0] == 1


def test_long_lists_have_pages(office: Clerk, filed: Any) -> None:
    filed_ones = [filed() for _ in range(51)]
    assert shown(office, "/petugas/dasbor/daftar?masa=2026-11") == (51, 0, filed_ones)
    for page in ("0", "-1", "99", "x", "9" * 400):
        assert office.client.get(f"/petugas/dasbor/daftar?hal={page}").status_code == 200


ADDRESSES = [
    ("/petugas/dasbor?masa=2026-13", 400),
    ("/petugas/dasbor?masa=%00", 400),
    ("/petugas/dasbor?masa=2000", 200),
    ("/petugas/dasbor?masa=2100-12", 400),
    ("/petugas/dasbor?kategori=<script>&bidang=x&sop=y&urgensi=z", 200),
    ("/petugas/dasbor/daftar?daftar=semua", 404),
    ("/petugas/dasbor/daftar?daftar=late:langsung:langkah.5%0a", 404),
    ("/petugas/dasbor/daftar?daftar=late:langsung:tak.ada", 200),
    ("/petugas/dasbor/laporan/2026-10.pdf", 200),
    ("/petugas/dasbor/laporan/2026-10.xlsx", 200),
    ("/petugas/dasbor/laporan/2026-09.pdf", 404),
    ("/petugas/dasbor/laporan/....pdf", 404),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_no_address_breaks_it(office: Clerk, address: str, status: int) -> None:
    page = office.client.get(address)
    assert page.status_code == status
    assert b"<script>&" not in page.data


def test_a_period_that_cannot_be_read_is_explained_in_the_page_s_language(office: Clerk) -> None:
    assert "bukan masa laporan" in office.client.get("/petugas/dasbor?masa=x").text
    assert "dari 2000 sampai 2100" in office.client.get("/petugas/dasbor?masa=1999").text
    english = office.client.get("/petugas/dasbor?masa=x&lang=en").text
    assert "is no period" in english
    assert "bukan masa laporan" not in english


def test_rows_of_zeros_are_counted_and_not_shown(office: Clerk, tickets: Sequence[str]) -> None:
    page = office.client.get("/petugas/dasbor?masa=2026-11").text
    assert re.search(r"[1-9]\d* baris yang semuanya nol tidak ditampilkan", page)
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.partition('id="darurat"')[2], re.DOTALL):
        numbers = re.findall(r">(\d+)</a>", row)
        assert not numbers or set(numbers) != {"0"}, row


def test_clocks_and_their_norms_are_said_in_the_page_s_language(office: Clerk, tickets: Sequence[str]) -> None:
    page = office.client.get("/petugas/dasbor?masa=2026-11&lang=en").text
    for said in ("Answer to the reporter", "10\u00a0minutes", "Law 25/2009: decision", "SOP for complaints online"):
        assert said in page
    clocks = page.partition('id="waktu"')[2].partition("</section>")[0]
    assert not re.search(r"menit|hari|penerusan|tanggapan", re.sub(r'href="[^"]*"', "", clocks))


def test_a_list_says_of_which_clock_it_is(office: Clerk) -> None:
    for key, said in (("uu25.keputusan", "UU 25/2009: keputusan"), ("langkah.2", "Langkah 2")):
        page = office.client.get(f"/petugas/dasbor/daftar?masa=2026-11&daftar=late:online:{key}").text
        assert f"Terlambat: {said}, SOP Pengaduan Online" in page


def test_a_list_leads_to_itself_in_the_other_language(office: Clerk, tickets: Sequence[str]) -> None:
    address = "/petugas/dasbor/daftar?masa=2026-11&kecamatan=Loa+Kulu&daftar=received"
    before = shown(office, address)
    link = re.search(r'href="([^"]*)" lang="en"', office.client.get(address).text)
    assert link
    english = office.client.get(unescape(link[1])).text
    assert f"<strong>{before[0]} complaints</strong>" in english
    assert ROW.findall(english) == before[2]


@pytest.mark.parametrize(("count", "words"), [(1, "1 complaint"), (2, "2 complaints")])
def test_one_is_not_many_in_english(office: Clerk, filed: Any, count: int, words: str) -> None:
    for _ in range(count):
        filed()
    assert f"<strong>{words}</strong>" in office.client.get("/petugas/dasbor/daftar?masa=2026-11&lang=en").text


def test_a_list_shows_the_day_by_which_it_was_counted(office: Clerk, store: Store, filed: Any) -> None:
    """Of what came from an earlier register nobody knows the time of day."""
    filed()
    day = MOMENT.astimezone(WITA).replace(day=3, hour=0, minute=0)
    store.accept(an_intake(), channel=Channel.LETTER, now=day, received_at=day - 20 * DAY)
    page = office.client.get("/petugas/dasbor/daftar?masa=2026-11").text
    days = re.findall(r'<td data-label="Dicatat">(.*?)</td>', page)
    assert days == ["Senin, 23 November 2026 pukul 10.30 WITA", "Selasa, 3 November 2026"]


def test_what_is_archived_is_not_looked_for_in_the_register(office: Clerk, store: Store, filed: Any) -> None:
    address, ticket = "/petugas/dasbor/daftar?masa=2026-11", filed()
    done = Event(EventKind.ACT, MOMENT, "staf", {"act": "arsipkan", "status": Status.ARCHIVED})
    store.commit([Change(ticket, {"status": Status.ARCHIVED}, [done])])
    assert "Ctrl+F" in office.client.get(address).text
    assert store.move_out([ticket], MOMENT) == {ticket}
    page = office.client.get(address).text
    assert "Diarsipkan, di arsip tahun 2026" in page
    assert "Ctrl+F" not in page
    filed()
    assert "Ctrl+F" in office.client.get(address).text


def test_finished_reports_are_offered(office: Clerk) -> None:
    page = office.client.get("/petugas/dasbor").text
    assert 'class="figure-year">2026</th>' in page
    for kind in ("pdf", "xlsx", "csv"):
        assert f"/petugas/dasbor/laporan/2026-10.{kind}" in page


@pytest.mark.parametrize("path", ["/petugas/dasbor", "/petugas/dasbor/daftar"])
def test_of_a_period_to_come_the_running_one_is_offered(office: Clerk, path: str) -> None:
    answer = office.client.get(f"{path}?masa=2027")
    assert answer.status_code == 400
    assert "Tahun 2027 belum dimulai" in answer.text
    assert "Tahun 2026, yang sedang berjalan" in answer.text
    assert "masa=2026" in answer.text


@pytest.mark.parametrize("lengths", [(MONTH, 0), (QUARTER, 3), (YEAR, 11)])
def test_months_are_shown_of_longer_periods(office: Clerk, lengths: tuple[int, int]) -> None:
    page = office.client.get(f"/petugas/dasbor?masa={Period.around(MOMENT, lengths[0]).key}").text
    assert ('id="bulan"' in page) == bool(lengths[1])


RIGHTS = [("baru", 403), ("kabid", 200), ("sari", 200), ("ketua", 200)]


@pytest.mark.parametrize("path", ["/petugas/dasbor", "/petugas/dasbor/daftar", "/petugas/dasbor/laporan/2026-10.pdf"])
@pytest.mark.parametrize(("username", "status"), RIGHTS)
def test_who_may_see_it(office: Clerk, username: str, status: int, path: str) -> None:
    office.sign_in_again(username)
    assert office.client.get(path).status_code == status


@pytest.mark.parametrize("path", ["/petugas/dasbor", "/petugas/papan", "/loket/cari"])
def test_whoever_has_no_role_yet_is_told_so_whatever_the_page(office: Clerk, path: str) -> None:
    office.sign_in_again("baru")
    answer = office.client.get(path)
    assert "Akun Anda belum mempunyai peran yang dapat membuka halaman ini." in answer.text
    assert "tab Petugas, kolom Peran dan Akun. Mintalah kepadanya" in answer.text
    assert "dokumen" not in answer.text.partition("<h1>")[2]


@pytest.mark.parametrize("username", ["sari", "baru"])
def test_the_staffs_home_leads_there_whoever_may_go(office: Clerk, username: str) -> None:
    office.sign_in_again(username)
    page = office.client.get("/petugas").text
    assert ("/petugas/dasbor" in page) == ("/petugas/papan" in page) == (username == "sari")
    assert "/petugas/papan/layar" not in page


def test_without_anybody_who_counts_there_is_none(clerk: Clerk) -> None:
    assert clerk.client.get("/petugas/dasbor").status_code == 404
    assert "/petugas/dasbor" not in clerk.client.get("/petugas").text


# -- counting once ----------------------------------------------------------------------------------------------------


class Slowly:
    """Statistics that wait until they are told to go on."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def figures(self, periods: Sequence[Period], now: Any, chosen: Chosen = EVERYTHING) -> Sequence[Figures]:
        self.go_on.wait(20)
        raise ValueError("for the test")

    def tickets(self, period: Period, now: Any, chosen: Chosen, of: str) -> Sequence[str]:
        self.go_on.wait(20)
        return ()


def test_what_takes_long_is_counted_behind_a_page_that_says_so(build: Any) -> None:
    slow = Slowly()
    app = build(statistics=slow)
    object.__setattr__(app.extensions["aduan"], "counted", Counted(patience=0.05))
    clerk = Clerk(app.test_client())
    clerk.sign_in()
    page = clerk.client.get("/petugas/dasbor/daftar")
    assert (page.status_code, page.headers["Refresh"]) == (200, "3")
    assert "sedang dihitung" in page.text
    slow.go_on.set()
    object.__setattr__(app.extensions["aduan"].counted, "_patience", 20)
    assert "0 pengaduan" in clerk.client.get("/petugas/dasbor/daftar").text


@pytest.fixture
def counted() -> tuple[Counted, list[int]]:
    return Counted(), []


HOLDS = [
    ({}, 1),
    ({"now": MOMENT + 9 * timedelta(minutes=1)}, 1),
    ({"now": MOMENT + 10 * timedelta(minutes=1)}, 2),
    ({"newest": 8}, 2),
    ({"key": "b"}, 2),
    ({"now": MOMENT - DAY}, 2),  # the clock was ahead
]


@pytest.mark.parametrize(("again", "times"), HOLDS)
def test_it_is_counted_again_only_if_it_may_have_changed(
    counted: tuple[Counted, list[int]], again: dict[str, Any], times: int
) -> None:
    cache, done = counted
    first: dict[str, Any] = {"key": "a", "now": MOMENT, "newest": 7}
    for asked in (first, first | again):
        cache.get(asked["key"], lambda: done.append(1), now=asked["now"], newest=asked["newest"])
    assert len(done) == times


def test_a_count_that_fails_is_told_and_tried_again(counted: tuple[Counted, list[int]]) -> None:
    cache, _ = counted
    with pytest.raises(ZeroDivisionError):
        cache.get("a", lambda: 1 // 0, now=MOMENT, newest=1)
    found = cache.get("a", lambda: 5, now=MOMENT, newest=1)
    assert found
    assert found.value == 5


def test_many_at_once_count_once(counted: tuple[Counted, list[int]]) -> None:
    cache, done = counted
    begin = threading.Event()

    def count() -> int:
        begin.wait(10)
        done.append(1)
        return 5

    askers = [threading.Thread(target=lambda: cache.get("a", count, now=MOMENT, newest=1)) for _ in range(8)]
    for asker in askers:
        asker.start()
    begin.set()
    for asker in askers:
        asker.join()
    assert done == [1]


LENGTHS = [
    (None, "–", "–"),
    (0, "0_menit", "0_minutes"),
    (61, "1_jam 1_menit", "1_hour 1_minute"),
    (450, "1_hari kerja", "1_working day"),
    (990, "2_hari kerja 1_jam", "2_working days 1_hour"),
]
NORMS = [
    ("10 menit", "10_menit", "10_minutes"),
    ("3 hari kerja", "3_hari kerja", "3_working days"),
    ("1 bulan", "1_bulan", "1_month"),
    ("110 menit + 14 hari", "110_menit + 14_hari", "110_minutes + 14_days"),
    ("secepatnya", "secepatnya", "secepatnya"),
    ("", "", ""),
]


@pytest.mark.parametrize(
    ("said", "value", "indonesian", "english"),
    [*((minutes_words, *each) for each in LENGTHS), *((norm_words, *each) for each in NORMS)],
)
def test_lengths_of_time_are_said_as_people_say_them_and_keep_number_and_unit_together(
    build: Any, said: Callable[[Any], str], value: int | str | None, indonesian: str, english: str
) -> None:
    """An underscore stands for a space at which no line breaks."""
    for language, words in (("id", indonesian), ("en", english)):
        with build().test_request_context(f"/?lang={language}"):
            assert said(value) == words.replace("_", "\u00a0")
