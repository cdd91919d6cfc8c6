"""
MP4 and M4A: boxes within boxes (ISO/IEC 14496-12), walked to the last byte.

What cameras and editors write beside sound and pictures (place, device, names, thumbnails) stands in boxes of its own.
They are blanked where they are, so that nothing else moves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from forms.attachments.refusals import refusal
from register.attachment import Kind

_TOP = {
    *(b"ftyp", b"styp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta"),
    *(b"moof", b"mfra", b"sidx", b"ssix", b"pdin", b"prft", b"emsg"),
}
_WITHIN = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"}
"""Boxes that hold boxes and nothing else, of those that are looked into."""
_BLANKED = {b"udta", b"meta", b"uuid", b"free", b"skip", b"wide"}
_HANDLER = slice(8, 12)
MOST_BOXES = 50_000


@dataclass(frozen=True)
class _Box:
    kind: bytes
    start: int
    content: int
    end: int


def media(data: bytes) -> tuple[Kind, bytes]:
    """
    Whether it is video or sound, and the file without what was told beside it.

    Raises: RefusedError (`damaged`) if the boxes do not fill the file, or there is nothing to play.
    """
    told = bytearray(data)
    found, handlers = set[bytes](), set[bytes]()
    for count, box in enumerate(_walk(data, 0, len(data), top=True)):
        if count > MOST_BOXES:
            raise refusal("damaged")
        found.add(box.kind)
        if box.kind == b"hdlr":
            handlers.add(data[box.content : box.end][_HANDLER])
        if box.kind in _BLANKED:
            told[box.start + 4 : box.start + 8] = b"free"
            told[box.content : box.end] = bytes(box.end - box.content)
    if data[4:8] != b"ftyp" or not {b"moov", b"mdat", b"stbl", b"stsd"} <= found:
        raise refusal("damaged")
    if b"vide" in handlers:
        return Kind.MP4, bytes(told)
    if b"soun" in handlers:
        return Kind.M4A, bytes(told)
    raise refusal("damaged")


def _walk(data: bytes, start: int, end: int, *, top: bool = False) -> Iterator[_Box]:
    while start < end:
        box = _box(data, start, end)
        if top and box.kind not in _TOP:
            raise refusal("damaged")  # something was put behind the end
        yield box
        if box.kind in _WITHIN:
            yield from _walk(data, box.content, box.end)
        start = box.end


def _box(data: bytes, start: int, end: int) -> _Box:
    size, kind, content = int.from_bytes(data[start : start + 4], "big"), data[start + 4 : start + 8], start + 8
    if size == 1:
        size, content = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
    elif size == 0:  # reaches to the end
        size = end - start
    if not content <= start + size <= end:
        raise refusal("damaged")
    return _Box(kind, start, content, start + size)
