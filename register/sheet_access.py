"""Where the register is and how to reach it: `register.json`, readable by its owner only."""

import json
import os
import secrets
from dataclasses import dataclass, replace
from pathlib import Path

from register.errors import SheetRefusedError

READ_TIMEOUT_SECONDS = (5.0, 30.0)
"""To connect, and between two bytes."""
LOCAL_IDENTITY = "sistem@aduan.invalid"
"""Who the worker is in the embedded register."""


@dataclass(frozen=True)
class SheetAccess:
    """
    Where a spreadsheet is and how to reach it.

    An empty `url` means Google with the service account's JSON file in `credentials`; otherwise the Sheets-compatible
    server at `url` with a bearer `token`. `restricted_id` is the second spreadsheet, of the restricted complaints; it
    is empty where there is none.
    """

    spreadsheet_id: str
    url: str = ""
    token: str = ""
    credentials: Path | None = None
    restricted_id: str = ""

    @property
    def restricted(self) -> "SheetAccess | None":
        """The way to the second spreadsheet, if there is one."""
        return replace(self, spreadsheet_id=self.restricted_id, restricted_id="") if self.restricted_id else None

    def __repr__(self) -> str:
        """Without the token."""
        return f"SheetAccess(spreadsheet_id={self.spreadsheet_id!r}, url={self.url or 'Google'!r})"


@dataclass(frozen=True)
class Patience:
    """How long the gateway waits and how often it asks; waits between attempts are random and double each time."""

    timeout_seconds: tuple[float, float] = READ_TIMEOUT_SECONDS
    attempts: int = 3
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 8.0


PATIENCE = Patience()


def save_access(path: Path, access: SheetAccess) -> None:
    """Write `register.json` (mode 0600), whole or not at all; of two processes that do so at once the last counts."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    content = {
        "url": access.url,
        "spreadsheet_id": access.spreadsheet_id,
        "restricted_spreadsheet_id": access.restricted_id,
        "token": access.token,
    }
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def load_access(path: Path) -> SheetAccess | None:
    """What `register.json` says, or None where there is none yet. Raises: SheetRefusedError if it is damaged."""
    try:
        content = json.loads(path.read_text("utf-8"))
        found = [content[name] for name in ("spreadsheet_id", "url", "token")]
        restricted_id = content.get("restricted_spreadsheet_id", "")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SheetRefusedError(
            f"Berkas {path.name} tidak dapat dibaca ({error.strerror}). Periksa apakah itu memang berkas, dan izinnya.",
            file=path.name,
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path) from error
    if not all(isinstance(text, str) for text in (*found, restricted_id)):
        raise _damaged(path)
    spreadsheet_id, url, token = found
    return SheetAccess(spreadsheet_id, url, token, restricted_id=restricted_id)


def _damaged(path: Path) -> SheetRefusedError:
    return SheetRefusedError(
        f"Berkas {path.name} rusak. Pulihkan dari cadangan, atau hapus untuk membuat register baru.", file=path.name
    )
