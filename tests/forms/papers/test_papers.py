"""Each paper says what it must, to whom it may, and people's words are only ever text."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from forms.categories import categories
from forms.field_kinds import Kind
from forms.fields import FIELDS
from forms.papers import Book, Facts, Office, Official, Paper, render
from forms.papers.book import Entry, rows_of
from forms.papers.errors import NotClosedError, TypesettingError
from forms.papers.facts import ERASED, MASK, NAMELESS, RESTRICTED_MASK, spoken_number
from forms.papers.kinds import definitions
from forms.papers.layout import sheet_of
from register.complaint import Channel, Identity, Intake, Procedure, Status, procedure_for
from tests.forms.papers.paper_facts import OFFICE, PERSONAL, PRINTED, ROOT, STORY, pages, squeezed, text, the_facts

pytestmark = pytest.mark.long

RECEIPTS = (Paper.RECEIPT, Paper.RECEIPT_A4, Paper.RECEIPT_SLIP)
MIDNIGHT = datetime(2026, 11, 19, 16, tzinfo=UTC)
"""In WITA, of 20 November."""
FORMS = tuple(paper for paper in Paper if paper not in RECEIPTS)
SAID: dict[Paper, tuple[str, ...]] = {
    Paper.COMPLAINT: (*PRINTED.values(), *STORY.values(), "Tenggarong", "Timbau", "20 November 2026", "Loket"),
    Paper.DISPOSITION: (
        "Bidang Perlindungan dan Jaminan Sosial",
        "Selasa, 24 November 2026 pukul 10.30 WITA",
        "Rabu, 25 November 2026 pukul 10.30 WITA",
        "Tindak lanjuti sesuai ketentuan",
        "Catatan Ketua Tim",
        "Sari Contoh",
        STORY["description"],
    ),
    Paper.SETTLEMENT: (
        "Bank dihubungi.",
        "Bantuan sudah disalurkan ke rekening.",
        "foto.jpg",
        "Pengaduan dinyatakan selesai",
        PERSONAL["name"],
    ),
    Paper.CLOSING: (
        "Pada hari Selasa, 24 November 2026, bertempat di Tenggarong",
        "Bantuan sudah disalurkan ke rekening.",
        "Dr. Contoh Kepala",
        "NIP. 19700101 200001 1 001",
        "Ombudsman",
    ),
    Paper.REPORT: (
        STORY["description"],
        "Bank dihubungi.",
        "Bantuan sudah disalurkan ke rekening.",
        "foto.jpg",
        "9. Langkah contoh",
        "Jejak audit contoh.",
        "Petugas belum diisi.",
        "Dr. Contoh Kepala",
        PERSONAL["name"],
    ),
    **dict.fromkeys(
        RECEIPTS,
        ("Senin, 23 November 2026 pukul 10.30 WITA", "https://aduan.contoh.go.id/status/7K3M-Q9TX-2", "tidak dipungut"),
    ),
}


@pytest.mark.parametrize("paper", Paper)
def test_each_paper_says_all_that_it_must(paper: Paper) -> None:
    found = squeezed(text(render(paper, the_facts())))
    for words in (*SAID[paper], "0042/ADUAN/DINSOS/11/2026", "7K3M-Q9TX-2", ROOT.printed, "DINAS SOSIAL"):
        assert squeezed(words) in found, words


@pytest.mark.parametrize("paper", [paper for paper in Paper if paper is not Paper.RECEIPT_SLIP])
def test_each_paper_is_dated_and_counts_its_pages(paper: Paper) -> None:
    found = pages(render(paper, the_facts()))
    assert "Tenggarong, 24 November 2026" in " ".join(found)
    assert [f"Halaman {number} dari {len(found)}" in page for number, page in enumerate(found, 1)] == [True] * len(
        found
    )


@pytest.mark.parametrize("paper", RECEIPTS)
@pytest.mark.parametrize("identity", Identity)
def test_a_receipt_tells_nobody_who_complained_about_what(paper: Paper, identity: Identity) -> None:
    found = squeezed(text(render(paper, the_facts(identity=identity))))
    for words in (*PERSONAL.values(), *STORY.values(), "sembako", "Sosial Linjamsos", MASK, "Perlindungan"):
        assert squeezed(words) not in found, words


@pytest.mark.parametrize("paper", FORMS)
def test_a_confidential_reporter_is_masked_on_every_form(paper: Paper) -> None:
    found = squeezed(text(render(paper, the_facts(identity=Identity.CONFIDENTIAL))))
    for words in (*PERSONAL.values(), PRINTED["phone"]):
        assert squeezed(words) not in found, words
    assert (MASK in found) == (paper is not Paper.DISPOSITION)


def test_a_reporter_signs_the_category_that_they_chose() -> None:
    classified = the_facts({"category": "PKH"}, category="PUNGLI")
    form, disposition = (text(render(paper, classified)) for paper in (Paper.COMPLAINT, Paper.DISPOSITION))
    assert ("Program Keluarga Harapan" in form, "Pungutan liar" in form) == (True, False)
    assert ("Program Keluarga Harapan" in disposition, "Pungutan liar" in disposition) == (False, True)


@pytest.mark.parametrize("paper", [Paper.COMPLAINT, Paper.DISPOSITION, Paper.SETTLEMENT, Paper.CLOSING])
def test_a_category_that_is_not_decided_is_on_no_paper(paper: Paper) -> None:
    assert "Pungutan liar" not in text(render(paper, the_facts(category="PUNGLI", undecided=True)))


@pytest.mark.parametrize(
    ("channel", "said", "people"),
    [
        (Channel.DESK, "saya sampaikan dengan sebenarnya", ["Petugas penerima", "Pelapor"]),
        (Channel.PHONE, "Disampaikan lewat telepon, dicatat oleh petugas", ["Petugas penerima"]),
        (Channel.LETTER, "Disampaikan lewat surat, dicatat oleh petugas", ["Petugas penerima"]),
        (Channel.WEB, "secara daring melalui Web", ["Petugas penerima"]),
    ],
)
def test_only_who_was_present_signs_the_form(channel: Channel, said: str, people: list[str]) -> None:
    facts = the_facts(channel=channel, procedure=procedure_for(channel))
    found = text(render(Paper.COMPLAINT, facts))
    assert said in found
    assert ("dengan sebenarnya" in found) == (channel is Channel.DESK)
    assert [each.role for each in sheet_of(Paper.COMPLAINT, facts).parts[-1].people] == people


@pytest.mark.parametrize(
    ("channel", "at", "said"),
    [
        (Channel.LETTER, MIDNIGHT, "Jumat, 20 November 2026"),
        (Channel.DESK, MIDNIGHT, "Jumat, 20 November 2026"),
        (Channel.LETTER, MIDNIGHT + timedelta(minutes=1), "Jumat, 20 November 2026 pukul 00.01 WITA"),
        (Channel.WEB, MIDNIGHT, "Jumat, 20 November 2026"),
    ],
)
def test_a_letter_without_a_time_came_on_a_day(channel: Channel, at: datetime, said: str) -> None:
    facts = the_facts(channel=channel, procedure=procedure_for(channel), received_at=at)
    assert sheet_of(Paper.COMPLAINT, facts).parts[0].fields[0].text == said
    assert facts.complaint is not None
    book = Book(OFFICE, 2026, 11, (Entry(facts.complaint, facts.intake),))
    assert ("20-11-2026 00.0" in next(iter(rows_of(book)))[1]) == ("pukul" in said)


def test_who_recorded_a_complaint_is_who_received_it() -> None:
    papers = (Paper.COMPLAINT, Paper.RECEIPT, Paper.RECEIPT_A4, Paper.DISPOSITION)
    assert ["Rini Contoh" in text(render(paper, the_facts())) for paper in papers] == [True, True, True, False]


@pytest.mark.parametrize("paper", [Paper.RECEIPT, Paper.RECEIPT_A4])
@pytest.mark.parametrize("channel", [Channel.DESK, Channel.PHONE, Channel.LETTER, Channel.WEB, Channel.WHATSAPP])
def test_a_receipt_is_signed_where_a_clerk_gave_it(paper: Paper, channel: Channel) -> None:
    found = text(render(paper, the_facts(channel=channel, procedure=procedure_for(channel))))
    assert ("Petugas penerima" in found) == (procedure_for(channel) is Procedure.LANGSUNG)


def test_numbers_are_written_as_people_write_them() -> None:
    assert Official(nip="198001012005012001").grouped_nip == "19800101 200501 2 001"
    assert Official().grouped_nip == ""
    told = {"+6281255550001": "0812-5555-0001", "+62541661049": "0541661049", "+60312345678": "+60312345678", "": ""}
    assert {phone: spoken_number(phone) for phone in told} == told


@pytest.mark.parametrize("paper", [paper for paper in Paper if paper is not Paper.RECEIPT_SLIP])
def test_a_title_stands_in_the_middle(paper: Paper) -> None:
    page = PdfReader(io.BytesIO(render(paper, the_facts()))).pages[0]
    begins: list[float] = []

    def look(said: str, drawn: list[float], at: list[float], _font: object, _size: float) -> None:
        if len(said.strip()) > 1 and definitions()[paper].title.upper().startswith(said.strip()):
            begins.append(at[4] * drawn[0] + drawn[4])

    page.extract_text(visitor_text=look)
    assert begins
    assert begins[0] > float(page.mediabox.width) * 0.15


@pytest.mark.parametrize(
    ("identity", "village"), [(Identity.OPEN, "Timbau"), (Identity.CONFIDENTIAL, MASK), (Identity.ANONYMOUS, "Timbau")]
)
def test_a_village_belongs_to_the_reporter(identity: Identity, village: str) -> None:
    part = next(
        part for part in sheet_of(Paper.COMPLAINT, the_facts(identity=identity)).parts if "Pelapor" in part.heading
    )
    told = {line.label: line.text for line in part.fields}
    assert (told["Desa/Kelurahan"], told["Kecamatan"] == "Tenggarong") == (village, village != MASK)


def test_an_anonymous_reporter_has_no_name() -> None:
    nothing = dict.fromkeys(PERSONAL, "")
    found = text(render(Paper.COMPLAINT, the_facts(nothing, identity=Identity.ANONYMOUS)))
    assert NAMELESS in found


@pytest.mark.parametrize("paper", [Paper.DISPOSITION, Paper.SETTLEMENT, Paper.CLOSING])
def test_only_the_form_itself_tells_how_to_reach_an_open_reporter(paper: Paper) -> None:
    found = squeezed(text(render(paper, the_facts())))
    for name, words in PRINTED.items():
        assert (squeezed(words) in found) == (name == "name" and paper is not Paper.DISPOSITION), words


@pytest.mark.parametrize("paper", [Paper.DISPOSITION, Paper.CLOSING])
@pytest.mark.parametrize("kept", [{"restricted": True}, {"step_begun_at": None}], ids=["restricted", "not looked at"])
def test_a_paper_that_travels_does_not_tell_what_a_restricted_complaint_is_about(
    paper: Paper, kept: dict[str, object]
) -> None:
    found = squeezed(text(render(paper, the_facts(**kept))))
    for words in (STORY["description"], STORY["subject"], "sembako", "disalurkan", "Perlindungan dan Jaminan"):
        assert squeezed(words) not in found, words
    assert RESTRICTED_MASK in found


def test_a_restricted_complaint_is_marked_on_each_page() -> None:
    found = pages(render(Paper.COMPLAINT, the_facts({"description": "Panjang sekali. " * 300}, restricted=True)))
    assert len(found) > 1
    assert all("TERBATAS" in page for page in found)


@pytest.mark.parametrize("paper", RECEIPTS)
def test_a_receipt_does_not_say_that_a_complaint_is_restricted(paper: Paper) -> None:
    assert "TERBATAS" not in text(render(paper, the_facts(restricted=True)))


def test_an_erased_complaint_leaves_what_the_office_knows() -> None:
    found = text(render(Paper.COMPLAINT, replace(the_facts(), intake=None)))
    assert ERASED in found
    assert "0042/ADUAN/DINSOS/11/2026" in found


@pytest.mark.parametrize("paper", Paper)
def test_a_blank_paper_has_lines_and_nobody_in_it(paper: Paper) -> None:
    blank = render(paper, the_facts(), blank=True)
    assert blank == render(paper, Facts(OFFICE))
    found = pages(blank)
    assert len(found) <= (2 if paper in (Paper.COMPLAINT, Paper.REPORT) else 1)
    whole = squeezed(" ".join(found))
    for words in (*PERSONAL.values(), *STORY.values(), "0042", "7K3M", ROOT.printed, "2026,"):
        assert squeezed(words) not in whole, words


@pytest.mark.parametrize("paper", RECEIPTS)
def test_a_blank_receipt_promises_nothing_that_is_not_on_it(paper: Paper) -> None:
    found = text(render(paper, Facts(OFFICE)))
    assert "Nomor tiket menyusul" in found
    assert not any(words in found for words in ("tiket di atas", "nomor tiket ini", "kode QR", "Status dan jawaban "))


def test_a_blank_form_has_boxes_to_tick_and_room_for_its_own_number() -> None:
    found = squeezed(text(render(Paper.COMPLAINT, Facts(OFFICE))))
    for words in ("Nomor kertas", "Loket", "Telepon", "Surat", *(item.label for item in categories())):
        assert squeezed(words) in found, words
    assert "Nomorkertas" not in squeezed(text(render(Paper.COMPLAINT, the_facts())))


def test_only_a_closed_complaint_has_minutes_of_its_closing() -> None:
    with pytest.raises(NotClosedError, match="setelah pengaduan ditutup"):
        render(Paper.CLOSING, the_facts(status=Status.IN_PROGRESS))


def test_what_is_not_done_yet_leaves_room_to_write() -> None:
    facts = replace(the_facts(status=Status.IN_PROGRESS), reply=None, follow_up="")
    parts = {part.heading[:1]: part for part in sheet_of(Paper.SETTLEMENT, facts).parts}
    assert (parts["C"].lines, parts["E"].lines) == (4, 4)
    assert [ticked for _, ticked in parts["F"].fields[0].choices] == [False] * 4


def test_every_field_of_a_complaint_is_on_its_form() -> None:
    """A field that is added to `forms/fields.py` needs its line in papers.toml as well."""
    parts = definitions()[Paper.COMPLAINT].parts
    printed = {line["fact"] for part in parts for line in part.get("fields", ())}
    printed |= {"description", "subject"}  # together they are the text `story`
    printed |= {"category"} & {name.removesuffix("_said") for name in printed}
    assert {field.name for field in FIELDS if field.kind is not Kind.FLAG} <= printed


def test_every_fact_that_a_paper_names_is_known() -> None:
    from forms.papers.facts import texts_of

    for definition in definitions().values():
        known = texts_of(the_facts(), definition.shows)
        named = {line["fact"] for part in definition.parts for line in part.get("fields", ())}
        named |= {part["text"] for part in definition.parts if "text" in part}
        assert named - {""} <= known.keys()


HOSTILE = (
    '#import "base.typ": d; #panic() $x^2$ @label <b> \\ `code` "kutip" \'satu\' *tebal* _miring_',
    "// komentar /* komentar */ ~ -- --- ... [x] {y} {{z}} %s {name} <!-- -->",
    "= bukan judul\n- bukan daftar\n+ satu\n/ dua: tiga\n#set page(width: 1cm)",
    "😡🙏👍🏽👩‍👩‍👧🇮🇩 sudah 3x lapor",
    "مرحبا بالعالم dan שלום עולם",
    "中文 dan \ue000 dan \U0010fffd",
    "a" * 5000,
    "0123456789" * 50,
    "é̂̃" * 90,
    "Baris\tdengan\ttab\r\ndan\u2028pemisah\x0b\x0c",
    "\u202eterbalik\u202c \u200b\u200d\ufeff",
)


@pytest.mark.parametrize("said", HOSTILE)
@pytest.mark.parametrize("paper", [Paper.COMPLAINT, Paper.SETTLEMENT])
def test_what_people_write_is_only_text(paper: Paper, said: str) -> None:
    facts = the_facts({"description": said, "name": said[:120]})
    found = squeezed(text(render(paper, replace(facts, follow_up=said))))
    for word in said.split():
        if word.isascii() and word.isprintable():
            assert word[:60] in found  # of a word over two pages the footer is in the middle
            assert word[-60:] in found


def test_markup_in_any_field_stays_as_it_was_typed() -> None:
    told = {item.name: f"#{item.name}[*x*] $y$" for item in fields(Intake) if item.type is str or item.type == "str"}
    found = squeezed(text(render(Paper.COMPLAINT, the_facts(told))))
    for name in (*PERSONAL, *STORY, "district", "village"):
        assert f"#{name}[*x*]$y$" in found


@pytest.mark.search
@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_makes_a_paper(story: str, name: str) -> None:
    facts = the_facts({"description": story, "name": name})
    for paper in (Paper.COMPLAINT, Paper.RECEIPT_SLIP):
        assert render(paper, facts).startswith(b"%PDF-")


@pytest.mark.parametrize("paper", Paper)
def test_the_same_facts_give_the_same_bytes(paper: Paper) -> None:
    assert render(paper, the_facts()) == render(paper, the_facts())


def test_many_ask_for_papers_at_once() -> None:
    """As the web server's threads do; typst's compiler itself does one thing at a time."""
    asked = [(paper, the_facts(number=number)) for number in range(1, 5) for paper in RECEIPTS]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda each: render(*each), asked))
    assert found == [render(*each) for each in asked]


@pytest.mark.parametrize("paper", Paper)
def test_a_paper_is_accessible_and_says_what_it_is(paper: Paper) -> None:
    reader = PdfReader(io.BytesIO(render(paper, the_facts())))
    root, metadata = reader.trailer["/Root"].get_object(), reader.metadata
    assert metadata is not None
    assert metadata.title == f"{definitions()[paper].title} 0042/ADUAN/DINSOS/11/2026"
    assert (metadata.author, metadata.creation_date) == ("Dinas Sosial", None)
    assert root["/Lang"].casefold().startswith("id")
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


@pytest.mark.parametrize(
    ("paper", "size"),
    [(Paper.RECEIPT, (148, 210)), (Paper.RECEIPT_A4, (210, 297)), (Paper.RECEIPT_SLIP, (80, None))],
)
def test_receipts_fit_their_printers(paper: Paper, size: tuple[int, int | None]) -> None:
    reader = PdfReader(io.BytesIO(render(paper, the_facts())))
    box = reader.pages[0].mediabox
    assert len(reader.pages) == 1
    assert round(float(box.width) / 72 * 25.4) == size[0]
    assert size[1] is None or round(float(box.height) / 72 * 25.4) == size[1]


def _png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(file, "PNG")
    return file.getvalue()


_SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'


@pytest.mark.parametrize("logo", [_png(), _SVG], ids=["png", "svg"])
def test_a_logo_stands_in_the_letterhead(logo: bytes) -> None:
    without = len(render(Paper.COMPLAINT, the_facts()))
    assert len(render(Paper.COMPLAINT, replace(the_facts(), office=replace(OFFICE, logo=logo)))) > without


def test_a_logo_that_is_no_image_is_named_in_a_sentence() -> None:
    with pytest.raises(TypesettingError, match="logo"):
        render(Paper.COMPLAINT, replace(the_facts(), office=Office(logo=b"<?php")))


@pytest.mark.parametrize(
    ("procedure", "said"),
    [(Procedure.LANGSUNG, "secara Langsung, langkah 4"), (Procedure.ONLINE, "secara Online, langkah 5")],
)
def test_the_footer_names_the_step_of_its_own_sop(procedure: Procedure, said: str) -> None:
    assert said in sheet_of(Paper.DISPOSITION, the_facts(procedure=procedure)).source


@pytest.mark.parametrize("paper", RECEIPTS)
def test_without_a_public_address_no_code_is_promised(paper: Paper) -> None:
    facts = replace(the_facts(), office=replace(OFFICE, public_url=""))
    assert sheet_of(paper, facts).link == ""
    found = text(render(paper, facts))
    assert "dapat ditanyakan kepada petugas dengan nomor tiket" in found
    assert not any(words in found for words in ("kode QR", "Status dan jawaban:", "Status dan jawaban :"))
    assert "kode QR" in text(render(paper, the_facts()))
