"""More rows than one tick adds: the others come with the next ones, and what people do is read in between."""

from pathlib import Path

import pytest

from automation.configuration.in_force import Configuration
from automation.exchange.mapping import shipped
from automation.sync import register_book
from register.complaint import Status
from tests.automation.exchange.files_to_import import HEADER, row, text
from tests.automation.exchange.running import import_file
from tests.office import Office


def test_rows_come_in_portions(
    office: Office, rules: Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_book, "NEW_AT_ONCE", 10)
    mine = office.file().ticket
    office.tick(2)
    text(HEADER, *(row(str(number)) for number in range(25)))(tmp_path / "lama.csv")
    lama = tmp_path / "lama.csv"
    assert import_file(lama, [shipped()["buku"]], office.store.transfer, rules, office.now).new == 25
    office.tick()
    office.type(mine, act="Proses")
    counts = [len(office.rows())]
    for _ in range(4):
        office.tick()
        counts.append(len(office.rows()))
    assert counts == [11, 21, 26, 26, 26]
    assert len({each["Tiket"] for each in office.rows()}) == 26
    assert office.store.complaint(mine).status is Status.IN_PROGRESS
