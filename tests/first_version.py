"""A database as the first version of the program left it, whose audit trail was no chain yet."""

import shutil
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from register.database import MIGRATIONS, migrate
from register.sealed_json import dump_intake, dump_texts
from register.sealing import Keyring
from register.tables import instant_text
from tests.builders import MOMENT, a_complaint, an_intake


def make_first_version(engine: sa.Engine, keyring: Keyring, scratch: Path, *, acts: int) -> str:
    """
    One complaint on paper, recorded days later, disposed, and acted upon `acts` times the day after; its ticket.

    On PostgreSQL one number of the trail was given and not used. `scratch` is a folder to be made.
    """
    shutil.copytree(MIGRATIONS, scratch, ignore=shutil.ignore_patterns("__pycache__"))
    for script in (scratch / "versions").glob("0*.py"):
        if script.name != "0001_first.py":
            script.unlink()
    migrate(engine, backup_folder=scratch, now=MOMENT, migrations=scratch)
    return _fill(engine, keyring, acts)


def _fill(engine: sa.Engine, keyring: Keyring, acts: int) -> str:
    old = sa.MetaData()
    old.reflect(engine)
    ticket = a_complaint().ticket
    key = keyring.new_wrapped_key(ticket)
    instants = dict.fromkeys(("recorded_at", "updated_at"), instant_text(MOMENT))
    words = {"channel": "desk", "procedure": "langsung", "identity": "open", "status": "in_progress"}
    disposition = {"category": "", "bidang": "Rehsos", "urgency": "", "note": ""}
    whole = {"number": 1, "year": 2026, "step": 4, "restricted": False}
    sealed = keyring.seal(key, ticket, "intake", dump_intake(an_intake()))
    received = {"received_at": instant_text(MOMENT - timedelta(days=9)), "sealed_intake": sealed}
    secret = keyring.seal(key, ticket, "event", dump_texts({"value": "rahasia 👋"}))
    said = {"act": "proses", "status": "in_progress"}
    event = {"ticket": ticket, "actor": "Siti ü", "public_label": "Diproses", "data": said, "sealed": None}
    received_event = {"kind": "received", "at": received["received_at"], "data": {"channel": "desk"}}
    disposed = {"kind": "disposed", "at": instant_text(MOMENT), "data": {"bidang": "Rehsos"}}
    acted = {"kind": "act", "at": instant_text(MOMENT + timedelta(days=1)), "sealed": secret}
    with engine.begin() as connection:
        connection.execute(old.tables["complaint_keys"].insert().values(ticket=ticket, wrapped_key=key))
        values = {"ticket": ticket, **instants, **words, **disposition, **whole, **received}
        connection.execute(old.tables["complaints"].insert().values(**values))
        connection.execute(old.tables["events"].insert().values(event | received_event))
    with engine.connect() as connection:
        connection.execute(old.tables["events"].insert().values(event | disposed))
        connection.rollback()
    with engine.begin() as connection:
        later = [event | disposed, *[event | acted] * acts]
        connection.execute(old.tables["events"].insert(), later)
    return ticket
