"""Staff see how many complaints each rule caught."""

import time

from automation.disposition.phrase_rules import Rule, rule_book
from automation.disposition.rule_counts import COUNTED_EVERY, TESTED_COMPLAINTS, RuleCounts, caught
from automation.disposition.seeded import seeded_rules
from automation.disposition.training import starting_examples
from tests.office import Office


def test_each_rule_is_counted_by_itself() -> None:
    rules = (
        Rule("@tua", ("nenek", "kakek")),
        Rule("LANSIA", ("@tua + sakit",)),
        Rule("PKH", ("pkh", "cair")),
        Rule("PKH", ("pkh",), active=False),
        Rule("", ("darurat",), urgency="Darurat"),
        Rule("@mati", ("pkh",), active=False),
    )
    texts = ["nenek sakit", "kakek sehat", "pkh belum cair", "darurat pkh"]
    assert caught(rules, texts) == (2, 1, 2, 0, 1, 0)
    assert caught(rules, []) == (0,) * 6


def test_counts_agree_with_disposing() -> None:
    rules, texts = seeded_rules(), [each.text for each in starting_examples()[:TESTED_COMPLAINTS]]
    met = [each.number - 1 for text in texts for each in rule_book(rules).met_by(text)]
    counts = caught(rules, texts)
    assert all(counts[place] == met.count(place) for place, rule in enumerate(rules) if rule.category[:1] != "@")


def test_counting_is_quick() -> None:
    texts = [each.text for each in starting_examples()[:TESTED_COMPLAINTS]]
    caught(seeded_rules(), texts[:1])
    began = time.process_time()
    caught(seeded_rules(), texts)
    assert time.process_time() - began < 1


def test_no_rule_searches_in_restricted_complaints(office: Office) -> None:
    """Neither in those not yet looked at, nor in one that is found to be restricted later."""
    rules, counts = (Rule("PKH", ("zulkifli",)),), RuleCounts(office.store)
    office.file(description="Pak Zulkifli minta uang tiap pencairan", category="PUNGLI")
    ordinary = office.file(description="Pak Zulkifli tidak menerima sembako").ticket
    assert counts.of(rules, office.now) == (0,)
    office.tick(3)
    assert counts.of(rules, office.now + COUNTED_EVERY) == (1,)
    office.type(ordinary, corrected_category="PUNGLI")
    office.tick()
    assert counts.of(rules, office.now + 2 * COUNTED_EVERY) == (0,)
