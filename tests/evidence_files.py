"""Files as people send them, and as somebody sends who means harm. All are made here; none shows anybody."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pikepdf
import pillow_heif
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from forms.attachments.ogg import checksum

PLACE = b"Jalan Rahasia 1"
"""Stands in metadata, and must not be found in what is kept."""
PHP = b"<?php system($_GET['x']); ?>"


def a_picture(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    """Red above, blue below, so that one sees which way is up."""
    image = Image.new(mode, (width, height), (200, 30, 30) if mode == "RGB" else (200, 30, 30, 128))
    image.paste((30, 30, 200) if mode == "RGB" else (30, 30, 200, 255), (0, height // 2, width, height))
    return image


def _exif(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = orientation, PLACE.decode()
    exif.get_ifd(0x8825).update({1: "S", 2: (0.0, 26.0, 43.0), 3: "E", 4: (116.0, 59.0, 0.0)})
    return exif


def jpeg(width: int = 320, height: int = 200, *, orientation: int = 1, quality: int = 85) -> bytes:
    """With the place where it was taken, a comment, and another picture behind it as telephones leave it."""
    target = io.BytesIO()
    image = a_picture(width, height)
    image.save(target, "JPEG", exif=_exif(orientation), comment=PLACE, quality=quality)
    return target.getvalue() + PLACE


def png(width: int = 320, height: int = 200, mode: str = "RGB", text: str = PLACE.decode()) -> bytes:
    target, told = io.BytesIO(), PngInfo()
    told.add_text("Comment", text)
    a_picture(width, height, mode).save(target, "PNG", pnginfo=told, exif=_exif())
    return target.getvalue()


def webp() -> bytes:
    target = io.BytesIO()
    a_picture().save(target, "WEBP", exif=_exif(), xmp=b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>")
    return target.getvalue()


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    target = io.BytesIO()
    a_picture().save(target, "HEIF", exif=_exif(), quality=80)
    return target.getvalue()


@cache
def pdf(pages: int = 1, *, javascript: bool = False, kind: str = "", password: str = "") -> bytes:
    """
    Args:
        javascript: It runs when the file is opened.
        kind: `launch`, `embedded`, `xfa` or `turn` (to a page, as ordinary files do).
    """
    target = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        if javascript:
            action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
            made.Root.OpenAction = action
        if kind == "launch":
            link = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("cmd.exe"))
            made.pages[0].Annots = pikepdf.Array([pikepdf.Dictionary(Subtype=pikepdf.Name.Link, A=link)])
        elif kind == "embedded":
            made.attachments["x.exe"] = pikepdf.AttachedFileSpec(made, b"MZ")
        elif kind == "xfa":
            made.Root.AcroForm = pikepdf.Dictionary(XFA=pikepdf.String("<xdp/>"))
        elif kind == "turn":
            made.Root.OpenAction = pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])
        encryption = pikepdf.Encryption(owner="x", user=password) if password else False
        made.save(target, encryption=encryption)
    return target.getvalue()


def pdf_with(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    """A paper of one page after a change."""
    target = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        change(made)
        made.save(target)
    return target.getvalue()


def pdf_of_many(count: int) -> bytes:
    """A few kilobytes in which an array of dictionaries is packed, which takes a reader long to unpack."""
    array = b"[" + b"<</A 1>>" * count + b"]"
    packed = zlib.compress(b"5 0 " + array, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed),
    ]
    made, rows = b"%PDF-1.7\n", bytes(6)
    for number, content in enumerate(objects, 1):
        rows += struct.pack(">BIB", 1, len(made), 0)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    rows += struct.pack(">BIB", 2, 4, 0) + struct.pack(">BIB", 1, len(made), 0)
    table = b"<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream" % (len(rows), rows)
    return made + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(made))


def _box(kind: bytes, *contents: bytes) -> bytes:
    content = b"".join(contents)
    return struct.pack(">I4s", 8 + len(content), kind) + content


def mp4(*, handler: bytes = b"vide", brand: bytes = b"isom", content: bytes = b"\x00" * 64) -> bytes:
    """The fewest boxes that a player looks for, and the place where it was filmed."""
    hdlr = _box(b"hdlr", bytes(8), handler, bytes(13))
    stbl = _box(b"stbl", _box(b"stsd", bytes(8)))
    track = _box(b"trak", _box(b"tkhd", bytes(84)), _box(b"mdia", hdlr, _box(b"minf", stbl)))
    place = _box(b"udta", _box(b"\xa9xyz", PLACE))
    return (
        _box(b"ftyp", brand, bytes(4), brand)
        + _box(b"moov", _box(b"mvhd", bytes(100)), track, place)
        + _box(b"mdat", content)
    )


def m4a() -> bytes:
    return mp4(handler=b"soun", brand=b"M4A ")


def _page(content: bytes, number: int, flags: int) -> bytes:
    lengths = bytes([255] * (len(content) // 255) + [len(content) % 255])
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, 0, 7, number, 0)
    return head + bytes([len(lengths)]) + lengths + content


def ogg(codec: bytes = b"OpusHead") -> bytes:
    return _page(codec + bytes(11), 0, 2) + _page(b"OpusTags" + bytes(20), 1, 0) + _page(bytes(600), 2, 4)


def ogg_told(codec: str, told: bytes) -> bytes:
    """A sound with the comment `told`, over as many pages as it takes, with checksums as programs write them."""
    head, mark, end = {
        "opus": (b"OpusHead", b"OpusTags", b""),
        "vorbis": (b"\x01vorbis", b"\x03vorbis", b"\x01"),
        "speex": (b"Speex   ", b"", b""),
    }[codec]
    comment = b"ARTIST=" + told
    packet = mark + struct.pack("<I5sII", 5, b"maker", 1, len(comment)) + comment + end
    rows = [
        bytes([255] * (len(packet) // 255) + [len(packet) % 255])[start : start + 255]
        for start in range(0, len(packet) // 255 + 1, 255)
    ]
    pages, place = [_page(head + bytes(11), 0, 2)], 0
    for number, row in enumerate(rows, 1):
        size = sum(row)
        start = struct.pack("<4sBBqIII", b"OggS", 0, 1 if number > 1 else 0, 0, 7, number, 0)
        pages.append(start + bytes([len(row)]) + row + packet[place : place + size])
        place += size
    pages.append(_page(bytes(600), len(pages), 4))
    return b"".join(page[:22] + checksum(page).to_bytes(4, "little") + page[26:] for page in pages)


def mp3(frames: int = 5) -> bytes:
    """128 kbit/s at 44.1 kHz, between tags."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    size = len(PLACE)
    return b"ID3\x04\x00\x00" + bytes([0, 0, 0, size]) + PLACE + frame * frames + b"TAG" + PLACE.ljust(125, b"\x00")


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom.txt", bytes(5_000_000))
    return target.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A well-formed PNG of any size in few bytes: only the head tells how large it is."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(100_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


GOOD = {
    "foto.jpg": jpeg,
    "layar.png": png,
    "foto.webp": webp,
    "foto.heic": heic,
    "surat.pdf": pdf,
    "rekaman.mp3": mp3,
    "rekaman.m4a": m4a,
    "suara.ogg": ogg,
    "video.mp4": mp4,
}
