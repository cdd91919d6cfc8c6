"""
Sending by Telegram's Bot API, as plain text: nothing in it is markup.

Source: https://core.telegram.org/bots/api#sendmessage, …#making-requests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from automation.channels.outbound.handing_over import LONGEST_WAIT, TIMEOUT, Answer, hand_over, strange
from automation.channels.outbound.post import Post
from automation.channels.outbound.refusals import refusal_of
from automation.channels.outcome import Outcome, Result
from register.complaint import CHANNEL_LABELS, Channel

_LABEL = CHANNEL_LABELS[Channel.TELEGRAM]


@dataclass(frozen=True)
class Bot:
    """
    The office's bot.

    Args:
        url: `https://api.telegram.org`.
        timeout: Seconds for connecting and for answering.
    """

    url: str
    token: str
    timeout: tuple[float, float] = TIMEOUT

    def __repr__(self) -> str:
        """Without the token."""
        return "Bot()"


def send(bot: Bot, post: Post) -> Outcome:
    """Send one text to a chat; the proof is the chat and the message's number in it."""
    url = f"{bot.url.rstrip('/')}/bot{bot.token}/sendMessage"
    content = {"chat_id": post.to.person, "text": post.text, "link_preview_options": {"is_disabled": True}}
    answer = hand_over(url, content, channel=_LABEL, timeout=bot.timeout)
    return answer if isinstance(answer, Outcome) else judged(answer)


def judged(answer: Answer) -> Outcome:
    """What an answer proves: that the message was accepted, that nobody accepted it, or neither."""
    if answer.said.get("ok") is True:
        try:
            message = answer.said["result"]
            return Outcome(Result.SENT, proof=f"{message['chat']['id']}:{message['message_id']}")
        except (KeyError, TypeError):
            return strange(answer, _LABEL)
    code = answer.said.get("error_code", answer.status if answer.status == 429 else 0)
    if isinstance(code, int) and 400 <= code < 500:
        return _refused(answer, code)
    return strange(answer, _LABEL)


def _refused(answer: Answer, code: int) -> Outcome:
    known = refusal_of(Channel.TELEGRAM, code, description=str(answer.said.get("description", "")))
    return Outcome(
        Result.REFUSED,
        known.problem,
        wait_seconds=_retry_after(answer.said) or answer.wait_seconds or known.wait_seconds,
        hopeless=known.hopeless,
        unreachable=known.unreachable,
    )


def _retry_after(said: Mapping[str, Any]) -> int:
    parameters = said.get("parameters")
    wait = parameters.get("retry_after") if isinstance(parameters, dict) else 0
    return min(max(wait, 0), LONGEST_WAIT) if isinstance(wait, int) else 0
