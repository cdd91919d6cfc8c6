"""
Deliveries that are no messages: an edit of the register's sheet (`sheet-edits`), and Drive's word that it changed.

Each handler returns a code for the log.
"""

from datetime import datetime

from automation.channels.script_body import script_body
from automation.errors import SheetEditError
from automation.sync.sheet_edits import edit_event, parse_sheet_edit
from register.errors import InvalidTicketError
from register.inbound import Delivery
from register.store import Store
from register.tickets import parse_ticket

LONGEST_ID = 100


def keep_edit(store: Store, delivery: Delivery, now: datetime) -> str:
    """
    Put an edit into the audit trail: `kept`, `repeated` if that was done before, or `broken` if it tells too little.

    Raises: KeyFileError, so that it is tried again later.
    """
    body = script_body(delivery.body)
    try:
        edit = parse_sheet_edit(body or {})
    except SheetEditError:
        return "broken"
    if len(edit.delivery) > LONGEST_ID:
        return "broken"
    return "kept" if store.record_edit(_ticket(edit.ticket), edit_event(edit, now)) else "repeated"


def heed_hint(store: Store, delivery: Delivery, now: datetime) -> str:
    """`hint`: Drive says that some sheet changed, but not what or by whom, and the next tick reads it anyway."""
    return "hint"


def _ticket(text: str) -> str:
    """Empty for what cannot be a ticket, so that an edit never gets into a trail that is not a complaint's."""
    try:
        return parse_ticket(text)
    except InvalidTicketError:
        return ""
