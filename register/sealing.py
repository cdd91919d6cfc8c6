"""
Encryption at rest: a key per complaint, wrapped by a key file that lives outside the database.

Erasing a person's data is destroying their complaint's key: the rows and the audit trail stay, and stay unreadable
(UU 27/2022; design, decision 9). AES-256-GCM throughout; the ticket and a purpose are bound in as associated data, so
that sealed text moved to another row or column does not open.
"""

import hmac
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from register.errors import KeyFileError

KEY_BYTES = 32
NONCE_BYTES = 12
DIGEST_LETTERS = 24


class Keyring:
    """Seals and opens with keys that are themselves wrapped by the key file's master key."""

    def __init__(self, master: bytes) -> None:
        if len(master) != KEY_BYTES:
            raise KeyFileError(
                f"Berkas kunci harus berisi {KEY_BYTES} bita dalam heksadesimal. Pulihkan dari cadangan."
            )
        self._master = AESGCM(master)
        self._mac_key = hmac.digest(master, b"aduan digest v1", "sha256")

    def new_wrapped_key(self, ticket: str) -> bytes:
        """A fresh key for one complaint, wrapped, as the store keeps it."""
        return _encrypt(self._master, AESGCM.generate_key(KEY_BYTES * 8), f"key|{ticket}")

    def seal(self, wrapped_key: bytes, ticket: str, purpose: str, text: str) -> bytes:
        """`text` encrypted for one complaint and one purpose (such as `intake`)."""
        return self.seal_bytes(wrapped_key, ticket, purpose, text.encode())

    def seal_bytes(self, wrapped_key: bytes, ticket: str, purpose: str, data: bytes) -> bytes:
        """Likewise what is no text."""
        return _encrypt(self._unwrap(wrapped_key, ticket), data, f"{purpose}|{ticket}")

    def open(self, wrapped_key: bytes, ticket: str, purpose: str, sealed: bytes) -> str:
        """
        The text that was sealed.

        Raises: KeyFileError if it does not open: another key file, or the data were changed.
        """
        return self.open_bytes(wrapped_key, ticket, purpose, sealed).decode()

    def open_bytes(self, wrapped_key: bytes, ticket: str, purpose: str, sealed: bytes) -> bytes:
        """Likewise what is no text."""
        return _decrypt(self._unwrap(wrapped_key, ticket), sealed, f"{purpose}|{ticket}", ticket)

    def fits(self, wrapped_key: bytes, ticket: str) -> bool:
        """Whether a complaint's key was wrapped by this key file."""
        try:
            self._unwrap(wrapped_key, ticket)
        except KeyFileError:
            return False
        return True

    def digest(self, *parts: str) -> str:
        """
        A keyed fingerprint, to compare cells with what was read before without keeping their text.

        Parts are joined unambiguously: ("ab", "c") and ("a", "bc") differ.
        """
        encoded = [part.encode() for part in parts]
        joined = b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
        return hmac.digest(self._mac_key, joined, "sha256").hex()[:DIGEST_LETTERS]

    def _unwrap(self, wrapped_key: bytes, ticket: str) -> AESGCM:
        return AESGCM(_decrypt(self._master, wrapped_key, f"key|{ticket}", ticket))


def seal_content(content: bytes, bound_to: str) -> tuple[str, bytes]:
    """A file encrypted under a key of its own, and that key as text, to be sealed in turn."""
    key = AESGCM.generate_key(KEY_BYTES * 8)
    return key.hex(), _encrypt(AESGCM(key), content, bound_to)


def open_content(key: str, sealed: bytes, bound_to: str) -> bytes:
    """The file that was sealed. Raises: KeyFileError if it does not open."""
    return _decrypt(AESGCM(bytes.fromhex(key)), sealed, bound_to, bound_to)


def load_keyring(path: Path, *, create: bool) -> Keyring:
    """
    The keyring of a key file; where there is none and `create` is true, a new one is made with mode 0600.

    Raises: KeyFileError if the file is damaged, or is missing and may not be made (the store holds sealed data).
    """
    if not path.exists():
        if not create:
            raise KeyFileError(
                f"Berkas kunci {path.name} tidak ada, padahal basis data sudah berisi pengaduan tersandi. "
                "Pulihkan berkas itu dari cadangan; tanpa berkas itu identitas dan uraian tidak dapat dibuka.",
                file=path.name,
            )
        write_new(path, secrets.token_hex(KEY_BYTES))
    try:
        return Keyring(bytes.fromhex(path.read_text("ascii").strip()))
    except ValueError as error:
        raise KeyFileError(f"Berkas kunci {path.name} rusak. Pulihkan dari cadangan.", file=path.name) from error


def write_new(path: Path, text: str) -> None:
    """
    Put a secret on disk with mode 0600, whole or not at all, and never over an existing file.

    The file is linked into place once it is written; where another process was first, its secret stays.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        draft.unlink()


def _encrypt(cipher: AESGCM, data: bytes, bound_to: str) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, data, bound_to.encode())


def _decrypt(cipher: AESGCM, sealed: bytes, bound_to: str, ticket: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, ValueError) as error:  # ValueError: cut off before the end of the nonce
        raise KeyFileError(
            f"Data pengaduan {ticket} tidak dapat dibuka: berkas kunci bukan pasangannya, atau datanya berubah.",
            ticket=ticket,
        ) from error
