"""
Edits that the spreadsheet delivers by itself (`sheet-edits`): who wrote what into which cell. Pure.

A delivery only tells about a cell that the tick reads anyway, so it changes nothing; it goes into the audit trail, and
what the tick then reads is known to be of that author. Facts of the trigger:
https://developers.google.com/apps-script/guides/triggers/events
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from automation.errors import SheetEditError
from automation.sync.rows import CHECKBOX_KEYS, MASK, MASKED_KEYS, text_of
from register.changes import Change
from register.complaint import Event, EventKind
from register.edits import DELIVERY
from register.errors import InvalidTicketError
from register.tickets import parse_ticket
from sheets_schema.layout import locate
from sheets_schema.register_tab import REGISTER

NOBODY = "staf"
"""The author of what was read without having been delivered."""

_BOXES = frozenset(REGISTER.column(key).header for key in CHECKBOX_KEYS)
_MASKED = frozenset(REGISTER.column(key).header for key in MASKED_KEYS)
_CAUSES: Mapping[EventKind, tuple[str, ...]] = {
    EventKind.ACT: ("act", "follow_up"),
    EventKind.ACT_REFUSED: ("act", "send_reply", "reply"),
    EventKind.REPLIED: ("send_reply", "reply"),
    EventKind.DISPOSED: ("corrected_bidang",),
}
"""Which cells make a tick record such an event: it has the author of the first that was changed."""


@dataclass(frozen=True)
class SheetEdit:
    """
    One delivered edit.

    `ticket` is empty where the row has none. `column` is our header, or the sheet's own words for a column of staff's.
    `value` is None where the sheet did not tell it (pasting), and empty where the cell was emptied.
    """

    delivery: str
    at: datetime
    author: str
    tab: str
    ticket: str
    column: str
    value: str | None
    before: str | None


def parse_sheet_edit(body: Mapping[str, Any]) -> SheetEdit:
    """The edit that a delivery's JSON tells. Raises: SheetEditError if something needed is not there."""
    try:
        edit = _edit(body)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise SheetEditError(f"Kiriman perubahan lembar tidak lengkap: {error}.") from error
    if edit.at.tzinfo is None or not edit.delivery:
        raise SheetEditError("Kiriman perubahan lembar tidak menyebut waktu dengan zonanya, atau nomor kirimannya.")
    return edit


def _edit(body: Mapping[str, Any]) -> SheetEdit:
    sheet, event = body["sheet"], body["event"]
    place = event.get("range", {})
    one_cell = all(place.get(f"{line}Start") == place.get(f"{line}End") for line in ("row", "column"))
    column = _column(str(sheet["header"]))
    before, value = (_text(event.get(name), column) for name in ("oldValue", "value"))
    return SheetEdit(
        delivery=str(body["delivery_id"]),
        at=datetime.fromisoformat(body.get("happened_at") or body["sent_at"]),  # a retry is sent later than it happened
        author=str(event.get("user", {}).get("email") or NOBODY)[:100],
        tab=str(sheet["name"]),
        ticket=_ticket(str(sheet.get("row_key", ""))),
        column=column,
        value="" if value is None and before is not None and one_cell else value,
        before=before,
    )


def edit_event(edit: SheetEdit, now: datetime) -> Event:
    """The audit trail's entry: author, column and instant open, the texts sealed; a mask, no value, is left out."""
    data = {"column": edit.column, DELIVERY: edit.delivery, "edited_at": edit.at.isoformat()}
    if edit.tab != REGISTER.title:
        data["tab"] = edit.tab
    texts = {"value": edit.value, "before": edit.before, "row": edit.ticket}
    secret = {
        name: text for name, text in texts.items() if text is not None and not (text == MASK and edit.column in _MASKED)
    }
    return Event(EventKind.CELL_EDITED, now, edit.author, data, secret)


def attributed(change: Change, edits: Sequence[Event]) -> Change:
    """The same change, where each value that an edit delivered, and what it caused, has that edit's author."""
    left = list(edits)
    authors: dict[str, str] = {}
    events = []
    for event in change.events:
        edit = next((one for one in left if _same(one, event)), None)
        if edit is not None:
            left.remove(edit)
            authors[event.data["column"]] = edit.actor
            event = replace(event, actor=edit.actor, data={**event.data, DELIVERY: edit.data[DELIVERY]})
        events.append(event)
    if not authors:
        return change
    return replace(change, events=tuple(_caused(event, authors) for event in events))


def _caused(event: Event, authors: Mapping[str, str]) -> Event:
    if event.actor == "sistem":
        return event
    headers = (REGISTER.column(key).header for key in _CAUSES.get(event.kind, ()))
    author = next((authors[header] for header in headers if header in authors), "")
    return replace(event, actor=author) if author else event


def _same(edit: Event, read: Event) -> bool:
    if read.kind is not EventKind.CELL_READ or "tab" in edit.data or edit.data["column"] != read.data["column"]:
        return False
    return edit.secret.get("value") == read.secret.get("value", "")


def _text(value: object, column: str) -> str | None:
    """As a tick would read it: whole numbers without a point, a box without a tick empty."""
    if not isinstance(value, str | int | float):
        return None
    text = text_of(float(value) if type(value) is int else value)
    return "" if column in _BOXES and text == "FALSE" else text


def _ticket(text: str) -> str:
    try:
        return parse_ticket(text)
    except InvalidTicketError:
        return text[:100]


def _column(header: str) -> str:
    """Our own header where it is one of ours, by whatever alias; else as the sheet has it."""
    key = next(iter(locate(REGISTER, [header]).positions), "")
    return REGISTER.column(key).header if key else " ".join(header.split())[:100]
