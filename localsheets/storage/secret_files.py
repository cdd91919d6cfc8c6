"""Secrets that the server makes once and keeps in its data folder, readable by its own user only."""

import os
import secrets
from pathlib import Path


def kept_secret(path: Path, *, length_bytes: int = 32) -> str:
    """The secret in a file (mode 0600); made at random if the file is not there yet."""
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        secret = secrets.token_urlsafe(length_bytes)
        keep_secret(path, secret)
        return secret


def keep_secret(path: Path, secret: str) -> None:
    """Put a secret into a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
