"""The measurement itself: figures that can be checked by hand."""

from pathlib import Path

from bench.disposition import judge, read, report

ROWS = """
{"text": "PKH saya belum cair", "category": "PKH", "bidang": "Linjamsos", "urgency": "Sedang", "more": 1}
{"text": "Rumah terbakar tadi malam, kami mengungsi", "category": "LUAR", "bidang": "Sekretariat", "urgency": "Rendah"}

{"text": "tolong dong pak", "category": "KOSONG", "bidang": "Sekretariat", "urgency": ""}
"""


def test_figures(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text(ROWS, encoding="utf-8")
    lines = report(judge(read(tmp_path / "rows.jsonl")))
    figures = {line[:24].strip(): line[24:].strip() for line in lines if "%" in line}
    assert figures["category"] == "66.7 % (2 of 3)"
    assert figures["bidang"] == "66.7 % (2 of 3)"
    assert figures["urgency"] == "50.0 % (1 of 2)"
    assert figures["Darurat recall"] == "0.0 % (0 of 0)"
    assert figures["Darurat precision"] == "0.0 % (0 of 1)"
    assert figures["sent to a human"] == "0.0 % (0 of 3)"
    assert "LUAR            1      0  BENCANA 1" in lines
