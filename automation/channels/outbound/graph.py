"""What Meta's Graph API answers a message with, as an outcome; for WhatsApp, Facebook and Instagram alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from automation.channels.outbound.handing_over import LONGEST_WAIT, TIMEOUT, Answer, as_json, hand_over, strange
from automation.channels.outbound.refusals import Proof, refusal_of
from automation.channels.outcome import Outcome, Result
from register.complaint import CHANNEL_LABELS, Channel


@dataclass(frozen=True)
class Accepted:
    """What the API told of a message that it accepted: its id there, and whom it reached, if that was told."""

    proof: str
    person: str = ""


Read = Callable[[Mapping[str, Any]], Accepted]
"""Reads an answer. Raises: KeyError, IndexError or TypeError if it is none that accepts a message."""


@dataclass(frozen=True)
class Graph:
    """
    One channel's door to the Graph API.

    Args:
        url: With the version, such as `https://graph.facebook.com/v25.0`.
        timeout: Seconds for connecting and for answering.
    """

    url: str
    token: str
    channel: Channel
    timeout: tuple[float, float] = TIMEOUT

    def __repr__(self) -> str:
        """Without the token."""
        return f"Graph({self.channel.value})"

    def post(self, node: str, edge: str, content: Mapping[str, Any], read: Read) -> Outcome:
        """Post to `/<node>/<edge>`, and tell what became of it."""
        label = CHANNEL_LABELS[self.channel]
        url = f"{self.url.rstrip('/')}/{quote(node, safe='')}/{edge}"
        answer = hand_over(url, content, channel=label, token=self.token, timeout=self.timeout)
        return answer if isinstance(answer, Outcome) else judged(answer, self.channel, read)


def judged(answer: Answer, channel: Channel, read: Read) -> Outcome:
    """
    What an answer proves: that the message was accepted, that nobody accepted it, or neither.

    Source: https://developers.facebook.com/docs/graph-api/guides/error-handling: decide on `code`, never on titles.
    """
    error = answer.said.get("error")
    if isinstance(error, dict) and _number(error.get("code")) >= 0:
        return _refused(answer, error, channel)
    if answer.status == 429:
        return _busy(answer, channel)
    if answer.status in (200, 201):
        try:
            accepted = read(answer.said)
        except (KeyError, IndexError, TypeError):
            return strange(answer, CHANNEL_LABELS[channel])
        return Outcome(Result.SENT, proof=accepted.proof, person=accepted.person)
    return strange(answer, CHANNEL_LABELS[channel])


def _refused(answer: Answer, error: Mapping[str, Any], channel: Channel) -> Outcome:
    known = refusal_of(channel, _number(error["code"]), subcode=_number(error.get("error_subcode")))
    says_so = answer.refused or error.get("is_transient") is True
    if known.proof is Proof.NEVER or (known.proof is Proof.REFUSAL and not says_so):
        return Outcome(Result.UNSURE, f"{known.problem} Tidak diketahui apakah pesan terkirim: periksa percakapannya.")
    return Outcome(
        Result.REFUSED,
        known.problem,
        wait_seconds=_wait(answer) or known.wait_seconds,
        hopeless=known.hopeless,
        unreachable=known.unreachable,
    )


def _busy(answer: Answer, channel: Channel) -> Outcome:
    """A 429 without Graph's error: something before it refused the request; 4 is Graph's own code for that."""
    known = refusal_of(channel, 4)
    return Outcome(Result.REFUSED, known.problem, wait_seconds=_wait(answer) or known.wait_seconds)


def _wait(answer: Answer) -> int:
    """
    How long the API asks to be left alone; 0 if it does not say.

    Source: https://developers.facebook.com/docs/graph-api/overview/rate-limiting/: of each business the usage of each
    sort of call, with the minutes until calls are allowed again.
    """
    usage = as_json(answer.headers.get("X-Business-Use-Case-Usage", ""))
    sorts = [sort for each in usage.values() if isinstance(each, list) for sort in each if isinstance(sort, dict)]
    minutes = max((_number(sort.get("estimated_time_to_regain_access")) for sort in sorts), default=0)
    return answer.wait_seconds or min(max(minutes, 0) * 60, LONGEST_WAIT)


def _number(given: object) -> int:
    """A code as a number, -1 if it is none; Meta writes some as text."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    return int(given[:9]) if isinstance(given, str) and given.isascii() and given.isdigit() else -1
