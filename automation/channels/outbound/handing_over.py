"""
Handing one message over to a channel's server by HTTP: what it answered, or why it is not known.

The only place of the senders that speaks HTTP. Each message has a connection of its own, so that one that the server
gave up meanwhile cannot be mistaken for an answer that was lost. Neither tokens nor texts reach a log or an exception.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from automation.channels.log_redaction import redact_addresses
from automation.channels.outcome import Outcome, Result

TIMEOUT = (5.0, 15.0)
"""Seconds for connecting, and for the server's answer."""
LONGEST_ANSWER = 64 * 1024
"""Bytes; the channels' answers have a few hundred."""
UNDATED_WAIT = 60
"""Seconds to wait where `Retry-After` names a date that cannot be counted from."""
LONGEST_WAIT = 24 * 3600

NEVER_CONNECTED = "Server {channel} tidak terhubung: periksa sambungan internet; sistem mencoba lagi."
NO_ANSWER = "Server {channel} tidak menjawab, sehingga tidak diketahui apakah pesan terkirim: periksa percakapannya."
STRANGE_ANSWER = (
    "Jawaban server {channel} tidak dapat dibaca (status {status}), sehingga tidak diketahui apakah pesan terkirim: "
    "periksa percakapannya."
)


redact_addresses()


@dataclass(frozen=True)
class Answer:
    """
    What a server answered.

    Args:
        said: The JSON object; empty where the answer is none.
        wait_seconds: How long it asks to be left alone; 0 if it does not say.
        headers: By name, in any case.
    """

    status: int
    said: Mapping[str, Any]
    wait_seconds: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def refused(self) -> bool:
        """Whether the status says that the request was not carried out."""
        return 400 <= self.status < 500


def hand_over(
    url: str, content: Mapping[str, Any], *, channel: str, token: str = "", timeout: tuple[float, float] = TIMEOUT
) -> Answer | Outcome:
    """
    Post one message as JSON, and wait for the answer; redirects are not followed.

    Args:
        channel: As people call it, for the sentences.
        token: Sent as bearer token; empty where the address holds it.
        timeout: Seconds for connecting and for answering.

    Returns: The answer; or, where none came, an outcome: REFUSED if nothing of the message had left us, else UNSURE.
    """
    body = _Body(json.dumps(content).encode())
    until = time.monotonic() + sum(timeout)
    try:
        with requests.post(
            url,
            data=body,
            headers={"Content-Type": "application/json"},
            auth=_Bearer(token),
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as response:
            said = as_json(_content(response, until))
            return Answer(response.status_code, said, _wait(response.headers), response.headers)
    except (
        requests.RequestException,
        HTTPError,
        OSError,
        ValueError,
    ):  # their text may hold the address, and so a token
        if body.taken:
            return Outcome(Result.UNSURE, NO_ANSWER.format(channel=channel))
        return Outcome(Result.REFUSED, NEVER_CONNECTED.format(channel=channel))


def strange(answer: Answer, channel: str) -> Outcome:
    """The outcome of an answer that neither accepts the message nor proves that it was refused."""
    return Outcome(Result.UNSURE, STRANGE_ANSWER.format(channel=channel, status=answer.status))


class _Body(BytesIO):
    """The message's bytes. Who never asked for them cannot have sent them: that proves that nobody accepted them."""

    taken = False

    def read(self, size: int | None = -1, /) -> bytes:
        self.taken = True
        return super().read(size)


class _Bearer(requests.auth.AuthBase):
    """The token's header; without a token, none, and none of a `.netrc` either."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _content(response: requests.Response, until: float) -> bytes:
    """The answer's bytes. Raises: HTTPError; requests.RequestException where it does not end in time, or at all."""
    content = b""
    while chunk := response.raw.read1(8192, decode_content=True):  # what is there; the rest of requests waits for all
        content += chunk
        if len(content) > LONGEST_ANSWER or time.monotonic() > until:
            raise requests.RequestException("the answer does not end")
    return content


def as_json(content: bytes | str) -> Mapping[str, Any]:
    """A JSON object; empty where the text is none."""
    try:
        said = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _wait(headers: Mapping[str, str]) -> int:
    """Seconds of `Retry-After`, a number or a date; a date counts from the server's own clock."""
    given = headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdigit():
        return min(int(given[:9]), LONGEST_WAIT)
    if not given:
        return 0
    try:
        wait = (parsedate_to_datetime(given) - parsedate_to_datetime(headers["Date"])).total_seconds()
    except (ValueError, TypeError, KeyError, OverflowError):
        return UNDATED_WAIT
    return min(max(int(wait), 0), LONGEST_WAIT)
