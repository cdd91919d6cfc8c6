"""The kinds of files that are taken, told by what stands in them; a name or a browser's word counts for nothing."""

from collections.abc import Mapping
from types import MappingProxyType

from register.attachment import MEDIA_TYPES, SUFFIXES, Kind

MOST_AT_ONCE = 5
"""Files in one form."""
LARGEST_BYTES = 10_000_000
LARGEST_VIDEO_BYTES = 30_000_000
"""Decimal megabytes, as telephones show them. Source: issue of the forms; a minute of video on a plain phone."""
LARGEST: Mapping[Kind, int] = MappingProxyType(dict.fromkeys(Kind, LARGEST_BYTES) | {Kind.MP4: LARGEST_VIDEO_BYTES})
ACCEPT = ",".join([*MEDIA_TYPES.values(), "image/heif", "audio/x-m4a", *SUFFIXES.values(), ".jpeg", ".opus"])
"""For the file field: some browsers know kinds by type, some by suffix."""

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MP4_BRANDS = {
    *(b"isom", b"avc1", b"mp41", b"mp42", b"mp71", b"M4V ", b"M4A ", b"M4B ", b"MSNV", b"dash"),
    *(b"iso%d" % number for number in range(2, 10)),
    *(b"3gp%d" % number for number in range(4, 8)),
}
_SIGNATURES = (
    (b"\xff\xd8\xff", Kind.JPEG),
    (b"\x89PNG\r\n\x1a\n", Kind.PNG),
    (b"%PDF-", Kind.PDF),
    (b"OggS\x00", Kind.OGG),
    (b"ID3", Kind.MP3),
)


def kind_of(data: bytes) -> Kind | None:
    """
    The kind that a file says it is with its first bytes; None for one that is not taken.

    Only a guess of whom to ask: that reader decides. MP4 stands for sound without pictures, too.
    """
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    if data[4:8] == b"ftyp":
        return _by_brands(data)
    if len(data) > 2 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2:  # MPEG sound, layer III
        return Kind.MP3
    return None


def _by_brands(data: bytes) -> Kind | None:
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = [data[8:12], *(data[place : place + 4] for place in range(16, end, 4))]
    if brands[0] in _HEIC_BRANDS:
        return Kind.HEIC
    return Kind.MP4 if _MP4_BRANDS.intersection(brands) else None
