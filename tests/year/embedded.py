"""
The embedded register as a process of its own, so that server and worker each have a processor.

Run as a program it serves until its standard input ends, that is at the latest when its parent does.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from waitress.server import create_server

import localsheets
from automation.reconcile import Reconciler
from register.database import migrate, open_engine, sqlite_url
from register.sealing import load_keyring
from register.sheet import LOCAL_IDENTITY, LocalServer, Sheet, provision
from register.sheet_access import SheetAccess
from register.store import Store
from tests.builders import MOMENT

ROOT = Path(__file__).parents[2]
SYSTEM_TOKEN, STAFF_TOKEN = "system-token", "staff-token"


@dataclass
class WorkingOffice:
    """A store, the register over HTTP as the system and as staff reach it, and the worker's tick."""

    store: Store
    sheet: Sheet
    staff: Sheet
    reconciler: Reconciler


@contextmanager
def working_office(folder: Path) -> Iterator[WorkingOffice]:
    """An office in an empty folder, with its register served by a child."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.year.embedded", str(folder / "register")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        url, book = child.stdout.readline().split()
        engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
        migrate(engine, backup_folder=folder / "cadangan", now=MOMENT)
        store = Store(engine, load_keyring(folder / "kunci", create=True))
        sheet, staff = (Sheet(SheetAccess(book, url, token)) for token in (SYSTEM_TOKEN, STAFF_TOKEN))
        reconciler = Reconciler(
            store,
            sheet,
            still_writing=lambda: True,
            provision=lambda used: provision(sheet, store, used) and None,
        )
        yield WorkingOffice(store, sheet, staff, reconciler)
        sheet.close()
        staff.close()
        store.close()
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


def main(folder: Path) -> None:
    """Serve on a free port; the first line printed is the address and the spreadsheet's id."""
    tokens = {
        SYSTEM_TOKEN: localsheets.Identity(LOCAL_IDENTITY, "Sistem"),
        STAFF_TOKEN: localsheets.Identity("petugas@kantor.invalid", "Petugas"),
    }
    books: list[str] = []
    app = localsheets.create_app(folder, tokens=tokens, default_spreadsheet=lambda: books[0] if books else None)
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    url = f"http://127.0.0.1:{server.effective_port}"
    books.append(LocalServer(url, SYSTEM_TOKEN).create("Register Pengaduan"))
    sys.stdout.write(f"{url} {books[0]}\n")
    sys.stdout.flush()
    sys.stdin.read()
    app.extensions["localsheets"].close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
