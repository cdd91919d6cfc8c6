"""The Word files say what the PDFs say, and are of Word's own shapes."""

import io
from dataclasses import replace

import pytest
from docx import Document
from lxml import etree

from forms.papers import EDITABLE, Facts, Paper, render_docx
from forms.papers.errors import NotEditableError
from register.complaint import Identity
from tests.forms.papers.paper_facts import OFFICE, PERSONAL, ROOT, STORY, the_facts


def words(contents: bytes) -> str:
    """All text of a Word file, tables and footer included."""
    document = Document(io.BytesIO(contents))
    said = [paragraph.text for paragraph in document.paragraphs]
    said += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*said, *(paragraph.text for paragraph in document.sections[0].footer.paragraphs)])


def test_the_settlement_says_what_was_done() -> None:
    found = words(render_docx(Paper.SETTLEMENT, the_facts()))
    for said in (
        "0042/ADUAN/DINSOS/11/2026",
        "7K3M-Q9TX-2",
        "Bank dihubungi.",
        "Bantuan sudah disalurkan ke rekening.",
        "☒ Selesai",
        "Contoh Ketua, S.Sos.",
        "DINAS SOSIAL",
        ROOT.printed,
    ):
        assert said in found


def test_the_disposition_is_complete_and_names_nobody() -> None:
    found = words(render_docx(Paper.DISPOSITION, the_facts()))
    assert "☒ Sedang" in found
    assert "☐ Verifikasi ke lapangan" in found
    assert STORY["description"] in found
    assert not any(said in found for said in PERSONAL.values())


@pytest.mark.parametrize("paper", EDITABLE)
def test_blank_and_masked_as_the_pdf_is(paper: Paper) -> None:
    blank = words(render_docx(paper, Facts(OFFICE)))
    assert "....." in blank
    masked = words(render_docx(paper, the_facts(identity=Identity.CONFIDENTIAL)))
    assert not any(said in masked for said in PERSONAL.values())


@pytest.mark.parametrize("said", ["\x00\x0b <w:p/> ]]> &amp; \ud800", "😡 مرحبا #set $x$", "a" * 5000, ""])
def test_any_text_makes_a_word_file(said: str) -> None:
    words(render_docx(Paper.SETTLEMENT, replace(the_facts({"description": said}), follow_up=said)))


def test_elements_stand_in_the_order_that_word_wants() -> None:
    """The line below the letterhead: borders before spacing, or Word calls the file damaged."""
    document = Document(io.BytesIO(render_docx(Paper.SETTLEMENT, the_facts())))
    ruled = [p._p.pPr for p in document.paragraphs if p._p.pPr is not None and b"pBdr" in _xml(p._p.pPr)]
    assert [[child.tag.rpartition("}")[2] for child in properties] for properties in ruled] == [["pBdr", "spacing"]]
    assert b"NUMPAGES" in _xml(document.sections[0].footer._element)


def _xml(element: object) -> bytes:
    return etree.tostring(element)


def test_it_says_what_it_is_and_in_which_language() -> None:
    document = Document(io.BytesIO(render_docx(Paper.SETTLEMENT, the_facts())))
    properties = document.core_properties
    assert (properties.title, properties.author, properties.language) == (
        "Formulir Penyelesaian Pengaduan",
        "Dinas Sosial",
        "id-ID",
    )
    assert properties.comments == ""


@pytest.mark.parametrize("paper", [paper for paper in Paper if paper not in EDITABLE])
def test_other_papers_have_no_word_version(paper: Paper) -> None:
    with pytest.raises(NotEditableError, match="tidak tersedia sebagai berkas Word"):
        render_docx(paper, the_facts())
