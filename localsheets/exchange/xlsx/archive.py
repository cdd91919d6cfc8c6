"""
Is it safe to open? A workbook is a ZIP archive of XML, and comes from anywhere.

Refused are decompression bombs, entity bombs, and workbooks under a password.
"""

import io
import zipfile
import zlib

from localsheets.errors import InvalidRequestError

MOST_UNPACKED_BYTES = 256 * 1024 * 1024
UNREADABLE = "The file is not an Excel workbook (.xlsx), or it is damaged."


def check_archive(data: bytes) -> None:
    """
    Unpack once without keeping anything: what a ZIP says of its own size need not be true.

    Raises: InvalidRequestError with one sentence.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = MOST_UNPACKED_BYTES
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise InvalidRequestError("The workbook is protected by a password; save it without one.")
                left = _measured(archive, member, left)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError, zlib.error) as error:
        raise InvalidRequestError(UNREADABLE) from error


def _measured(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    first = True
    with archive.open(member) as unpacked:
        while piece := unpacked.read(1 << 20):
            left -= len(piece)
            if left < 0:
                megabytes = MOST_UNPACKED_BYTES // 1024 // 1024
                raise InvalidRequestError(f"The workbook is too large: unpacked it exceeds {megabytes} MB.")
            # An XML document type stands at the beginning; workbooks have none, bombs of entities do.
            if first and b"<!DOCTYPE" in piece[:4096].replace(b"\0", b"").upper():
                raise InvalidRequestError(UNREADABLE)
            first = False
    return left
