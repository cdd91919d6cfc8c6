"""Files of the exchange: opened by what they are, and written so that nobody else can read them."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from automation.exchange.csv_text import CsvFile
from automation.exchange.errors import TableError
from automation.exchange.table import Tables
from automation.exchange.xlsx import XlsxFile

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_OTHERS = {b"%PDF": "PDF", b"\x89PNG": "gambar", b"\xff\xd8\xff": "gambar", b"{\\rtf": "RTF"}


@contextmanager
def opened(path: Path) -> Iterator[Tables]:
    """A table file by what is in it, whatever it is called, let go of afterwards. Raises: TableError."""
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise TableError(f"Berkas {path.name} kosong.")
    if head.startswith((_ZIP, _OLE)):
        with closing(XlsxFile(path)) as tables:
            yield tables
        return
    for mark, kind in _OTHERS.items():
        if head.startswith(mark):
            raise TableError(f"Berkas {path.name} berbentuk {kind}, bukan tabel. Simpan sebagai XLSX atau CSV.")
    yield CsvFile(path)


def written(target: Path, write: Callable[[Path], int]) -> int:
    """
    Have a file written beside its place, for its owner alone (mode 0600), and put there once it is whole.

    Returns: what `write` does. Raises: OSError of the file itself: nobody knows the name of what is beside it.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.touch(mode=0o600)
        count = write(draft)
        draft.chmod(0o600)
        draft.replace(target)
    except OSError as error:
        if error.filename not in (None, str(draft)):
            raise
        raise OSError(error.errno, error.strerror, str(target)) from error
    finally:
        draft.unlink(missing_ok=True)
    return count
