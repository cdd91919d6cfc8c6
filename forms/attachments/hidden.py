"""Files that are two things at once: a picture that is also a program, or has an archive behind it."""

import re
import zipfile
from io import BytesIO

_PROGRAMS = re.compile(rb"<\?php|<script[\s>]|<%@ *page", re.IGNORECASE)
"""What a web server or a browser would run; long enough not to come about in compressed data by chance."""
_ARCHIVES = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b\x08",
    b"BZh",
    b"\xfd7zXZ\x00",
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def is_archive(data: bytes) -> bool:
    """Whether the file is an archive or an office document, which is one inside."""
    return data.startswith((*_ARCHIVES, _OLD_OFFICE))


def hides_something(data: bytes) -> bool:
    """Whether the bytes hold a program for the web, or end as a ZIP or JAR does."""
    return _PROGRAMS.search(data) is not None or _ends_as_zip(data)


def _ends_as_zip(data: bytes) -> bool:
    """An end mark alone may come about by chance: somewhere there must be a member, too."""
    return zipfile.is_zipfile(BytesIO(data)) and (b"PK\x01\x02" in data or b"PK\x03\x04" in data)
