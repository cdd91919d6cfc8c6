"""
Typst, which sets the papers: one compiler for the whole process, in this package's templates, without any network.

Whatever people wrote goes in as JSON (`sys.inputs`) and stays data there: no text is ever read as markup. Fonts come
with typst's wheel and `manimgx-fonts` (Noto, OFL); those of the machine are not looked at, so that a paper is the same
everywhere.
"""

import io
import json
import re
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forms.papers.errors import TypesettingError
from forms.papers.office import Office

if TYPE_CHECKING:
    import typst

TEMPLATES = Path(__file__).parent / "templates"
_ACCESSIBLE = "ua-1"
"""PDF/UA-1: tagged, titled, in a language, each image described, each letter drawn."""
_NO_GLYPH = "could not be displayed"
_LONG_WORD = re.compile(r"(?<!\S)(?!https?://\S{,80}(?:\s|$))\S{30,}")
"""May be parted, so that it stays on its paper; an address ends its line at a slash, and is copied as it stands."""
_PIECE = re.compile(r"(\S{8})(?=[^\s\u0300-\u036f\u200b-\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff])(?<!\u200d)")
"""Of such a word; emoji and letters with accents stay whole."""
_LOCK = threading.Lock()
"""A compiler does one thing at a time, and says `Already borrowed` to whoever does not wait."""


def set_pdf(template: str, data: Mapping[str, Any], office: Office) -> bytes:
    """
    A PDF by a template of this package. The same data give the same bytes.

    Raises: TypesettingError.
    """
    return _set(template, data, office, "pdf", [_ACCESSIBLE])[0]


def set_pictures(template: str, data: Mapping[str, Any], office: Office, *, ppi: float = 110) -> list[bytes]:
    """Each page as a PNG, to be looked at. Raises: TypesettingError."""
    return _set(template, data, office, "png", [], ppi=ppi)


def _set(
    template: str, data: Mapping[str, Any], office: Office, form: Any, standards: list[Any], **how: Any
) -> list[bytes]:
    import typst  # a large library, and only papers need it

    letterhead = {"government": office.government, "name": office.name, "address": office.address}
    inputs = {
        "data": json.dumps(_parted(dict(data) | {"office": letterhead | {"contact": office.contact}})),
        "logo": json.dumps(list(office.logo)),
        "qr": qr_svg(data.get("link", "")),
    }
    try:
        with _LOCK:
            found = _compiler().compile(
                TEMPLATES / template, format=form, sys_inputs=inputs, pdf_standards=standards, **how
            )
    except typst.TypstError as error:
        if standards and _NO_GLYPH in error.message:  # a script that no font of ours has; the rest is still readable
            return _set(template, data, office, form, [], **how)
        raise TypesettingError(
            "Dokumen ini tidak dapat disusun. Bila logo baru diganti, pastikan berkasnya gambar PNG, JPEG, atau SVG."
        ) from error
    return found if isinstance(found, list) else [found or b""]


@cache
def _compiler() -> "typst.Compiler":
    import manimgx_fonts
    import typst

    fonts = typst.Fonts(False, True, [Path(manimgx_fonts.__file__).parent])
    return typst.Compiler(root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _parted(value: Any) -> Any:
    """The same data with places in over-long words at which a line may end (U+200B)."""
    if isinstance(value, str):
        return _LONG_WORD.sub(lambda word: _PIECE.sub("\\1\u200b", word[0]), value.replace("\t", "    "))
    if isinstance(value, Mapping):
        return {key: _parted(item) for key, item in value.items()}
    return [_parted(item) for item in value] if isinstance(value, list | tuple) else value


def qr_svg(text: str) -> str:
    """A QR code as an SVG file; nothing for no text."""
    if not text:
        return ""
    import segno

    file = io.BytesIO()
    segno.make_qr(text, error="m").save(file, kind="svg", border=0, xmldecl=True, svgns=True, omitsize=True)
    return file.getvalue().decode("utf-8")
