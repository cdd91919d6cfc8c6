"""
Which bidang a complaint belongs to, how urgent it is, how sure that is, and why, from its words.

The rules that a text meets add their weights to their categories, and so does a learned model (learning.py) with how
likely it holds each; the best category wins, the earlier rule wins a tie. What the reporter chose counts like a strong
rule; whoever chose a restricted category is kept from the shared register whatever the words say. Urgency is the
highest that a met rule of that category, or of none, asks for, else what the model is sure of; an emergency counts from
any rule, and from the model. The Ketua Tim may correct all of it (`Koreksi Disposisi`), and is asked in doubt, also
where a text is in another language and no rule speaks for anything.
Source: SOP A step 4, SOP B step 5; domain section 3.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from automation.disposition.categories import Urgency, categories, category_codes
from automation.disposition.everyday_words import seems_english
from automation.disposition.learning import Model
from automation.disposition.phrase_rules import Met, Rule, rule_book, words_of

__all__ = ["DEFAULT_BIDANG", "Disposition", "Guess", "Rule", "Urgency", "category_codes", "dispose", "words_of"]

DEFAULT_BIDANG = "Sekretariat"
CHOSEN_WEIGHT = 6.0
"""What the reporter's own choice of category adds: like a rule, but less than clear words of another matter."""

CHOSEN_WEIGHT_WEAK = 2.0
"""Likewise for INFO, LAYANAN and LUAR, which people choose when they do not know."""

LEAST_WEIGHT = 1.0
"""Less than this speaks for no category at all."""

LEARNED_WEIGHT = 40.0
"""What a category adds that the model is certain of; found on authors who were left out (bench/authors.py)."""

LEARNED_WEIGHT_FOREIGN = 10.0
"""Likewise in a text in another language: less than the rules for what is kept secret, which it must not outvote."""

ALARM_CHANCE = 0.32
"""From here on the model's word for an emergency counts: better one too many than one missed."""

ALARM_CHANCE_FOREIGN = 0.6
"""Likewise in a text in another language, which a model takes for more than it says, as it is read in few words."""

NO_ALARM_CHANCE = 0.1
"""Below this an emergency that only a rule sees is just urgent, unless the rule weighs as much as the model."""

_CALM = (Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH)
RESTRICTING_CHANCE = 0.5
"""How sure the model must be to call a complaint restricted where no rule does."""

_WEAK_CHOICES = frozenset({"INFO", "LAYANAN", "LUAR"})
_WORDS_SHOWN = 4
LEAST_CONFIDENCE = 0.72
"""Below this a person decides between the two best guesses."""

DISPUTED_CONFIDENCE = 0.5
"""
The most where the reporter chose a restricted category and the words speak for another one, or where a text is in
another language and only the model speaks, or nothing.
"""

_STEEPNESS, _OFFSET = 0.1, 0.39
"""Of the logistic curve from margins to confidence, fitted on authors who were left out."""

_CLEAR_WEIGHT = 8.0
"""A text for which rules speak so clearly has something to go on, whatever the model says of it."""

_CALM_CHANCE = 0.5
"""From here on the model's word for an urgency below an emergency counts."""


@dataclass(frozen=True)
class Guess:
    """A category and the bidang that handles it."""

    category: str
    bidang: str

    def __str__(self) -> str:
        return f"{self.category} ({self.bidang})"


@dataclass(frozen=True)
class Disposition:
    """
    A proposal: category ("" if nothing speaks for any), bidang, urgency, whether restricted, why, and all scores.

    `explanation` is one Indonesian sentence that quotes words of the rules, never of the complaint. `confidence` is
    how likely the bidang is right, 0 to 1; where it is `unsure`, the Ketua Tim decides between this and `second`, the
    next best guess of another category, if there is one; or, where there is no category either, alone.
    """

    category: str
    bidang: str
    urgency: Urgency
    restricted: bool
    explanation: str
    scores: Mapping[str, float]
    confidence: float = 1.0
    second: Guess | None = None
    unsure: bool = False


