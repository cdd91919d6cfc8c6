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
_DEEPEST = 50
_TAIL_BYTES = 1024
"""Within which the end mark must stand, as Adobe's readers have it."""
_KEYS = {"/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/XFA", "/RichMediaContent", "/RichMediaSettings"}
_VALUES = {
    "/S": {
        *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound"),
        *("/RichMediaExecute", "/GoTo3DView", "/Trans3D"),
    },
    "/Subtype": {"/RichMedia", "/FileAttachment", "/3D", "/Screen", "/Movie", "/Sound"},
}
"""What makes a dictionary an action that does more than turn to a page, or something that plays or is carried along."""


def check_pdf(data: bytes) -> None:
    """Raises: RefusedError (`locked_pdf`, `active_pdf`, `too_many_pages`, `damaged`)."""
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
    for thing in pdf.objects:
        if any(_acts(each) for each in _dictionaries(thing, 0)):
            raise refusal("active_pdf")
    pages = len(pdf.pages)
    if pages > MOST_PAGES:
        raise refusal("too_many_pages", limit=MOST_PAGES)
    if not pages:
        raise refusal("damaged")


def _acts(each: pikepdf.Object) -> bool:
    names = set(each.keys())
    return bool(names & _KEYS) or any(
        isinstance(value := each.get(key), pikepdf.Name) and str(value) in acting
        for key, acting in _VALUES.items()
        if key in names
    )


def _dictionaries(thing: object, depth: int) -> Iterator[pikepdf.Object]:
    """An object's own dictionaries. Those of objects it refers to are found there."""
    if depth > _DEEPEST:
        raise refusal("too_hard")
    if isinstance(thing, pikepdf.Stream):
        thing = thing.stream_dict
    if isinstance(thing, pikepdf.Dictionary):
        yield thing
        inner = [value for _, value in thing.items()]
    elif isinstance(thing, pikepdf.Array):
        inner = list(thing)
    else:
        return
    for value in inner:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            yield from _dictionaries(value, depth + 1)
