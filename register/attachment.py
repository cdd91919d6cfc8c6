"""What an attachment is: the kinds that are taken, one that was checked, and one that is kept."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """A kind of file, known by its content."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    HEIC = "heic"
    PDF = "pdf"
    MP3 = "mp3"
    M4A = "m4a"
    OGG = "ogg"
    MP4 = "mp4"


MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.HEIC: "image/heic",
    Kind.PDF: "application/pdf",
    Kind.MP3: "audio/mpeg",
    Kind.M4A: "audio/mp4",
    Kind.OGG: "audio/ogg",
    Kind.MP4: "video/mp4",
}
SUFFIXES = {kind: f".{kind.value}" for kind in Kind} | {Kind.JPEG: ".jpg"}


@dataclass(frozen=True)
class Checked:
    """
    A file that may be kept: looked into, and rid of what it told beside its contents.

    `name` is for people to recognise it by, never a path.
    """

    kind: Kind
    name: str = field(repr=False)
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Attachment:
    """
    A file that is kept.

    Attributes:
        id: Random; says nothing about the file.
        size: Of the file as it was kept, in bytes.
        added_at: Aware instant.
        quarantined: No scanner has looked at it yet although one is configured; nobody may open it.
    """

    id: str
    kind: Kind
    name: str = field(repr=False)
    size: int
    added_at: datetime
    quarantined: bool = False