def dispose(
    text: str,
    *,
    rules: Sequence[Rule],
    bidang_of: Mapping[str, str],
    category: str = "",
    learned: Model | None = None,
) -> Disposition:
    """
    The bidang and the urgency that a text asks for. Never fails, whatever the text holds.

    Args:
        text: Subject and description as the reporter wrote them.
        rules: In the order of the tab; give the same tuple each time, then they are made ready once.
        bidang_of: Category code to the bidang's short name; categories missing here go to Sekretariat.
        category: What the reporter chose, or "". A restricted one makes the disposition restricted, and one for the
            Ketua Tim to decide where the words speak for another category.
        learned: A model to add to the rules.
    """
    met = rule_book(tuple(rules)).met_by(text)
    chosen = code if (code := category.strip().upper()) in categories() else ""
    spoken = _scores(met, chosen)
    chances, urgencies = learned.chances(text) if learned and (spoken or learned.knows(text)) else ({}, {})
    english = seems_english(text)
    foreign = english or (learned is not None and not learned.reads(text))
    scores = _with_learned(spoken, chances, chosen, foreign=foreign)
    entrusted = chosen if _is_restricted(chosen) else ""
    best = _best(scores, spoken, chances) or entrusted
    urgency, because = _urgency(met, best, _alarming(urgencies) if foreign else urgencies)
    confidence, second = _confidence(scores, best, bidang_of)
    if entrusted and best != entrusted:
        confidence = min(confidence, DISPUTED_CONFIDENCE)
        second = Guess(entrusted, bidang_of.get(entrusted, DEFAULT_BIDANG))
    if foreign and spoken.get(best, 0.0) <= 0:
        confidence = min(confidence, DISPUTED_CONFIDENCE)
    unsure = confidence < LEAST_CONFIDENCE
    sentence = _why(best, met, chosen, learned if scores.get(best, 0) != spoken.get(best, 0) else None)
    doubt = _doubt(Guess(best, bidang_of.get(best, DEFAULT_BIDANG)), second) if unsure else ""
    language = _language(english=english, foreign=foreign, unsure=unsure)
    secrecy = _secrecy(best, entrusted)
    return Disposition(
        category=best,
        bidang=bidang_of.get(best, DEFAULT_BIDANG),
        urgency=urgency,
        restricted=bool(secrecy),
        explanation=f"{sentence}{because}{secrecy}{language}{doubt}.",
        scores=scores,
        confidence=confidence,
        second=second,
        unsure=unsure,
    )


def _best(scores: Mapping[str, float], spoken: Mapping[str, float], chances: Mapping[str, float]) -> str:
    """
    The category that most speaks for; "" if hardly anything does.

    A restricted one, which would hide the complaint from most of the office, takes a rule or a model that is fairly
    sure.
    """

    def doubtful(code: str) -> bool:
        return _is_restricted(code) and spoken.get(code, 0.0) <= 0 and chances.get(code, 0.0) < RESTRICTING_CHANCE

    best = max((code for code in scores if not doubtful(code)), key=lambda code: scores[code], default="")
    return best if best and scores[best] >= LEAST_WEIGHT else ""


def _is_restricted(code: str) -> bool:
    known = categories()
    return code in known and known[code].restricted


def _secrecy(best: str, entrusted: str) -> str:
    """Why the complaint is kept from the shared register, for the explanation; empty if it is not."""
    if _is_restricted(best):
        return "; dirahasiakan karena kategori terbatas"
    return f"; dirahasiakan karena pelapor memilih {entrusted}" if entrusted else ""


def _language(*, english: bool, foreign: bool, unsure: bool) -> str:
    """In which language the text seems to be, for the explanation; empty if in Indonesian."""
    if english and not unsure:
        return "; dibaca dari bahasa Inggris"
    return "; teks tampaknya bukan bahasa Indonesia" if foreign else ""


def _scores(met: Iterable[Met], chosen: str) -> dict[str, float]:
    """Weights per category, in the order in which rules first speak for it."""
    scores: dict[str, float] = {}
    for each in met:
        if each.rule.category:
            scores[each.rule.category] = scores.get(each.rule.category, 0.0) + each.rule.weight
    if chosen:
        weight = CHOSEN_WEIGHT_WEAK if chosen in _WEAK_CHOICES else CHOSEN_WEIGHT
        scores[chosen] = scores.get(chosen, 0.0) + weight
    return scores


def _with_learned(
    scores: Mapping[str, float], chances: Mapping[str, float], chosen: str, *, foreign: bool
) -> dict[str, float]:
    """Where a rule speaks clearly or the reporter chose, there is something to go on, whatever the model says."""
    weight = LEARNED_WEIGHT_FOREIGN if foreign else LEARNED_WEIGHT
    clear = bool(chosen) or max(scores.values(), default=0.0) >= (LEAST_WEIGHT if foreign else _CLEAR_WEIGHT)
    counting = {code: chance for code, chance in chances.items() if code or not clear}
    return {**scores, **{code: scores.get(code, 0.0) + weight * chance for code, chance in counting.items()}}


