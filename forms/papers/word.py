"""The papers that an office edits itself, as Word files: the same sheet as in the PDF, in Word's own shapes."""

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from forms.papers.errors import NotEditableError
from forms.papers.facts import Facts
from forms.papers.kinds import EDITABLE, Paper, definitions
from forms.papers.layout import Line, Part, Sheet, Signature, sheet_of
from forms.papers.office import Office

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell
    from docx.text.paragraph import Paragraph

_DOTTED = "." * 110
_SHORT_DOTTED = "." * 40
_UNDATED = datetime(2023, 1, 2, tzinfo=UTC)
"""When the decree came into force: Word wants a date, and the same facts are to give the same file."""


def render_docx(paper: Paper, facts: Facts, *, blank: bool = False) -> bytes:
    """
    A paper as a Word file (.docx), filled in or blank.

    Raises: NotEditableError for a paper without one, NotClosedError.
    """
    if paper not in EDITABLE:
        known = ", ".join(EDITABLE)
        raise NotEditableError(f"{definitions()[paper].title} tidak tersedia sebagai berkas Word; yang ada: {known}.")
    sheet = sheet_of(paper, facts, blank=blank)
    document = _document(sheet, facts)
    _letterhead(document, facts.office)
    _title(document, sheet)
    for part in sheet.parts:
        _part(document, part, sheet.dated)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _document(sheet: Sheet, facts: Facts) -> "Document":
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(1.8)
    _styles(document)
    properties = document.core_properties
    properties.title, properties.author, properties.language = sheet.title, facts.office.name, "id-ID"
    properties.comments, properties.last_modified_by = "", facts.office.name
    properties.created = properties.modified = facts.printed_at or _UNDATED
    _footer(section.footer.paragraphs[0], sheet)
    return document


def _styles(document: "Document") -> None:
    """One typeface, black, in Indonesian; python-docx's own headings are blue and of the theme's typeface."""
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    for name, size in (("Normal", 10), ("Heading 1", 15), ("Heading 2", 11)):
        style = document.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Arial", Pt(size), RGBColor(0, 0, 0)
        style.paragraph_format.space_after = Pt(3)
        fonts = style.element.rPr.rFonts
        for themed in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[themed]
    properties = document.styles["Normal"].element.rPr
    properties.append(properties.makeelement(qn("w:lang"), {qn("w:val"): "id-ID"}))


def _footer(paragraph: "Paragraph", sheet: Sheet) -> None:
    """The source, the day's root, and the page's number, which Word itself counts."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.add_run("\n".join([*(line for line in (sheet.source, sheet.root) if line), ""]))
    for words, field in (("Halaman ", "PAGE"), (" dari ", "NUMPAGES")):
        paragraph.add_run(words)
        counted = paragraph._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): field})  # noqa: SLF001 - as below
        paragraph._p.append(counted)  # noqa: SLF001
    for run in paragraph.runs:
        run.font.size = Pt(7)


def _letterhead(document: "Document", office: Office) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    lines = ((office.government.upper(), 12, False), (office.name.upper(), 16, True), (office.address, 9, False))
    for text, size, bold in (*lines, (office.contact, 9, False)):
        if text:
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_after = Pt(0)
            run = paragraph.add_run(text)
            run.font.size, run.bold = Pt(size), bold
    _rule(document)


def _rule(document: "Document") -> None:
    """A line across the page, below the letterhead."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders and fields of its own
    borders = properties.makeelement(qn("w:pBdr"), {})
    kind = {qn("w:val"): "thinThickSmallGap", qn("w:sz"): "18", qn("w:space"): "1", qn("w:color"): "000000"}
    borders.append(properties.makeelement(qn("w:top"), kind))
    properties.append(borders)
    paragraph.paragraph_format.space_after = Pt(4)  # after the border: Word wants its elements in their order


def _title(document: "Document", sheet: Sheet) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_heading(sheet.title, level=1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet.subtitle:
        document.add_paragraph(sheet.subtitle).alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet.mark:
        document.add_paragraph().add_run(sheet.mark).bold = True
    numbers = (Line("Nomor registrasi", sheet.number), Line("Nomor tiket", sheet.ticket))
    _fields(document, numbers)


def _part(document: "Document", part: Part, dated: str) -> None:
    if part.heading:
        document.add_heading(part.heading, level=2)
    if part.kind == "fields":
        _fields(document, part.fields)
    elif part.kind == "choices":
        for choice in part.choices:
            document.add_paragraph(f"☐ {choice}")
    elif part.kind == "table":
        _rows(document, (part.head, *part.rows))
    elif part.kind == "signatures":
        _signatures(document, part.people, dated)
    else:
        for line in (part.text, *(_DOTTED for _ in range(part.lines))):
            if line:
                document.add_paragraph(line)


def _fields(document: "Document", lines: tuple[Line, ...]) -> None:
    table = document.add_table(rows=0, cols=2)
    for line in lines:
        cells = table.add_row().cells
        cells[0].text, cells[1].text = line.label, f": {_beside(line)}"
    _widths(table, (5, 12))


def _beside(line: Line) -> str:
    if line.choices:
        return "   ".join(f"{'☒' if on else '☐'} {choice}" for choice, on in line.choices)
    if line.lines or line.digits:
        return "\n".join([_SHORT_DOTTED] * max(line.lines, 1))
    return line.text or _SHORT_DOTTED


def _rows(document: "Document", rows: tuple[tuple[str, ...], ...]) -> None:
    table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    for cell in table.rows[0].cells:
        cell.paragraphs[0].runs[0].bold = True
    _widths(table, (4.5, 12.5))


def _widths(table: "Table", centimetres: tuple[float, ...]) -> None:
    from docx.shared import Cm

    table.autofit = False
    for row in table.rows:
        for cell, width in zip(row.cells, centimetres, strict=True):
            cell.width = Cm(width)


def _signatures(document: "Document", people: tuple[Signature, ...], dated: str) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    document.add_paragraph(dated).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    table = document.add_table(rows=1, cols=len(people))
    for cell, person in zip(table.rows[0].cells, people, strict=True):
        _signature(cell, person)


def _signature(cell: "_Cell", person: Signature) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    nip = [f"NIP. {person.nip or '.' * 30}"] if person.with_nip else []
    lines = [person.over, person.role, "", "", "", person.name or _SHORT_DOTTED, *nip]
    cell.text = "\n".join(lines)
    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
