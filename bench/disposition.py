"""
`python -m bench.disposition [FILES]`: how well a new register disposes complaints that were written by others.

Each line of a file is JSON with `text`, `category` (KOSONG where there is nothing to go on), `bidang` and `urgency`
("" where nobody judged it).
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from automation.disposition.categories import Urgency
from automation.disposition.disposing import Disposition, dispose
from automation.disposition.learning import starting_model
from automation.disposition.seeded import seeded_bidang_of, seeded_rules

HELD_BACK = Path(__file__).with_name("complaints_held_back.jsonl")
NOTHING = "KOSONG"


@dataclass(frozen=True)
class Sample:
    """A complaint and what somebody who did not write the rules would answer."""

    text: str
    category: str
    bidang: str
    urgency: str


@dataclass(frozen=True)
class Judged:
    """A sample beside what the rules made of it."""

    sample: Sample
    found: Disposition

    @property
    def category(self) -> str:
        return self.found.category or NOTHING

    @property
    def right(self) -> bool:
        return self.found.bidang == self.sample.bidang


def main() -> None:
    """Measure the files named, or the held-back set."""
    paths = [Path(name) for name in sys.argv[1:]] or [HELD_BACK]
    judged = judge(sample for path in paths for sample in read(path))
    print("\n".join(report(judged)))


def read(path: Path) -> list[Sample]:
    """The samples of a file."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
    return [Sample(row["text"], row["category"], row["bidang"], row["urgency"]) for row in rows]


def judge(samples: Iterable[Sample]) -> list[Judged]:
    """Each sample disposed as `aduan suggest` does without a register."""
    rules, bidang_of, learned = seeded_rules(), seeded_bidang_of(), starting_model()
    return [Judged(each, dispose(each.text, rules=rules, bidang_of=bidang_of, learned=learned)) for each in samples]


def report(judged: Sequence[Judged]) -> list[str]:
    """The figures, a line each."""
    wanted = [each for each in judged if each.sample.urgency == Urgency.EMERGENCY]
    raised = [each for each in judged if each.found.urgency is Urgency.EMERGENCY]
    hit = sum(each.found.urgency is Urgency.EMERGENCY for each in wanted)
    told = [each for each in judged if each.sample.urgency]
    sent = [each for each in judged if each.found.unsure]
    kept = [each for each in judged if not each.found.unsure]
    return [
        f"complaints              {len(judged):6,}",
        f"category                {share(each.category == each.sample.category for each in judged)}",
        f"bidang                  {share(each.right for each in judged)}",
        f"urgency                 {share(each.found.urgency == each.sample.urgency for each in told)}",
        f"Darurat recall          {share([True] * hit + [False] * (len(wanted) - hit))}",
        f"Darurat precision       {share([True] * hit + [False] * (len(raised) - hit))}",
        f"sent to a human         {share(each.found.unsure for each in judged)}",
        f"  of those, bidang right{share(each.right for each in sent)}",
        f"bidang right of the rest{share(each.right for each in kept)}",
        f"time each               {_milliseconds([each.sample for each in judged]):6.2f} ms",
        *_confusions(judged),
    ]


def share(outcomes: Iterable[bool]) -> str:
    """How many of the outcomes are true: `92.3 % (120 of 130)`."""
    listed = list(outcomes)
    percent = 100 * sum(listed) / len(listed) if listed else 0
    return f"{percent:6.1f} % ({sum(listed)} of {len(listed)})"


def _milliseconds(samples: Sequence[Sample]) -> float:
    """Of one disposition, once the rules are made ready."""
    began = time.perf_counter()
    judge(samples)
    return (time.perf_counter() - began) * 1000 / max(len(samples), 1)


def _confusions(judged: Sequence[Judged]) -> list[str]:
    """Per category: how many, how many found, and what the others were taken for."""
    lines = ["", "category    texts  found  taken for"]
    for category in dict.fromkeys(sorted(each.sample.category for each in judged)):
        mine = [each for each in judged if each.sample.category == category]
        others = Counter(each.category for each in mine if each.category != category)
        taken = ", ".join(f"{code} {count}" for code, count in others.most_common())
        lines.append(f"{category:10}{len(mine):7}{len(mine) - others.total():7}  {taken}")
    return lines


if __name__ == "__main__":
    main()
