"""
Which bidang a complaint belongs to, how urgent it is, and why, from its words.

The rules that a text meets add their weights to their categories; the best category wins, the earlier rule wins a tie.
What the reporter chose counts like a strong rule. Urgency is the highest that a met rule asks for, else the category's.
The Ketua Tim may correct all of it (`Koreksi Disposisi`). Source: SOP A step 4, SOP B step 5; domain section 3.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.categories import Urgency, categories, category_codes
from automation.phrase_rules import Met, Rule, rule_book, words_of

__all__ = ["DEFAULT_BIDANG", "Disposition", "Rule", "Urgency", "category_codes", "dispose", "words_of"]

DEFAULT_BIDANG = "Sekretariat"
CHOSEN_WEIGHT = 6.0
"""What the reporter's own choice of category adds: like a rule, but less than clear words of another matter."""

CHOSEN_WEIGHT_WEAK = 2.0
"""Likewise for INFO, LAYANAN and LUAR, which people choose when they do not know."""

_WEAK_CHOICES = frozenset({"INFO", "LAYANAN", "LUAR"})
_WORDS_SHOWN = 4


@dataclass(frozen=True)
class Disposition:
    """
    A proposal: category ("" if nothing speaks for any), bidang, urgency, whether restricted, why, and all scores.

    `explanation` is one Indonesian sentence that quotes words of the rules, never of the complaint.
    """

    category: str
    bidang: str
    urgency: Urgency
    restricted: bool
    explanation: str
    scores: Mapping[str, float]
    unsure: bool = False


def dispose(
    text: str,
    *,
    rules: Sequence[Rule],
    bidang_of: Mapping[str, str],
    category: str = "",
) -> Disposition:
    """
    The bidang and the urgency that a text asks for. Never fails, whatever the text holds.

    Args:
        text: Subject and description as the reporter wrote them.
        rules: In the order of the tab; give the same tuple each time, then they are made ready once.
        bidang_of: Category code to the bidang's short name; categories missing here go to Sekretariat.
        category: What the reporter chose, or "".
    """
    met = rule_book(tuple(rules)).met_by(text)
    known = categories()
    chosen = category if category in known else ""
    scores = _scores(met, chosen)
    best = max(scores, key=lambda code: scores[code], default="")
    if not best or scores[best] <= 0:
        urgency, pressing = _urgency(met, Urgency.LOW)
        reason = "Uraian belum cukup untuk menentukan kategori; mohon pelapor diminta melengkapi pengaduan"
        return Disposition("", DEFAULT_BIDANG, urgency, False, f"{reason}{_because(urgency, pressing)}.", scores)
    urgency, pressing = _urgency(met, known[best].urgency if best in known else Urgency.MEDIUM)
    return Disposition(
        category=best,
        bidang=bidang_of.get(best, DEFAULT_BIDANG),
        urgency=urgency,
        restricted=best in known and known[best].restricted,
        explanation=f"{_why(best, met, chosen)}{_because(urgency, pressing)}.",
        scores=scores,
    )


def _scores(met: Iterable[Met], chosen: str) -> Mapping[str, float]:
    """Weights per category, in the order in which rules first speak for it."""
    scores: dict[str, float] = {}
    for each in met:
        if each.rule.category:
            scores[each.rule.category] = scores.get(each.rule.category, 0.0) + each.rule.weight
    if chosen:
        weight = CHOSEN_WEIGHT_WEAK if chosen in _WEAK_CHOICES else CHOSEN_WEIGHT
        scores[chosen] = scores.get(chosen, 0.0) + weight
    return scores


def _urgency(met: Iterable[Met], default: Urgency) -> tuple[Urgency, Met | None]:
    """The highest urgency that a met rule asks for, with that rule; else the default."""
    asking = [each for each in met if each.rule.urgency]
    highest = max(asking, key=lambda each: Urgency(each.rule.urgency).rank, default=None)
    return (Urgency(highest.rule.urgency), highest) if highest else (default, None)


def _why(category: str, met: Iterable[Met], chosen: str) -> str:
    speaking = [each for each in met if each.rule.category == category and each.rule.weight > 0]
    if not speaking:
        return f"Kategori pilihan pelapor → {category}"
    words = dict.fromkeys(word for each in speaking for word in each.words)
    quoted = ", ".join(f"'{word}'" for word in list(words)[:_WORDS_SHOWN])
    numbers = ", ".join(str(each.number) for each in speaking)
    also = " dan pilihan pelapor" if chosen == category else ""
    return f"Kata {quoted}{also} → {category} (aturan {numbers})"


def _because(urgency: Urgency, pressing: Met | None) -> str:
    if pressing is None:
        return ""
    quoted = " + ".join(f"'{word}'" for word in pressing.words)
    return f"; urgensi {urgency} karena {quoted} (aturan {pressing.number})"
