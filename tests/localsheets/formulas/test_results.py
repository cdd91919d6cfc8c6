"""Formulas and what they come to, all calculated at once."""

import math
from typing import Any

import pytest

from localsheets.model.box import Box
from tests.localsheets.formulas.conftest import Desk

DATA = [
    ["Tiket", "Bidang", "Lama", "Selesai"],
    ["T-1", "Umum", 3, True],
    ["T-2", "Gizi", 5, False],
    ["T-3", "Umum", 4, True],
    ["T-4", "", 10, False],
    ["T-5", "Gizi", 2.5, True],
]
SUMS: list[tuple[str, Any]] = [
    ("=SUM(Data!C2:C6)", 24.5),
    ("=SUM(Data!C:C)", 24.5),
    ("=SUM(Data!C2:C)", 24.5),
    ("=SUM(Data!2:3)", 8),
    ("=COUNTA(Data!A2:A)", 5),
    ("=COUNTA(Data!B2:B)", 4),
    ("=COUNTBLANK(Data!B2:B6)", 1),
    ('=COUNTIF(Data!B:B,"Umum")', 2),
    ('=COUNTIFS(Data!B2:B,"Umum",Data!C2:C,">3")', 1),
    ('=SUMIF(Data!B:B,"Gizi",Data!C:C)', 7.5),
    ('=AVERAGEIF(Data!B2:B6,"Umum",Data!C2:C6)', 3.5),
    ("=MAX(Data!C:C)-MIN(Data!C:C)", 7.5),
    ("=ROWS(Data!A:A)", 1000),
    ("=COUNTUNIQUE(Data!B2:B6)", 2),
    ('=JOIN("; ",Data!A2:A4)', "T-1; T-2; T-3"),
    ('=TEXTJOIN(",",TRUE,Data!B2:B6)', "Umum,Gizi,Umum,Gizi"),
    ('=VLOOKUP("T-3",Data!A:D,3,FALSE)', 4),
    ('=VLOOKUP("T-4",Data!A2:B,2,FALSE)', ""),
    ('=XLOOKUP("T-5",Data!A2:A,Data!C2:C)', 2.5),
    ("=INDEX(Data!A1:D6,2,2)", "Umum"),
    ('=MATCH("T-2",Data!A:A,0)', 3),
    ('=IFERROR(1/0,"kosong")', "kosong"),
    ('=IF(Data!C2>2,"ya","tidak")', "ya"),
    ("=IFS(FALSE,1,TRUE,2)", 2),
    ('=SWITCH(2,1,"a",2,"b")', "b"),
    ("=AND(TRUE,1=1)", True),
    ("=NOT(TRUE)", False),
    ('="a"="A"', True),
    ("=1<>2", True),
    ("=2^10", 1024),
    ("=-2^2", 4),
    ("=10%", 0.1),
    ("=7/2", 3.5),
    ("=6/2", 3),
    ('="Rp"&1500', "Rp1500"),
    ("=MOD(-1,3)", 2),
    ("=ROUND(2.345,2)", 2.35),
    ('=LEFT("Pengaduan",4)', "Peng"),
    ('=TRIM("  a  b ")', "a b"),
    ('=UPPER("umum")', "UMUM"),
    ('=SUBSTITUTE("a-b","-","+")', "a+b"),
    ('=TEXT(1234.5,"#,##0.00")', "1,234.50"),
    ('=TEXT(DATE(2026,3,5),"dd/mm/yyyy")', "05/03/2026"),
    ("=DATE(2026,1,2)", 46024),
    ("=EDATE(DATE(2026,1,31),1)", 46081),
    ("=NETWORKDAYS(DATE(2026,1,1),DATE(2026,1,9))", 7),
    ("=YEAR(DATE(2026,1,2))", 2026),
    ('=REGEXMATCH("T-12","^T-[0-9]+$")', True),
    ('=REGEXEXTRACT("T-12","[0-9]+")', "12"),
    ('=REGEXREPLACE("a1b2","[0-9]","")', "ab"),
    ("=LET(x,2,x*3)", 6),
    ("=LAMBDA(x,x+1)(4)", 5),
    ("=REDUCE(0,Data!C2:C6,LAMBDA(a,b,a+b))", 24.5),
    ("=SUMPRODUCT(Data!C2:C6,Data!C2:C6)", 156.25),
    ("=ARRAYFORMULA(SUM(Data!C2:C6*2))", 49),
    ("=SUM(ARRAY_CONSTRAIN(Data!C2:C6,2,1))", 8),
    ("=COUNTA(FLATTEN(Data!A2:B3))", 4),
    ("=ADD(1,MULTIPLY(2,3))", 7),
    ("=DIVIDE(MINUS(9,3),2)", 3),
    ("=EQ(1,1)", True),
    ("=POW(2,3)", 8),
    ('=HYPERLINK("https://kantor.test","Kantor")', "Kantor"),
    ('=INDIRECT("Data!C3")', 5),
    ("=OFFSET(Data!A1,1,1)", "Umum"),
    ("=Data!B5", ""),
    ('=Data!B5&"x"', "x"),
    ("=Data!B5+1", 1),
    ("=data!A2", "T-1"),
    ("=SUM(lamanya)", 24.5),
    ("=SUM(1,2", 3),
    ("=sum(1,2)", 3),
    ("= 1 + 1", 2),
    ("+1+2", 3),
    ('=""', ""),
    ("={1,2;3,4}", 1),
    ("=PI()", math.pi),
    ("=IFERROR(1/0)", ""),
    ("=ROUND(2.5)", 3),
]
ERRORS: list[tuple[str, str, str, str]] = [
    ("=1/0", "#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
    ("=1/A1", "#DIV/0!", "DIVIDE_BY_ZERO", "Function DIVIDE parameter 2 cannot be zero."),
    ("=MOD(5,0)", "#DIV/0!", "DIVIDE_BY_ZERO", "Function MOD parameter 2 cannot be zero."),
    ("=NA()", "#N/A", "N_A", ""),
    ('=VLOOKUP("T-9",Data!A:D,3,FALSE)', "#N/A", "N_A", "Did not find value 'T-9' in VLOOKUP evaluation."),
    ("=FILTER(Data!A2:A6,Data!C2:C6>99)", "#N/A", "N_A", "No matches"),
    (
        '=1+"a"',
        "#VALUE!",
        "VALUE",
        "Function ADD parameter 2 expects number values. But 'a' is a text and cannot be coerced to a number.",
    ),
    ("=Data!A2*2", "#VALUE!", "VALUE", "Function MULTIPLY parameter 1 expects number values. But 'T-1' is a text"),
    (
        "=SQRT(-1)",
        "#NUM!",
        "NUM",
        "Function SQRT parameter 1 value is negative. It should be positive or zero.",
    ),
    ("=1E300*1E300", "#NUM!", "NUM", ""),
    ("=#REF!+1", "#REF!", "REF", ""),
    ("=Hilang!A1", "#REF!", "REF", "Unresolved sheet name 'Hilang'."),
    ("=ZZ1", "#REF!", "REF", ""),
    ("=A2000", "#REF!", "REF", ""),
    ("=SALAH(1)", "#NAME?", "NAME", "Unknown function: 'SALAH'."),
    ('=QUERY(Data!A:D,"select A")', "#NAME?", "NAME", "QUERY is not supported by this server"),
    ('=IMPORTRANGE("x","y")', "#NAME?", "NAME", "IMPORTRANGE is not supported"),
    ('=1+SPLIT("a,b",",")', "#NAME?", "NAME", "SPLIT is not supported"),
    ("=SPARKLINE(Data!C2:C6)", "#NAME?", "NAME", "SPARKLINE is not supported"),
    ('=IMAGE("https://kantor.test/a.png")', "#NAME?", "NAME", "IMAGE is not supported"),
    ("=entah", "#NAME?", "NAME", "Unknown range name: 'ENTAH'."),
    ("=1 1", "#ERROR!", "ERROR", "parse"),
    ("=1+", "#ERROR!", "ERROR", "parse"),
    ("=SUM(1))", "#ERROR!", "ERROR", "parse"),
    ("=A1 B1", "#ERROR!", "ERROR", "parse"),
    ('="tanpa akhir', "#ERROR!", "ERROR", "parse"),
    ("=" + "(" * 70 + "1" + ")" * 70, "#ERROR!", "ERROR", "64 levels"),
    ("=" + "-" * 20_000 + "1", "#ERROR!", "ERROR", "8192 characters"),
    ("=" + "-" * 100 + "1", "#ERROR!", "ERROR", "64 levels"),
    ('=REPT("x",9E9)', "#VALUE!", "VALUE", ""),
]


def test_formulas_come_to_what_sheets_shows(desk: Desk) -> None:
    desk.write("Data!A1", *DATA)
    with desk.shelf.writing(desk.book_id, desk.book().owner, "test") as draft:
        draft.named_ranges = [{"namedRangeId": "n", "name": "Lamanya", "sheetId": 0, "box": Box(1, None, 2, 3)}]
        draft.touched = True
    formulas = [formula for formula, _ in SUMS] + [formula for formula, *_ in ERRORS]
    desk.write("Lain!B1", *([formula] for line in formulas for formula in (line, "", "")))
    shown = desk.read("Lain!B1:B999")
    wrong = []
    for place, (formula, expected) in enumerate(SUMS):
        value = shown[place * 3][0] if shown[place * 3] else ""
        close = isinstance(expected, float) and isinstance(value, int | float) and math.isclose(value, expected)
        if not close and (value != expected or isinstance(value, bool) is not isinstance(expected, bool)):
            wrong.append((formula, expected, value))
    assert wrong == []
    for place, (formula, expected, kind, message) in enumerate(ERRORS, len(SUMS)):
        cell = f"Lain!B{place * 3 + 1}"
        error = desk.error(cell)
        told = (shown[place * 3][0], error and error["type"], bool(error and message in error["message"]))
        if told != (expected, kind, True):
            wrong.append((formula[:40], expected, (told, error)))
    assert wrong == []


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("=UNIQUE(Data!B2:B)", [["Umum"], ["Gizi"]]),
        ("=SORT(Data!C2:C6,1,FALSE)", [[10], [5], [4], [3], [2.5]]),
        (
            "=SORT(Data!A2:C6,2,TRUE,3,FALSE)",
            [["T-2", "Gizi", 5], ["T-5", "Gizi", 2.5], ["T-3", "Umum", 4], ["T-1", "Umum", 3], ["T-4", "", 10]],
        ),
        ('=FILTER(Data!A2:A,Data!B2:B="Umum",Data!C2:C>3)', [["T-3"]]),
        ("=FILTER(Data!A2:C,Data!C2:C>4)", [["T-2", "Gizi", 5], ["T-4", "", 10]]),
        ("=Data!A1:B2", [["Tiket", "Bidang"], ["T-1", "Umum"]]),
        ("=ARRAYFORMULA(Data!C2:C4*2)", [[6], [10], [8]]),
        ("=TRANSPOSE(Data!A2:A4)", [["T-1", "T-2", "T-3"]]),
        ("=SEQUENCE(2,2)", [[1, 2], [3, 4]]),
        ('={"a","b";"c","d"}', [["a", "b"], ["c", "d"]]),
        ("=MAP(Data!C2:C3,LAMBDA(x,x+1))", [[4], [6]]),
    ],
)
def test_arrays_fill_the_cells_beside(desk: Desk, formula: str, expected: list[list[Any]]) -> None:
    desk.write("Data!A1", *DATA)
    desk.write("Lain!A1", [formula])
    assert desk.read("Lain!A1:Z30") == expected
