"""
Who sends a reporter's message on each outside channel: long texts in parts, and what became of the whole.

A sender takes one post and tells what became of it; it raises nothing. By which way a post may go is decided before, in
`automation/channels/rules.py`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from automation.channels.outbound import meta, telegram, whatsapp
from automation.channels.outbound.graph import Graph
from automation.channels.outbound.handing_over import TIMEOUT
from automation.channels.outbound.parts import parts_of
from automation.channels.outbound.post import Post, Send
from automation.channels.outcome import Outcome, Result
from automation.channels.rules import Way, rules_of
from register.complaint import CHANNEL_LABELS, Channel

__all__ = ["Post", "Send", "senders"]

_IN_ONE = frozenset({Way.PUBLIC, Way.PRIVATE})
"""A comment allows one private reply, and several public ones would be a nuisance."""


def senders(
    *,
    graph_url: str,
    telegram_url: str,
    whatsapp_token: str = "",
    facebook_token: str = "",
    instagram_token: str = "",
    telegram_token: str = "",
    timeout: tuple[float, float] = TIMEOUT,
) -> Mapping[Channel, Send]:
    """
    A sender for each channel whose token is set.

    Args:
        graph_url: Meta's Graph API, with its version (`Settings.graph_url`).
        timeout: Seconds for connecting and for answering, of each part.
    """
    graphs = {
        Channel.WHATSAPP: (whatsapp_token, whatsapp.send),
        Channel.FACEBOOK: (facebook_token, meta.send),
        Channel.INSTAGRAM: (instagram_token, meta.send),
    }
    found: dict[Channel, Send] = {
        channel: partial(_sent, partial(send, Graph(graph_url, token, channel, timeout)))
        for channel, (token, send) in graphs.items()
        if token
    }
    if telegram_token:
        found[Channel.TELEGRAM] = partial(
            _sent, partial(telegram.send, telegram.Bot(telegram_url, telegram_token, timeout))
        )
    return found


def _sent(send: Send, post: Post) -> Outcome:
    """Send a post as its channel allows: at once, or in parts, in order."""
    if problem := _problem(post):
        return Outcome(Result.REFUSED, problem, hopeless=True)
    if post.way is Way.TEMPLATE:
        return send(post)
    rules = rules_of(post.to.channel)
    parts = parts_of(post.text, rules.limit_of(post.way), rules.size)
    if len(parts) > 1 and post.way in _IN_ONE:
        return Outcome(Result.REFUSED, _too_long(post), hopeless=True)
    return _in_order(send, [replace(post, text=part) for part in parts])


def _in_order(send: Send, parts: Sequence[Post]) -> Outcome:
    """
    Send the parts one after another, until one fails.

    Returns: What became of the last part that was tried. If an earlier one went, the whole cannot be sent again by
        itself: then it is UNSURE, and the sentence says how many parts went.
    """
    went = Outcome(Result.UNSURE)
    for number, part in enumerate(parts):
        outcome = send(part)
        if outcome.result is not Result.SENT:
            return _broken_off(outcome, went, number, len(parts)) if number else outcome
        went = outcome
    return went


def _broken_off(outcome: Outcome, went: Outcome, sent: int, parts: int) -> Outcome:
    told = f"Baru {sent} dari {parts} bagian pesan terkirim: kirim sisanya sendiri. {outcome.problem}"
    return Outcome(Result.UNSURE, told, proof=went.proof, person=went.person, unreachable=outcome.unreachable)


def _problem(post: Post) -> str:
    """Why a post cannot be sent at all; empty if it can."""
    label = CHANNEL_LABELS[post.to.channel]
    if post.way not in rules_of(post.to.channel).ways:
        return f"{label} tidak mengenal cara mengirim ini: kirim sendiri isinya."
    if post.way in _IN_ONE and not post.to.comment:
        return f"Komentar {label} yang dibalas tidak diketahui: balas sendiri di {label}."
    if post.way not in _IN_ONE and not post.to.person:
        return f"Penerima di {label} tidak diketahui: balas sendiri di {label}."
    if post.way is Way.TEMPLATE:
        return "" if post.template else f"Templat {label} untuk pesan ini belum ditentukan: kirim sendiri isinya."
    return "" if post.text.strip() else "Isi pesan kosong: isi templatnya pada tab Template Pesan, lalu kirim ulang."


def _too_long(post: Post) -> str:
    rules = rules_of(post.to.channel)
    return (
        f"Pesan ini lebih panjang daripada satu balasan {CHANNEL_LABELS[post.to.channel]} "
        f"({rules.limit_of(post.way)} huruf) dan tidak boleh dibagi: ringkas isinya, atau kirim sendiri."
    )
