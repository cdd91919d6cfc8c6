"""An import as the command runs it, without its words: the file is let go of, whatever becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from automation.configuration.in_force import Configuration
from automation.exchange.files import opened
from automation.exchange.importing import Outcome, run, source_of
from automation.exchange.mapping import ColumnMapping
from register.transfer import Transfer


def import_file(
    path: Path,
    mappings: Sequence[ColumnMapping],
    store: Transfer,
    rules: Configuration,
    now: datetime,
    *,
    dry: bool = False,
) -> Outcome:
    with opened(path) as tables:
        return run(source_of(tables, mappings), store, rules, now, dry=dry)
