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
from automation.case_reporting import CaseReporting
from automation.reminders.delivery import remembered_rules
from automation.sync.reconcile import Reconciler, RestrictedPlace
from forms.papers import Office
from register.case_reports import CaseReports
from register.database import migrate, open_engine, sqlite_url
from register.laying_out import provision, provision_restricted
from register.sealing import load_keyring
from register.sheet import LocalServer, Sheet
from register.sheet_access import LOCAL_IDENTITY, SheetAccess
from register.store import Store
from tests.builders import MOMENT
from tests.office import ADMIN_TOKEN, DOMAIN, STAFF_TOKEN, SYSTEM_TOKEN

ROOT = Path(__file__).parents[2]


@dataclass
class WorkingOffice:
    """
    A store, the worker's tick, and the registers over HTTP as staff reach them: everybody's, and the restricted one.
    """

    store: Store
    staff: Sheet
    restricted_staff: Sheet
    reconciler: Reconciler
    reporting: CaseReporting


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
        url, shared, restricted = child.stdout.readline().split()
        engine = open_engine(sqlite_url(folder / "aduan.sqlite3"))
        migrate(engine, backup_folder=folder / "cadangan", now=MOMENT)
        store = Store(engine, load_keyring(folder / "kunci", create=True))
        reached = ((shared, SYSTEM_TOKEN), (shared, STAFF_TOKEN), (restricted, SYSTEM_TOKEN), (restricted, ADMIN_TOKEN))
        sheets = [Sheet(SheetAccess(book, url, token)) for book, token in reached]
        reports = CaseReports(engine, store._keyring, folder / "laporan-pengaduan")
        reporting = CaseReporting(store, reports, rules=remembered_rules(store), office=Office, documents=lambda _: ())
        yield WorkingOffice(store, sheets[1], sheets[3], _reconciler(store, sheets[0], sheets[2]), reporting)
        for sheet in sheets:
            sheet.close()
        store.close()
    finally:
        child.stdin.close()
        child.wait(30)
        child.stdout.close()


def _reconciler(store: Store, sheet: Sheet, restricted: Sheet) -> Reconciler:
    return Reconciler(
        store,
        sheet,
        still_writing=lambda: True,
        provision=lambda used: provision(sheet, store, used, admins=[f"admin{DOMAIN}"]),
        restricted=RestrictedPlace(
            restricted,
            lambda used: provision_restricted(restricted, store, used),
            lambda accounts: restricted.share({f"{name}{DOMAIN}" for name in {*accounts, "admin"}}),
        ),
    )


def main(folder: Path) -> None:
    """Serve on a free port; the first line printed is the address and the two spreadsheets' ids."""
    tokens = {
        SYSTEM_TOKEN: localsheets.Identity(LOCAL_IDENTITY, "Sistem"),
        STAFF_TOKEN: localsheets.Identity("petugas@kantor.invalid", "Petugas"),
        ADMIN_TOKEN: localsheets.Identity(f"admin{DOMAIN}", "Administrator"),
    }
    books: list[str] = []
    app = localsheets.create_app(folder, tokens=tokens, default_spreadsheet=lambda: books[0] if books else None)
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    threading.Thread(target=server.run, daemon=True).start()
    url = f"http://127.0.0.1:{server.effective_port}"
    books += [LocalServer(url, SYSTEM_TOKEN).create(title) for title in ("Register Pengaduan", "Register Terbatas")]
    sys.stdout.write(f"{url} {' '.join(books)}\n")
    sys.stdout.flush()
    sys.stdin.read()
    app.extensions["localsheets"].close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
