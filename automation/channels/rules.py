"""
What outside channels allow: channels.toml, and by which way somebody may be answered now.

Pure: who sends, and what becomes of it, is in `automation/channels/outbound/`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from register.complaint import CHANNEL_LABELS, WITA, Channel
from register.inbound import Contact
from register.indonesian_dates import long_instant


class Way(StrEnum):
    """How a message reaches somebody on a channel."""

    FREE = "free"
    """As text to that person alone, inside the channel's window."""
    PUBLIC = "public"
    """As a reply below their comment, for everybody to read."""
    PRIVATE = "private"
    """As the one message to that person alone which a comment allows."""
    TEMPLATE = "template"
    """As a text that the channel approved beforehand, outside its window."""


class TextUnit(StrEnum):
    """What a channel's limit of a text counts."""

    CHARACTERS = "characters"
    BYTES = "bytes"


@dataclass(frozen=True)
class Closed:
    """Nothing may be sent by itself. `reason` tells the admin, in Indonesian, why and what to do by hand."""

    reason: str


@dataclass(frozen=True)
class ChannelRules:
    """
    What one channel allows; channels.toml explains each, with its source.

    Args:
        ways: Empty where nobody can be answered, as for a complaint from the web.
        window_hours: Zero where there is no window.
        human_days: Zero where people have no longer window than the system.
        pause_seconds: At least so long between two messages to one person.
    """

    ways: frozenset[Way] = field(default_factory=frozenset)
    text_limit: int = 0
    comment_limit: int = 0
    text_unit: TextUnit = TextUnit.CHARACTERS
    window_hours: int = 0
    human_days: int = 0
    private_reply_days: int = 0
    may_begin: bool = False
    pause_seconds: int = 0

    def limit_of(self, way: Way) -> int:
        """How long a text sent by that way may be, in the channel's unit."""
        return self.comment_limit if way is Way.PUBLIC else self.text_limit

    def size(self, text: str) -> int:
        """How long a text is, in the channel's unit."""
        if self.text_unit is TextUnit.BYTES:
            return len(text.encode(errors="surrogatepass"))
        return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def rules_of(channel: Channel) -> ChannelRules:
    """What a channel allows; for one that nobody can be answered on, rules without any way."""
    return _load_rules().get(channel, ChannelRules())


def choose_way(contact: Contact, *, public: bool, template: str, now: datetime) -> Way | Closed:
    """
    By which way a message may go to somebody now.

    Args:
        public: Whether it is meant for everybody to read, below their comment.
        template: Name of the channel's approved template that says the same; empty if there is none.

    Returns: The way that costs least of what is rare: free text first, then the one private reply, then the template.
    Source: SOP B, steps 3 and 8; the channels' own rules in channels.toml.
    """
    rules = rules_of(contact.address.channel)
    if not rules.ways:
        return Closed(f"{_label(contact)} tidak dapat dibalas oleh sistem: hubungi pelapor lewat telepon atau surat.")
    if public:
        return _below_the_comment(contact, rules)
    if contact.unreachable:
        return Closed(
            f"Pelapor tidak dapat dihubungi lagi lewat {_label(contact)} (memblokir akun kantor atau menutup akunnya): "
            "hubungi lewat telepon, atau tunggu sampai pelapor menulis lagi."
        )
    if _writes_freely(contact, rules, now):
        return Way.FREE
    if _has_a_private_reply(contact, rules, now):
        return Way.PRIVATE
    if template and Way.TEMPLATE in rules.ways:
        return Way.TEMPLATE
    return Closed(_by_hand(contact, rules, now))


def next_free(last_sent_at: datetime | None, rules: ChannelRules, now: datetime) -> datetime | None:
    """When the next message may go to a person who was sent one then; None for now, and if a clock was ahead then."""
    if last_sent_at is None:
        return None
    free_at = last_sent_at + timedelta(seconds=rules.pause_seconds)
    return free_at if last_sent_at <= now < free_at else None


def _below_the_comment(contact: Contact, rules: ChannelRules) -> Way | Closed:
    if Way.PUBLIC in rules.ways and contact.address.comment:
        return Way.PUBLIC
    return Closed(f"Tidak ada komentar di {_label(contact)} yang dapat dibalas secara terbuka: balas secara pribadi.")


def _writes_freely(contact: Contact, rules: ChannelRules, now: datetime) -> bool:
    if Way.FREE not in rules.ways:
        return False
    if contact.last_in_at is None:
        return rules.may_begin
    return not rules.window_hours or now < contact.last_in_at + timedelta(hours=rules.window_hours)


def _has_a_private_reply(contact: Contact, rules: ChannelRules, now: datetime) -> bool:
    if Way.PRIVATE not in rules.ways or not contact.address.comment or contact.commented_at is None:
        return False
    return not contact.privately_replied and now < contact.commented_at + timedelta(days=rules.private_reply_days)


def _by_hand(contact: Contact, rules: ChannelRules, now: datetime) -> str:
    """Why nothing may go by itself, and what the admin does instead."""
    label = _label(contact)
    if contact.last_in_at is None:
        return _never_wrote(contact, rules, label)
    gone = f"Sudah lebih dari {rules.window_hours} jam sejak pelapor terakhir menulis lewat {label}"
    if Way.TEMPLATE in rules.ways:
        return (
            f"{gone}, dan belum ada templat yang disetujui untuk pesan ini: hubungi pelapor lewat telepon, atau ajukan "
            f"templatnya di pengelola {label}."
        )
    until = contact.last_in_at + timedelta(days=rules.human_days)
    if now < until:
        return (
            f"{gone}, sehingga sistem tidak boleh membalas. Petugas masih boleh: kirim pesan ini sendiri dari kotak "
            f"masuk {label} kantor sebelum {long_instant(until.astimezone(WITA))}."
        )
    return (
        f"{gone}, sehingga balasan tidak dapat dikirim: hubungi lewat telepon, atau tunggu sampai pelapor menulis lagi."
    )


def _never_wrote(contact: Contact, rules: ChannelRules, label: str) -> str:
    instead = "minta pelapor, secara terbuka dan tanpa data pribadi, untuk menulis ke kotak masuk kantor"
    if contact.privately_replied:
        return (
            f"Satu-satunya balasan pribadi untuk komentar di {label} ini sudah dipakai, dan belum dibalas: {instead}."
        )
    if contact.address.comment and Way.PRIVATE in rules.ways:
        return (
            f"Balasan pribadi untuk komentar di {label} ini tidak dapat dikirim lagi, karena batasnya "
            f"{rules.private_reply_days} hari: {instead}."
        )
    return (
        f"Pelapor belum pernah menulis kepada kantor lewat {label}, yang tidak boleh kita mulai: hubungi lewat telepon."
    )


def _label(contact: Contact) -> str:
    return CHANNEL_LABELS[contact.address.channel]


@lru_cache(maxsize=1)
def _load_rules() -> Mapping[Channel, ChannelRules]:
    text = files("automation.channels").joinpath("channels.toml").read_text(encoding="utf-8")
    return {Channel(name): _rules(row) for name, row in tomllib.loads(text).items()}


def _rules(row: Mapping[str, Any]) -> ChannelRules:
    given = {**row, "ways": frozenset(map(Way, row["ways"])), "text_unit": TextUnit(row.get("text_unit", "characters"))}
    return ChannelRules(**given)
