"""
PDF: kept byte for byte, so that an electronic signature stays valid, and only if nothing in it acts by itself.

Every object is looked at, also those that no page refers to.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from forms.attachments.refusals import refusal

MOST_PAGES = 300
MOST_OBJECTS = 200_000
MOST_INNER = 500_000
"""Values written within other objects, in all. A long text with tags for reading aloud has a tenth of it."""
_DEEPEST = 50
_TAIL_BYTES = 1024
"""Within which the end mark must stand, as Adobe's readers have it."""
_KEYS = {
    *("/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent", "/RichMediaSettings"),
    *("/AA", "/Collection", "/OPI"),
}
_VALUES = {
    "/S": {
        *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"),
        *("/RichMediaExecute", "/RichMedia", "/GoTo3DView", "/Trans3D"),
        *("/Thread", "/Named", "/ResetForm", "/Hide", "/SetOCGState"),
    },
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Screen", "/Movie", "/Sound"},
    "/FS": {"/URL"},
}
"""What makes a dictionary an action that does more than turn to a page, or something that plays or is carried along."""
_ELSEWHERE = {"/F", "/FFilter"}
"""In a stream: its contents stand in another file. Source: ISO 32000-1, table 5."""
_LINKS = (b"http://", b"https://", b"mailto:", b"tel:")


def check_pdf(data: bytes) -> None:
    """Raises: RefusedError (`locked_pdf`, `active_pdf`, `too_many_pages`, `too_hard`, `damaged`)."""
    if b"%%EOF" not in data[-_TAIL_BYTES:]:
        raise refusal("damaged")
    try:
        with pikepdf.open(BytesIO(data)) as pdf:
            _check(pdf)
    except pikepdf.PasswordError as error:
        raise refusal("locked_pdf") from error
    except (pikepdf.PdfError, pikepdf.DataDecodingError) as error:
        raise refusal("damaged") from error


def _check(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise refusal("locked_pdf")
    if not 0 < len(pdf.objects) <= MOST_OBJECTS:
        raise refusal("too_hard")
    walk = _Walk()
    for thing in pdf.objects:
        if any(_acts(each) for each in walk.dictionaries(thing)):
            raise refusal("active_pdf")
    pages = len(pdf.pages)
    if pages > MOST_PAGES:
        raise refusal("too_many_pages", limit=MOST_PAGES)
    if not pages:
        raise refusal("damaged")


def _acts(each: pikepdf.Object) -> bool:
    stream = isinstance(each, pikepdf.Stream)
    names = set(each.keys())
    return (
        bool(names & _KEYS)
        or (stream and bool(names & _ELSEWHERE))
        or any(_is_name(each.get(key), acting) for key, acting in _VALUES.items() if key in names)
        or ("/OpenAction" in names and not _only_turns(each.get("/OpenAction")))
        or ("/Ref" in names and isinstance(each.get("/Ref"), pikepdf.Dictionary))
        or _leads_astray(each, names)
    )


def _is_name(value: object, among: set[str]) -> bool:
    return isinstance(value, pikepdf.Name) and str(value) in among


def _only_turns(opening: object) -> bool:
    """Whether what is done when the file is opened is to show a page of it, and nothing after that."""
    if isinstance(opening, pikepdf.Dictionary):
        return _is_name(opening.get("/S"), {"/GoTo"}) and "/Next" not in opening
    return isinstance(opening, pikepdf.Array | pikepdf.Name | pikepdf.String)


def _leads_astray(each: pikepdf.Object, names: set[str]) -> bool:
    """Whether it is a link, and to anything but a page of the web, an address of mail or a telephone number."""
    target = each.get("/URI") if "/URI" in names else None
    if isinstance(target, pikepdf.String):
        return not bytes(target).lower().startswith(_LINKS)
    return "/S" in names and _is_name(each.get("/S"), {"/URI"})


class _Walk:
    """Through one file, counting what was met."""

    def __init__(self) -> None:
        self._left = MOST_INNER

    def dictionaries(self, thing: object, depth: int = 0) -> Iterator[pikepdf.Object]:
        """An object's own dictionaries, and streams. Those of objects it refers to are found there."""
        if depth > _DEEPEST:
            raise refusal("too_hard")
        if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
            yield thing
            self._count(len(thing.keys()))
            inner = [value for _, value in thing.items()]
        elif isinstance(thing, pikepdf.Array):
            self._count(len(thing))
            inner = list(thing)
        else:
            return
        for value in inner:
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from self.dictionaries(value, depth + 1)

    def _count(self, more: int) -> None:
        """Before they are fetched. Raises: RefusedError (`too_hard`)."""
        self._left -= more
        if self._left < 0:
            raise refusal("too_hard")
