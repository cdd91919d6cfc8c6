"""What the system writes into the configuration tabs: why a row cannot be used, and how often a rule was met."""

from collections.abc import Iterator, Mapping, Sequence, Set

from automation.configuration.checked import Checked
from automation.configuration.remarks import CHECK
from automation.configuration.tab_rows import quoted
from automation.sync.mass_loss import is_answer
from automation.sync.rows import Row
from register.sheet import Values
from sheets_schema.columns import Tab
from sheets_schema.configuration_tabs import CONFIGURATION, OFFICERS, RULES, SETTINGS
from sheets_schema.layout import locate


def configuration_cells(
    values: Mapping[str, Values],
    checked: Checked,
    *,
    question: str,
    counts: Sequence[int],
    accounts: Set[str] | None = None,
) -> Iterator[tuple[Tab, Row, Mapping[str, str]]]:
    """
    Each row of the tabs with the system cells that it must show. Pure.

    Args:
        question: What the row of `Pengaturan` says in which a mass loss is confirmed.
        counts: By rule in force, how many of the latest complaints it caught.
        accounts: Usernames that can log in, if accounts are ours; None where another sheet knows who may.
    """
    for tab in CONFIGURATION:
        layout = locate(tab, values[tab.title].header)
        if not layout.sound:
            continue
        rows = [Row(index, cells, layout) for index, cells in enumerate(values[tab.title].rows, start=1)]
        notes = checked.notes.get(tab.title, {})
        caught = _caught(rows, notes, checked, counts) if tab is RULES else {}
        for row in rows:
            note = question if tab is SETTINGS and is_answer(row) else notes.get(row.index, "")
            if tab is OFFICERS and not note and accounts is not None:
                note = _stranger(row.text("account"), accounts)
            cells = {"note": note}
            yield tab, row, cells | {"caught": caught.get(row.index, "")} if tab is RULES else cells


def _stranger(account: str, accounts: Set[str]) -> str:
    """What is said of an `Akun` by which nobody can log in; what follows an @ does not count, nor do capitals."""
    username = account.partition("@")[0].strip()
    if not username or username.casefold() in {each.casefold() for each in accounts}:
        return ""
    return f"{CHECK}akun '{quoted(username)}' belum ada; betulkan namanya, atau buat dengan perintah aduan password."


def _caught(rows: Sequence[Row], notes: Mapping[int, str], checked: Checked, counts: Sequence[int]) -> dict[int, str]:
    """By sheet row; nothing while other rules than those shown are in force."""
    filled = [row for row in rows if row.text("words").strip()]
    if notes or len(filled) != len(checked.configuration.rules):
        return {}
    return {row.index: str(count) for row, count in zip(filled, counts, strict=True)}
