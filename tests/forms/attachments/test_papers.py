"""Papers that act by themselves are refused wherever the acting part stands; ordinary ones pass."""

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from forms.attachments.papers import MOST_INNER, check_pdf
from forms.problems import RefusedError
from tests import evidence_files as files


def link(action: Dictionary) -> Callable[[Pdf], object]:
    def change(made: Pdf) -> None:
        made.pages[0].Annots = Array([Dictionary(Subtype=Name.Link, A=action)])

    return change


def to(address: str) -> Callable[[Pdf], object]:
    return link(Dictionary(S=Name.URI, URI=String(address)))


def root(key: str, value: Callable[[Pdf], pikepdf.Object]) -> Callable[[Pdf], object]:
    return lambda made: made.Root.__setitem__(key, value(made))


def elsewhere(key: str) -> Callable[[Pdf], object]:
    return lambda made: made.pages[0].obj.__setitem__("/Contents", made.make_stream(b"", {key: String("//host/x")}))


def turn(made: Pdf, **more: object) -> Dictionary:
    return Dictionary(S=Name.GoTo, D=Array([made.pages[0].obj, Name.Fit]), **more)


ACTING: dict[str, Callable[[Pdf], object]] = {
    "something when a page is shown": lambda made: made.pages[0].obj.__setitem__("/AA", Dictionary(O=turn(made))),
    "something when the file is closed": root("/AA", lambda made: Dictionary(WC=turn(made))),
    "an address when opened": root("/OpenAction", lambda _: Dictionary(S=Name.URI, URI=String("https://a.example"))),
    "more after the page when opened": root(
        "/OpenAction",
        lambda made: turn(made, Next=Dictionary(S=Name.URI, URI=String("https://a.example"))),
    ),
    "nothing known when opened": root("/OpenAction", lambda _: Dictionary(S=Name("/Neu"))),
    "a portfolio": root("/Collection", lambda _: Dictionary(View=Name.D)),
    "a page of another file": root(
        "/Neu",
        lambda made: made.make_stream(b"", {"/Subtype": Name.Form, "/Ref": Dictionary(F=String("x.pdf"), Page=0)}),
    ),
    "a picture of another file": root(
        "/Neu", lambda made: made.make_stream(b"", {"/Subtype": Name.Image, "/OPI": Dictionary()})
    ),
    "a stream elsewhere": elsewhere("/F"),
    "a filter of a stream elsewhere": elsewhere("/FFilter"),
    "a file at an address": root("/Neu", lambda _: Dictionary(FS=Name.URL, F=String("https://a.example/x"))),
    **{
        f"the action {name}": link(Dictionary(S=Name(f"/{name}")))
        for name in (
            *("Thread", "Named", "ResetForm", "Hide", "SetOCGState", "Rendition", "Movie", "Sound", "GoTo3DView"),
            *("RichMedia", "Launch", "GoToR", "GoToE", "SubmitForm", "ImportData", "URI"),
        )
    },
    **{
        f"a link to {address}": to(address)
        for address in ("file:///c:/x", "javascript:alert(1)", " https://a.example", "x.exe", "smb://a/b", "")
    },
}


def structure(made: Pdf) -> None:
    """As programs write it for reading aloud; `/Ref` there leads from a note to its mark."""
    note = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Note))
    made.Root.StructTreeRoot = Dictionary(Type=Name.StructTreeRoot, K=Array([note]))
    note.Ref = Array([note])


def outlines(made: Pdf) -> None:
    with made.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Bab 1", 0))


ORDINARY: dict[str, Callable[[Pdf], object]] = {
    **{
        f"a link to {each}": to(each)
        for each in ("https://a.example", "HTTP://a.example", "mailto:a@a.example", "tel:1")
    },
    "a link to a page": lambda made: link(turn(made))(made),
    "a list of chapters": outlines,
    "a page shown when opened": root("/OpenAction", lambda made: turn(made)),
    "a place shown when opened": root("/OpenAction", lambda made: Array([made.pages[0].obj, Name.Fit])),
    "marks for reading aloud": structure,
    "a border around a link": lambda made: made.pages[0].obj.__setitem__(
        "/Annots", Array([Dictionary(Subtype=Name.Link, BS=Dictionary(S=Name.S, W=1), F=4)])
    ),
    "a scanned page": lambda made: made.pages[0].obj.__setitem__(
        "/Resources",
        Dictionary(
            XObject=Dictionary(I=made.make_stream(files.jpeg(), {"/Subtype": Name.Image, "/Filter": Name.DCTDecode}))
        ),
    ),
    "a field to sign in": root(
        "/AcroForm",
        lambda made: Dictionary(Fields=Array([made.make_indirect(Dictionary(FT=Name.Sig, T=String("ttd"), F=4))])),
    ),
}


@pytest.mark.parametrize("case", ACTING)
def test_what_acts_by_itself_is_refused(case: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check_pdf(files.pdf_with(ACTING[case]))
    assert refused.value.code == "active_pdf"


@pytest.mark.parametrize("case", ORDINARY)
def test_ordinary_papers_pass(case: str) -> None:
    check_pdf(files.pdf_with(ORDINARY[case]))


def test_a_small_file_that_unpacks_to_a_million_dictionaries_is_refused() -> None:
    check_pdf(files.pdf_of_many(1000))
    bomb = files.pdf_of_many(MOST_INNER + 1)
    assert len(bomb) < 20_000
    with pytest.raises(RefusedError) as refused:
        check_pdf(bomb)
    assert refused.value.code == "too_hard"


def test_what_is_written_within_is_counted_over_the_whole_file() -> None:
    def change(made: Pdf) -> None:
        """Not one array is too long, but all together are."""
        for number in range(6):
            made.Root[f"/Neu{number}"] = made.make_indirect(Array([1] * (MOST_INNER // 5)))

    with pytest.raises(RefusedError) as refused:
        check_pdf(files.pdf_with(change))
    assert refused.value.code == "too_hard"
