"""The whole site behind a real server: public pages, desk and papers, over a store with a complaint in every status."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from werkzeug.serving import make_server

from automation.reports.counting import Counting
from automation.sop.decision import stage
from forms.papers import Facts, Paper, facts_of, receipt_facts, render
from localsheets import LoginThrottle
from register.accounts import Account, Accounts
from register.attachments import Attachments
from register.complaint import Status
from register.database import migrate, open_engine, sqlite_url
from register.periods import Period
from register.report_files import Reports
from register.sealing import load_keyring
from register.staff_sessions import StaffSessions
from register.store import Store
from tests.builders import MOMENT
from tests.forms.papers.paper_facts import OFFICE, PERSONAL
from tests.webhooks.conftest import PASSWORD, SETTINGS, Clock
from tests.webhooks.handled import DESK, RULES, Handled
from webhooks import WebSettings, create_app
from webhooks.staff_door import StaffDoor, StaffMember

STORY = "Bantuan sembako kami sudah tiga bulan tidak masuk ke kartu, padahal tetangga menerima."
INTAKE = {**PERSONAL, "description": STORY}


@dataclass(frozen=True)
class Office:
    """A running application with a complaint in every status, and who may sign in."""

    url: str
    store: Store
    tickets: Mapping[Status, str]


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """The application behind a real server, over a store of its own."""
    engine, keyring, clock = (
        open_engine(sqlite_url(folder / "aduan.sqlite3")),
        load_keyring(folder / "k", create=True),
        Clock(),
    )
    migrate(engine, backup_folder=folder, now=MOMENT)
    store, accounts, attachments = Store(engine, keyring), Accounts(engine), Attachments(engine, keyring, folder / "f")
    accounts.set_password("ketua", PASSWORD, now=MOMENT, name="Ketua Tim")
    handled = Handled(store)
    tickets = {status: handled.bring_to(status, **INTAKE) for status in Status}

    def member(account: Account) -> StaffMember:
        return StaffMember(
            account.username, account.name, "Ketua Tim", records=True, finds=True, opens=True, displays=True
        )

    def paper(key: str, ticket: str, base: str) -> bytes:
        facts = receipt_facts if key.startswith("tanda-terima") else facts_of
        return render(Paper(key), facts(store, ticket, OFFICE, now=MOMENT))

    def office_file(key: str, of: str, kind: str) -> bytes:
        return render(Paper(key), Facts(OFFICE), blank=True)

    settings = WebSettings(
        SETTINGS.secret_key,
        public_url="https://aduan.contoh.go.id",
        desk=DESK,
        writes_to_reporters=True,
        stage_label=stage,
        bidang_name=lambda code: RULES.bidang.get(code, code),
        bidang_names=lambda: RULES.bidang,
        notices=lambda: {"register_age_seconds": 20, "problem": ""},
    )
    door = StaffDoor(accounts, StaffSessions(engine), LoginThrottle(clock), member)
    reports = Reports(folder / "laporan")
    reports.keep(Period.parse("2026-10"), {"pdf": b"%PDF-1.7", "xlsx": b"PK", "csv": b"a"})
    counting = Counting(store, lambda _: RULES)
    makers = {"paper": paper, "office_file": office_file, "statistics": counting, "reports": reports}
    kept = {"attachments": attachments, "staff_door": door, **makers}
    app = create_app(store, settings, clock=clock, **kept)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Office(f"http://127.0.0.1:{server.port}", store, tickets)
    finally:
        server.shutdown()
        thread.join()
        store.close()
