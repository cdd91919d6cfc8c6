"""Who may log in to the grid of the stand-alone server: names and hashed passwords in one file of the data folder."""

import json
import threading
from pathlib import Path
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from localsheets.identity import Identity
from localsheets.storage.secret_files import keep_secret


def identity_named(name: str) -> Identity:
    """Who a bare name or an e-mail address is on this machine."""
    email = name if "@" in name else f"{name}@localhost"
    return Identity(email, name.partition("@")[0].capitalize())


class Accounts:
    """The accounts in a file, readable by its own user only."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._hashes: dict[str, str] = _read(path)
        self._nobody = generate_password_hash("")

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._hashes

    def set_password(self, name: str, password: str) -> None:
        """Give somebody an account, or another password; whoever is logged in with the old one is logged out."""
        with self._lock:
            self._hashes = {**self._hashes, name.casefold(): generate_password_hash(password)}
            keep_secret(self._path, json.dumps(self._hashes))

    def authenticate(self, username: str, password: str) -> Identity | None:
        """Who that is; None if name or password is wrong, which takes equally long."""
        name = username.strip().casefold()
        known = self._hashes.get(name)
        right = check_password_hash(known or self._nobody, password)
        return self._identity(name) if known and right else None

    def still_valid(self, identity: Identity) -> bool:
        """Whether the password is still the one of the login."""
        return any(self._identity(name).state == identity.state for name in self._hashes)

    def _identity(self, name: str) -> Identity:
        plain = identity_named(name)
        return Identity(plain.email, plain.name, self._hashes[name][-16:])


def _read(path: Path) -> dict[str, str]:
    try:
        told: Any = json.loads(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        return {}
    return {str(name): str(value) for name, value in told.items()}
