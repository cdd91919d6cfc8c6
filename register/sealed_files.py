"""
A folder of sealed files, each under the hash of what stands in it.

Sealing makes equal files differ, so the names do not tell which reporters sent the same picture; they do tell whether a
file is still as it was written. A file is whole or not there: it is written beside its place, flushed, and renamed.
"""

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from register.errors import AduanError

_DRAFT = ".baru-"
_HASH_LETTERS = 64


class FileLostError(AduanError):
    """A kept file is not there any more, or is not what was written."""

    code = "file_lost"


class SealedFiles:
    """The folder; it is made when the first file comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sealed: bytes) -> str:
        """Keep it, durably before this returns. Returns: its name."""
        name = hashlib.sha256(sealed).hexdigest()
        place = self._place(name)
        for made in (self._folder, place.parent):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = place.parent / f"{_DRAFT}{secrets.token_hex(8)}"
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(place)
        except OSError:
            draft.unlink(missing_ok=True)
            raise
        for changed in (place.parent, self._folder):
            _flush_folder(changed)
        return name

    def read(self, name: str) -> bytes:
        """What was put. Raises: FileLostError."""
        try:
            sealed = self._place(name).read_bytes()
        except OSError as error:
            raise FileLostError(f"Lampiran {name[:8]} tidak ada. Pulihkan folder lampiran dari cadangan.") from error
        if hashlib.sha256(sealed).hexdigest() != name:
            raise FileLostError(f"Lampiran {name[:8]} berubah. Pulihkan folder lampiran dari cadangan.")
        return sealed

    def has(self, name: str) -> bool:
        """Whether a file of that name is there."""
        return self._place(name).is_file()

    def drop(self, name: str) -> None:
        """Remove a file, or what was left of writing one; one that is not there is gone already."""
        with suppress(FileNotFoundError):
            self._place(name).unlink()

    def names(self) -> Iterator[str]:
        """Of everything in the folder, unfinished files among it."""
        for path in self._folder.glob("??/*"):
            yield path.name if len(path.name) == _HASH_LETTERS else f"{path.parent.name}/{path.name}"

    def _place(self, name: str) -> Path:
        return self._folder / name if "/" in name else self._folder / name[:2] / name


_BINARY = getattr(os, "O_BINARY", 0)


def _flush_folder(folder: Path) -> None:
    """So that the new name survives a power cut; Windows sees to it by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
