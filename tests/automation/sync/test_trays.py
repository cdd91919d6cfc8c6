"""Tabs that staff decide on: rows found by number wherever they are, each decision taken once, nothing lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from automation.configuration.in_force import Configuration
from automation.sync.trays import DOUBLED, TrayRow
from sheets_schema.columns import Tab
from sheets_schema.tray_tabs import INCOMING
from tests.office import Office, write

TITLE = INCOMING.title


@dataclass
class Letters:
    """A tray of letters, in memory: what is decided ends a letter, unless it says that it may not."""

    letters: dict[str, str]
    decided: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    tab: Tab = INCOMING

    def mark(self) -> object:
        return len(self.letters), tuple(self.notes.items()), len(self.done)

    def rows(self, now: datetime) -> Mapping[str, TrayRow]:
        return {
            number: TrayRow(
                {"text": "" if number in self.done else text, "note": self.notes.get(number, "")},
                waits=number not in self.done,
            )
            for number, text in self.letters.items()
        }

    def decide(self, number: str, texts: Mapping[str, str], rules: Configuration, now: datetime) -> None:
        self.decided.append((number, texts))
        if texts.get("decision") == "Abaikan":
            self.done.add(number)
            self.notes[number] = "Diabaikan."
        else:
            self.notes[number] = "Perbaiki: pilih Abaikan."


@pytest.fixture
def tray(office: Office) -> Letters:
    found = Letters({"P-1": "=1+1 satu", "P-2": "dua", "P-3": "tiga"})
    office.trays = [found]
    office.restart()
    office.tick(2)
    return found


def texts(office: Office) -> dict[str, str]:
    return {row["Nomor"]: row["Isi"] for row in office.rows(TITLE) if row["Nomor"]}


def place(office: Office, number: str) -> int:
    return next(i for i, row in enumerate(office.rows(TITLE), start=1) if row["Nomor"] == number)


def test_rows_are_put_in_once_and_a_tick_after_is_idle(office: Office, tray: Letters) -> None:
    assert texts(office) == tray.letters
    assert office.tick().requests == 0
    tray.letters["P-4"] = "empat"
    office.tick(3)
    assert texts(office) == tray.letters


def test_a_decision_is_taken_once_wherever_its_row_was_sorted_to(office: Office, tray: Letters) -> None:
    office.owner.batch([_move(office, place(office, "P-1"), 5)])
    office.type_at(place(office, "P-1"), TITLE, decision="Abaikan")
    office.tick(4)
    assert tray.decided == [("P-1", {"decision": "Abaikan"})]
    row = office.rows(TITLE)[place(office, "P-1") - 1]
    assert (row["Isi"], row["Catatan Sistem"]) == ("", "Diabaikan.")
    assert texts(office)["P-2"] == "dua"


def test_what_may_not_be_done_is_told_and_may_be_mended(office: Office, tray: Letters) -> None:
    office.type_at(place(office, "P-2"), TITLE, decision="Gabung ke tiket")
    office.tick(3)
    assert office.rows(TITLE)[place(office, "P-2") - 1]["Catatan Sistem"] == "Perbaiki: pilih Abaikan."
    office.type_at(place(office, "P-2"), TITLE, decision="Abaikan")
    office.tick(3)
    assert [asked["decision"] for _, asked in tray.decided] == ["Gabung ke tiket", "Abaikan"]


def test_a_row_that_waits_comes_back_and_one_that_is_done_does_not(office: Office, tray: Letters) -> None:
    office.type_at(place(office, "P-2"), TITLE, decision="Abaikan")
    office.tick(2)
    for number in ("P-1", "P-2"):
        office.owner.batch([_delete(office, place(office, number))])
    office.tick(3)
    assert set(texts(office)) == {"P-1", "P-3"}


def test_of_a_copied_row_only_the_upper_one_counts(office: Office, tray: Letters) -> None:
    office.owner.batch([write(office.sheet_id(TITLE), 9, 0, ["P-3"])])
    office.type_at(9, TITLE, decision="Abaikan")
    office.tick(3)
    assert tray.decided == []
    assert office.rows(TITLE)[8]["Catatan Sistem"] == DOUBLED


def test_unsound_headers_stop_this_tab_alone(office: Office, tray: Letters) -> None:
    office.owner.batch([write(office.sheet_id(TITLE), 0, 5, ["Bukan Isi"])])
    tray.letters["P-4"] = "empat"
    report = office.tick()
    assert any(TITLE in problem for problem in report.problems)
    office.file()
    office.tick(2)
    assert len(office.rows()) == 1, "the register itself goes on"


def _move(office: Office, index: int, to: int) -> dict[str, object]:
    source = {"sheetId": office.sheet_id(TITLE), "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
    return {"moveDimension": {"source": source, "destinationIndex": to}}


def _delete(office: Office, index: int) -> dict[str, object]:
    span = {"sheetId": office.sheet_id(TITLE), "dimension": "ROWS", "startIndex": index, "endIndex": index + 1}
    return {"deleteDimension": {"range": span}}
