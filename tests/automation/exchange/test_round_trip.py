"""A whole office into an empty one: the same register, by hash, after the new one's ticks."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from automation.configuration.in_force import Configuration
from automation.exchange.errors import TakeOverError
from automation.exchange.lines import sealed
from automation.exchange.mapping import shipped
from automation.exchange.taking_over import NOT_EMPTY, PARTIAL, chosen_by, office_lines, take_over
from register.cases import Cases
from register.complaint import EventKind, Identity, Status
from tests.automation.exchange.files_to_import import HEADER, row, xlsx
from tests.automation.exchange.running import import_file
from tests.builders import an_intake
from tests.office import Desk, Office, close_office, open_office

EVERYTHING = chosen_by(None, None, True)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Office]:
    folder = tmp_path / "lain"
    folder.mkdir()
    opened = open_office(folder)
    yield opened
    opened.store.seal_day(opened.now)
    found = [str(finding) for finding in opened.store.verify().findings]
    close_office(opened)
    assert found == []


def lived_in(office: Office) -> list[str]:
    """Some days of work: every kind of row. Returns the tickets."""
    said = (
        an_intake(),
        an_intake(identity=Identity.CONFIDENTIAL, description="PKH saya tidak cair sejak Januari, mohon diperiksa."),
        an_intake(name="", phone="", identity=Identity.ANONYMOUS, description="Beras bantuan yang dibagikan berkutu."),
        an_intake(description="Petugas meminta uang Rp50.000 agar bantuan cair.", category="PUNGLI"),
        an_intake(description="=1+1 lansia tinggal sendiri dan tidak ada yang merawat\tsejak lama.", category="LANSIA"),
    )
    tickets = [office.accept(each).ticket for each in said]
    office.tick(2)
    office.type(tickets[0], act="Proses", officer="Ibu Petugas", follow_up="Sudah dihubungi.")
    office.tick(2)
    office.now += timedelta(days=1)
    office.type(tickets[0], reply="Bantuan Ibu sudah disalurkan kembali.", send_reply=True)
    office.tick(2)
    office.type(tickets[0], act="Selesai")
    office.type(tickets[1], act="Minta Kelengkapan", reason="Mohon fotokopi KK.")
    office.type(tickets[4], merge_into="", reason='\'=HYPERLINK("x")', act="Tunda")
    office.tick(3)
    office.now += timedelta(days=1)
    office.file()
    office.tick(3)
    office.store.seal_day(office.now)
    return tickets


def written(office: Office, path: Path) -> Path:
    with office.store.transfer.snapshot() as store, path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(sealed(office_lines(store, office.now, EVERYTHING, full=True)))
    return path


def register_hash(desk: Desk) -> str:
    rows = sorted((sorted(row.items()) for row in desk.rows()), key=str)
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()


def test_an_empty_office_shows_the_same_register(office: Office, other: Office, tmp_path: Path) -> None:
    lived_in(office)
    path = written(office, tmp_path / "kantor.jsonl")
    other.now = office.now
    other.tick()
    assert take_over(path, other.store.transfer, office.now) == 6
    for _ in range(3):
        office.tick()
        other.tick()
    assert len(other.rows()) == 6
    assert other.rows() == office.rows()
    assert register_hash(other) == register_hash(office)
    assert register_hash(other.restricted) == register_hash(office.restricted)
    assert len(other.restricted.rows()) == 1

    old, new = office.store, other.store
    assert new.complaints() == old.complaints()
    assert new.transfer.counters() == old.transfer.counters()
    tickets = list(old.complaints())
    assert new.clocks(tickets) == old.clocks(tickets)
    assert new.intakes(tickets) == old.intakes(tickets)
    assert [new.reply(ticket) for ticket in tickets] == [old.reply(ticket) for ticket in tickets]
    assert [new.events(ticket) for ticket in tickets] == [old.events(ticket) for ticket in tickets]
    assert cases(other) == cases(office)
    assert (
        written(office, tmp_path / "a").read_text().splitlines()[1:7]
        == (written(other, tmp_path / "b").read_text().splitlines()[1:7])
    ), "exported again, the complaints are the same"


def cases(office: Office) -> object:
    store = office.store.transfer
    return list(Cases(store._engine).cases_of(list(store.complaints())))


def test_the_office_goes_on_where_the_other_was(office: Office, other: Office, tmp_path: Path) -> None:
    tickets = lived_in(office)
    take_over(written(office, tmp_path / "kantor.jsonl"), other.store.transfer, office.now)
    other.now = office.now
    other.tick(2)
    other.type(tickets[4], act="Lanjutkan")
    other.tick(2)
    assert other.store.complaint(tickets[4]).status is Status.IN_PROGRESS
    numbers = [each.number for each in other.store.complaints().values()]
    assert other.file().number == max(numbers) + 1, "no number is given twice"
    last = [event for event in other.store.transfer.trail(10_000) if event.kind == EventKind.IMPORTED]
    assert [(event.ticket, event.data["seq"]) for event in last] == [("", str(office.store.transfer.end()[0]))]


def test_only_a_whole_export_goes_and_only_into_an_empty_office(office: Office, other: Office, tmp_path: Path) -> None:
    office.file()
    office.tick(2)
    path = written(office, tmp_path / "kantor.jsonl")
    with office.store.transfer.snapshot() as store:
        lines = list(sealed(office_lines(store, office.now, chosen_by(None, None, False), full=False)))
    (tmp_path / "sebagian.jsonl").write_text("".join(lines), "utf-8")
    text = path.read_text("utf-8")
    (tmp_path / "putus.jsonl").write_text(text[: len(text) // 2], "utf-8")
    (tmp_path / "diubah.jsonl").write_text(text.replace("Ibu Contoh", "Ibu Palsu"), "utf-8")
    for name, told in (("sebagian", PARTIAL), ("putus", "utuh"), ("diubah", "utuh")):
        with pytest.raises(TakeOverError) as error:
            take_over(tmp_path / f"{name}.jsonl", other.store.transfer, office.now)
        assert told in error.value.message
        assert other.store.transfer.is_empty(), "nothing, not half of it"
    take_over(path, other.store.transfer, office.now)
    for target in (other, office):
        with pytest.raises(TakeOverError) as error:
            take_over(path, target.store.transfer, office.now)
        assert error.value.message == NOT_EMPTY


@pytest.mark.parametrize("counters", [{}, {"2026": 0}, {"2026": -9}])
def test_a_counter_below_the_numbers_hinders_no_complaint(
    counters: dict[str, int], office: Office, other: Office, tmp_path: Path
) -> None:
    office.file()
    office.file()
    with office.store.transfer.snapshot() as store:
        head, *lines = office_lines(store, office.now, EVERYTHING, full=True)
    path = tmp_path / "kantor.jsonl"
    path.write_text("".join(sealed([{**head, "counters": counters}, *lines])), "utf-8")
    take_over(path, other.store.transfer, office.now)
    assert other.file().number == 3


@pytest.mark.parametrize(
    "forged",
    [
        {"ticket": "../../kunci"},
        {"number": 2},
        {"number": -1},
        {"bidang": ["a"]},
        {"restricted": "no"},
        {"recorded_at": "2026-01-01T00:00:00"},
        {"step": 10**30},
    ],
    ids=str,
)
def test_what_no_export_says_is_refused_in_a_sentence(
    forged: dict[str, object], office: Office, other: Office, tmp_path: Path
) -> None:
    office.file()
    office.file()
    with office.store.transfer.snapshot() as store:
        lines = list(office_lines(store, office.now, EVERYTHING, full=True))
    lines[1]["complaint"] |= forged
    path = tmp_path / "kantor.jsonl"
    path.write_text("".join(sealed(lines)), "utf-8")
    with pytest.raises(TakeOverError):
        take_over(path, other.store.transfer, office.now)
    assert other.store.transfer.is_empty()


@pytest.mark.parametrize("content", [b"[" * 200_000, b"\xff\xfe\x00", b"", b"{}\n"], ids=lambda content: content[:3])
def test_what_is_no_export_is_refused_in_a_sentence(content: bytes, other: Office, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_bytes(content)
    with pytest.raises(TakeOverError):
        take_over(tmp_path / "x.jsonl", other.store.transfer, other.now)


def test_old_numbers_go_along(office: Office, other: Office, rules: Configuration, tmp_path: Path) -> None:
    old = tmp_path / "lama.xlsx"
    xlsx(HEADER, row("17/PM"), row("18/PM"))(old)
    import_file(old, [shipped()["buku"]], office.store.transfer, rules, office.now)
    take_over(written(office, tmp_path / "kantor.jsonl"), other.store.transfer, office.now)
    found = office.store.transfer.formerly_numbered("17/pm", office.now)
    assert len(found) == 1
    assert other.store.transfer.formerly_numbered("17/pm", office.now) == found
    assert import_file(old, [shipped()["buku"]], other.store.transfer, rules, office.now).repeated == 2


NOBODYS = "7K3M-Q9TX-2"
TOMORROW = "2999-01-01T00:00:00.000000+00:00"


def forged(office: Office, path: Path, change: Callable[[list[dict[str, Any]]], object]) -> Path:
    """An export with something changed in it and sealed as if it had always been so."""
    with office.store.transfer.snapshot() as store:
        lines = list(office_lines(store, office.now, EVERYTHING, full=True))
    change(lines)
    path.write_text("".join(sealed(lines)), "utf-8", errors="surrogatepass", newline="\n")
    return path


def said(**values: object) -> Callable[[list[dict[str, Any]]], object]:
    return lambda lines: lines[1]["complaint"].update(values)


def last_event(lines: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = lines[-1]["event"]
    return found


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (said(status="archived"), "menurut jejak"),
        (said(merged_into=NOBODYS), "tiket induknya"),
        (said(inactive_since="2026-01-01T00:00:00.000000+00:00"), "waktu pemindahannya ke arsip"),
        (said(district="Muara Kaman"), "kecamatannya"),
        (said(due_at=TOMORROW), "batas waktunya"),
        (said(recorded_at=TOMORROW), "belum tiba"),
        (lambda lines: lines[1].update(intake=None), "isi laporannya tidak ada"),
        (lambda lines: lines[1]["intake"].update(name="Ibu\0Contoh"), "NUL"),
        (lambda lines: lines[1]["cells"].update(reply="\0"), "NUL"),
        (lambda lines: lines[1]["clocks"][0].update(due_at=TOMORROW), "batas"),
        (lambda lines: lines[1].update(clocks=[]), "hilang"),
        (lambda lines: last_event(lines).update(at=TOMORROW), "belum tiba"),
        (lambda lines: last_event(lines).update(kind="invented"), "Baris"),
        (lambda lines: last_event(lines).update(ticket=NOBODYS), "jejak"),
        (lambda lines: lines.pop(next(at for at, line in enumerate(lines) if "event" in line)), "nomor urut"),
        (lambda lines: lines.pop(), "hilang dari akhir"),
    ],
)
def test_what_disagrees_with_its_own_trail_is_refused(
    change: Callable[[list[dict[str, Any]]], object], problem: str, office: Office, other: Office, tmp_path: Path
) -> None:
    ticket = office.accept(an_intake()).ticket
    office.tick(2)
    path = forged(office, tmp_path / "kantor.jsonl", change)
    with pytest.raises(TakeOverError) as error:
        take_over(path, other.store.transfer, office.now)
    assert problem in error.value.message
    if "akhir" not in problem:
        assert "Baris " in error.value.message
        assert ticket in error.value.message or NOBODYS in error.value.message or "nomor urut" in problem
    assert other.store.transfer.is_empty(), "nothing, not half of it"
