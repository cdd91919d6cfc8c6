"""What a channel's error codes mean and what the office does about them: refusals.toml. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Any

from register.complaint import CHANNEL_LABELS, Channel

TELEGRAM = "telegram"
META = "meta"


class Proof(StrEnum):
    """Whether a code proves that nobody accepted the message."""

    ALWAYS = "always"
    REFUSAL = "refusal"
    """Only where the answer is a refusal (4xx) or calls itself transient."""
    NEVER = "never"


@dataclass(frozen=True)
class Refusal:
    """
    What one code means.

    Args:
        problem: In Indonesian: what is wrong, and what to do.
        wait_seconds: How long to leave the server alone where it does not say so itself.
    """

    problem: str
    hopeless: bool = False
    unreachable: bool = False
    wait_seconds: int = 0
    proof: Proof = Proof.ALWAYS


@dataclass(frozen=True)
class _Row:
    codes: frozenset[int]
    subcodes: frozenset[int]
    phrase: str
    refusal: Refusal


def refusal_of(channel: Channel, code: int, *, subcode: int = 0, description: str = "") -> Refusal:
    """
    What a channel's code means: as it answered a message with, or reported of one later (`Report.code`).

    Args:
        subcode: Meta's `error_subcode`; 0 if there is none.
        description: Telegram's sentence, which alone tells some of its errors apart.
    """
    rows = _rows(TELEGRAM if channel is Channel.TELEGRAM else META)
    fitting = [row for row in rows if code in row.codes and row.phrase in description.casefold()]
    precise = [row for row in fitting if subcode in row.subcodes]
    general = [row for row in fitting if not row.subcodes]
    found = next(iter([*precise, *general]), None)
    known = found.refusal if found else Refusal(_unknown(code), proof=Proof.REFUSAL)
    label = CHANNEL_LABELS[channel]
    return replace(known, problem=known.problem.format(channel=label, setting=f"ADUAN_{channel.value.upper()}_TOKEN"))


def _unknown(code: int) -> str:
    return (
        f"{{channel}} menolak pesan (kode {code}): bila berulang, kirim sendiri dan laporkan kepada pengelola sistem."
    )


@lru_cache(maxsize=2)
def _rows(api: str) -> Sequence[_Row]:
    text = files("automation.channels.outbound").joinpath("refusals.toml").read_text(encoding="utf-8")
    return tuple(_row(given) for given in tomllib.loads(text)[api])


def _row(given: Mapping[str, Any]) -> _Row:
    first, last = given.get("range", (1, 0))
    return _Row(
        codes=frozenset([*given["codes"], *range(first, last + 1)]),
        subcodes=frozenset(given.get("subcodes", ())),
        phrase=given.get("phrase", ""),
        refusal=Refusal(
            given["problem"],
            hopeless=given.get("hopeless", False),
            unreachable=given.get("unreachable", False),
            wait_seconds=given.get("wait", 0),
            proof=Proof(given.get("proof", "always")),
        ),
    )
