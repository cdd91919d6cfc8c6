"""What conversations ask to be told to whoever wrote, for the queue of messages to reporters."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from register.complaint import Channel


class Told(StrEnum):
    """What is told, by the codes of `register.reporter_messages.MessageKind`."""

    ADDED = "keterangan_diterima"
    STATUS = "status"
    UNKNOWN_TICKET = "tiket_tidak_ditemukan"
    NEEDS_TEXT = "minta_uraian"
    COMMENT = "balasan_komentar"
    THANKS = "terima_kasih"


@dataclass(frozen=True)
class Telling:
    """
    One thing to be told in a conversation.

    Args:
        ticket: Of a complaint that whoever wrote may know; empty for none.
        mark: Nothing is told twice with the same kind, ticket, conversation and mark.
    """

    kind: Told
    channel: Channel
    conversation: int
    ticket: str = ""
    mark: str = ""


Tell = Callable[[Telling, datetime], None]
"""Commits that it is to be told, once for each mark."""
