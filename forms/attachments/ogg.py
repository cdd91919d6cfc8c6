"""
Ogg: pages (RFC 3533, section 6) that carry packets of one sound, walked to the last byte.

The second packet of a sound holds comments: artist, place, pictures, whatever a program liked to write. It is emptied
where it is, so that nothing else moves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from forms.attachments.refusals import refusal

_PAGE_HEAD = 27
_BEGINS = 0x02
_SERIAL, _CHECKSUM = slice(14, 18), slice(22, 26)
_NOTHING = bytes(8)
"""No maker, no comments: two lengths of four bytes. Source: Vorbis I, section 5.2."""


@dataclass(frozen=True)
class _Codec:
    mark: bytes
    """Of the packet with comments."""
    nothing: bytes
    """The packet without any, but for what fills it up; that must be zeros. Source: RFC 7845, section 5.2."""


_CODECS: Mapping[bytes, _Codec] = MappingProxyType(
    {
        b"OpusHead": _Codec(b"OpusTags", b"OpusTags" + _NOTHING),
        b"\x01vorbis": _Codec(b"\x03vorbis", b"\x03vorbis" + _NOTHING + b"\x01"),
        b"Speex   ": _Codec(b"", _NOTHING),
    }
)
"""By how the first packet begins. FLAC in Ogg is none of them: it may carry any number of pictures and comments."""


@dataclass(frozen=True)
class _Page:
    start: int
    lengths: bytes
    """Of its pieces; a packet ends with one shorter than 255."""

    @property
    def content(self) -> int:
        return self.start + _PAGE_HEAD + len(self.lengths)

    @property
    def end(self) -> int:
        return self.content + sum(self.lengths)


def ogg(data: bytes) -> bytes:
    """
    The file without its comments, as long as it was.

    Raises: RefusedError (`damaged`) if it is no row of whole pages of one sound.
    """
    pages = list(_pages(data))
    head = data[pages[0].content : pages[0].end] if pages else b""
    codec = next((codec for mark, codec in _CODECS.items() if head.startswith(mark)), None)
    pieces = list(_second_packet(pages))
    said = b"".join(data[piece] for _, piece in pieces)
    if codec is None or len(said) < len(codec.nothing) or not said.startswith(codec.mark):
        raise refusal("damaged")
    kept, place = bytearray(data), 0
    nothing = codec.nothing.ljust(len(said), b"\x00")
    for _, piece in pieces:
        length = piece.stop - piece.start
        kept[piece] = nothing[place : place + length]
        place += length
    for page in {page.start: page for page, _ in pieces}.values():
        _seal(kept, page)
    return bytes(kept)


def _pages(data: bytes) -> Iterator[_Page]:
    """All of one stream, of which the first alone begins it."""
    place = 0
    while place < len(data):
        head = data[place : place + _PAGE_HEAD]
        if len(head) < _PAGE_HEAD or head[:5] != b"OggS\x00":
            raise refusal("damaged")
        if bool(head[5] & _BEGINS) != (place == 0) or head[_SERIAL] != data[_SERIAL]:
            raise refusal("damaged")
        page = _Page(place, data[place + _PAGE_HEAD : place + _PAGE_HEAD + head[26]])
        place = page.end
        if len(page.lengths) < head[26] or place > len(data):
            raise refusal("damaged")
        yield page


def _second_packet(pages: list[_Page]) -> Iterator[tuple[_Page, slice]]:
    """Its pieces and the pages they are on. Raises: RefusedError if it does not end."""
    packet = 0
    for page in pages:
        place = page.content
        for length in page.lengths:
            if packet == 1:
                yield page, slice(place, place + length)
            place += length
            packet += length < 255
            if packet > 1:
                return
    raise refusal("damaged")


def _seal(data: bytearray, page: _Page) -> None:
    """Put the page's checksum right."""
    place = slice(page.start + _CHECKSUM.start, page.start + _CHECKSUM.stop)
    data[place] = bytes(4)
    data[place] = checksum(data[page.start : page.end]).to_bytes(4, "little")


def checksum(page: bytes | bytearray) -> int:
    """Of a page whose own checksum is zero."""
    told = 0
    for byte in page:
        told = (told << 8 & 0xFFFFFFFF) ^ _TABLE[told >> 24 ^ byte]
    return told


def _entry(number: int) -> int:
    told = number << 24
    for _ in range(8):
        told = told << 1 ^ (0x04C11DB7 if told & 0x80000000 else 0)
    return told & 0xFFFFFFFF


_TABLE = tuple(_entry(number) for number in range(256))