def _urgency(met: Iterable[Met], category: str, chances: Mapping[str, float]) -> tuple[Urgency, str]:
    """
    The highest urgency that a met rule asks for, else a likely one, else the category's; and why, for the explanation.

    A rule that speaks for another category is not asked, unless it sees an emergency.
    """
    alarm = chances.get(Urgency.EMERGENCY, 0.0)
    asking = [
        each
        for each in met
        if each.rule.urgency == Urgency.EMERGENCY or (each.rule.urgency and each.rule.category in ("", category))
    ]
    highest = max(asking, key=lambda each: (Urgency(each.rule.urgency).rank, each.rule.weight), default=None)
    urgency = Urgency(highest.rule.urgency) if highest else None
    if alarm >= ALARM_CHANCE and urgency is not Urgency.EMERGENCY:
        return Urgency.EMERGENCY, "; urgensi Darurat karena serupa dengan contoh keadaan darurat"
    if highest and urgency:
        quoted = " + ".join(f"'{word}'" for word in highest.words)
        doubted = ""
        if (
            urgency is Urgency.EMERGENCY
            and chances
            and alarm < NO_ALARM_CHANCE
            and highest.rule.weight < LEARNED_WEIGHT
        ):
            urgency, doubted = Urgency.HIGH, "; tidak serupa dengan contoh keadaan darurat"
        return urgency, f"; urgensi {urgency} karena {quoted} (aturan {highest.number}){doubted}"
    return _calm(category, chances)


def _alarming(chances: Mapping[str, float]) -> dict[str, float]:
    """Of a text in another language a model may say that it is an emergency; what else it says calms nobody."""
    alarm = chances.get(Urgency.EMERGENCY, 0.0)
    return {Urgency.EMERGENCY: alarm if alarm >= ALARM_CHANCE_FOREIGN else NO_ALARM_CHANCE}


def _calm(category: str, chances: Mapping[str, float]) -> tuple[Urgency, str]:
    """An urgency other than an emergency that the model is sure of; else the category's."""
    known = categories()
    usual = Urgency.LOW if not category else known[category].urgency if category in known else Urgency.MEDIUM
    sure = [urgency for urgency in _CALM if category and chances.get(urgency, 0.0) >= _CALM_CHANCE]
    return (sure[0], f"; urgensi {sure[0]} karena serupa dengan contoh") if sure and sure[0] != usual else (usual, "")


def _confidence(scores: Mapping[str, float], best: str, bidang_of: Mapping[str, str]) -> tuple[float, Guess | None]:
    """
    How likely the bidang of the best category is right, and the next best guess of another category.

    What counts is how far the best stands above the best of any other bidang.
    """
    others = {code: score for code, score in scores.items() if code not in (best, "") and score > 0}
    if not best:
        return 1.0, None
    mine = bidang_of.get(best, DEFAULT_BIDANG)
    rivals = {code: score for code, score in others.items() if bidang_of.get(code, DEFAULT_BIDANG) != mine}
    margin = scores[best] - max([*rivals.values(), scores.get("", 0.0), 0.0])
    confidence = 1 / (1 + math.exp(-(_STEEPNESS * margin + _OFFSET)))
    second = max(rivals or others, key=lambda code: others[code], default="")
    return round(confidence, 2), Guess(second, bidang_of.get(second, DEFAULT_BIDANG)) if second else None


def _why(category: str, met: Iterable[Met], chosen: str, learned: Model | None) -> str:
    if not category:
        return "Uraian belum cukup untuk menentukan kategori; mohon pelapor diminta melengkapi pengaduan"
    speaking = [each for each in met if each.rule.category == category and each.rule.weight > 0]
    if not speaking:
        if chosen == category:
            return f"Kategori pilihan pelapor → {category}"
        return f"Serupa dengan {learned.sources if learned else 'contoh'} → {category}"
    words = dict.fromkeys(word for each in speaking for word in each.words)
    quoted = ", ".join(f"'{word}'" for word in list(words)[:_WORDS_SHOWN])
    numbers = ", ".join(str(each.number) for each in speaking)
    also = " dan pilihan pelapor" if chosen == category else ""
    return f"Kata {quoted}{also} → {category} (aturan {numbers})"


def _doubt(best: Guess, second: Guess | None) -> str:
    if not best.category:
        return "; mohon Ketua Tim menentukan kategori"
    if second is None:
        return f"; belum pasti, mohon Ketua Tim memastikan {best}"
    return f"; belum pasti, mohon Ketua Tim memilih {best} atau {second}"
