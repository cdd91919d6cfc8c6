"""
The chain of the audit trail: what is hashed, how, and what of it is printed. Pure.

Each event carries the SHA-256 of itself and of the event before it, so none can be changed, removed or moved without
breaking the chain. What people wrote goes in as ciphertext: erasing a complaint's key leaves the chain whole. The form
is fixed for good, because hashes that were printed on paper are compared with it (docs/decisions/0016).
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from register.complaint import WITA
from register.errors import AduanError

GENESIS = bytes(32)
"""Stands where the first event has no other before it."""
UNSEALED = ""
"""The running MAC before the first event."""
PRINTED_BYTES = 16
"""Of a hash, on paper: 128 bits, far more than anybody can search through."""
_FORM = b"aduan trail 1"
_GROUP = 4

Digest = Callable[..., str]
"""`Keyring.digest`: keyed, so that nobody without the key file can make one."""


class PrintedRootError(AduanError):
    """What was typed is not the root of a day as reports show it."""

    code = "printed_root"


@dataclass(frozen=True, slots=True)
class Link:
    """
    One event as the chain sees it, all as the database keeps it.

    `at` is UTC text with microseconds, `kind` any word, `data` any JSON, `sealed` ciphertext or None.
    """

    seq: int
    ticket: str
    at: str
    kind: str
    actor: str
    public_label: str
    data: Any
    sealed: bytes | None

    def hash(self, previous: bytes) -> bytes:
        """The event's hash, 32 bytes, given that of the event before it. Parts are joined unambiguously."""
        texts = (str(self.seq), self.ticket, self.at, self.kind, self.actor, self.public_label, _canonical(self.data))
        parts = [_FORM, previous, *(text.encode() for text in texts)]
        if self.sealed is not None:
            parts.append(self.sealed)
        return hashlib.sha256(b"".join(len(part).to_bytes(4, "big") + part for part in parts)).digest()


def _canonical(data: Any) -> str:
    """The same text for the same JSON, whichever database it comes back from."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"))


def next_mac(digest: Digest, mac: str, event_hash: bytes) -> str:
    """
    The running MAC after one more event.

    It goes on from whatever stood there, so that one false step, which only the key file could have prevented, shows
    for ever.
    """
    return digest("trail", mac, event_hash.hex())


@dataclass(frozen=True)
class Root:
    """
    The hash of the last event of a WITA day, sealed with the key file.

    `newest` is the newest event's number when it was sealed: what comes later cannot belong to that day any more.
    """

    day: date
    seq: int
    hash: bytes
    newest: int

    def mac(self, digest: Digest) -> str:
        """Its seal."""
        return digest("root", self.day.isoformat(), str(self.seq), self.hash.hex(), str(self.newest))

    @property
    def printed(self) -> str:
        """As reports show it."""
        return printed_root(self.hash)


def printed_root(event_hash: bytes) -> str:
    """The first 16 bytes of a hash in eight groups of four letters, to be printed and typed: `3f2a 91bc …`."""
    letters = event_hash[:PRINTED_BYTES].hex()
    return " ".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def read_printed(text: str) -> bytes:
    """
    The 16 bytes of a printed root; capitals, spaces and dashes do not matter.

    Raises: PrintedRootError.
    """
    letters = re.sub(r"[\s:.-]", "", text)
    if not re.fullmatch(f"[0-9a-fA-F]{{{PRINTED_BYTES * 2}}}", letters):
        raise PrintedRootError(
            f"Akar cetak terdiri atas {PRINTED_BYTES * 2} angka heksadesimal (0-9, a-f) dalam delapan kelompok. "
            "Mohon periksa kembali laporan cetaknya."
        )
    return bytes.fromhex(letters)


def day_of(at: datetime) -> date:
    """The WITA day of an instant."""
    return at.astimezone(WITA).date()


class DayCount:
    """The day to which events belong, in the order of recording: a day that has begun does not go back."""

    def __init__(self) -> None:
        self._latest = date.min

    def of(self, at: datetime) -> date:
        """The day of the next event."""
        self._latest = max(self._latest, day_of(at))
        return self._latest
